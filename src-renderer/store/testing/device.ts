// For tests of the store: devices on an IndexedDB of their own, in memory, that can be closed, started again and opened in two windows.
import { IDBFactory } from 'fake-indexeddb'
import { newId } from '../../../protocol/values.ts'
import { indexedDbStorage } from '../device-storage.ts'
import type { DeviceStorage } from '../device-storage.ts'
import { openStore } from '../open-store.ts'
import type { Store, StoreOptions } from '../open-store.ts'

export interface TestDevice {
  readonly relayId: string
  readonly userId: string
  readonly disk: IDBFactory
  /** Storage for another window. RxDB wants a name of its own for each one in the same process. */
  storage(window?: string): DeviceStorage
  open(options?: Partial<StoreOptions>): Promise<Store>
  /** Closes whatever was opened and is open still. */
  close(): Promise<void>
}

export function testDevice(userId = newId()): TestDevice {
  const [relayId, disk] = [newId(), new IDBFactory()]
  const open = new Set<Store>()
  const device: TestDevice = {
    relayId,
    userId,
    disk,
    storage(window) {
      const storage = indexedDbStorage(disk)
      if (window) Object.assign(storage.rx, { name: window })
      return storage
    },
    async open(options = {}) {
      const unexpected = (cause: unknown): never => {
        throw new Error('the records were rebuilt', { cause })
      }
      const storage = options.storage ?? device.storage()
      const store = await openStore({ relayId, userId, onRecordsRebuilt: unexpected, ...options, storage })
      open.add(store)
      return store
    },
    async close() {
      await Promise.all([...open].map((store) => store.close()))
      open.clear()
    }
  }
  return device
}
