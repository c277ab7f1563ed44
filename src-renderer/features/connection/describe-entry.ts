// Puts an entry of the outbox into words. Pure.
import type { OutboxItem } from '../../store/chat-store.ts'
import type { Texts } from '../../texts/texts.ts'

interface Names {
  me: string
  person: (userId: string) => string
}

/** What the person wanted, and the text that goes with it: their own words first, else those that it is about. */
export function describeEntry(texts: Texts, item: OutboxItem, { me, person }: Names): { what: string; text?: string } {
  const { outbox } = texts
  const { operation, about } = item
  const room = item.roomName ?? outbox.unknownRoom
  const aboutText = about && !about.deleted ? { text: about.excerpt } : {}
  switch (operation.type) {
    case 'room.create':
      return { what: outbox.createRoom(operation.name) }
    case 'room.rename':
      return { what: outbox.renameRoom(operation.name) }
    case 'room.join':
      return { what: outbox.joinRoom(room) }
    case 'room.settings':
      return { what: outbox.roomSettings(room) }
    case 'member.add':
      return { what: outbox.addMembers(room, operation.userIds.map(person)) }
    case 'member.remove':
      return {
        what: operation.userId === me ? outbox.leaveRoom(room) : outbox.removeMember(room, person(operation.userId))
      }
    case 'message.send':
      return { what: outbox.sendMessage(room), text: operation.body }
    case 'message.edit':
      return { what: outbox.editMessage(room), text: operation.body }
    case 'message.delete':
      return { what: outbox.deleteMessage(room), ...aboutText }
    case 'reaction.set': {
      const { emoji, set } = operation
      return { what: set ? outbox.addReaction(room, emoji) : outbox.removeReaction(room, emoji), ...aboutText }
    }
    case 'read.mark':
      return { what: outbox.markRead(room) }
    case 'profile.change': {
      const { displayName } = operation
      return { what: outbox.changeProfile, ...(displayName === undefined ? {} : { text: displayName }) }
    }
  }
}
