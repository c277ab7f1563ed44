// The room on the screen, and beside it, unseen, the one that may be chosen next.
import { Activity, createContext, useContext } from 'react'
import type { RoomShown, RoomsShown } from './features/timeline/use-room-shown.ts'
import { RoomScreen } from './room-screen.tsx'

/** The room that is drawn unseen, because it may be chosen next. */
export const NextRoom = createContext<RoomsShown['next']>(null)

export function RoomScreens(front: RoomShown) {
  const next = useContext(NextRoom)
  return (next ? [front, next] : [front]).map((room) => (
    <Activity key={room.roomId} mode={room === front ? 'visible' : 'hidden'}>
      <RoomScreen {...room} />
    </Activity>
  ))
}
