// The list of rooms: what the relay's records say of each, and what this device still wants of them. Plain functions of rows and entries.
import type { OperationOf } from '../../protocol/operations.ts'
import type { RoomSummary, TimelineItem } from './chat-store.ts'
import { roomIdOf } from './outbox-rules.ts'
import { recordOf } from './schemas.ts'
import type { MembershipRow, MessageRow, RoomRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'
import { isSend, pendingItem, recordItem } from './timeline.ts'

export interface RoomsParts {
  userId: string
  rooms: ReadonlyMap<string, RoomRow>
  memberships: ReadonlyMap<string, MembershipRow>
  /** The newest stored message of each room. */
  lastMessages: ReadonlyMap<string, MessageRow>
  entries: readonly OutboxEntry[]
  /** Text by room. */
  drafts: ReadonlyMap<string, string>
}

/**
 * Rooms that this user is or was in, and rooms that only the outbox knows; the latest activity first. Costs per room, whatever the length of
 * their histories [S16]. Summaries equal to one of `before` are the same objects, and so is the list if nothing changed.
 */
export function buildRooms(parts: RoomsParts, before: readonly RoomSummary[] = []): readonly RoomSummary[] {
  const entriesOf = new Map<string, OutboxEntry[]>()
  for (const entry of parts.entries) {
    const roomId = roomIdOf(entry.operation)
    if (roomId === null) continue
    entriesOf.set(roomId, [...(entriesOf.get(roomId) ?? []), entry])
  }
  const known = new Map(before.map((room) => [room.id, room]))
  const list: RoomSummary[] = []
  for (const id of new Set([...parts.memberships.keys(), ...entriesOf.keys()])) {
    const room = summaryOf(id, entriesOf.get(id) ?? [], parts)
    if (!room) continue
    const other = known.get(id)
    list.push(other && JSON.stringify(other) === JSON.stringify(room) ? other : room)
  }
  list.sort((a, b) => compare(b.activityAt, a.activityAt) || compare(a.id, b.id))
  return list.length === before.length && list.every((room, index) => room === before[index]) ? before : list
}

function summaryOf(id: string, entries: readonly OutboxEntry[], parts: RoomsParts): RoomSummary | undefined {
  const row = parts.rooms.get(id)
  const membership = parts.memberships.get(id)
  const creation = entries.find(({ operation }) => operation.type === 'room.create')
  const name = row?.name ?? (creation?.operation as OperationOf<'room.create'> | undefined)?.name
  // A membership whose room has not arrived yet, or words for a room that was discarded: nothing to show by name.
  if (name === undefined) return undefined

  const row0 = parts.lastMessages.get(id)
  const stored = row0 && recordItem(row0, parts.userId)
  const own = entries.filter(isSend).filter(({ operation }) => operation.messageId !== stored?.id)
  const coming =
    own.findLast(({ state }) => state === 'pending') ?? own.findLast(({ accepted }) => isNewer(accepted, stored))
  const refused = stored ? undefined : own.findLast(({ state }) => state === 'refused')
  const shown = coming ?? refused
  const last = shown ? pendingItem(shown, parts.userId) : stored
  const said = stored?.acceptedAt ?? row?.createdAt ?? creation?.createdAt ?? ''
  const mine = shown?.createdAt ?? ''
  const leaving = entries.some(({ operation: each, state }) => {
    return each.type === 'member.remove' && each.userId === parts.userId && state !== 'refused'
  })
  return {
    id,
    name,
    room: row ? recordOf(row) : null,
    joined: (membership ? membership.state === 'joined' : creation !== undefined) && !leaving,
    ...(last ? { last } : {}),
    activityAt: compare(mine, said) > 0 ? mine : said,
    waiting: entries.filter(({ state }) => state === 'pending').length,
    refused: entries.filter(({ state }) => state === 'refused').length,
    draft: parts.drafts.get(id) ?? ''
  }
}

/** Whether an accepted message whose record is not here stands behind the newest one that is. */
function isNewer(accepted: OutboxEntry['accepted'], stored: TimelineItem | undefined): boolean {
  return accepted !== undefined && (accepted.seq ?? 0) > (stored?.seq ?? 0)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
