// Where the rows lie: IndexedDB through RxDB's Dexie storage, flushed to disk before a write resolves. Knows no rows.
import type { RxStorage } from 'rxdb'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { direct } from './direct-storage.ts'
import { answered, nameInIndexedDb, namesInIndexedDb, openExisting, ROWS } from './rxdb-layout.ts'

export interface DeviceStorage {
  rx: RxStorage<unknown, unknown>
  /**
   * Deletes a database that is not open here, whether it can be read or not. While another window still has it open, the
   * browser finishes later by itself.
   */
  remove(databaseName: string, collections: readonly string[]): Promise<void>
  /** The databases whose name begins so of which there is anything, open or not; null where the browser does not say. Never rejects. */
  list(prefix: string): Promise<string[] | null>
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

/** @param indexedDB another factory than the browser's own */
export function indexedDbStorage(indexedDB: IDBFactory = globalThis.indexedDB): DeviceStorage {
  const settings = { chromeTransactionDurability: 'strict' as const, indexedDB, IDBKeyRange: globalThis.IDBKeyRange }
  return {
    rx: directly(getRxStorageDexie(settings), settings),
    async remove(databaseName, collections) {
      await Promise.all(namesInIndexedDb(databaseName, collections).map((name) => deleteDatabase(indexedDB, name)))
    },
    async list(prefix) {
      const [before = '', behind = ''] = nameInIndexedDb('|', '').split('|')
      const all = await Promise.resolve(indexedDB.databases?.()).catch(() => undefined)
      if (!all) return null
      const ours = all.flatMap(({ name }) => (name?.startsWith(before + prefix) ? [name] : []))
      return [...new Set(ours.map((name) => name.slice(before.length, name.indexOf(behind))))]
    },
    salvage: (databaseName, collections) =>
      Promise.all(
        collections.map(async (collection): Promise<Salvaged> => {
          const problems: string[] = []
          const rows = await rowsOf(indexedDB, nameInIndexedDb(databaseName, collection), problems)
          return { collection, rows, problems }
        })
      )
  }
}

/** RxDB's own notes about its collections are left to it: they are read once. */
function directly<S extends RxStorage<unknown, unknown>>(storage: S, settings: Parameters<typeof direct>[1]): S {
  const open = storage.createStorageInstance.bind(storage)
  const createStorageInstance: typeof open = async (params) => {
    const instance = await open(params)
    return params.schema.primaryKey === 'key' ? (direct(instance as never, settings) as never) : instance
  }
  return Object.assign(storage, { createStorageInstance })
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
      for (const key of await answered(stored().getAllKeys())) {
        const row = await answered(stored().get(key)).catch((error: unknown) =>
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
