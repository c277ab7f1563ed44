// What has to be true once everything is quiet: all devices hold what the relay holds, and everything happened once.
import type { OperationOf } from '../protocol/operations.ts'
import type { StreamRecord } from '../protocol/records.ts'
import { recordKey } from '../protocol/records.ts'
import { roomOfStream, roomStream } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { Storage } from '../server/storage/port.ts'
import { spokenIn } from '../src-renderer/store/outbox-rules.ts'
import type { SimulatedDevice } from './device.ts'
import { checkRepeated } from './repeated.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/** Throws the first Violation that it finds. */
export async function checkEverything(world: World): Promise<void> {
  const { truth, relay } = world
  if (relay.running === null) throw new Violation('start', 'the relay is not up')
  await checkRelay(world, relay.running.storage)
  checkOperations(world)
  checkErased(world)
  for (const device of world.devices) {
    for (const [stream] of truth.latest) checkStream(world, device, stream)
    checkHeld(world, device)
  }
  checkShown(world)
  if (truth.era > 0)
    checkRepeated(world, { isUnknowable, maySpeak: (roomId, userId) => mayBeSaid(truth, roomId, userId) })
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
  const lastSeq = new Map<string, number>()
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
    if (message.editedAt === undefined && message.deletedAt === undefined && message.body !== operation.body)
      throw new Violation('S2', `message ${operation.messageId} of ${device.name} has other words`)
    const key = `${device.name} ${roomId}`
    if (message.seq <= (lastSeq.get(key) ?? 0))
      throw new Violation('S2.1', `message ${operation.messageId} of ${device.name} came out of its order`)
    lastSeq.set(key, message.seq)
  }
}

/** [S10.5] What was said is there after the relay went back too, as long as its author may write there and did not take it away. */
function checkBroughtBack({ truth, intents, devices }: Pick<World, 'truth' | 'intents' | 'devices'>): void {
  const gone = takenBack({ intents, devices })
  const wasAccepted = (id: string): boolean =>
    (truth.decisions.get(id) ?? []).some(({ status }) => status === 'accepted')
  for (const { id, device, operation } of intents.all.values()) {
    if (operation.type !== 'message.send' || !wasAccepted(id)) continue
    if (gone.has(`${device.userId} ${operation.messageId}`)) continue
    const { messageId } = operation
    const roomId = spokenIn(operation, device.userId)
    if (!mayBeSaid(truth, operation.roomId, device.userId) || !mayBeSaid(truth, roomId, device.userId)) continue
    const [stream, key] = [roomStream(roomId), `message:${messageId}`]
    if (isUnknowable(device, stream, key)) continue
    if (truth.record(stream, key) === undefined)
      throw new Violation('S10.5', `message ${messageId} of ${device.name} was not brought back`)
  }
}

/** By author and id: what its author wanted to delete, also in vain, did not send again, or was not allowed to send again. */
function takenBack({ intents, devices }: Pick<World, 'intents' | 'devices'>): Set<string> {
  const refused = devices.flatMap((device) => {
    return device.outbox().flatMap(({ operation, state }) => (state === 'refused' ? [{ device, operation }] : []))
  })
  const withdrawn = [...intents.all.values()].filter(({ state }) => state === 'withdrawn')
  const unsent = [...refused, ...withdrawn].filter(({ operation }) => operation.type === 'message.send')
  const deleted = [...intents.all.values()].filter(({ operation }) => operation.type === 'message.delete')
  return new Set(
    [...unsent, ...deleted].map(({ device, operation }) => {
      return `${device.userId} ${'messageId' in operation ? operation.messageId : ''}`
    })
  )
}

/**
 * [S13] What somebody has deleted is not there, also where a relay that went back had not got it when it was told so, and a device has brought it
 * back since.
 */
function checkErased({ truth, intents }: World): void {
  for (const { id, device, operation } of intents.all.values()) {
    if (operation.type !== 'message.delete' || !wasUnmet(truth, id)) continue
    const stream = roomStream(operation.roomId)
    const message = truth.record(stream, `message:${operation.messageId}`)
    if (message?.type !== 'message' || message.authorId !== device.userId || message.deletedAt !== undefined) continue
    if (truth.mayHoldNow(device.userId, stream, message))
      throw new Violation('S13', `message ${message.id} was deleted on ${device.name}, and its text is on the relay`)
  }
}

/** Whether it was to delete what the relay had not got. */
function wasUnmet({ decisions }: World['truth'], id: string): boolean {
  const code = decisions.get(id)?.at(-1)?.code
  return code === 'message-not-found' || code === 'room-not-found'
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
function checkStream({ truth, intents, devices }: World, device: SimulatedDevice, stream: StreamId): void {
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
    if (!isOwn || takenBack({ intents, devices }).has(`${userId} ${record.id}`)) continue
    if (truth.mayHoldNow(userId, stream, record))
      throw new Violation('S10.5', `${name} has not brought back its own ${recordKey(record)}`)
  }
}

/**
 * Whether the relay may have gone back behind this record without anybody being able to tell: it is ahead of its checkpoint, as after a kill, or
 * what the device made of its own doing when it might not read the room any more [S11.1].
 */
function isUnknowable(device: SimulatedDevice, stream: StreamId, key: string): boolean {
  const held = device.kept.disk.records.get(stream)?.get(key)
  const isMadeHere = held !== undefined && (held.epoch === 0 || !Number.isInteger(held.record.rev))
  return device.ahead.has(`${stream} ${key}`) || isMadeHere
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

/**
 * [S11.1] What somebody did to messages shows on the device on which they did it, unless something newer came: also in a room that was left before
 * the relay could tell of it. Of what lies below the checkpoint, or was jumped over and is being caught up with, messages may not be held, as anywhere.
 */
function checkShown({ truth, intents }: World): void {
  if (truth.era > 0) return
  for (const { id, device, operation } of intents.all.values()) {
    const rev = truth.decisions.get(id)?.find(({ status }) => status === 'accepted')?.rev
    if (rev === undefined || !('messageId' in operation)) continue
    const { messageId } = operation
    const stream = roomStream(operation.type === 'message.send' ? spokenIn(operation, device.userId) : operation.roomId)
    const { checkpoint = 0, jump } = device.state(stream) ?? {}
    const isCutOff = rev > checkpoint
    const isInGap = jump !== undefined && rev <= Math.min(jump.position, jump.target)
    const message = heldOn(device, stream, `message:${messageId}`)
    const complain = (rule: string, what: string): never => {
      throw new Violation(rule, `${device.name} ${what}: ${operation.type} ${messageId}, accepted at rev ${rev}`)
    }
    if (operation.type === 'message.send') {
      if (isCutOff && !isInGap && !message) complain('S11.1', 'has lost own words')
      checkAside(device, operation, complain)
    }
    if (!message) continue
    if (operation.type === 'message.delete' && message.body !== '') complain('S13.1', 'shows what was deleted')
    if (message.deletedAt !== undefined) continue
    if (operation.type === 'message.edit' && message.rev <= rev && message.body !== operation.body)
      complain('S11.1', 'shows other words')
    if (operation.type !== 'reaction.set' || !isCutOff) continue
    const reaction = heldOn(device, stream, `reaction:${messageId}:${device.userId}:${operation.emoji}`)
    if ((reaction?.rev ?? 0) <= rev && (reaction?.set ?? false) !== operation.set)
      complain('S11.1', 'shows another reaction')
  }
}

/** [S11.5] What is said aside shows as said to these, and never as said to all. */
function checkAside(
  device: SimulatedDevice,
  operation: OperationOf<'message.send'>,
  complain: (rule: string, what: string) => never
): void {
  const { roomId, messageId, to } = operation
  if (!to) return
  const [parent, aside] = [roomStream(roomId), roomStream(spokenIn(operation, device.userId))]
  if (heldOn(device, parent, `message:${messageId}`)) complain('S11.5', 'shows to all what was said aside')
  if (!heldOn(device, aside, `message:${messageId}`)) return
  if (to.some((userId) => !heldOn(device, aside, `member:${userId}`))) complain('S11.5', 'does not show to whom')
}

function heldOn<K extends 'message' | 'reaction' | 'member'>(
  device: SimulatedDevice,
  stream: StreamId,
  key: `${K}:${string}`
): Extract<StreamRecord, { type: K }> | undefined {
  return device.kept.disk.records.get(stream)?.get(key)?.record as Extract<StreamRecord, { type: K }> | undefined
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
