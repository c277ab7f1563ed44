// For tests of the store: devices on an IndexedDB of their own, in memory, that can be closed, killed, started again and opened twice.
import { IDBFactory } from 'fake-indexeddb'
import type { RxStorage, RxStorageInstance, RxStorageInstanceCreationParams } from 'rxdb'
import { Subject } from 'rxjs'
import { newId } from '../../../protocol/values.ts'
import { createChatCommands } from '../chat-commands.ts'
import type { ChatCommands } from '../chat-store.ts'
import { databaseNames } from '../database-names.ts'
import { openOwn } from '../databases.ts'
import { indexedDbStorage } from '../device-storage.ts'
import type { DeviceStorage } from '../device-storage.ts'
import { openStore } from '../open-store.ts'
import type { Store, StoreOptions } from '../open-store.ts'
import { Outbox } from '../outbox.ts'
import { outboxForSync } from '../rxdb-sync-store.ts'
import type { OwnCollections } from '../schemas.ts'

/** A second window, as far as the own database goes (RxDB opens 13 collections per process, two whole stores are more). */
export interface OwnWindow {
  own: OwnCollections
  outbox: Outbox
  commands: ChatCommands
  sync: ReturnType<typeof outboxForSync>
}

export interface TestDevice {
  readonly relayId: string
  readonly userId: string
  readonly disk: IDBFactory
  open(options?: Partial<StoreOptions>): Promise<Store>
  openOwnWindow(window?: string): Promise<OwnWindow>
  /** Closes whatever was opened and is open still. */
  close(): Promise<void>
}

export function testDevice(userId = newId()): TestDevice {
  const [relayId, disk] = [newId(), new IDBFactory()]
  const open = new Set<{ close(): Promise<unknown> }>()
  return {
    relayId,
    userId,
    disk,
    async open(options = {}) {
      const unexpected = (cause: unknown): never => {
        throw new Error('the records were rebuilt', { cause })
      }
      const storage = options.storage ?? indexedDbStorage(disk)
      const store = await openStore({ relayId, userId, onRecordsRebuilt: unexpected, ...options, storage })
      open.add(store)
      return store
    },
    async openOwnWindow(window = 'second window') {
      const storage = indexedDbStorage(disk)
      // RxDB refuses a second database of one name in one process, unless its storage has another name.
      Object.assign(storage.rx, { name: window })
      const { database, collections } = await openOwn(storage, databaseNames(relayId, userId).own)
      open.add(database)
      const outbox = new Outbox(collections.outbox, Date.now)
      const commands = createChatCommands({
        userId,
        outbox,
        drafts: collections.drafts,
        base: async () => ({ userId }),
        now: Date.now,
        urgent: new Subject()
      })
      return { own: collections, outbox, commands, sync: outboxForSync(outbox) }
    },
    async close() {
      await Promise.all([...open].map((each) => each.close()))
      open.clear()
    }
  }
}

type AnyInstance = RxStorageInstance<unknown, unknown, unknown>
type AnyParams = RxStorageInstanceCreationParams<unknown, unknown>

/** `storage`, with `wrap` around everything that opens a collection in it. */
export function wrappedStorage(
  storage: DeviceStorage,
  wrap: (params: AnyParams, open: () => Promise<AnyInstance>) => Promise<AnyInstance>
): DeviceStorage {
  const rx = storage.rx
  const createStorageInstance = (params: AnyParams): Promise<AnyInstance> =>
    wrap(params, () => rx.createStorageInstance(params) as Promise<AnyInstance>)
  return {
    ...storage,
    rx: { name: rx.name, rxdbVersion: rx.rxdbVersion, createStorageInstance } as RxStorage<unknown, unknown>
  }
}

/** What a write gets after the process was killed: nothing is written any more, and nobody hears of it in time. */
export class KilledError extends Error {
  override readonly name = 'KilledError'
}

/** A storage on `disk` on which `before` runs ahead of every write into the given collections, and may throw in its place. */
export function watchedStorage(
  disk: IDBFactory,
  collections: readonly string[],
  before: () => Promise<void>
): DeviceStorage {
  return wrappedStorage(indexedDbStorage(disk), async ({ collectionName }, open) => {
    const instance = await open()
    if (!collections.includes(collectionName)) return instance
    const bulkWrite = instance.bulkWrite.bind(instance)
    instance.bulkWrite = async (rows, context) => {
      await before()
      return bulkWrite(rows, context)
    }
    return instance
  })
}

/** A storage on `disk` that dies before its write number `lives` (0: the first) into any of the given collections. */
export function mortalStorage(disk: IDBFactory, collections: readonly string[], lives: number): DeviceStorage {
  let left = lives
  return watchedStorage(disk, collections, async () => {
    if (left-- <= 0) throw new KilledError('killed')
  })
}
