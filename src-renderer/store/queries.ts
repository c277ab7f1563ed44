// Every query on RxDB, and nothing else may hold one. Measured (docs/decisions/0004-device-store.md): only ascending, bounded ranges on an
// index stay fast in a long history. `queries.test.ts` refuses everything else in the whole client.
import { normalizeMangoQuery, prepareQuery } from 'rxdb'
import type { MangoQuery, PreparedQuery } from 'rxdb'
import type { Collection, MemberRow, MessageRow, ReactionRow, Stored } from './schemas.ts'

/** All rows of a collection that stays small (users, rooms, streams, outbox …). Never of messages. */
export function everyRow<Row>(): MangoQuery<Row> {
  return { selector: {} }
}

/** Whether there is one at all. */
export function anyMessage(): MangoQuery<MessageRow> {
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

/** A query with its plan, as the storage takes it. Tombstones are left out, which is what makes the planner use the indexes at all. */
export function planned<Row>(collection: Collection<Row>, query: MangoQuery<Row>): PreparedQuery<Row> {
  const schema = collection.schema.jsonSchema
  const whole = normalizeMangoQuery(schema, query)
  return prepareQuery(schema, { ...whole, selector: { ...whole.selector, _deleted: { $eq: false } } })
}

/** Runs a query once, past RxDB's cache of documents and queries: rows are plain objects here. */
export async function read<Row>(collection: Collection<Row>, query: MangoQuery<Row>): Promise<Stored<Row>[]> {
  const { documents } = await collection.storageInstance.query(planned(collection, query))
  return documents
}
