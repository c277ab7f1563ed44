// Everything the driver does to the file system, behind one small interface, so that tests can put a failing or crashing
// one in its place. Knows nothing of what the files mean.
import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** A file that only grows. After a failed `append` or `datasync` it must not be used again but for `close`. */
export interface AppendFile {
  append(bytes: Uint8Array): Promise<void>
  /** Resolves when everything appended is on the disk. */
  datasync(): Promise<void>
  close(): Promise<void>
}

export interface Files {
  /** Makes the directory and those above it; durable. Nothing happens if it is there. */
  makeDirectory(path: string): Promise<void>
  /** The names in a directory; none if it does not exist. */
  readdir(path: string): Promise<string[]>
  /** The whole file; undefined if it does not exist. */
  read(path: string): Promise<Buffer | undefined>
  /** Makes a new file to append to; throws if it exists. */
  create(path: string): Promise<AppendFile>
  /**
   * Replaces a file as a whole: whatever happens, `path` holds the old or the new bytes. The bytes are on the disk when this
   * resolves, the name is after `syncDirectory`.
   */
  writeAtomic(path: string, bytes: Buffer): Promise<void>
  syncDirectory(path: string): Promise<void>
  /** Removes a file; nothing happens if it is gone. */
  unlink(path: string): Promise<void>
}

/** What the relay writes is for its own user only: it holds password hashes and messages. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

/** Names that `writeAtomic` leaves behind if the process ends in the middle of it. */
export const LEFTOVER_NAME = /\.next(\.\d+)?$/

export const nodeFiles: Files = {
  async makeDirectory(path) {
    const first = await mkdir(path, { recursive: true, mode: DIRECTORY_MODE })
    if (first === undefined) return
    for (let at = path; at.length >= first.length; at = dirname(at)) await nodeFiles.syncDirectory(dirname(at))
  },

  async readdir(path) {
    return (await orUndefined(readdir(path))) ?? []
  },

  async read(path) {
    return orUndefined(readFile(path))
  },

  async create(path) {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND
    const file = await open(path, flags, FILE_MODE)
    return {
      append: (bytes) => file.appendFile(bytes),
      datasync: () => file.datasync(),
      close: () => file.close()
    }
  },

  async writeAtomic(path, bytes) {
    // write-file-atomic does not look at how much was written, so on a full disk it may put half a file in its place:
    // it makes the file next to the old one, which is replaced once the length is right.
    const next = `${path}.next`
    await writeFileAtomic(next, bytes, { mode: FILE_MODE })
    const { size } = await stat(next)
    if (size !== bytes.length) throw new Error(`only ${size} of ${bytes.length} bytes of ${path} could be written`)
    await rename(next, path)
  },

  async syncDirectory(path) {
    // Windows cannot open directories; NTFS journals renames itself.
    if (process.platform === 'win32') return
    const directory = await open(path, constants.O_RDONLY)
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  },

  async unlink(path) {
    await rm(path, { force: true })
  }
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
