// [S11.1] What the relay has accepted in a room that this user may not read any more: its records will not come. What they would show is made here of
// what was done and what is held, as far as the answer tells it. Knows neither when that is so nor the relay.
import type { MemberRecord, MessageRecord, ReactionRecord, RoomRecord } from '../../protocol/records.ts'
import type { Operation } from '../../protocol/operations.ts'
import { roomOfStream, roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { tombstoneOf } from '../store/page-truth.ts'
import type { OutboxEntry, StreamState, SyncStore } from '../store/sync-store.ts'

/**
 * Stores what these accepted entries did to messages; nothing of those whose message is not held. May be repeated.
 * @param entries all that are accepted and cut off, in the order of the outbox
 * @param states the streams that are known, as they are stored
 * @param told those of which the stream has told, if it tells this user of their messages: then there is nothing to do
 */
export async function keepEffects(
  store: Pick<SyncStore, 'applyRecords' | 'heldMessage'>,
  userId: string,
  entries: readonly OutboxEntry[],
  states: ReadonlyMap<StreamId, StreamState>,
  told: ReadonlySet<OutboxEntry> = new Set()
): Promise<void> {
  const said = new Map<string, number>()
  for (const entry of entries) {
    const { operation, accepted } = entry
    const roomId = accepted && roomOfStream(accepted.stream)
    if (accepted === undefined || roomId === undefined) continue
    const parentId = parentOf(operation, states.get(accepted.stream))
    const anchorSeq =
      parentId === undefined
        ? undefined
        : Math.max(said.get(parentId) ?? 0, states.get(roomStream(parentId))?.headSeq ?? 0)
    const aboutId = messageOf(operation)
    const held = aboutId === undefined ? undefined : await store.heldMessage(roomId, aboutId)
    if (told.has(entry) && (held?.rev ?? Infinity) >= accepted.rev) continue
    const effect = effectOf(entry, userId, held, anchorSeq)
    if (effect === undefined) continue
    const aside = asideOf(entry, userId)
    // [S8] Below whatever the relay has served of the aside, or ever will.
    if (aside.length > 0) await store.applyRecords(accepted.stream, 0, aside)
    await store.applyRecords(accepted.stream, accepted.epoch, [effect])
    if (operation.type === 'message.send') said.set(roomId, effect.seq)
  }
}

/**
 * The record that an accepted entry leaves behind, with this device's times where only the relay knows its own. [S8] Its rev is half below the one that
 * the answer names: above everything that was there before, and below the relay's own record, should this user ever be given it.
 * @param held the message that it is about, or that it answers, if the device has it
 * @param anchorSeq of what is said in an aside [S11.5]
 */
export function effectOf(
  { operation, accepted, createdAt }: OutboxEntry,
  userId: string,
  held: MessageRecord | undefined,
  anchorSeq?: number
): MessageRecord | ReactionRecord | undefined {
  const roomId = accepted && roomOfStream(accepted.stream)
  if (accepted === undefined || roomId === undefined) return undefined
  const rev = accepted.rev - 0.5
  if (operation.type === 'message.send') {
    const { seq } = accepted
    if (seq === undefined) return undefined
    const { messageId: id, body, sentAt, replyTo } = operation
    return {
      ...({ type: 'message', rev, id, roomId, seq, kind: 'text', authorId: userId, body, sentAt } as const),
      acceptedAt: createdAt,
      ...(replyTo === undefined ? {} : { replyTo, ...(held ? { replySeq: held.seq } : {}) }),
      ...mentionsOf(operation),
      ...(anchorSeq === undefined ? {} : { anchorSeq })
    }
  }
  if (held === undefined || held.deletedAt !== undefined) return undefined
  if (operation.type === 'message.edit') {
    const { mentions: _, ...rest } = held
    return { ...rest, rev, ...mentionsOf(operation), body: operation.body, editedAt: createdAt }
  }
  if (operation.type === 'message.delete') {
    return { ...tombstoneOf(held, createdAt), rev }
  }
  if (operation.type === 'reaction.set') {
    const { messageId, emoji, set } = operation
    return { type: 'reaction', rev, roomId, messageId, seq: held.seq, userId, emoji, set }
  }
  return undefined
}

/** [S11.5] The aside that a message went into, so that it is shown as said to these and to nobody else. Empty for any other entry. */
export function asideOf(
  { operation, accepted, createdAt }: OutboxEntry,
  userId: string
): readonly (RoomRecord | MemberRecord)[] {
  const id = accepted && roomOfStream(accepted.stream)
  if (accepted === undefined || id === undefined || operation.type !== 'message.send' || operation.to === undefined)
    return []
  const { rev } = accepted
  const parentId = operation.roomId
  const made = { createdBy: userId, createdAt, parentId }
  const room: RoomRecord = { type: 'room', rev, id, kind: 'aside', name: '', ...made }
  const members = [...new Set([userId, ...operation.to])].map((memberId): MemberRecord => {
    const place = { type: 'member', rev, roomId: id, userId: memberId, role: 'member', state: 'joined' } as const
    return { ...place, parentId, joinedAt: createdAt, joinedSeq: 0 }
  })
  return [room, ...members]
}

function parentOf(operation: Operation, state: StreamState | undefined): string | undefined {
  return operation.type === 'message.send' && operation.to ? operation.roomId : state?.parentId
}

/** The message that an operation is about or, of one that is said, answers. */
function messageOf(operation: Operation): string | undefined {
  if (operation.type === 'message.send') return operation.replyTo
  return 'messageId' in operation ? operation.messageId : undefined
}

/** As records have them: not at all where there is none. */
function mentionsOf({ mentions = [] }: { mentions?: string[] | undefined }): { mentions?: string[] } {
  return mentions.length === 0 ? {} : { mentions }
}
