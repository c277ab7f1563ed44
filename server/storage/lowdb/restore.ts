// Puts a backup where a relay finds its data, and sees to it that the relay's next epoch is above all that its devices know, so that
// what it serves is newer than what they hold [S8], and they learn that it went back [S10.2].
import { dirname, join, resolve } from 'node:path'
import { epochOfRestored } from '../epochs.ts'
import { checksum, DamagedFileError, documentAt } from './atomic-json-file.ts'
import { checkTarget, readRelayId, writeError } from './backup.ts'
import type { BackupDocument, CopyProgress } from './backup.ts'
import { OperatorError } from './backup-client.ts'
import { BACKUP_FILE } from './data-files.ts'
import type { RelayDocument } from './documents.ts'
import { makeDirectory, nodeFiles, writeAtomic } from './files.ts'
import type { Files } from './files.ts'
import { lockDirectory } from './lock.ts'

export interface RestoreOptions {
  /** What `backUp` made. */
  from: string
  dataDir: string
  /** Milliseconds since 1970. */
  now: () => number
  /** Takes files also that are not as the backup wrote them. */
  anyway?: boolean
  progress?: (so: CopyProgress) => void
  files?: Files
}

/**
 * Copies the files of a backup into `dataDir`; relay.json comes last, so that no relay starts on half of it.
 * @returns how many files and bytes. @throws OperatorError if `from` is no complete backup or `dataDir` is not empty.
 */
export async function restore(options: RestoreOptions): Promise<{ files: number; bytes: number }> {
  const { files = nodeFiles, anyway = false, progress = () => undefined } = options
  const from = resolve(options.from)
  const dataDir = resolve(options.dataDir)
  const backup = await readMarker(files, from)
  await readRelayId(files, from)
  await checkTarget(
    files,
    dataDir,
    'the relay’s data',
    'Move it away first (keep it: it is what there is besides the backup).'
  )
  let unlock: (() => Promise<void>) | undefined
  try {
    await makeDirectory(files, dataDir)
    unlock = await lockDirectory(dataDir)
    return await copyBack(files, backup, { from, dataDir, anyway, now: options.now, progress })
  } catch (error) {
    throw writeError(error, dataDir)
  } finally {
    await unlock?.()
  }
}

/** @throws OperatorError if the directory is not what a backup command has finished. */
export async function readMarker(files: Files, directory: string): Promise<BackupDocument> {
  const low = documentAt<BackupDocument | null>(files, join(directory, BACKUP_FILE), null)
  try {
    await low.read()
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw writeError(error, directory)
    throw new OperatorError(`${directory} cannot be relied on: ${error.message}.`, { cause: error })
  }
  if (!low.data) {
    throw new OperatorError(`${directory} is no complete backup: ${BACKUP_FILE}, which is written last, is not there.`)
  }
  if (low.data.backupFormat !== 1) {
    throw new OperatorError(`${directory} was written by a newer relay: use that one's program.`)
  }
  return low.data
}

interface CopyBack {
  now: () => number
  from: string
  dataDir: string
  anyway: boolean
  progress: (so: CopyProgress) => void
}

async function copyBack(
  files: Files,
  backup: BackupDocument,
  parts: CopyBack
): Promise<{ files: number; bytes: number }> {
  const { from, dataDir, anyway, now, progress } = parts
  const last = backup.files.filter(({ path }) => path === 'relay.json')
  const list = [...backup.files.filter(({ path }) => path !== 'relay.json'), ...last]
  const directories = new Set([dataDir])
  let bytes = 0
  for (const [index, { path, ...expected }] of list.entries()) {
    if (!/^[\w-]+(\/[\w-]+)*(\.\w+)+$/.test(path)) throw new OperatorError(`${from} holds no file of the name ${path}.`)
    const content = await files.read(join(from, path))
    if (!content && anyway) continue
    if (!content) throw new OperatorError(`${join(from, path)} is missing.`)
    if (!anyway && (content.length !== expected.bytes || checksum(content) !== expected.checksum)) {
      throw new OperatorError(`${join(from, path)} is not as the backup wrote it.`)
    }
    const directory = dirname(join(dataDir, path))
    if (path === 'relay.json') await syncAll(files, directories)
    if (!directories.has(directory)) await makeDirectory(files, directory)
    directories.add(directory)
    if (path === 'relay.json') await writeRelay(files, from, dataDir, now())
    else await writeAtomic(files, join(dataDir, path), content)
    bytes += content.length
    progress({ files: index + 1, ofFiles: list.length, bytes })
  }
  await syncAll(files, directories)
  return { files: list.length, bytes }
}

async function writeRelay(files: Files, from: string, dataDir: string, now: number): Promise<void> {
  const low = documentAt<RelayDocument | null>(files, join(from, 'relay.json'), null)
  await low.read()
  if (!low.data) throw new OperatorError(`${join(from, 'relay.json')} is missing.`)
  const { epochs } = low.data
  const restored = { ...low.data, epochs: [...epochs, epochOfRestored(epochs.at(-1) ?? 0, now)] }
  await documentAt<RelayDocument>(files, join(dataDir, 'relay.json'), restored).write()
}

async function syncAll(files: Files, directories: Iterable<string>): Promise<void> {
  for (const directory of directories) await files.syncDirectory(directory)
}
