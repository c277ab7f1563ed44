// Hands the numbers of who has read what to the messages that show them: one derivation a room, and only a message whose number changed is drawn again.
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import type { Subscription } from 'rxjs'
import { useServices } from '../../services-context.tsx'
import type { ChatQueries, TimelineItem } from '../../store/chat-store.ts'
import type { ReadNumbers } from '../../store/read-numbers.ts'

export interface ReadNumberSource {
  /** @returns ends it */
  watch(roomId: string, changed: () => void): () => void
  /** Undefined while nobody watches the room, or nothing was told yet. */
  now(roomId: string): ReadNumbers | null | undefined
}

interface Watched {
  listeners: Set<() => void>
  numbers: ReadNumbers | null | undefined
  subscription: Subscription
}

export function createReadNumberSource(queries: Pick<ChatQueries, 'watchReadNumbers'>): ReadNumberSource {
  const rooms = new Map<string, Watched>()

  function begin(roomId: string): Watched {
    const watched = { listeners: new Set<() => void>(), numbers: undefined } as Omit<Watched, 'subscription'>
    const subscription = queries.watchReadNumbers(roomId).subscribe((numbers) => {
      watched.numbers = numbers
      for (const changed of watched.listeners) changed()
    })
    return Object.assign(watched, { subscription })
  }

  return {
    watch(roomId, changed) {
      const watched = rooms.get(roomId) ?? begin(roomId)
      rooms.set(roomId, watched)
      watched.listeners.add(changed)
      return () => {
        watched.listeners.delete(changed)
        if (watched.listeners.size > 0 || rooms.get(roomId) !== watched) return
        watched.subscription.unsubscribe()
        rooms.delete(roomId)
      }
    },
    now: (roomId) => rooms.get(roomId)?.numbers
  }
}

const SourceContext = createContext<ReadNumberSource | null>(null)

/** @param roomId is kept watched, also while none of its messages shows a number */
export function ReadNumbersProvider({ roomId, children }: { roomId: string; children: ReactNode }) {
  const { queries } = useServices().store
  const [source] = useState(() => createReadNumberSource(queries))
  useEffect(() => source.watch(roomId, () => undefined), [source, roomId])
  return <SourceContext.Provider value={source}>{children}</SourceContext.Provider>
}

/**
 * [S12.7] How many have not read the message. Undefined while that is not known; null where it is not to be shown: nobody is asked, or
 * receipts are off [S12.6].
 */
export function useReadNumber(item: TimelineItem): number | null | undefined {
  const source = useContext(SourceContext)
  const { roomId, authorId } = item
  const seq = readPlace(item)
  const watch = useCallback(
    (changed: () => void) => (source === null || seq === null ? () => undefined : source.watch(roomId, changed)),
    [source, roomId, seq]
  )
  const read = (): number | null | undefined => {
    if (source === null || seq === null) return null
    const numbers = source.now(roomId)
    if (!numbers) return numbers
    return numbers.asked(seq, authorId) === 0 ? null : numbers.unread(seq, authorId)
  }
  return useSyncExternalStore(watch, read, read)
}

/** The seq by which it is read or not, in its own room; null where there is nothing to read, or the relay does not have it. */
export function readPlace({ kind, seq, aside, deletedAt, onlyHere }: TimelineItem): number | null {
  if (kind !== 'text' || deletedAt !== undefined || onlyHere) return null
  return aside ? aside.seq : seq
}
