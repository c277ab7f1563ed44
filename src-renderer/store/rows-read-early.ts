// What is read of one collection before anybody asks for it, so that asking takes no way to the disk. Rows here never change.
import type { RowRange } from './rxdb-layout.ts'
import type { Keyed, Stored } from './schemas.ts'

/** Answers what it can, ascending as the disk does. */
export interface EarlyRows<Row> {
  /** Null: that has to be looked for elsewhere. */
  inRange(range: RowRange): Promise<Stored<Row>[] | null>
  /** Of these keys, and which of them have to be looked for elsewhere. */
  withKeys(keys: readonly string[]): Promise<{ found: Stored<Row>[]; missing: string[] }>
}

/** All rows, or a part of them that stands for all. */
export function wholeRows<Row extends Keyed>(rows: Promise<Stored<Row>[]>): EarlyRows<Row> {
  return {
    inRange: async ({ fields, limit }) => (fields.length === 0 ? (await rows).slice(0, limit) : null),
    withKeys: async (keys) => ({ found: withThese(await rows, keys), missing: [] })
  }
}

/** What one range of an index holds, and what lies within it. */
export interface RangeRead<Row> {
  range: RowRange
  rows: Stored<Row>[]
}

/** @param isOfRange whether the row with this key would lie in the range */
export function rowsOfRange<Row extends Keyed>(
  read: Promise<RangeRead<Row>>,
  isOfRange: (key: string) => boolean = () => false
): EarlyRows<Row> {
  return {
    async inRange(range) {
      const early = await read
      if (!liesWithin(range, early.range)) return null
      return early.rows.filter((row) => isInside(row, range)).slice(0, range.limit)
    },
    async withKeys(keys) {
      const found = withThese((await read).rows, keys)
      const known = new Set(found.map(({ key }) => key))
      return { found, missing: keys.filter((key) => !known.has(key) && !isOfRange(key)) }
    }
  }
}

function withThese<Row extends Keyed>(rows: readonly Stored<Row>[], keys: readonly string[]): Stored<Row>[] {
  const wanted = new Set(keys)
  return rows.filter(({ key }) => wanted.has(key))
}

type Bound = string | number | undefined

/** By construction (`rangeOf`) all bounded fields but the last are equal to one value. */
function liesWithin(asked: RowRange, range: RowRange): boolean {
  if (asked.fields.join() !== range.fields.join()) return false
  return range.fields.every((_, nth) => {
    const [from, to] = [range.lower[nth], range.upper[nth]] as Bound[]
    return isAtLeast(asked.lower[nth] as Bound, from) && isAtMost(asked.upper[nth] as Bound, to)
  })
}

function isInside(row: object, { fields, lower, upper }: RowRange): boolean {
  return fields.every((field, nth) => {
    const value = (row as Record<string, Bound>)[field]
    return isAtLeast(value, lower[nth] as Bound) && isAtMost(value, upper[nth] as Bound)
  })
}

/** An open end holds everything, and is held by nothing else. */
function isAtLeast(value: Bound, bound: Bound): boolean {
  return bound === undefined || (value !== undefined && value >= bound)
}

function isAtMost(value: Bound, bound: Bound): boolean {
  return bound === undefined || (value !== undefined && value <= bound)
}
