// Which revs of 64 segments came after their messages were appended: edits, deletions, reactions. With them `changes` reads only the
// segments that its answer lies in. Derived from the segments; holds no text. Reads and writes no file.
import type { LateDocument } from './documents.ts'

export class LateState {
  readonly roomId: string
  readonly number: number
  readonly covers: number
  /** Segment number → the revs, ascending. One that is missing has none. */
  readonly #revs: Map<number, number[]>

  constructor(roomId: string, number: number, document?: LateDocument) {
    this.roomId = roomId
    this.number = number
    this.covers = document?.covers ?? 0
    this.#revs = new Map(document?.segments.map(({ number, revs }) => [number, revs]))
  }

  toDocument(covers: number): LateDocument {
    const { roomId, number } = this
    const segments = [...this.#revs].map(([number, revs]) => ({ number, revs }))
    return { covers, roomId, number, segments: segments.toSorted((a, b) => a.number - b.number) }
  }

  /** The lowest above `since`, Infinity for none. */
  firstAbove(segment: number, since: number): number {
    const revs = this.#revs.get(segment) ?? []
    return revs[placeAbove(revs, since)] ?? Infinity
  }

  /** A record of the segment has a new rev, the highest of all, instead of `former`. */
  note(segment: number, rev: number, former: number | undefined): void {
    const revs = this.#revs.get(segment) ?? []
    if (former !== undefined) {
      const place = placeAbove(revs, former - 1)
      if (revs[place] === former) revs.splice(place, 1)
    }
    revs.splice(placeAbove(revs, rev), 0, rev)
    this.#revs.set(segment, revs)
  }

  /** All that there are in a segment; only those above `appended` are kept. */
  set(segment: number, all: Iterable<number>, appended: number): void {
    const revs = [...all].filter((rev) => rev > appended).toSorted((a, b) => a - b)
    if (revs.length > 0) this.#revs.set(segment, revs)
    else this.#revs.delete(segment)
  }

  /** A message was appended to the segment: what has a lower rev is found without this. */
  forgetThrough(segment: number, appended: number): void {
    const revs = this.#revs.get(segment)
    if (revs) this.set(segment, revs, appended)
  }
}

/** Where the first number above `rev` stands. */
function placeAbove(revs: readonly number[], rev: number): number {
  let low = 0
  let high = revs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((revs[middle] ?? Infinity) > rev) high = middle
    else low = middle + 1
  }
  return low
}
