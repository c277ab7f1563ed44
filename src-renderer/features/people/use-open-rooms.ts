// The open rooms of the relay, page by page, as they are asked for. They are on no device: without the relay there is no list.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { OpenRoom } from '../../../protocol/rest.ts'
import { useServices } from '../../services-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'

export interface OpenRoomList {
  /** Null: not loaded yet. */
  rooms: readonly OpenRoom[] | null
  /** Whether there are more. */
  more: boolean
  loading: boolean
  /** Why the last question was not answered. */
  problem: unknown
  connected: boolean
  loadMore: () => void
}

interface Loaded {
  query: string
  rooms: readonly OpenRoom[]
  next: string | null
}

/** Asks anew for another query and with each new connection. */
export function useOpenRooms(query: string): OpenRoomList {
  const services = useServices()
  const connected = useObservable(() => services.status, [services])?.name === 'connected'
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [problem, setProblem] = useState<unknown>()
  const [loading, setLoading] = useState(true)
  /** Only the latest question counts. */
  const turn = useRef(0)

  const ask = useCallback(
    async (after: Loaded | null) => {
      const mine = (turn.current += 1)
      const wish = { ...(query === '' ? {} : { query }), ...(after?.next ? { after: after.next } : {}) }
      setLoading(true)
      try {
        const { rooms, next } = await services.findOpenRooms(wish)
        if (mine !== turn.current) return
        setLoaded({ query, rooms: [...(after?.rooms ?? []), ...rooms], next })
        setProblem(undefined)
      } catch (error) {
        if (mine === turn.current) setProblem(error)
      }
      if (mine === turn.current) setLoading(false)
    },
    [services, query]
  )
  useEffect(() => {
    if (!connected) return
    // oxlint-disable-next-line react/set-state-in-effect -- what is shown is the relay's, and this asks it
    void ask(null)
    return () => {
      turn.current += 1
    }
  }, [connected, ask])

  return {
    rooms: loaded && loaded.query === query ? loaded.rooms : null,
    more: loaded?.query === query && loaded.next !== null,
    loading,
    problem,
    connected,
    loadMore: () => {
      if (!loading && loaded) void ask(loaded)
    }
  }
}
