// Moves the person's read mark in an aside [S11.5, S12]: a message of it that is on the screen while somebody looks at it counts as read.
import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { attention } from '../../platform/attention.ts'
import { useServices } from '../../services-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { READ_AFTER_MS } from './use-reading.ts'

interface AsidePlace {
  /** The aside's. */
  roomId: string
  /** Null: it is still waiting. */
  seq: number | null
  unread: boolean
}

/** @param element what has to be seen */
export function useAsideRead({ roomId, seq, unread }: AsidePlace, element: RefObject<Element | null>): void {
  const { commands } = useServices().store
  const looking = useObservable(() => attention, []) ?? false
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!unread || !element.current) return
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? false))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [unread, element])
  useEffect(() => {
    if (!unread || !seen || !looking || seq === null) return
    const timer = setTimeout(() => {
      // What could not be stored is tried again the next time that it is seen.
      commands.markRead(roomId, seq).catch(() => setSeen(false))
    }, READ_AFTER_MS)
    return () => clearTimeout(timer)
  }, [commands, unread, seen, looking, roomId, seq])
}
