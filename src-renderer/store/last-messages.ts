// The newest stored message of each room, for the list of rooms. Asks once per room for its newest end, and then follows events.
import { Observable } from 'rxjs'
import { roomOfStream } from '../../protocol/streams.ts'
import { everyRow, messagesFrom, read } from './queries.ts'
import type { MessageRow, RecordCollections, StreamRow } from './schemas.ts'

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

    const events = records.messages.eventBulks$.subscribe({
      next: ({ events }) => {
        const changed = events.filter(({ documentData }) => take(documentData as MessageRow)).length > 0
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
          for (const row of await read(records.messages, messagesFrom(roomId, from))) take(row)
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
