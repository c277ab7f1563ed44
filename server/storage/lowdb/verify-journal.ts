// Checks the journal: every line, the numbers of the entries, and that each change of a stream goes on where the one before ended.
import { join } from 'node:path'
import { silentLog } from '../../log.ts'
import type { Report } from '../verified-facts.ts'
import { DamagedFileError } from './atomic-json-file.ts'
import { journalFiles } from './data-files.ts'
import { parseEntry } from './document-shapes.ts'
import { Layout } from './documents.ts'
import type { RelayDocument } from './documents.ts'
import type { Files } from './files.ts'
import { parseJournalLine } from './journal.ts'
import type { JournalHeader } from './journal.ts'
import { replayJournal } from './replay.ts'

interface Parts {
  files: Files
  dataDir: string
  relay: RelayDocument
  report: Report
  note: (line: string) => void
}

/** @returns the number of the last committed entry; undefined if it cannot be told. */
export async function verifyJournal(parts: Parts): Promise<number | undefined> {
  const { files, dataDir, relay, report, note } = parts
  const warn = (text: string) => note(text.replaceAll(`${dataDir}/`, ''))
  const through = new Map<string, number>()
  let epoch = 0
  try {
    const { relayId, journal } = relay
    const from = { entry: await firstEntry(files, dataDir, relay), relayId, journal }
    const log = { ...silentLog, warn }
    const last = await replayJournal(files, new Layout(dataDir), from, log, async ({ number, json }) => {
      const where = `journal, entry ${number}`
      const entry = parseEntry(json)
      if (typeof entry === 'string') {
        return report({ where, what: `is not of the shape that the relay writes: ${entry}` })
      }
      if (entry.epoch < epoch || !relay.epochs.includes(entry.epoch)) {
        report({ where, what: '[S10.1] epoch', expected: 'one of relay.json, ascending', found: `${entry.epoch}` })
      }
      epoch = entry.epoch
      for (const change of entry.changes) {
        const before = through.get(change.stream) ?? change.from
        if (change.from !== before || change.through <= change.from) {
          const found = `${change.from} to ${change.through}`
          report({ where, what: `[S3] revs of the stream ${change.stream}`, expected: `on from ${before}`, found })
        }
        through.set(change.stream, change.through)
      }
    })
    if (last.entry < relay.writtenThrough) {
      const what = 'journal entries that are in the documents'
      report({ where: 'relay.json', what, expected: `at most ${last.entry}`, found: `${relay.writtenThrough}` })
    }
    return last.entry
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error
    const where = error.path.startsWith(dataDir)
      ? error.path.slice(dataDir.length + 1).replaceAll('\\', '/')
      : error.path
    report({ where, what: error.message.slice(error.path.length + 2) })
    return undefined
  }
}

/** What the oldest file follows: entries that the documents have already may still be there. */
async function firstEntry(files: Files, dataDir: string, relay: RelayDocument): Promise<number> {
  for await (const { kind, path } of journalFiles(files, dataDir)) {
    if (kind !== 'journal') continue
    const content = (await files.read(join(dataDir, path))) ?? Buffer.alloc(0)
    const header = parseJournalLine(content.toString('utf8', 0, content.indexOf('\n')))
    if (header?.number === 0) return Math.min((JSON.parse(header.json) as JournalHeader).follows, relay.writtenThrough)
  }
  return relay.writtenThrough
}
