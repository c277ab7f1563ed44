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
      if (operation.kind === 'notes') return { what: outbox.openNotes }
      if (operation.kind === 'direct') return { what: outbox.openDirect(operation.memberIds.map(person).join(', ')) }
      return { what: outbox.createRoom(operation.name ?? room) }
    case 'room.rename':
      return { what: outbox.renameRoom(operation.name) }
    case 'room.change': {
      const { topic } = operation
      return { what: outbox.changeRoom(room), ...(topic ? { text: topic } : {}) }
    }
    case 'room.close':
      return { what: outbox.closeRoom(room) }
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
    case 'member.ban': {
      const { userId, set } = operation
      return { what: set ? outbox.ban(room, person(userId)) : outbox.unban(room, person(userId)) }
    }
    case 'member.role':
      return { what: outbox.setRole(room, person(operation.userId), operation.role) }
    case 'message.send': {
      const { to, body } = operation
      return { what: to ? outbox.sendAside(room, to.map(person)) : outbox.sendMessage(room), text: body }
    }
    case 'message.edit':
      return { what: outbox.editMessage(room), text: operation.body }
    case 'message.delete':
      return { what: outbox.deleteMessage(room), ...aboutText }
    case 'reaction.set': {
      const { emoji, set } = operation
      return { what: set ? outbox.addReaction(room, emoji) : outbox.removeReaction(room, emoji), ...aboutText }
    }
    case 'message.pin':
      return { what: operation.set ? outbox.pinMessage(room) : outbox.unpinMessage(room), ...aboutText }
    case 'read.mark':
      return { what: outbox.markRead(room) }
    case 'profile.change': {
      const { receipts } = operation
      if (receipts !== undefined && Object.keys(operation).length === 2)
        return { what: receipts ? outbox.receiptsOn : outbox.receiptsOff }
      const text = operation.displayName ?? operation.status
      return { what: outbox.changeProfile, ...(text ? { text } : {}) }
    }
    case 'preferences.change':
      return { what: outbox.setAvailability(operation.availability ?? 'auto') }
    case 'block.set':
      return { what: operation.set ? outbox.block(person(operation.userId)) : outbox.unblock(person(operation.userId)) }
  }
}
