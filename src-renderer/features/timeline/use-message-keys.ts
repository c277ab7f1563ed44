// The messages by keyboard: Tab reaches one of them, arrows lead to its neighbours, Esc back to writing. Also points one out.
import type { Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { TimelineItem } from '../../store/chat-store.ts'
import type { TimelineRow } from './rows.ts'

/** How long a message is pointed out. */
const POINTED_OUT_MS = 1_600

/** A message by its id, or where only its place is known, by that. */
export interface Place {
  id: string | null
  seq: number | null
}

interface MessageKeysOptions {
  rows: readonly TimelineRow[]
  scroller: RefObject<HTMLDivElement | null>
  virtualizer: Virtualizer<HTMLDivElement, Element>
  onLeave: () => void
  /** Shows what is around a seq. */
  reach: (seq: number) => void
}

export function useMessageKeys({ rows, scroller, virtualizer, onLeave, reach }: MessageKeysOptions) {
  /** Null: the newest. */
  const [reachedId, setReachedId] = useState<string | null>(null)
  const [shownId, setShownId] = useState<string | null>(null)
  /** What is to be focused once it is drawn. */
  const wanted = useRef<string | null>(null)
  const latest = useRef(rows)
  useLayoutEffect(() => {
    latest.current = rows
  }, [rows])

  const reachableId = rows.some(({ item }) => item.id === reachedId)
    ? reachedId
    : (rows.findLast(({ item }) => item.kind === 'text')?.item.id ?? null)

  const focus = useCallback(
    (id: string, align: 'auto' | 'center' = 'auto') => {
      const index = latest.current.findIndex(({ item }) => item.id === id)
      if (index < 0) return
      wanted.current = id
      setReachedId(id)
      virtualizer.scrollToIndex(index, { align })
    },
    [virtualizer]
  )

  // Rows come while the list scrolls; each drawing looks again.
  useLayoutEffect(() => {
    if (wanted.current === null) return
    const element = scroller.current?.querySelector<HTMLElement>(`[data-message="${wanted.current}"]`)
    if (!element) return
    wanted.current = null
    element.focus({ preventScroll: true })
  })

  useEffect(() => {
    if (shownId === null) return
    const timer = setTimeout(() => setShownId(null), POINTED_OUT_MS)
    return () => clearTimeout(timer)
  }, [shownId])

  const reached = useCallback((item: TimelineItem) => setReachedId(item.id), [])

  /** What is to be pointed out once it is loaded, unless the person has turned to something else meanwhile. */
  const awaited = useRef<{ place: Place; from: Element | null } | null>(null)
  const pointOut = useCallback(
    (place: Place) => {
      const index = indexOf(latest.current, place)
      const id = latest.current[index]?.item.id
      awaited.current = id === undefined ? { place, from: document.activeElement } : null
      if (id !== undefined) {
        focus(id, isInSight(scroller, id) ? 'auto' : 'center')
        setShownId(id)
      } else if (place.seq !== null) {
        reach(place.seq)
      }
    },
    [focus, reach, scroller]
  )
  useLayoutEffect(() => {
    const { place, from } = awaited.current ?? {}
    if (place === undefined || indexOf(rows, place) < 0) return
    awaited.current = null
    if (document.activeElement === from || document.activeElement === document.body) pointOut(place)
  }, [rows, pointOut])

  useEffect(() => {
    const list = scroller.current
    if (!list) return
    const onKeyDown = (event: KeyboardEvent) => {
      const at = event.target instanceof Element ? event.target.closest('[data-message]') : null
      if (!at || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
      if (event.key === 'Escape') {
        event.preventDefault()
        onLeave()
        return
      }
      const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
      if (step === 0 || event.target !== at) return
      event.preventDefault()
      const messages = latest.current.filter(({ item }) => item.kind === 'text')
      const next = messages[messages.findIndex(({ item }) => item.id === at.getAttribute('data-message')) + step]
      if (next) focus(next.item.id)
    }
    list.addEventListener('keydown', onKeyDown)
    return () => list.removeEventListener('keydown', onKeyDown)
  }, [scroller, focus, onLeave])

  return { reachableId, shownId, reached, pointOut }
}

function indexOf(rows: readonly TimelineRow[], { id, seq }: Place): number {
  return rows.findIndex(({ item }) => (id === null ? item.seq !== null && item.seq === seq : item.id === id))
}

/** Whether all of a message that is drawn can be seen. */
function isInSight({ current: scroller }: RefObject<HTMLDivElement | null>, id: string): boolean {
  const element = scroller?.querySelector(`[data-message="${id}"]`)
  if (!scroller || !element) return false
  const [frame, at] = [scroller.getBoundingClientRect(), element.getBoundingClientRect()]
  return at.top >= frame.top && at.bottom <= frame.bottom
}
