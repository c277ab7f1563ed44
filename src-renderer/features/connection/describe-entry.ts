// Puts an entry of the outbox into words. Pure.
import type { ObservedValueOf } from 'rxjs'
import type { ChatQueries } from '../../store/chat-store.ts'
import type { Texts } from '../../texts/texts.ts'

export type OutboxEntry = ObservedValueOf<ReturnType<ChatQueries['watchOutbox']>>[number]

interface Names {
  room: (roomId: string) => string
  person: (userId: string) => string
}

/** What the person wanted, and the text that goes with it. */
export function describeEntry(texts: Texts, entry: OutboxEntry, names: Names): { what: string; text?: string } {
  const { outbox } = texts
  const { operation } = entry
  if (operation.type === 'profile.change') {
    const { displayName } = operation
    return { what: outbox.changeProfile, ...(displayName === undefined ? {} : { text: displayName }) }
  }
  const room = operation.type === 'room.create' ? operation.name : names.room(operation.roomId)
  switch (operation.type) {
    case 'room.create':
      return { what: outbox.createRoom(room) }
    case 'member.add':
      return { what: outbox.addMembers(room, operation.userIds.map(names.person)) }
    case 'member.remove':
      return { what: outbox.removeMember(room, names.person(operation.userId)) }
    case 'message.send':
      return { what: outbox.sendMessage(room), text: operation.body }
    case 'message.edit':
      return { what: outbox.editMessage(room), text: operation.body }
    case 'message.delete':
      return { what: outbox.deleteMessage(room) }
    case 'room.rename':
      return { what: outbox.renameRoom(operation.name) }
    case 'room.join':
      return { what: outbox.joinRoom(room) }
    case 'room.settings':
      return { what: outbox.roomSettings(room) }
    case 'reaction.set':
      return {
        what: operation.set ? outbox.addReaction(room, operation.emoji) : outbox.removeReaction(room, operation.emoji)
      }
    case 'read.mark':
      return { what: outbox.markRead(room) }
  }
}
