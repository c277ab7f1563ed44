// The in-memory store keeps the contract that the device's store keeps.
import { createMemorySyncStore, emptyDisk } from './memory-sync-store.ts'
import type { MemoryDisk } from './memory-sync-store.ts'
import { syncStoreContract } from './sync-store.contract.ts'
import type { Device } from './sync-store.contract.ts'

function device(disk: MemoryDisk): Device {
  const store = createMemorySyncStore(disk)
  return {
    store,
    append: async (operation, dependsOn = []) => store.append(operation, { dependsOn }),
    cancel: async (id) => store.cancel(id),
    records: async (stream) => [...(disk.records.get(stream)?.values() ?? [])],
    restart: async () => device(disk),
    close: async () => undefined
  }
}

syncStoreContract('memory', async () => device(emptyDisk()))
