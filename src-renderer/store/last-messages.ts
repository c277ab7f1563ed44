// The newest stored message of each room, for the list of rooms. Asks once per room for its newest end, and then follows events.
import { Observable } from 'rxjs'
import { roomOfStream } from '../../protocol/streams.ts'
import { everyRow, inSeqs, messagesFrom, read } from './queries.ts'
import type { MessageRow, RecordCollections, StreamRow } from './schemas.ts'

/** How far back a message is looked for when the relay has lost the last one [S10.5]. */
const LOOK_BACK_SEQS = 200

/** By room. The emitted map is one object that goes on changing. Completes when the database is closed. */
export function watchLastMessages(records: RecordCollections): Observable<ReadonlyMap<string, MessageRow>> {
  return new Observable((subscriber) => {
    const last = new Map<string, MessageRow>()
    let loaded = false

    const take = (row: MessageRow): boolean => {
      const held = last.get(row.roomId)
      if (held && (row.seq < held.seq || (row.key === held.key && !isNewer(row, held)))) return false
      last.set(row.roomId, row)
      return true
    }

    /** The last one was given up, or is only here [S10.5]: one before it is the last now. */
    const replace = async (gone: MessageRow): Promise<void> => {
      const { roomId, seq } = gone
      last.delete(roomId)
      const before = { from: Math.max(1, seq - LOOK_BACK_SEQS), to: seq }
      for (const row of await read(records.messages, inSeqs<MessageRow>(roomId, before))) {
        if (!row.ext?.onlyHere) take(row)
      }
      if (loaded) subscriber.next(last)
    }

    const events = records.messages.eventBulks$.subscribe({
      next: ({ events }) => {
        let changed = false
        for (const { documentData } of events) {
          const row = documentData as MessageRow & { _deleted: boolean }
          if (row._deleted || row.ext?.onlyHere) {
            const gone = [...last.values()].find(({ key }) => key === row.key)
            if (gone) replace(gone).catch((error: unknown) => subscriber.error(error))
          } else changed = take(row) || changed
        }
        if (changed && loaded) subscriber.next(last)
      },
      complete: () => subscriber.complete()
    })
    const load = async (): Promise<void> => {
      const states = await read(records.streams, everyRow<StreamRow>())
      await Promise.all(
        states.map(async ({ state }) => {
          const roomId = state && roomOfStream(state.stream)
          const from = state?.ranges.at(-1)?.[1] ?? state?.headSeq ?? 0
          if (roomId === undefined || from === 0) return
          for (const row of await read(records.messages, messagesFrom(roomId, from))) {
            if (!row.ext?.onlyHere) take(row)
          }
        })
      )
      loaded = true
      subscriber.next(last)
    }
    load().catch((error: unknown) => subscriber.error(error))
    return () => events.unsubscribe()
  })
}

function isNewer(a: MessageRow, b: MessageRow): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.rev > b.rev)
}
