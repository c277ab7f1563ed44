// What a room looks like: its stored messages, merged with what this device still has to send. Plain functions of rows and entries.
import type { OperationOf } from '../../protocol/operations.ts'
import type { MessageRecord } from '../../protocol/records.ts'
import type { MessageState, Timeline, TimelineItem } from './chat-store.ts'
import { roomIdOf } from './outbox-rules.ts'
import { recordOf } from './schemas.ts'
import type { MessageRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

export type SendEntry = OutboxEntry & { operation: OperationOf<'message.send'> }

export interface TimelineParts {
  roomId: string
  userId: string
  fromSeq: number
  /** Stored messages of the room with seq ≥ fromSeq, in any order. */
  rows: Iterable<MessageRow>
  /** The whole outbox, in its order. */
  entries: readonly OutboxEntry[]
  /** What the stream's state says. */
  headSeq: number
}

/** The timeline as it stands; items that did not change since `before` are the same objects, and so is the whole if nothing did. */
export function buildTimeline(parts: TimelineParts, before?: Timeline): Timeline {
  const { roomId, userId, fromSeq } = parts
  const rows = [...parts.rows].toSorted((a, b) => a.seq - b.seq || a.epoch - b.epoch)
  const entries = parts.entries.filter(({ operation }) => roomIdOf(operation) === roomId)
  const stored = new Set(rows.map(({ id }) => id))
  const pending = entries.filter(isSend).filter(({ operation, accepted }) => {
    // Accepted below the window: its record is not missing, it is not looked at.
    return !stored.has(operation.messageId) && (accepted?.seq ?? fromSeq) >= fromSeq
  })
  const items = [
    ...rows.map((row) => overlaid(recordItem(row, userId), entries, row)),
    ...pending.map((entry) => overlaid(pendingItem(entry, userId), entries))
  ]
  const first = rows[0]?.seq ?? 0
  const headSeq = Math.max(parts.headSeq, rows.at(-1)?.seq ?? 0)
  const seqs = new Set(rows.map(({ seq }) => seq)).size
  const complete = first === 0 ? headSeq === 0 : seqs === headSeq - first + 1
  return reused({ items, fromSeq: first, headSeq, complete }, before)
}

const itemOfRow = new WeakMap<MessageRow, TimelineItem>()

/** A stored message as a line. The same object for the same row. */
export function recordItem(row: MessageRow, userId: string): TimelineItem {
  let item = itemOfRow.get(row)
  if (!item) {
    const { type: _type, rev: _rev, replyTo: _replyTo, ...record } = recordOf<MessageRecord>(row)
    const own = record.authorId === userId
    item = { ...record, own, ...(own && record.kind === 'text' ? { state: { name: 'accepted' } } : {}) } as TimelineItem
    itemOfRow.set(row, item)
  }
  return item
}

/** An own message that is not stored yet, as a line at the end. */
export function pendingItem(entry: SendEntry, userId: string): TimelineItem {
  const { roomId, messageId, body, sentAt } = entry.operation
  return {
    id: messageId,
    roomId,
    seq: null,
    kind: 'text',
    authorId: userId,
    own: true,
    body,
    sentAt,
    state: stateOf(entry),
    ...(entry.state === 'accepted' ? {} : { entryId: entry.id })
  }
}

export function isSend(entry: OutboxEntry): entry is SendEntry {
  return entry.operation.type === 'message.send'
}

function stateOf({ id, state, error }: OutboxEntry): MessageState {
  if (state === 'accepted') return { name: 'accepted' }
  if (state === 'pending') return { name: 'waiting' }
  return { name: 'refused', error: error ?? { code: 'invalid', message: 'refused without a reason' }, entryId: id }
}

/** The line as own edits and deletions that are not stored yet make it. */
function overlaid(line: TimelineItem, entries: readonly OutboxEntry[], row?: MessageRow): TimelineItem {
  let item = line
  for (const { operation, state, accepted, createdAt } of entries) {
    if (operation.type !== 'message.edit' && operation.type !== 'message.delete') continue
    if (operation.messageId !== item.id || state === 'refused' || item.deletedAt !== undefined) continue
    if (accepted && row && (row.epoch > accepted.epoch || row.rev >= accepted.rev)) continue
    const waits: MessageState = { name: state === 'pending' ? 'waiting' : 'accepted' }
    const change =
      operation.type === 'message.edit'
        ? { body: operation.body, editedAt: createdAt }
        : { body: '', deletedAt: createdAt }
    item = { ...item, ...change, state: waits }
  }
  return item
}

function reused(now: Timeline, before: Timeline | undefined): Timeline {
  if (!before) return now
  const known = new Map(before.items.map((item) => [item.id, item]))
  const items = now.items.map((item) => {
    const other = known.get(item.id)
    return other && (other === item || sameItem(other, item)) ? other : item
  })
  const same =
    items.length === before.items.length &&
    items.every((item, index) => item === before.items[index]) &&
    now.fromSeq === before.fromSeq &&
    now.headSeq === before.headSeq &&
    now.complete === before.complete
  return same ? before : { ...now, items }
}

/** By content. */
export function sameItem(a: TimelineItem | undefined, b: TimelineItem | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
