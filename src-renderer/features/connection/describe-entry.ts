// Puts an entry of the outbox into words. Pure.
import type { OperationOf } from '../../../protocol/operations.ts'
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
      return { what: describeSettings(outbox, operation, room) }
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
    case 'profile.change':
      return describeProfile(texts, operation)
    case 'preferences.change':
      return { what: outbox.setAvailability(operation.availability ?? 'auto') }
    case 'block.set':
      return { what: operation.set ? outbox.block(person(operation.userId)) : outbox.unblock(person(operation.userId)) }
  }
}

/** What was done at once, by name where it is one thing. */
function describeSettings(outbox: Texts['outbox'], operation: OperationOf<'room.settings'>, room: string): string {
  const { type: _type, roomId: _roomId, pinned, mutedUntil, unreadFrom, ...rest } = operation
  rest satisfies Record<string, never>
  const parts = [
    ...(pinned === undefined ? [] : [outbox.pinRoom(room, pinned)]),
    ...(mutedUntil === undefined ? [] : [outbox.muteRoom(room, mutedUntil !== null)]),
    ...(unreadFrom === undefined ? [] : [unreadFrom === null ? outbox.markRead(room) : outbox.markUnread(room)])
  ]
  return parts.length === 1 ? (parts[0] ?? '') : outbox.roomSettings(room)
}

function describeProfile(
  { outbox, colors }: Texts,
  { displayName, color, status, avatar, receipts }: OperationOf<'profile.change'>
): { what: string; text?: string } {
  const values = [displayName, status, color && colors[color]].filter((value) => typeof value === 'string')
  const text = values.length === 0 ? {} : { text: values.join(' · ') }
  const changed = [
    ...(receipts === undefined ? [] : [receipts ? outbox.receiptsOn : outbox.receiptsOff]),
    ...(avatar === undefined ? [] : [outbox.changePicture]),
    ...(status === undefined ? [] : [outbox.changeStatus]),
    ...(displayName === undefined && color === undefined ? [] : [outbox.changeProfile])
  ]
  return { what: changed.length === 1 ? (changed[0] ?? '') : outbox.changeProfile, ...text }
}
