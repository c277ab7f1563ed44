// What features see of the store: records and own pending operations as one, live, at a pace that a screen can follow. Reads only.
import {
  combineLatest,
  defer,
  distinctUntilChanged,
  finalize,
  map,
  merge,
  ReplaySubject,
  scan,
  share,
  Subject,
  tap
} from 'rxjs'
import type { MonoTypeOperatorFunction, Observable, OperatorFunction } from 'rxjs'
import type { UserRecord } from '../../protocol/records.ts'
import { readsStream, roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Arriving } from './arriving.ts'
import { watchAsideMembers, watchAsides } from './aside-queries.ts'
import type { ChatQueries, Known, RoomDetails, RoomSummary, Timeline } from './chat-store.ts'
import { createDirectRooms } from './direct-rooms.ts'
import { watchLastMessages } from './last-messages.ts'
import { buildMembers, buildReads } from './members.ts'
import { editedMessage } from './local-rows.ts'
import { shownEntries } from './outbox-rules.ts'
import { aboutKeys, buildOutbox } from './outbox-view.ts'
import type { Outbox } from './outbox.ts'
import {
  isOf,
  isSaid,
  isSaved,
  standingAvailability,
  standingBlocks,
  standingPins,
  standingUser
} from './outbox-standing.ts'
import { paced } from './paced.ts'
import { everyRow, inSeqs, membersOf, messagesFrom, reactionsFrom } from './queries.ts'
import { buildPeople } from './people.ts'
import { buildPins } from './pins.ts'
import { createReadNumbers } from './read-number-queries.ts'
import { detailsOf } from './room-details.ts'
import { buildRooms } from './rooms.ts'
import type { RoomsParts } from './rooms.ts'
import { watchKeys, watchRows } from './rows.ts'
import { messageKey, recordOf } from './schemas.ts'
import type {
  Collection,
  DraftRow,
  Keyed,
  MemberRow,
  MessageRow,
  OwnCollections,
  OwnRow,
  ReactionRow,
  RecordCollections,
  Stored
} from './schemas.ts'
import type { SeqRange, OutboxEntry, StreamState } from './sync-store.ts'
import { buildTimeline, isSend, quotedKeys } from './timeline.ts'
import { watchUnread } from './unread.ts'

export interface QueryParts {
  userId: string
  records: RecordCollections
  own: OwnCollections
  outbox: Outbox
  arriving?: Arriving
  /** Whether there is space for what the relay sends. */
  storageState: Observable<'ok' | 'full'>
  /** Emits after each own command. */
  urgent: Observable<void>
  /** The shortest time between two emissions that no own command asks for. */
  paceMs: number
  /** Rooms are told of with their unread messages counted; else at once, and counted later. */
  countFirst?: boolean
}

/** Leavers that are remembered per timeline; more than one push answers at a time. */
const MAX_LEAVERS = 200

export function createChatQueries(parts: QueryParts): ChatQueries {
  const { userId, records, own, outbox, paceMs } = parts
  // Own words are on the screen while they are on their way to the disk; they stay a draft until they are there.
  const urgent = merge(parts.urgent, outbox.comes)
  const pace = <T>(): MonoTypeOperatorFunction<T> => paced<T>(paceMs, urgent)
  const [streams, rooms, ownRows, users] = [
    everyRowOf(records.streams),
    everyRowOf(records.rooms),
    everyRowOf(records.memberships),
    everyRowOf(records.users)
  ]
  const memberships = shared(ownRows.pipe(map((rows) => ofType(rows.values(), 'membership', ({ roomId }) => roomId))))
  const blocks = shared(ownRows.pipe(map((rows) => ofType(rows.values(), 'block', ({ userId }) => userId))))
  const preferences = shared(
    ownRows.pipe(map((rows) => [...ofType(rows.values(), 'preferences', ({ type }) => type).values()].at(0)))
  )
  const entries = shared(outbox.shown.pipe(map(shownEntries)))
  const drafts = everyRowOf(own.drafts).pipe(map((rows) => new Map([...rows].map(([id, { text }]) => [id, text]))))
  const lastMessages = shared(watchLastMessages(records))
  const blocked = shared(
    combineLatest([blocks, entries]).pipe(
      map(([blocks, entries]) => standingBlocks(blocks, entries, userId)),
      distinctUntilChanged(sameIds)
    )
  )
  const counting = combineLatest({ streams, memberships, entries, blocked }).pipe(pace())
  const unread = shared(watchUnread(records, userId, counting, parts.countFirst))
  const asideSources = { userId, records, memberships, entries }
  const direct = createDirectRooms(userId)
  const ownMembers = shared(watchKeys(records.members, memberships.pipe(map((rows) => keysOf(rows.keys(), userId)))))
  const asideMembers = shared(watchAsideMembers(asideSources))
  const readNumbers = createReadNumbers({ userId, streams, memberships, users, entries, membersIn, pace })
  /** Who begins to look gets what there is now, whatever the pace. */
  const lookedAt = new Subject<void>()
  const paceOfLooking = <T>(): MonoTypeOperatorFunction<T> => paced<T>(paceMs, merge(urgent, lookedAt))
  const everyRoom = shared(
    combineLatest({
      rooms,
      memberships,
      users,
      ownMembers,
      asideMembers,
      blocked,
      lastMessages,
      entries,
      drafts,
      unread
    }).pipe(
      paceOfLooking(),
      map((parts): RoomsParts => ({ userId, direct, ...parts }))
    )
  )
  const roomList = shared(
    everyRoom.pipe(
      scan((before: readonly RoomSummary[] | null, parts) => buildRooms(parts, before ?? []), null),
      map((rooms) => rooms ?? []),
      distinctUntilChanged()
    )
  )
  const lookAt = <T>(source: Known<T>): Known<T> =>
    known(
      defer(() => {
        lookedAt.next()
        return source
      }),
      source.latest
    )
  /** What is looked at, by name: who asks before drawing, and who draws, ask for one. */
  const lookedInto = new Map<string, { source: Observable<unknown>; latest?: { value: unknown } }>()
  const named = <T>(name: string, make: () => Observable<T>): Known<T> => {
    const source = defer(() => {
      const before = lookedInto.get(name)
      if (before) return before.source as Observable<T>
      const made: { source: Observable<T>; latest?: { value: T } } = {
        source: make().pipe(
          tap((value) => (made.latest = { value })),
          finalize(() => lookedInto.get(name) === made && lookedInto.delete(name)),
          sharedWhileUsed()
        )
      }
      lookedInto.set(name, made)
      return made.source
    })
    return known(source, () => lookedInto.get(name)?.latest as { value: T } | undefined)
  }
  const localRow = async (roomId: string): Promise<DraftRow | undefined> => {
    const [row] = await own.drafts.storageInstance.findDocumentsById([roomId], false)
    return row
  }

  return {
    watchRooms: () => lookAt(roomList),

    watchRoomDetails: (roomId) =>
      lookAt(
        named(`details ${roomId}`, () =>
          combineLatest([everyRoom, membersIn(roomId)]).pipe(
            paceOfLooking(),
            map(([parts, members]): RoomDetails | null => detailsOf(roomId, parts, members)),
            distinctUntilChanged(sameContent)
          )
        )
      ),

    watchPins: (roomId) => {
      const pins = combineLatest([rooms, entries]).pipe(
        map(([rooms, entries]) =>
          standingPins(
            rooms.get(roomId),
            entries.filter(({ operation }) => 'roomId' in operation && operation.roomId === roomId)
          )
        ),
        distinctUntilChanged(sameContent)
      )
      const keys = pins.pipe(map((ids) => new Set(ids.map((id) => messageKey(roomId, id)))))
      return combineLatest([pins, watchKeys(records.messages, keys), entries]).pipe(
        pace(),
        map(([ids, rows, entries]) => buildPins(ids, (id) => rows.get(messageKey(roomId, id)), entries, userId)),
        distinctUntilChanged(sameContent)
      )
    },

    watchPeople: () =>
      combineLatest({ users, blocked, memberships, entries }).pipe(
        pace(),
        map((parts) => buildPeople({ userId, direct, ...parts })),
        distinctUntilChanged(sameContent)
      ),

    watchBlocked: () => blocked,

    watchPreferences: () =>
      combineLatest([preferences, entries]).pipe(
        map(([row, entries]) => standingAvailability(row, entries, userId)),
        distinctUntilChanged(),
        map((availability) => ({ availability }))
      ),

    watchTimeline: (roomId, fromSeq, toSeq = null) =>
      lookAt(named(`timeline ${roomId} ${fromSeq} ${toSeq}`, () => timelineOf(roomId, fromSeq, toSeq))),

    watchHeld: (roomId) =>
      named(`held ${roomId}`, () =>
        stateOf(roomStream(roomId)).pipe(
          distinctUntilChanged(sameContent),
          map((state) => ({ ranges: nothingBelow(state?.ranges ?? [], state?.floor), headSeq: state?.headSeq ?? 0 }))
        )
      ),

    watchAsideRooms: () =>
      memberships.pipe(
        map((rows) => [...rows.values()].filter(({ state }) => state === 'joined')),
        map((rows) => new Map(rows.flatMap((row) => (row.parentId ? [[row.roomId, row.parentId] as const] : [])))),
        distinctUntilChanged((a, b) => sameIds(new Set(a.keys()), new Set(b.keys())))
      ),

    watchMembers: (roomId) =>
      named(`joined ${roomId}`, () =>
        combineLatest([membersIn(roomId), entries]).pipe(
          pace(),
          map(([rows, entries]) => buildMembers(roomId, userId, rows, entries)),
          distinctUntilChanged(sameContent)
        )
      ),

    watchUsers: () =>
      named('users', () =>
        combineLatest([users, entries.pipe(map(ofProfile), distinctUntilChanged(sameContent))]).pipe(
          pace(),
          map(([rows, changes]): ReadonlyMap<string, UserRecord> => {
            const records = new Map([...rows].map(([id, row]): [string, UserRecord] => [id, recordOf(row)]))
            const me = rows.get(userId)
            if (me && changes.length > 0) records.set(userId, recordOf(standingUser(me, changes)))
            return records
          })
        )
      ),

    watchReads: (roomId) =>
      combineLatest([
        streams.pipe(
          map((rows) => rows.get(readsStream(roomId))?.marks),
          distinctUntilChanged()
        ),
        memberships.pipe(
          map((rows) => rows.get(roomId)),
          distinctUntilChanged()
        ),
        entries
      ]).pipe(
        pace(),
        map(([marks, membership, entries]) => buildReads(roomId, userId, marks, membership, entries)),
        distinctUntilChanged((a, b) => a.size === b.size && [...a].every(([id, seq]) => b.get(id) === seq))
      ),

    watchReadNumbers: (roomId) => readNumbers(roomId),

    watchOutbox: () => {
      const messages = watchKeys(records.messages, entries.pipe(map(aboutKeys)))
      return combineLatest({ entries, rooms, memberships, users, messages }).pipe(
        pace(),
        map((now) => buildOutbox({ userId, direct, ...now })),
        distinctUntilChanged(sameContent)
      )
    },

    watchStorage: () => parts.storageState.pipe(distinctUntilChanged()),

    loadDraft: async (roomId) => {
      const [row, { entries }] = await Promise.all([localRow(roomId), outbox.latest()])
      return row && !isSaid(row, entries) ? row.text : ''
    },
    loadScroll: async (roomId) => (await localRow(roomId))?.scroll ?? null,
    loadEdit: async (roomId) => {
      const [row, { entries }] = await Promise.all([localRow(roomId), outbox.latest()])
      const edit = row?.edit
      return edit && !isSaved(edit, roomId, await editedMessage(records.messages, roomId, edit), entries) ? edit : null
    }
  }

  function timelineOf(roomId: string, fromSeq: number, toSeq: number | null): Observable<Timeline> {
    const inWindow = (row: MessageRow | ReactionRow): boolean =>
      row.roomId === roomId && row.seq >= fromSeq && (toSeq === null || row.seq <= toSeq)
    const seqs = toSeq === null ? null : { from: fromSeq, to: toSeq }
    const messages = seqs ? inSeqs<MessageRow>(roomId, seqs) : messagesFrom(roomId, fromSeq)
    const hanging = seqs ? inSeqs<ReactionRow>(roomId, seqs) : reactionsFrom(roomId, fromSeq)
    const stored: Observable<ReadonlyMap<string, MessageRow>> = watchRows(records.messages, messages, inWindow)
    const rows = (parts.arriving?.beside(stored, inWindow) ?? stored).pipe(sharedWhileUsed())
    const ofRoom = entries.pipe(withLeavers(), sharedWhileUsed())
    const quotes = combineLatest([rows, ofRoom]).pipe(map(([rows, entries]) => quotedKeys(roomId, rows, entries)))
    const state = stateOf(roomStream(roomId))
    return combineLatest({
      rows,
      reactions: watchRows(records.reactions, hanging, inWindow),
      quoted: watchKeys(records.messages, quotes),
      entries: ofRoom,
      asides: watchAsides(asideSources, roomId),
      headSeq: state.pipe(
        map((state) => state?.headSeq ?? 0),
        distinctUntilChanged()
      ),
      isBeginning: state.pipe(
        map((state) => fromSeq <= (state?.floor ?? 0) + 1),
        distinctUntilChanged()
      )
    }).pipe(
      paceOfLooking(),
      scan((before: Timeline | undefined, { rows, reactions, ...parts }) => {
        const now = { roomId, userId, fromSeq, toSeq, rows: rows.values(), reactions: reactions.values(), ...parts }
        return buildTimeline(now, before)
      }, undefined),
      map((timeline) => timeline as Timeline),
      distinctUntilChanged()
    )
  }

  /** Several parts of a screen ask for them. */
  function membersIn(roomId: string): Observable<ReadonlyMap<string, Stored<MemberRow>>> {
    return named(`members ${roomId}`, () =>
      watchRows(records.members, membersOf(roomId), (row) => row.roomId === roomId)
    )
  }

  function stateOf(stream: StreamId): Observable<StreamState | undefined> {
    return streams.pipe(
      map((rows) => rows.get(stream)?.state),
      distinctUntilChanged()
    )
  }
}

function ofProfile(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  return entries.filter((entry) => isOf(entry, 'profile.change') && entry.state !== 'refused')
}

/** The rows of one type of record, by what `keyOf` says. */
function ofType<T extends OwnRow['type']>(
  rows: Iterable<OwnRow>,
  type: T,
  keyOf: (row: Extract<OwnRow, { type: T }>) => string
): ReadonlyMap<string, Extract<OwnRow, { type: T }>> {
  const found = new Map<string, Extract<OwnRow, { type: T }>>()
  for (const row of rows) {
    const isOne = (each: OwnRow): each is Extract<OwnRow, { type: T }> => each.type === type
    if (isOne(row)) found.set(keyOf(row), row)
  }
  return found
}

function keysOf(roomIds: Iterable<string>, userId: string): Set<string> {
  return new Set([...roomIds].map((roomId) => `${roomId}|${userId}`))
}

function sameIds(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id))
}

/** [S11.4] With everything up to the floor. */
function nothingBelow(ranges: readonly SeqRange[], floor = 0): readonly SeqRange[] {
  if (floor === 0) return ranges
  const above = ranges.filter(([, to]) => to > floor)
  const [first, ...rest] = above
  return first && first[0] <= floor + 1 ? [[1, first[1]], ...rest] : [[1, floor], ...above]
}

function sameContent<T>(a: T, b: T): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** With what was told last, for whoever does not subscribe. */
function known<T>(source: Observable<T>, latest: (() => { value: T } | undefined) | undefined): Known<T> {
  return latest ? Object.assign(source, { latest }) : source
}

/** One live set for several uses within one observable; it ends with the last of them. */
function sharedWhileUsed<T>(): MonoTypeOperatorFunction<T> {
  return share({ connector: () => new ReplaySubject<T>(1) })
}

/** One live set for all subscribers, started by the first one and ended with the database. */
function shared<T>(source: Observable<T>): Observable<T> {
  return source.pipe(share({ connector: () => new ReplaySubject<T>(1), resetOnRefCountZero: false }))
}

function everyRowOf<Row extends Keyed>(collection: Collection<Row>): Observable<ReadonlyMap<string, Stored<Row>>> {
  return shared(watchRows(collection, everyRow<Row>()))
}

/**
 * The entries, preceded by accepted messages that have just left the outbox: in another window than the one that syncs, the
 * news of their leaving may come before their records do, and no message may vanish for a moment.
 */
function withLeavers(): OperatorFunction<readonly OutboxEntry[], readonly OutboxEntry[]> {
  return scan((before: readonly OutboxEntry[], now: readonly OutboxEntry[]) => {
    const still = new Set(now.map(({ id }) => id))
    // A message that the relay has lost is sent again by an entry of its own [S10.5].
    const again = new Set(now.filter(isSend).map(({ operation }) => operation.messageId))
    const leavers = before.filter((entry) => {
      if (entry.state !== 'accepted' || !isSend(entry)) return false
      return !still.has(entry.id) && !again.has(entry.operation.messageId)
    })
    return [...leavers.slice(-MAX_LEAVERS), ...now]
  }, [])
}
