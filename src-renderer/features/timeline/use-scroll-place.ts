// Puts the list where the room is to open, and keeps where the person reads, so that it is there again after leaving the room or a kill.
import type { Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { onLastMoment } from '../../platform/last-moment.ts'
import { useServices } from '../../services-context.tsx'
import type { ScrollPlace } from '../../store/chat-store.ts'
import type { TimelineRow } from './rows.ts'

/** From the last movement to its saving. */
export const SCROLL_SAVE_MS = 200
const STILL_FRAMES = 3
const MOST_FRAMES = 30
/** By these the person moves the list. */
const MOVES = ['keydown', 'wheel', 'pointerdown', 'touchstart'] as const

interface ScrollPlaceOptions {
  roomId: string
  /** Null: at the end. */
  opening: ScrollPlace | null
  /** It opens at the divider: own words and system lines that are above it were not left unread. */
  toDivider: boolean
  rows: readonly TimelineRow[]
  scroller: RefObject<HTMLDivElement | null>
  virtualizer: Virtualizer<HTMLDivElement, Element>
  /** The list stands where it opens. */
  onOpened: () => void
  /** Holds, while the list is being put there, what ends that: it is to stand elsewhere. */
  endOpeningRef: RefObject<(() => void) | null>
}

/** Returns what is to be called after each movement, with whether the list is at its end. */
export function useScrollPlace(options: ScrollPlaceOptions): (atEnd: boolean) => void {
  const { roomId, opening, toDivider, rows, scroller, virtualizer, onOpened, endOpeningRef } = options
  const { commands } = useServices().store
  const opened = useRef(opening === null)
  const place = useRef<ScrollPlace | null>(opening)
  const saved = useRef<ScrollPlace | null | undefined>(opening)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useLayoutEffect(() => {
    const list = scroller.current
    if (opened.current || opening === null || rows.length === 0 || list === null) return
    const divider = toDivider ? rows.findIndex(({ unreadBefore }) => unreadBefore) : -1
    const index = divider >= 0 ? divider : rows.findIndex(({ item }) => item.seq !== null && item.seq >= opening.seq)
    // Rows are measured as they are drawn, and each may move the others: it is there when it stands still.
    let frame = 0
    let frames = 0
    let still = 0
    let before = NaN
    const stop = (): void => {
      endOpeningRef.current = null
      cancelAnimationFrame(frame)
      for (const move of MOVES) list.removeEventListener(move, open, { capture: true })
    }
    const open = (): void => {
      stop()
      opened.current = true
      onOpened()
    }
    const step = (): void => {
      // Not `getOffsetForIndex`, which stops where the list ends: what is to stand below the top would then lie below the view.
      const start = virtualizer.measurementsCache[index]?.start
      frames += 1
      if (start === undefined || still >= STILL_FRAMES || frames > MOST_FRAMES) {
        open()
        return
      }
      const target = Math.max(0, start + opening.offset)
      still = target === before ? still + 1 : 0
      before = target
      list.scrollTop = target
      frame = requestAnimationFrame(step)
    }
    endOpeningRef.current = open
    // Whoever moves it has it: before the event does what it does.
    for (const move of MOVES) list.addEventListener(move, open, { capture: true, passive: true })
    step()
    return stop
  }, [opening, toDivider, rows, scroller, virtualizer, onOpened, endOpeningRef])

  const save = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = undefined
    const now = place.current
    if (now?.seq === saved.current?.seq && now?.offset === saved.current?.offset) return
    saved.current = now
    // Where it cannot be kept, the next movement tries again.
    commands.saveScroll(roomId, now).catch(() => {
      saved.current = undefined
    })
  }, [commands, roomId])

  useEffect(() => {
    const stopWaiting = onLastMoment(save)
    return () => {
      stopWaiting()
      save()
    }
  }, [save])

  return (atEnd: boolean) => {
    if (!opened.current) return
    place.current = atEnd ? null : placeOf(virtualizer, rows, scroller.current?.scrollTop ?? 0)
    timer.current ??= setTimeout(save, SCROLL_SAVE_MS)
  }
}

/**
 * The message at the top of the view, and how far it is scrolled out of it.
 * @param top as the browser has it now: the virtualizer learns of a movement later
 */
function placeOf(
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  rows: readonly TimelineRow[],
  top: number
): ScrollPlace | null {
  const first = virtualizer.getVirtualItemForOffset(top)
  const seq = first && rows[first.index]?.item.seq
  return first && typeof seq === 'number' ? { seq, offset: Math.round(top - first.start) } : null
}
