// A device of the model world: a store on a disk that survives, a link, and sync between them, which can be crashed and started
// again. For tests only.
import { emptyDisk, createMemorySyncStore } from '../../store/memory-sync-store.ts'
import type { MemoryDisk, MemorySyncStore } from '../../store/memory-sync-store.ts'
import type { StreamRecord } from '../../../protocol/records.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import { newId } from '../../../protocol/values.ts'
import type { StreamState, SyncStore } from '../../store/sync-store.ts'
import { startSync } from '../start-sync.ts'
import type { Sync } from '../start-sync.ts'
import { createModelLink } from './model-link.ts'
import type { ModelLink } from './model-link.ts'
import type { ModelRelay } from './model-relay.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface ModelDevice {
  readonly userId: string
  readonly deviceId: string
  readonly disk: MemoryDisk
  readonly store: MemorySyncStore
  readonly link: ModelLink
  readonly sync: Sync
  /** Calls of the store that have begun, in order, with what they were about. */
  readonly calls: string[]
  readonly problems: unknown[]
  readonly copied: string[]
  /** The longest that a call of the store takes; a crash in that time leaves it undone. */
  storeDelayMs: number
  /** How much longer such a call takes. */
  extraDelayMs: (call: string) => number
  /** Makes every call that passes fail, with the error that it says. */
  storeFails: (call: string) => boolean | Error
  /** Ends everything in the middle of whatever it was doing. The disk stays. */
  crash(): void
  /** Starts sync on the disk, over a new link that is not connected yet. */
  start(): void
  /** Writes a message into the outbox. Returns the message's id. */
  say(roomId: string, body: string): string
  state(stream: StreamId): StreamState | undefined
  records(stream: StreamId): StreamRecord[]
}

export function createModelDevice(options: {
  relay: ModelRelay
  clock: VirtualClock
  random: () => number
  userId: string
  deviceId?: string
  disk?: MemoryDisk
  /** Loads old history in the background; false unless said. */
  history?: boolean
}): ModelDevice {
  const { relay, clock, random, userId, deviceId = newId(), disk = emptyDisk(), history = false } = options
  let alive = { yes: false }
  let parts: { store: MemorySyncStore; link: ModelLink; sync: Sync } | null = null

  const running = (): NonNullable<typeof parts> => {
    if (parts === null) throw new Error('the device is not started')
    return parts
  }

  /** The store as sync sees it: calls take time, may fail, and never come back after a crash. */
  function slow(store: MemorySyncStore, life: { yes: boolean }): SyncStore {
    async function call<T>(name: string, run: () => Promise<T>): Promise<T> {
      if (!life.yes) return new Promise<T>(() => {})
      device.calls.push(name)
      const ms = device.extraDelayMs(name) + (device.storeDelayMs > 0 ? random() * device.storeDelayMs : 0)
      if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve))
      const failure = device.storeFails(name)
      if (failure !== false) throw failure === true ? new Error(`the store fails: ${name}`) : failure
      return life.yes ? run() : new Promise<T>(() => {})
    }
    return {
      loadStreams: async () => call('loadStreams', async () => store.loadStreams()),
      saveStreams: async (states) =>
        call(`saveStreams ${states.map(({ stream }) => stream).join()}`, async () => store.saveStreams(states)),
      applyRecords: async (stream, epoch, records) =>
        call(`applyRecords ${stream}`, async () => store.applyRecords(stream, epoch, records)),
      applyPage: async (stream, epoch, page, lost) =>
        call(`applyPage ${stream}`, async () => store.applyPage(stream, epoch, page, lost)),
      findLost: async (stream, epoch, upTo, served) =>
        call(`findLost ${stream}`, async () => store.findLost(stream, epoch, upTo, served)),
      eraseMessage: async (roomId, messageId, epoch, deletedAt) =>
        call(`eraseMessage ${messageId}`, async () => store.eraseMessage(roomId, messageId, epoch, deletedAt)),
      heldRoom: async (roomId) => call(`heldRoom ${roomId}`, async () => store.heldRoom(roomId)),
      heldMessage: async (roomId, messageId) =>
        call(`heldMessage ${roomId}`, async () => store.heldMessage(roomId, messageId)),
      watchOutbox: () => store.watchOutbox(),
      loadOutbox: async () => call('loadOutbox', async () => store.loadOutbox()),
      loadAnswered: async () => call('loadAnswered', async () => store.loadAnswered()),
      numberPending: async (limit) => call('numberPending', async () => store.numberPending(limit)),
      numberNew: (isDue) => store.numberNew((entry) => life.yes && isDue(entry)),
      storeAnswers: async (epoch, answers) => call('storeAnswers', async () => store.storeAnswers(epoch, answers)),
      removeEntries: async (ids) => call('removeEntries', async () => store.removeEntries(ids)),
      repeatOperations: async (operations) => call('repeatOperations', async () => store.repeatOperations(operations)),
      restartCounter: async (answered, wentBack) =>
        call('restartCounter', async () => store.restartCounter(answered, wentBack))
    }
  }

  const device: ModelDevice = {
    userId,
    deviceId,
    disk,
    get store() {
      return running().store
    },
    get link() {
      return running().link
    },
    get sync() {
      return running().sync
    },
    calls: [],
    problems: [],
    copied: [],
    storeDelayMs: 0,
    extraDelayMs: () => 0,
    storeFails: () => false,
    crash: () => {
      alive.yes = false
      parts?.link.cut()
      void parts?.sync.stop()
    },
    start: () => {
      const store = createMemorySyncStore(disk)
      const link = createModelLink(relay, { deviceId, userId }, clock, random)
      alive = { yes: true }
      const sync = startSync({
        store: slow(store, alive),
        connection: link.connection,
        userId,
        clock,
        random,
        historyPaused: !history,
        onCopiedProfile: (old) => device.copied.push(old),
        onProblem: (problem) => device.problems.push(problem)
      })
      parts = { store, link, sync }
    },
    say: (roomId, body) => {
      const messageId = newId()
      const sentAt = new Date(clock.now()).toISOString()
      device.store.append({ type: 'message.send', roomId, messageId, body, sentAt })
      return messageId
    },
    state: (stream) => disk.streams.get(stream),
    records: (stream) =>
      [...(disk.records.get(stream)?.values() ?? [])].map(({ record }) => record).toSorted((a, b) => a.rev - b.rev)
  }
  device.start()
  return device
}
