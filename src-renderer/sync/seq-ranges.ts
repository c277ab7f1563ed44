// Arithmetic of the seqs that a device holds: ascending, disjoint, never adjacent ranges, both ends included. Knows no records.
import type { SeqRange } from '../store/sync-store.ts'

/** The ranges with from … to added. Returns the same array when it was held already. */
export function addRange(ranges: readonly SeqRange[], from: number, to: number): readonly SeqRange[] {
  if (ranges.some((range) => range[0] <= from && to <= range[1])) return ranges
  const before = ranges.filter((range) => range[1] < from - 1)
  const after = ranges.filter((range) => range[0] > to + 1)
  const touched = ranges.slice(before.length, ranges.length - after.length)
  const low = Math.min(from, ...touched.map((range) => range[0]))
  const high = Math.max(to, ...touched.map((range) => range[1]))
  return [...before, [low, high], ...after]
}

/** The ranges with those of `others` added. */
export function addRanges(ranges: readonly SeqRange[], others: readonly SeqRange[]): readonly SeqRange[] {
  return others.reduce((sum, [from, to]) => addRange(sum, from, to), ranges)
}

/** What lies in both, ascending. */
export function inBoth(ranges: readonly SeqRange[], others: readonly SeqRange[]): readonly SeqRange[] {
  return ranges
    .flatMap(([from, to]) => others.map((other) => [Math.max(from, other[0]), Math.min(to, other[1])] as const))
    .filter(([from, to]) => from <= to)
}

/** The ranges with each of `seqs` (in any order) added. */
export function addSeqs(ranges: readonly SeqRange[], seqs: readonly number[]): readonly SeqRange[] {
  let result = ranges
  let run: [number, number] | null = null
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    if (run !== null && seq <= run[1] + 1) {
      run[1] = seq
      continue
    }
    if (run !== null) result = addRange(result, run[0], run[1])
    run = [seq, seq]
  }
  return run === null ? result : addRange(result, run[0], run[1])
}

export function holdsSeq(ranges: readonly SeqRange[], seq: number): boolean {
  return ranges.some((range) => range[0] <= seq && seq <= range[1])
}

/** The highest held seq, 0 for none. */
export function highestSeq(ranges: readonly SeqRange[]): number {
  return ranges.at(-1)?.[1] ?? 0
}
