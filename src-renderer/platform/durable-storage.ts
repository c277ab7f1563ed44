// localStorage for what must survive a kill: browsers write it to disk seconds later, so a copy in IndexedDB, flushed at once, goes beside it.
// Knows what the keys are called, not what they mean.

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface DurableStorage extends Kept {
  /** Resolves when what was written before is on the disk, or could not be brought there. */
  settled(): Promise<void>
}

/** What is kept by two. Everything else of localStorage is a convenience. */
export const DURABLE_KEYS = ['maru.session', 'maru.other-sessions', 'maru.devices', 'maru.wipes'] as const
/** In localStorage: how many writes it has seen. The copy that has seen more is the newer one. */
const WRITES_KEY = 'maru.writes'
const DATABASE = 'maru-kept'
const ROWS = 'rows'
const ROW = 'all'

interface Copy {
  writes: number
  items: Record<string, string>
}

/**
 * The same as `storage`, which is brought to where the copy stands if it has gone back. Never rejects: where IndexedDB fails, `onProblem` hears it,
 * and what is written may be lost by a kill.
 */
export async function openDurableStorage(
  storage: Kept,
  onProblem: (problem: unknown) => void,
  indexedDB: IDBFactory = globalThis.indexedDB
): Promise<DurableStorage> {
  const writesSeen = (): number => Number(storage.getItem(WRITES_KEY) ?? 0)
  let writing: Promise<void> = Promise.resolve()

  const copy = await withRows(indexedDB, 'readonly', (rows) => rows.get(ROW) as IDBRequest<Copy | undefined>).catch(
    onProblem
  )
  if (copy && copy.writes > writesSeen()) {
    for (const key of DURABLE_KEYS) put(storage, key, copy.items[key] ?? null)
    storage.setItem(WRITES_KEY, String(copy.writes))
  }

  const write = (key: string, text: string | null): void => {
    put(storage, key, text)
    storage.setItem(WRITES_KEY, String(writesSeen() + 1))
    const kept = DURABLE_KEYS.flatMap((each): [string, string][] => {
      const item = storage.getItem(each)
      return item === null ? [] : [[each, item]]
    })
    const row: Copy = { writes: writesSeen(), items: Object.fromEntries(kept) }
    writing = writing
      .then(() => withRows(indexedDB, 'readwrite', (rows) => rows.put(row, ROW)))
      .then(() => undefined, onProblem)
  }
  return {
    getItem: (key) => storage.getItem(key),
    setItem: (key, text) => write(key, text),
    removeItem: (key) => write(key, null),
    settled: () => writing
  }
}

function put(storage: Kept, key: string, text: string | null): void {
  if (text === null) storage.removeItem(key)
  else storage.setItem(key, text)
}

/** Resolves when the transaction is on the disk. The database is not kept open, so that nothing stands in the way of another version. */
async function withRows<T>(
  indexedDB: IDBFactory,
  mode: IDBTransactionMode,
  ask: (rows: IDBObjectStore) => IDBRequest<T>
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(ROWS))
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.addEventListener('success', () => resolve(opening.result))
    opening.addEventListener('error', () => reject(opening.error ?? new Error('IndexedDB gave no reason')))
  })
  try {
    const transaction = database.transaction(ROWS, mode, { durability: 'strict' })
    const request = ask(transaction.objectStore(ROWS))
    return await new Promise<T>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve(request.result))
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('IndexedDB gave no reason')))
    })
  } finally {
    database.close()
  }
}
