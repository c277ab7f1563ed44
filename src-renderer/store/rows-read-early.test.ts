// What was read early answers as the disk would: compared with a list that is searched by hand, for seeded ranges and keys.
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../sync/testing/seeded-random.ts'
import { inSeqs, membersOf, messagesFrom, rangeOf } from './queries.ts'
import type { RowRange } from './rxdb-layout.ts'
import { rowsOfRange, wholeRows } from './rows-read-early.ts'
import type { MessageRow, Stored } from './schemas.ts'

const FIELDS = ['roomId', 'seq']
const rowsOf = (roomId: string, from: number, to: number): Stored<MessageRow>[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, nth) => {
    return { key: `${roomId}|m${from + nth}`, roomId, seq: from + nth } as Stored<MessageRow>
  })
const seqs = (rows: readonly MessageRow[] | null): number[] | null => rows && rows.map(({ seq }) => seq)

describe('rows that were read early', () => {
  it('answer every range that lies within theirs, and no other', async () => {
    const random = seededRandom(20_261_121)
    const upTo = (most: number): number => Math.floor(random() * (most + 1))
    for (let round = 0; round < 500; round++) {
      const [from, to, open] = [1 + upTo(8), upTo(14), random() < 0.5]
      const range = rangeOf(open ? messagesFrom('a', from) : inSeqs<MessageRow>('a', { from, to }))
      const held = rowsOf('a', from, open ? 10 : Math.min(to, 10))
      const early = rowsOfRange(Promise.resolve({ range, rows: held }), FIELDS)
      const [askedFrom, askedTo, askedOpen] = [1 + upTo(8), upTo(14), random() < 0.5]
      const asked = askedOpen ? messagesFrom('a', askedFrom) : inSeqs<MessageRow>('a', { from: askedFrom, to: askedTo })
      const within = askedFrom >= from && (open || (!askedOpen && askedTo <= to))
      const meant = seqs(rowsOf('a', askedFrom, askedOpen ? 10 : Math.min(askedTo, 10)))
      expect(seqs(await early.inRange(rangeOf(asked))), `round ${round}`).toEqual(within ? meant : null)
    }
  })

  it('know nothing of other rooms, nor of another index', async () => {
    const range = rangeOf(messagesFrom('b', 1))
    const early = rowsOfRange(Promise.resolve({ range, rows: rowsOf('b', 1, 3) }), FIELDS)
    for (const roomId of ['a', 'c', 'bb', '']) expect(await early.inRange(rangeOf(messagesFrom(roomId, 1)))).toBeNull()
    expect(await early.inRange(rangeOf(membersOf('b')))).toBeNull()
    expect(await early.inRange({ fields: [], lower: [], upper: [] })).toBeNull()
  })

  it('keep to a limit', async () => {
    const range = rangeOf(messagesFrom('a', 1))
    const early = rowsOfRange(Promise.resolve({ range, rows: rowsOf('a', 1, 9) }), FIELDS)
    expect(seqs(await early.inRange({ ...rangeOf(messagesFrom('a', 4)), limit: 2 }))).toEqual([4, 5])
  })

  it('say of keys what is here, and what has to be looked for', async () => {
    const range = rangeOf(messagesFrom('a', 1))
    const read = Promise.resolve({ range, rows: rowsOf('a', 1, 2) })
    const keys = ['a|m2', 'a|m7', 'b|m1']
    expect(await rowsOfRange(read, FIELDS).withKeys(keys)).toMatchObject({
      found: [{ seq: 2 }],
      open: ['a|m7', 'b|m1']
    })
    const whole = await rowsOfRange(read, FIELDS, (key) => key.startsWith('a|')).withKeys(keys)
    expect(whole).toMatchObject({ found: [{ seq: 2 }], open: ['b|m1'] })
  })

  it('that are all there are answer every key, and all of them at once', async () => {
    const all = rowsOf('a', 1, 3)
    const whole = wholeRows(Promise.resolve(all))
    const everything: RowRange = { fields: [], lower: [], upper: [] }
    expect(await whole.inRange(everything)).toEqual(all)
    expect(await whole.inRange({ ...everything, limit: 1 })).toEqual(all.slice(0, 1))
    expect(await whole.inRange(rangeOf(messagesFrom('a', 1)))).toBeNull()
    expect(await whole.withKeys(['a|m3', 'x'])).toMatchObject({ found: [{ seq: 3 }], open: [] })
  })
})
