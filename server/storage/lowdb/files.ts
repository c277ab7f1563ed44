// Everything the driver does to the file system, behind one small interface, so that tests can put a failing or crashing
// one in its place: each method is one step that a crash can come before or after. Knows nothing of what the files mean.
import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file being written. After a failed `append` or `datasync` it must not be used again but for `close`. */
export interface AppendFile {
  /** Writes all of it at the end. */
  append(bytes: Uint8Array): Promise<void>
  /** Resolves when everything appended is on the disk; the file's name is only after `syncDirectory`. */
  datasync(): Promise<void>
  close(): Promise<void>
}

export interface Files {
  /** Makes the directory and those above it. @returns the highest one that was not there, undefined if all were. */
  makeDirectories(path: string): Promise<string | undefined>
  /** The names in a directory; none if it does not exist. */
  readdir(path: string): Promise<string[]>
  /** The whole file; undefined if it does not exist. */
  read(path: string): Promise<Buffer | undefined>
  /** Its length in bytes; 0 if it does not exist. */
  size(path: string): Promise<number>
  /** Makes a new file to append to; throws if it exists. */
  create(path: string): Promise<AppendFile>
  /** Gives a file another name, of which a file that has it is rid. */
  rename(from: string, to: string): Promise<void>
  /** Resolves when the names in the directory are on the disk as they are now. */
  syncDirectory(path: string): Promise<void>
  /** Removes a file; nothing happens if it is gone. */
  unlink(path: string): Promise<void>
}

/** What the relay writes is for its own user only: it holds password hashes and messages. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

/** Names that `writeAtomic` leaves behind if the process ends in the middle of it. */
export const LEFTOVER_NAME = /\.next(\.\d+)?$/

/** Makes a directory and those above it; durable. Nothing happens if it is there. */
export async function makeDirectory(files: Files, path: string): Promise<void> {
  const first = await files.makeDirectories(path)
  if (first === undefined) return
  for (let at = path; at.length >= first.length; at = dirname(at)) await files.syncDirectory(dirname(at))
}

/**
 * Replaces a file as a whole: whatever happens, `path` holds the old or the new bytes. The bytes are on the disk when this
 * resolves, the name is after `syncDirectory`. Not to be called again for the same path before it is done.
 */
export async function writeAtomic(files: Files, path: string, bytes: Uint8Array): Promise<void> {
  const next = `${path}.next`
  try {
    // Never written over: on some file systems a crash in a renaming leaves one file with both names.
    await files.unlink(next)
    const file = await files.create(next)
    try {
      await file.append(bytes)
      await file.datasync()
    } finally {
      await file.close()
    }
    await files.rename(next, path)
  } catch (error) {
    // On a full disk, what was written of it is in the way. If it cannot be removed either, the next attempt does.
    await files.unlink(next).catch(() => undefined)
    throw error
  }
}

export const nodeFiles: Files = {
  async makeDirectories(path) {
    // Not by `recursive`, which never ends where a directory cannot be made for good (in /proc).
    const missing: string[] = []
    for (let at = path; !(await isDirectory(at)); at = dirname(at)) missing.unshift(at)
    for (const each of missing) {
      await mkdir(each, { mode: DIRECTORY_MODE }).catch(async (error: unknown) => {
        if (!(await isDirectory(each))) throw error
      })
    }
    return missing[0]
  },

  async readdir(path) {
    return (await orUndefined(readdir(path))) ?? []
  },

  async read(path) {
    return orUndefined(readFile(path))
  },

  async size(path) {
    return (await orUndefined(stat(path)))?.size ?? 0
  },

  async create(path) {
    const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND } = constants
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, FILE_MODE)
    return {
      // Writes again what a short write left, or throws.
      append: (bytes) => file.appendFile(bytes),
      datasync: () => file.datasync(),
      close: () => file.close()
    }
  },

  rename,

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

/** False if there is nothing. @throws what makes a directory impossible there */
async function isDirectory(path: string): Promise<boolean> {
  const found = await orUndefined(stat(path))
  if (found && !found.isDirectory()) throw Object.assign(new Error(`${path} is no directory`), { code: 'ENOTDIR' })
  return found !== undefined
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
