// Runs in the page before the client does: reads and writes what the client stores, past its own code. Knows under which names RxDB's Dexie
// storage keeps a collection.

export type Row = Record<string, unknown> & { key: string }

export interface PageRows {
  read(collection: string): Promise<Row[]>
  count(collection: string): Promise<number>
  /** Replaces or adds. */
  put(collection: string, rows: readonly Row[]): Promise<void>
}

declare global {
  interface Window {
    benchRows: PageRows
  }
}

/** To be handed to `addInitScript`. Must not use anything outside itself. */
export function installPageRows(): void {
  function settled<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB gave no reason')))
    })
  }

  async function opened<T>(collection: string, work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    const found = (await indexedDB.databases()).filter(({ name = '' }) => name.endsWith(`--${collection}`))
    if (found.length !== 1) throw new Error(`there are ${found.length} databases of ${collection}`)
    const database = await settled(indexedDB.open(found[0]?.name ?? ''))
    try {
      return await work(database)
    } finally {
      database.close()
    }
  }

  const stored = (database: IDBDatabase): IDBObjectStore => database.transaction('docs').objectStore('docs')
  window.benchRows = {
    read: (collection) => opened(collection, (database) => settled(stored(database).getAll() as IDBRequest<Row[]>)),
    count: (collection) => opened(collection, (database) => settled(stored(database).count())),
    put: (collection, rows) =>
      opened(collection, async (database) => {
        const transaction = database.transaction('docs', 'readwrite', { durability: 'relaxed' })
        const done = new Promise<void>((resolve, reject) => {
          transaction.addEventListener('complete', () => resolve())
          transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('IndexedDB: aborted')))
        })
        const store = transaction.objectStore('docs')
        for (const row of rows) store.put(row)
        await done
      })
  }
}
