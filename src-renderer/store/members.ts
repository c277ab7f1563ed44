// Who is in a room and how far everybody has read: records and own operations as one. Plain functions of rows and entries.
import { roomStream } from '../../protocol/streams.ts'
import type { RoomMember } from './chat-store.ts'
import { roomIdOf } from './outbox-rules.ts'
import { isCovered, standingRole, standingSettings } from './outbox-standing.ts'
import type { MemberRow, MembershipRow, ReadMark } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

/** Those who are joined, by when they came, then those who are being added. Who is being removed is listed until the records say so. */
export function buildMembers(
  roomId: string,
  userId: string,
  rows: ReadonlyMap<string, MemberRow>,
  entries: readonly OutboxEntry[]
): RoomMember[] {
  const byUser = new Map([...rows.values()].map((row) => [row.userId, row]))
  const members = new Map<string, RoomMember>()
  const joined = [...byUser.values()].filter(({ state }) => state === 'joined')
  for (const { userId: id, role, joinedAt } of joined.toSorted((a, b) => compare(a.joinedAt, b.joinedAt))) {
    members.set(id, { userId: id, role, joinedAt })
  }
  const add = (id: string, role: RoomMember['role'] = 'member'): void => {
    const member = members.get(id)
    if (!member) members.set(id, { userId: id, role, joinedAt: null, pending: 'adding' })
    else if (member.pending === 'removing')
      members.set(id, { userId: id, role: member.role, joinedAt: member.joinedAt })
  }
  const remove = (id: string): void => {
    const member = members.get(id)
    if (member?.pending === 'adding') members.delete(id)
    else if (member) members.set(id, { ...member, pending: 'removing' })
  }
  const stream = roomStream(roomId)
  const inRoom = entries.filter(({ operation }) => roomIdOf(operation) === roomId)
  for (const entry of inRoom) {
    const { operation } = entry
    if (entry.state === 'refused') continue
    const isNews = (id: string): boolean => !isCovered(entry, byUser.get(id), stream)
    if (operation.type === 'room.create') {
      if (isNews(userId)) add(userId, operation.kind === 'direct' ? 'member' : 'owner')
      operation.memberIds.filter(isNews).forEach((id) => add(id))
    } else if (operation.type === 'room.join' && isNews(userId)) add(userId)
    else if (operation.type === 'member.add') operation.userIds.filter(isNews).forEach((id) => add(id))
    else if (operation.type === 'member.remove' && isNews(operation.userId)) remove(operation.userId)
    else if (operation.type === 'member.ban' && operation.set && isNews(operation.userId)) remove(operation.userId)
  }
  for (const [id, member] of members) {
    const role = standingRole(id, byUser.get(id), inRoom, userId)
    if (role !== member.role) members.set(id, { ...member, role })
  }
  return [...members.values()]
}

/** [S12] By user. The own mark is the higher of what was told, what the own membership says and what is on its way. */
export function buildReads(
  roomId: string,
  userId: string,
  marks: Readonly<Record<string, ReadMark>> | undefined,
  membership: MembershipRow | undefined,
  entries: readonly OutboxEntry[]
): ReadonlyMap<string, number> {
  const reads = new Map(Object.entries(marks ?? {}).map(([id, [seq]]) => [id, seq]))
  const inRoom = entries.filter(({ operation }) => roomIdOf(operation) === roomId)
  const own = Math.max(standingSettings(membership, inRoom, userId).readSeq, reads.get(userId) ?? 0)
  if (own > 0) reads.set(userId, own)
  return reads
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
