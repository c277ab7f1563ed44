// Checks a data directory or a backup that no relay runs on: first each file by itself, then, as a start would read them together with the
// journal, every number in them. Changes nothing there.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { silentLog } from '../../log.ts'
import type { Counts, Finding, Report } from '../verified-facts.ts'
import { DamagedFileError } from './atomic-json-file.ts'
import { codeOf, OperatorError } from './backup-client.ts'
import { nodeFiles } from './files.ts'
import type { Files } from './files.ts'
import { openLowdbStorage } from './storage.ts'
import { overlaidFiles } from './overlaid-files.ts'
import { verifyFiles } from './verify-files.ts'
import { verifyRecords } from './verify-records.ts'

export interface VerifyOptions {
  /** Data, or a backup. */
  directory: string
  report: Report
  /** Told of what is unusual but no damage. */
  note: (line: string) => void
  progress?: (so: { files: number; ofFiles: number }) => void
  files?: Files
}

export interface VerifySummary {
  findings: number
  files: number
  /** Undefined if the files could not be read together. */
  counts?: Counts
}

/** To be called while the directory is not in use (`accessData`). Memory holds users, rooms and one segment at a time. */
export async function verify(options: VerifyOptions): Promise<VerifySummary> {
  const { note, progress = () => undefined } = options
  // Reading a journal makes it durable, which is a start's business.
  const files = {
    ...(options.files ?? nodeFiles),
    syncDirectory: async () => undefined
  }
  const dataDir = resolve(options.directory)
  const named = new Set<string>()
  let findings = 0
  const report = (finding: Finding) => {
    findings += 1
    named.add(finding.where)
    options.report(finding)
  }
  const checked = await verifyFiles({ files, dataDir, report, note, progress })
  if (!checked.isData) return { findings, files: checked.files }

  const scratch = await mkdtemp(join(tmpdir(), 'maru-verify-'))
  try {
    const overlaid = overlaidFiles(files, scratch)
    await bringTogether(overlaid, dataDir, note)
    const counts = await verifyRecords({ files: overlaid, dataDir, report, named, progress })
    return { findings, files: checked.files, counts }
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(codeOf(error))) {
      throw new OperatorError(`There is no space left in ${tmpdir()}: set TMPDIR to a directory on a larger disk.`)
    }
    if (!(error instanceof DamagedFileError)) throw error
    const where = error.path.startsWith(dataDir)
      ? error.path.slice(dataDir.length + 1).replaceAll('\\', '/')
      : error.path
    if (!named.has(where)) report({ where, what: error.message.slice(error.path.length + 2) })
    note('the numbers were not checked: a relay could not start with these files')
    return { findings, files: checked.files }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Does what a start does, so that all documents are of the last committed entry. */
async function bringTogether(files: Files, dataDir: string, note: (line: string) => void): Promise<void> {
  const warn = (text: string) => note(`the next start will warn: ${text.replaceAll(`${dataDir}/`, '')}`)
  const storage = await openLowdbStorage({
    dataDir,
    files,
    lock: async () => async () => undefined,
    timer: () => () => undefined,
    log: { ...silentLog, warn }
  })
  try {
    await storage.writeBack()
  } finally {
    await storage.close()
  }
}
