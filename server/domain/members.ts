// Records of who is in a room, for the operations that change them. Decides nothing about who may.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_ROOM_MEMBERS } from '../../protocol/limits.ts'
import type { MemberRecord, MembershipRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { Draft, Reader } from '../storage/port.ts'
import type { ApplyContext } from './applied.ts'

/** @throws ProtocolError `user-not-found` whose field names the first id that is nobody's, or somebody's who is gone [S11.9] */
export async function requireUsers(reader: Reader, userIds: readonly string[], field: string): Promise<void> {
  for (const [index, userId] of userIds.entries()) {
    const user = await reader.user(userId)
    if (!user || user.deletedAt !== undefined) throw userNotFound(`${field}[${index}]`)
  }
}

/** Writes that a user is in the room now: into the room's stream and into the user's own. */
export async function putJoined(
  { draft, now }: ApplyContext,
  roomId: string,
  userId: string,
  as: Pick<MemberRecord, 'role' | 'joinedSeq' | 'parentId'>
): Promise<MemberRecord> {
  const member = { type: 'member', roomId, userId, state: 'joined', joinedAt: now, ...as } as const
  const joined = await draft.put<MemberRecord>(roomStream(roomId), member)
  const { parentId } = as
  await putMembership(draft, roomId, userId, {
    state: 'joined',
    changedAt: now,
    ...(parentId === undefined ? {} : { parentId })
  })
  return joined
}

/** Writes that a joined member is not in the room any more. Who left is an ordinary member, should they come back. */
export async function putEnded(
  { draft, now }: ApplyContext,
  { roomId, userId, joinedAt, joinedSeq }: MemberRecord,
  as: Pick<MemberRecord, 'banned'> & { state: 'left' | 'removed' }
): Promise<MembershipRecord> {
  const ended = { type: 'member', roomId, userId, role: 'member', joinedAt, joinedSeq, ...as } as const
  await draft.put<MemberRecord>(roomStream(roomId), ended)
  return putMembership(draft, roomId, userId, { state: as.state, changedAt: now })
}

/** What is the user's own of a room (read, muted, pinned) outlives leaving and coming back. */
async function putMembership(
  draft: Draft,
  roomId: string,
  userId: string,
  changed: Pick<MembershipRecord, 'state' | 'changedAt' | 'parentId'>
): Promise<MembershipRecord> {
  const { rev: _, ...own } = (await draft.membership(userId, roomId)) ?? { rev: 0 }
  return draft.put<MembershipRecord>(userStream(userId), { ...own, type: 'membership', roomId, ...changed })
}

export function userNotFound(field: string): ProtocolError {
  return new ProtocolError('user-not-found', 'there is no such user here', { field })
}

export function roomFull(): ProtocolError {
  return new ProtocolError('room-full', 'the room cannot hold that many members', { limit: MAX_ROOM_MEMBERS })
}

/** [S11.7] */
export function banned(field?: string): ProtocolError {
  return new ProtocolError('banned', 'this user is kept out of the room', field ? { field } : {})
}
