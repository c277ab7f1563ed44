// The small records of a stream (all but messages) in order of rev. Knows no stream.
import type { StreamRecord } from '../../../protocol/records.ts'

/** The latest state of each record, ascending by rev. A change costs a binary search; it nearly always goes to the end. */
export class RevList<R extends StreamRecord> {
  readonly #records: R[]

  constructor(records: Iterable<R> = []) {
    this.#records = [...records].toSorted((a, b) => a.rev - b.rev)
  }

  /** The highest rev of a record here, 0 for none. */
  get head(): number {
    return this.#records.at(-1)?.rev ?? 0
  }

  /** Takes a record in place of its former version. */
  put(record: R, former: R | undefined): void {
    if (former) this.#records.splice(this.#firstAbove(former.rev - 1), 1)
    this.#records.splice(this.#firstAbove(record.rev), 0, record)
  }

  /** At most `limit` records with rev above `since`. */
  above(since: number, limit: number): R[] {
    const start = this.#firstAbove(since)
    return this.#records.slice(start, start + limit)
  }

  #firstAbove(rev: number): number {
    let low = 0
    let high = this.#records.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#records[middle]?.rev ?? Infinity) > rev) high = middle
      else low = middle + 1
    }
    return low
  }
}
