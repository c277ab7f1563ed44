import { array, assert, integer, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../protocol/values.ts'
import { fingerprint, SeqTable } from './fingerprints.ts'

describe('[S16] fingerprints', () => {
  it('are 32 bits, the same for the same id and key, others for another key', () => {
    const ids = Array.from({ length: 5_000 }, newId)
    const prints = ids.map((id) => fingerprint(id, [1, 2]))
    expect(prints.every((print) => Number.isInteger(print) && print >= 0 && print < 2 ** 32)).toBe(true)
    expect(ids.map((id) => fingerprint(id, [1, 2]))).toEqual(prints)
    expect(ids.filter((id, at) => fingerprint(id, [1, 3]) === prints[at]).length).toBeLessThan(3)
    // Expected collisions among 5,000 of 2^32: 0.003.
    expect(new Set(prints).size).toBeGreaterThan(4_997)
  })

  it('use all their bits evenly', () => {
    const prints = Array.from({ length: 4_000 }, () => fingerprint(newId(), [7, 9]))
    for (let bit = 0; bit < 32; bit++) {
      const ones = prints.filter((print) => (print >>> bit) & 1).length
      expect(Math.abs(ones - 2_000)).toBeLessThan(250)
    }
  })

  it('lead to every seq that has one, and to no other, also where many collide', () => {
    const pairs = array(tuple(integer({ min: 0, max: 40 }), integer({ min: 1, max: 2 ** 32 - 1 })))
    assert(
      property(pairs, integer({ min: 0, max: 50 }), (list, expected) => {
        const table = new SeqTable(expected)
        const model = new Map<number, Set<number>>()
        for (const [print, seq] of [...list, ...list]) {
          table.add(print, seq)
          model.set(print, (model.get(print) ?? new Set()).add(seq))
        }
        for (let print = 0; print <= 41; print++)
          expect(new Set(table.seqsOf(print))).toEqual(model.get(print) ?? new Set())
        for (let print = 0; print <= 41; print++) expect(table.seqsOf(print)).toHaveLength(model.get(print)?.size ?? 0)
      })
    )
  })
})
