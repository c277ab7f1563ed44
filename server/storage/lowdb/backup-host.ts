// The relay's side of a backup: it keeps its journal while somebody copies the data, and says how far the journal is committed. It
// copies nothing itself, and whatever happens to the one who does costs it nothing (docs/decisions/0009-backup.md).
import { createInterface } from 'node:readline'
import type { Log } from '../../log.ts'
import type { Journal, JournalEnd } from './journal.ts'
import type { Turns } from './limited.ts'
import type { Attend } from './lock.ts'

/** What the copier asks, each in a line: the journal is kept from the first to the end of the connection. */
export type BackupRequest = 'keep' | 'end' | 'still'

/** Each is answered by a line of JSON. `end` is the last committed entry: everything acknowledged before was asked lies before it. */
export type BackupAnswer = { ok: true; end?: JournalEnd } | { ok: false; why: string }

/** Answers the connections to the holder of the directory. */
export function hostBackups(journal: Journal, turns: Turns, log: Log): Attend {
  return (connection) => {
    let release: (() => void) | undefined
    connection.once('close', () => {
      if (release) log.info('a backup has ended')
      release?.()
    })
    const answer = (what: BackupAnswer) => void connection.write(`${JSON.stringify(what)}\n`)
    createInterface({ input: connection }).on('line', (request) => {
      if (request === 'keep') {
        if (!release) log.info('a backup has begun')
        release ??= journal.keep()
        answer({ ok: true })
      } else if (release && request === 'still') {
        answer({ ok: true })
      } else if (release && request === 'end') {
        // In a turn: no append and no rotation is under way.
        void turns.take(async () => {
          const { end } = journal
          answer(end ? { ok: true, end } : { ok: false, why: 'the relay cannot write its journal' })
        })
      } else {
        answer({ ok: false, why: `a relay of this version knows no ${JSON.stringify(request.slice(0, 40))}` })
      }
    })
  }
}
