// The directory: everybody of the relay, as the person sees them. Plain functions of rows and entries.
import { notesRoomId } from '../../protocol/derived-ids.ts'
import type { Person } from './chat-store.ts'
import type { DirectRooms } from './direct-rooms.ts'
import { isOf, standingUser } from './outbox-standing.ts'
import { recordOf } from './schemas.ts'
import type { MembershipRow, UserRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

/** Everybody whose account is there; of one's own with own changes. */
export function buildPeople(parts: {
  userId: string
  users: ReadonlyMap<string, UserRow>
  memberships: ReadonlyMap<string, MembershipRow>
  /** [S11.8] */
  blocked: ReadonlySet<string>
  direct: DirectRooms
  entries: readonly OutboxEntry[]
}): readonly Person[] {
  const { userId, users, memberships, blocked, direct, entries } = parts
  const changes = entries.filter((entry) => isOf(entry, 'profile.change') && entry.state !== 'refused')
  const made = new Set(
    entries
      .filter((entry) => isOf(entry, 'room.create') && entry.state !== 'refused')
      .flatMap(({ operation }) => ('roomId' in operation ? [operation.roomId] : []))
  )
  return [...users.values()].flatMap((row): Person[] => {
    if (row.deletedAt !== undefined) return []
    const self = row.id === userId
    const roomId = self ? notesRoomId(userId) : direct.roomWith(row.id)
    const isKnown = memberships.has(roomId) || made.has(roomId)
    const user = recordOf(self ? standingUser(row, changes) : row)
    return [{ user, self, blocked: blocked.has(row.id), roomId: isKnown ? roomId : null }]
  })
}
