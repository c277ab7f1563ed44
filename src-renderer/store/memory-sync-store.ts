// SyncStore in memory: deterministic, for the simulation and for tests of sync. What must survive a "restart" lives in the disk
// object, so that a second store on the same disk is the same device started again.
import { BehaviorSubject } from 'rxjs'
import { newId } from '../../protocol/values.ts'
import type { Operation } from '../../protocol/operations.ts'
import { recordKey } from '../../protocol/records.ts'
import type { StreamRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import {
  advanceCounter,
  answerEntries,
  byOutboxOrder,
  erasedEntries,
  FRESH_COUNTER,
  numberedAtOnce,
  numberEntries,
  restartEntries
} from './outbox-rules.ts'
import type { Counter, EntryChanges } from './outbox-rules.ts'
import type { OutboxChange, OutboxSnapshot } from './outbox.ts'
import {
  entriesToRepeat,
  isLost,
  isNotKept,
  isTakenAway,
  lostOf,
  lostSeqsOf,
  seqsOf,
  tombstoneOf
} from './page-truth.ts'
import type { HeldRecord } from './page-truth.ts'
import type { OutboxEntry, StreamState, SyncStore } from './sync-store.ts'

export interface MemoryDisk {
  streams: Map<StreamId, StreamState>
  /** By stream, then by record key. */
  records: Map<StreamId, Map<string, HeldRecord>>
  outbox: Map<string, OutboxEntry>
  counter: Counter
  lastPlace: number
}

export function emptyDisk(): MemoryDisk {
  return { streams: new Map(), records: new Map(), outbox: new Map(), counter: FRESH_COUNTER, lastPlace: 0 }
}

export interface MemorySyncStore extends SyncStore {
  readonly disk: MemoryDisk
  /** What a command does: puts an operation at the end of the outbox. Returns the entry's id. */
  append(operation: Operation, entry?: Partial<OutboxEntry>): string
  /** What `discard` does: false once the entry has a number and no refusal. */
  cancel(id: string): boolean
  /** The outbox as a command reads it. */
  snapshot(): OutboxSnapshot
  /** A new entry as a command writes it, with its number if it goes out at once. */
  numbered(entry: OutboxEntry): OutboxEntry
  /** What a command writes to it, in one step. */
  revise(change: OutboxChange): void
}

/** A store on `disk`, which may hold what an earlier store left. */
export function createMemorySyncStore(disk: MemoryDisk = emptyDisk()): MemorySyncStore {
  const entries = (): OutboxEntry[] => structuredClone([...disk.outbox.values()].toSorted(byOutboxOrder))
  const outbox = new BehaviorSubject<readonly OutboxEntry[]>(entries())
  const tell = (): void => outbox.next(entries())
  const pushers = new Set<(entry: OutboxEntry) => boolean>()

  const heldIn = <T extends StreamRecord['type']>(stream: StreamId, type: T, seqs: { from: number; to: number }) =>
    [...(disk.records.get(stream)?.values() ?? [])].filter(
      (held): held is HeldRecord<Extract<StreamRecord, { type: T; seq: number }>> =>
        held.record.type === type && 'seq' in held.record && seqs.from <= held.record.seq && held.record.seq <= seqs.to
    )

  const change = (changes: EntryChanges): void => {
    for (const [id, entry] of changes) {
      disk.outbox.delete(id)
      disk.outbox.set(entry.id, structuredClone(entry))
    }
    if (changes.size > 0) tell()
  }

  const store: MemorySyncStore = {
    disk,

    append(operation, entry = {}) {
      disk.lastPlace++
      const id = entry.id ?? newId()
      const made: OutboxEntry = {
        id,
        place: disk.lastPlace,
        n: null,
        createdAt: '2026-01-01T00:00:00.000Z',
        dependsOn: [],
        operation,
        state: 'pending',
        ...entry
      }
      disk.outbox.set(id, store.numbered(made))
      tell()
      return id
    },

    cancel(id) {
      const entry = disk.outbox.get(id)
      if (!entry || entry.state === 'accepted' || (entry.state === 'pending' && entry.n !== null)) return false
      disk.outbox.delete(id)
      tell()
      return true
    },

    numbered: (entry) =>
      [...pushers].some((isDue) => isDue(entry)) ? numberedAtOnce(entry, entries(), disk.counter) : entry,

    numberNew(isDue) {
      pushers.add(isDue)
      return () => pushers.delete(isDue)
    },

    snapshot: () => ({ entries: entries(), counter: disk.counter }),

    revise({ put = new Map(), add = [], remove = [], counter = disk.counter }) {
      disk.counter = counter
      for (const id of remove) disk.outbox.delete(id)
      for (const entry of add) disk.outbox.set(entry.id, structuredClone(entry))
      change(put)
      if (remove.length + add.length > 0) tell()
    },

    async loadStreams() {
      return structuredClone([...disk.streams.values()])
    },

    async saveStreams(states) {
      for (const state of states) disk.streams.set(state.stream, structuredClone(state))
    },

    async applyRecords(stream, epoch, records) {
      const held = disk.records.get(stream) ?? new Map<string, HeldRecord>()
      disk.records.set(stream, held)
      for (const record of records) {
        const key = recordKey(record)
        const before = held.get(key)
        if (before && (before.epoch > epoch || (before.epoch === epoch && before.record.rev >= record.rev))) continue
        held.set(key, { epoch, record: structuredClone(record) })
      }
    },

    async applyPage(stream, epoch, page, lost) {
      await store.applyRecords(stream, epoch, [...page.messages, ...page.reactions])
      const seqs = lost ? lostSeqsOf(page) : seqsOf(page)
      const held = disk.records.get(stream)
      for (const each of heldIn(stream, 'reaction', seqs)) {
        if (isTakenAway(each, epoch, page, lost?.upTo)) held?.delete(recordKey(each.record))
      }
      if (!lost) return
      for (const each of heldIn(stream, 'message', seqs)) {
        if (!isLost(each, lost.upTo, page)) continue
        if (isNotKept(each.record, lost)) held?.delete(recordKey(each.record))
        else held?.set(recordKey(each.record), { ...each, onlyHere: true })
      }
    },

    async findLost(stream, epoch, upTo, { records, page }) {
      const versions = records.flatMap((now) => {
        const held = disk.records.get(stream)?.get(recordKey(now))
        return held ? [{ held, now }] : []
      })
      const messages = page ? heldIn(stream, 'message', lostSeqsOf(page)) : []
      const reactions = page ? heldIn(stream, 'reaction', lostSeqsOf(page)) : []
      return structuredClone(lostOf({ epoch, upTo, page }, versions, { messages, reactions }))
    },

    async eraseMessage(roomId, messageId, epoch, deletedAt) {
      const held = disk.records.get(roomStream(roomId))
      const key = `message:${messageId}`
      const each = held?.get(key)
      if (each?.record.type !== 'message' || each.record.deletedAt !== undefined) return false
      if (each.epoch >= epoch) return true
      if (each.onlyHere) held?.delete(key)
      else if (deletedAt !== undefined) held?.set(key, { ...each, record: tombstoneOf(each.record, deletedAt) })
      return false
    },

    async heldRoom(roomId) {
      const held = [...(disk.records.get(roomStream(roomId))?.values() ?? [])].map(({ record }) => record)
      const room = held.find((record) => record.type === 'room')
      const joined = held.filter((record) => record.type === 'member').filter(({ state }) => state === 'joined')
      return room && { room: structuredClone(room), memberIds: joined.map(({ userId }) => userId) }
    },

    async heldMessage(roomId, messageId) {
      const record = disk.records.get(roomStream(roomId))?.get(`message:${messageId}`)?.record
      return record?.type === 'message' ? structuredClone(record) : undefined
    },

    async repeatOperations(operations) {
      const make = (): Pick<OutboxEntry, 'id' | 'place' | 'createdAt'> => {
        disk.lastPlace++
        return { id: newId(), place: disk.lastPlace, createdAt: '2026-01-01T00:00:00.000Z' }
      }
      const added = entriesToRepeat(operations, entries(), make)
      for (const entry of added) disk.outbox.set(entry.id, structuredClone(entry))
      if (added.length > 0) tell()
    },

    watchOutbox: () => outbox.asObservable(),

    async loadOutbox() {
      return entries()
    },

    async loadAnswered() {
      return advanceCounter(disk.counter, entries()).answered
    },

    async numberPending(limit) {
      const counter = advanceCounter(disk.counter, entries())
      change(numberEntries(entries(), counter, limit))
      return entries().filter(({ state, n }) => state === 'pending' && n !== null)
    },

    async storeAnswers(epoch, answers) {
      change(answerEntries(entries(), epoch, answers))
      for (const id of erasedEntries(entries())) disk.outbox.delete(id)
      disk.counter = advanceCounter(
        disk.counter,
        entries(),
        answers.map(({ n }) => n)
      )
    },

    async removeEntries(ids) {
      disk.counter = advanceCounter(disk.counter, entries())
      const removed = ids.filter((id) => disk.outbox.get(id)?.state === 'accepted' && disk.outbox.delete(id))
      if (removed.length > 0) tell()
    },

    async restartCounter(answered, wentBack = false) {
      disk.counter = { answered, beyond: [] }
      change(restartEntries(entries(), answered, wentBack))
    }
  }
  return store
}
