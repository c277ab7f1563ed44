// Sees everything that the relay stores and sends, and knows at any moment what the relay's truth has to be. Complains at once when something
// leaves the relay that must not. Changes nothing.
import type { MemberRecord, MessageRecord, RoomRecord, StreamRecord } from '../protocol/records.ts'
import { recordKey } from '../protocol/records.ts'
import { operationSchema } from '../protocol/operations.ts'
import type { Answer, AnswersResult, Changed, ParsedPush, PullResult, PushResult } from '../protocol/socket.ts'
import { readsStream, roomOfReads, roomOfStream, roomStream, USERS_STREAM, userOfStream } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { Device, Draft, Storage } from '../server/storage/port.ts'
import { effectOf } from './effects.ts'
import { DISK_FAULT } from './relay-disk.ts'
import { verdictOf } from './verdicts.ts'
import type { Look } from './verdicts.ts'
import { Violation } from './violation.ts'

/** What one commit stages, as far as it has been staged. */
interface Staged {
  records: { stream: StreamId; record: StreamRecord }[]
  devices: Device[]
}

/** A time in which somebody was joined in a room. Revs are those of the room's stream, `endReads` of its reads. */
interface Stay {
  joinedSeq: number
  endRev: number
  endReads: number
}

export interface Decision {
  deviceId: string
  n: number
  status: 'accepted' | 'refused'
  /** When accepted: the version that its answer names. */
  rev?: number
  /** When refused. */
  code?: string
  /** How often the relay had been put back before. */
  era: number
}

/** A version that the relay had lost when it was put back. */
export interface LostVersion {
  /** See Truth; by this restoration. */
  era: number
  stream: StreamId
  key: string
  was: StreamRecord
  /** What the older copy had of it, … */
  is: StreamRecord | undefined
  /** … of a reaction: of its message, … */
  message: MessageRecord | undefined
  /** … and of a membership: its room's last seq. */
  headSeq: number
}

export interface Witness {
  /** Storage whose commits are seen. */
  watch(storage: Storage): Storage
  /** A relay has opened its data: nothing that was acknowledged may be missing. */
  started(storage: Storage): Promise<void>
  crashed(): void
  restored(): void
  startFailed(error: unknown): void
  relayError(text: string, error: unknown): void
  sent(userId: string, event: string, payload: unknown): void
  answered(userId: string, deviceId: string, event: string, answer: unknown): void
  pushed(userId: string, deviceId: string, push: unknown): void
  readonly truth: Truth
}

/** What the relay holds, as its commits said. */
export interface Truth {
  /** How often the relay was put back to an older copy. */
  readonly era: number
  readonly latest: ReadonlyMap<StreamId, ReadonlyMap<string, StreamRecord>>
  readonly lost: readonly LostVersion[]
  readonly decisions: ReadonlyMap<string, readonly Decision[]>
  /** Every operation that was ever pushed, by id, as it was pushed last. */
  readonly operations: ReadonlyMap<string, { userId: string; operation: unknown }>
  head(stream: StreamId): number
  record(stream: StreamId, key: string): StreamRecord | undefined
  isJoined(roomId: string, userId: string): boolean
  /** Whether somebody reads this stream now. */
  isReader(userId: string, stream: StreamId): boolean
  /** Whether somebody may ever have been given this record [S11]. */
  mayHold(userId: string, stream: StreamId, record: StreamRecord): boolean
  /** Whether the relay would give it now. */
  mayHoldNow(userId: string, stream: StreamId, record: StreamRecord): boolean
}

/** @param fail hears what was broken; the run ends with the first one */
export function createWitness(fail: (violation: Violation) => void): Witness {
  const latest = new Map<StreamId, Map<string, StreamRecord>>()
  const heads = new Map<StreamId, number>()
  const headSeqs = new Map<string, number>()
  const stays = new Map<string, Stay[]>()
  /** [S11.5] By room and user. */
  const asidesOf = new Map<string, Set<string>>()
  const counters = new Map<string, number>()
  const decisions = new Map<string, Decision[]>()
  const operations = new Map<string, { userId: string; operation: unknown }>()
  /** What was being stored when the relay died; before it what could not be stored, since the last that could. One of them may be there. */
  let inDoubt: Staged[] = []
  /** Whatever a commit was ever about, also one that nobody heard the end of: a copy of the disk may hold it. */
  const staged = { streams: new Set<StreamId>(), devices: new Set<string>() }
  let era = 0
  let rebuild = false
  const lost: LostVersion[] = []

  const complain = (rule: string, what: string): void => fail(new Violation(rule, what))
  const headOf = (stream: StreamId): number => heads.get(stream) ?? 0
  const recordOf = (stream: StreamId, key: string): StreamRecord | undefined => latest.get(stream)?.get(key)
  const staysOf = (roomId: string, userId: string): Stay[] => {
    const key = `${roomId} ${userId}`
    const known = stays.get(key) ?? []
    stays.set(key, known)
    return known
  }
  const isJoined = (roomId: string, userId: string): boolean => staysOf(roomId, userId).at(-1)?.endRev === Infinity

  function watch(storage: Storage): Storage {
    const commit: Storage['commit'] = async (streams, work) => {
      let made: Staged = { records: [], devices: [] }
      const result = await storage.commit(streams, async (draft) => {
        made = { records: [], devices: [] }
        const value = await work(watchedDraft(draft, made))
        inDoubt.push(made)
        for (const { stream } of made.records) staged.streams.add(stream)
        for (const { id } of made.devices) staged.devices.add(id)
        return value
      })
      inDoubt = []
      confirm(made)
      return result
    }
    return new Proxy(storage, {
      get: (target, name) => {
        if (name === 'commit') return commit
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      }
    })
  }

  const look: Look = {
    room: (roomId) => recordOf(roomStream(roomId), `room:${roomId}`) as RoomRecord | undefined,
    member: (roomId, userId) => recordOf(roomStream(roomId), `member:${userId}`) as MemberRecord | undefined
  }

  /** [SPEC §3.1] What the table says of each decision of a commit, where nothing in that commit changes who may what. */
  function verdictsOn({ records, devices }: Staged): { what: string; answer: Answer; verdict: 'never' | 'always' }[] {
    const decided = devices.flatMap((device) => {
      const last = counters.get(device.id) ?? 0
      return device.answers.filter(({ n }) => n > last).map((answer) => ({ answer, userId: device.userId }))
    })
    const isTouched = records.some(({ record }) => record.type === 'room' || record.type === 'member')
    if (isTouched && decided.length > 1) return []
    return decided.flatMap(({ answer, userId }) => {
      const operation = operationSchema.safeParse(operations.get(answer.id)?.operation)
      const verdict = operation.success ? verdictOf(operation.data, userId, look) : null
      if (verdict === null || !operation.success) return []
      return [{ what: `${operation.data.type} ${answer.id} of ${userId}`, answer, verdict }]
    })
  }

  /** [S11.6] Of a closed room, and of what is said aside in it, nobody hears anything new. */
  function checkClosed(stream: StreamId, record: StreamRecord): void {
    if (record.type !== 'message' || record.kind !== 'text' || recordOf(stream, recordKey(record))) return
    const room = look.room(record.roomId)
    const closed = room?.closedAt ?? (room?.parentId === undefined ? undefined : look.room(room.parentId)?.closedAt)
    if (closed !== undefined) complain('S11.6', `message ${record.id} was said in a closed room`)
  }

  function confirm({ records, devices }: Staged): void {
    for (const { what, answer, verdict } of verdictsOn({ records, devices })) {
      const code = answer.status === 'refused' ? answer.error.code : 'accepted'
      if (verdict === 'never' && code === 'accepted')
        complain('S11', `${what} was accepted, and nobody there may do it`)
      if (verdict === 'always' && (code === 'not-permitted' || code === 'room-closed'))
        complain('S11', `${what} was refused (${code}), and should have been taken`)
    }
    const before = new Map(records.map(({ stream }) => [stream, headOf(stream)]))
    const seqsBefore = new Map(headSeqs)
    for (const { stream, record } of records) {
      const expected = (before.get(stream) ?? 0) + 1
      before.set(stream, expected)
      if (record.rev !== expected) complain('S3', `${stream} has rev ${record.rev} where ${expected} follows`)
      if (record.type === 'message') checkSeq(record)
      checkClosed(stream, record)
      checkWatermark(stream, record)
      if (record.type === 'member' && record.state === 'joined') {
        const held = look.member(record.roomId, record.userId)
        if (record.banned || held?.banned)
          complain('S11.7', `${record.userId} came into ${record.roomId}, and is banned from it`)
      }
      put(stream, record)
    }
    for (const { record } of records) if (record.type === 'member') follow(record)
    const accepted: { id: string; userId: string }[] = []
    for (const device of devices) {
      const last = counters.get(device.id) ?? 0
      const numbers = device.answers.map(({ n }) => n).join()
      const expected = Array.from(device.answers, (_, index) => device.settled + 1 + index).join()
      if (numbers !== expected || device.settled + device.answers.length !== device.answered)
        complain('S2.1', `device ${device.id} has answers ${numbers}, and has settled ${device.settled}`)
      for (const answer of device.answers) {
        if (answer.n <= last) continue
        const made: Decision = { deviceId: device.id, n: answer.n, status: answer.status, era }
        if (answer.status === 'accepted') {
          accepted.push({ id: answer.id, userId: device.userId })
          made.rev = answer.rev
        } else made.code = answer.error.code
        decisions.set(answer.id, [...(decisions.get(answer.id) ?? []), made])
      }
      counters.set(device.id, device.answered)
    }
    checkEffects(accepted, seqsBefore)
  }

  function checkEffects(
    accepted: readonly { id: string; userId: string }[],
    seqsBefore: ReadonlyMap<string, number>
  ): void {
    const last = new Map<string, { type: string; holds: boolean }>()
    for (const { id, userId } of accepted) {
      const operation = operationSchema.safeParse(operations.get(id)?.operation)
      if (!operation.success) continue
      const { about, holds } = effectOf(
        operation.data,
        userId,
        (stream, _type, key) => recordOf(stream, key) as never,
        (roomId) => seqsBefore.get(roomId) ?? 0
      )
      last.set(about, { type: operation.data.type, holds })
    }
    for (const [about, { type, holds }] of last)
      if (!holds) complain('S2.6', `${type} was accepted, and its effect is not there: ${about}`)
  }

  /** [S12.1] */
  function checkWatermark(stream: StreamId, record: StreamRecord): void {
    const held = recordOf(stream, recordKey(record))
    const [was, is] = [watermarkOf(held), watermarkOf(record)]
    if (is < was) complain('S12.1', `${recordKey(record)} of ${stream} went back from ${was} to ${is}`)
  }

  function checkSeq(message: MessageRecord): void {
    const held = recordOf(roomStream(message.roomId), recordKey(message))
    const headSeq = headSeqs.get(message.roomId) ?? 0
    const expected = held?.type === 'message' ? held.seq : headSeq + 1
    if (message.seq !== expected) complain('S4', `message ${message.id} has seq ${message.seq}, not ${expected}`)
    headSeqs.set(message.roomId, Math.max(headSeq, message.seq))
  }

  function put(stream: StreamId, record: StreamRecord): void {
    const records = latest.get(stream) ?? new Map<string, StreamRecord>()
    latest.set(stream, records)
    records.set(recordKey(record), record)
    heads.set(stream, Math.max(headOf(stream), record.rev))
  }

  /** [S11.5] In an aside one is as long as one is in the room that it belongs to. */
  function follow({ roomId, userId, state, joinedSeq, rev, parentId }: MemberRecord): void {
    if (parentId !== undefined) {
      const asides = asidesOf.get(`${parentId} ${userId}`) ?? new Set<string>()
      asidesOf.set(`${parentId} ${userId}`, asides.add(roomId))
    }
    if (state !== 'joined') endStay(roomId, userId, rev)
    else if (parentId === undefined || isJoined(parentId, userId)) beginStay(roomId, userId, joinedSeq)
    for (const asideId of asidesOf.get(`${roomId} ${userId}`) ?? []) {
      if (state === 'joined') beginStay(asideId, userId, 0)
      else endStay(asideId, userId, headOf(roomStream(asideId)) + 1)
    }
  }

  function beginStay(roomId: string, userId: string, joinedSeq: number): void {
    const known = staysOf(roomId, userId)
    if (known.at(-1)?.endRev !== Infinity) known.push({ joinedSeq, endRev: Infinity, endReads: Infinity })
  }

  function endStay(roomId: string, userId: string, endRev: number): void {
    const last = staysOf(roomId, userId).at(-1)
    if (last?.endRev !== Infinity) return
    last.endRev = endRev
    last.endReads = headOf(readsStream(roomId))
  }

  async function started(storage: Storage): Promise<void> {
    const doubts = inDoubt
    inDoubt = []
    if (rebuild) {
      rebuild = false
      await readAnew(storage)
      return
    }
    for (const doubt of doubts) {
      if (!(await happened(storage, doubt))) continue
      confirm(doubt)
      break
    }
    for (const [stream, head] of heads) {
      const now = await storage.head(stream)
      if (now !== head) complain('S1', `after a start ${stream} ends at rev ${now}, not ${head}`)
    }
    for (const [deviceId, answered] of counters) {
      const now = (await storage.device(deviceId))?.answered ?? 0
      if (now !== answered) complain('S2.6', `after a start device ${deviceId} has ${now} answers, not ${answered}`)
    }
  }

  async function happened(storage: Storage, { records, devices }: Staged): Promise<boolean> {
    const last = records.at(-1)
    if (last) {
      const page = await storage.changes(last.stream, last.record.rev - 1, { limit: 1, maxBytes: 1 })
      const [stored] = page.records
      return stored !== undefined && JSON.stringify(stored) === JSON.stringify(last.record)
    }
    for (const device of devices) {
      const now = await storage.device(device.id)
      if (now && JSON.stringify(now.answers) === JSON.stringify(device.answers)) return true
    }
    return false
  }

  /** After the relay was put back: what there is now is the truth. */
  async function readAnew(storage: Storage): Promise<void> {
    const streams = [...staged.streams]
    const devices = [...staged.devices]
    const before = [...latest]
    latest.clear()
    heads.clear()
    headSeqs.clear()
    stays.clear()
    asidesOf.clear()
    counters.clear()
    for (const stream of streams) {
      const { records } = await storage.changes(stream, 0, { limit: Infinity, maxBytes: Infinity })
      heads.set(stream, await storage.head(stream))
      for (const record of records) {
        put(stream, record)
        if (record.type === 'member') follow(record)
        if (record.type === 'message')
          headSeqs.set(record.roomId, Math.max(headSeqs.get(record.roomId) ?? 0, record.seq))
      }
    }
    for (const id of devices) counters.set(id, (await storage.device(id))?.answered ?? 0)
    for (const [stream, records] of before) for (const [key, was] of records) compare(stream, key, was)
  }

  function compare(stream: StreamId, key: string, was: StreamRecord): void {
    const is = recordOf(stream, key)
    if (is !== undefined && is.rev >= was.rev) return
    const message = was.type === 'reaction' ? recordOf(stream, `message:${was.messageId}`) : undefined
    const headSeq = was.type === 'membership' ? (headSeqs.get(was.roomId) ?? 0) : 0
    lost.push({ era, stream, key, was, is, message: message?.type === 'message' ? message : undefined, headSeq })
  }

  function mayHold(userId: string, stream: StreamId, record: StreamRecord, now = false): boolean {
    const owner = userOfStream(stream)
    if (stream === USERS_STREAM || owner === userId) return true
    const roomId = roomOfStream(stream) ?? roomOfReads(stream)
    if (roomId === undefined) return false
    const room = recordOf(roomStream(roomId), `room:${roomId}`) as RoomRecord | undefined
    const seq = record.type === 'message' || record.type === 'reaction' ? record.seq : null
    return staysOf(roomId, userId).some((stay) => {
      if (now && stay.endRev !== Infinity) return false
      const ended = record.type === 'read' ? record.rev > stay.endReads : record.rev >= stay.endRev
      return !ended && (seq === null || room?.history !== 'from-joining' || seq > stay.joinedSeq)
    })
  }

  function checkGiven(userId: string, stream: StreamId, records: readonly StreamRecord[]): void {
    for (const record of records) {
      if (!mayHold(userId, stream, record))
        complain('S11', `${record.type} of ${stream}, rev ${record.rev}, was given to ${userId}`)
      if (record.rev > headOf(stream))
        complain('S1', `rev ${record.rev} of ${stream} was given away before it was stored`)
    }
  }

  return {
    watch,
    started,
    crashed: () => {},
    restored: () => {
      era += 1
      rebuild = true
    },
    startFailed: (error) => {
      if (!isOfDisk(error)) complain('start', `the relay does not start: ${String(error)}`)
    },
    relayError: (text, error) => {
      if (error !== undefined && !isOfDisk(error))
        complain('relay', `${text}: ${error instanceof Error ? error.message : '?'}`)
    },
    sent: (userId, event, payload) => {
      if (event !== 'sync:changed') return
      const { stream, records = [] } = payload as Changed
      checkGiven(userId, stream, records)
    },
    answered: (userId, deviceId, event, answer) => {
      const result = answer as PushResult | PullResult | AnswersResult | { ok: false }
      if (!result.ok) return
      if (event === 'sync:push') {
        for (const { n } of (result as PushResult).answers)
          if (n > (counters.get(deviceId) ?? 0)) complain('S1', `answer ${n} was given away before it was stored`)
      }
      if (event !== 'sync:pull') return
      for (const each of (result as PullResult).results) {
        if (!each.ok) continue
        if (each.kind === 'changes') checkGiven(userId, each.stream, each.records)
        else checkGiven(userId, roomStream(each.roomId), [...each.messages, ...(each.reactions ?? [])])
      }
    },
    pushed: (userId, _deviceId, push) => {
      for (const { id, operation } of (push as ParsedPush).operations) operations.set(id, { userId, operation })
    },
    truth: {
      get era() {
        return era
      },
      latest,
      lost,
      decisions,
      operations,
      head: headOf,
      record: recordOf,
      isJoined,
      isReader: (userId, stream) => {
        if (stream === USERS_STREAM || userOfStream(stream) === userId) return true
        const roomId = roomOfStream(stream) ?? roomOfReads(stream)
        return roomId !== undefined && isJoined(roomId, userId)
      },
      mayHold,
      mayHoldNow: (userId, stream, record) => mayHold(userId, stream, record, true)
    }
  }
}

function watermarkOf(record: StreamRecord | undefined): number {
  if (record?.type === 'read') return record.seq
  return record?.type === 'membership' ? (record.readSeq ?? 0) : 0
}

/** Whether all that went wrong is that the disk failed, as it was made to. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Error && (error.message.includes(DISK_FAULT) || isOfDisk(error.cause))
}

function watchedDraft(draft: Draft, staged: Staged): Draft {
  return new Proxy(draft, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const method = value.bind(target) as (...args: unknown[]) => unknown
      if (name === 'put') {
        return async (stream: StreamId, given: unknown) => {
          const record = (await method(stream, given)) as StreamRecord
          staged.records.push({ stream, record })
          return record
        }
      }
      if (name === 'append') {
        return async (given: unknown) => {
          const record = (await method(given)) as MessageRecord
          staged.records.push({ stream: roomStream(record.roomId), record })
          return record
        }
      }
      if (name === 'putDevice') {
        return (device: Device) => {
          staged.devices.push(device)
          method(device)
        }
      }
      return method
    }
  })
}
