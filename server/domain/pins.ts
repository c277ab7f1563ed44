// message.pin [SPEC §3]: which messages a room holds up for everybody.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_PINS } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import type { RoomRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { Draft } from '../storage/port.ts'
import { notPermitted, requireActor, requireReadable } from './access.ts'
import type { Applied, ApplyContext } from './applied.ts'
import { appendSystemLine } from './system-lines.ts'

/** Pins a message, which a line tells, or takes its pin away, which none does. */
export async function setPin(context: ApplyContext, operation: OperationOf<'message.pin'>): Promise<Applied> {
  const { draft, actorId } = context
  const { roomId, messageId, set } = operation
  const { member, room } = await requireActor(draft, { roomId, userId: actorId }, 'pin')
  const message = await requireReadable(draft, member, messageId)
  if (message.kind !== 'text') throw notPermitted('nobody pins a system line')
  if (message.deletedAt !== undefined) throw new ProtocolError('message-deleted', 'the message has been deleted')

  const stream = roomStream(roomId)
  const { pins = [] } = room
  if (pins.includes(messageId) === set) return { stream, rev: room.rev, changed: false }
  if (!set) return { stream, rev: (await putPins(draft, room, without(pins, messageId))).rev, changed: true }
  if (pins.length >= MAX_PINS) {
    throw new ProtocolError('too-many-pins', 'the room has too many pinned messages', { limit: MAX_PINS })
  }
  await putPins(draft, room, [...pins, messageId])
  const line = await appendSystemLine(context, roomId, { name: 'message-pinned', userIds: [], messageId })
  return { stream, rev: line.rev, changed: true }
}

/** Takes away the pin of a message that is being deleted, if it has one. */
export async function dropPin(draft: Draft, room: RoomRecord, messageId: string): Promise<void> {
  if (room.pins?.includes(messageId)) await putPins(draft, room, without(room.pins, messageId))
}

function without(pins: readonly string[], messageId: string): string[] {
  return pins.filter((id) => id !== messageId)
}

async function putPins(draft: Draft, room: RoomRecord, pins: string[]): Promise<RoomRecord> {
  const { rev: _rev, pins: _pins, ...rest } = room
  return draft.put<RoomRecord>(roomStream(room.id), { ...rest, ...(pins.length === 0 ? {} : { pins }) })
}
