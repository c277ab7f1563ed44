// What a wish about a message does to the outbox [S2]: what was not transmitted is rewritten in place, the rest goes behind it. Plain functions;
// each decision is made again on fresh entries when another window was faster, so that it must come to the same when half of it is done.
import { ProtocolError } from '../../protocol/errors.ts'
import type { Operation, OperationOf } from '../../protocol/operations.ts'
import { roomStream } from '../../protocol/streams.ts'
import { effective, isAbout, isOf, isRemovable, isUnsent, standingPins } from './outbox-standing.ts'
import type { Base } from './outbox-standing.ts'
import type { OutboxEntry } from './sync-store.ts'

/** A change of the outbox: entries that are others now, ids of those that go, and what goes to the end (true: the wish as it is). */
export interface Plan {
  put?: readonly OutboxEntry[]
  remove?: readonly string[]
  add?: Operation | true
}

/** A wish about a message that was not sent is no operation of its own. */
export function planEdit(
  operation: OperationOf<'message.edit'>,
  entries: readonly OutboxEntry[],
  { message }: Base
): Plan {
  const { roomId, messageId, body, mentions } = operation
  const about = entries.filter((entry) => isAbout(entry, roomId, messageId))
  refuseDeleted(about, message)
  const send = about.find((entry) => isOf(entry, 'message.send'))
  if (send && isRemovable(send)) {
    const { mentions: _before, ...rest } = send.operation
    // Refused with it: they would come again behind it.
    const older = about.filter((entry) => isOf(entry, 'message.edit') && isRemovable(entry))
    const put = [{ ...send, operation: { ...rest, body, ...(mentions ? { mentions } : {}) } }]
    return { put, remove: older.map(({ id }) => id) }
  }
  const standing = effective(about, message, roomStream(roomId))
  const edit = standing.filter((entry) => isOf(entry, 'message.edit')).findLast(isUnsent)
  const alone = standing.every((entry) => entry === edit || isOf(entry, 'reaction.set', 'message.pin'))
  if (alone && message?.body === body) return edit ? { remove: [edit.id] } : {}
  return edit ? { put: [{ ...edit, operation }] } : { add: true }
}

/** Of a message that the relay has or will have. One that it never got is removed with its send, see `planRemoval`. */
export function planDelete(
  { roomId, messageId }: OperationOf<'message.delete'>,
  entries: readonly OutboxEntry[],
  { message }: Base
): Plan {
  const about = entries.filter((entry) => isAbout(entry, roomId, messageId))
  // What else waits about it stays behind the deletion, unseen: should that be cancelled or refused, all is as it was.
  return isDeleted(about, message) ? {} : { add: true }
}

export function planReaction(
  operation: OperationOf<'reaction.set'>,
  entries: readonly OutboxEntry[],
  { message, reaction }: Base
): Plan {
  const { roomId, messageId, emoji, set } = operation
  const about = entries.filter((entry) => isAbout(entry, roomId, messageId))
  refuseDeleted(about, message)
  const same = about.filter((entry) => isOf(entry, 'reaction.set')).filter((entry) => entry.operation.emoji === emoji)
  const standing = effective(same, reaction, roomStream(roomId))
  const last = standing.at(-1)
  // What the records say is known of held messages only.
  const recorded = message && (reaction?.set ?? false)
  if (last && isOf(last, 'reaction.set') && last.operation.set === set) return {}
  if (!last) return recorded === set ? {} : { add: true }
  if (!isUnsent(last)) return { add: true }
  return standing.length === 1 && recorded === set ? { remove: [last.id] } : { put: [{ ...last, operation }] }
}

/** Of messages that are known to be deleted nothing is pinned. */
export function planPin(operation: OperationOf<'message.pin'>, entries: readonly OutboxEntry[], base: Base): Plan {
  const { roomId, messageId, set } = operation
  const { room, message } = base
  const about = entries.filter((entry) => isAbout(entry, roomId, messageId))
  refuseDeleted(about, message)
  const own = about.filter((entry) => isOf(entry, 'message.pin'))
  const standing = effective(own, room, roomStream(roomId))
  if (room && standingPins(room, standing).includes(messageId) === set) return {}
  const last = standing.at(-1)
  if (!last || !isUnsent(last)) return { add: true }
  const recorded = room && (room.pins?.includes(messageId) ?? false)
  return standing.length === 1 && recorded === set ? { remove: [last.id] } : { put: [{ ...last, operation }] }
}

function isDeleted(about: readonly OutboxEntry[], message: Base['message']): boolean {
  return (
    message?.deletedAt !== undefined ||
    about.some((entry) => isOf(entry, 'message.delete') && entry.state !== 'refused')
  )
}

function refuseDeleted(about: readonly OutboxEntry[], message: Base['message']): void {
  if (isDeleted(about, message)) throw new ProtocolError('message-deleted', 'the message was deleted')
}
