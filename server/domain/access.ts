// Who may see and do what in a room [S11, SPEC §3.1]: the one place that decides it, by the table in permissions.ts.
import { ProtocolError } from '../../protocol/errors.ts'
import type { MemberRecord, MessageRecord, RoomRecord } from '../../protocol/records.ts'
import type { Reader } from '../storage/port.ts'
import { isAllowedWhenClosed, isKnown, isPermitted } from './permissions.ts'
import type { Act } from './permissions.ts'

/**
 * The user's joined membership of the room; of an aside, whose parent the user is joined in too [S11.5].
 * @throws ProtocolError `room-not-found` if the user was never in it or there is none, `not-a-member` if it has ended [S11].
 */
export async function requireJoined(reader: Reader, roomId: string, userId: string): Promise<MemberRecord> {
  const member = await reader.member(roomId, userId)
  if (!member) throw roomNotFound()
  if (member.state !== 'joined') throw notAMember()
  if (member.parentId !== undefined && !(await isJoined(reader, member.parentId, userId))) throw notAMember()
  return member
}

/**
 * The room, if the joined member may do this in it. Costs one read, of an aside three.
 * @throws ProtocolError `not-permitted`, `room-closed` [S11.6], `not-a-member`
 */
export async function requireMay(reader: Reader, member: MemberRecord, act: Act): Promise<RoomRecord> {
  const room = await reader.room(member.roomId)
  if (!room) throw roomNotFound()
  if (!isKnown(act, room.kind)) throw notPermitted()
  if (room.closedAt !== undefined && !isAllowedWhenClosed(act)) throw roomClosed()
  if (!isPermitted(act, room, member.role)) throw notPermitted()
  if (room.parentId !== undefined) {
    await requireMay(reader, await requireJoined(reader, room.parentId, member.userId), act)
  }
  return room
}

/** `requireJoined` and `requireMay` in one. */
export async function requireActor(
  reader: Reader,
  { roomId, userId }: { roomId: string; userId: string },
  act: Act
): Promise<{ member: MemberRecord; room: RoomRecord }> {
  const member = await requireJoined(reader, roomId, userId)
  return { member, room: await requireMay(reader, member, act) }
}

/**
 * Where something new is said, all whom it is for must still be there: in an aside everybody in the parent [S11.5], in a direct room the
 * other one [S11.8].
 * @throws ProtocolError `recipient-left`
 */
export async function requireHearers(reader: Reader, room: RoomRecord): Promise<void> {
  if (room.kind === 'direct' && (await reader.memberCount(room.id)) < 2) throw recipientLeft()
  const { parentId } = room
  if (parentId === undefined) return
  for (const { userId } of await reader.members(room.id)) {
    if (!(await isJoined(reader, parentId, userId))) throw recipientLeft()
  }
}

/**
 * A message of the room that the joined member may read.
 * @throws ProtocolError `message-not-found`, whose field is `field`, if there is none, or it is below the floor [S11.4]
 */
export async function requireReadable(
  reader: Reader,
  member: MemberRecord,
  messageId: string,
  field = 'messageId'
): Promise<MessageRecord> {
  const message = await reader.message(member.roomId, messageId)
  const isEarlier = message !== undefined && message.seq <= member.joinedSeq
  const isHidden = isEarlier && (await reader.room(member.roomId))?.history === 'from-joining'
  if (!message || isHidden) throw messageNotFound(field)
  return message
}

/** Whether the user is a joined member, whatever else. */
export async function isJoined(reader: Reader, roomId: string, userId: string): Promise<boolean> {
  return (await reader.member(roomId, userId))?.state === 'joined'
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

export function messageNotFound(field: string): ProtocolError {
  return new ProtocolError('message-not-found', 'the room has no such message', { field })
}

/** For who is in the room. */
export function notPermitted(message = 'you may not do this in this room'): ProtocolError {
  return new ProtocolError('not-permitted', message)
}

/** [S11.6] */
export function roomClosed(): ProtocolError {
  return new ProtocolError('room-closed', 'the room was closed: nothing is said or changed there any more')
}

/** [S11.5, S11.8] @param field names who is not there any more, if the operation names them */
export function recipientLeft(field?: string): ProtocolError {
  return new ProtocolError('recipient-left', 'somebody whom this is for is not there any more', field ? { field } : {})
}
