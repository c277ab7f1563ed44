// room.join, member.add and member.remove [SPEC §3], and what making a room shares with them.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_ROOM_MEMBERS } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { MemberRecord, MembershipRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { Draft } from '../storage/port.ts'
import { notAMember, requireJoined, roomNotFound } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { appendSystemLine } from './system-lines.ts'

/** @throws ProtocolError `user-not-found` whose field names the first id that is nobody's */
export async function requireUsers(draft: Draft, userIds: readonly string[], field: string): Promise<void> {
  for (const [index, userId] of userIds.entries()) {
    if (!(await draft.user(userId))) {
      throw new ProtocolError('user-not-found', 'there is no such user', { field: `${field}[${index}]` })
    }
  }
}

/** Writes that a user is in the room now: into the room's stream and into the user's own. */
export async function putJoined(
  { draft, now }: ApplyContext,
  roomId: string,
  userId: string,
  as: Pick<MemberRecord, 'role' | 'joinedSeq'>
): Promise<void> {
  const member = { type: 'member', roomId, userId, state: 'joined', joinedAt: now, ...as } as const
  await draft.put<MemberRecord>(roomStream(roomId), member)
  await putMembership(draft, roomId, userId, { state: 'joined', changedAt: now })
}

/** What is the user's own of a room (read, muted, pinned) outlives leaving and coming back. */
async function putMembership(
  draft: Draft,
  roomId: string,
  userId: string,
  changed: Pick<MembershipRecord, 'state' | 'changedAt'>
): Promise<MembershipRecord> {
  const { rev: _, ...own } = (await draft.membership(userId, roomId)) ?? { rev: 0 }
  return draft.put<MembershipRecord>(userStream(userId), { ...own, type: 'membership', roomId, ...changed })
}

/** Into an open room, by oneself. Who comes into an empty one owns it from then on. */
export async function joinRoom(context: ApplyContext, { roomId }: OperationOf<'room.join'>): Promise<Applied> {
  const { draft, actorId } = context
  const stream = roomStream(roomId)
  const member = await draft.member(roomId, actorId)
  if (member?.state === 'joined') return { stream, rev: member.rev, changed: false }
  const room = await draft.room(roomId)
  if (room?.kind !== 'open') throw member ? notAMember() : roomNotFound()
  const standing = await draft.memberCount(roomId)
  if (standing >= MAX_ROOM_MEMBERS) throw roomFull()

  const role = standing === 0 ? 'owner' : 'member'
  await putJoined(context, roomId, actorId, { role, joinedSeq: await draft.headSeq(roomId) })
  const line = await appendSystemLine(context, roomId, { name: 'member-joined', userIds: [actorId] })
  return { stream, rev: line.rev, changed: true }
}

/** Takes users into the room; those who are in it already stay as they are. */
export async function addMembers(context: ApplyContext, operation: OperationOf<'member.add'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId } = operation
  const stream = roomStream(roomId)
  await requireJoined(draft, roomId, actorId)
  await requireUsers(draft, operation.userIds, 'userIds')

  const added: string[] = []
  let standing = 0
  for (const userId of new Set(operation.userIds)) {
    const member = await draft.member(roomId, userId)
    if (member?.state === 'joined') standing = Math.max(standing, member.rev)
    else added.push(userId)
  }
  if (added.length === 0) return { stream, rev: standing, changed: false }
  if ((await draft.memberCount(roomId)) + added.length > MAX_ROOM_MEMBERS) throw roomFull()

  const joinedSeq = await draft.headSeq(roomId)
  for (const userId of added) await putJoined(context, roomId, userId, { role: 'member', joinedSeq })
  const line = await appendSystemLine(context, roomId, { name: 'member-added', userIds: added })
  return { stream, rev: line.rev, changed: true }
}

/** Leaving (with the own id), or removal by the room's owner. */
export function removeMember(context: ApplyContext, operation: OperationOf<'member.remove'>): Promise<Applied> {
  const leaving = operation.userId === context.actorId
  return leaving ? leave(context, operation.roomId) : removeOther(context, operation.roomId, operation.userId)
}

/** Answers in the own stream: the room is not the actor's to read any more. */
async function leave(context: ApplyContext, roomId: string): Promise<Applied> {
  const { draft, actorId } = context
  const stream = userStream(actorId)
  const member = await draft.member(roomId, actorId)
  if (member && member.state !== 'joined') return { stream, rev: await draft.head(stream), changed: false }
  const leaver = await requireJoined(draft, roomId, actorId)

  const membership = await putEnded(context, leaver, 'left')
  if (leaver.role === 'owner') await handOver(draft, roomId)
  await appendSystemLine(context, roomId, { name: 'member-left', userIds: [actorId] })
  return { stream, rev: membership.rev, changed: true }
}

async function removeOther(context: ApplyContext, roomId: string, userId: string): Promise<Applied> {
  const { draft, actorId } = context
  const actor = await requireJoined(draft, roomId, actorId)
  if (actor.role !== 'owner') throw new ProtocolError('not-permitted', 'only the owner of the room may remove others')
  const member = await draft.member(roomId, userId)
  if (!member) throw new ProtocolError('user-not-found', 'this user was never in the room', { field: 'userId' })
  const stream = roomStream(roomId)
  if (member.state !== 'joined') return { stream, rev: member.rev, changed: false }

  await putEnded(context, member, 'removed')
  const line = await appendSystemLine(context, roomId, { name: 'member-removed', userIds: [userId] })
  return { stream, rev: line.rev, changed: true }
}

/** Who left is an ordinary member, should they come back. */
async function putEnded(
  { draft, now }: ApplyContext,
  { roomId, userId, joinedAt, joinedSeq }: MemberRecord,
  state: 'left' | 'removed'
): Promise<MembershipRecord> {
  const ended = { type: 'member', roomId, userId, role: 'member', state, joinedAt, joinedSeq } as const
  await draft.put<MemberRecord>(roomStream(roomId), ended)
  return putMembership(draft, roomId, userId, { state, changedAt: now })
}

/** The member who joined first becomes owner: by seq, never by a clock [S5]; of those who came together, by id. */
async function handOver(draft: Draft, roomId: string): Promise<void> {
  const heirs = (await draft.members(roomId)).filter(({ state }) => state === 'joined')
  const first = heirs.reduce<MemberRecord | undefined>((a, b) => (a && !joinedBefore(b, a) ? a : b), undefined)
  if (!first) return
  const { rev: _, ...heir } = first
  await draft.put<MemberRecord>(roomStream(roomId), { ...heir, role: 'owner' })
}

function roomFull(): ProtocolError {
  return new ProtocolError('room-full', 'the room cannot hold that many members', { limit: MAX_ROOM_MEMBERS })
}

function joinedBefore(a: MemberRecord, b: MemberRecord): boolean {
  return a.joinedSeq === b.joinedSeq ? a.userId < b.userId : a.joinedSeq < b.joinedSeq
}
