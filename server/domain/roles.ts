// member.role and member.ban [SPEC §3, S11.7].
import type { OperationOf } from '../../protocol/operations.ts'
import type { MemberRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import { notPermitted, requireActor } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { requireRemovable } from './leaving.ts'
import { putEnded, requireUsers, userNotFound } from './members.ts'
import { appendSystemLine } from './system-lines.ts'

/** Gives another joined member a role; `owner` hands the room over, and the actor stays as an admin. */
export async function changeRole(context: ApplyContext, operation: OperationOf<'member.role'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId, userId, role } = operation
  const { member: actor } = await requireActor(draft, { roomId, userId: actorId }, 'role')
  if (userId === actorId) throw notPermitted('an owner gives the own role to another')
  const target = await draft.member(roomId, userId)
  if (target?.state !== 'joined') throw userNotFound('userId')
  const stream = roomStream(roomId)
  if (target.role === role) return { stream, rev: target.rev, changed: false }

  await putRole(context, target, role)
  if (role === 'owner') await putRole(context, actor, 'admin')
  const line = await appendSystemLine(context, roomId, { name: 'member-role-set', userIds: [userId], role })
  return { stream, rev: line.rev, changed: true }
}

async function putRole({ draft }: ApplyContext, member: MemberRecord, role: MemberRecord['role']): Promise<void> {
  const { rev: _, ...rest } = member
  await draft.put<MemberRecord>(roomStream(member.roomId), { ...rest, role })
}

/** [S11.7] Removes somebody and keeps them out, or lets them in again; of an open room also who was never in it. */
export async function setBan(context: ApplyContext, operation: OperationOf<'member.ban'>): Promise<Applied> {
  const { draft, now } = context
  const { roomId, userId, set } = operation
  const stream = roomStream(roomId)
  const target = await requireRemovable(context, roomId, userId)
  if (!target) {
    if ((await draft.room(roomId))?.kind !== 'open') throw userNotFound('userId')
    await requireUsers(draft, [userId], 'userId')
  }
  if ((target?.banned ?? false) === set) {
    return { stream, rev: target?.rev ?? (await draft.head(stream)), changed: false }
  }
  if (target && !set) return putBan(context, target, false)

  const joinedSeq = await draft.headSeq(roomId)
  const kept = target ?? {
    type: 'member',
    roomId,
    userId,
    role: 'member',
    state: 'removed',
    joinedAt: now,
    joinedSeq,
    rev: 0
  }
  if (kept.state === 'joined') await putEnded(context, kept, { state: 'removed', banned: true })
  else await putBan(context, kept, true)
  const line = await appendSystemLine(context, roomId, { name: 'member-banned', userIds: [userId] })
  return { stream, rev: line.rev, changed: true }
}

async function putBan({ draft }: ApplyContext, member: MemberRecord, set: boolean): Promise<Applied> {
  const { rev: _rev, banned: _banned, ...rest } = member
  const stream = roomStream(member.roomId)
  const { rev } = await draft.put<MemberRecord>(stream, set ? { ...rest, banned: true } : rest)
  return { stream, rev, changed: true }
}
