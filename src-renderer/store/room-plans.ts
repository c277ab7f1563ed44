// What a wish about a room or one's own place in it does to the outbox [S2, S12]. As message-plans.ts: plain functions that come to the same when
// half of it is done.
import type { OperationOf } from '../../protocol/operations.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { Plan } from './message-plans.ts'
import { roomIdOf } from './outbox-rules.ts'
import {
  effective,
  isOf,
  isRemovable,
  isUnsent,
  settingsOf,
  standingMember,
  standingSettings
} from './outbox-standing.ts'
import type { Base } from './outbox-standing.ts'
import type { OutboxEntry } from './sync-store.ts'
import { planValues, withoutWished } from './value-plans.ts'

type Entries = readonly OutboxEntry[]

/** The entries that name this room. */
export function ofRoom(entries: Entries, roomId: string): Entries {
  return entries.filter(({ operation }) => roomIdOf(operation) === roomId)
}

/** A direct room or notes that are there, or will be, are not made again; where making them was refused, it is tried anew. */
export function planCreate({ roomId, kind }: OperationOf<'room.create'>, entries: Entries, base: Base): Plan {
  if (kind === 'group' || kind === 'open') return { add: true }
  if (base.membership !== undefined || base.room !== undefined) return {}
  const creations = ofRoom(entries, roomId).filter((entry) => isOf(entry, 'room.create'))
  if (creations.some(({ state }) => state !== 'refused')) return {}
  return { remove: creations.map(({ id }) => id), add: true }
}

export function planRename(operation: OperationOf<'room.rename'>, entries: Entries, { room }: Base): Plan {
  const { roomId, name } = operation
  const inRoom = ofRoom(entries, roomId)
  const creation = inRoom.find((entry) => isOf(entry, 'room.create'))
  const renames = inRoom.filter((entry) => isOf(entry, 'room.rename'))
  if (creation && isRemovable(creation)) {
    // Refused with it: they would come again behind it.
    const older = renames.filter(isRemovable)
    const put = [{ ...creation, operation: { ...creation.operation, name } }]
    return { put, remove: older.map(({ id }) => id) }
  }
  const standing = effective(renames, room, roomStream(roomId))
  const unsent = standing.findLast(isUnsent)
  if (room?.name === name && standing.every((entry) => entry === unsent)) return unsent ? { remove: [unsent.id] } : {}
  return unsent ? { put: [{ ...unsent, operation }] } : { add: true }
}

/** Topic, picture and who may write. */
export function planChange(
  operation: OperationOf<'room.change'>,
  entries: Entries,
  { room }: Base,
  place: number
): Plan {
  const inRoom = ofRoom(entries, operation.roomId)
  const creation = inRoom.find((entry) => isOf(entry, 'room.create'))
  const changes = inRoom.filter((entry) => isOf(entry, 'room.change'))
  // It is made with topic and writers, but without a picture.
  if (creation && isRemovable(creation) && operation.avatar === undefined) {
    const { topic: heldTopic, writers: heldWriters, ...rest } = creation.operation
    const { topic = heldTopic, writers = heldWriters } = operation
    const made = { ...rest, ...(topic ? { topic } : {}), ...(writers ? { writers } : {}) }
    const older = changes.filter(isRemovable).map((entry) => ({ id: entry.id, left: withoutWished(entry, operation) }))
    const put = [{ ...creation, operation: made }, ...older.flatMap(({ left }) => left ?? [])]
    return { put, remove: older.flatMap(({ id, left }) => (left ? [] : [id])) }
  }
  const standing = effective(changes, room, roomStream(operation.roomId))
  const { topic, avatar, writers } = operation
  const isSame =
    room !== undefined &&
    (topic === undefined || topic === (room.topic ?? null)) &&
    (avatar === undefined || (avatar === null && room.avatar === undefined)) &&
    (writers === undefined || writers === (room.writers ?? null))
  return planValues(operation, standing, isSame, place)
}

/** [S11.6] */
export function planClose({ roomId }: OperationOf<'room.close'>, entries: Entries, { room }: Base): Plan {
  const isClosing = ofRoom(entries, roomId).some((entry) => isOf(entry, 'room.close') && entry.state !== 'refused')
  return room?.closedAt !== undefined || isClosing ? {} : { add: true }
}

/**
 * [S12.2] Waiting marks of a room are one. It must stand behind what marked the room as unread [S12.4]. [S12.6] What was read while the others
 * were not told of it is marked once more.
 */
export function planRead(operation: OperationOf<'read.mark'>, entries: Entries, base: Base, place: number): Plan {
  const { roomId, seq } = operation
  const inRoom = ofRoom(entries, roomId)
  const { readSeq, unreadFrom } = standingSettings(base.membership, inRoom, base.userId)
  const marks = inRoom.filter((entry) => isOf(entry, 'read.mark') && entry.state !== 'refused')
  const isTold =
    base.told === undefined ||
    seq <= base.told ||
    marks.some((entry) => isOf(entry, 'read.mark') && seq <= entry.operation.seq)
  if (seq <= readSeq && unreadFrom === null && isTold) return {}
  const mark = inRoom.filter((entry) => isOf(entry, 'read.mark')).findLast(isUnsent)
  if (!mark) return { add: true }
  const isLast = inRoom.indexOf(mark) > inRoom.findLastIndex(marksUnread)
  const highest = { ...operation, seq: Math.max(seq, mark.operation.seq) }
  return { put: [{ ...mark, operation: highest, place: isLast ? mark.place : place }] }
}

function marksUnread(entry: OutboxEntry): boolean {
  return isOf(entry, 'room.settings') && entry.operation.unreadFrom !== undefined
}

export function planSettings(
  operation: OperationOf<'room.settings'>,
  entries: Entries,
  base: Base,
  place: number
): Plan {
  const { type: _, roomId, ...wished } = operation
  const inRoom = ofRoom(entries, roomId)
  const now = standingSettings(base.membership, inRoom, base.userId)
  const isSame = (settings: object, values: object): boolean =>
    Object.entries(values).every(([name, value]) => (settings as Record<string, unknown>)[name] === value)
  if (isSame(now, wished)) return {}
  const own = inRoom.filter((entry) => isOf(entry, 'room.settings', 'read.mark'))
  const standing = effective(own, base.membership, userStream(base.userId))
  return planValues(operation, standing, isSame(settingsOf(base.membership), wished), place)
}

export function planJoin({ roomId }: OperationOf<'room.join'>, entries: Entries, base: Base): Plan {
  const inRoom = ofRoom(entries, roomId)
  const isJoined = (without?: OutboxEntry): boolean =>
    standingMember(
      base.userId,
      base.membership?.state === 'joined',
      inRoom.filter((entry) => entry !== without),
      base.userId
    )
  if (isJoined()) return {}
  const leaving = inRoom
    .filter((entry) => isOf(entry, 'member.remove'))
    .findLast((entry) => isUnsent(entry) && entry.operation.userId === base.userId)
  return leaving && isJoined(leaving) ? { remove: [leaving.id] } : { add: true }
}
