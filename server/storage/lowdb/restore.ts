// Puts a backup where a relay finds its data. That the relay went back, its devices learn from its next epoch [S10.2]: whatever they
// heard after the backup lies beyond the heads in it, or is of an epoch that it does not know.
import { dirname, join, resolve } from 'node:path'
import { checksum, DamagedFileError, documentAt } from './atomic-json-file.ts'
import { checkTarget, readRelayId, writeError } from './backup.ts'
import type { BackupDocument, CopyProgress } from './backup.ts'
import { OperatorError } from './backup-client.ts'
import { BACKUP_FILE } from './data-files.ts'
import { makeDirectory, nodeFiles, writeAtomic } from './files.ts'
import type { Files } from './files.ts'
import { lockDirectory } from './lock.ts'

export interface RestoreOptions {
  /** What `backUp` made. */
  from: string
  dataDir: string
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
    return await copyBack(files, backup, { from, dataDir, anyway, progress })
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
  const { from, dataDir, anyway, progress } = parts
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
    await writeAtomic(files, join(dataDir, path), content)
    bytes += content.length
    progress({ files: index + 1, ofFiles: list.length, bytes })
  }
  await syncAll(files, directories)
  return { files: list.length, bytes }
}

async function syncAll(files: Files, directories: Iterable<string>): Promise<void> {
  for (const directory of directories) await files.syncDirectory(directory)
}
