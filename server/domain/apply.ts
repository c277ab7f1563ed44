// One function applies every operation, whichever way it came [SPEC §3]. The families beside it hold the rules.
import type { Operation } from '../../protocol/operations.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { addMembers, removeMember } from './members.ts'
import { deleteMessage, editMessage, sendMessage } from './messages.ts'
import { createRoom } from './rooms.ts'

/**
 * Decides one operation and stages its changes.
 * @throws ProtocolError with the reason of the refusal, always before the first write of this operation.
 */
export function apply(context: ApplyContext, operation: Operation): Promise<Applied> {
  switch (operation.type) {
    case 'room.create':
      return createRoom(context, operation)
    case 'member.add':
      return addMembers(context, operation)
    case 'member.remove':
      return removeMember(context, operation)
    case 'message.send':
      return sendMessage(context, operation)
    case 'message.edit':
      return editMessage(context, operation)
    case 'message.delete':
      return deleteMessage(context, operation)
  }
}

/** Every stream that applying the operation may write to. */
export function streamsOf(operation: Operation, actorId: string): StreamId[] {
  const room = roomStream(operation.roomId)
  switch (operation.type) {
    case 'room.create':
      return [room, userStream(actorId), ...operation.memberIds.map(userStream)]
    case 'member.add':
      return [room, ...operation.userIds.map(userStream)]
    case 'member.remove':
      return [room, userStream(operation.userId)]
    case 'message.send':
    case 'message.edit':
    case 'message.delete':
      return [room]
  }
}
