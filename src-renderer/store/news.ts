// What is new in the rooms for a notification, and up to where of each room this device has looked for that [issue 8]. Asks for single rows of the
// rooms that were touched, never for a list of all. Knows no rule about who is told of what.
import type { RxDatabase } from 'rxdb'
import { Observable } from 'rxjs'
import { readsStream, roomOfStream, roomStream } from '../../protocol/streams.ts'
import type { RoomKind } from '../../protocol/records.ts'
import { notifiedMarks } from './notified-marks.ts'
import type { Move } from './notified-marks.ts'
import { byRoom } from './outbox-rules.ts'
import { standingBlocks, standingName, standingSettings } from './outbox-standing.ts'
import type { Outbox } from './outbox.ts'
import { everyRow, inSeqs, read } from './queries.ts'
import { blockKey } from './schemas.ts'
import type {
  OwnRow,
  Collection,
  Keyed,
  MembershipRow,
  MessageRow,
  OwnCollections,
  RecordCollections,
  StreamRow
} from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

/** Of one room, at most this many messages are read: the newest. The rest is counted as missing. */
export const NEWS_CAP = 100

/** What somebody said, as far as a notification needs it. */
export interface NewMessage {
  id: string
  seq: number
  kind: MessageRow['kind']
  body: string
  authorId: string
  /** '' for somebody who is not known yet, or whose account is gone. */
  authorName: string
  own: boolean
  /** [S11.8] By somebody whom the person blocks. */
  blocked: boolean
  mentionsMe: boolean
  deleted: boolean
  /** [S11.5] Of an aside: the seq in the room behind which it stands. */
  anchorSeq?: number
}

/** A room, or an aside of one, and what lies in it above the mark. */
export interface RoomNews {
  /** Of an aside its own. */
  roomId: string
  /** The room in which it is shown: an aside's parent, else the same. */
  shownIn: string
  kind: RoomKind
  /** Of the room in which it is shown; '' where it has none. */
  name: string
  /** Whether the person is joined in it, and in the parent. */
  joined: boolean
  /** [S12] With own marks that are on their way. */
  readSeq: number
  /** ISO 8601; of the room in which it is shown. */
  mutedUntil: string | null
  /** The mark and the room's highest seq: what lies between was not looked at. */
  from: number
  head: number
  /** Ascending. */
  messages: readonly NewMessage[]
  /** How many of the seqs between the two, and not read, are not among `messages`: too many, or not on the device. */
  missing: number
}

/** The marks live in the own database: they outlive a kill, and the records' being rebuilt. */
export interface NewsStore {
  /** Ids of rooms (of asides their own) in which something was said, read or set; by whatever window or device. */
  readonly touched: Observable<readonly string[]>
  /** Ids of messages that were deleted. */
  readonly deleted: Observable<readonly string[]>
  /** Whether this device has ever begun: until then nothing is new. Reads the marks. */
  hasBegun(): Promise<boolean>
  /** All rooms that the device knows now are marked at their end, and from now on what is above is new. */
  begin(): Promise<void>
  /** The rooms in which there may be something above the mark: for a start. */
  behind(): Promise<readonly string[]>
  /** Rooms that cannot be told of yet (nothing of them is here) are left out, and touched again when they can. */
  look(roomIds: readonly string[]): Promise<readonly RoomNews[]>
  /**
   * Moves the marks of rooms up to their `head`, durably. Resolves with the rooms whose mark this call has moved, and from where: of those that
   * another window has moved further meanwhile nothing is told again here.
   */
  advance(rooms: readonly Pick<RoomNews, 'roomId' | 'from' | 'head'>[]): Promise<ReadonlyMap<string, number>>
}

export function createNews(parts: {
  userId: string
  records: RecordCollections
  database: RxDatabase<OwnCollections>
  outbox: Outbox
}): NewsStore {
  const { userId, records, database, outbox } = parts
  const marks = notifiedMarks(database)
  const heads = new Map<string, number>()
  /** Rooms that were looked for in vain: whatever comes of them is a reason to look again. */
  const unknown = new Set<string>()

  /** Whether a stream that has changed is one of a room that has got longer, or shorter [S10.2]. */
  function hasMoved({ key, state }: StreamRow): string | undefined {
    const roomId = roomOfStream(key as never)
    if (roomId === undefined || key === readsStream(roomId) || !state) return undefined
    const isOther = heads.get(roomId) !== state.headSeq || unknown.has(roomId)
    heads.set(roomId, state.headSeq)
    return isOther ? roomId : undefined
  }

  return {
    touched: new Observable((subscriber) => {
      const tell = (roomIds: readonly string[]): void => {
        if (roomIds.length > 0) subscriber.next(roomIds)
      }
      const streams = records.streams.eventBulks$.subscribe(({ events }) =>
        tell(events.flatMap(({ documentData }) => hasMoved(documentData as StreamRow) ?? []))
      )
      const own = records.memberships.eventBulks$.subscribe(({ events }) =>
        tell(events.flatMap(({ documentData }) => (documentData as MembershipRow).roomId ?? []))
      )
      let before: ReadonlySet<string> = new Set()
      const entries = outbox.snapshots.subscribe(({ entries }) => {
        const concerning = entries.filter(
          ({ operation: { type } }) => type === 'read.mark' || type === 'room.settings' || type === 'member.remove'
        )
        const fresh = concerning.filter(({ id }) => !before.has(id))
        before = new Set(concerning.map(({ id }) => id))
        tell(fresh.flatMap(({ operation }) => ('roomId' in operation ? operation.roomId : [])))
      })
      return () => {
        for (const each of [streams, own, entries]) each.unsubscribe()
      }
    }),

    deleted: new Observable((subscriber) => {
      const events = records.messages.eventBulks$.subscribe(({ events }) => {
        const ids = events.flatMap(({ documentData: { id, deletedAt } }) => (deletedAt === undefined ? [] : id))
        if (ids.length > 0) subscriber.next(ids)
      })
      return () => events.unsubscribe()
    }),

    hasBegun: () => marks.hasBegun(),

    async begin() {
      const states = await read(records.streams, everyRow<StreamRow>())
      const wanted = states.flatMap(({ state }): [string, Move][] => {
        const roomId = state && state.epoch > 0 ? roomOfStream(state.stream) : undefined
        return roomId === undefined ? [] : [[roomId, { from: 0, to: state?.headSeq ?? 0 }]]
      })
      await marks.begin(new Map(wanted))
    },

    async behind() {
      const held = await marks.load()
      const states = await read(records.streams, everyRow<StreamRow>())
      return states.flatMap(({ state }) => {
        const roomId = state && roomOfStream(state.stream)
        if (roomId === undefined) return []
        const head = state?.headSeq ?? 0
        if (!heads.has(roomId)) heads.set(roomId, head)
        return head === held.get(roomId) ? [] : roomId
      })
    },

    async look(roomIds) {
      const held = await marks.load()
      const [streams, memberships, members, { entries }] = await Promise.all([
        byKey<StreamRow>(records.streams, roomIds.map(roomStream)),
        byKey<OwnRow>(records.memberships, roomIds),
        byKey(
          records.members,
          roomIds.map((roomId) => `${roomId}|${userId}`)
        ),
        outbox.latest()
      ])
      const parents = [...memberships.values()].flatMap((row) => ('parentId' in row ? (row.parentId ?? []) : []))
      const [rooms, parentRows] = await Promise.all([
        byKey(records.rooms, [...roomIds, ...parents]),
        byKey<OwnRow>(records.memberships, parents)
      ])
      const entriesOf = byRoom(entries)
      const found = await Promise.all(
        roomIds.map(async (roomId): Promise<RoomNews | undefined> => {
          const membership = memberships.get(roomId) as MembershipRow | undefined
          const shownIn = membership?.parentId ?? roomId
          const parent = shownIn === roomId ? membership : (parentRows.get(shownIn) as MembershipRow | undefined)
          const [state, room] = [streams.get(roomStream(roomId))?.state, rooms.get(shownIn)]
          const joinedSeq = members.get(`${roomId}|${userId}`)?.joinedSeq
          const marked = held.get(roomId)
          // Of a room without a mark, what lies before one's joining is not new; what that is, is not known yet. Nor is anything of a room that is
          // being read anew [S10.2].
          const isKnown = state !== undefined && state.epoch > 0 && (marked ?? joinedSeq) !== undefined
          if (!membership || !parent || !room || !isKnown) {
            unknown.add(roomId)
            return undefined
          }
          unknown.delete(roomId)
          const settings = standingSettings(membership, entriesOf.get(roomId) ?? [], userId)
          const head = state.headSeq
          const from = Math.max(marked ?? 0, Math.min(joinedSeq ?? 0, head), state.floor ?? 0)
          const joined = membership.state === 'joined' && parent.state === 'joined'
          const first = Math.max(from, settings.readSeq) + 1
          const seqs = { from: Math.max(first, head - NEWS_CAP + 1), to: head }
          const said = joined && seqs.from <= head ? await read(records.messages, inSeqs<MessageRow>(roomId, seqs)) : []
          return {
            roomId,
            shownIn,
            kind: room.kind,
            name: standingName(room, entriesOf.get(shownIn) ?? [])?.name ?? '',
            joined,
            readSeq: settings.readSeq,
            mutedUntil: standingSettings(parent, entriesOf.get(shownIn) ?? [], userId).mutedUntil,
            from,
            head,
            messages: await withPeople(said, entries),
            missing: joined ? Math.max(0, head - first + 1 - said.length) : 0
          }
        })
      )
      return found.filter((room) => room !== undefined)
    },

    advance: async (rooms) => marks.move(new Map(rooms.map(({ roomId, from, head }) => [roomId, { from, to: head }])))
  }

  async function withPeople(
    rows: readonly MessageRow[],
    entries: readonly OutboxEntry[]
  ): Promise<readonly NewMessage[]> {
    const authors = [...new Set(rows.map(({ authorId }) => authorId))]
    const [users, blocks] = await Promise.all([
      byKey(records.users, authors),
      byKey<OwnRow>(records.memberships, authors.map(blockKey))
    ])
    const held = [...blocks.values()].flatMap((row) => (row.type === 'block' ? [row] : []))
    const blocked = standingBlocks(new Map(held.map((row) => [row.userId, row])), entries, userId)
    return rows
      .filter(({ ext }) => !ext?.onlyHere && !ext?.wasOnlyHere)
      .map(({ id, seq, kind, body, authorId, mentions, deletedAt, anchorSeq }) => ({
        id,
        seq,
        kind,
        body,
        authorId,
        authorName: users.get(authorId)?.displayName ?? '',
        own: authorId === userId,
        blocked: blocked.has(authorId),
        mentionsMe: mentions?.includes(userId) ?? false,
        deleted: deletedAt !== undefined,
        ...(anchorSeq === undefined ? {} : { anchorSeq })
      }))
  }
}

async function byKey<Row extends Keyed>(
  collection: Collection<Row>,
  keys: readonly string[]
): Promise<ReadonlyMap<string, Row>> {
  if (keys.length === 0) return new Map()
  const found = await collection.storageInstance.findDocumentsById([...new Set(keys)], false)
  return new Map(found.map((row) => [row.key, row]))
}
