// One thing that is asked of somebody and may fail: whether it is under way, and why the last try failed. Draws nothing.
import { useEffect, useRef, useState } from 'react'

export interface Asking {
  busy: boolean
  /** What the last try threw; undefined while it goes on, and after it went well. */
  error: unknown
  /** Ignored while another is under way. `then` is not called after the component has gone. */
  ask: <T>(work: () => Promise<T>, then?: (value: T) => void) => void
}

export function useAsking(): Asking {
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false })
  const busy = useRef(false)
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])
  const ask: Asking['ask'] = (work, then) => {
    if (busy.current) return
    busy.current = true
    setState({ busy: true })
    const settle = (next: { busy: boolean; error?: unknown }): void => {
      busy.current = false
      if (!gone.current) setState(next)
    }
    work().then(
      (value) => {
        settle({ busy: false })
        if (!gone.current) then?.(value)
      },
      (error: unknown) => settle({ busy: false, error })
    )
  }
  return { busy: state.busy, error: state.error, ask }
}
