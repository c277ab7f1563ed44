// A relay in memory that answers as SPEC says, as small as that allows: for tests of sync only. No limits but those on answers,
// no REST, no hashes. Its state can be copied and put back, as a restored backup would be.
import { ProtocolError } from '../../../protocol/errors.ts'
import type { Operation } from '../../../protocol/operations.ts'
import { recordKey } from '../../../protocol/records.ts'
import type {
  MemberRecord,
  MembershipRecord,
  MessageRecord,
  ReactionRecord,
  StreamRecord
} from '../../../protocol/records.ts'
import type {
  Answer,
  AnswersRequest,
  AnswersResult,
  Changed,
  Changes,
  ChangesWant,
  Failure,
  Page,
  PageWant,
  Pull,
  PullResult,
  Push,
  PushResult,
  Welcome
} from '../../../protocol/socket.ts'
import {
  readsStream,
  roomOfReads,
  roomOfStream,
  roomStream,
  userOfStream,
  userStream
} from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'

type Unrevised = StreamRecord extends infer R ? (R extends StreamRecord ? Omit<R, 'rev'> : never) : never

interface Stream {
  head: number
  headSeq: number
  records: Map<string, StreamRecord>
}
interface Device {
  userId: string
  answered: number
  settled: number
  answers: Answer[]
}
interface Data {
  streams: Map<StreamId, Stream>
  devices: Map<string, Device>
  /** Heads at which each epoch began [S10.1]. */
  epochs: { epoch: number; heads: Map<StreamId, number> }[]
}

const AT = '2026-01-01T00:00:00.000Z'

export class ModelRelay {
  relayId = 'relay-1'
  /** What one answer to a pull carries. */
  maxRecords = 1_000
  /** Hints with more records go out without them. */
  maxHintRecords = 50
  /** When set, pushes are stopped [S6.2]. */
  stopped: { code: string; message: string; retryAfterMs: number } | null = null
  /** Who hears what was committed. */
  readonly hearers = new Set<{ userId: string; tell: (changed: Changed) => void }>()
  /** Every pull and push that came in. */
  readonly heard: { pulls: Pull[]; pushes: Push[] } = { pulls: [], pushes: [] }
  /** How often each operation id was applied. */
  readonly applied = new Map<string, number>()
  private data: Data = { streams: new Map(), devices: new Map(), epochs: [] }
  private lastEpoch = 0
  private touched = new Map<StreamId, { from: number; keys: Set<string> }>()

  constructor() {
    this.restart()
  }

  get epoch(): number {
    return this.lastEpoch
  }

  restart(): void {
    this.lastEpoch += 1
    const heads = new Map([...this.data.streams].map(([stream, { head }]) => [stream, head]))
    this.data.epochs.push({ epoch: this.lastEpoch, heads })
  }

  backup(): unknown {
    return structuredClone(this.data)
  }

  restore(backup: unknown): void {
    this.data = structuredClone(backup) as Data
    this.restart()
  }

  head(stream: StreamId): number {
    return this.stream(stream).head
  }

  records(stream: StreamId): StreamRecord[] {
    return [...this.stream(stream).records.values()].toSorted((a, b) => a.rev - b.rev)
  }

  /** As if the room's newest message had been accepted at that time. */
  saidAt(roomId: string, acceptedAt: string): void {
    const { records, headSeq } = this.stream(roomStream(roomId))
    for (const [key, record] of records) {
      if (record.type === 'message' && record.seq === headSeq) records.set(key, { ...record, acceptedAt })
    }
  }

  addUser(userId: string): void {
    this.put('users', {
      type: 'user',
      id: userId,
      username: userId.slice(-4),
      displayName: userId.slice(-4),
      role: 'member',
      createdAt: AT
    })
    this.tell()
  }

  welcome(deviceId: string, userId: string): Welcome {
    const device = this.data.devices.get(deviceId) ?? { userId, answered: 0, settled: 0, answers: [] }
    this.data.devices.set(deviceId, device)
    const user = this.stream('users').records.get(`user:${userId}`)
    if (user?.type !== 'user') throw new Error('no such user')
    return {
      protocol: 1,
      relay: { id: this.relayId, version: 'model' },
      epoch: this.epoch,
      user,
      deviceId,
      answered: device.answered,
      serverTime: AT
    }
  }

  push(deviceId: string, push: Push): PushResult {
    this.heard.pushes.push(structuredClone(push))
    const device = this.deviceOf(deviceId)
    this.checkCounters(device, push)
    device.settled = Math.max(device.settled, push.settled)
    device.answers = device.answers.filter(({ n }) => n > device.settled)
    const answers: Answer[] = []
    for (const { id, n, dependsOn = [], operation } of push.operations) {
      const known = device.answers.find((answer) => answer.n === n)
      if (known === undefined && this.stopped) {
        return { ok: true, epoch: this.epoch, answers, stopped: this.stopped }
      }
      const answer = known ?? this.decide(device, id, n, dependsOn, operation)
      if (known === undefined) {
        device.answers.push(answer)
        device.answered = n
      }
      answers.push(answer)
    }
    return { ok: true, epoch: this.epoch, answers }
  }

  answers({ deviceId, after }: AnswersRequest): AnswersResult {
    const { answered, answers } = this.deviceOf(deviceId)
    return { ok: true, answered, answers: answers.filter(({ n }) => n > after) }
  }

  pull(userId: string, pull: Pull): PullResult {
    this.heard.pulls.push(structuredClone(pull))
    let room = this.maxRecords
    const results = pull.wants.map((want): Changes | Page | Failure => {
      const refusal = this.readRefusal(userId, want.kind === 'page' ? roomStream(want.roomId) : want.stream)
      if (refusal) return { ok: false, error: refusal.toWire() }
      const answer = want.kind === 'page' ? this.page(userId, want, room) : this.changes(userId, want, room)
      room -= answer.kind === 'page' ? answer.messages.length : answer.records.length
      return answer
    })
    return structuredClone({ ok: true, epoch: this.epoch, results })
  }

  /** Applies an operation as its user, as REST would. */
  act(userId: string, operation: Operation): void {
    this.apply(userId, operation)
    this.tell()
  }

  /** [S15] Hints of everything committed since the last call. */
  tell(): void {
    for (const [stream, { from, keys }] of this.touched) {
      const { head, records } = this.stream(stream)
      const changed = [...keys].flatMap((key) => records.get(key) ?? []).toSorted((a, b) => a.rev - b.rev)
      const hint = { epoch: this.epoch, stream, from, through: head }
      const full: Changed = changed.length > this.maxHintRecords ? hint : { ...hint, records: changed }
      for (const { userId, tell } of this.hearers) {
        if (this.readRefusal(userId, stream) !== null) continue
        const floor = this.floor(userId, roomOfStream(stream))
        const records = full.records?.filter(
          (record) => !('seq' in record) || record.type === 'read' || record.seq > floor
        )
        tell(structuredClone(records ? { ...full, records } : full))
      }
    }
    this.touched.clear()
  }

  private checkCounters(device: Device, { operations }: Push): void {
    let next = device.answered + 1
    for (const { n, id } of operations) {
      if (n <= device.settled) throw new ProtocolError('counter-conflict', 'settled')
      const known = device.answers.find((answer) => answer.n === n)
      if (known && known.id !== id) throw new ProtocolError('counter-conflict', 'another id')
      if (known) continue
      if (n !== next) throw new ProtocolError('counter-gap', 'beyond the next one')
      next += 1
    }
  }

  private decide(device: Device, id: string, n: number, dependsOn: string[], operation: Operation): Answer {
    try {
      const refused = dependsOn.some((each) => device.answers.find((a) => a.id === each)?.status === 'refused')
      if (refused) throw new ProtocolError('depends-on-refused', 'see dependsOn')
      const effect = this.apply(device.userId, operation)
      this.applied.set(id, (this.applied.get(id) ?? 0) + 1)
      return { status: 'accepted', n, id, ...effect }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return { status: 'refused', n, id, error: error.toWire() }
    }
  }

  private apply(actor: string, operation: Operation): { stream: StreamId; rev: number; seq?: number } {
    if (!('roomId' in operation)) throw new ProtocolError('unsupported', 'not in the model')
    const stream = roomStream(operation.roomId)
    const { roomId } = operation
    if (operation.type === 'room.create') {
      const standing = this.stream(stream).records.get(`room:${roomId}`)
      if (standing) return { stream, rev: standing.rev }
      const { kind, name = '', history } = operation
      const room = { type: 'room' as const, id: roomId, kind, name, createdBy: actor, createdAt: AT }
      this.put(stream, history === undefined ? room : { ...room, history })
      const userIds = [actor, ...operation.memberIds]
      for (const userId of userIds) this.join(roomId, userId, userId === actor ? 'owner' : 'member')
      return { stream, rev: this.say(roomId, actor, { name: 'room-created', userIds }).rev }
    }
    const refusal = this.readRefusal(actor, stream)
    if (refusal) throw refusal
    if (operation.type === 'member.add') {
      for (const userId of operation.userIds) this.join(roomId, userId, 'member')
      return { stream, rev: this.say(roomId, actor, { name: 'member-added', userIds: operation.userIds }).rev }
    }
    if (operation.type === 'member.remove') {
      const { userId } = operation
      const state = userId === actor ? 'left' : 'removed'
      const member = this.stream(stream).records.get(`member:${userId}`) as MemberRecord
      this.put(stream, { ...member, state })
      this.say(roomId, actor, { name: state === 'left' ? 'member-left' : 'member-removed', userIds: [userId] })
      const mine = this.put(userStream(userId), { type: 'membership', roomId, state, changedAt: AT })
      return userId === actor ? { stream: userStream(userId), rev: mine.rev } : { stream, rev: this.head(stream) }
    }
    if (operation.type === 'read.mark') return this.mark(actor, roomId, operation.seq)
    if (!('messageId' in operation) || operation.type === 'message.pin') {
      throw new ProtocolError('unsupported', 'not in the model')
    }
    const standing = this.stream(stream).records.get(`message:${operation.messageId}`)
    if (operation.type === 'reaction.set') {
      if (standing?.type !== 'message') throw new ProtocolError('message-not-found', 'no such message')
      const { messageId, emoji, set } = operation
      const reaction = { type: 'reaction' as const, roomId, messageId, seq: standing.seq, userId: actor, emoji, set }
      const key = recordKey({ ...reaction, rev: 1 })
      const held = this.stream(stream).records.get(key) as ReactionRecord | undefined
      if ((held?.set ?? false) === set) return { stream, rev: held?.rev ?? standing.rev }
      return { stream, rev: this.put(stream, reaction).rev }
    }
    if (operation.type === 'message.send') {
      if (standing?.type === 'message') return { stream, rev: standing.rev, seq: standing.seq }
      const { messageId: id, body, sentAt } = operation
      const message = this.append(roomId, { kind: 'text', id, authorId: actor, body, sentAt })
      return { stream, rev: message.rev, seq: message.seq }
    }
    if (standing?.type !== 'message') throw new ProtocolError('message-not-found', 'no such message')
    if (standing.authorId !== actor) throw new ProtocolError('not-permitted', 'not the author')
    if (operation.type === 'message.delete') {
      return { stream, rev: this.put(stream, { ...standing, body: '', deletedAt: AT }).rev }
    }
    if (standing.deletedAt !== undefined) throw new ProtocolError('message-deleted', 'deleted')
    return { stream, rev: this.put(stream, { ...standing, body: operation.body, editedAt: AT }).rev }
  }

  /** [S12.1] */
  private mark(actor: string, roomId: string, wanted: number): { stream: StreamId; rev: number } {
    const seq = Math.min(wanted, this.stream(roomStream(roomId)).headSeq)
    const stream = userStream(actor)
    const membership = this.stream(stream).records.get(`membership:${roomId}`) as MembershipRecord
    if (seq <= (membership.readSeq ?? 0)) return { stream, rev: membership.rev }
    this.put(readsStream(roomId), { type: 'read', roomId, userId: actor, seq })
    return { stream, rev: this.put(stream, { ...membership, readSeq: seq }).rev }
  }

  private join(roomId: string, userId: string, role: 'owner' | 'member'): void {
    const stream = roomStream(roomId)
    const joinedSeq = this.stream(stream).headSeq
    this.put(stream, { type: 'member', roomId, userId, role, state: 'joined', joinedAt: AT, joinedSeq })
    this.put(userStream(userId), { type: 'membership', roomId, state: 'joined', changedAt: AT })
  }

  private say(roomId: string, actor: string, event: NonNullable<MessageRecord['event']>): MessageRecord {
    const id = `line-${roomId}-${this.stream(roomStream(roomId)).headSeq}`
    return this.append(roomId, { kind: 'system', id, authorId: actor, body: '', sentAt: AT, event })
  }

  private append(
    roomId: string,
    message: Pick<MessageRecord, 'kind' | 'id' | 'authorId' | 'body' | 'sentAt' | 'event'>
  ): MessageRecord {
    const stream = this.stream(roomStream(roomId))
    stream.headSeq += 1
    const record = { type: 'message' as const, roomId, seq: stream.headSeq, acceptedAt: AT, ...message }
    return this.put(roomStream(roomId), record) as MessageRecord
  }

  private put(streamId: StreamId, unrevised: Unrevised): StreamRecord {
    const stream = this.stream(streamId)
    const touched = this.touched.get(streamId) ?? { from: stream.head, keys: new Set() }
    this.touched.set(streamId, touched)
    stream.head += 1
    const record: StreamRecord = { ...unrevised, rev: stream.head }
    stream.records.set(recordKey(record), record)
    touched.keys.add(recordKey(record))
    return record
  }

  /** [S11.4] */
  private floor(userId: string, roomId: string | undefined): number {
    const { records } = this.stream(roomStream(roomId ?? ''))
    const room = records.get(`room:${roomId}`)
    const member = records.get(`member:${userId}`)
    return room?.type === 'room' && room.history && member?.type === 'member' ? member.joinedSeq : 0
  }

  private changes(userId: string, want: ChangesWant, room: number): Changes {
    const { stream, since, heldSeq = Infinity } = want
    const { head } = this.stream(stream)
    const kind = 'changes'
    if (this.wentBack(stream, want.epoch, since)) {
      return { ok: true, kind, stream, records: [], through: since, head, more: false, reset: true }
    }
    const later = this.records(stream).filter(({ rev }) => rev > since)
    const floor = this.floor(userId, roomOfStream(stream))
    const wanted = later.filter((record) => {
      return !(record.type === 'message' || record.type === 'reaction') || (record.seq <= heldSeq && record.seq > floor)
    })
    const records = wanted.slice(0, Math.max(0, Math.min(want.limit ?? 1_000, room)))
    const more = records.length < wanted.length
    return { ok: true, kind, stream, records, through: more ? (records.at(-1)?.rev ?? since) : head, head, more }
  }

  private page(userId: string, { roomId, before = Infinity, limit = 50 }: PageWant, room: number): Page {
    const { head, headSeq } = this.stream(roomStream(roomId))
    const floor = this.floor(userId, roomId)
    const all = this.records(roomStream(roomId))
    const older = all
      .filter((record): record is MessageRecord => record.type === 'message' && record.seq < before)
      .filter(({ seq }) => seq > floor)
      .toSorted((a, b) => a.seq - b.seq)
    const count = Math.max(0, Math.min(limit, room))
    const messages = count === 0 ? [] : older.slice(-count)
    const ids = new Set(messages.map(({ id }) => id))
    const reactions = all.filter((record) => record.type === 'reaction').filter((r) => r.set && ids.has(r.messageId))
    const more = messages.length < older.length
    return { ok: true, kind: 'page', roomId, messages, reactions, head, headSeq, floor, more }
  }

  private wentBack(stream: StreamId, epoch: number, since: number): boolean {
    if (since === 0) return false
    const index = this.data.epochs.findIndex((each) => each.epoch === epoch)
    if (index === -1) return true
    const next = this.data.epochs[index + 1]
    return since > (next ? (next.heads.get(stream) ?? 0) : this.head(stream))
  }

  private readRefusal(userId: string, stream: StreamId): ProtocolError | null {
    const owner = userOfStream(stream)
    if (owner !== undefined) return owner === userId ? null : new ProtocolError('not-permitted', 'not yours')
    const roomId = roomOfStream(stream) ?? roomOfReads(stream)
    if (roomId === undefined) return null
    const membership = this.stream(userStream(userId)).records.get(`membership:${roomId}`) as
      MembershipRecord | undefined
    if (membership?.state === 'joined') return null
    return new ProtocolError(membership ? 'not-a-member' : 'room-not-found', 'not yours')
  }

  private deviceOf(deviceId: string): Device {
    const device = this.data.devices.get(deviceId)
    if (!device) throw new ProtocolError('device-not-found', 'no such device')
    return device
  }

  private stream(stream: StreamId): Stream {
    const known = this.data.streams.get(stream) ?? { head: 0, headSeq: 0, records: new Map() }
    this.data.streams.set(stream, known)
    return known
  }
}
