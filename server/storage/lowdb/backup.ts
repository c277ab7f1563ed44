// Copies a relay's data into an empty directory, consistently, while the relay runs or stands still. Why the order in which it copies
// makes the copy a moment that the relay had: docs/decisions/0009-backup.md.
import { stat, statfs } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { checksum, DamagedFileError, documentAt } from './atomic-json-file.ts'
import { accessData, codeOf, OperatorError } from './backup-client.ts'
import type { Access } from './backup-client.ts'
import { BACKUP_FILE, dataFiles, isData } from './data-files.ts'
import type { DataFile } from './data-files.ts'
import { FORMAT } from './documents.ts'
import type { RelayDocument } from './documents.ts'
import { makeDirectory, nodeFiles, writeAtomic } from './files.ts'
import type { Files } from './files.ts'
import type { JournalEnd } from './journal.ts'

/** One file of a backup as it was written. */
export interface CopiedFile {
  /** From the directory, with `/`. */
  path: string
  bytes: number
  checksum: string
}

/** Written last: a directory without it is no backup. */
export interface BackupDocument {
  backupFormat: 1
  madeAt: string
  relayId: string
  files: CopiedFile[]
}

export interface CopyProgress {
  files: number
  ofFiles: number
  bytes: number
}

export interface BackupOptions {
  dataDir: string
  target: string
  now: () => number
  progress?: (so: CopyProgress) => void
  files?: Files
}

export interface BackupSummary {
  files: number
  bytes: number
  /** Whether a relay ran on the data meanwhile. */
  running: boolean
}

/**
 * Everything that the relay acknowledged before this was called is in the backup; what was committed during it is in it up to some commit, and
 * nothing after that.
 * @throws OperatorError if there is nothing to copy, `target` is not empty, it does not fit, or the relay stopped in the middle.
 */
export async function backUp(options: BackupOptions): Promise<BackupSummary> {
  const { files = nodeFiles } = options
  const dataDir = resolve(options.dataDir)
  const target = resolve(options.target)
  const relayId = await readRelayId(files, dataDir)
  await checkTarget(files, target, 'the backup', 'Name a new directory.')
  if (isWithin(dataDir, target) || isWithin(target, dataDir)) {
    throw new OperatorError(`${target} and the data in ${dataDir} lie in each other: choose a directory elsewhere.`)
  }
  const access = await accessData(dataDir)
  try {
    await makeDirectory(files, target)
    const copied = await copyAll(files, access, { dataDir, target, progress: options.progress ?? (() => undefined) })
    await access.confirm()
    const madeAt = new Date(options.now()).toISOString()
    await writeMarker(files, target, { backupFormat: 1, madeAt, relayId, files: copied })
    return { files: copied.length, bytes: total(copied), running: access.running }
  } catch (error) {
    throw writeError(error, target)
  } finally {
    await access.close()
  }
}

interface CopyParts {
  dataDir: string
  target: string
  progress: (so: CopyProgress) => void
}

/** In the order of `dataFiles`; the journal as far as it was committed when all the rest had been copied. */
async function copyAll(files: Files, access: Access, parts: CopyParts): Promise<CopiedFile[]> {
  const { dataDir, target, progress } = parts
  const ofFiles = await checkSpace(files, dataDir, target)
  const copied: CopiedFile[] = []
  const directories = new Set([target])
  let end: JournalEnd | undefined
  let bytes = 0
  for await (const file of dataFiles(files, dataDir)) {
    if (!isData(file)) continue
    if (file.kind === 'journal') end ??= await access.end()
    const content = await readUpTo(files, join(dataDir, file.path), file, end)
    if (content === undefined) continue
    const directory = dirname(join(target, file.path))
    if (!directories.has(directory)) await makeDirectory(files, directory)
    directories.add(directory)
    copied.push(await write(files, target, file.path, content))
    bytes += content.length
    progress({ files: copied.length, ofFiles: Math.max(ofFiles, copied.length), bytes })
  }
  for (const directory of directories) await files.syncDirectory(directory)
  return copied
}

/** Undefined for a file that went away since it was listed, or that is beyond the end. */
async function readUpTo(
  files: Files,
  path: string,
  { kind, number = 0 }: DataFile,
  end: JournalEnd | undefined
): Promise<Buffer | undefined> {
  if (kind !== 'journal' || !end) return files.read(path)
  if (number > end.file) return undefined
  const content = await files.read(path)
  return number === end.file ? content?.subarray(0, end.bytes) : content
}

async function write(files: Files, target: string, path: string, content: Buffer): Promise<CopiedFile> {
  await writeAtomic(files, join(target, path), content)
  return { path, bytes: content.length, checksum: checksum(content) }
}

async function writeMarker(files: Files, target: string, document: BackupDocument): Promise<void> {
  await documentAt(files, join(target, BACKUP_FILE), document).write()
  await files.syncDirectory(target)
  await files.syncDirectory(dirname(target))
}

/** Whose data it is. @throws OperatorError if there is none, or it is of a newer relay, whose files this one does not know. */
export async function readRelayId(files: Files, dataDir: string): Promise<string> {
  const low = documentAt<RelayDocument | null>(files, join(dataDir, 'relay.json'), null)
  try {
    await low.read()
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw writeError(error, dataDir)
    throw new OperatorError(`The data cannot be read: ${error.message}.`, { cause: error })
  }
  const { data } = low
  if (!data) {
    throw new OperatorError(
      `There is no relay's data in ${dataDir}: set DATA_DIR to the directory that the relay uses.`
    )
  }
  if (data.format > FORMAT)
    throw new OperatorError(`The data in ${dataDir} is of a newer relay: use that one's program.`)
  return data.relayId
}

/** @param so what to do about it. @throws OperatorError unless the directory is empty or absent. */
export async function checkTarget(files: Files, target: string, what: string, so: string): Promise<void> {
  let names: string[]
  try {
    names = await files.readdir(target)
  } catch (error) {
    throw new OperatorError(`${target} cannot be used for ${what}: ${codeOf(error)}.`, { cause: error })
  }
  // A file system of its own has this from the start.
  const found = names.find((name) => name !== 'lost+found')
  if (found === undefined) return
  throw new OperatorError(`${target} is not empty (there is ${found}): nothing was changed. ${so}`)
}

/** @returns how many files there are to copy. @throws OperatorError if the disk has not the space for them. */
async function checkSpace(files: Files, dataDir: string, target: string): Promise<number> {
  let needed = 0
  let count = 0
  for await (const file of dataFiles(files, dataDir)) {
    if (!isData(file)) continue
    count += 1
    needed += await sizeOf(join(dataDir, file.path))
  }
  const { bavail, bsize } = await statfs(target)
  if (needed > bavail * bsize) {
    const [need, have] = [needed, bavail * bsize].map((bytes) => `${(bytes / 1_000_000).toFixed(1)} MB`)
    throw new OperatorError(`The disk of ${target} has ${have} free, and the data takes ${need}.`)
  }
  return count
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    // A journal file that a running relay has just removed.
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}

/** What a person can put right, as a sentence. */
export function writeError(error: unknown, target: string): unknown {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new OperatorError(`There is no space left for ${target}, which is incomplete: remove it.`, { cause: error })
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(code)) {
    const { path = target } = error as NodeJS.ErrnoException
    return new OperatorError(`${path} cannot be used: ${code}.`, { cause: error })
  }
  return error
}

function isWithin(path: string, other: string): boolean {
  const way = relative(other, path)
  return !isAbsolute(way) && way.split(sep)[0] !== '..'
}

function total(copied: readonly CopiedFile[]): number {
  return copied.reduce((sum, { bytes }) => sum + bytes, 0)
}
