// Going out of rooms: member.remove [SPEC §3], who owns a room that its owner left, and leaving all at once [S11.9].
import type { OperationOf } from '../../protocol/operations.ts'
import type { MemberRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Draft, Reader } from '../storage/port.ts'
import { notPermitted, requireActor } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { putEnded, userNotFound } from './members.ts'
import { isKnown, mayRemove } from './permissions.ts'
import { appendSystemLine } from './system-lines.ts'

/** Leaving (with the own id), or removal by who may. */
export function removeMember(context: ApplyContext, operation: OperationOf<'member.remove'>): Promise<Applied> {
  return operation.userId === context.actorId ? leave(context, operation) : removeOther(context, operation)
}

/** Answers in the own stream: the room is not the actor's to read any more. */
async function leave(context: ApplyContext, { roomId, quietly }: OperationOf<'member.remove'>): Promise<Applied> {
  const { draft, actorId } = context
  const stream = userStream(actorId)
  const standing = await draft.member(roomId, actorId)
  if (standing && standing.state !== 'joined') return { stream, rev: await draft.head(stream), changed: false }
  const { member } = await requireActor(draft, { roomId, userId: actorId }, 'leave')

  const membership = await putEnded(context, member, { state: 'left' })
  if (member.role === 'owner') await handOver(draft, roomId)
  if (!quietly) await appendSystemLine(context, roomId, { name: 'member-left', userIds: [actorId] })
  return { stream, rev: membership.rev, changed: true }
}

async function removeOther(context: ApplyContext, { roomId, userId }: OperationOf<'member.remove'>): Promise<Applied> {
  const target = await requireRemovable(context, roomId, userId)
  if (!target) throw userNotFound('userId')
  const stream = roomStream(roomId)
  if (target.state !== 'joined') return { stream, rev: target.rev, changed: false }

  await putEnded(context, target, { state: 'removed' })
  const line = await appendSystemLine(context, roomId, { name: 'member-removed', userIds: [userId] })
  return { stream, rev: line.rev, changed: true }
}

/**
 * The record of somebody whom the actor may remove, ban or let in again; undefined for one who was never in the room.
 * @throws ProtocolError as `requireActor`; `not-permitted` if the other one stands as high as the actor, or is the actor
 */
export async function requireRemovable(
  { draft, actorId }: ApplyContext,
  roomId: string,
  userId: string
): Promise<MemberRecord | undefined> {
  const { member: actor } = await requireActor(draft, { roomId, userId: actorId }, 'remove')
  if (userId === actorId) throw notPermitted('nobody does this to themselves')
  const target = await draft.member(roomId, userId)
  if (!mayRemove(actor.role, target?.role ?? 'member')) throw notPermitted()
  return target
}

/** The streams that `leaveAllRooms` writes to, as the user's rooms are now; rooms joined meanwhile make it throw. */
export async function streamsOfLeavingAll(reader: Reader, userId: string): Promise<StreamId[]> {
  const joined = (await reader.memberships(userId)).filter(({ state }) => state === 'joined')
  return [userStream(userId), ...joined.map(({ roomId }) => roomStream(roomId))]
}

/**
 * [S11.9] Takes the actor out of every room, of whatever kind. Groups and open rooms are told by a line; asides are left with their
 * parents [S11.5].
 */
export async function leaveAllRooms(context: ApplyContext): Promise<void> {
  const { draft, actorId } = context
  for (const { roomId, state, parentId } of await draft.memberships(actorId)) {
    const member = state === 'joined' && parentId === undefined ? await draft.member(roomId, actorId) : undefined
    const room = member && (await draft.room(roomId))
    if (!member || !room) continue
    await putEnded(context, member, { state: 'left' })
    if (!isKnown('leave', room.kind)) continue
    if (member.role === 'owner') await handOver(draft, roomId)
    await appendSystemLine(context, roomId, { name: 'member-left', userIds: [actorId] })
  }
}

/** An admin before a member; of these who joined first: by seq, never by a clock [S5]; of those who came together, by id. */
async function handOver(draft: Draft, roomId: string): Promise<void> {
  const heirs = (await draft.members(roomId)).filter(({ state }) => state === 'joined')
  const first = heirs.reduce<MemberRecord | undefined>((a, b) => (a && !inheritsBefore(b, a) ? a : b), undefined)
  if (!first) return
  const { rev: _, ...heir } = first
  await draft.put<MemberRecord>(roomStream(roomId), { ...heir, role: 'owner' })
}

function inheritsBefore(a: MemberRecord, b: MemberRecord): boolean {
  if (a.role !== b.role) return a.role === 'admin'
  return a.joinedSeq === b.joinedSeq ? a.userId < b.userId : a.joinedSeq < b.joinedSeq
}
