// The list of rooms: what the relay's records say of each, and what this device still wants of them. Plain functions of rows and entries.
import { asideRoomId } from '../../protocol/derived-ids.ts'
import { rightsIn } from '../../protocol/permissions.ts'
import type { RoomRights } from '../../protocol/permissions.ts'
import type { MemberRole } from '../../protocol/records.ts'
import { userStream } from '../../protocol/streams.ts'
import { inAsideOrder } from './asides.ts'
import { UNREAD_CAP } from './chat-store.ts'
import type { RoomSummary, TimelineItem } from './chat-store.ts'
import type { DirectRooms } from './direct-rooms.ts'
import { byRoom } from './outbox-rules.ts'
import {
  effective,
  isOf,
  standingMember,
  standingName,
  standingRole,
  standingRoom,
  standingSettings
} from './outbox-standing.ts'
import { recordOf } from './schemas.ts'
import type { MemberRow, MembershipRow, MessageRow, RoomRow, UserRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'
import { asideItem, isSend, overlaid, pendingItem, recordItem } from './timeline.ts'
import type { Unread } from './unread.ts'

export interface RoomsParts {
  userId: string
  rooms: ReadonlyMap<string, RoomRow>
  memberships: ReadonlyMap<string, MembershipRow>
  users: ReadonlyMap<string, UserRow>
  /** The person's own member rows, by row key. */
  ownMembers: ReadonlyMap<string, MemberRow>
  /** [S11.5] Everybody in each aside, by its id. */
  asideMembers: ReadonlyMap<string, readonly string[]>
  /** [S11.8] */
  blocked: ReadonlySet<string>
  direct: DirectRooms
  /** The newest stored message of each room. */
  lastMessages: ReadonlyMap<string, MessageRow>
  entries: readonly OutboxEntry[]
  /** Text by room. */
  drafts: ReadonlyMap<string, string>
  /** Unread messages by room, as far as they are counted. */
  unread: ReadonlyMap<string, Unread>
}

/** A room by itself: what the list shows of it, and whether it does. */
export interface StandingSummary {
  summary: RoomSummary
  hidden: boolean
  blocked: boolean
}

/** What all rooms of one moment are made from, in the shape in which one of them needs it. */
export interface RoomsIndex extends RoomsParts {
  entriesOf: ReadonlyMap<string | null, readonly OutboxEntry[]>
  /** Ids of the asides of each room. */
  asidesOf: ReadonlyMap<string, ReadonlySet<string>>
}

/** Goes once through memberships and outbox. */
export function indexRooms(parts: RoomsParts): RoomsIndex {
  const asidesOf = new Map<string, Set<string>>()
  const add = (parentId: string, id: string): void => {
    const ids = asidesOf.get(parentId)
    if (ids) ids.add(id)
    else asidesOf.set(parentId, new Set([id]))
  }
  for (const { roomId, parentId } of parts.memberships.values()) if (parentId !== undefined) add(parentId, roomId)
  for (const { operation } of parts.entries.filter(isSend)) {
    const { roomId, to } = operation
    if (to) add(roomId, asideRoomId(roomId, [parts.userId, ...to]))
  }
  return { ...parts, entriesOf: byRoom(parts.entries), asidesOf }
}

/**
 * Rooms that this user is or was in, and rooms that only the outbox knows, but for those that are in no list (`ChatQueries.watchRooms`); pinned ones first,
 * then the latest activity. Costs per room, whatever the length of their histories [S16]. Summaries equal to one of `before` are the
 * same objects, and so is the list if nothing changed.
 */
export function buildRooms(parts: RoomsParts, before: readonly RoomSummary[] = []): readonly RoomSummary[] {
  const index = indexRooms(parts)
  const known = new Map(before.map((room) => [room.id, room]))
  const list: RoomSummary[] = []
  for (const id of new Set([...parts.memberships.keys(), ...index.entriesOf.keys()])) {
    if (id === null) continue
    const other = known.get(id)
    const sources = sourcesOf(id, index, other?.withUserId)
    if (other && sources && isMadeFrom(other, sources)) {
      list.push(other)
      continue
    }
    const room = summaryOf(id, index)
    if (!room || room.hidden) continue
    const summary = other && JSON.stringify(other) === JSON.stringify(room.summary) ? other : room.summary
    if (sources && summary.withUserId === other?.withUserId) madeFrom.set(summary, sources)
    else madeFrom.delete(summary)
    list.push(summary)
  }
  list.sort((a, b) => Number(b.pinned) - Number(a.pinned) || compare(b.activityAt, a.activityAt) || compare(a.id, b.id))
  return list.length === before.length && list.every((room, index) => room === before[index]) ? before : list
}

/** What summaries were made from: as long as it is the same, so are they, and of a thousand rooms only those are made anew that changed. */
const madeFrom = new WeakMap<RoomSummary, readonly unknown[]>()

/**
 * All that the summary of a room depends on, rows by identity; null of rooms with asides or with something in the outbox, which depend on more.
 * @param withUserId as it was found
 */
function sourcesOf(id: string, index: RoomsIndex, withUserId: string | undefined): readonly unknown[] | null {
  const row = index.rooms.get(id)
  if (index.asidesOf.has(id) || index.entriesOf.has(id)) return null
  if (row?.kind === 'direct' && withUserId === undefined) return null
  const { unread, mentions } = index.unread.get(id) ?? NOTHING_UNREAD
  const other = withUserId === undefined ? [] : [index.users.get(withUserId), index.blocked.has(withUserId)]
  return [
    row,
    index.memberships.get(id),
    index.ownMembers.get(`${id}|${index.userId}`),
    index.lastMessages.get(id),
    index.drafts.get(id),
    unread,
    mentions,
    ...other
  ]
}

function isMadeFrom(summary: RoomSummary, sources: readonly unknown[]): boolean {
  const before = madeFrom.get(summary)
  return before?.length === sources.length && sources.every((each, index) => each === before[index])
}

/** Undefined for what is no room to show: an aside, a membership whose room has not arrived yet, words for a room that was discarded. */
export function summaryOf(id: string, index: RoomsIndex): StandingSummary | undefined {
  const { userId } = index
  const row = index.rooms.get(id)
  const membership = index.memberships.get(id)
  const entries = index.entriesOf.get(id) ?? []
  const creation = entries.find((entry) => isOf(entry, 'room.create'))
  const named = standingName(row, entries)
  const kind = row?.kind ?? creation?.operation.kind ?? 'group'
  if (named === undefined || kind === 'aside' || membership?.parentId !== undefined) return undefined

  const withUserId =
    kind === 'direct' ? index.direct.otherIn(id, row?.createdBy, creation?.operation, index.users) : undefined
  const blocked = withUserId !== undefined && index.blocked.has(withUserId)
  const asides = [...(index.asidesOf.get(id) ?? [])]
  const concerned = [...entries, ...asides.flatMap((aside) => index.entriesOf.get(aside) ?? [])]
  const { last, saidAt } = lastOf(id, asides, concerned, index)
  const said = saidAt ?? row?.createdAt ?? creation?.createdAt ?? ''
  const mine = last?.seq === null && last.aside?.seq == null ? (concerned.findLast(isSend)?.createdAt ?? '') : ''
  const recorded = membership ? membership.state === 'joined' : creation !== undefined
  const joined = standingMember(userId, recorded, effective(entries, membership, userStream(userId)), userId)
  const member = index.ownMembers.get(`${id}|${userId}`)
  const role = joined ? standingRole(userId, member, entries, userId) : null
  const changed = standingRoom(row, entries)
  const counts = joined && !blocked ? unreadOf([id, ...asides], index) : NOTHING_UNREAD
  const summary: RoomSummary = {
    id,
    ...named,
    ...(withUserId === undefined ? {} : { name: index.users.get(withUserId)?.displayName ?? '', withUserId }),
    kind,
    ...changed,
    role,
    may: mayIn(kind, changed, role, withUserId === undefined ? undefined : index.users.get(withUserId)),
    room: row ? recordOf(row) : null,
    joined,
    ...(last ? { last } : {}),
    activityAt: compare(mine, said) > 0 ? mine : said,
    waiting: concerned.filter(({ state, operation }) => state === 'pending' && operation.type !== 'read.mark').length,
    refused: concerned.filter(({ state }) => state === 'refused').length,
    draft: index.drafts.get(id) ?? '',
    ...counts,
    ...standingSettings(membership, entries, userId)
  }
  const isOwn = creation !== undefined || row?.createdBy === userId
  const isEmpty = kind === 'direct' && !last && !isOwn && summary.draft === '' && !summary.pinned
  return { summary, hidden: blocked || isEmpty, blocked }
}

/** [S11.8] To somebody whose account was deleted nothing is said any more. */
function mayIn(
  kind: RoomSummary['kind'],
  { writers, closedAt }: Pick<RoomSummary, 'writers' | 'closedAt'>,
  role: MemberRole | null,
  other: UserRow | undefined
): RoomRights {
  const rights = rightsIn({ kind, writers, closedAt: closedAt ?? undefined }, role)
  return other?.deletedAt === undefined ? rights : { ...rights, write: false }
}

const NOTHING_UNREAD: Unread = { unread: 0, mentions: 0 }

function unreadOf(ids: readonly string[], { unread }: RoomsIndex): Unread {
  let all = NOTHING_UNREAD
  for (const id of ids) {
    const one = unread.get(id) ?? NOTHING_UNREAD
    all = { unread: all.unread + one.unread, mentions: all.mentions + one.mentions }
  }
  return { unread: Math.min(UNREAD_CAP, all.unread), mentions: Math.min(UNREAD_CAP, all.mentions) }
}

/** The newest line of the room, asides included, and when the newest that the relay has was accepted. */
function lastOf(
  id: string,
  asides: readonly string[],
  entries: readonly OutboxEntry[],
  index: RoomsIndex
): { last: TimelineItem | undefined; saidAt: string | undefined } {
  const { userId, lastMessages } = index
  const inRoom = lastMessages.get(id)
  const inAside = inAsideOrder(asides.flatMap((aside) => lastMessages.get(aside) ?? [])).at(-1)?.row
  const row = inAside && (inAside.anchorSeq ?? 0) >= (inRoom?.seq ?? 0) ? inAside : inRoom
  const line =
    row &&
    (row === inAside
      ? asideItem(row, userId, {
          userIds: index.asideMembers.get(row.roomId) ?? [],
          settings: standingSettings(index.memberships.get(row.roomId), index.entriesOf.get(row.roomId) ?? [], userId)
        })
      : recordItem(row, userId))
  const stored = line && overlaid(line, entries, row)
  const stands = new Set([inRoom?.id, ...asides.map((aside) => lastMessages.get(aside)?.id)])
  const own = entries.filter(isSend).filter(({ operation }) => !stands.has(operation.messageId))
  const coming =
    own.findLast(({ state }) => state === 'pending') ??
    own.findLast(({ operation, accepted }) => {
      const before = operation.to ? lastMessages.get(asideRoomId(operation.roomId, [userId, ...operation.to])) : inRoom
      return accepted !== undefined && (accepted.seq ?? 0) > (before?.seq ?? 0)
    })
  const refused = stored ? undefined : own.findLast(({ state }) => state === 'refused')
  const shown = coming ?? refused
  return { last: shown ? pendingItem(shown, userId) : stored, saidAt: row?.acceptedAt }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
