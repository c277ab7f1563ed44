// Reads an observable in a component. Owns the subscription; knows nothing of what is observed.
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'
import type { DependencyList } from 'react'
import type { Observable } from 'rxjs'

interface Latest<T> {
  source: Observable<T>
  value?: T
  error?: { cause: unknown }
}

/** One that may have told others something already. */
type Told<T> = Observable<T> & {
  /** What it told last. Undefined: it is known after subscribing. */
  latest?: () => { value: T } | undefined
}

/**
 * The latest value of the observable that `make` returns, undefined before the first; what is known already is there when the component is drawn for the
 * first time. `make` runs again only when `deps` change, so that an observable made on the spot can't subscribe in a loop. With `keep`, the last value of
 * the former observable stays until the new one emits (a list that grows must not blink). An error of the observable is thrown into the nearest error boundary.
 */
export function useObservable<T>(
  make: () => Told<T>,
  deps: DependencyList,
  { keep = false }: { keep?: boolean } = {}
): T | undefined {
  const [source, first] = useMemo((): [Told<T>, Latest<T> | undefined] => {
    const source = make()
    const known = source.latest?.()
    return [source, known && { source, value: known.value }]
    // oxlint-disable-next-line react/exhaustive-deps -- the caller states the dependencies of its own function
  }, deps)
  const latest = useRef<Latest<T> | null>(null)
  const subscribe = useCallback(
    (changed: () => void) => {
      if (first && latest.current?.source !== source) latest.current = first
      const subscription = source.subscribe({
        next(value) {
          // As it was drawn already.
          if (latest.current?.source === source && 'value' in latest.current && Object.is(latest.current.value, value))
            return
          latest.current = { source, value }
          changed()
        },
        error(cause: unknown) {
          latest.current = { source, error: { cause } }
          changed()
        }
      })
      return () => subscription.unsubscribe()
    },
    [source, first]
  )
  const read = () => (latest.current?.source === source ? latest.current : (first ?? latest.current))
  const seen = useSyncExternalStore(subscribe, read, read)
  if (!seen || (seen.source !== source && !keep)) return undefined
  if (seen.error) throw seen.error.cause
  return seen.value
}
