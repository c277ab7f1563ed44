// Where a room opens: where the person was reading, else at the first message that was not read, else at the end. And what is asked of the device
// before the room is drawn, so that it is there when it is.
import { useEffect, useState } from 'react'
import { catchError, defer, of, switchMap, take } from 'rxjs'
import { useServices } from '../../services-context.tsx'
import { UNREAD_CAP } from '../../store/chat-store.ts'
import type { RoomSummary, ScrollPlace } from '../../store/chat-store.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { newestView, shownFrom } from './view.ts'

/** So much of what was read stays in sight above what was not. */
const SEEN_ABOVE_PX = 96

/** The newest messages are kept so long for whoever draws them. */
const KEPT_FOR_MS = 2_000

/**
 * To be called as soon as the room is known, before there is anything to draw it with. Where the person was reading: null when they were at the end,
 * undefined until the device has told.
 */
export function useRoomAhead(roomId: string): ScrollPlace | null | undefined {
  const { queries } = useServices().store
  useEffect(() => {
    const newest = queries
      .watchHeld(roomId)
      .pipe(
        take(1),
        switchMap((held) => queries.watchTimeline(roomId, shownFrom(newestView(held))))
      )
      // What cannot be read is told by who draws it.
      .subscribe({ error: () => undefined })
    const timer = setTimeout(() => newest.unsubscribe(), KEPT_FOR_MS)
    return () => {
      clearTimeout(timer)
      newest.unsubscribe()
    }
  }, [queries, roomId])
  // A place to read is no reason not to open the room.
  return useObservable(
    () => defer(async () => queries.loadScroll(roomId)).pipe(catchError(() => of(null))),
    [queries, roomId]
  )
}

/**
 * Null: at the end.
 * @param place as `useRoomAhead` says
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
function firstUnread(room: RoomSummary): ScrollPlace | null {
  const read = readUpTo(room)
  return read === null || room.unread >= UNREAD_CAP ? null : { seq: read + 1, offset: -SEEN_ABOVE_PX }
}
