// message.send, message.edit and message.delete [SPEC §3].
import { ProtocolError } from '../../protocol/errors.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { MessageRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import { requireJoined, requireReadable } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'

/** Appends a message; the same one again changes nothing. */
export async function sendMessage(context: ApplyContext, operation: OperationOf<'message.send'>): Promise<Applied> {
  const { draft, actorId, now } = context
  const { roomId, messageId, body, sentAt, replyTo } = operation
  await requireJoined(draft, roomId, actorId)
  const existing = await draft.message(roomId, messageId)
  if (existing) return sentAlready(existing, actorId, body)
  if (replyTo !== undefined) {
    await requireReadable(draft, { roomId, messageId: replyTo, userId: actorId }, 'replyTo')
  }
  const text = { kind: 'text', authorId: actorId, body, sentAt, acceptedAt: now } as const
  const reply = replyTo === undefined ? {} : { replyTo }
  const { rev, seq } = await draft.append({ type: 'message', id: messageId, roomId, ...text, ...reply })
  return { stream: roomStream(roomId), rev, seq, changed: true }
}

/** A changed message may well differ from what was sent; one that nobody changed may not. */
function sentAlready(existing: MessageRecord, actorId: string, body: string): Applied {
  const changedSince = existing.editedAt !== undefined || existing.deletedAt !== undefined
  const same = existing.kind === 'text' && existing.authorId === actorId && (changedSince || existing.body === body)
  if (!same) throw new ProtocolError('id-conflict', 'another message has this id', { field: 'messageId' })
  return { stream: roomStream(existing.roomId), rev: existing.rev, seq: existing.seq, changed: false }
}

/** Gives a message another text. */
export async function editMessage(context: ApplyContext, operation: OperationOf<'message.edit'>): Promise<Applied> {
  const message = await requireOwn(context, operation)
  if (message.deletedAt !== undefined) throw new ProtocolError('message-deleted', 'the message has been deleted')
  if (message.body === operation.body) return standing(message)
  const { rev: _, ...rest } = message
  return putMessage(context, { ...rest, body: operation.body, editedAt: context.now })
}

/** Empties a message; its place stays. */
export async function deleteMessage(context: ApplyContext, operation: OperationOf<'message.delete'>): Promise<Applied> {
  const message = await requireOwn(context, operation)
  if (message.deletedAt !== undefined) return standing(message)
  const { rev: _rev, editedAt: _editedAt, replyTo: _replyTo, ...rest } = message
  return putMessage(context, { ...rest, body: '', deletedAt: context.now })
}

async function requireOwn(
  { draft, actorId }: ApplyContext,
  { roomId, messageId }: { roomId: string; messageId: string }
): Promise<MessageRecord> {
  const message = await requireReadable(draft, { roomId, messageId, userId: actorId })
  if (message.kind !== 'text' || message.authorId !== actorId) {
    throw new ProtocolError('not-permitted', 'only the author may change a message')
  }
  return message
}

async function putMessage({ draft }: ApplyContext, message: Omit<MessageRecord, 'rev'>): Promise<Applied> {
  const stream = roomStream(message.roomId)
  const { rev } = await draft.put<MessageRecord>(stream, message)
  return { stream, rev, changed: true }
}

function standing(message: MessageRecord): Applied {
  return { stream: roomStream(message.roomId), rev: message.rev, changed: false }
}
