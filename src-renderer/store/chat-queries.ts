// What features see of the store: records and own pending operations as one, live, at a pace that a screen can follow. Reads only.
import { combineLatest, distinctUntilChanged, map, ReplaySubject, scan, share } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable, OperatorFunction } from 'rxjs'
import type { UserRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { ChatQueries, RoomSummary, Timeline } from './chat-store.ts'
import type { Outbox } from './outbox.ts'
import { paced } from './paced.ts'
import { watchLastMessages } from './last-messages.ts'
import { everyRow, membersOf, messagesFrom } from './queries.ts'
import { buildRooms } from './rooms.ts'
import { watchRows } from './rows.ts'
import { recordOf } from './schemas.ts'
import type { Collection, Keyed, MessageRow, OwnCollections, RecordCollections, Stored } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'
import { buildTimeline, isSend } from './timeline.ts'

export interface QueryParts {
  userId: string
  records: RecordCollections
  own: OwnCollections
  outbox: Outbox
  /** Emits after each own command. */
  urgent: Observable<void>
  /** The shortest time between two emissions that no own command asks for. */
  paceMs: number
}

/** Leavers that are remembered per timeline; more than one push answers at a time. */
const MAX_LEAVERS = 200

export function createChatQueries({ userId, records, own, outbox, urgent, paceMs }: QueryParts): ChatQueries {
  const pace = <T>(): MonoTypeOperatorFunction<T> => paced<T>(paceMs, urgent)
  const [streams, rooms, memberships, users] = [
    everyRowOf(records.streams),
    everyRowOf(records.rooms),
    everyRowOf(records.memberships),
    everyRowOf(records.users)
  ]
  const entries = outbox.snapshots.pipe(map((snapshot) => snapshot.entries))
  const drafts = everyRowOf(own.drafts).pipe(map((rows) => new Map([...rows].map(([id, { text }]) => [id, text]))))
  const lastMessages = shared(watchLastMessages(records))

  return {
    watchRooms: () =>
      combineLatest({ rooms, memberships, lastMessages, entries, drafts }).pipe(
        pace(),
        scan((before: readonly RoomSummary[] | null, parts) => buildRooms({ userId, ...parts }, before ?? []), null),
        map((rooms) => rooms ?? []),
        distinctUntilChanged()
      ),

    watchTimeline: (roomId, fromSeq) => {
      const inWindow = ({ roomId: room, seq }: MessageRow): boolean => room === roomId && seq >= fromSeq
      return combineLatest({
        rows: watchRows(records.messages, messagesFrom(roomId, fromSeq), inWindow),
        entries: entries.pipe(withLeavers(roomId)),
        streams
      }).pipe(
        pace(),
        scan((before: Timeline | undefined, { rows, entries, streams }) => {
          const headSeq = streams.get(roomStream(roomId))?.state?.headSeq ?? 0
          return buildTimeline({ roomId, userId, fromSeq, rows: rows.values(), entries, headSeq }, before)
        }, undefined),
        map((timeline) => timeline as Timeline),
        distinctUntilChanged()
      )
    },

    watchHeld: (roomId) =>
      streams.pipe(
        map((rows) => rows.get(roomStream(roomId))?.state),
        distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
        map((state) => ({ ranges: state?.ranges ?? [], headSeq: state?.headSeq ?? 0 }))
      ),

    watchMembers: (roomId) =>
      watchRows(records.members, membersOf(roomId), (row) => row.roomId === roomId).pipe(
        pace(),
        map((rows) =>
          [...rows.values()]
            .filter(({ state }) => state === 'joined')
            .map((row) => recordOf(row))
            .toSorted((a, b) => (a.joinedAt < b.joinedAt ? -1 : Number(a.joinedAt > b.joinedAt)))
        ),
        distinctUntilChanged((a, b) => a.length === b.length && a.every((member, index) => member === b[index]))
      ),

    watchUsers: () =>
      users.pipe(
        pace(),
        map((rows): ReadonlyMap<string, UserRecord> => new Map([...rows].map(([id, row]) => [id, recordOf(row)])))
      ),

    watchOutbox: () => entries.pipe(pace()),

    async loadDraft(roomId) {
      const [draft] = await own.drafts.storageInstance.findDocumentsById([roomId], false)
      return draft?.text ?? ''
    }
  }
}

/** One live set for all subscribers, started by the first one and ended with the database. */
function shared<T>(source: Observable<T>): Observable<T> {
  return source.pipe(share({ connector: () => new ReplaySubject<T>(1), resetOnRefCountZero: false }))
}

function everyRowOf<Row extends Keyed>(collection: Collection<Row>): Observable<ReadonlyMap<string, Stored<Row>>> {
  return shared(watchRows(collection, everyRow<Row>()))
}

/**
 * The entries, preceded by accepted messages of the room that have just left the outbox: in another window than the one that syncs, the
 * news of their leaving may come before their records do, and no message may vanish for a moment.
 */
function withLeavers(roomId: string): OperatorFunction<readonly OutboxEntry[], readonly OutboxEntry[]> {
  return scan((before: readonly OutboxEntry[], now: readonly OutboxEntry[]) => {
    const still = new Set(now.map(({ id }) => id))
    const leavers = before.filter((entry) => {
      return entry.state === 'accepted' && isSend(entry) && entry.operation.roomId === roomId && !still.has(entry.id)
    })
    return [...leavers.slice(-MAX_LEAVERS), ...now]
  }, [])
}
