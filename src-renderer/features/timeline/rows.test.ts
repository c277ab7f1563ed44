import { describe, expect, it } from 'vitest'
import type { TimelineItem } from '../../store/chat-store.ts'
import { buildRows, lateBy } from './rows.ts'

const none: ReadonlySet<number> = new Set()

function item(seq: number | null, authorId: string, at: string, more: Partial<TimelineItem> = {}): TimelineItem {
  return {
    id: `m-${seq ?? at}`,
    roomId: 'r',
    seq,
    kind: 'text',
    authorId,
    own: false,
    body: 'hello',
    sentAt: at,
    ...(seq === null ? {} : { acceptedAt: at }),
    ...more
  }
}

/** Times in local time, as days are local. */
const local = (day: number, hour: number, minute: number, second = 0) =>
  new Date(2026, 1, day, hour, minute, second).toISOString()

const groups = (items: readonly TimelineItem[], boundaries = none) =>
  buildRows(items, boundaries).map(({ opens, closes }) => `${opens ? '(' : ''}.${closes ? ')' : ''}`)

describe('buildRows', () => {
  it('gives the same rows for items that did not change, so that they are not drawn again', () => {
    const items = [item(5, 'a', local(10, 15, 5, 1)), item(6, 'b', local(10, 15, 5, 30))]
    const before = buildRows(items, none)
    const [first, second] = buildRows([...items, item(7, 'b', local(10, 15, 5, 59))], none)
    expect(first).toBe(before[0])
    expect(second).not.toBe(before[1])
    expect([before[1]?.closes, second?.closes]).toEqual([true, false])
    expect(buildRows(items, none, 5)[1]?.unreadBefore).toBe(true)
    expect(buildRows(items, none)[1]).toEqual(before[1])
  })

  it('groups one sender within a minute, with the time on the last', () => {
    expect(
      groups([
        item(5, 'a', local(10, 15, 5, 1)),
        item(6, 'a', local(10, 15, 5, 30)),
        item(7, 'a', local(10, 15, 5, 59)),
        item(8, 'a', local(10, 15, 6, 0)),
        item(9, 'b', local(10, 15, 6, 1)),
        item(10, 'a', local(10, 15, 6, 2))
      ])
    ).toEqual(['(.', '.', '.)', '(.)', '(.)', '(.)'])
  })

  it('system lines and refused messages end a group', () => {
    const at = local(10, 15, 5)
    const refused = { name: 'refused', error: { code: 'not-a-member', message: '' }, entryId: 'e' } as const
    expect(groups([item(1, 'a', at), item(2, 'a', at, { kind: 'system' }), item(3, 'a', at)])).toEqual([
      '(.)',
      '(.)',
      '(.)'
    ])
    expect(groups([item(null, 'a', at, { state: refused }), item(null, 'a', at)])).toEqual(['(.)', '(.)'])
  })

  it('[S5] orders nothing: rows keep the order of the items, whatever their clocks say', () => {
    const items = [item(1, 'a', local(10, 15, 5)), item(2, 'a', local(3, 9, 0)), item(3, 'a', local(20, 1, 0))]
    expect(buildRows(items, none).map((row) => row.item.seq)).toEqual([1, 2, 3])
  })

  it('names a new day below the last row of the day before', () => {
    const rows = buildRows([item(7, 'a', local(9, 23, 59)), item(8, 'a', local(10, 0, 0))], none)
    expect(rows.map(({ dayBefore, dayAfter }) => [dayBefore, dayAfter])).toEqual([
      [undefined, local(10, 0, 0)],
      [undefined, undefined]
    ])
  })

  it('names the first day only where the room begins', () => {
    expect(buildRows([item(1, 'a', local(9, 1, 0))], none)[0]?.dayBefore).toBe(local(9, 1, 0))
    expect(buildRows([item(null, 'a', local(9, 1, 0))], none)[0]?.dayBefore).toBe(local(9, 1, 0))
    expect(buildRows([item(2, 'a', local(9, 1, 0))], none)[0]?.dayBefore).toBeUndefined()
  })

  it('rows that come in above change nothing about the rows that are there', () => {
    const older = [item(3, 'a', local(9, 15, 5)), item(4, 'a', local(10, 15, 5, 2))]
    const held = [item(5, 'a', local(10, 15, 5, 3)), item(6, 'a', local(10, 15, 5, 4)), item(7, 'b', local(11, 0, 0))]
    const boundaries = new Set([5])
    expect(buildRows([...older, ...held], boundaries).slice(older.length)).toEqual(buildRows(held, boundaries))
  })
})

describe('lateBy', () => {
  it('[S5] tells how much earlier an offline message was written, and nothing of a clock that is ahead', () => {
    expect(lateBy(item(1, 'a', local(10, 15, 0), { sentAt: local(10, 13, 0) }))).toBe(2 * 3_600_000)
    expect(lateBy(item(1, 'a', local(10, 15, 0), { sentAt: local(10, 14, 58) }))).toBeNull()
    expect(lateBy(item(1, 'a', local(10, 15, 0), { sentAt: local(20, 0, 0) }))).toBeNull()
    expect(lateBy(item(null, 'a', local(10, 15, 0)))).toBeNull()
  })
})
