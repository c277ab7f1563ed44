// Reads an observable in a component. Owns the subscription; knows nothing of what is observed.
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'
import type { DependencyList } from 'react'
import type { Observable } from 'rxjs'

interface Latest<T> {
  source: Observable<T>
  value?: T
  error?: { cause: unknown }
}

/**
 * The latest value of the observable that `make` returns, undefined before the first. `make` runs again only when `deps` change, so
 * that an observable made on the spot can't subscribe in a loop. With `keep`, the last value of the former observable stays until
 * the new one emits (a list that grows must not blink). An error of the observable is thrown into the nearest error boundary.
 */
export function useObservable<T>(
  make: () => Observable<T>,
  deps: DependencyList,
  { keep = false }: { keep?: boolean } = {}
): T | undefined {
  // oxlint-disable-next-line react/exhaustive-deps -- the caller states the dependencies of its own function
  const source = useMemo(make, deps)
  const latest = useRef<Latest<T> | null>(null)
  const subscribe = useCallback(
    (changed: () => void) => {
      const subscription = source.subscribe({
        next(value) {
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
    [source]
  )
  const read = () => latest.current
  const seen = useSyncExternalStore(subscribe, read, read)
  if (!seen || (seen.source !== source && !keep)) return undefined
  if (seen.error) throw seen.error.cause
  return seen.value
}
