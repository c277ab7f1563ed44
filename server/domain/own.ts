// What concerns the actor alone: read.mark [S12], room.settings, profile.change and preferences.change [SPEC §3].
import { ProtocolError } from '../../protocol/errors.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { MembershipRecord, PreferencesRecord, ReadRecord, UserRecord } from '../../protocol/records.ts'
import type { PreferencesAnswer } from '../../protocol/rest.ts'
import { readsStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { Draft, Reader } from '../storage/port.ts'
import { notAMember, roomNotFound } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { changedPicture } from './avatars.ts'

/**
 * [S12.1] Moves the actor's watermark up, never down and not beyond the room's head. Asks the membership, not the member: its stream is one
 * that this operation writes to, so nobody is removed meanwhile. [S12.6] Of who has switched receipts off the others are told nothing.
 */
export async function markRead(
  { draft, actorId }: ApplyContext,
  operation: OperationOf<'read.mark'>
): Promise<Applied> {
  const { roomId } = operation
  const membership = await requireMembership(draft, roomId, actorId)
  if (membership.state !== 'joined') throw notAMember()
  // [S11.5] The parent's is in the same stream.
  const { parentId } = membership
  if (parentId !== undefined && (await draft.membership(actorId, parentId))?.state !== 'joined') throw notAMember()
  const seq = Math.min(operation.seq, await draft.headSeq(roomId))
  const told = (await draft.read(roomId, actorId))?.seq ?? 0
  const tells = seq > told && (await draft.user(actorId))?.receipts !== false

  const { unreadFrom, ...marked } = membership
  if (tells) await draft.put<ReadRecord>(readsStream(roomId), { type: 'read', roomId, userId: actorId, seq })
  const readSeq = Math.max(seq, membership.readSeq ?? 0)
  if (readSeq === (membership.readSeq ?? 0) && unreadFrom === undefined) {
    return { ...standing(actorId, membership), changed: tells }
  }
  return putMembership(draft, actorId, readSeq === 0 ? marked : { ...marked, readSeq })
}

/** The actor's own settings of a room, also of one that the actor is no longer in. */
export async function changeSettings(
  { draft, actorId }: ApplyContext,
  operation: OperationOf<'room.settings'>
): Promise<Applied> {
  const membership = await requireMembership(draft, operation.roomId, actorId)
  const { mutedUntil = membership.mutedUntil, unreadFrom = membership.unreadFrom } = operation
  const pinned = operation.pinned ?? membership.pinned ?? false
  const same =
    (mutedUntil ?? undefined) === membership.mutedUntil &&
    (unreadFrom ?? undefined) === membership.unreadFrom &&
    pinned === (membership.pinned ?? false)
  if (same) return standing(actorId, membership)

  const { mutedUntil: _muted, unreadFrom: _unread, pinned: _pinned, ...rest } = membership
  return putMembership(draft, actorId, {
    ...rest,
    ...(unreadFrom == null ? {} : { unreadFrom }),
    ...(mutedUntil == null ? {} : { mutedUntil }),
    ...(pinned ? { pinned } : {})
  })
}

/** How the actor is shown to everybody. */
export async function changeProfile(context: ApplyContext, operation: OperationOf<'profile.change'>): Promise<Applied> {
  const { draft, actorId } = context
  const user = await draft.user(actorId)
  if (!user || user.deletedAt !== undefined) throw new ProtocolError('user-not-found', 'there is no such user')
  const picture = changedPicture(context, operation.avatar, user.avatar)
  const { displayName = user.displayName, color = user.color } = operation
  const status = operation.status === undefined ? user.status : (operation.status ?? undefined)
  const avatar = picture === undefined ? user.avatar : picture?.hash
  const receipts = operation.receipts ?? user.receipts ?? true
  const same =
    displayName === user.displayName &&
    color === user.color &&
    status === user.status &&
    avatar === user.avatar &&
    receipts === (user.receipts ?? true)
  if (same) return { stream: USERS_STREAM, rev: user.rev, changed: false }

  if (picture !== undefined) draft.putAvatar(actorId, picture)
  const { rev: _rev, status: _status, avatar: _avatar, receipts: _receipts, ...rest } = user
  const { rev } = await draft.put<UserRecord>(USERS_STREAM, {
    ...rest,
    displayName,
    ...(color === undefined ? {} : { color }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(status === undefined ? {} : { status }),
    ...(receipts ? {} : { receipts })
  })
  return { stream: USERS_STREAM, rev, changed: true }
}

/** [S14.3] What the actor's devices have in common, told to nobody else. */
export async function changePreferences(
  { draft, actorId }: ApplyContext,
  operation: OperationOf<'preferences.change'>
): Promise<Applied> {
  const stream = userStream(actorId)
  const held = await draft.preferences(actorId)
  const before = held?.availability ?? 'auto'
  const { availability = before } = operation
  if (availability === before) return { stream, rev: held?.rev ?? (await draft.head(stream)), changed: false }
  const { rev } = await draft.put<PreferencesRecord>(stream, {
    type: 'preferences',
    ...(availability === 'auto' ? {} : { availability })
  })
  return { stream, rev, changed: true }
}

/** [S14.3] What a user's devices have in common, of who never chose anything too. */
export async function preferencesOf(reader: Reader, userId: string): Promise<PreferencesAnswer['preferences']> {
  const { availability = 'auto' } = (await reader.preferences(userId)) ?? {}
  return { availability }
}

async function requireMembership(draft: Draft, roomId: string, userId: string): Promise<MembershipRecord> {
  const membership = await draft.membership(userId, roomId)
  if (!membership) throw roomNotFound()
  return membership
}

async function putMembership(draft: Draft, userId: string, changed: MembershipRecord): Promise<Applied> {
  const stream = userStream(userId)
  const { rev: _, ...membership } = changed
  const { rev } = await draft.put<MembershipRecord>(stream, membership)
  return { stream, rev, changed: true }
}

function standing(userId: string, { rev }: MembershipRecord): Applied {
  return { stream: userStream(userId), rev, changed: false }
}
