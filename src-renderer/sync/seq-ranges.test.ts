import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SeqRange } from '../store/sync-store.ts'
import { addRange, addRanges, addSeqs, highestSeq, holdsSeq, inBoth } from './seq-ranges.ts'

const LAST = 12
const seqs = fc.uniqueArray(fc.integer({ min: 1, max: LAST }))
const span = fc.tuple(fc.integer({ min: 1, max: LAST }), fc.integer({ min: 0, max: 4 }))

const all = (ranges: readonly SeqRange[]): number[] =>
  Array.from({ length: LAST + 6 }, (_, index) => index).filter((seq) => holdsSeq(ranges, seq))

function expectNormal(ranges: readonly SeqRange[]): void {
  let free = 1
  for (const [from, to] of ranges) {
    expect(from).toBeGreaterThanOrEqual(free)
    expect(to).toBeGreaterThanOrEqual(from)
    free = to + 2
  }
}

test('[S9.1] ranges hold exactly the seqs that were added, and stay ascending, disjoint and never adjacent', () => {
  fc.assert(
    fc.property(fc.array(span), seqs, (spans, single) => {
      const model = new Set<number>(single)
      let ranges = addSeqs([], single)
      for (const [from, length] of spans) {
        ranges = addRange(ranges, from, from + length)
        for (let seq = from; seq <= from + length; seq++) model.add(seq)
        expectNormal(ranges)
      }
      expect(all(ranges)).toEqual([...model].toSorted((a, b) => a - b))
      expect(highestSeq(ranges)).toBe(Math.max(0, ...model))
    })
  )
})

test('[S9.1] adding what is held changes nothing, not even the array', () => {
  const ranges: readonly SeqRange[] = [
    [1, 4],
    [8, 9]
  ]
  expect(addRange(ranges, 2, 3)).toBe(ranges)
  expect(addSeqs(ranges, [9, 1])).toBe(ranges)
  expect(addSeqs(ranges, [])).toBe(ranges)
})

test('[S9.1] closing the last hole leaves one range', () => {
  expect(addRange([[1, 4], [8, 9]], 5, 7)).toEqual([[1, 9]]) // prettier-ignore
  expect(addSeqs([[1, 4], [8, 9]], [7, 6, 5, 5])).toEqual([[1, 9]]) // prettier-ignore
})

test('ranges together hold what either does, and in both is what both hold', () => {
  fc.assert(
    fc.property(seqs, seqs, (some, others) => {
      const [a, b] = [addSeqs([], some), addSeqs([], others)]
      const [either, both] = [addRanges(a, b), inBoth(a, b)]
      expectNormal(either)
      expectNormal(both)
      expect(all(either)).toEqual(all(addSeqs([], [...new Set([...some, ...others])])))
      expect(all(both)).toEqual(all(a).filter((seq) => holdsSeq(b, seq)))
    })
  )
})
