// What people do: each act is a command on one of their devices, on what that device shows them. Knows no relay.
import { ProtocolError } from '../protocol/errors.ts'
import type { MemberRecord, MessageRecord } from '../protocol/records.ts'
import { roomStream, USERS_STREAM, userStream } from '../protocol/streams.ts'
import type { ChatCommands } from '../src-renderer/store/chat-store.ts'
import { spokenIn } from '../src-renderer/store/outbox-rules.ts'
import type { SimulatedDevice } from './device.ts'
import type { Act } from './plan.ts'
import type { Random } from './random.ts'

const EMOJI = ['👍', '🎉', '❤️']
const YEAR_MS = 365 * 24 * 3_600_000

/** Does what somebody does with a device that is on. Nothing, where there is nothing to do it to. Resolves or rejects as the command does. */
export async function act(kind: Act, device: SimulatedDevice, random: Random): Promise<unknown> {
  const commands = device.running?.commands
  if (!commands) return undefined
  switch (kind) {
    case 'send':
    case 'reply':
    case 'edit':
    case 'delete':
    case 'react':
      return write(kind, device, commands, random)
    case 'create-room':
      return commands.createRoom(`room ${random.integer(1_000)}`, someUsers(device, random), {
        kind: random.chance(0.4) ? 'open' : 'group',
        ...(random.chance(0.3) ? { history: 'from-joining' as const } : {})
      })
    case 'rename-room':
    case 'add-members':
    case 'remove-member':
    case 'change-room':
    case 'close-room':
    case 'role':
    case 'ban':
    case 'aside':
    case 'leave':
    case 'join':
    case 'settings':
    case 'read':
      return inRoom(kind, device, commands, random)
    case 'profile':
      if (random.chance(0.3))
        return commands.changeProfile({ status: random.chance(0.3) ? null : `at ${random.integer(99)}` })
      if (random.chance(0.4)) return commands.setAvailability(random.pick(['auto', 'dnd', 'invisible'] as const))
      if (random.chance(0.15)) return commands.setReceipts(false)
      return commands.changeProfile({ displayName: `name ${random.integer(1_000)}` })
    case 'direct': {
      const [other] = someUsers(device, random)
      return other === undefined ? undefined : commands.openDirect(other)
    }
    case 'notes':
      return commands.openNotes()
    case 'part':
      return part(device, commands, random)
    case 'block': {
      const [other] = someUsers(device, random)
      return other === undefined ? undefined : commands.setBlock(other, random.chance(0.6))
    }
    case 'cancel':
    case 'retry':
    case 'discard':
      return decide(kind, device, commands, random)
    default:
      throw new Error(`nobody does ${kind}`)
  }
}

/** Rooms that the device shows as joined, those that wait in the outbox included. */
export function roomsOf(device: SimulatedDevice): string[] {
  const joined = device
    .records(userStream(device.userId))
    .flatMap((record) => (record.type === 'membership' && record.state === 'joined' ? [record.roomId] : []))
  const made = device.outbox().flatMap(({ operation }) => (operation.type === 'room.create' ? [operation.roomId] : []))
  return [...new Set([...joined, ...made])]
}

type Write = 'send' | 'reply' | 'edit' | 'delete' | 'react'

async function write(
  kind: Write,
  device: SimulatedDevice,
  commands: ChatCommands,
  random: Random,
  rooms = roomsOf(device)
): Promise<unknown> {
  if (rooms.length === 0) return undefined
  const roomId = random.pick(rooms)
  const body = `${device.name} says ${random.integer(100_000)}`
  const held = device
    .records(roomStream(roomId))
    .filter((record): record is MessageRecord => record.type === 'message' && record.kind === 'text')
  const waiting = device
    .outbox()
    .flatMap(({ operation }) =>
      operation.type === 'message.send' && spokenIn(operation, device.userId) === roomId ? [operation.messageId] : []
    )
  const own = [...held.filter(({ authorId }) => authorId === device.userId).map(({ id }) => id), ...waiting]
  const any = [...held.map(({ id }) => id), ...waiting]
  const mentions = random.chance(0.2) ? someUsers(device, random) : []
  if (kind === 'send' || any.length === 0) return commands.sendMessage(roomId, body, { mentions })
  if (kind === 'reply') return commands.sendMessage(roomId, body, { replyTo: random.pick(any) })
  if (kind === 'react' && random.chance(0.2))
    return commands.setMessagePin(roomId, random.pick(any), random.chance(0.7))
  if (kind === 'react') return commands.setReaction(roomId, random.pick(any), random.pick(EMOJI), random.chance(0.6))
  // Now and then somebody else's, which is refused.
  const messageId = random.pick(own.length === 0 || random.chance(0.1) ? any : own)
  if (kind === 'delete') return commands.deleteMessage(roomId, messageId)
  return commands.editMessage(roomId, messageId, body, { mentions })
}

type InRoom =
  | 'rename-room'
  | 'change-room'
  | 'close-room'
  | 'add-members'
  | 'remove-member'
  | 'role'
  | 'ban'
  | 'aside'
  | 'leave'
  | 'join'
  | 'settings'
  | 'read'

async function inRoom(
  kind: InRoom,
  device: SimulatedDevice,
  commands: ChatCommands,
  random: Random,
  rooms = roomsOf(device)
): Promise<unknown> {
  const left = device
    .records(userStream(device.userId))
    .flatMap((record) => (record.type === 'membership' && record.state !== 'joined' ? [record.roomId] : []))
  const choices = kind === 'join' && left.length > 0 ? left : rooms
  if (choices.length === 0) return undefined
  const roomId = random.pick(choices)
  switch (kind) {
    case 'rename-room':
      return commands.renameRoom(roomId, `renamed ${random.integer(1_000)}`)
    case 'add-members': {
      const userIds = someUsers(device, random)
      return userIds.length === 0 ? undefined : commands.addMembers(roomId, userIds)
    }
    case 'change-room': {
      const topic = random.chance(0.3) ? null : `about ${random.integer(1_000)}`
      return commands.changeRoom(
        roomId,
        random.chance(0.6) ? { topic } : { writers: random.chance(0.5) ? 'admins' : null }
      )
    }
    case 'close-room':
      return commands.closeRoom(roomId)
    case 'remove-member': {
      const others = othersIn(device, roomId)
      return others.length === 0 ? undefined : commands.removeMember(roomId, random.pick(others).userId)
    }
    case 'ban': {
      const others = othersIn(device, roomId)
      if (others.length === 0) return undefined
      const banned = others.filter((other) => other.banned)
      const isLifting = banned.length > 0 && random.chance(0.6)
      return commands.setBan(roomId, random.pick(isLifting ? banned : others).userId, !isLifting)
    }
    case 'role': {
      const others = othersIn(device, roomId)
      if (others.length === 0) return undefined
      const role = random.chance(0.15) ? 'owner' : random.chance(0.7) ? 'admin' : 'member'
      return commands.setRole(roomId, random.pick(others).userId, role)
    }
    case 'aside': {
      const joined = othersIn(device, roomId).filter(({ state }) => state === 'joined')
      if (joined.length === 0) return undefined
      const to = joined.filter(() => random.chance(0.5)).map(({ userId }) => userId)
      const one = random.pick(joined).userId
      return commands.sendMessage(roomId, `${device.name} whispers ${random.integer(100_000)}`, { to: [one, ...to] })
    }
    case 'leave':
      return commands.leaveRoom(roomId, { quietly: random.chance(0.3) })
    case 'join':
      return commands.joinRoom(roomId)
    case 'read': {
      const headSeq = device.state(roomStream(roomId))?.headSeq ?? 0
      if (random.chance(0.2) && headSeq > 0) return commands.markUnread(roomId, 1 + random.integer(headSeq))
      return commands.markRead(roomId, random.integer(headSeq + 1))
    }
    case 'settings':
      if (random.chance(0.5)) return commands.setPinned(roomId, random.chance(0.5))
      return commands.setMuted(roomId, random.chance(0.5) ? null : new Date(device.now() + YEAR_MS).toISOString())
  }
}

/** Last words in a room that can be left, and about what was said there and aside; then leaves it. */
async function part(device: SimulatedDevice, commands: ChatCommands, random: Random): Promise<void> {
  const rooms = roomsOf(device).flatMap((roomId) =>
    device.records(roomStream(roomId)).flatMap((record) => (record.type === 'room' ? record : []))
  )
  const some = rooms.filter(({ kind }) => kind === 'group' || kind === 'open')
  if (some.length === 0) return
  const { id: roomId } = random.pick(some)
  const inIt = rooms.flatMap(({ id, parentId }) => (id === roomId || parentId === roomId ? [id] : []))
  for (const kind of ['edit', 'react', 'delete', 'edit', 'send', 'delete'] as const)
    if (random.chance(0.6)) await write(kind, device, commands, random, inIt).catch(ignoreRefusal)
  if (random.chance(0.6)) await inRoom('aside', device, commands, random, [roomId])
  await inRoom('leave', device, commands, random, [roomId])
}

/** What was deleted a moment ago cannot be changed. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ProtocolError)) throw error
}

function othersIn(device: SimulatedDevice, roomId: string): MemberRecord[] {
  return device
    .records(roomStream(roomId))
    .filter((record): record is MemberRecord => record.type === 'member' && record.userId !== device.userId)
}

type Decide = 'cancel' | 'retry' | 'discard'

async function decide(kind: Decide, device: SimulatedDevice, commands: ChatCommands, random: Random): Promise<unknown> {
  const wanted = kind === 'cancel' ? 'pending' : 'refused'
  const entries = device.outbox().filter(({ state }) => state === wanted)
  if (entries.length === 0) return undefined
  const { id } = random.pick(entries)
  if (kind === 'discard') return commands.discard(id, { withDependants: random.chance(0.5) })
  return kind === 'cancel' ? commands.cancel(id) : commands.retry(id)
}

function someUsers(device: SimulatedDevice, random: Random): string[] {
  const users = device
    .records(USERS_STREAM)
    .flatMap((record) => (record.type === 'user' && record.id !== device.userId ? [record.id] : []))
  return users.filter(() => random.chance(0.6))
}
