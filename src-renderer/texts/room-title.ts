// What a room is called on the screen: rooms of one or two people have no name of their own. Pure.
import type { RoomKind } from '../../protocol/records.ts'
import type { Texts } from './texts.ts'

/** The room's name; of a direct room the other person's, of notes to self what those are called. */
export function roomTitle(texts: Texts, room: { kind: RoomKind; name: string }): string {
  if (room.kind === 'notes') return texts.roomList.notes
  return room.name === '' ? texts.unknownPerson : room.name
}
