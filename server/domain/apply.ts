// One function applies every operation, whichever way it came [SPEC §3]. The families beside it hold the rules.
import type { Operation } from '../../protocol/operations.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { readsStream, roomStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { MessageAt } from '../storage/port.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { roomOfSend, streamsOfSend } from './asides.ts'
import { setBlock } from './blocks.ts'
import { closeRoom } from './closing.ts'
import { addMembers, joinRoom } from './joining.ts'
import { removeMember } from './leaving.ts'
import { deleteMessage, editMessage, sendMessage } from './messages.ts'
import { changePreferences, changeProfile, changeSettings, markRead } from './own.ts'
import { setPin } from './pins.ts'
import { setReaction } from './reactions.ts'
import { changeRole, setBan } from './roles.ts'
import { changeRoom, createRoom, renameRoom } from './rooms.ts'

/**
 * Decides one operation and stages its changes.
 * @throws ProtocolError with the reason of the refusal, always before the first write of this operation.
 */
export function apply(context: ApplyContext, operation: Operation): Promise<Applied> {
  switch (operation.type) {
    case 'room.create':
      return createRoom(context, operation)
    case 'room.rename':
      return renameRoom(context, operation)
    case 'room.change':
      return changeRoom(context, operation)
    case 'room.close':
      return closeRoom(context, operation)
    case 'room.join':
      return joinRoom(context, operation)
    case 'room.settings':
      return changeSettings(context, operation)
    case 'member.add':
      return addMembers(context, operation)
    case 'member.remove':
      return removeMember(context, operation)
    case 'member.ban':
      return setBan(context, operation)
    case 'member.role':
      return changeRole(context, operation)
    case 'message.send':
      return sendMessage(context, operation)
    case 'message.edit':
      return editMessage(context, operation)
    case 'message.delete':
      return deleteMessage(context, operation)
    case 'reaction.set':
      return setReaction(context, operation)
    case 'message.pin':
      return setPin(context, operation)
    case 'read.mark':
      return markRead(context, operation)
    case 'profile.change':
      return changeProfile(context, operation)
    case 'preferences.change':
      return changePreferences(context, operation)
    case 'block.set':
      return setBlock(context, operation)
  }
}

/** The messages that applying the operation will ask for, to be read all at once. */
export function messagesOf(operation: Operation, actorId: string): MessageAt[] {
  switch (operation.type) {
    case 'message.send': {
      const { messageId, replyTo } = operation
      const roomId = roomOfSend(operation, actorId)
      return [{ roomId, messageId }, ...(replyTo === undefined ? [] : [{ roomId, messageId: replyTo }])]
    }
    case 'message.edit':
    case 'message.delete':
    case 'reaction.set':
    case 'message.pin':
      return [{ roomId: operation.roomId, messageId: operation.messageId }]
    default:
      return []
  }
}

/** Every stream that applying the operation may write to. */
export function streamsOf(operation: Operation, actorId: string): StreamId[] {
  switch (operation.type) {
    case 'room.create':
      return [roomStream(operation.roomId), userStream(actorId), ...operation.memberIds.map(userStream)]
    case 'member.add':
      return [roomStream(operation.roomId), ...operation.userIds.map(userStream)]
    case 'member.remove':
    case 'member.ban':
      return [roomStream(operation.roomId), userStream(operation.userId)]
    case 'room.join':
      return [roomStream(operation.roomId), userStream(actorId)]
    case 'message.send':
      return streamsOfSend(operation, actorId)
    case 'room.rename':
    case 'room.change':
    case 'room.close':
    case 'member.role':
    case 'message.edit':
    case 'message.delete':
    case 'reaction.set':
    case 'message.pin':
      return [roomStream(operation.roomId)]
    case 'room.settings':
    case 'preferences.change':
    case 'block.set':
      return [userStream(actorId)]
    case 'read.mark':
      return [userStream(actorId), readsStream(operation.roomId)]
    case 'profile.change':
      return [USERS_STREAM]
  }
}
