// One room with everything that its own page shows. Plain functions of rows and entries.
import { roomStream } from '../../protocol/streams.ts'
import type { RoomDetails } from './chat-store.ts'
import { buildMembers } from './members.ts'
import { isCovered, isOf, standingPins } from './outbox-standing.ts'
import { indexRooms, summaryOf } from './rooms.ts'
import type { RoomsParts } from './rooms.ts'
import type { MemberRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

/** Null if the device does not know the room, and for asides. */
export function detailsOf(roomId: string, parts: RoomsParts, rows: ReadonlyMap<string, MemberRow>): RoomDetails | null {
  const index = indexRooms(parts)
  const standing = summaryOf(roomId, index)
  if (!standing) return null
  const { summary, hidden, blocked } = standing
  const entries = index.entriesOf.get(roomId) ?? []
  const creation = entries.find((entry) => isOf(entry, 'room.create'))
  const history = summary.room ? summary.room.history : creation?.operation.history
  return {
    ...summary,
    hidden,
    blocked,
    ...(history ? { history } : {}),
    pins: standingPins(parts.rooms.get(roomId), entries),
    createdBy: summary.room?.createdBy ?? (creation ? parts.userId : null),
    createdAt: summary.room?.createdAt ?? creation?.createdAt ?? null,
    members: buildMembers(roomId, parts.userId, rows, entries),
    bannedIds: [...bannedIn(roomId, rows, entries)]
  }
}

/** [S11.7] */
function bannedIn(
  roomId: string,
  rows: ReadonlyMap<string, MemberRow>,
  entries: readonly OutboxEntry[]
): ReadonlySet<string> {
  const byUser = new Map([...rows.values()].map((row) => [row.userId, row]))
  const banned = new Set([...byUser.values()].filter((row) => row.banned).map(({ userId }) => userId))
  for (const entry of entries) {
    if (!isOf(entry, 'member.ban') || entry.state === 'refused') continue
    const { userId, set } = entry.operation
    if (isCovered(entry, byUser.get(userId), roomStream(roomId))) continue
    if (set) banned.add(userId)
    else banned.delete(userId)
  }
  return banned
}
