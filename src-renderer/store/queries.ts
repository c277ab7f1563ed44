// Every query, and nothing else may hold one. Measured (docs/decisions/0004-device-store.md): only ascending, bounded ranges on an
// index stay fast in a long history. `queries.test.ts` refuses everything else in the whole client. Must not import RxDB (first-rows.ts).
import type { MangoQuery } from 'rxdb'
import type { RowRange } from './rxdb-layout.ts'
import type { Collection, MemberRow, MessageRow, ReactionRow, Stored } from './schemas.ts'

/** All rows of a collection that stays small (users, rooms, streams, outbox …). Never of messages. */
export function everyRow<Row>(): MangoQuery<Row> {
  return { selector: {} }
}

/** Whether there is one at all. */
export function anyRow<Row>(): MangoQuery<Row> {
  return { selector: {}, limit: 1 }
}

/** Messages of a room with seq ≥ `fromSeq`, ascending. Reads these and no others. */
export function messagesFrom(roomId: string, fromSeq: number): MangoQuery<MessageRow> {
  return {
    selector: { roomId: { $eq: roomId }, seq: { $gte: fromSeq } },
    sort: [{ roomId: 'asc' }, { seq: 'asc' }]
  }
}

/** Reactions to messages of a room with seq ≥ `fromSeq`. */
export function reactionsFrom(roomId: string, fromSeq: number): MangoQuery<ReactionRow> {
  return {
    selector: { roomId: { $eq: roomId }, seq: { $gte: fromSeq } },
    sort: [{ roomId: 'asc' }, { seq: 'asc' }]
  }
}

/** Messages of a room, or reactions to such, with from ≤ seq ≤ to. */
export function inSeqs<Row extends MessageRow | ReactionRow>(
  roomId: string,
  { from, to }: { from: number; to: number }
): MangoQuery<Row> {
  return {
    selector: { roomId: { $eq: roomId }, seq: { $gte: from, $lte: to } },
    sort: [{ roomId: 'asc' }, { seq: 'asc' }]
  } as MangoQuery<Row>
}

/** Who is or was in a room. */
export function membersOf(roomId: string): MangoQuery<MemberRow> {
  return {
    selector: { roomId: { $eq: roomId } },
    sort: [{ roomId: 'asc' }, { userId: 'asc' }]
  }
}

/**
 * The range of one index that a query reads, and nothing else; tombstones lie outside of it. Throws for what is no such range.
 */
export function rangeOf<Row>({ selector = {}, sort = [], limit }: MangoQuery<Row>): RowRange {
  const fields = sort.flatMap((each) => Object.keys(each))
  const [lower, upper]: [IDBValidKey[], IDBValidKey[]] = [[], []]
  let open = true
  for (const field of fields) {
    const { $eq, $gte, $lte, ...others } = (selector as Record<string, Record<string, IDBValidKey>>)[field] ?? {}
    if (Object.keys(others).length > 0 || (!open && ($eq ?? $gte ?? $lte) !== undefined)) {
      throw new Error(`no range of an index: ${JSON.stringify(selector)}`)
    }
    if ($eq === undefined) open = false
    const [from, to] = [$eq ?? $gte, $eq ?? $lte]
    if (from !== undefined) lower.push(from)
    if (to !== undefined) upper.push(to)
  }
  const left = Object.keys(selector).find((field) => !fields.includes(field))
  if (left !== undefined) throw new Error(`${left} is not in the index that the query is sorted by`)
  return { fields, lower, upper, limit }
}

/** What reads such a range. */
export interface RangeReader<Row> {
  readRange(range: RowRange): Promise<Stored<Row>[]>
}

/** What reads in the transactions that add rows. */
export interface AlongReader<Row> {
  /** From now on; one for each collection. */
  readAlong(by: Bystander<Row>): void
}

/** Wants to know what is stored, at the moment in which new rows are told of. */
export interface Bystander<Row> {
  /** The range to be read in the transaction that adds these; null: none. */
  asks(added: readonly Row[]): RowRange | null
  /** That transaction is through. @param tell tells of the new rows; to be called once, before this returns */
  learns(held: readonly Stored<Row>[], tell: () => void): void
}

/** Runs a query once, past RxDB's planner, and its cache of documents and queries: rows are plain objects here. */
export async function read<Row>(collection: Collection<Row>, query: MangoQuery<Row>): Promise<Stored<Row>[]> {
  return direct(collection).readRange(rangeOf(query))
}

function direct<Row>(collection: Collection<Row>): RangeReader<Row> & AlongReader<Row> {
  const { originalStorageInstance } = collection.storageInstance as unknown as {
    originalStorageInstance: RangeReader<Row> & AlongReader<Row>
  }
  return originalStorageInstance
}

/**
 * Where new rows that `wants` says yes to are written, `learn` gets all rows as of that transaction, in the moment in which the new ones are told of. For
 * collections that stay small.
 */
export function readAllAlong<Row>(
  collection: Collection<Row>,
  wants: (added: readonly Row[]) => boolean,
  learn: (held: readonly Stored<Row>[], tell: () => void) => void
): void {
  const all = rangeOf(everyRow<Row>())
  direct(collection).readAlong({ asks: (added) => (wants(added) ? all : null), learns: learn })
}
