// A device's store as it ships, RxDB over an IndexedDB in memory, in a world of virtual time, which stands still while it works. Beside it a
// picture is kept, as the store in memory would hold it, which the database has to be like at the end.
import 'fake-indexeddb/auto'
import type { ReadRecord, StreamRecord } from '../protocol/records.ts'
import { recordKey } from '../protocol/records.ts'
import { readsStream, roomOfReads, roomStream, userStream, USERS_STREAM } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { ChatCommands } from '../src-renderer/store/chat-store.ts'
import { databaseNames } from '../src-renderer/store/database-names.ts'
import { openOwn, openRecords } from '../src-renderer/store/databases.ts'
import { indexedDbStorage } from '../src-renderer/store/device-storage.ts'
import { createMemorySyncStore, emptyDisk } from '../src-renderer/store/memory-sync-store.ts'
import type { MemoryDisk, MemorySyncStore } from '../src-renderer/store/memory-sync-store.ts'
import type { HeldRecord } from '../src-renderer/store/page-truth.ts'
import { everyRow, read } from '../src-renderer/store/queries.ts'
import type { Store } from '../src-renderer/store/open-store.ts'
import { ownSchemas, recordOf, recordSchemas } from '../src-renderer/store/schemas.ts'
import type { Collection, OutboxRow, RecordRow, StreamRow } from '../src-renderer/store/schemas.ts'
import type { SyncStore } from '../src-renderer/store/sync-store.ts'
import { KilledError, testDevice, watchedStorage } from '../src-renderer/store/testing/device.ts'
import type { Kept, Owner } from './kept.ts'
import type { Life } from './relay-disk.ts'
import type { Scheduler } from './scheduler.ts'

const COLLECTIONS = [...Object.keys(recordSchemas), ...Object.keys(ownSchemas)]
/** Calls that change records or stream states; all others concern the outbox. */
const OF_RECORDS = new Set(['applyRecords', 'applyPage', 'eraseMessage', 'saveStreams'])

/** One at a time in a process: RxDB opens no more. */
export function keptInRxdb(scheduler: Scheduler, userId: string): Kept {
  const device = testDevice(userId)
  const names = databaseNames(device.relayId, userId)
  let disk = emptyDisk()
  let life = { over: true }
  let doomed: { writes: number; died: () => void } | null = null
  let current: Store | null = null
  let opening: Promise<unknown> = Promise.resolve()
  let closing: Promise<unknown> = Promise.resolve()

  async function open(owner: Owner): ReturnType<Kept['open']> {
    const mine = { over: false }
    life = mine
    await closing
    disk = await picture()
    const storage = watchedStorage(device.disk, COLLECTIONS, async () => {
      // Not while it opens: of a process that goes on nothing would close what is open by then.
      if (doomed !== null && current !== null && !mine.over && doomed.writes-- <= 0) doomed.died()
      if (mine.over) throw new KilledError('killed')
    })
    const store = await device.open({ storage, now: owner.now, paceMs: 0, onProblem: () => {} })
    const { sync, chat } = store
    current = store
    const mirror = createMemorySyncStore(disk)
    await copyOutbox(sync, mirror)
    return { sync: mirrored(mine, sync, mirror), commands: held(mine, chat.commands, sync, mirror, owner) }
  }

  /** A call in whose middle the device dies never ends. */
  async function during<T>(mine: Life, work: () => Promise<T>): Promise<T> {
    try {
      return await scheduler.hold(work)
    } catch (error) {
      if (!mine.over) throw error
      return new Promise(() => {})
    }
  }

  function mirrored(mine: Life, sync: SyncStore, mirror: MemorySyncStore): SyncStore {
    return new Proxy(sync, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function' || name === 'watchOutbox' || name === 'numberNew') return value
        const method = value as (...args: unknown[]) => Promise<unknown>
        return async (...args: unknown[]) =>
          during(mine, async () => {
            const result = await method.apply(target, args)
            const same = Reflect.get(mirror, name, mirror) as typeof method
            if (OF_RECORDS.has(String(name))) await same.apply(mirror, args)
            else await copyOutbox(sync, mirror)
            return result
          })
      }
    })
  }

  function held(
    mine: Life,
    commands: ChatCommands,
    sync: SyncStore,
    mirror: MemorySyncStore,
    owner: Owner
  ): ChatCommands {
    return new Proxy(commands, {
      get: (target, name) => {
        const command = Reflect.get(target, name, target) as (...args: unknown[]) => Promise<unknown>
        return async (...args: unknown[]) => {
          await owner.pause()
          const result = await during(mine, async () => {
            const done = await command.apply(target, args)
            await copyOutbox(sync, mirror)
            return done
          })
          owner.changed()
          await owner.pause()
          return result
        }
      }
    })
  }

  /** What the database holds, while nobody has it open. */
  async function picture(): Promise<MemoryDisk> {
    const storage = indexedDbStorage(device.disk)
    const own = await openOwn(storage, names.own)
    const records = await openRecords(storage, names, own.collections.device, (cause) => {
      throw cause
    })
    const seen = emptyDisk()
    const hold = (stream: StreamId, record: StreamRecord, rest: Omit<HeldRecord, 'record'>): void => {
      const all = seen.records.get(stream) ?? new Map<string, HeldRecord>()
      seen.records.set(stream, all.set(recordKey(record), { record, ...rest }))
    }
    const { users, memberships, rooms, members, messages, reactions, streams } = records.collections
    for (const collection of [users, memberships, rooms, members, messages, reactions]) {
      for (const row of await read(collection as unknown as Collection<RecordRow>, everyRow<RecordRow>())) {
        const record = recordOf(row)
        hold(streamOf(record, userId), record, { epoch: row.epoch, ...(row.ext?.onlyHere ? { onlyHere: true } : {}) })
      }
    }
    for (const { key, state, marks = {} } of await read(streams, everyRow<StreamRow>())) {
      if (state) seen.streams.set(state.stream, structuredClone(state))
      for (const [user, [seq, epoch, rev]] of Object.entries(marks)) {
        const roomId = roomOfReads(key as StreamId) ?? ''
        const mark: ReadRecord = { type: 'read', rev, roomId, userId: user, seq }
        hold(readsStream(roomId), mark, { epoch })
      }
    }
    for (const { entry } of await read(own.collections.outbox, everyRow<OutboxRow>()))
      if (entry) seen.outbox.set(entry.id, structuredClone(entry))
    await Promise.all([own.database.close(), records.database.close()])
    return seen
  }

  async function closeCurrent(): Promise<void> {
    const open = current
    current = null
    await open?.close()
  }

  /** What it cannot write any more is lost with it. */
  function close(): void {
    life.over = true
    doomed = null
    closing = Promise.allSettled([opening, closing]).then(async () => Promise.allSettled([closeCurrent()]))
  }

  return {
    get disk() {
      return disk
    },
    open: async (owner) => {
      const opened = scheduler.hold(async () => open(owner))
      opening = opened
      return opened
    },
    kill: close,
    dieAfter: (writes, died) => {
      doomed = { writes, died }
    },
    fault: async () => {
      await Promise.allSettled([opening, closing])
      await closeCurrent()
      return difference(await picture(), disk)
    }
  }
}

async function copyOutbox(sync: SyncStore, mirror: MemorySyncStore): Promise<void> {
  mirror.disk.outbox = new Map((await sync.loadOutbox()).map((entry) => [entry.id, entry]))
}

function streamOf(record: StreamRecord, userId: string): StreamId {
  if (record.type === 'user') return USERS_STREAM
  if (record.type === 'membership' || record.type === 'block' || record.type === 'preferences')
    return userStream(userId)
  return roomStream(record.type === 'room' ? record.id : record.roomId)
}

function difference(found: MemoryDisk, expected: MemoryDisk): string | undefined {
  for (const [stream, wanted] of expected.records) {
    const there = found.records.get(stream) ?? new Map<string, HeldRecord>()
    for (const [key, record] of wanted)
      if (sorted(there.get(key)) !== sorted(record))
        return `${stream} ${key} is ${sorted(there.get(key))}, and should be ${sorted(record)}`
    for (const key of there.keys()) if (!wanted.has(key)) return `${stream} has ${key} too many`
  }
  for (const [stream, state] of expected.streams)
    if (sorted(found.streams.get(stream)) !== sorted(state)) return `the state of ${stream} is not ${sorted(state)}`
  return undefined
}

function sorted(value: unknown): string {
  const text = JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each
  )
  return text ?? 'nothing'
}
