// What the list shows of its rows and what follows from it: what can be seen, what came since, when another page is due. Draws nothing.
import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { FOLDED_LINES, isLong } from './fold.ts'
import type { TimelineRow } from './rows.ts'
import type { ShownTimeline } from './use-timeline.ts'

/** Nearer than this to the top, one more page is fetched. */
const NEAR_TOP_PX = 800
const LINE_PX = 23
const CHARS_PER_LINE = 34

type List = Virtualizer<HTMLDivElement, Element>

/** The highest seq of which at least the first line is on the screen. */
export function lastSeen(virtualizer: List, rows: readonly TimelineRow[]): number {
  const bottom = (virtualizer.scrollOffset ?? 0) + (virtualizer.scrollRect?.height ?? 0)
  const seen = virtualizer.getVirtualItems().findLast(({ index, start }) => {
    return start + LINE_PX <= bottom && rows[index]?.item.seq != null
  })
  return (seen && rows[seen.index]?.item.seq) ?? 0
}

/** The row at the top of the view. */
export function firstVisible(virtualizer: List, rows: readonly TimelineRow[]): TimelineRow | undefined {
  const top = virtualizer.getVirtualItemForOffset(virtualizer.scrollOffset ?? 0)
  return top && rows[top.index]
}

/** Calls `written` before the list is laid out with an own message that was written here just now. */
export function useOwnMessageWritten(rows: readonly TimelineRow[], written: () => void) {
  const known = useRef<string | undefined>(undefined)
  const last = rows.at(-1)?.item
  useLayoutEffect(() => {
    const isNew = known.current !== undefined && last !== undefined && last.id !== known.current
    if (isNew && last.own && last.state?.name === 'waiting') written()
    known.current = last?.id ?? ''
  })
}

/** Fetches another page when the reader comes near the top, or when the messages do not fill the screen. */
export function useGrowth({ mayGrow, top, grow }: ShownTimeline, virtualizer: List) {
  const height = virtualizer.scrollRect?.height ?? 0
  const short = height > 0 && virtualizer.getTotalSize() <= height
  const nearTop = virtualizer.isScrolling && (virtualizer.scrollOffset ?? 0) < NEAR_TOP_PX
  const wanted = mayGrow && top === 'more' && (short || nearTop)
  useEffect(() => {
    if (wanted) grow()
  }, [wanted, grow])
}

/** How many messages of others came since the reader was last at the end. */
export function useUnseen(rows: readonly TimelineRow[], atEnd: boolean): number {
  const newest = rows.findLast(({ item }) => item.seq !== null)?.item.seq ?? 0
  const [seen, setSeen] = useState(newest)
  if (atEnd && newest !== seen) setSeen(newest)
  return atEnd ? 0 : rows.filter(({ item }) => item.kind === 'text' && !item.own && (item.seq ?? 0) > seen).length
}

/** Before a row was measured. */
export function estimateHeight(row: TimelineRow | undefined): number {
  if (!row || row.item.kind === 'system') return 36
  const { body } = row.item
  const lines = isLong(body)
    ? FOLDED_LINES + 1
    : body.split('\n').reduce((sum, line) => sum + 1 + Math.floor(line.length / CHARS_PER_LINE), 0)
  return 18 + lines * LINE_PX + (row.opens ? 8 : 0) + (row.opens && !row.item.own ? 22 : 0) + (row.dayAfter ? 58 : 0)
}
