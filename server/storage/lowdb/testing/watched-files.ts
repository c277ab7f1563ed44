// The real file system with a look at every operation before it is done: tests make it fail there, or copy the directory.
import { nodeFiles } from '../files.ts'
import type { AppendFile, Files } from '../files.ts'

export type Operation = keyof Files | keyof AppendFile

/**
 * @param before called before each operation; what it throws is what the operation fails with, and what it returns is waited
 *   for. A renaming is known by the new name.
 */
export function watchedFiles(
  before: (operation: Operation, path: string) => Promise<void> | void,
  files: Files = nodeFiles
): Files {
  const watched =
    <A extends [string, ...unknown[]], R>(operation: Operation, work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await before(operation, given[0])
      return work(...given)
    }
  return {
    makeDirectories: watched('makeDirectories', (path) => files.makeDirectories(path)),
    readdir: watched('readdir', (path) => files.readdir(path)),
    read: watched('read', (path) => files.read(path)),
    size: watched('size', (path) => files.size(path)),
    create: async (path) => {
      await before('create', path)
      const file = await files.create(path)
      return {
        append: async (bytes) => {
          await before('append', path)
          return file.append(bytes)
        },
        datasync: async () => {
          await before('datasync', path)
          return file.datasync()
        },
        close: () => file.close()
      }
    },
    rename: async (from, to) => {
      await before('rename', to)
      return files.rename(from, to)
    },
    syncDirectory: watched('syncDirectory', (path) => files.syncDirectory(path)),
    unlink: watched('unlink', (path) => files.unlink(path))
  }
}
