// The part of a room that is shown, kept up to date, and grown or moved by what the device holds or the relay sends.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { NEVER } from 'rxjs'
import { useServices } from '../../services-context.tsx'
import type { Timeline, TimelineItem } from '../../store/chat-store.ts'
import { useObservable } from '../../ui/use-observable.ts'
import {
  hasOlder,
  missingOf,
  neededFor,
  newestView,
  shownFrom,
  shownTo,
  showsSeq,
  viewOfHeld,
  withNewerPage,
  withOlderPage,
  withSeq
} from './view.ts'
import type { Held, View } from './view.ts'

/** What stands above the first message. */
export type Top = 'beginning' | 'more' | Waiting
/** What stands below the last one; `end`: nothing, it is the newest. */
export type Bottom = 'end' | 'more' | Waiting
type Waiting = 'loading' | 'offline' | 'failed'

export interface ShownTimeline {
  timeline: Timeline
  boundaries: ReadonlySet<number>
  /** The first seq that is meant to be shown. */
  from: number
  top: Top
  bottom: Bottom
  /** What has become of the place that `reach` was asked for; null: it is shown, or nothing was asked for. */
  place: Waiting | 'missing' | null
  /** Whether one more page may be asked for: everything wanted so far is shown. */
  mayGrow: boolean
  /** One more page above. */
  grow: () => void
  /** One more page below. */
  growDown: () => void
  /** Shows what is around a seq, near or far, from the device or from the relay. */
  reach: (seq: number) => void
  /** Gives up on the place that is waited for. */
  leavePlace: () => void
  /** Back from a window further up. */
  toNewest: () => void
  /** Asks again for what could not be loaded. */
  tryAgain: () => void
}

const NO_BOUNDARIES: ReadonlySet<number> = new Set()
const NOTHING: Held = { ranges: [], headSeq: 0 }

/**
 * Null until the device has told what it holds. One room per mounted component.
 * @param openAt a seq to open with
 */
export function useTimeline(roomId: string, openAt: number | null = null): ShownTimeline | null {
  const services = useServices()
  const { queries } = services.store
  const held = useObservable(() => queries.watchHeld(roomId), [queries, roomId])
  const connected = useObservable(() => services.status, [services.status])?.name === 'connected'
  const [view, setView] = useState<View | null>(null)
  const [wantedSeq, setWantedSeq] = useState<number | null>(null)
  const [tries, setTries] = useState(0)
  const [failedFor, setFailedFor] = useState<string | null>(null)

  let current = held ? viewOfHeld(view, held, openAt) : view
  if (current && held && wantedSeq !== null) {
    current = withSeq(current, wantedSeq, held)
    if (showsSeq(current, wantedSeq)) setWantedSeq(null)
  }
  if (current !== view) setView(current)

  const from = current ? shownFrom(current) : null
  const to = current ? shownTo(current) : null
  const [same] = useState(keepItems)
  const told = useObservable(
    () => (from === null ? NEVER : queries.watchTimeline(roomId, from, to)),
    [queries, roomId, from, to],
    { keep: true }
  )
  const timeline = useMemo(() => told && same(told), [told, same])

  const beyond = wantedSeq !== null && wantedSeq > (held?.headSeq ?? 0)
  const needed = wantedSeq === null || beyond ? null : neededFor(wantedSeq, held ?? NOTHING)
  const missing = current ? missingOf(current) : null
  const before = needed ?? missing?.before ?? null
  // One attempt for each thing that is missing, and another one for each connection and each wish.
  const attempt = `${before} ${connected} ${tries}`
  useEffect(() => {
    if (before === null) return
    let waiting = true
    const ask = async () => {
      const came = await services.loadOlder(roomId, before).catch(() => false)
      if (waiting && !came) setFailedFor(attempt)
    }
    void ask()
    return () => {
      waiting = false
    }
  }, [services, roomId, before, attempt])

  const grow = useCallback(() => setView((before) => before && withOlderPage(before)), [])
  const growDown = useCallback(() => setView((before) => before && withNewerPage(before)), [])
  const leavePlace = useCallback(() => setWantedSeq(null), [])
  const toNewest = useCallback(() => {
    setWantedSeq(null)
    if (held) setView(newestView(held))
  }, [held])
  const tryAgain = useCallback(() => setTries((before) => before + 1), [])

  if (!timeline) return null
  const waiting = failedFor === attempt ? (connected ? 'failed' : 'offline') : 'loading'
  const whole = from !== null && timeline.fromSeq <= from && (to === null || lastSeq(timeline) >= to)
  return {
    timeline,
    boundaries: current?.boundaries ?? NO_BOUNDARIES,
    from: from ?? 0,
    top: missing?.side === 'above' ? waiting : current !== null && hasOlder(current) ? 'more' : 'beginning',
    bottom: missing?.side === 'below' ? waiting : to === null ? 'end' : 'more',
    place: beyond ? (connected ? 'missing' : 'offline') : wantedSeq === null ? null : waiting,
    mayGrow: before === null && whole,
    grow,
    growDown,
    reach: setWantedSeq,
    leavePlace,
    toNewest,
    tryAgain
  }
}

function lastSeq({ items }: Timeline): number {
  return items.findLast(({ seq }) => seq !== null)?.seq ?? 0
}

/** Another window has other objects for the same messages: those that say the same stay, so that they are not drawn again. */
function keepItems(): (timeline: Timeline) => Timeline {
  let known = new Map<string, TimelineItem>()
  return (timeline) => {
    const items = timeline.items.map((item) => {
      const before = known.get(item.id)
      return before !== undefined && (before === item || JSON.stringify(before) === JSON.stringify(item))
        ? before
        : item
    })
    known = new Map(items.map((item) => [item.id, item]))
    return { ...timeline, items }
  }
}
