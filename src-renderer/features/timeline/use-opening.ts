// Where a room opens: where the person was reading, else at the first message that was not read, else at the end.
import { useState } from 'react'
import { UNREAD_CAP } from '../../store/chat-store.ts'
import type { RoomSummary, ScrollPlace } from '../../store/chat-store.ts'

/** So much of what was read stays in sight above what was not. */
const SEEN_ABOVE_PX = 96

/**
 * Null: at the end.
 * @param place as `useRoomShown` says
 */
export function useOpening(room: RoomSummary, place: ScrollPlace | null): ScrollPlace | null {
  const [opening] = useState(() => place ?? firstUnread(room))
  return opening
}

/** How far the person has read, for the divider: null when everything was read. */
export function readUpTo({ unread, readSeq, unreadFrom }: RoomSummary): number | null {
  return unread === 0 ? null : unreadFrom === null ? readSeq : Math.min(readSeq, unreadFrom - 1)
}

/** Null when there is none, or so many that nobody reads them one by one. */
export function firstUnread(room: RoomSummary): ScrollPlace | null {
  const read = readUpTo(room)
  return read === null || room.unread >= UNREAD_CAP ? null : { seq: read + 1, offset: -SEEN_ABOVE_PX }
}
