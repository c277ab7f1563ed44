// What was read early answers as the disk would: compared with a list that is searched by hand, for every small range.
import { describe, expect, it } from 'vitest'
import { inSeqs, membersOf, messagesFrom, rangeOf } from './queries.ts'
import type { RowRange } from './rxdb-layout.ts'
import { rowsOfRange, wholeRows } from './rows-read-early.ts'
import type { MessageRow, Stored } from './schemas.ts'

const rowsOf = (roomId: string, from: number, to: number): Stored<MessageRow>[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, nth) => {
    return { key: `${roomId}|m${from + nth}`, roomId, seq: from + nth } as Stored<MessageRow>
  })
const seqs = (rows: readonly MessageRow[] | null): number[] | null => rows && rows.map(({ seq }) => seq)

describe('rows that were read early', () => {
  it('answer every range that lies within theirs, and no other', async () => {
    const ends = [null, 0, 1, 2, 3, 4, 5]
    const all = [1, 2, 3, 4].flatMap((from) => ends.map((to) => ({ from, to })))
    const rangeFrom = ({ from, to }: (typeof all)[number]): RowRange =>
      rangeOf(to === null ? messagesFrom('a', from) : inSeqs<MessageRow>('a', { from, to }))
    for (const held of all) {
      const rows = rowsOf('a', held.from, held.to ?? 6)
      const early = rowsOfRange(Promise.resolve({ range: rangeFrom(held), rows }))
      for (const asked of all) {
        const within = asked.from >= held.from && (held.to === null || (asked.to !== null && asked.to <= held.to))
        const meant = within ? seqs(rowsOf('a', asked.from, asked.to ?? 6)) : null
        expect(
          seqs(await early.inRange(rangeFrom(asked))),
          `${held.from}–${held.to}: ${asked.from}–${asked.to}`
        ).toEqual(meant)
      }
    }
  })

  it('know nothing of other rooms, nor of another index', async () => {
    const range = rangeOf(messagesFrom('b', 1))
    const early = rowsOfRange(Promise.resolve({ range, rows: rowsOf('b', 1, 3) }))
    for (const roomId of ['a', 'c', 'bb', '']) expect(await early.inRange(rangeOf(messagesFrom(roomId, 1)))).toBeNull()
    expect(await early.inRange(rangeOf(membersOf('b')))).toBeNull()
    expect(await early.inRange({ fields: [], lower: [], upper: [] })).toBeNull()
  })

  it('keep to a limit', async () => {
    const range = rangeOf(messagesFrom('a', 1))
    const early = rowsOfRange(Promise.resolve({ range, rows: rowsOf('a', 1, 9) }))
    expect(seqs(await early.inRange({ ...rangeOf(messagesFrom('a', 4)), limit: 2 }))).toEqual([4, 5])
  })

  it('say of keys what is here, and what has to be looked for', async () => {
    const range = rangeOf(messagesFrom('a', 1))
    const read = Promise.resolve({ range, rows: rowsOf('a', 1, 2) })
    const keys = ['a|m2', 'a|m7', 'b|m1']
    expect(await rowsOfRange(read).withKeys(keys)).toMatchObject({
      found: [{ seq: 2 }],
      missing: ['a|m7', 'b|m1']
    })
    const whole = await rowsOfRange(read, (key) => key.startsWith('a|')).withKeys(keys)
    expect(whole).toMatchObject({ found: [{ seq: 2 }], missing: ['b|m1'] })
  })

  it('that are all there are answer every key, and all of them at once', async () => {
    const all = rowsOf('a', 1, 3)
    const whole = wholeRows(Promise.resolve(all))
    const everything: RowRange = { fields: [], lower: [], upper: [] }
    expect(await whole.inRange(everything)).toEqual(all)
    expect(await whole.inRange({ ...everything, limit: 1 })).toEqual(all.slice(0, 1))
    expect(await whole.inRange(rangeOf(messagesFrom('a', 1)))).toBeNull()
    expect(await whole.withKeys(['a|m3', 'x'])).toMatchObject({ found: [{ seq: 3 }], missing: [] })
  })
})
