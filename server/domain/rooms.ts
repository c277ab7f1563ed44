// room.create and room.rename [SPEC §3].
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_ROOM_MEMBERS } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { RoomRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { requireJoined, roomNotFound } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { putJoined, requireUsers } from './members.ts'
import { appendSystemLine } from './system-lines.ts'

/** Makes a room with the actor as its owner. */
export async function createRoom(context: ApplyContext, operation: OperationOf<'room.create'>): Promise<Applied> {
  const { draft, actorId, now } = context
  const { roomId, kind, name, history } = operation
  const existing = await draft.room(roomId)
  if (existing) return madeAlready(context, existing)

  await requireUsers(draft, operation.memberIds, 'memberIds')
  const others = [...new Set(operation.memberIds)].filter((userId) => userId !== actorId)
  if (others.length + 1 > MAX_ROOM_MEMBERS) {
    throw new ProtocolError('room-full', 'a room cannot hold that many members', { limit: MAX_ROOM_MEMBERS })
  }

  const stream = roomStream(roomId)
  const settled = { kind, name, ...(history === undefined ? {} : { history }) }
  await draft.put<RoomRecord>(stream, { type: 'room', id: roomId, ...settled, createdBy: actorId, createdAt: now })
  await putJoined(context, roomId, actorId, { role: 'owner', joinedSeq: 0 })
  for (const userId of others) await putJoined(context, roomId, userId, { role: 'member', joinedSeq: 0 })
  const line = await appendSystemLine(context, roomId, { name: 'room-created', userIds: others })
  return { stream, rev: line.rev, changed: true }
}

/** Gives a room another name, and tells it in a line. */
export async function renameRoom(context: ApplyContext, operation: OperationOf<'room.rename'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId, name } = operation
  await requireJoined(draft, roomId, actorId)
  const room = await draft.room(roomId)
  if (!room) throw roomNotFound()
  const stream = roomStream(roomId)
  if (room.name === name) return { stream, rev: room.rev, changed: false }

  const { rev: _, ...rest } = room
  await draft.put<RoomRecord>(stream, { ...rest, name })
  const line = await appendSystemLine(context, roomId, { name: 'room-renamed', userIds: [], roomName: name })
  return { stream, rev: line.rev, changed: true }
}

/** The same room again: its maker hears where it stands, in the own stream if the room is not theirs to read any more. */
async function madeAlready({ draft, actorId }: ApplyContext, room: RoomRecord): Promise<Applied> {
  if (room.createdBy !== actorId)
    throw new ProtocolError('id-conflict', 'another room has this id', { field: 'roomId' })
  const member = await draft.member(room.id, actorId)
  if (member?.state === 'joined') return { stream: roomStream(room.id), rev: room.rev, changed: false }
  return { stream: userStream(actorId), rev: await draft.head(userStream(actorId)), changed: false }
}
