// The outbox on the disk: entries and counter as rows, changed by the rules in outbox-rules.ts. Every change reads both at one moment and
// is decided again if another window was faster. Knows no commands and no relay.
import { BehaviorSubject, combineLatest, endWith, firstValueFrom, ignoreElements, map, ReplaySubject } from 'rxjs'
import { share, Subject, takeUntil, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { advanceCounter, byOutboxOrder, FRESH_COUNTER, numberedAtOnce } from './outbox-rules.ts'
import type { Counter, EntryChanges } from './outbox-rules.ts'
import { everyRow, read, readAllAlong } from './queries.ts'
import { watchRows, writeRows } from './rows.ts'
import type { Write } from './rows.ts'
import type { Collection, OutboxRow, Stored } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

export interface OutboxSnapshot {
  /** Numbered ones ascending by n, then the others by place. */
  entries: readonly OutboxEntry[]
  counter: Counter
}

/** What to do about a snapshot; whatever is missing stays as it is. */
export interface OutboxChange {
  put?: EntryChanges
  /** To the end; of ids that no entry has. */
  add?: readonly OutboxEntry[]
  remove?: readonly string[]
  counter?: Counter
}

type Decide = (snapshot: OutboxSnapshot) => OutboxChange | undefined

const COUNTER_KEY = 'counter'
/** Tombstones go after this time: no window can still hold the row as it was. */
const TOMBSTONE_MS = 10 * 60 * 1000
const REMOVALS_PER_CLEANUP = 200

export class Outbox {
  /** What is on the disk, by any window's changes; shared, and kept up to date from the first subscription on. */
  readonly snapshots: Observable<OutboxSnapshot>
  /** The entries for a screen: with those that this window is writing to the disk at this moment. They go again if that fails. */
  readonly shown: Observable<readonly OutboxEntry[]>
  /** Emits when `shown` has got such an entry. */
  readonly comes = new Subject<void>()
  /** Device time in ms since 1970. */
  readonly now: () => number
  private readonly rows: Collection<OutboxRow>
  /** All rows as of the transaction that is being told of at this moment. */
  private fresh: readonly Stored<OutboxRow>[] | undefined
  /** The rows of `snapshots`, once they were read. */
  private known: ReadonlyMap<string, Stored<OutboxRow>> | undefined
  private lastPlace = 0
  private removals = 0
  private readonly coming = new BehaviorSubject<readonly OutboxEntry[]>([])
  private arriving: { writes: Write<OutboxRow>[]; done: Promise<void> } | undefined
  private appended: Promise<unknown> = Promise.resolve()
  private lastSnapshot: OutboxSnapshot | undefined
  /** Changes of this window that are on their way to the disk. */
  private underWay = 0
  private readonly pushers = new Set<(entry: OutboxEntry) => boolean>()

  /** @param now device time in ms since 1970 */
  constructor(rows: Collection<OutboxRow>, now: () => number) {
    this.rows = rows
    this.now = now
    this.snapshots = watchRows(rows, everyRow<OutboxRow>()).pipe(
      tap((found) => (this.known = found)),
      map((found) => this.toSnapshot(found.values())),
      tap((snapshot) => (this.lastSnapshot = snapshot)),
      share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: false })
    )
    const closed = this.snapshots.pipe(ignoreElements(), endWith(null))
    this.shown = combineLatest([this.snapshots, this.coming.pipe(takeUntil(closed))]).pipe(
      map(([{ entries }, coming]) => withComing(entries, coming))
    )
  }

  /** Everything as it is on the disk at one moment. */
  async load(): Promise<OutboxSnapshot> {
    return this.toSnapshot(await read(this.rows, everyRow<OutboxRow>()))
  }

  /** What the windows of this device know, without reading the disk again. */
  latest(): Promise<OutboxSnapshot> {
    return firstValueFrom(this.snapshots)
  }

  /** The next place at the end; strictly increasing whatever the clock does, as far as other windows' entries have been heard of. */
  nextPlace(): number {
    this.lastPlace = Math.max(this.now(), this.lastPlace + 1)
    return this.lastPlace
  }

  /**
   * Puts a new entry at the end; it is among the `shown` at once. Entries become durable in the order of the calls; calls in one moment share
   * a transaction.
   */
  append(made: OutboxEntry): Promise<void> {
    const entry = this.withNumber(made)
    this.underWay++
    const done = this.write({ row: { key: entry.id, entry } })
    this.coming.next([...this.coming.value, entry])
    this.comes.next()
    const settled = (): void => {
      this.underWay--
      // Not before the snapshot that has it was told: no line may go for a moment.
      this.coming.next(this.coming.value.filter((each) => each !== entry))
    }
    done.then(settled, settled)
    return done
  }

  /** See `SyncStore.numberNew`. */
  numberNew(isDue: (entry: OutboxEntry) => boolean): () => void {
    // Who hears of an entry that has its number wants to transmit it, and needs no second look at the disk.
    if (this.pushers.size === 0) readAllAlong(this.rows, (added) => added.some(isNumbered), this.tellWith)
    this.pushers.add(isDue)
    return () => this.pushers.delete(isDue)
  }

  /** Only while nothing of this window's is on its way to the disk: what is known of the outbox is all that there is then, but for other windows'. */
  private withNumber(entry: OutboxEntry): OutboxEntry {
    if (!this.lastSnapshot || this.underWay > 0 || ![...this.pushers].some((isDue) => isDue(entry))) return entry
    return numberedAtOnce(entry, this.lastSnapshot.entries, this.lastSnapshot.counter)
  }

  private readonly tellWith = (held: readonly Stored<OutboxRow>[], tell: () => void): void => {
    this.fresh = held
    try {
      tell()
    } finally {
      this.fresh = undefined
    }
  }

  private write(write: Write<OutboxRow>): Promise<void> {
    if (this.arriving) {
      this.arriving.writes.push(write)
      return this.arriving.done
    }
    const writes: Write<OutboxRow>[] = [write]
    const done = this.appended.then(async () => {
      this.arriving = undefined
      const taken = await writeRows(this.rows, writes)
      if (taken.size > 0) throw new Error('an operation of the same id is in the outbox already')
    })
    this.arriving = { writes, done }
    this.appended = done.catch(() => undefined)
    return done
  }

  /** Resolves when what was appended in this window up to now is durable, or has failed. */
  async appendedSoFar(): Promise<void> {
    await this.appended
  }

  /**
   * Changes the outbox as `decide` says about a fresh snapshot, in one transaction. Whoever asks in the moment in which a new entry is told of gets the
   * outbox as of the transaction that wrote it. If rows were changed in between, the others are written and `decide` is asked again about what there
   * is then. Resolves, when it is durable, with whether anything was written.
   */
  async revise(decide: Decide): Promise<boolean> {
    return this.reviseFrom(this.fresh, decide)
  }

  /**
   * As `revise`, but begins with what this window knows, and reads the disk only where another window was faster. For changes that only the window
   * makes which sends, of rows that it has written itself: one of ten thousand entries must not cost reading all of them.
   */
  async reviseKnown(decide: Decide): Promise<boolean> {
    return this.reviseFrom(this.known && [...this.known.values()], decide)
  }

  private async reviseFrom(begin: readonly Stored<OutboxRow>[] | undefined, decide: Decide): Promise<boolean> {
    this.underWay++
    try {
      return await this.reviseRows(begin, decide)
    } finally {
      this.underWay--
    }
  }

  private async reviseRows(begin: readonly Stored<OutboxRow>[] | undefined, decide: Decide): Promise<boolean> {
    let wrote = false
    for (let known = begin; ; known = undefined) {
      const found = known ?? (await read(this.rows, everyRow<OutboxRow>()))
      const snapshot = this.toSnapshot(found)
      const writes = this.writesFor(decide(snapshot) ?? {}, found, snapshot.counter)
      if (writes.length === 0) return wrote
      const conflicts = await writeRows(this.rows, writes)
      wrote ||= conflicts.size < writes.length
      await this.cleanUp(writes.filter(({ row, removed }) => removed && !conflicts.has(row.key)).length)
      if (conflicts.size === 0) return wrote
    }
  }

  /**
   * [S2.2] As `revise`, but first makes the counter cover every answer that entries hold. For changes by which an answered entry goes or
   * becomes another: with it would go what says that its number was used.
   * @param known as `reviseKnown`
   */
  async settleAndRevise(decide: Decide, { known = false } = {}): Promise<void> {
    for (;;) {
      let settled = false
      await this[known ? 'reviseKnown' : 'revise']((snapshot) => {
        const counter = advanceCounter(snapshot.counter, snapshot.entries)
        settled = counter === snapshot.counter
        return settled ? decide(snapshot) : { counter }
      })
      if (settled) return
    }
  }

  /** Purges old tombstones. The outbox is small, so that the storage may look through all of it. */
  async cleanUp(removed = REMOVALS_PER_CLEANUP): Promise<void> {
    this.removals += removed
    if (this.removals < REMOVALS_PER_CLEANUP) return
    this.removals = 0
    await this.rows.storageInstance.cleanup(TOMBSTONE_MS)
  }

  private writesFor(
    { put, add = [], remove = [], counter }: OutboxChange,
    found: readonly Stored<OutboxRow>[],
    before: Counter
  ): Write<OutboxRow>[] {
    const rowOf = new Map(found.map((row) => [row.entry?.id ?? row.key, row]))
    const writes: Write<OutboxRow>[] = []
    for (const [id, entry] of put ?? []) {
      const previous = rowOf.get(id)
      if (previous) writes.push({ row: { key: previous.key, entry }, previous })
    }
    for (const entry of add) writes.push({ row: { key: entry.id, entry } })
    for (const id of remove) {
      const previous = rowOf.get(id)
      if (previous?.entry) writes.push({ row: { key: previous.key }, previous, removed: true })
    }
    if (counter && counter !== before) {
      writes.push({ row: { key: COUNTER_KEY, counter }, previous: rowOf.get(COUNTER_KEY) })
    }
    return writes
  }

  private toSnapshot(found: Iterable<OutboxRow>): OutboxSnapshot {
    const entries: OutboxEntry[] = []
    let counter = FRESH_COUNTER
    for (const row of found) {
      if (row.counter) counter = row.counter
      if (!row.entry) continue
      entries.push(row.entry)
      this.lastPlace = Math.max(this.lastPlace, row.entry.place)
    }
    return { entries: entries.toSorted(byOutboxOrder), counter }
  }
}

function isNumbered({ entry }: OutboxRow): boolean {
  return entry !== undefined && entry.n !== null
}

function withComing(entries: readonly OutboxEntry[], coming: readonly OutboxEntry[]): readonly OutboxEntry[] {
  if (coming.length === 0) return entries
  const ids = new Set(entries.map(({ id }) => id))
  return [...entries, ...coming.filter(({ id }) => !ids.has(id))].toSorted(byOutboxOrder)
}
