// What a wish about who is in a room, and as what, does to the outbox [S2]. As message-plans.ts: plain functions that come to the same when half
// of it is done.
import { MAX_USERS_PER_OPERATION } from '../../protocol/limits.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { Plan } from './message-plans.ts'
import { effective, isOf, isUnsent, standingMember } from './outbox-standing.ts'
import type { Base, EntryOf } from './outbox-standing.ts'
import { ofRoom } from './room-plans.ts'
import type { OutboxEntry } from './sync-store.ts'

type Entries = readonly OutboxEntry[]

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

/** [S11.7] */
export function planBan(operation: OperationOf<'member.ban'>, entries: Entries, { members }: Base): Plan {
  const { roomId, userId, set } = operation
  const row = members?.get(userId)
  const isSame = row !== undefined && (row.banned ?? false) === set
  const bans = ofRoom(entries, roomId).filter((entry): entry is EntryOf<'member.ban'> => isOf(entry, 'member.ban'))
  return replaced(
    bans.filter((entry) => entry.operation.userId === userId),
    { operation, isSame, isWished: (entry) => entry.operation.set === set, row }
  )
}

export function planRole(operation: OperationOf<'member.role'>, entries: Entries, { members }: Base): Plan {
  const { roomId, userId, role } = operation
  const row = members?.get(userId)
  const roles = ofRoom(entries, roomId).filter((entry): entry is EntryOf<'member.role'> => isOf(entry, 'member.role'))
  return replaced(
    roles.filter((entry) => entry.operation.userId === userId),
    { operation, isSame: row?.role === role, isWished: (entry) => entry.operation.role === role, row }
  )
}

/** One wish about one member replaces the one before, if that was not sent; both go if the records say so already. */
function replaced<E extends EntryOf<'member.ban'> | EntryOf<'member.role'>>(
  before: readonly E[],
  how: {
    operation: E['operation']
    isSame: boolean
    isWished: (entry: E) => boolean
    row: { epoch: number; rev: number } | undefined
  }
): Plan {
  const { operation, isSame, isWished, row } = how
  const standing = effective(before, row, roomStream(operation.roomId)) as readonly E[]
  const last = standing.at(-1)
  if (!last) return isSame ? {} : { add: true }
  if (isWished(last)) return {}
  if (!isUnsent(last)) return { add: true }
  return standing.length === 1 && isSame ? { remove: [last.id] } : { put: [{ ...last, operation }] }
}
