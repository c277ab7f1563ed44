// Messages that the relay sent and that are on their way to the disk: the screen need not wait for it. Sync, and everything else that is decided,
// goes by what is stored. Knows no relay and no screen.
import { BehaviorSubject, combineLatest, map } from 'rxjs'
import type { Observable } from 'rxjs'
import type { MessageRow } from './schemas.ts'

/** More at once is no conversation, and nobody waits for milliseconds of it. */
const MAX_ARRIVING = 8

export interface Arriving {
  /** Shows them until `written` settles: from then on they are stored, or not there. Not after a write that has failed, until one succeeds. */
  show(rows: readonly MessageRow[], written: Promise<unknown>): void
  /** [S8] What is stored of some part of the messages, by key, with what of that part is arriving and newer. Ends when both do. */
  beside(
    stored: Observable<ReadonlyMap<string, MessageRow>>,
    includes: (row: MessageRow) => boolean
  ): Observable<ReadonlyMap<string, MessageRow>>
  /** The store is closed. */
  end(): void
}

export function createArriving(): Arriving {
  const coming = new BehaviorSubject<readonly MessageRow[]>([])
  /** On a full device each try would show them for a moment. */
  let lastFailed = false

  return {
    show(rows, written) {
      if (rows.length === 0) return
      const shown = !lastFailed && rows.length + coming.value.length <= MAX_ARRIVING
      const settled = (failed: boolean): void => {
        lastFailed = failed
        if (shown) coming.next(coming.value.filter((row) => !rows.includes(row)))
      }
      if (shown) coming.next([...coming.value, ...rows])
      written.then(
        () => settled(false),
        () => settled(true)
      )
    },
    beside: (stored, includes) =>
      combineLatest([stored, coming]).pipe(
        map(([held, coming]) => {
          const newer = coming.filter((row) => includes(row) && isNewer(row, held.get(row.key)))
          return newer.length === 0 ? held : new Map([...held, ...newer.map((row) => [row.key, row] as const)])
        })
      ),
    end: () => coming.complete()
  }
}

function isNewer(row: MessageRow, held: MessageRow | undefined): boolean {
  return !held || row.epoch > held.epoch || (row.epoch === held.epoch && row.rev > held.rev)
}
