// room.create, room.rename and room.change [SPEC §3, §3.1].
import { directRoomId, isDerivedId, notesRoomId } from '../../protocol/derived-ids.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_ROOM_MEMBERS } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { RoomRecord, SystemEvent } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { requireActor, requireJoined, requireMay } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { changedPicture } from './avatars.ts'
import { putJoined, requireUsers, roomFull } from './members.ts'
import { appendSystemLine } from './system-lines.ts'

type Create = OperationOf<'room.create'>

/** Makes a room with the actor in it. */
export async function createRoom(context: ApplyContext, operation: Create): Promise<Applied> {
  const { kind, roomId } = operation
  if (kind === 'direct' || kind === 'notes') return createOwn(context, operation, kind)
  if (isDerivedId(roomId)) throw invalid('roomId', 'this kind of id is for rooms whose id follows from who is in them')
  if (operation.name === undefined) throw invalid('name', 'rooms of this kind have a name')
  return createNamed(context, operation, operation.name)
}

/** A group or an open room, which the actor owns. */
async function createNamed(context: ApplyContext, operation: Create, name: string): Promise<Applied> {
  const { draft, actorId, now } = context
  const { roomId, kind, history, topic, writers } = operation
  const existing = await draft.room(roomId)
  if (existing) return madeAlready(context, existing)

  await requireUsers(draft, operation.memberIds, 'memberIds')
  const others = [...new Set(operation.memberIds)].filter((userId) => userId !== actorId)
  if (others.length + 1 > MAX_ROOM_MEMBERS) throw roomFull()

  const stream = roomStream(roomId)
  await draft.put<RoomRecord>(stream, {
    type: 'room',
    id: roomId,
    kind,
    name,
    ...(topic === undefined ? {} : { topic }),
    ...(writers ? { writers } : {}),
    ...(history === undefined ? {} : { history }),
    createdBy: actorId,
    createdAt: now
  })
  await putJoined(context, roomId, actorId, { role: 'owner', joinedSeq: 0 })
  for (const userId of others) await putJoined(context, roomId, userId, { role: 'member', joinedSeq: 0 })
  const line = await appendSystemLine(context, roomId, { name: 'room-created', userIds: others })
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

/** A direct room or notes to self: no line tells it, and whoever makes it second meets the first one's. */
async function createOwn(context: ApplyContext, operation: Create, kind: 'direct' | 'notes'): Promise<Applied> {
  const { draft, actorId, now } = context
  const { roomId } = operation
  const userIds = requireOwnMembers(operation, actorId)
  for (const field of ['name', 'history', 'topic', 'writers'] as const) {
    if (operation[field]) throw invalid(field, 'rooms of this kind have none')
  }
  const stream = roomStream(roomId)
  const standing = await draft.room(roomId)
  if (standing) {
    const { rev } = await requireJoined(draft, roomId, actorId)
    return { stream, rev: Math.max(standing.rev, rev), changed: false }
  }
  await requireUsers(draft, operation.memberIds, 'memberIds')
  await draft.put<RoomRecord>(stream, { type: 'room', id: roomId, kind, name: '', createdBy: actorId, createdAt: now })
  let rev = 0
  const role = kind === 'notes' ? 'owner' : 'member'
  for (const userId of userIds) ({ rev } = await putJoined(context, roomId, userId, { role, joinedSeq: 0 }))
  return { stream, rev, changed: true }
}

/** Everybody in it, the actor included. @throws ProtocolError `invalid` if the room's id does not follow from them */
function requireOwnMembers({ kind, roomId, memberIds }: Create, actorId: string): string[] {
  const [otherId] = memberIds
  const isNotes = kind === 'notes'
  if (memberIds.length !== (isNotes ? 0 : 1) || otherId === actorId) {
    throw invalid('memberIds', isNotes ? 'notes are of nobody else' : 'a direct room is with one other user')
  }
  const derived = otherId === undefined ? notesRoomId(actorId) : directRoomId(actorId, otherId)
  if (roomId !== derived) throw invalid('roomId', 'the id of such a room follows from who is in it')
  return [actorId, ...memberIds]
}

/** Gives a room another name, and tells it in a line. */
export async function renameRoom(context: ApplyContext, operation: OperationOf<'room.rename'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId, name } = operation
  const { room } = await requireActor(draft, { roomId, userId: actorId }, 'shape')
  const stream = roomStream(roomId)
  if (room.name === name) return { stream, rev: room.rev, changed: false }

  const { rev: _, ...rest } = room
  await draft.put<RoomRecord>(stream, { ...rest, name })
  const line = await appendSystemLine(context, roomId, { name: 'room-renamed', userIds: [], roomName: name })
  return { stream, rev: line.rev, changed: true }
}

/** Topic, picture, and who may write; each that changed is told in a line of its own. */
export async function changeRoom(context: ApplyContext, operation: OperationOf<'room.change'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId } = operation
  const member = await requireJoined(draft, roomId, actorId)
  const asksWriters = operation.writers !== undefined
  const shapes = !asksWriters || operation.topic !== undefined || operation.avatar !== undefined
  const room = await requireMay(draft, member, shapes ? 'shape' : 'writers')
  if (shapes && asksWriters) await requireMay(draft, member, 'writers')
  const picture = changedPicture(context, operation.avatar, room.avatar)

  const { rev: _, topic, avatar, writers, ...rest } = room
  const changed = {
    topic: operation.topic === undefined ? topic : (operation.topic ?? undefined),
    avatar: picture === undefined ? avatar : picture?.hash,
    writers: operation.writers === undefined ? writers : (operation.writers ?? undefined)
  }
  const lines: Omit<SystemEvent, 'userIds'>[] = []
  if (changed.topic !== topic) lines.push({ name: 'room-topic-set', ...defined({ topic: changed.topic }) })
  if (changed.avatar !== avatar) lines.push({ name: 'room-avatar-set' })
  if (changed.writers !== writers) lines.push({ name: 'room-writers-set', ...defined({ writers: changed.writers }) })
  const stream = roomStream(roomId)
  if (lines.length === 0) return { stream, rev: room.rev, changed: false }

  if (picture !== undefined) draft.putAvatar(roomId, picture)
  await draft.put<RoomRecord>(stream, { ...rest, ...defined(changed) })
  let last = 0
  for (const line of lines) last = (await appendSystemLine(context, roomId, { ...line, userIds: [] })).rev
  return { stream, rev: last, changed: true }
}

/** What is there of it: records have no undefined fields. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function invalid(field: string, message: string): ProtocolError {
  return new ProtocolError('invalid', `${field}: ${message}`, { field })
}
