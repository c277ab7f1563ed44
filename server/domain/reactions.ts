// reaction.set [SPEC §3].
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_REACTIONS_EVER_PER_USER, MAX_REACTIONS_PER_USER } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { ReactionRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import { notPermitted, requireActor, requireReadable } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'

/** Sets or takes away one emoji of the actor on one message. */
export async function setReaction(context: ApplyContext, operation: OperationOf<'reaction.set'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId, messageId, emoji, set } = operation
  const { member } = await requireActor(draft, { roomId, userId: actorId }, 'react')
  const message = await requireReadable(draft, member, messageId)
  if (message.kind !== 'text') throw notPermitted('nobody reacts to a system line')
  if (message.deletedAt !== undefined) throw new ProtocolError('message-deleted', 'the message has been deleted')

  const stream = roomStream(roomId)
  const own = await draft.reactionsBy(roomId, messageId, actorId)
  const standing = own.find((reaction) => reaction.emoji === emoji)
  if ((standing?.set ?? false) === set) return { stream, rev: (standing ?? message).rev, changed: false }
  const isFull = own.filter((reaction) => reaction.set).length >= MAX_REACTIONS_PER_USER
  if (set && isFull) throw tooMany(MAX_REACTIONS_PER_USER)
  // One that was taken away stays as a record: without an end to them every next one would cost more [S16].
  if (!standing && own.length >= MAX_REACTIONS_EVER_PER_USER) throw tooMany(MAX_REACTIONS_EVER_PER_USER)
  const reaction = { type: 'reaction', roomId, messageId, seq: message.seq, userId: actorId, emoji, set } as const
  const { rev } = await draft.put<ReactionRecord>(stream, reaction)
  return { stream, rev, changed: true }
}

function tooMany(limit: number): ProtocolError {
  return new ProtocolError('too-many-reactions', 'you have too many reactions on this message', { limit })
}
