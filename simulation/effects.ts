// What an accepted operation has to have done to the relay's records: said once more, apart from the relay's own rules [SPEC §3].
import type { Operation } from '../protocol/operations.ts'
import { readsStream, roomStream, userStream, USERS_STREAM } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { StreamRecord } from '../protocol/records.ts'
import { spokenIn } from '../src-renderer/store/outbox-rules.ts'

/** What messages that are sent or edited by REST begin with. */
export const BY_REST = 'by REST'

type Look = <T extends StreamRecord['type']>(
  stream: StreamId,
  type: T,
  key: string
) => Extract<StreamRecord, { type: T }> | undefined

/**
 * What each operation is about: of several about the same thing in one commit, the last one's effect is there.
 * `holds` says whether the records show it.
 * @param headSeqOf a seq that a room's last message had before it, at least
 */
export function effectOf(
  operation: Operation,
  actorId: string,
  look: Look,
  headSeqOf: (roomId: string) => number
): { about: string; holds: boolean } {
  if (operation.type === 'profile.change') {
    const user = look(USERS_STREAM, 'user', `user:${actorId}`)
    const { displayName, color, status, receipts } = operation
    const holds =
      (displayName ?? user?.displayName) === user?.displayName &&
      (color ?? user?.color) === user?.color &&
      (status === undefined || status === (user?.status ?? null)) &&
      (receipts === undefined || receipts === (user?.receipts ?? true))
    return { about: `profile ${actorId}`, holds: user !== undefined && holds }
  }
  if (operation.type === 'preferences.change') {
    const { availability } = operation
    const stands = look(userStream(actorId), 'preferences', 'preferences')?.availability ?? 'auto'
    return { about: `preferences ${actorId}`, holds: (availability ?? stands) === stands }
  }
  if (operation.type === 'block.set') {
    const { userId, set } = operation
    const block = look(userStream(actorId), 'block', `block:${userId}`)
    return { about: `block ${actorId} ${userId}`, holds: (block?.set ?? false) === set }
  }
  const { roomId } = operation
  const stream = roomStream(roomId)
  const room = (): ReturnType<typeof look<'room'>> => look(stream, 'room', `room:${roomId}`)
  const membership = (): ReturnType<typeof look<'membership'>> =>
    look(userStream(actorId), 'membership', `membership:${roomId}`)
  const message = (id: string): ReturnType<typeof look<'message'>> => look(stream, 'message', `message:${id}`)
  const isJoined = (userId: string): boolean => look(stream, 'member', `member:${userId}`)?.state === 'joined'
  switch (operation.type) {
    case 'room.create':
      // Of a direct room either of the two may have been first.
      return {
        about: `room ${roomId}`,
        holds: operation.kind === 'direct' ? isJoined(actorId) : room()?.createdBy === actorId
      }
    case 'room.rename':
      return { about: `name ${roomId}`, holds: room()?.name === operation.name }
    case 'room.change': {
      const { topic, writers } = operation
      const held = room()
      const holds =
        (topic === undefined || topic === (held?.topic ?? null)) &&
        (writers === undefined || writers === (held?.writers ?? null))
      return { about: `terms ${roomId}`, holds: held !== undefined && holds }
    }
    case 'room.close':
      return { about: `closed ${roomId}`, holds: room()?.closedAt !== undefined }
    case 'room.join':
      return { about: `members ${roomId}`, holds: isJoined(actorId) }
    case 'member.add':
      return { about: `members ${roomId}`, holds: operation.userIds.every(isJoined) }
    case 'member.remove':
      return { about: `members ${roomId}`, holds: !isJoined(operation.userId) }
    case 'member.ban': {
      const member = look(stream, 'member', `member:${operation.userId}`)
      const holds = (member?.banned ?? false) === operation.set && !(operation.set && member?.state === 'joined')
      return { about: `members ${roomId}`, holds }
    }
    case 'member.role': {
      const { userId, role } = operation
      return { about: `members ${roomId}`, holds: look(stream, 'member', `member:${userId}`)?.role === role }
    }
    case 'room.settings': {
      const { pinned = false, mutedUntil, unreadFrom } = membership() ?? {}
      const holds =
        (operation.pinned ?? pinned) === pinned &&
        (operation.mutedUntil === undefined || operation.mutedUntil === (mutedUntil ?? null)) &&
        (operation.unreadFrom === undefined || operation.unreadFrom === (unreadFrom ?? null))
      return { about: `settings ${roomId} ${actorId}`, holds }
    }
    case 'read.mark': {
      const mark = look(readsStream(roomId), 'read', `read:${actorId}`)?.seq ?? 0
      const { readSeq = 0, unreadFrom } = membership() ?? {}
      // [S12.6] Here nobody who has switched receipts off switches them on again.
      const isTold = look(USERS_STREAM, 'user', `user:${actorId}`)?.receipts !== false
      const isRead = readSeq >= Math.min(operation.seq, headSeqOf(roomId))
      const holds = isRead && (isTold ? mark === readSeq : mark <= readSeq) && unreadFrom === undefined
      return { about: `settings ${roomId} ${actorId}`, holds }
    }
    case 'message.send': {
      const { messageId, body, sentAt } = operation
      const said = look(roomStream(spokenIn(operation, actorId)), 'message', `message:${messageId}`)
      // One that came again may have been changed meanwhile.
      const isSame = said?.editedAt !== undefined || said?.deletedAt !== undefined || said?.body === body
      return { about: `message ${messageId}`, holds: said?.authorId === actorId && said.sentAt === sentAt && isSame }
    }
    case 'message.edit': {
      const body = message(operation.messageId)?.body
      // An edit by REST may have followed in the same commit: it leaves no answer.
      const holds = body === operation.body || body?.startsWith(BY_REST) === true
      return { about: `message ${operation.messageId}`, holds }
    }
    case 'message.delete': {
      const { body, deletedAt } = message(operation.messageId) ?? {}
      return { about: `message ${operation.messageId}`, holds: body === '' && deletedAt !== undefined }
    }
    case 'message.pin': {
      const { messageId, set } = operation
      const pinned = room()?.pins?.includes(messageId) ?? false
      // Who deletes a message takes its pin away, and what was unpinned stays so: only the last one's effect is there.
      return { about: `pin ${messageId}`, holds: pinned === set || message(messageId)?.deletedAt !== undefined }
    }
    case 'reaction.set': {
      const { messageId, emoji, set } = operation
      const reaction = look(stream, 'reaction', `reaction:${messageId}:${actorId}:${emoji}`)
      return { about: `reaction ${messageId} ${actorId} ${emoji}`, holds: (reaction?.set ?? false) === set }
    }
  }
}
