// The rows of the two databases on the device, and their schemas. Version 0 for good: RxDB migrates row by row (50,000 messages
// took minutes), so what a later version adds to a row goes into `ext` (docs/decisions/0004-device-store.md).
import type { RxCollection, RxDocumentData, RxJsonSchema } from 'rxdb'
import type {
  BlockRecord,
  MemberRecord,
  MembershipRecord,
  MessageRecord,
  PreferencesRecord,
  ReactionRecord,
  ReadRecord,
  RoomRecord,
  StreamRecord,
  UserRecord
} from '../../protocol/records.ts'
import type { EditDraft } from './chat-store.ts'
import type { Counter } from './outbox-rules.ts'
import type { OutboxEntry, StreamState } from './sync-store.ts'

/** What every row has: its primary key. */
export interface Keyed {
  key: string
}

/** A record as it is stored: with the epoch that served it [S8], and room for what later versions need. */
export type RecordRow<R extends StreamRecord = StreamRecord> = R & Keyed & { epoch: number; ext?: RowExtension }
export interface RowExtension {
  /** [S10.5] Of a message: the relay has lost it. */
  onlyHere?: boolean
  /** [S10.5] Of a message: the relay had lost it, and has it again. It is not new. */
  wasOnlyHere?: boolean
}
export type UserRow = RecordRow<UserRecord>
export type MembershipRow = RecordRow<MembershipRecord>
/** [S11.8] Lies beside the memberships: both are the person's own. */
export type BlockRow = RecordRow<BlockRecord>
/** [S14.3] One row, beside them. */
export type PreferencesRow = RecordRow<PreferencesRecord>
/** What lies in `memberships`: the person's own stream. */
export type OwnRow = MembershipRow | BlockRow | PreferencesRow
export type RoomRow = RecordRow<RoomRecord>
export type MemberRow = RecordRow<MemberRecord>
export type MessageRow = RecordRow<MessageRecord>
export type ReactionRow = RecordRow<ReactionRecord>

/**
 * The state of a stream. In `reads:` streams also what it covers: by user, how far each has read [S12]. In one row, so that the
 * checkpoint cannot be ahead of the marks [S10], and a thousand readers do not churn the store. Without state while only marks are known.
 */
export type StreamRow = Keyed & { state?: StreamState; marks?: Record<string, ReadMark> }
/** With its version [S8]. */
export type ReadMark = readonly [seq: number, epoch: number, rev: number]

/**
 * Entries, and one row with the counter: in one collection, so that one read sees both at one moment. The key of an entry stays when a
 * retry gives it a new id, so that retrying is the change of one row.
 */
export type OutboxRow = Keyed & { entry?: OutboxEntry; counter?: Counter }
/** What is this device's alone in one room (the key): the unfinished text, '' for none, where the person was reading, and an unfinished edit. */
export type DraftRow = Keyed & {
  text: string
  /** Of the message that the words will be: once it is in the outbox they are no draft. */
  messageId?: string
  scroll?: { seq: number; offset: number }
  edit?: EditDraft
}
/** The picture of a person or a room (the key): its hash, and a PNG in base64. */
export type PictureRow = Keyed & { hash: string; png: string }
/** Up to which seq of a room (the key) this device has looked for what to notify of. */
export type NotifiedRow = Keyed & { seq: number }
/** Which database holds the records at present: a broken one is left for the next generation. */
export type DeviceRow = Keyed & { generation: number }

/** What is used of RxDB's collections: see open-collection.ts. */
export type Collection<Row> = Pick<RxCollection<Row>, 'name' | 'database' | 'eventBulks$' | 'storageInstance'>
/** A row as RxDB hands it out, with its revision. */
export type Stored<Row> = RxDocumentData<Row>

export interface RecordCollections {
  users: Collection<UserRow>
  memberships: Collection<OwnRow>
  rooms: Collection<RoomRow>
  members: Collection<MemberRow>
  messages: Collection<MessageRow>
  reactions: Collection<ReactionRow>
  streams: Collection<StreamRow>
}

export interface OwnCollections {
  outbox: Collection<OutboxRow>
  drafts: Collection<DraftRow>
  device: Collection<DeviceRow>
}

const id = { type: 'string', maxLength: 64 } as const
const seq = { type: 'number', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 } as const
const open = { type: 'object', additionalProperties: true } as const

function schema<Row extends Keyed>(
  properties: RxJsonSchema<Row>['properties'],
  indexes: string[][] = []
): RxJsonSchema<Row> {
  return {
    version: 0,
    primaryKey: 'key',
    type: 'object',
    properties: { ...properties, key: { type: 'string', maxLength: 160 } },
    required: ['key', ...indexes.flat()],
    indexes
  } as RxJsonSchema<Row>
}

/** Only what is indexed is described: nothing validates rows here, what comes in was parsed at the door. */
export const recordSchemas = {
  users: schema<UserRow>({ ext: open } as RxJsonSchema<UserRow>['properties']),
  memberships: schema<OwnRow>({ ext: open } as RxJsonSchema<OwnRow>['properties']),
  rooms: schema<RoomRow>({ ext: open } as RxJsonSchema<RoomRow>['properties']),
  members: schema<MemberRow>({ roomId: id, userId: id, ext: open } as RxJsonSchema<MemberRow>['properties'], [
    ['roomId', 'userId']
  ]),
  messages: schema<MessageRow>({ roomId: id, seq, ext: open } as RxJsonSchema<MessageRow>['properties'], [
    ['roomId', 'seq']
  ]),
  reactions: schema<ReactionRow>({ roomId: id, seq, ext: open } as RxJsonSchema<ReactionRow>['properties'], [
    ['roomId', 'seq']
  ]),
  streams: schema<StreamRow>({ state: open } as RxJsonSchema<StreamRow>['properties'])
}

/** Beside the records, but opened only when a picture is asked for. */
export const pictureSchemas = {
  pictures: schema<PictureRow>({ png: { type: 'string' } } as RxJsonSchema<PictureRow>['properties'])
}

/** The collections of the records' database, open or not: for deleting it. */
export const recordCollectionNames = [...Object.keys(recordSchemas), ...Object.keys(pictureSchemas)]

export const ownSchemas = {
  outbox: schema<OutboxRow>({ entry: open, counter: open } as RxJsonSchema<OutboxRow>['properties']),
  drafts: schema<DraftRow>({ text: { type: 'string' } } as RxJsonSchema<DraftRow>['properties']),
  device: schema<DeviceRow>({ generation: seq } as RxJsonSchema<DeviceRow>['properties'])
}

/** Beside the own rows, but opened only when something needs it. */
export const lazyOwnSchemas = {
  notified: schema<NotifiedRow>({ seq } as RxJsonSchema<NotifiedRow>['properties'])
}

/** The collections of the own database, open or not: for deleting it. */
export const ownCollectionNames = [...Object.keys(ownSchemas), ...Object.keys(lazyOwnSchemas)]

/** Records that have a row each. Read marks lie with the state of their stream. */
export type RowRecord = Exclude<StreamRecord, ReadRecord>

/** The key of a record's row within its collection. */
export function rowKey(record: RowRecord): string {
  switch (record.type) {
    case 'user':
    case 'room':
      return record.id
    case 'membership':
      return record.roomId
    case 'block':
      return blockKey(record.userId)
    case 'preferences':
      return PREFERENCES_KEY
    case 'member':
      return `${record.roomId}|${record.userId}`
    case 'message':
      return messageKey(record.roomId, record.id)
    case 'reaction':
      return reactionKey(record)
  }
}

export function messageKey(roomId: string, messageId: string): string {
  return `${roomId}|${messageId}`
}

export const PREFERENCES_KEY = 'preferences'

export function blockKey(userId: string): string {
  return `block|${userId}`
}

export function reactionKey(of: Pick<ReactionRecord, 'roomId' | 'messageId' | 'userId' | 'emoji'>): string {
  return `${of.roomId}|${of.messageId}|${of.userId}|${of.emoji}`
}

const ROW_ONLY = new Set(['key', 'epoch', 'ext', '_deleted', '_attachments', '_meta', '_rev'])
const recordOfRow = new WeakMap<object, StreamRecord>()

/** The record in a row, as it came; the same object for the same row. */
export function recordOf<R extends StreamRecord>(row: RecordRow<R>): R {
  let record = recordOfRow.get(row)
  if (!record) {
    record = Object.fromEntries(Object.entries(row).filter(([name]) => !ROW_ONLY.has(name))) as R
    recordOfRow.set(row, record)
  }
  return record as R
}
