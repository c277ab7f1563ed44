// Where a notification leads, as the address of the page.
import type { NoticePlace } from './bridge.ts'
import { goToMessage, goToRoom } from './hash-route.ts'

/** Null: the page stays as it is. */
export function goToPlace(place: NoticePlace | null): void {
  if (place === null) return
  if (place.seq === null) goToRoom(place.roomId)
  else goToMessage(place.roomId, place.seq)
}
