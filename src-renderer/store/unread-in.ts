// How much there is to be read in all rooms together. Pure.
import { isMuted } from './chat-store.ts'
import type { RoomSummary } from './chat-store.ts'

/** What is unread in rooms that are not muted, and what mentions the person in the others. */
export function unreadIn(
  rooms: readonly Pick<RoomSummary, 'unread' | 'mentions' | 'mutedUntil'>[],
  now: number
): number {
  return rooms.reduce(
    (sum, room) => sum + (isMuted(room, now) ? room.mentions : Math.max(room.unread, room.mentions)),
    0
  )
}
