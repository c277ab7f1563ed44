// message.send, message.edit and message.delete [SPEC §3].
import { ProtocolError } from '../../protocol/errors.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { MemberRecord, MessageRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { Draft } from '../storage/port.ts'
import {
  isJoined,
  messageNotFound,
  notPermitted,
  requireHearers,
  requireJoined,
  requireMay,
  requireReadable
} from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { openAside, roomOfSend } from './asides.ts'
import { dropPin } from './pins.ts'

type Send = OperationOf<'message.send'>

/** Appends a message; the same one again changes nothing, whatever happened since. */
export async function sendMessage(context: ApplyContext, operation: Send): Promise<Applied> {
  const { draft, actorId } = context
  const { messageId, body, replyTo, to } = operation
  const member = await requireJoined(draft, operation.roomId, actorId)
  const existing = await draft.message(roomOfSend(operation, actorId), messageId)
  if (existing) return sentAlready(existing, actorId, body)
  if (to !== undefined) return sendAside(context, operation, member, to)

  const room = await requireMay(draft, member, 'write')
  if (room.kind === 'direct' || room.kind === 'aside') await requireHearers(draft, room)
  const answered = replyTo === undefined ? undefined : await requireReadable(draft, member, replyTo, 'replyTo')
  return append(context, operation, { roomId: room.id, parentId: room.parentId, answered })
}

/** [S11.5] Into the aside of the room and of these, which the first message makes. */
async function sendAside(
  context: ApplyContext,
  operation: Send,
  member: MemberRecord,
  to: readonly string[]
): Promise<Applied> {
  const { replyTo } = operation
  const opened = await openAside(context, member, to)
  let answered: MessageRecord | undefined
  if (replyTo !== undefined) {
    if (!('aside' in opened)) throw messageNotFound('replyTo')
    answered = await requireReadable(context.draft, opened.member, replyTo, 'replyTo')
  }
  const { id: roomId } = 'aside' in opened ? opened.aside : await opened.make()
  return append(context, operation, { roomId, parentId: member.roomId, answered })
}

interface Place {
  roomId: string
  /** Of an aside. */
  parentId: string | undefined
  /** What is replied to. */
  answered: MessageRecord | undefined
}

async function append(
  { draft, actorId, now }: ApplyContext,
  { messageId, body, sentAt, mentions }: Send,
  { roomId, parentId, answered }: Place
): Promise<Applied> {
  const { rev, seq } = await draft.append({
    type: 'message',
    id: messageId,
    roomId,
    kind: 'text',
    authorId: actorId,
    body,
    sentAt,
    acceptedAt: now,
    ...(answered ? { replyTo: answered.id, replySeq: answered.seq } : {}),
    ...(mentions === undefined ? {} : await mentioned(draft, roomId, mentions)),
    ...(parentId === undefined ? {} : { anchorSeq: await draft.headSeq(parentId) })
  })
  return { stream: roomStream(roomId), rev, seq, changed: true }
}

/** Those of them who are joined, each once; nothing if there is none. */
async function mentioned(
  draft: Draft,
  roomId: string,
  userIds: readonly string[] = []
): Promise<{ mentions?: string[] }> {
  const mentions: string[] = []
  for (const userId of new Set(userIds)) if (await isJoined(draft, roomId, userId)) mentions.push(userId)
  return mentions.length === 0 ? {} : { mentions }
}

/** A changed message may well differ from what was sent; one that nobody changed may not. */
function sentAlready(existing: MessageRecord, actorId: string, body: string): Applied {
  const changedSince = existing.editedAt !== undefined || existing.deletedAt !== undefined
  const same = existing.kind === 'text' && existing.authorId === actorId && (changedSince || existing.body === body)
  if (!same) throw new ProtocolError('id-conflict', 'another message has this id', { field: 'messageId' })
  return { stream: roomStream(existing.roomId), rev: existing.rev, seq: existing.seq, changed: false }
}

/** Gives a message another text, and who is mentioned in it; the former text is kept [S13.1]. */
export async function editMessage(context: ApplyContext, operation: OperationOf<'message.edit'>): Promise<Applied> {
  const { draft } = context
  const member = await requireJoined(draft, operation.roomId, context.actorId)
  const room = await requireMay(draft, member, 'write')
  const message = await requireOwn(context, member, operation.messageId)
  if (message.deletedAt !== undefined) throw new ProtocolError('message-deleted', 'the message has been deleted')
  const { rev: _, mentions, ...rest } = message
  const now = await mentioned(draft, message.roomId, operation.mentions)
  if (message.body === operation.body && sameIds(mentions, now.mentions)) return standing(message)
  await requireHearers(draft, room)
  const edited = await putMessage(context, { ...rest, ...now, body: operation.body, editedAt: context.now })
  const former = { body: message.body, writtenAt: message.editedAt ?? message.acceptedAt }
  if (message.body !== operation.body) draft.keepEdit(message.roomId, message.id, former)
  return edited
}

/** Empties a message; its place stays. Its former texts and its pin go with its text [S13.1]. */
export async function deleteMessage(context: ApplyContext, operation: OperationOf<'message.delete'>): Promise<Applied> {
  const member = await requireJoined(context.draft, operation.roomId, context.actorId)
  const room = await requireMay(context.draft, member, 'delete')
  const message = await requireOwn(context, member, operation.messageId)
  if (message.deletedAt !== undefined) return standing(message)
  const { rev: _rev, editedAt: _at, replyTo: _replyTo, replySeq: _replySeq, mentions: _mentions, ...rest } = message
  await dropPin(context.draft, room, message.id)
  const deleted = await putMessage(context, { ...rest, body: '', deletedAt: context.now })
  context.draft.dropEdits(message.roomId, message.id)
  return deleted
}

async function requireOwn(context: ApplyContext, member: MemberRecord, messageId: string): Promise<MessageRecord> {
  const message = await requireReadable(context.draft, member, messageId)
  if (message.kind !== 'text' || message.authorId !== context.actorId) {
    throw notPermitted('only the author may change a message')
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

function sameIds(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}
