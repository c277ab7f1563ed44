// What an accepted operation has to have done to the relay's records: said once more, apart from the relay's own rules [SPEC §3].
import type { Operation } from '../protocol/operations.ts'
import { readsStream, roomStream, userStream, USERS_STREAM } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { StreamRecord } from '../protocol/records.ts'

type Look = <T extends StreamRecord['type']>(
  stream: StreamId,
  type: T,
  key: string
) => Extract<StreamRecord, { type: T }> | undefined

/**
 * What each operation is about: of several about the same thing in one commit, the last one's effect is there.
 * `holds` says whether the records show it.
 */
export function effectOf(operation: Operation, actorId: string, look: Look): { about: string; holds: boolean } {
  if (operation.type === 'profile.change') {
    const user = look(USERS_STREAM, 'user', `user:${actorId}`)
    const { displayName, color } = operation
    const holds = (displayName ?? user?.displayName) === user?.displayName && (color ?? user?.color) === user?.color
    return { about: `profile ${actorId}`, holds: user !== undefined && holds }
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
      return { about: `room ${roomId}`, holds: room()?.createdBy === actorId }
    case 'room.rename':
      return { about: `name ${roomId}`, holds: room()?.name === operation.name }
    case 'room.join':
      return { about: `members ${roomId}`, holds: isJoined(actorId) }
    case 'member.add':
      return { about: `members ${roomId}`, holds: operation.userIds.every(isJoined) }
    case 'member.remove':
      return { about: `members ${roomId}`, holds: !isJoined(operation.userId) }
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
      return { about: `settings ${roomId} ${actorId}`, holds: mark === readSeq && unreadFrom === undefined }
    }
    case 'message.send':
      return { about: `message ${operation.messageId}`, holds: message(operation.messageId)?.authorId === actorId }
    case 'message.edit':
      return { about: `message ${operation.messageId}`, holds: message(operation.messageId)?.body === operation.body }
    case 'message.delete': {
      const { body, deletedAt } = message(operation.messageId) ?? {}
      return { about: `message ${operation.messageId}`, holds: body === '' && deletedAt !== undefined }
    }
    case 'reaction.set': {
      const { messageId, emoji, set } = operation
      const reaction = look(stream, 'reaction', `reaction:${messageId}:${actorId}:${emoji}`)
      return { about: `reaction ${messageId} ${actorId} ${emoji}`, holds: (reaction?.set ?? false) === set }
    }
  }
}
