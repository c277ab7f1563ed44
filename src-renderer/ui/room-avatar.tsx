// A room's sign: its own, or that of the person whom it is shared with. Knows no room but what it is told of one.
import { Avatar } from './avatar.tsx'
import type { SignColor } from './sign-colors.ts'

interface RoomAvatarProps {
  room: { id: string; avatar?: string | undefined }
  /** What the room is called. */
  title: string
  /** Of a direct room the other person, of notes oneself. */
  person?: { id: string; color?: SignColor | undefined; avatar?: string | undefined } | undefined
  size?: number
}

export function RoomAvatar({ room, title, person, size }: RoomAvatarProps) {
  const sized = size === undefined ? {} : { size }
  return person ? (
    <Avatar id={person.id} name={title} color={person.color} picture={person.avatar} {...sized} />
  ) : (
    <Avatar of="room" id={room.id} name={title} picture={room.avatar} {...sized} />
  )
}
