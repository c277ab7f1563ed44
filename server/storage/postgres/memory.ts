// What the relay keeps of its database in memory, bounded, so that a hot operation asks it nothing. Right because one relay at a time has the
// database, and every commit is taken here as soon as it is stored. Asks nobody and writes nothing.
import { recordKey } from '../../../protocol/records.ts'
import type { MembershipRecord, StreamRecord } from '../../../protocol/records.ts'
import { roomOfStream, userOfStream } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import { byCodeUnits } from '../draft.ts'
import type { Staged } from '../draft.ts'
import type { Device, StreamChange } from '../port.ts'

/** A stream's head, and the heads at which later epochs began to change it [S10.1]. */
export interface StreamState {
  head: number
  headSeq: number
  begins: readonly { epoch: number; head: number }[]
}

/** The values that were used last. What is read while a commit changes it is handed out, but not kept. */
export class Kept<V> {
  readonly #limit: number
  /** In the order of their last use. */
  readonly #values = new Map<string, V>()
  readonly #loading = new Map<string, Promise<V | undefined>>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** What is kept, or what `load` finds; nothing is kept of what is not there. */
  async load(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const known = this.get(key)
    if (known !== undefined) return known
    const loading = this.#loading.get(key) ?? load()
    this.#loading.set(key, loading)
    try {
      const value = await loading
      if (value !== undefined && this.#loading.get(key) === loading) this.#put(key, value)
      return value
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key)
    }
  }

  /** A new truth. */
  set(key: string, value: V): void {
    this.#loading.delete(key)
    this.#put(key, value)
  }

  /** What was known of it is not true any more. */
  forget(key: string): void {
    this.#loading.delete(key)
    this.#values.delete(key)
  }

  #put(key: string, value: V): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size <= this.#limit) return
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest)
      return
    }
  }
}

export class Memory {
  readonly streams: Kept<StreamState>
  /** All but messages and reactions, by `keptKey`. */
  readonly records: Kept<StreamRecord>
  /** By user, in order of roomId. */
  readonly memberships: Kept<readonly MembershipRecord[]>
  /** Joined ones, by room. */
  readonly memberCounts: Kept<number>
  readonly devices: Kept<Device>
  /** Device ids by token hash; the device itself says whether it is still so. */
  readonly tokens: Kept<string>

  /** @param most how many records and streams are kept; of what is larger or rarer, fewer */
  constructor(most: number) {
    const part = (share: number) => Math.ceil(most * share)
    this.streams = new Kept(most)
    this.records = new Kept(most)
    this.memberships = new Kept(part(0.25))
    this.memberCounts = new Kept(part(0.5))
    this.devices = new Kept(part(0.25))
    this.tokens = new Kept(part(0.5))
  }

  /** Takes a commit that is stored, in one go. */
  take(staged: Staged, epoch: number): void {
    for (const change of staged.changes) this.#takeChange(change, epoch)
    for (const deviceId of staged.removed.devices) this.devices.forget(deviceId)
    for (const device of staged.devices) {
      this.devices.set(device.id, device)
      if (device.tokenHash !== null) this.tokens.set(device.tokenHash, device.id)
    }
  }

  #takeChange({ stream, from, through, records }: StreamChange, epoch: number): void {
    const known = this.streams.get(stream)
    if (known || from === 0) this.streams.set(stream, after(known, { from, through, records }, epoch))
    else this.streams.forget(stream)
    for (const record of records) {
      if (record.type === 'message' || record.type === 'reaction') continue
      if (record.type === 'member') this.#count(record, stream)
      if (record.type === 'membership') this.#takeMembership(userOfStream(stream) ?? '', record)
      this.records.set(keptKey(stream, recordKey(record)), record)
    }
  }

  #count(record: StreamRecord & { type: 'member' }, stream: StreamId): void {
    const roomId = roomOfStream(stream) ?? ''
    const count = this.memberCounts.get(roomId)
    const former = this.records.get(keptKey(stream, recordKey(record)))
    if (count === undefined || former?.type !== 'member') this.memberCounts.forget(roomId)
    else this.memberCounts.set(roomId, count + Number(record.state === 'joined') - Number(former.state === 'joined'))
  }

  #takeMembership(userId: string, record: MembershipRecord): void {
    const known = this.memberships.get(userId)
    if (!known) return this.memberships.forget(userId)
    const others = known.filter(({ roomId }) => roomId !== record.roomId)
    this.memberships.set(
      userId,
      [...others, record].toSorted((a, b) => byCodeUnits(a.roomId, b.roomId))
    )
  }
}

export function keptKey(stream: StreamId, key: string): string {
  return `${stream} ${key}`
}

/** A stream as a commit leaves it; one that is not known yet is new. */
export function after(
  known: StreamState = { head: 0, headSeq: 0, begins: [] },
  { from, through, records }: Omit<StreamChange, 'stream'>,
  epoch: number
): StreamState {
  let { headSeq, begins } = known
  for (const record of records) if (record.type === 'message') headSeq = Math.max(headSeq, record.seq)
  if ((begins.at(-1)?.epoch ?? 0) < epoch) begins = [...begins, { epoch, head: from }]
  return { head: through, headSeq, begins }
}
