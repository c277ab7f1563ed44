// Words what the rooms' data tells: names, system lines. Pure.
import type { SystemEvent } from '../../protocol/records.ts'
import type { Named, Texts } from './texts.ts'

/** Users by id, as far as the device knows them. */
export type NameOf = ReadonlyMap<string, { displayName: string }>

/** The name of a user; a person whom the device does not know yet, or whose account is gone, has a general one. */
export function nameOf(texts: Texts, users: NameOf, userId: string): string {
  return users.get(userId)?.displayName || texts.unknownPerson
}

/** The sentence of a system line. */
export function systemLine(
  texts: Texts,
  users: NameOf,
  me: string,
  line: { authorId: string; event?: SystemEvent }
): string {
  const words = texts.timeline.system
  const named = (userId: string): Named => ({ name: nameOf(texts, users, userId), self: userId === me })
  const actor = named(line.authorId)
  const others = (line.event?.userIds ?? []).filter((userId) => userId !== line.authorId).map(named)
  switch (line.event?.name) {
    case 'room-created':
      return words.roomCreated(actor, others)
    case 'room-renamed':
      return words.roomRenamed(actor, line.event.roomName ?? '')
    case 'member-joined':
      return words.memberJoined(actor)
    case 'member-added':
      return others.length === 0 ? words.unknown : words.memberAdded(actor, others)
    case 'member-left':
      return words.memberLeft(actor)
    case 'member-removed':
      return others.length === 0 ? words.memberLeft(actor) : words.memberRemoved(actor, others)
    case 'member-banned':
      return others.length === 0 ? words.unknown : words.memberBanned(actor, others)
    case 'member-role-set':
      return others.length === 0 ? words.unknown : words.memberRoleSet(actor, others, line.event.role ?? 'member')
    case 'room-topic-set':
      return words.roomTopicSet(actor, line.event.topic)
    case 'room-avatar-set':
      return words.roomAvatarSet(actor)
    case 'room-writers-set':
      return words.roomWritersSet(actor, line.event.writers === 'admins')
    case 'message-pinned':
      return words.messagePinned(actor)
    case 'room-closed':
      return words.roomClosed(actor)
    case undefined:
      return words.unknown
  }
}
