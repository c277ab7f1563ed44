// Watching and writing rows of one collection: live sets that follow events instead of asking again, and bulk writes that notice when
// somebody else was faster. Knows nothing of chat.
import type { BulkWriteRow, MangoQuery } from 'rxdb'
import { Observable } from 'rxjs'
import { read } from './queries.ts'
import type { Collection, Keyed, Stored } from './schemas.ts'
import { isQuota, StorageFullError } from './storage-full.ts'

/** Rows by key, each in the newest version that was seen. */
class NewestRows<Row extends Keyed> {
  /** One object that goes on changing; whoever keeps it, copies it. */
  readonly rows = new Map<string, Stored<Row>>()
  private readonly heights = new Map<string, number>()

  /** Of any version, removed ones too. */
  hasSeen(key: string): boolean {
    return this.heights.has(key)
  }

  /**
   * Two windows' events about one row may come in either order; its revision counts up with each write. (It would start again at 1 if a purged key
   * came back: keys that can come back are never purged.)
   * @param includes whether the row belongs here
   * @returns whether anything changed
   */
  take(row: Stored<Row>, includes = true): boolean {
    const height = Number.parseInt(row._rev, 10)
    if (height <= (this.heights.get(row.key) ?? 0)) return false
    this.heights.set(row.key, height)
    if (row._deleted || !includes) return this.rows.delete(row.key)
    this.rows.set(row.key, row)
    return true
  }
}

/**
 * The rows of a query by key, at first as read and from then on as changed by any window. The query runs once: asking again while
 * writes go on takes seconds (measured). The emitted map is one object that goes on changing; whoever keeps it, copies it.
 * Completes when the database is closed.
 *
 * @param includes the query's selector as a function
 */
export function watchRows<Row extends Keyed>(
  collection: Collection<Row>,
  query: MangoQuery<Row>,
  includes: (row: Row) => boolean = () => true
): Observable<ReadonlyMap<string, Stored<Row>>> {
  return new Observable((subscriber) => {
    const newest = new NewestRows<Row>()
    let loaded = false
    const events = collection.eventBulks$.subscribe({
      next: (bulk) => {
        let changed = false
        for (const { documentData } of bulk.events) {
          const row = documentData as Stored<Row>
          const included = includes(row)
          if (included || newest.hasSeen(row.key)) changed = newest.take(row, included) || changed
        }
        if (changed && loaded) subscriber.next(newest.rows)
      },
      complete: () => subscriber.complete()
    })
    read(collection, query).then(
      (found) => {
        for (const row of found) newest.take(row, includes(row))
        loaded = true
        subscriber.next(newest.rows)
      },
      (error: unknown) => subscriber.error(error)
    )
    return () => events.unsubscribe()
  })
}

/**
 * The rows that are held of the newest keys, live. Emits when those that are new among the keys were read, so that nothing shows as missing
 * while it is looked for. As in `watchRows` the emitted map goes on changing.
 */
export function watchKeys<Row extends Keyed>(
  collection: Collection<Row>,
  keys: Observable<ReadonlySet<string>>
): Observable<ReadonlyMap<string, Stored<Row>>> {
  return watchAsked(collection, keys, {
    find: (wanted) => collection.storageInstance.findDocumentsById([...wanted], true),
    wishOf: ({ key }) => key
  })
}

/**
 * The rows of the groups that are asked for, live: each group's query runs once, and events of all of them come by one subscription. Emits when those of
 * the groups that are new were read; with no group at once. As in `watchRows` the emitted map goes on changing. Groups stay once they were asked for.
 *
 * @param groupOf the group that a row belongs to
 */
export function watchGroups<Row extends Keyed>(
  collection: Collection<Row>,
  groups: Observable<ReadonlySet<string>>,
  query: (group: string) => MangoQuery<Row>,
  groupOf: (row: Row) => string
): Observable<ReadonlyMap<string, Stored<Row>>> {
  return watchAsked(collection, groups, {
    find: async (wanted) => (await Promise.all(wanted.map(async (group) => read(collection, query(group))))).flat(),
    wishOf: groupOf
  })
}

interface Asking<Row extends Keyed> {
  /** What is stored of these wishes. */
  find: (wanted: readonly string[]) => Promise<readonly Stored<Row>[]>
  /** The wish that a row fulfils. */
  wishOf: (row: Row) => string
}

/** The rows of all wishes so far, live; each wish is read once. */
function watchAsked<Row extends Keyed>(
  collection: Collection<Row>,
  wishes: Observable<ReadonlySet<string>>,
  { find, wishOf }: Asking<Row>
): Observable<ReadonlyMap<string, Stored<Row>>> {
  return new Observable((subscriber) => {
    const newest = new NewestRows<Row>()
    const asked = new Set<string>()
    let loading = 0
    const load = async (wanted: readonly string[]): Promise<void> => {
      loading++
      for (const wish of wanted) asked.add(wish)
      for (const row of await find(wanted)) newest.take(row)
      loading--
      if (loading === 0) subscriber.next(newest.rows)
    }
    const events = collection.eventBulks$.subscribe((bulk) => {
      const known = bulk.events
        .map(({ documentData }) => documentData as Stored<Row>)
        // A tombstone may hold no more than its key.
        .filter((row) => newest.hasSeen(row.key) || asked.has(wishOf(row)))
      for (const row of known) newest.take(row)
      if (known.length > 0 && loading === 0) subscriber.next(newest.rows)
    })
    const wishing = wishes.subscribe({
      next: (wanted) => {
        const fresh = [...wanted].filter((wish) => !asked.has(wish))
        if (fresh.length > 0) load(fresh).catch((error: unknown) => subscriber.error(error))
        else if (loading === 0) subscriber.next(newest.rows)
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete()
    })
    return () => {
      events.unsubscribe()
      wishing.unsubscribe()
    }
  })
}

/** One row to write: over `previous` if there is one. `removed` writes a tombstone, for which `row` should hold no words. */
export interface Write<Row> {
  row: Row
  previous?: Stored<Row> | undefined
  removed?: boolean
}

/**
 * Writes rows in one transaction and resolves, when they are durable, with the keys of those that were *not* written because their row is
 * no longer what `previous` says. Any other failure rejects (`StorageFullError` for want of space), and then nothing was written.
 */
export async function writeRows<Row extends Keyed>(
  collection: Collection<Row>,
  writes: readonly Write<Row>[]
): Promise<Set<string>> {
  if (writes.length === 0) return new Set()
  const bulk = writes.map(({ row, previous, removed = false }): BulkWriteRow<Row> => {
    const document = { ...row, _deleted: removed, _attachments: {}, _meta: { lwt: 1 }, _rev: previous?._rev ?? '' }
    return { document, ...(previous ? { previous } : {}) }
  })
  const { error } = await collection.storageInstance.bulkWrite(bulk, 'maru-store').catch((cause: unknown) => {
    if (!isQuota(cause)) throw cause
    throw new StorageFullError(`no space left for ${collection.name}`, { cause, rows: writes.length })
  })
  const broken = error.find(({ status }) => status !== 409)
  if (broken) throw new Error(`the store could not write into ${collection.name} (status ${broken.status})`)
  return new Set(error.map(({ documentId }) => documentId))
}

/** Rows that are written in one task: IndexedDB takes them one by one, and 250 of them hold up the screen for 40 ms and more (measured). */
const ROWS_PER_WRITE = 125

/**
 * For each key: reads, lets `decide` say what the row shall be (undefined: as it is; null: gone), and writes, ROWS_PER_WRITE at a time. Rows that
 * another window changed in between are read and decided again. Resolves when everything is durable; when it rejects, the first ones may be.
 */
export async function reviseRows<Row extends Keyed>(
  collection: Collection<Row>,
  keys: readonly string[],
  decide: (key: string, current: Row | undefined) => Row | null | undefined
): Promise<void> {
  let open = new Set(keys)
  while (open.size > 0) {
    const found = await collection.storageInstance.findDocumentsById([...open], true)
    const before = new Map(found.map((row) => [row.key, row]))
    const writes: Write<Row>[] = []
    for (const key of open) {
      const previous = before.get(key)
      const current = previous?._deleted ? undefined : previous
      const row = decide(key, current)
      if (row) writes.push({ row, previous })
      else if (row === null && current) writes.push({ row: { key } as Row, previous, removed: true })
    }
    open = new Set()
    for (let at = 0; at < writes.length; at += ROWS_PER_WRITE) {
      for (const key of await writeRows(collection, writes.slice(at, at + ROWS_PER_WRITE))) open.add(key)
    }
  }
}
