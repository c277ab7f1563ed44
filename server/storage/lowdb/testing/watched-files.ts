// The real file system with a look at every operation before it is done: tests make it fail there, or copy the directory.
import { nodeFiles } from '../files.ts'
import type { Files } from '../files.ts'

export type Operation = keyof Files | 'append' | 'datasync'

/**
 * @param before called before each operation; what it throws is what the operation fails with, and what it returns is waited for.
 */
export function watchedFiles(before: (operation: Operation, path: string) => Promise<void> | void): Files {
  return {
    makeDirectory: async (path) => {
      await before('makeDirectory', path)
      return nodeFiles.makeDirectory(path)
    },
    readdir: async (path) => {
      await before('readdir', path)
      return nodeFiles.readdir(path)
    },
    read: async (path) => {
      await before('read', path)
      return nodeFiles.read(path)
    },
    create: async (path) => {
      await before('create', path)
      const file = await nodeFiles.create(path)
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
    writeAtomic: async (path, bytes) => {
      await before('writeAtomic', path)
      return nodeFiles.writeAtomic(path, bytes)
    },
    syncDirectory: async (path) => {
      await before('syncDirectory', path)
      return nodeFiles.syncDirectory(path)
    },
    unlink: async (path) => {
      await before('unlink', path)
      return nodeFiles.unlink(path)
    }
  }
}
