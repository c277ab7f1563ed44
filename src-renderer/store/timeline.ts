// What a room looks like: its stored messages, what was said aside between them, merged with what this device still has to send. Plain functions of
// rows and entries.
import type { MessageRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import { QUOTE_CHARS } from './chat-store.ts'
import type { MessageState, Quoted, QuotedMessage, Timeline, TimelineItem } from './chat-store.ts'
import { inAsideOrder } from './asides.ts'
import { roomIdOf, spokenIn } from './outbox-rules.ts'
import { isAbout, isCovered, isOf } from './outbox-standing.ts'
import type { EntryOf, Settings } from './outbox-standing.ts'
import { groupReactions } from './reactions.ts'
import { ofRoom } from './room-plans.ts'
import { messageKey, recordOf } from './schemas.ts'
import type { MessageRow, ReactionRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

export type SendEntry = EntryOf<'message.send'>

export interface TimelineParts {
  roomId: string
  userId: string
  fromSeq: number
  /** The window ends there, and nothing that is pending is in it; null: it ends with what is newest. */
  toSeq?: number | null
  /** Stored messages of the room with seq ≥ fromSeq (and ≤ toSeq), in any order. */
  rows: Iterable<MessageRow>
  /** Reactions to them. */
  reactions: Iterable<ReactionRow>
  /** Messages that are quoted and lie above the window, by row key. */
  quoted: ReadonlyMap<string, MessageRow>
  /** The whole outbox, in its order. */
  entries: readonly OutboxEntry[]
  /** What the stream's state says. */
  headSeq: number
  /** [S11.5] By id. */
  asides?: ReadonlyMap<string, AsideParts>
  /** Nothing of the room itself is below `fromSeq`: all that was said aside before it is shown. */
  isBeginning?: boolean
}

/** [S11.5] An aside of the room. */
export interface AsideParts {
  /** Everybody in it. */
  userIds: readonly string[]
  /** The person's own in it. */
  settings: Pick<Settings, 'readSeq' | 'unreadFrom'>
  rows: readonly MessageRow[]
  reactions: readonly ReactionRow[]
}

/** The timeline as it stands; items that did not change since `before` are the same objects, and so is the whole if nothing did. */
export function buildTimeline(parts: TimelineParts, before?: Timeline): Timeline {
  const { roomId, userId, fromSeq, toSeq = null } = parts
  const asides = parts.asides ?? NO_ASIDES
  const rows = [...parts.rows].toSorted((a, b) => a.seq - b.seq || a.epoch - b.epoch)
  const entries = parts.entries.filter(({ operation }) => {
    const id = roomIdOf(operation)
    return id === roomId || (id !== null && asides.has(id))
  })
  const asideRows = [...asides.values()].flatMap((aside) => aside.rows)
  const stored = new Set([...rows, ...asideRows].map(({ id }) => id))
  const pending = entries.filter(isSend).filter(({ operation, accepted }) => {
    if (toSeq !== null) return false
    if (operation.to || operation.roomId !== roomId) return !stored.has(operation.messageId)
    // Accepted below the window: its record is not missing, it is not looked at.
    return !stored.has(operation.messageId) && (accepted?.seq ?? fromSeq) >= fromSeq
  })
  const changes = entries.filter((entry) => isOf(entry, 'message.edit', 'message.delete'))
  const lines = [
    ...withAsides(
      rows.map((row) => overlaid(recordItem(row, userId), changes, row)),
      inAsideOrder(asideRows)
        .filter(({ anchorSeq }) => (anchorSeq >= fromSeq || parts.isBeginning) && anchorSeq <= (toSeq ?? Infinity))
        .map(({ row }) => overlaid(asideItem(row, userId, asides.get(row.roomId)), changes, row))
    ),
    ...pending.map((entry) => overlaid(pendingItem(entry, userId, asides.get(entry.operation.roomId)), changes))
  ]
  const byId = new Map(lines.map((line) => [line.id, line]))
  const quote = (inRoom: string, { id, seq }: Answered): Quoted => {
    const line = byId.get(id)
    const row = parts.quoted.get(messageKey(inRoom, id))
    return { id, seq, message: line ? quotedLine(line) : row ? quotedRow(row, changes, userId) : null }
  }
  const answers = answersOf([...rows, ...asideRows], pending)
  const reactions = new Map([
    ...groupReactions(roomId, userId, parts.reactions, ofRoom(entries, roomId)),
    ...[...asides].flatMap(([id, aside]) => [...groupReactions(id, userId, aside.reactions, ofRoom(entries, id))])
  ])
  const items = lines.map((line): TimelineItem => {
    const groups = line.deletedAt === undefined ? reactions.get(line.id) : undefined
    const answered = line.deletedAt === undefined ? answers.get(line.id) : undefined
    if (!groups && answered === undefined) return line
    return {
      ...line,
      ...(answered === undefined ? {} : { replyTo: quote(line.roomId, answered) }),
      ...(groups ? { reactions: groups } : {})
    }
  })
  // [S10.5] What only this device has left has no place among the relay's seqs any more.
  const placed = rows.filter(({ ext }) => !ext?.onlyHere)
  const first = placed[0]?.seq ?? 0
  const headSeq = Math.max(parts.headSeq, placed.at(-1)?.seq ?? 0)
  const seqs = new Set(placed.map(({ seq }) => seq)).size
  const last = toSeq === null ? headSeq : Math.min(toSeq, headSeq)
  const complete = first === 0 ? headSeq === 0 : seqs === last - first + 1
  return reused({ items, fromSeq: first, headSeq, complete }, before)
}

const NO_ASIDES: ReadonlyMap<string, AsideParts> = new Map()

/** [S11.5] Each behind what it is anchored to. Both are in their order. */
function withAsides(lines: readonly TimelineItem[], asides: readonly TimelineItem[]): TimelineItem[] {
  const merged: TimelineItem[] = []
  let next = 0
  for (const line of lines) {
    for (; (asides[next]?.aside?.anchorSeq ?? Infinity) < (line.seq ?? Infinity); next++) merged.push(asides[next]!)
    merged.push(line)
  }
  return [...merged, ...asides.slice(next)]
}

type Answered = Pick<Quoted, 'id' | 'seq'>

/** What each message answers, by its id. */
function answersOf(rows: readonly MessageRow[], pending: readonly SendEntry[]): ReadonlyMap<string, Answered> {
  const answers = new Map<string, Answered>()
  for (const { id, replyTo, replySeq = null } of rows) {
    if (replyTo !== undefined) answers.set(id, { id: replyTo, seq: replySeq })
  }
  for (const { operation } of pending) {
    if (operation.replyTo !== undefined) answers.set(operation.messageId, { id: operation.replyTo, seq: null })
  }
  return answers
}

/** Row keys of what is quoted in a window of a room and does not lie in it. */
export function quotedKeys(
  roomId: string,
  rows: ReadonlyMap<string, MessageRow>,
  entries: readonly OutboxEntry[]
): Set<string> {
  const sends = entries.filter(isSend).filter(({ operation }) => operation.roomId === roomId && !operation.to)
  const answered = [...answersOf([...rows.values()], sends).values()]
  return new Set(answered.map(({ id }) => messageKey(roomId, id)).filter((key) => !rows.has(key)))
}

const itemOfRow = new WeakMap<MessageRow, TimelineItem>()

/** A stored message as a line. The same object for the same row. */
export function recordItem(row: MessageRow, userId: string): TimelineItem {
  let item = itemOfRow.get(row)
  if (!item) {
    const stored = recordOf<MessageRecord>(row)
    const { type: _type, rev: _rev, replyTo: _replyTo, replySeq: _replySeq, anchorSeq: _anchorSeq, ...record } = stored
    const own = record.authorId === userId
    const state = own && record.kind === 'text' ? { state: { name: 'accepted' } as const } : {}
    item = { ...record, own, ...state, ...(row.ext?.onlyHere ? { onlyHere: true } : {}) } as TimelineItem
    itemOfRow.set(row, item)
  }
  return item
}

/** [S11.5] A stored message of an aside, as a line of the room that it belongs to. */
export function asideItem(
  row: MessageRow,
  userId: string,
  aside: Pick<AsideParts, 'userIds' | 'settings'> | undefined
): TimelineItem {
  const { userIds = [], settings } = aside ?? {}
  const { anchorSeq = 0, seq, authorId, kind, deletedAt } = row
  const isBehind = seq > (settings?.readSeq ?? 0) || seq >= (settings?.unreadFrom ?? Infinity)
  const unread = isBehind && authorId !== userId && kind === 'text' && deletedAt === undefined
  return { ...recordItem(row, userId), seq: null, aside: { userIds, anchorSeq, seq, unread } }
}

/**
 * An own message that is not stored yet, as a line at the end.
 * @param aside the aside in which it is said, if that is its room
 */
export function pendingItem(
  entry: SendEntry,
  userId: string,
  aside?: Pick<AsideParts, 'userIds' | 'settings'>
): TimelineItem {
  const { messageId, body, sentAt, to, mentions } = entry.operation
  const userIds = to ? [userId, ...to] : aside?.userIds
  return {
    id: messageId,
    roomId: spokenIn(entry.operation, userId),
    seq: null,
    kind: 'text',
    authorId: userId,
    own: true,
    body,
    sentAt,
    state: stateOf(entry),
    ...(mentions ? { mentions } : {}),
    ...(userIds ? { aside: { userIds, anchorSeq: null, seq: null, unread: false } } : {}),
    ...(entry.state === 'accepted' ? {} : { entryId: entry.id })
  }
}

export function isSend(entry: OutboxEntry): entry is SendEntry {
  return isOf(entry, 'message.send')
}

function stateOf({ id, state, error }: OutboxEntry): MessageState {
  if (state === 'accepted') return { name: 'accepted' }
  if (state === 'pending') return { name: 'waiting' }
  return { name: 'refused', error: error ?? { code: 'invalid', message: 'refused without a reason' }, entryId: id }
}

/** The line as own edits and deletions that are not stored yet make it; refused ones are told beside it. */
export function overlaid(line: TimelineItem, entries: readonly OutboxEntry[], row?: MessageRow): TimelineItem {
  let item = line
  for (const entry of entries) {
    if (!isOf(entry, 'message.edit', 'message.delete') || !isAbout(entry, line.roomId, line.id)) continue
    if (item.deletedAt !== undefined || isCovered(entry, row, roomStream(line.roomId))) continue
    const { operation, createdAt } = entry
    const state = stateOf(entry)
    const edit = operation.type === 'message.edit'
    const change = {
      kind: edit ? 'edit' : 'delete',
      state,
      entryId: entry.id,
      ...(edit ? { body: operation.body } : {})
    } as const
    if (state.name === 'refused') item = { ...item, change }
    else if (edit) {
      const { mentions: _before, ...rest } = item
      const { body, mentions } = operation
      item = { ...rest, body, ...(mentions ? { mentions } : {}), editedAt: createdAt, state, change }
    } else item = { ...item, body: '', deletedAt: createdAt, state, change }
  }
  return item
}

/** A message as others quote it. */
export function quotedRow(row: MessageRow, entries: readonly OutboxEntry[], userId: string): QuotedMessage {
  return quotedLine(overlaid(recordItem(row, userId), entries, row))
}

function quotedLine({ seq, authorId, body, deletedAt }: TimelineItem): QuotedMessage {
  // Never half of a surrogate pair.
  const end =
    body.length > QUOTE_CHARS && /[\ud800-\udbff]/.test(body[QUOTE_CHARS - 1] ?? '') ? QUOTE_CHARS - 1 : QUOTE_CHARS
  return { seq, authorId, excerpt: body.slice(0, end), deleted: deletedAt !== undefined }
}

/** An own message that waits, as others quote it. */
export function quotedSend(entry: SendEntry, userId: string): QuotedMessage {
  return quotedLine(pendingItem(entry, userId))
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
