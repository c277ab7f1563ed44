// What is asked of the device as soon as a room is chosen, so that it is there when there is something to draw it with.
import { useEffect } from 'react'
import { catchError, defer, of, switchMap, take } from 'rxjs'
import { useServices } from '../../services-context.tsx'
import type { ScrollPlace } from '../../store/chat-store.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { shownFrom, shownTo, viewOfHeld } from './view.ts'

/** So long, from when they were asked for, the messages are kept for whoever draws them. */
const KEPT_FOR_MS = 2_000

/**
 * Where the person was reading: null when they were at the end, undefined until the device has told.
 * @param exists false when there is no such room, for now: what is known of it is asked anew when it comes back
 */
export function useRoomAhead(roomId: string, exists: boolean): ScrollPlace | null | undefined {
  const { queries } = useServices().store
  // A place to read is no reason not to open the room.
  const place = useObservable(
    () => defer(async () => queries.loadScroll(roomId)).pipe(catchError(() => of(null))),
    [queries, roomId, exists]
  )
  useEffect(() => {
    if (place === undefined || !exists) return
    const messages = queries
      .watchHeld(roomId)
      .pipe(
        take(1),
        switchMap((held) => {
          const view = viewOfHeld(null, held, place?.seq ?? null)
          return queries.watchTimeline(roomId, shownFrom(view), shownTo(view))
        })
      )
      // What cannot be read is told by who draws it.
      .subscribe({ error: () => undefined })
    const timer = setTimeout(() => messages.unsubscribe(), KEPT_FOR_MS)
    return () => {
      clearTimeout(timer)
      messages.unsubscribe()
    }
  }, [queries, roomId, place, exists])
  return place
}
