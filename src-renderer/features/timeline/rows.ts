// Turns the items of a timeline into rows: who opens a group, who closes it with the time, and where a day begins. Pure.
import type { TimelineItem } from '../../store/chat-store.ts'
import { dayKey, minuteKey } from '../../texts/dates.ts'

export interface TimelineRow {
  item: TimelineItem
  /** The time that is shown [S5]: the relay's, or the device's while it waits. */
  at: string
  /** Opens a group: avatar and name. */
  opens: boolean
  /** Closes a group: the time. */
  closes: boolean
  /** The first one that was not read when the room was opened. */
  unreadBefore?: true
  /** A day to name above: only where the room begins. */
  dayBefore?: string
  /** A day to name below, because the next row is of another day. */
  dayAfter?: string
}

/** When a message counts as said, for labels only [S5]. */
export function shownAt(item: TimelineItem): string {
  return item.acceptedAt ?? item.sentAt
}

/**
 * The rows, in the order of the items. Days are named below the row before them, and groups never reach across `boundaries` (seqs at
 * which the view once began), so that rows that come in above change nothing about the rows that are there: the reader must not move.
 * @param readSeq how far the person had read when the room was opened; null for no divider
 */
export function buildRows(
  items: readonly TimelineItem[],
  boundaries: ReadonlySet<number>,
  readSeq: number | null = null
): TimelineRow[] {
  const firstUnread =
    readSeq === null
      ? -1
      : items.findIndex(({ seq, kind, own }) => seq !== null && seq > readSeq && kind === 'text' && !own)
  return items.map((item, index) => {
    const before = items[index - 1]
    const after = items[index + 1]
    const at = shownAt(item)
    const row: TimelineRow = {
      item,
      at,
      opens: before === undefined || !continues(before, item, boundaries),
      closes: after === undefined || !continues(item, after, boundaries)
    }
    if (index === firstUnread && index > 0) row.unreadBefore = true
    if (before === undefined && (item.seq === null || item.seq === 1)) row.dayBefore = at
    if (after !== undefined && dayKey(shownAt(after)) !== dayKey(at)) row.dayAfter = shownAt(after)
    return sameAsBefore(row)
  })
}

const rowOfItem = new WeakMap<TimelineItem, TimelineRow>()

/** The same object as before for a row that says the same: one new message must not draw all others again. */
function sameAsBefore(row: TimelineRow): TimelineRow {
  const before = rowOfItem.get(row.item)
  if (before && KEYS.every((key) => before[key] === row[key])) return before
  rowOfItem.set(row.item, row)
  return row
}

const KEYS = ['at', 'opens', 'closes', 'unreadBefore', 'dayBefore', 'dayAfter'] as const satisfies (keyof TimelineRow)[]

/** One sender's messages within a minute stand together. */
function continues(first: TimelineItem, second: TimelineItem, boundaries: ReadonlySet<number>): boolean {
  return (
    first.kind === 'text' &&
    second.kind === 'text' &&
    first.authorId === second.authorId &&
    // What was said aside stands apart from what everybody hears.
    first.roomId === second.roomId &&
    first.state?.name !== 'refused' &&
    !(second.seq !== null && boundaries.has(second.seq)) &&
    minuteKey(shownAt(first)) === minuteKey(shownAt(second))
  )
}

/** Longer between writing and acceptance than this, and the message was written offline. */
const LATE_FROM_MS = 5 * 60_000

/** How much earlier than it arrived a message was written, in ms, or null when it came at once [S5]. */
export function lateBy(item: TimelineItem): number | null {
  if (item.acceptedAt === undefined) return null
  const late = Date.parse(item.acceptedAt) - Date.parse(item.sentAt)
  return late >= LATE_FROM_MS ? late : null
}
