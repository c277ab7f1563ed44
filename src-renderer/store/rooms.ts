// The list of rooms: what the relay's records say of each, and what this device still wants of them. Plain functions of rows and entries.
import { userStream } from '../../protocol/streams.ts'
import type { RoomSummary, TimelineItem } from './chat-store.ts'
import { byRoom } from './outbox-rules.ts'
import { effective, isOf, standingMember, standingName, standingSettings } from './outbox-standing.ts'
import { recordOf } from './schemas.ts'
import type { MembershipRow, MessageRow, RoomRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'
import { isSend, overlaid, pendingItem, recordItem } from './timeline.ts'

export interface RoomsParts {
  userId: string
  rooms: ReadonlyMap<string, RoomRow>
  memberships: ReadonlyMap<string, MembershipRow>
  /** The newest stored message of each room. */
  lastMessages: ReadonlyMap<string, MessageRow>
  entries: readonly OutboxEntry[]
  /** Text by room. */
  drafts: ReadonlyMap<string, string>
  /** Unread messages by room, as far as they are counted. */
  unread: ReadonlyMap<string, number>
}

/**
 * Rooms that this user is or was in, and rooms that only the outbox knows; pinned ones first, then the latest activity. Costs per room, whatever the length of
 * their histories [S16]. Summaries equal to one of `before` are the same objects, and so is the list if nothing changed.
 */
export function buildRooms(parts: RoomsParts, before: readonly RoomSummary[] = []): readonly RoomSummary[] {
  const entriesOf = byRoom(parts.entries)
  const known = new Map(before.map((room) => [room.id, room]))
  const list: RoomSummary[] = []
  for (const id of new Set([...parts.memberships.keys(), ...entriesOf.keys()])) {
    if (id === null) continue
    const room = summaryOf(id, entriesOf.get(id) ?? [], parts)
    if (!room) continue
    const other = known.get(id)
    list.push(other && JSON.stringify(other) === JSON.stringify(room) ? other : room)
  }
  list.sort((a, b) => Number(b.pinned) - Number(a.pinned) || compare(b.activityAt, a.activityAt) || compare(a.id, b.id))
  return list.length === before.length && list.every((room, index) => room === before[index]) ? before : list
}

function summaryOf(id: string, entries: readonly OutboxEntry[], parts: RoomsParts): RoomSummary | undefined {
  const { userId } = parts
  const row = parts.rooms.get(id)
  const membership = parts.memberships.get(id)
  const creation = entries.find((entry) => isOf(entry, 'room.create'))
  const named = standingName(row, entries)
  // A membership whose room has not arrived yet, or words for a room that was discarded: nothing to show by name.
  if (named === undefined) return undefined

  const row0 = parts.lastMessages.get(id)
  const stored = row0 && overlaid(recordItem(row0, userId), entries, row0)
  const own = entries.filter(isSend).filter(({ operation }) => operation.messageId !== stored?.id)
  const coming =
    own.findLast(({ state }) => state === 'pending') ?? own.findLast(({ accepted }) => isNewer(accepted, stored))
  const refused = stored ? undefined : own.findLast(({ state }) => state === 'refused')
  const shown = coming ?? refused
  const last = shown ? pendingItem(shown, userId) : stored
  const said = stored?.acceptedAt ?? row?.createdAt ?? creation?.createdAt ?? ''
  const mine = shown?.createdAt ?? ''
  const recorded = membership ? membership.state === 'joined' : creation !== undefined
  const joined = standingMember(userId, recorded, effective(entries, membership, userStream(userId)), userId)
  const { readSeq, unreadFrom, mutedUntil, pinned } = standingSettings(membership, entries, userId)
  return {
    id,
    ...named,
    kind: row?.kind ?? creation?.operation.kind ?? 'group',
    room: row ? recordOf(row) : null,
    joined,
    ...(last ? { last } : {}),
    activityAt: compare(mine, said) > 0 ? mine : said,
    waiting: entries.filter(({ state, operation }) => state === 'pending' && operation.type !== 'read.mark').length,
    refused: entries.filter(({ state }) => state === 'refused').length,
    draft: parts.drafts.get(id) ?? '',
    unread: joined ? (parts.unread.get(id) ?? 0) : 0,
    readSeq,
    unreadFrom,
    pinned,
    mutedUntil
  }
}

/** Whether an accepted message whose record is not here stands behind the newest one that is. */
function isNewer(accepted: OutboxEntry['accepted'], stored: TimelineItem | undefined): boolean {
  return accepted !== undefined && (accepted.seq ?? 0) > (stored?.seq ?? 0)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
