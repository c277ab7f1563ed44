// What a device knows beforehand of whether the relay will take an operation: by the table that decides what people are offered (SPEC §3.1). Said apart from
// the relay's own rules.
import { mayRemove, rightsIn } from '../protocol/permissions.ts'
import type { RoomRights } from '../protocol/permissions.ts'
import type { Operation } from '../protocol/operations.ts'
import type { MemberRecord, RoomRecord } from '../protocol/records.ts'

export interface Look {
  room(roomId: string): RoomRecord | undefined
  member(roomId: string, userId: string): MemberRecord | undefined
}

/**
 * `never`: nobody in the actor's place may. `always`: they may, and nothing else can stand against it. Null: it depends on more than place and room.
 */
export function verdictOf(operation: Operation, actorId: string, look: Look): 'never' | 'always' | null {
  if (!('roomId' in operation)) return null
  const room = look.room(operation.roomId)
  const member = look.member(operation.roomId, actorId)
  if (room === undefined || operation.type === 'room.create' || operation.type === 'room.settings') return null
  if (operation.type === 'room.join' || operation.type === 'read.mark') return null
  // Leaving a room that was left changes nothing.
  if (operation.type === 'member.remove' && operation.userId === actorId && member && member.state !== 'joined')
    return null
  const parent = room.parentId === undefined ? undefined : rightsOf(room.parentId, actorId, look)
  if (member?.state !== 'joined' || (room.parentId !== undefined && parent === undefined)) return 'never'
  const rights = rightsIn(room, member.role, parent)
  const verdict = (may: boolean, isAll = true): 'never' | 'always' | null => (may ? (isAll ? 'always' : null) : 'never')
  switch (operation.type) {
    case 'message.send': {
      if (operation.to) return verdict(rights.write && (room.kind === 'group' || room.kind === 'open'), false)
      return verdict(rights.write, operation.replyTo === undefined && (room.kind === 'group' || room.kind === 'open'))
    }
    case 'message.edit':
      return verdict(rights.write, false)
    case 'reaction.set':
      return verdict(rights.react, false)
    case 'message.pin':
      return verdict(rights.pin, false)
    case 'message.delete':
      return null
    case 'room.rename':
      return verdict(rights.shape)
    case 'room.change': {
      const { topic, avatar, writers } = operation
      const isShape = topic !== undefined || avatar !== undefined
      return verdict((!isShape || rights.shape) && (writers === undefined || rights.setWriters))
    }
    case 'room.close':
      return room.closedAt === undefined ? verdict(rights.close) : null
    case 'member.add':
      return verdict(rights.add, false)
    case 'member.remove':
    case 'member.ban': {
      if (operation.userId === actorId) return operation.type === 'member.ban' ? 'never' : verdict(rights.leave)
      const target = look.member(operation.roomId, operation.userId)
      if (!target) return verdict(rights.remove !== 'nobody', false)
      return verdict(mayRemove(rights, target.role), false)
    }
    case 'member.role':
      return verdict(rights.setRole, false)
  }
}

function rightsOf(roomId: string, userId: string, look: Look): RoomRights | undefined {
  const [room, member] = [look.room(roomId), look.member(roomId, userId)]
  return room && member?.state === 'joined' ? rightsIn(room, member.role) : undefined
}
