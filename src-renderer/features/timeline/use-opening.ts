// Where a room opens: where the person was reading, else at the first message that was not read, else at the end.
import { useEffect, useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { UNREAD_CAP } from '../../store/chat-store.ts'
import type { RoomSummary, ScrollPlace } from '../../store/chat-store.ts'

/** So much of what was read stays in sight above what was not. */
const SEEN_ABOVE_PX = 96

/** Undefined until the device has told; null: at the end. */
export function useOpening(room: RoomSummary): ScrollPlace | null | undefined {
  const { queries } = useServices().store
  const [unread] = useState(() => firstUnread(room))
  const [opening, setOpening] = useState<ScrollPlace | null>()
  useEffect(() => {
    let mounted = true
    const open = (place: ScrollPlace | null) => mounted && setOpening(place)
    queries.loadScroll(room.id).then(
      (place) => open(place ?? unread),
      () => open(unread) // a place to read is no reason not to open the room
    )
    return () => {
      mounted = false
    }
  }, [queries, room.id, unread])
  return opening
}

/** How far the person has read, for the divider: null when everything was read. */
export function readUpTo({ unread, readSeq, unreadFrom }: RoomSummary): number | null {
  return unread === 0 ? null : unreadFrom === null ? readSeq : Math.min(readSeq, unreadFrom - 1)
}

/** Null when there is none, or so many that nobody reads them one by one. */
function firstUnread(room: RoomSummary): ScrollPlace | null {
  const read = readUpTo(room)
  return read === null || room.unread >= UNREAD_CAP ? null : { seq: read + 1, offset: -SEEN_ABOVE_PX }
}
