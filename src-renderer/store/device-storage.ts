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
  /**
   * What can be read of a database that is not open here, past RxDB: per collection its rows as they are stored, and what could not be read.
   * Never rejects, and makes nothing.
   */
  salvage(databaseName: string, collections: readonly string[]): Promise<Salvaged[]>
}

export interface Salvaged {
  collection: string
  rows: unknown[]
  /** For developers: why rows, or all of them, are missing. */
  problems: string[]
}

const INTERNAL = '_rxdb_internal'
/** Where RxDB's Dexie storage puts a collection, and in it the rows. */
const nameOf = (databaseName: string, collection: string): string => `rxdb-dexie-${databaseName}--0--${collection}`
const ROWS = 'docs'

/** @param indexedDB another factory than the browser's own */
export function indexedDbStorage(indexedDB: IDBFactory = globalThis.indexedDB): DeviceStorage {
  const settings = { chromeTransactionDurability: 'strict' as const, indexedDB, IDBKeyRange: globalThis.IDBKeyRange }
  return {
    rx: getRxStorageDexie(settings),
    async remove(databaseName, collections) {
      const names = [INTERNAL, ...collections].map((collection) => nameOf(databaseName, collection))
      await Promise.all(names.map((name) => deleteDatabase(indexedDB, name)))
    },
    salvage: (databaseName, collections) =>
      Promise.all(
        collections.map(async (collection): Promise<Salvaged> => {
          const problems: string[] = []
          const rows = await rowsOf(indexedDB, nameOf(databaseName, collection), problems)
          return { collection, rows, problems }
        })
      )
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

/** Row by row, so that one that cannot be read costs itself only. */
async function rowsOf(indexedDB: IDBFactory, name: string, problems: string[]): Promise<unknown[]> {
  const rows: unknown[] = []
  try {
    const database = await openExisting(indexedDB, name)
    try {
      const stored = (): IDBObjectStore => database.transaction(ROWS).objectStore(ROWS)
      for (const key of await settled(stored().getAllKeys())) {
        const row = await settled(stored().get(key)).catch((error: unknown) =>
          problems.push(`${JSON.stringify(key)}: ${String(error)}`)
        )
        if (typeof row === 'object') rows.push(row)
      }
    } finally {
      database.close()
    }
  } catch (error) {
    problems.push(String(error))
  }
  return rows
}

function openExisting(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name)
  request.addEventListener('upgradeneeded', () => request.transaction?.abort())
  return settled(request)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB gave no reason')))
  })
}
