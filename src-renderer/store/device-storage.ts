// Where the rows lie: IndexedDB through RxDB's Dexie storage, flushed to disk before a write resolves. Knows the names under which RxDB
// keeps things there, and no rows.
import type { RxStorage } from 'rxdb'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'

export interface DeviceStorage {
  rx: RxStorage<unknown, unknown>
  /**
   * Deletes a database that is not open here, whether it can be read or not. While another window still has it open, the
   * browser finishes later by itself.
   */
  remove(databaseName: string, collections: readonly string[]): Promise<void>
}

/** @param indexedDB another factory than the browser's own */
export function indexedDbStorage(indexedDB: IDBFactory = globalThis.indexedDB): DeviceStorage {
  const settings = { chromeTransactionDurability: 'strict' as const, indexedDB, IDBKeyRange: globalThis.IDBKeyRange }
  return {
    rx: getRxStorageDexie(settings),
    async remove(databaseName, collections) {
      const names = ['_rxdb_internal', ...collections].map((name) => `rxdb-dexie-${databaseName}--0--${name}`)
      await Promise.all(names.map((name) => deleteDatabase(indexedDB, name)))
    }
  }
}

function deleteDatabase(indexedDB: IDBFactory, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.addEventListener('success', () => resolve())
    request.addEventListener('blocked', () => resolve())
    request.addEventListener('error', () => reject(new Error(`could not delete ${name}`, { cause: request.error })))
  })
}
