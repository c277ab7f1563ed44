// Reads the journal at start: the committed entries that the documents may lack, in order. Changes nothing on the disk.
import { DamagedFileError } from './atomic-json-file.ts'
import { journalNumberOf } from './documents.ts'
import type { Layout } from './documents.ts'
import type { Files } from './files.ts'
import { hasJournalLine, parseJournalLine } from './journal.ts'
import type { JournalHeader } from './journal.ts'
import type { Log } from '../../log.ts'

export interface JournalEntry {
  number: number
  json: string
}

/** Where the journal ended. */
export interface JournalTail {
  entry: number
  file: number
  json?: string
}

interface JournalFile {
  number: number
  path: string
  follows: number
  /** Entries beyond this number were never committed: a later file goes on from it. */
  limit: number
}

const NEWLINE = 0x0a

/**
 * Hands every committed entry with a number above `from.entry` to `apply`, ascending and without a gap.
 * @returns the number of the last committed entry and of the last file, and what the entry carries if it was handed to `apply`.
 * @throws DamagedFileError naming file and line if anything but the tail that a crash may tear cannot be read.
 */
export async function replayJournal(
  files: Files,
  layout: Layout,
  from: { entry: number; relayId: string; journal?: number | undefined },
  log: Log,
  apply: (entry: JournalEntry) => Promise<void>
): Promise<JournalTail> {
  const names = await files.readdir(layout.journal)
  const numbers = names.map(journalNumberOf).filter((number) => number !== undefined)
  numbers.sort((a, b) => a - b)
  const journal = await readHeaders(files, layout, numbers, from.relayId, log)
  if (from.journal !== undefined && !journal.some(({ number }) => number === from.journal))
    throw new DamagedFileError(
      layout.journalFile(from.journal),
      'is missing, or has lost its beginning, and is part of the journal'
    )
  let last = from.entry
  let json: string | undefined
  for (const file of journal) {
    if (file.limit <= last && file !== journal.at(-1)) continue
    if (file.follows > last) throw missing(file, last + 1, file.follows)
    for (const entry of await readEntries(files, file, file === journal.at(-1), log)) {
      if (entry.number <= last) continue
      await apply(entry)
      last = entry.number
      json = entry.json
    }
    if (file.limit !== Infinity && last < file.limit) throw missing(file, last + 1, file.limit)
  }
  if (journal.length === 0 && last > 0) throw new DamagedFileError(layout.journal, 'the journal is missing')
  return { entry: last, file: numbers.at(-1) ?? 0, ...(json !== undefined && { json }) }
}

function missing(file: JournalFile, first: number, last: number): DamagedFileError {
  return new DamagedFileError(file.path, `entries ${first} to ${last} of the journal are missing`)
}

/** Files that got as far as a header: one without was made by a start or rotation that failed, and holds no entry. */
async function readHeaders(
  files: Files,
  layout: Layout,
  numbers: number[],
  relayId: string,
  log: Log
): Promise<JournalFile[]> {
  const journal: JournalFile[] = []
  for (const number of numbers) {
    const path = layout.journalFile(number)
    const bytes = (await files.read(path)) ?? Buffer.alloc(0)
    const end = bytes.indexOf(NEWLINE)
    const line = parseJournalLine(bytes.toString('utf8', 0, end === -1 ? bytes.length : end))
    if (!line || line.number !== 0) {
      if (end !== -1 && end + 1 < bytes.length) throw new DamagedFileError(path, 'line 1 is damaged')
      log.warn(`${path}: line 1 was not written to its end; the file holds nothing`)
      continue
    }
    const header = JSON.parse(line.json) as JournalHeader
    if (header.relayId !== relayId) throw new DamagedFileError(path, 'belongs to the data of another relay')
    journal.push({ number, path, follows: header.follows, limit: Infinity })
  }
  let limit = Infinity
  for (const file of journal.toReversed()) {
    file.limit = limit
    limit = Math.min(limit, file.follows)
  }
  return journal
}

/** The committed entries of one file, checked. Files are bounded by the rotation, so one is read as a whole. */
async function readEntries(files: Files, file: JournalFile, isLast: boolean, log: Log): Promise<JournalEntry[]> {
  const bytes = (await files.read(file.path)) ?? Buffer.alloc(0)
  const entries: JournalEntry[] = []
  let expected = file.follows + 1
  let start = bytes.indexOf(NEWLINE) + 1
  for (let lineNumber = 2; start < bytes.length && expected <= file.limit; lineNumber++) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    const entry = newline === -1 ? undefined : parseJournalLine(bytes.toString('utf8', start, end))
    if (!entry) {
      // Only the entry that was being written when the process or the machine died can be torn: the very last one. It may have
      // become anything, also several lines, but not lines of the journal.
      if (!isLast || hasJournalLine(bytes.toString('latin1', end + 1)))
        throw new DamagedFileError(file.path, `line ${lineNumber} is damaged; restore the file from a backup`)
      const what = 'was not written to its end when the relay last ran; nobody was told of it, and it is dropped'
      log.warn(`${file.path}: line ${lineNumber} ${what}`)
      break
    }
    if (entry.number !== expected)
      throw new DamagedFileError(file.path, `line ${lineNumber} has entry ${entry.number} instead of ${expected}`)
    entries.push(entry)
    expected += 1
    start = end + 1
  }
  return entries
}
