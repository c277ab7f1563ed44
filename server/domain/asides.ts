// [S11.5] What is said in a room to some of its members alone: where it goes, and how that place is made. The parent gets no trace of it.
import { asideRoomId } from '../../protocol/derived-ids.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { MemberRecord, RoomRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { isJoined, recipientLeft, requireMay } from './access.ts'
import type { ApplyContext } from './applied.ts'
import { putJoined } from './members.ts'

type Send = OperationOf<'message.send'>

/** The room that a message goes into: the one that it names, or the aside of it. */
export function roomOfSend({ roomId, to }: Pick<Send, 'roomId' | 'to'>, authorId: string): string {
  return to === undefined ? roomId : asideRoomId(roomId, [authorId, ...to])
}

/** What sending may write to, and the parent, in which all must be joined until it is stored. */
export function streamsOfSend({ roomId, to = [] }: Send, authorId: string): StreamId[] {
  if (to.length === 0) return [roomStream(roomId)]
  const aside = roomStream(roomOfSend({ roomId, to }, authorId))
  return [aside, roomStream(roomId), ...[authorId, ...to].map(userStream)]
}

/**
 * The aside of the room and of the author and `to`, and who the author is in it; made here if it is new.
 * @param parent the author, joined in the room
 * @throws ProtocolError `invalid` if the author is one of `to`; `recipient-left` whose field names who is not joined; as `requireMay`
 */
export async function openAside(
  context: ApplyContext,
  parent: MemberRecord,
  to: readonly string[]
): Promise<{ aside: RoomRecord; member: MemberRecord } | { make: () => Promise<RoomRecord> }> {
  const { draft, actorId } = context
  await requireMay(draft, parent, 'aside')
  const own = to.indexOf(actorId)
  if (own !== -1) throw new ProtocolError('invalid', 'the author is in an aside anyway', { field: `to[${own}]` })
  for (const [index, userId] of to.entries()) {
    if (!(await isJoined(draft, parent.roomId, userId))) throw recipientLeft(`to[${index}]`)
  }
  const asideId = roomOfSend({ roomId: parent.roomId, to: [...to] }, actorId)
  const aside = await draft.room(asideId)
  const member = await draft.member(asideId, actorId)
  if (aside && member) return { aside, member }
  return { make: () => makeAside(context, { asideId, parentId: parent.roomId, userIds: new Set([actorId, ...to]) }) }
}

/** Without a line: it is there as soon as something is said in it. */
async function makeAside(
  context: ApplyContext,
  { asideId, parentId, userIds }: { asideId: string; parentId: string; userIds: ReadonlySet<string> }
): Promise<RoomRecord> {
  const { draft, actorId, now } = context
  const made = { type: 'room', id: asideId, kind: 'aside', name: '', createdBy: actorId, createdAt: now } as const
  const aside = await draft.put<RoomRecord>(roomStream(asideId), { ...made, parentId })
  for (const userId of userIds) await putJoined(context, asideId, userId, { role: 'member', joinedSeq: 0, parentId })
  return aside
}
