// What goes when an operation is taken back [S2, S6]: the entry itself, what depended on it, or an operation that undoes it. Plain functions.
import type { Operation } from '../../protocol/operations.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import {
  DEPENDS_ON_REFUSED,
  hasNoMessage,
  isTakenBack,
  isUnmet,
  refuseDependents,
  roomIdOf,
  spokenIn,
  withoutQuote
} from './outbox-rules.ts'
import type { EntryChanges } from './outbox-rules.ts'
import { effective, isAbout, isOf, isRemovable, settingsOf } from './outbox-standing.ts'
import type { Base } from './outbox-standing.ts'
import type { OutboxEntry } from './sync-store.ts'

type Entries = readonly OutboxEntry[]

/** Ids of everything that depends on an entry, directly or not, in the order of the outbox. */
export function dependantsOf(entryId: string, entries: Entries): string[] {
  const found = new Set([entryId])
  // Whoever depends stands behind, but for retries that came between.
  for (let before = 0; before < found.size;) {
    before = found.size
    for (const { id, dependsOn } of entries) if (dependsOn.some((each) => found.has(each))) found.add(id)
  }
  return entries.filter(({ id }) => id !== entryId && found.has(id)).map(({ id }) => id)
}

/**
 * What becomes of those that depended on an entry that is gone for good. Words stay: an answer loses its quote, what was said in a room
 * that will not be is refused. What holds no words, and edits of words that went, go too.
 */
export function planFallout(gone: OutboxEntry, entries: Entries): { put: EntryChanges; remove: string[] } {
  const put: EntryChanges = new Map()
  const remove: string[] = []
  const refused = new Set<string>()
  for (const entry of entries) {
    // Numbers go up in the order of the outbox: behind one that was never transmitted, a number was given and not used.
    const isUnused = isRemovable(entry) || (gone.n === null && entry.state === 'pending')
    if (!isUnused || !entry.dependsOn.includes(gone.id)) continue
    const dependsOn = entry.dependsOn.filter((id) => id !== gone.id)
    const n = entry.state === 'pending' ? null : entry.n
    if (isOf(gone, 'message.send') && isOf(entry, 'message.send')) {
      put.set(entry.id, { ...entry, n, dependsOn, operation: withoutQuote(entry.operation) })
    } else if (!isOf(gone, 'message.send') && isOf(entry, 'message.send', 'message.edit')) {
      if (entry.state === 'refused') continue
      put.set(entry.id, { ...entry, n, state: 'refused', error: DEPENDS_ON_REFUSED })
      refused.add(entry.id)
    } else {
      remove.push(entry.id)
    }
  }
  for (const id of remove)
    put.set(
      id,
      entries.find((entry) => entry.id === id)!
    )
  refuseDependents(entries, refused, put)
  for (const id of remove) put.delete(id)
  const behind = new Set(gone.n === null ? dependantsOf(gone.id, entries) : [])
  for (const entry of entries) {
    const isNumbered = entry.state === 'pending' && entry.n !== null && behind.has(entry.id)
    if (isNumbered && !put.has(entry.id) && !remove.includes(entry.id)) put.set(entry.id, { ...entry, n: null })
  }
  return { put, remove }
}

/** Whether there may be an operation that undoes it. */
export function isUndoable({ type }: Operation): boolean {
  return !IRREVOCABLE.has(type)
}

const IRREVOCABLE = new Set<Operation['type']>([
  'room.create',
  'room.close',
  'member.add',
  'member.remove',
  'member.ban',
  'message.delete',
  'read.mark'
])

/**
 * The operation that undoes one which was transmitted; null if there is none, if a later one has replaced it, or if the device does
 * not hold what was before.
 */
export function undoOf(entry: OutboxEntry, entries: Entries, base: Base): Operation | null {
  const later = entries.slice(entries.indexOf(entry) + 1).filter(({ state }) => state !== 'refused')
  const { operation } = entry
  if (!isUndoable(operation)) return null
  switch (operation.type) {
    case 'message.send': {
      const { messageId } = operation
      const roomId = spokenIn(operation, base.userId)
      return isDeleted(later, roomId, messageId, base) ? null : { type: 'message.delete', roomId, messageId }
    }
    case 'reaction.set': {
      const replaced = later.some(({ operation: other }) => {
        return other.type === 'reaction.set' && keyOf(other) === keyOf(operation)
      })
      const gone = isDeleted(later, operation.roomId, operation.messageId, base)
      return replaced || gone ? null : { ...operation, set: !operation.set }
    }
    case 'message.pin': {
      const { roomId, messageId, set } = operation
      const replaced = later.some((other) => isOf(other, 'message.pin') && isAbout(other, roomId, messageId))
      return replaced || isDeleted(later, roomId, messageId, base) ? null : { ...operation, set: !set }
    }
    case 'message.edit': {
      const { roomId, messageId, body } = operation
      const replaced = later.some(
        (other) => isAbout(other, roomId, messageId) && !isOf(other, 'reaction.set', 'message.pin')
      )
      const before = base.message?.body
      const shown = effective([entry], base.message, roomStream(roomId)).length === 0
      if (base.message?.deletedAt !== undefined) return null
      if (replaced || shown || before === undefined || before === body) return null
      const { mentions } = base.message ?? {}
      return { type: 'message.edit', roomId, messageId, body: before, ...(mentions ? { mentions } : {}) }
    }
    case 'room.rename': {
      const replaced = later.some((other) => isOf(other, 'room.rename') && other.operation.roomId === operation.roomId)
      const shown = effective([entry], base.room, roomStream(operation.roomId)).length === 0
      const before = base.room?.name
      return replaced || shown || before === undefined || before === operation.name
        ? null
        : { ...operation, name: before }
    }
    case 'room.join':
      return { type: 'member.remove', roomId: operation.roomId, userId: base.userId }
    case 'room.change':
      return undoneChange(entry, later, base)
    case 'member.role':
      return undoneRole(entry, later, base)
    case 'block.set': {
      const { userId } = operation
      const replaced = later.some((other) => isOf(other, 'block.set') && other.operation.userId === userId)
      return replaced ? null : { ...operation, set: !operation.set }
    }
    case 'preferences.change':
      return undonePreferences(entry, later, base)
    case 'room.settings':
      return undoneSettings(entry, later, base)
    case 'profile.change':
      return undoneProfile(entry, later, base)
    default:
      return null
  }
}

function isDeleted(later: Entries, roomId: string, messageId: string, { message }: Base): boolean {
  if (message?.deletedAt !== undefined) return true
  return later.some((entry) => isOf(entry, 'message.delete') && isAbout(entry, roomId, messageId))
}

function keyOf({ roomId, messageId, emoji }: { roomId: string; messageId: string; emoji: string }): string {
  return `${roomId} ${messageId} ${emoji}`
}

function undoneSettings(entry: OutboxEntry, later: Entries, base: Base): Operation | null {
  if (!isOf(entry, 'room.settings')) return null
  if (effective([entry], base.membership, userStream(base.userId)).length === 0) return null
  const { type, roomId, ...values } = entry.operation
  const replaced = new Set(
    later
      .filter(({ operation }) => roomIdOf(operation) === roomId)
      .flatMap(({ operation }) => {
        return operation.type === 'read.mark'
          ? ['unreadFrom']
          : operation.type === 'room.settings'
            ? Object.keys(operation)
            : []
      })
  )
  const before = Object.entries(settingsOf(base.membership)).filter(([name]) => name in values && !replaced.has(name))
  return before.length === 0 ? null : { type, roomId, ...Object.fromEntries(before) }
}

function undoneChange(entry: OutboxEntry, later: Entries, { room }: Base): Operation | null {
  if (!isOf(entry, 'room.change') || !room) return null
  const { type, roomId, ...values } = entry.operation
  if (effective([entry], room, roomStream(roomId)).length === 0) return null
  const changes = later.filter((other) => isOf(other, 'room.change')).map(({ operation }) => operation)
  const replaced = new Set(changes.filter((other) => other.roomId === roomId).flatMap((other) => Object.keys(other)))
  const avatar = room.avatar === undefined ? null : undefined
  const { topic = null, writers = null } = room
  const before = Object.entries({ topic, writers, avatar }).filter(([name, value]) => {
    return name in values && !replaced.has(name) && value !== undefined
  })
  return before.length === 0 ? null : { type, roomId, ...Object.fromEntries(before) }
}

/** A room that was handed over is not one's own to take back. */
function undoneRole(entry: OutboxEntry, later: Entries, { members }: Base): Operation | null {
  if (!isOf(entry, 'member.role') || entry.operation.role === 'owner') return null
  const { roomId, userId, role } = entry.operation
  const row = members?.get(userId)
  const roles = later.filter((other) => isOf(other, 'member.role')).map(({ operation }) => operation)
  const replaced = roles.some((other) => other.roomId === roomId && (other.userId === userId || other.role === 'owner'))
  const shown = effective([entry], row, roomStream(roomId)).length === 0
  return replaced || shown || row === undefined || row.role === role ? null : { ...entry.operation, role: row.role }
}

function undoneProfile(entry: OutboxEntry, later: Entries, { user }: Base): Operation | null {
  if (!isOf(entry, 'profile.change') || !user || effective([entry], user, 'users').length === 0) return null
  const { type, ...values } = entry.operation
  const replaced = new Set(
    later.filter((other) => isOf(other, 'profile.change')).flatMap(({ operation }) => Object.keys(operation))
  )
  // A color that was never chosen cannot be chosen again, and of a picture that was there before only the hash is known here.
  const { displayName, color, status = null, receipts = true } = user
  const avatar = user.avatar === undefined ? null : undefined
  const before = Object.entries({ displayName, color, status, avatar, receipts }).filter(([name, value]) => {
    return name in values && !replaced.has(name) && value !== undefined
  })
  return before.length === 0 ? null : { type, ...Object.fromEntries(before) }
}

function undonePreferences(entry: OutboxEntry, later: Entries, { preferences, userId }: Base): Operation | null {
  if (!isOf(entry, 'preferences.change') || effective([entry], preferences, userStream(userId)).length === 0)
    return null
  if (later.some((other) => isOf(other, 'preferences.change'))) return null
  return { type: 'preferences.change', availability: preferences?.availability ?? 'auto' }
}

/**
 * Refused entries that nobody has to decide about: read marks, reactions to, pins and deletions of what is not there, an edit whose words the message is
 * sent with, and a deletion of what was refused itself, together with it: the person wanted it gone, and it never came to be.
 */
export function idleRefusals(entries: Entries): string[] {
  const refused = entries.filter((entry) => entry.state === 'refused' && !isTakenBack(entry))
  const gone = refused.filter((entry) => isOf(entry, 'message.delete')).map(({ operation }) => operation)
  const isGone = (entry: OutboxEntry): boolean =>
    gone.some((each) => each.type === 'message.delete' && isAbout(entry, each.roomId, each.messageId))
  const sends = refused.filter((entry) => isOf(entry, 'message.send') && isGone(entry))
  return refused
    .filter((entry) => {
      // They take something away or put it on: without the message there is nothing to decide.
      const pointless = isOf(entry, 'reaction.set', 'message.pin', 'message.delete') && hasNoMessage(entry.error)
      if (pointless || isUnmet(entry) || isOf(entry, 'read.mark') || isSaidAgain(entry, entries)) return true
      return sends.some((send) => send === entry || sameMessage(send, entry))
    })
    .map(({ id }) => id)
}

/** [S10.5] Whether it was refused because its message was lost, which comes again with these words. */
function isSaidAgain(entry: OutboxEntry, entries: Entries): boolean {
  if (!isOf(entry, 'message.edit') || !hasNoMessage(entry.error)) return false
  const { body } = entry.operation
  return entries.some((send) => isOf(send, 'message.send') && send.operation.body === body && sameMessage(send, entry))
}

function sameMessage(send: OutboxEntry, entry: OutboxEntry): boolean {
  return isOf(send, 'message.send') && isAbout(entry, send.operation.roomId, send.operation.messageId)
}
