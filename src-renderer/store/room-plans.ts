// What a wish about a room, its members, one's own place in it or one's profile does to the outbox [S2, S12]. As message-plans.ts: plain
// functions that come to the same when half of it is done.
import { MAX_USERS_PER_OPERATION } from '../../protocol/limits.ts'
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

type Entries = readonly OutboxEntry[]

function ofRoom(entries: Entries, roomId: string): Entries {
  return entries.filter(({ operation }) => roomIdOf(operation) === roomId)
}

export function planRename(operation: OperationOf<'room.rename'>, entries: Entries, { room }: Base): Plan {
  const { roomId, name } = operation
  const inRoom = ofRoom(entries, roomId)
  const creation = inRoom.find((entry) => isOf(entry, 'room.create'))
  if (creation && isRemovable(creation)) return { put: [{ ...creation, operation: { ...creation.operation, name } }] }
  const renames = inRoom.filter((entry) => isOf(entry, 'room.rename'))
  const standing = effective(renames, room, roomStream(roomId))
  const unsent = standing.findLast(isUnsent)
  if (room?.name === name && standing.every((entry) => entry === unsent)) return unsent ? { remove: [unsent.id] } : {}
  return unsent ? { put: [{ ...unsent, operation }] } : { add: true }
}

/** [S12.2] Waiting marks of a room are one. It must stand behind what marked the room as unread [S12.4]. */
export function planRead(operation: OperationOf<'read.mark'>, entries: Entries, base: Base, place: number): Plan {
  const { roomId, seq } = operation
  const inRoom = ofRoom(entries, roomId)
  const { readSeq, unreadFrom } = standingSettings(base.membership, inRoom, base.userId)
  if (seq <= readSeq && unreadFrom === null) return {}
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
  const unsent = inRoom.filter((entry) => isOf(entry, 'room.settings')).findLast(isUnsent)
  if (!unsent) return { add: true }
  const merged = { ...unsent.operation, ...operation }
  const { type: _type, roomId: _room, ...values } = merged
  const alone = standing.every((entry) => entry === unsent)
  if (alone && isSame(settingsOf(base.membership), values)) return { remove: [unsent.id] }
  // Behind a read mark, which takes `unreadFrom` away.
  return { put: [{ ...unsent, operation: merged, place: wished.unreadFrom === undefined ? unsent.place : place }] }
}

export function planAdd(operation: OperationOf<'member.add'>, entries: Entries, base: Base): Plan {
  const { roomId } = operation
  const inRoom = ofRoom(entries, roomId)
  const isJoined = (userId: string, without?: OutboxEntry): boolean =>
    standingMember(
      userId,
      base.members?.get(userId)?.state === 'joined',
      inRoom.filter((entry) => entry !== without),
      base.userId
    )
  const remove: string[] = []
  const userIds = operation.userIds.filter((userId) => {
    if (isJoined(userId)) return false
    const removal = inRoom
      .filter((entry) => isOf(entry, 'member.remove'))
      .findLast((entry) => isUnsent(entry) && entry.operation.userId === userId)
    if (!removal || !isJoined(userId, removal)) return true
    remove.push(removal.id)
    return false
  })
  if (userIds.length === 0) return { remove }
  const unsent = inRoom.filter((entry) => isOf(entry, 'member.add')).findLast(isUnsent)
  const together = [...new Set([...(unsent?.operation.userIds ?? []), ...userIds])]
  if (!unsent || together.length > MAX_USERS_PER_OPERATION || isBehind(inRoom, unsent, userIds)) {
    return { remove, add: { ...operation, userIds } }
  }
  return { remove, put: [{ ...unsent, operation: { ...unsent.operation, userIds: together } }] }
}

/** Whether one of `userIds` is to be removed by something behind `entry`. */
function isBehind(inRoom: Entries, entry: OutboxEntry, userIds: readonly string[]): boolean {
  return inRoom
    .slice(inRoom.indexOf(entry) + 1)
    .some((other) => isOf(other, 'member.remove') && userIds.includes(other.operation.userId))
}

/** Removing somebody, or leaving. */
export function planRemove(operation: OperationOf<'member.remove'>, entries: Entries, base: Base): Plan {
  const { roomId, userId } = operation
  const inRoom = ofRoom(entries, roomId)
  const joined =
    userId === base.userId ? isMember(base.membership, inRoom, base) : isMember(base.members?.get(userId), inRoom, base)
  const isJoined = (without?: OutboxEntry): boolean =>
    standingMember(
      userId,
      joined,
      inRoom.filter((entry) => entry !== without),
      base.userId
    )
  if (!isJoined()) return {}
  if (userId === base.userId) {
    const join = inRoom.filter((entry) => isOf(entry, 'room.join')).findLast(isUnsent)
    // With words that were said in it, it happened: they are to be sent, then one leaves.
    const idle = join && !entries.some(({ dependsOn }) => dependsOn.includes(join.id))
    return join && idle && !isJoined(join) ? { remove: [join.id] } : { add: true }
  }
  const addition = inRoom.findLast((entry) => {
    if (!isUnsent(entry)) return false
    return isOf(entry, 'member.add')
      ? entry.operation.userIds.includes(userId)
      : isOf(entry, 'room.create') && entry.operation.memberIds.includes(userId)
  })
  if (!addition || isJoined(addition)) return { add: true }
  return withoutUser(addition, userId)
}

function withoutUser(addition: OutboxEntry, userId: string): Plan {
  const others = (ids: readonly string[]): string[] => ids.filter((id) => id !== userId)
  if (isOf(addition, 'room.create')) {
    const { operation } = addition
    return { put: [{ ...addition, operation: { ...operation, memberIds: others(operation.memberIds) } }] }
  }
  if (!isOf(addition, 'member.add')) return {}
  const userIds = others(addition.operation.userIds)
  if (userIds.length === 0) return { remove: [addition.id] }
  return { put: [{ ...addition, operation: { ...addition.operation, userIds } }] }
}

/** By the records. Of a room that the device does not hold nobody knows: the relay is asked. */
function isMember(row: { state: string } | undefined, inRoom: Entries, { room }: Base): boolean {
  if (row) return row.state === 'joined'
  return room === undefined && !inRoom.some((entry) => isOf(entry, 'room.create'))
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

export function planProfile(operation: OperationOf<'profile.change'>, entries: Entries, { user }: Base): Plan {
  const changes = entries.filter((entry) => isOf(entry, 'profile.change'))
  const standing = effective(changes, user, 'users')
  const unsent = changes.findLast(isUnsent)
  const merged = { ...unsent?.operation, ...operation }
  const { displayName = user?.displayName, color = user?.color } = merged
  const isSame = user !== undefined && user.displayName === displayName && user.color === color
  if (isSame && standing.every((entry) => entry === unsent)) return unsent ? { remove: [unsent.id] } : {}
  return unsent ? { put: [{ ...unsent, operation: merged }] } : { add: true }
}
