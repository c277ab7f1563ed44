// Under which names and in which form RxDB's Dexie storage keeps rows in IndexedDB. Must not import RxDB: it is used before that is loaded,
// and where RxDB cannot read.

const INTERNAL = '_rxdb_internal'
/** In the database of a collection: its rows. */
export const ROWS = 'docs'

/** As it lies in IndexedDB, which has no index over booleans. */
export type StoredRow<Row> = Omit<Row, '_deleted'> & { _deleted: '0' | '1' }

/** The IndexedDB database of one collection. */
export function nameInIndexedDb(databaseName: string, collection: string): string {
  return `rxdb-dexie-${databaseName}--0--${collection}`
}

/** All that belongs to a database with these collections. */
export function namesInIndexedDb(databaseName: string, collections: readonly string[]): string[] {
  return [INTERNAL, ...collections].map((collection) => nameInIndexedDb(databaseName, collection))
}

/** Rejects where there is none; makes nothing. */
export function openExisting(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name)
  request.addEventListener('upgradeneeded', () => request.transaction?.abort())
  return answered(request)
}

/** A part of an index, both ends included: of rows that are equal in the first fields, and lie between in the next one. */
export interface RowRange {
  /** Of the index, in its order; none: the index of all rows by key. */
  fields: readonly string[]
  /** Of as many fields as are bounded below. */
  lower: readonly IDBValidKey[]
  /** Of as many fields as are bounded above. */
  upper: readonly IDBValidKey[]
  limit?: number | undefined
}

/** The rows of a range that are no tombstones, ascending, in one request. */
export async function readRange<Row extends { _deleted: boolean }>(
  rows: IDBObjectStore,
  { fields, lower, upper, limit }: RowRange,
  keyRange: typeof IDBKeyRange = IDBKeyRange
): Promise<Row[]> {
  // An array comes after every string and number, and a longer array after its beginning.
  const [from, to] = [
    ['0', ...lower],
    ['0', ...upper, []]
  ]
  // IndexedDB refuses a range that ends before it begins.
  if (keyRange.lowerBound(to, true).includes(from)) return []
  const range = keyRange.bound(from, to)
  const index = rows.index(`[${['_deleted', ...fields, 'key'].join('+')}]`)
  return (await answered(index.getAll(range, limit) as IDBRequest<StoredRow<Row>[]>)).map(fromStored<Row>)
}

/** The rows with these keys, as far as they are there, tombstones too. */
export async function withKeys<Row extends { _deleted: boolean }>(
  rows: IDBObjectStore,
  keys: readonly string[]
): Promise<Row[]> {
  const asked = keys.map((key) => answered(rows.get(key) as IDBRequest<StoredRow<Row> | undefined>))
  return (await Promise.all(asked)).flatMap((row) => (row ? [fromStored<Row>(row)] : []))
}

export function toStored<Row extends { _deleted: boolean }>(row: Row): StoredRow<Row> {
  return { ...row, _deleted: row._deleted ? '1' : '0' }
}

/** @param row is changed: IndexedDB has made it for us alone */
export function fromStored<Row extends { _deleted: boolean }>(row: StoredRow<Row>): Row {
  return Object.assign(row as unknown as Row, { _deleted: row._deleted === '1' })
}

/** The result of a request, once it is there. */
export function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB gave no reason')))
  })
}

/** Resolves when a transaction is through: on the disk, if it is strict. */
export function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('IndexedDB gave no reason')))
  })
}
