// What has to be true once everything is quiet: all devices hold what the relay holds, and everything happened once.
import type { StreamRecord } from '../protocol/records.ts'
import { recordKey } from '../protocol/records.ts'
import { roomOfStream, roomStream } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { Storage } from '../server/storage/port.ts'
import { spokenIn } from '../src-renderer/store/outbox-rules.ts'
import type { SimulatedDevice } from './device.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/** Throws the first Violation that it finds. */
export async function checkEverything(world: World): Promise<void> {
  const { truth, relay } = world
  if (relay.running === null) throw new Violation('start', 'the relay is not up')
  await checkRelay(world, relay.running.storage)
  checkOperations(world)
  for (const device of world.devices) {
    for (const [stream] of truth.latest) checkStream(world, device, stream)
    checkHeld(world, device)
  }
}

/** [S1, S3, S4] The relay reads what its commits said, without a gap. */
async function checkRelay({ truth }: World, storage: Storage): Promise<void> {
  for (const [stream, records] of truth.latest) {
    const stored = new Map<string, StreamRecord>()
    const page = await storage.changes(stream, 0, { limit: 1e9, maxBytes: 1e9 })
    for (const record of page.records) stored.set(recordKey(record), record)
    same(`the relay's ${stream}`, 'S1', stored, records)
    const roomId = roomOfStream(stream)
    if (roomId === undefined) continue
    const seqs = page.records.filter((record) => record.type === 'message').map(({ seq }) => seq)
    const headSeq = await storage.headSeq(roomId)
    if (new Set(seqs).size !== seqs.length || seqs.length !== headSeq || Math.max(0, ...seqs) !== headSeq)
      throw new Violation('S4', `${stream} has ${seqs.length} messages and ends at seq ${headSeq}`)
  }
}

/** [S2] Each operation happened once, unless it was refused or withdrawn, and each device's in the order of writing. */
function checkOperations({ truth, intents, devices }: World): void {
  for (const device of devices) {
    for (const { id, state, operation } of device.outbox())
      if (state !== 'refused')
        throw new Violation('quiet', `${operation.type} ${id} is still ${state} on ${device.name}`)
  }
  if (truth.era > 0) return checkBroughtBack({ truth, intents, devices })
  const lastSeq = new Map<string, { n: number; seq: number }>()
  for (const { id, device, operation, state } of intents.all.values()) {
    const decided = truth.decisions.get(id) ?? []
    if (decided.length > 1)
      throw new Violation('S2', `${operation.type} ${id} of ${device.name} was decided ${decided.length} times`)
    const accepted = decided.some(({ status }) => status === 'accepted')
    if (state === 'left' && !accepted) throw new Violation('S2', `${operation.type} ${id} of ${device.name} was lost`)
    if (!accepted || operation.type !== 'message.send') continue
    const roomId = spokenIn(operation, device.userId)
    const message = truth.record(roomStream(roomId), `message:${operation.messageId}`)
    if (message?.type !== 'message' || message.authorId !== device.userId)
      throw new Violation('S2', `message ${operation.messageId} was accepted and is not there`)
    const n = decided[0]?.n ?? 0
    const key = `${decided[0]?.deviceId} ${roomId}`
    const last = lastSeq.get(key)
    if (last && n > last.n !== message.seq > last.seq)
      throw new Violation('S2.1', `message ${operation.messageId} of ${device.name} came out of its order`)
    lastSeq.set(key, { n, seq: message.seq })
  }
}

/** [S10.5] What was said is there after the relay went back too, as long as its author may write there and did not take it away. */
function checkBroughtBack({ truth, intents, devices }: Pick<World, 'truth' | 'intents' | 'devices'>): void {
  const gone = new Set<string>()
  const wasAccepted = (id: string): boolean =>
    (truth.decisions.get(id) ?? []).some(({ status }) => status === 'accepted')
  for (const { id, operation } of intents.all.values())
    if (operation.type === 'message.delete' && wasAccepted(id)) gone.add(operation.messageId)
  for (const { operation, state } of devices.flatMap((device) => device.outbox()))
    if (operation.type === 'message.send' && state === 'refused') gone.add(operation.messageId)
  for (const { id, device, operation } of intents.all.values()) {
    if (operation.type !== 'message.send' || gone.has(operation.messageId) || !wasAccepted(id)) continue
    const { messageId } = operation
    const roomId = spokenIn(operation, device.userId)
    if (!mayBeSaid(truth, operation.roomId, device.userId) || !mayBeSaid(truth, roomId, device.userId)) continue
    const [stream, key] = [roomStream(roomId), `message:${messageId}`]
    if (isUnknowable(device, stream, key)) continue
    if (truth.record(stream, key) === undefined)
      throw new Violation('S10.5', `message ${messageId} of ${device.name} was not brought back`)
  }
}

/** Whether nothing stands against saying something again in a room, or, of an aside, in what the device takes it for. */
function mayBeSaid(truth: World['truth'], roomId: string, userId: string): boolean {
  const room = truth.record(roomStream(roomId), `room:${roomId}`)
  if (room?.type !== 'room' || room.history !== undefined || room.closedAt !== undefined) return false
  if (!truth.isJoined(roomId, userId)) return false
  if (room.parentId !== undefined && !mayBeSaid(truth, room.parentId, userId)) return false
  const members = [...(truth.latest.get(roomStream(roomId))?.values() ?? [])].filter(({ type }) => type === 'member')
  const own = members.find((record) => record.type === 'member' && record.userId === userId)
  if (room.writers === 'admins' && own?.type === 'member' && own.role === 'member') return false
  const { parentId } = room
  return (
    parentId === undefined ||
    members.every((record) => record.type !== 'member' || truth.isJoined(parentId, record.userId))
  )
}

/** [S7 to S10] A device holds everything of the streams that its user may read, as the relay has it. */
function checkStream({ truth }: World, device: SimulatedDevice, stream: StreamId): void {
  const { userId, name } = device
  const wanted = new Map<string, StreamRecord>()
  const wasAhead = (key: string): boolean => truth.era > 0 && isUnknowable(device, stream, key)
  if (!truth.isReader(userId, stream)) return
  for (const [key, record] of truth.latest.get(stream) ?? [])
    if (truth.mayHoldNow(userId, stream, record) && isShown(record, truth.latest.get(stream)) && !wasAhead(key))
      wanted.set(key, record)
  const held = new Map<string, StreamRecord>()
  for (const record of device.records(stream))
    if (
      truth.mayHoldNow(userId, stream, record) &&
      isShown(record, truth.latest.get(stream)) &&
      (wanted.has(recordKey(record)) || !mayBeStale(truth.era, record)) &&
      !wasAhead(recordKey(record))
    )
      held.set(recordKey(record), record)
  same(`${stream} on ${name}`, 'S7', held, wanted)
  for (const record of device.onlyHere(stream)) {
    if (wanted.has(recordKey(record))) throw new Violation('S10.5', `${name} takes ${recordKey(record)} for lost`)
    const isOwn = record.type === 'message' && record.authorId === userId
    if (isOwn && truth.mayHoldNow(userId, stream, record))
      throw new Violation('S10.5', `${name} has not brought back its own ${recordKey(record)}`)
  }
}

/**
 * Whether the relay may have gone back behind this record without anybody being able to tell: it is ahead of its checkpoint, as after a kill, or
 * words that were kept when their author was removed [S11.1].
 */
function isUnknowable(device: SimulatedDevice, stream: StreamId, key: string): boolean {
  return device.ahead.has(`${stream} ${key}`) || device.kept.disk.records.get(stream)?.get(key)?.epoch === 0
}

/** [S10.2] Who joined, who read how far, whom one blocks and what one prefers stays on a device as it was when a relay that went back does not know of it any more. */
function mayBeStale(era: number, { type }: StreamRecord): boolean {
  return era > 0 && ['member', 'membership', 'read', 'block', 'preferences'].includes(type)
}

/** Reactions that are not set, or hang on a deleted message, need not be held: nobody sees them [S8.1, SPEC §2]. */
function isShown(record: StreamRecord, stream: ReadonlyMap<string, StreamRecord> | undefined): boolean {
  if (record.type !== 'reaction') return true
  const message = stream?.get(`message:${record.messageId}`)
  return record.set && message?.type === 'message' && message.deletedAt === undefined
}

/** [S11] Nobody holds what was never theirs. */
function checkHeld({ truth }: World, device: SimulatedDevice): void {
  if (truth.era > 0) return
  for (const [stream] of truth.latest)
    for (const record of device.records(stream))
      if (!truth.mayHold(device.userId, stream, record))
        throw new Violation('S11', `${device.name} holds a ${record.type} of ${stream}, rev ${record.rev}`)
}

function same(
  what: string,
  rule: string,
  held: ReadonlyMap<string, StreamRecord>,
  wanted: ReadonlyMap<string, StreamRecord>
): void {
  for (const [key, record] of wanted) {
    const other = held.get(key)
    if (other === undefined) throw new Violation(rule, `${what} lacks ${key}, rev ${record.rev}`)
    if (canonical(other) !== canonical(record))
      throw new Violation(rule, `${what} has ${JSON.stringify(other)} where the truth is ${JSON.stringify(record)}`)
  }
  for (const [key, record] of held)
    if (!wanted.has(key)) throw new Violation(rule, `${what} has ${key}, rev ${record.rev}, too many`)
}

function canonical(record: StreamRecord): string {
  return JSON.stringify(record, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value
  )
}
