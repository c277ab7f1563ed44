// Who may see and do what in a room [S11]: the one place that decides it.
import { ProtocolError } from '../../protocol/errors.ts'
import type { MemberRecord } from '../../protocol/records.ts'
import type { Reader } from '../storage/port.ts'

/**
 * The user's joined membership of the room.
 * @throws ProtocolError `room-not-found` if the user was never in it or there is none, `not-a-member` if it has ended [S11].
 */
export async function requireJoined(reader: Reader, roomId: string, userId: string): Promise<MemberRecord> {
  const member = await reader.member(roomId, userId)
  if (!member) throw roomNotFound()
  if (member.state !== 'joined') throw new ProtocolError('not-a-member', 'you are not a member of this room any more')
  return member
}

/** The same words for a room that does not exist and for one that the asker was never in [S11]. */
export function roomNotFound(): ProtocolError {
  return new ProtocolError('room-not-found', 'there is no such room', { field: 'roomId' })
}
