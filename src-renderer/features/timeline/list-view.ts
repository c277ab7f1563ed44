// What the list shows of its rows and what follows from it: what can be seen, what came since, when another page is due. Draws nothing.
import type { Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { FOLDED_LINES, isLong } from './fold.ts'
import type { TimelineItem } from '../../store/chat-store.ts'
import type { TimelineRow } from './rows.ts'
import type { ShownTimeline } from './use-timeline.ts'

/** Nearer than this to an end of what is shown, one more page is fetched. */
const NEAR_END_PX = 800
const LINE_PX = 23
/** As wide as characters of the text size are on average: Latin ones, and those that are as wide as Hangul. */
const NARROW_PX = 7.3
const WIDE_PX = 13.5
const WIDE = /[\u1100-\u11ff\u2e80-\uffff]/g

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

/**
 * Calls `written` before the list is laid out with an own message that was written here just now.
 * @param last the room's last message, which is not among the rows of a window further up (`live` is false then)
 */
export function useOwnMessageWritten(
  rows: readonly TimelineRow[],
  last: TimelineItem | undefined,
  live: boolean,
  written: () => void
) {
  const known = useRef<{ inList: string | undefined; inRoom: string | undefined } | null>(null)
  const newest = rows.at(-1)?.item
  useLayoutEffect(() => {
    const before = known.current
    known.current = { inList: newest?.id, inRoom: last?.id }
    if (before === null) return
    const isWritten = (item: TimelineItem | undefined, former: string | undefined): boolean =>
      item !== undefined && item.id !== former && item.own && item.state?.name === 'waiting'
    if (isWritten(newest, before.inList) || (!live && isWritten(last, before.inRoom))) written()
  })
}

/** Fetches another page when the reader comes near an end of what is shown, or when the messages do not fill the screen. */
export function useGrowth({ mayGrow, top, bottom, grow, growDown }: ShownTimeline, virtualizer: List) {
  const height = virtualizer.scrollRect?.height ?? 0
  const offset = virtualizer.scrollOffset ?? 0
  const total = virtualizer.getTotalSize()
  const short = height > 0 && total <= height
  const nearTop = virtualizer.isScrolling && offset < NEAR_END_PX
  const nearBottom = virtualizer.isScrolling && total - offset - height < NEAR_END_PX
  const wantsOlder = mayGrow && top === 'more' && (short || nearTop)
  const wantsNewer = mayGrow && bottom === 'more' && !wantsOlder && (short || nearBottom)
  useEffect(() => {
    if (wantsOlder) grow()
    if (wantsNewer) growDown()
  }, [wantsOlder, wantsNewer, grow, growDown])
}

/**
 * Whatever changes its height above what is read is made up for: what begins above the view grows and shrinks upwards. The id in the ref that is
 * returned is the exception: a message that the person unfolds grows downwards.
 */
export function useStillReader(virtualizer: List): RefObject<string | null> {
  const growing = useRef<string | null>(null)
  useLayoutEffect(() => {
    // oxlint-disable-next-line react/immutability -- the list takes this in no other way
    virtualizer.shouldAdjustScrollPositionOnItemSizeChange = ({ key, start }) => {
      if (key === growing.current) return false
      return start < (virtualizer.scrollOffset ?? 0)
    }
  }, [virtualizer])
  return growing
}

/**
 * How many messages of others came since the reader was last at the end.
 * @param headSeq the newest of a room of which a window further up is shown: what came is counted by it
 */
export function useUnseen(rows: readonly TimelineRow[], atEnd: boolean, headSeq: number | null): number {
  const newest = rows.findLast(({ item }) => item.seq !== null)?.item.seq ?? 0
  const [seen, setSeen] = useState(newest)
  /** Opened further up: what there was then is not new. */
  const [opened] = useState(headSeq ?? 0)
  if (atEnd && newest !== seen) setSeen(newest)
  if (headSeq !== null) return Math.max(0, headSeq - Math.max(seen, opened))
  return atEnd ? 0 : rows.filter(({ item }) => item.kind === 'text' && !item.own && (item.seq ?? 0) > seen).length
}

/**
 * How high a row is before it was measured, by its index. The first guess stays: a row that is as high as it was guessed is never noted as measured,
 * and another guess for a text that was edited would move all rows below before the list makes up for it.
 */
export function useEstimates(rows: readonly TimelineRow[]): (index: number) => number {
  const [guesses] = useState(() => new Map<string, number>())
  const [lineWidth] = useState(guessLineWidth)
  return useCallback(
    (index) => {
      const row = rows[index]
      const id = row?.item.id ?? ''
      const guess = guesses.get(id) ?? estimateHeight(row, lineWidth)
      if (row) guesses.set(id, guess)
      return guess
    },
    [rows, guesses, lineWidth]
  )
}

/** Of a text in a bubble, in CSS px: what app.module.css, timeline.module.css and message.module.css leave of the window. */
function guessLineWidth(): number {
  const { innerWidth } = window
  const column = Math.min(860, innerWidth < 720 ? innerWidth : innerWidth - 320)
  return Math.min(560, 0.78 * (column - 80)) - 24
}

function estimateHeight(row: TimelineRow | undefined, lineWidth: number): number {
  if (!row || row.item.kind === 'system') return 36
  const { body } = row.item
  const lines = isLong(body)
    ? FOLDED_LINES + 1
    : body.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / lineWidth)), 0)
  return 18 + lines * LINE_PX + (row.opens ? 8 : 0) + (row.opens && !row.item.own ? 22 : 0) + (row.dayAfter ? 58 : 0)
}

function widthOf(line: string): number {
  const wide = line.match(WIDE)?.length ?? 0
  return line.length * NARROW_PX + wide * (WIDE_PX - NARROW_PX)
}
