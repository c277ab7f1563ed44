// The part of a room that is shown, kept up to date, and grown upwards from what the device holds or the relay sends.
import { useCallback, useEffect, useState } from 'react'
import { NEVER } from 'rxjs'
import { useServices } from '../../services-context.tsx'
import type { Timeline } from '../../store/chat-store.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { hasOlder, missingBefore, shownFrom, viewOfHeld, withOlderPage, withSeq } from './view.ts'
import type { View } from './view.ts'

/** What stands above the first message. */
export type Top = 'beginning' | 'loading' | 'offline' | 'failed' | 'more'

export interface ShownTimeline {
  timeline: Timeline
  boundaries: ReadonlySet<number>
  top: Top
  /** Whether one more page may be asked for: everything wanted so far is shown. */
  mayGrow: boolean
  /** One more page above. */
  grow: () => void
  /** All that is missing down from a seq. */
  reach: (seq: number) => void
  /** Asks again for what could not be loaded. */
  tryAgain: () => void
}

const NO_BOUNDARIES: ReadonlySet<number> = new Set()

/**
 * Null until the device has told what it holds. One room per mounted component.
 * @param openAt a seq to open with; undefined while that is not known
 */
export function useTimeline(roomId: string, openAt: number | null | undefined = null): ShownTimeline | null {
  const services = useServices()
  const { queries } = services.store
  const held = useObservable(() => queries.watchHeld(roomId), [queries, roomId])
  const connected = useObservable(() => services.status, [services.status])?.name === 'connected'
  const [view, setView] = useState<View | null>(null)
  const [tries, setTries] = useState(0)
  const [failedFor, setFailedFor] = useState<string | null>(null)

  const current = held && openAt !== undefined ? viewOfHeld(view, held, openAt) : view
  if (current !== view) setView(current)

  const from = current ? shownFrom(current) : null
  const timeline = useObservable(
    () => (from === null ? NEVER : queries.watchTimeline(roomId, from)),
    [queries, roomId, from],
    { keep: true }
  )

  const missing = current ? missingBefore(current) : null
  // One attempt for each thing that is missing, and another one for each connection and each wish.
  const attempt = `${missing} ${connected} ${tries}`
  useEffect(() => {
    if (missing === null) return
    let waiting = true
    const ask = async () => {
      const came = await services.loadOlder(roomId, missing).catch(() => false)
      if (waiting && !came) setFailedFor(attempt)
    }
    void ask()
    return () => {
      waiting = false
    }
  }, [services, roomId, missing, attempt])

  const grow = useCallback(() => setView((before) => before && withOlderPage(before)), [])

  const reach = useCallback((seq: number) => setView((before) => before && withSeq(before, seq)), [])

  const tryAgain = useCallback(() => setTries((before) => before + 1), [])

  if (!timeline) return null
  return {
    timeline,
    boundaries: current?.boundaries ?? NO_BOUNDARIES,
    top: topOf(current, missing, failedFor === attempt ? (connected ? 'failed' : 'offline') : 'loading'),
    mayGrow: missing === null && timeline.fromSeq <= (from ?? 0),
    grow,
    reach,
    tryAgain
  }
}

function topOf(view: View | null, missing: number | null, loading: Top): Top {
  if (missing !== null) return loading
  return view !== null && hasOlder(view) ? 'more' : 'beginning'
}
