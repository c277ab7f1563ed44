// Closing rooms for good [S11.6]: by their owner, or by an owner of the relay.
import type { OperationOf } from '../../protocol/operations.ts'
import type { RoomRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import { requireActor, roomNotFound } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { isKnown } from './permissions.ts'
import { appendSystemLine } from './system-lines.ts'

/** By the room's owner. */
export async function closeRoom(context: ApplyContext, { roomId }: OperationOf<'room.close'>): Promise<Applied> {
  const { room } = await requireActor(context.draft, { roomId, userId: context.actorId }, 'close')
  return close(context, room)
}

/**
 * By an owner of the relay (which is not asked here), who need not be in it. Writes to the room's stream alone.
 * @throws ProtocolError `room-not-found`, also for a room of people's own: direct rooms, notes, asides
 */
export async function closeRoomOfRelay(context: ApplyContext, roomId: string): Promise<Applied> {
  const room = await context.draft.room(roomId)
  if (!room || !isKnown('close', room.kind)) throw roomNotFound()
  return close(context, room)
}

async function close(context: ApplyContext, room: RoomRecord): Promise<Applied> {
  const stream = roomStream(room.id)
  if (room.closedAt !== undefined) return { stream, rev: room.rev, changed: false }
  const { rev: _, ...rest } = room
  await context.draft.put<RoomRecord>(stream, { ...rest, closedAt: context.now })
  const line = await appendSystemLine(context, room.id, { name: 'room-closed', userIds: [] })
  return { stream, rev: line.rev, changed: true }
}
