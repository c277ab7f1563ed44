// Reads and writes the rows of RxDB's Dexie storage on IndexedDB itself: the same rows, events and conflicts, without a cursor's step per row and
// Dexie's own transactions, which cost several times what the disk does (docs/decisions/0013-what-makes-it-quick.md). Knows no collections.
import { categorizeBulkWriteRows } from 'rxdb'
import type { BulkWriteRow, EventBulk, RxDocumentData, RxStorageChangeEvent, RxStorageInstance } from 'rxdb'
import type { RxStorageBulkWriteResponse, RxStorageDefaultCheckpoint } from 'rxdb'
import type { RxStorageInstanceDexie } from 'rxdb/plugins/storage-dexie'
import type { Subject } from 'rxjs'
import type { AlongReader, Bystander, RangeReader } from './queries.ts'
import { finished, readRange, ROWS, toStored, withKeys } from './rxdb-layout.ts'
import type { RowRange } from './rxdb-layout.ts'

interface Keyed {
  key: string
}
type Row = RxDocumentData<Keyed>
type Writes = BulkWriteRow<Keyed>[]
type Instance = RxStorageInstance<Keyed, unknown, unknown>
type Bulk = EventBulk<RxStorageChangeEvent<Row>, RxStorageDefaultCheckpoint>

/** What of the Dexie storage's instance is used past its interface. */
interface Inner {
  internals: RxStorageInstanceDexie<Keyed>['internals']
  changes$: Subject<Bulk>
  closed?: Promise<void>
}

/**
 * The same instance, reading and writing directly. Only for collections whose key is `key`, without attachments, and without names of properties
 * that begin with `|` or `__`, which the Dexie storage would write otherwise.
 * @param settings as the Dexie storage got them
 */
export function direct(
  instance: Instance,
  settings: { chromeTransactionDurability: 'strict'; IDBKeyRange: typeof IDBKeyRange }
): Instance & RangeReader<Keyed> & AlongReader<Keyed> {
  const inner = instance as unknown as Inner
  let bystander: Bystander<Keyed> | undefined
  let opened: Awaited<Inner['internals']> | undefined

  async function open(): Promise<Awaited<Inner['internals']>> {
    opened = await inner.internals
    return opened
  }

  /** Of what is open, at once: what is asked goes out before anything that waits for this task to end, such as drawing. */
  function begin({ dexieDb }: Awaited<Inner['internals']>, mode: 'readonly' | 'readwrite'): IDBTransaction {
    if (inner.closed) throw new Error('the collection is closed')
    const database = dexieDb.backendDB() as IDBDatabase | null
    if (!database) throw new Error('the database was closed')
    if (mode === 'readonly') return database.transaction(ROWS, mode)
    return database.transaction(ROWS, mode, { durability: settings.chromeTransactionDurability })
  }

  async function bulkWrite(writes: Writes, context: string): Promise<RxStorageBulkWriteResponse<Keyed>> {
    const isNew = writes.every(({ previous }) => !previous)
    const { sorted, held } = isNew ? await add(writes, context) : { sorted: await replace(writes, context), held: null }
    const newest = sorted.newestRow?.document
    if (sorted.eventBulk.events.length > 0 && newest) {
      const bulk = sorted.eventBulk as unknown as Bulk
      bulk.checkpoint = { id: newest.key, lwt: newest._meta.lwt }
      const tell = (): void => inner.changes$.next(bulk)
      if (bystander && held) bystander.learns(held, tell)
      else tell()
    }
    return { error: sorted.errors }
  }

  /** What becomes of each write: new, changed, or a conflict. */
  function sort(held: readonly Row[], writes: Writes, context: string) {
    const byKey = new Map(held.map((row) => [row.key, row]))
    return categorizeBulkWriteRows<Keyed>(instance, 'key', byKey, writes, context)
  }

  /** Rows that are believed to be new go to the disk without a question before. Those that are not are told as conflicts. */
  async function add(writes: Writes, context: string) {
    const transaction = begin(opened ?? (await open()), 'readwrite')
    const rows = transaction.objectStore(ROWS)
    const taken: string[] = []
    const adding = new Set<EventTarget | null>()
    for (const { document } of writes) {
      const request = rows.add(toStored(document as Row))
      adding.add(request)
      request.addEventListener('error', (event) => {
        if (request.error?.name !== 'ConstraintError') return
        event.preventDefault()
        event.stopPropagation()
        taken.push(document.key)
      })
    }
    const asked = bystander?.asks(writes.map(({ document }) => document as Row))
    const reading = asked ? readRange<Row>(rows, asked, settings.IDBKeyRange).catch(() => null) : null
    // What cannot be read is no reason not to write.
    transaction.addEventListener('error', (event) => adding.has(event.target) || event.preventDefault())
    transaction.commit()
    await finished(transaction)
    const before = taken.length === 0 ? [] : await findDocumentsById(taken, true)
    // One that was purged at this moment was there all the same.
    const purged = taken.filter((key) => before.every((row) => row.key !== key))
    const known = [...before, ...purged.map((key) => ({ key, _rev: '', _deleted: false }) as Row)]
    return { sorted: sort(known, writes, context), held: taken.length === 0 ? await reading : null }
  }

  async function replace(writes: Writes, context: string) {
    const transaction = begin(opened ?? (await open()), 'readwrite')
    const done = finished(transaction)
    // Whichever fails first says why.
    done.catch(() => undefined)
    const rows = transaction.objectStore(ROWS)
    const held = await withKeys<Row>(
      rows,
      writes.map(({ document }) => document.key)
    )
    const sorted = sort(held, writes, context)
    for (const { document } of [...sorted.bulkInsertDocs, ...sorted.bulkUpdateDocs]) rows.put(toStored(document))
    transaction.commit()
    await done
    return sorted
  }

  async function findDocumentsById(keys: string[], withDeleted: boolean): Promise<Row[]> {
    const transaction = begin(opened ?? (await open()), 'readonly')
    const found = await withKeys<Row>(transaction.objectStore(ROWS), keys)
    return withDeleted ? found : found.filter(({ _deleted }) => !_deleted)
  }

  async function readRows(range: RowRange): Promise<Row[]> {
    const transaction = begin(opened ?? (await open()), 'readonly')
    return readRange<Row>(transaction.objectStore(ROWS), range, settings.IDBKeyRange)
  }

  const readAlong = (by: Bystander<Keyed>): void => void (bystander = by)

  return Object.assign(instance, { bulkWrite, findDocumentsById, readRange: readRows, readAlong })
}
