// Which room is next to another one in the list. Pure.

/** The room that a step leads to, round and round; null when there is no other one. */
export function steppedRoom<Room extends { id: string }>(
  rooms: readonly Room[],
  currentId: string | null,
  step: 1 | -1,
  fits: (room: Room) => boolean
): Room | null {
  const at = rooms.findIndex(({ id }) => id === currentId)
  const from = at >= 0 ? at : step > 0 ? -1 : rooms.length
  for (let distance = 1; distance <= rooms.length; distance++) {
    const room = rooms[(from + step * distance + rooms.length * 2) % rooms.length]
    if (room && room.id !== currentId && fits(room)) return room
  }
  return null
}
