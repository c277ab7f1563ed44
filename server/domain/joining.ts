// Coming into rooms: room.join, member.add [SPEC §3], and what an invite leads into [S11.10].
import { MAX_ROOM_MEMBERS } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { RoomRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Reader } from '../storage/port.ts'
import { notAMember, requireActor, requireJoined, roomClosed, roomNotFound } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { banned, putJoined, requireUsers, roomFull } from './members.ts'
import { isKnown, isPermitted } from './permissions.ts'
import { appendSystemLine } from './system-lines.ts'

/** Into an open room, by oneself. Who comes into an empty one owns it from then on. */
export async function joinRoom(context: ApplyContext, { roomId }: OperationOf<'room.join'>): Promise<Applied> {
  const { draft, actorId } = context
  const member = await draft.member(roomId, actorId)
  const room = await draft.room(roomId)
  if (member?.state === 'joined') {
    const { rev } = await requireJoined(draft, roomId, actorId)
    return { stream: roomStream(roomId), rev, changed: false }
  }
  // Nobody joins it: answered like a room that nobody knows, but to who knows it [S11].
  if (room?.kind !== 'open') throw member ? notAMember() : roomNotFound()
  if (room.closedAt !== undefined) throw roomClosed()
  if (member?.banned) throw banned()
  if ((await draft.memberCount(roomId)) >= MAX_ROOM_MEMBERS) throw roomFull()
  return comeIn(context, roomId)
}

/** Takes users into the room; those who are in it already stay as they are. */
export async function addMembers(context: ApplyContext, operation: OperationOf<'member.add'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId } = operation
  const stream = roomStream(roomId)
  await requireActor(draft, { roomId, userId: actorId }, 'add')
  await requireUsers(draft, operation.userIds, 'userIds')

  const added = new Set<string>()
  let standing = 0
  for (const [index, userId] of operation.userIds.entries()) {
    const member = await draft.member(roomId, userId)
    if (member?.banned) throw banned(`userIds[${index}]`)
    if (member?.state === 'joined') standing = Math.max(standing, member.rev)
    else added.add(userId)
  }
  if (added.size === 0) return { stream, rev: standing, changed: false }
  if ((await draft.memberCount(roomId)) + added.size > MAX_ROOM_MEMBERS) throw roomFull()

  const joinedSeq = await draft.headSeq(roomId)
  for (const userId of added) await putJoined(context, roomId, userId, { role: 'member', joinedSeq })
  const line = await appendSystemLine(context, roomId, { name: 'member-added', userIds: [...added] })
  return { stream, rev: line.rev, changed: true }
}

/** The streams that `joinByInvite` may write to. */
export function streamsOfInvite(roomIds: readonly string[], userId: string): StreamId[] {
  return [userStream(userId), ...roomIds.map(roomStream)]
}

/**
 * [S11.10] Takes the actor into those of an invite's rooms into which the invite's maker may take somebody now. Rooms that are gone or closed
 * or full, or that keep the actor out, are passed over.
 * @param makerId null: whoever runs the relay, who leads into open rooms alone
 * @returns the rooms that the actor is joined in now, those too in which they were before
 */
export async function joinByInvite(
  context: ApplyContext,
  roomIds: readonly string[],
  makerId: string | null
): Promise<{ rooms: RoomRecord[]; changed: boolean }> {
  const { draft, actorId } = context
  const rooms: RoomRecord[] = []
  let changed = false
  for (const roomId of new Set(roomIds)) {
    const room = await draft.room(roomId)
    const member = await draft.member(roomId, actorId)
    if (room && member?.state === 'joined' && isKnown('add', room.kind)) {
      rooms.push(room)
    } else if (room && !member?.banned && (await leadsInto(draft, room, makerId))) {
      await comeIn(context, roomId)
      rooms.push(room)
      changed = true
    }
  }
  return { rooms, changed }
}

/** Whether an invite of this maker leads into the room now [S11.10]. Also asked when one is made. */
export async function leadsInto(reader: Reader, room: RoomRecord, makerId: string | null): Promise<boolean> {
  if (!isKnown('add', room.kind) || room.closedAt !== undefined) return false
  if ((await reader.memberCount(room.id)) >= MAX_ROOM_MEMBERS) return false
  if (makerId === null) return room.kind === 'open'
  const maker = await reader.member(room.id, makerId)
  return maker?.state === 'joined' && isPermitted('add', room, maker.role)
}

async function comeIn(context: ApplyContext, roomId: string): Promise<Applied> {
  const { draft, actorId } = context
  const role = (await draft.memberCount(roomId)) === 0 ? 'owner' : 'member'
  await putJoined(context, roomId, actorId, { role, joinedSeq: await draft.headSeq(roomId) })
  const line = await appendSystemLine(context, roomId, { name: 'member-joined', userIds: [actorId] })
  return { stream: roomStream(roomId), rev: line.rev, changed: true }
}
