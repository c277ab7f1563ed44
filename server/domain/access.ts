// Who may see and do what in a room [S11]: the one place that decides it.
import { ProtocolError } from '../../protocol/errors.ts'
import type { MemberRecord, MessageRecord } from '../../protocol/records.ts'
import type { Reader } from '../storage/port.ts'

/**
 * The user's joined membership of the room.
 * @throws ProtocolError `room-not-found` if the user was never in it or there is none, `not-a-member` if it has ended [S11].
 */
export async function requireJoined(reader: Reader, roomId: string, userId: string): Promise<MemberRecord> {
  const member = await reader.member(roomId, userId)
  if (!member) throw roomNotFound()
  if (member.state !== 'joined') throw notAMember()
  return member
}

/**
 * A message of the room that the joined user may read.
 * @throws ProtocolError like `requireJoined`; `message-not-found`, whose field is `field`, if there is none, or it is below the floor [S11.4]
 */
export async function requireReadable(
  reader: Reader,
  at: { roomId: string; messageId: string; userId: string },
  field = 'messageId'
): Promise<MessageRecord> {
  const member = await requireJoined(reader, at.roomId, at.userId)
  const message = await reader.message(at.roomId, at.messageId)
  const isEarlier = message !== undefined && message.seq <= member.joinedSeq
  const isHidden = isEarlier && (await reader.room(at.roomId))?.history === 'from-joining'
  if (!message || isHidden) throw new ProtocolError('message-not-found', 'the room has no such message', { field })
  return message
}

/** [S6.4] */
export function roomDamaged(cause: unknown): ProtocolError {
  return new ProtocolError('room-damaged', 'the relay cannot read a part of this room', { cause })
}

/** For who has been in the room. */
export function notAMember(): ProtocolError {
  return new ProtocolError('not-a-member', 'you are not a member of this room any more')
}

/** The same words for a room that does not exist and for one that the asker was never in [S11]. */
export function roomNotFound(): ProtocolError {
  return new ProtocolError('room-not-found', 'there is no such room', { field: 'roomId' })
}
