// Slows emissions down to a pace at which a screen can follow. Knows nothing of what is emitted.
import { Observable } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'

/**
 * The first value passes at once; of those within `intervalMs` after it only the latest, at the end of that time. Whatever waits when
 * `urgent` emits passes at that moment: a person's own doing shows without delay.
 */
export function paced<T>(intervalMs: number, urgent: Observable<void>): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      let waiting: { value: T } | undefined

      const pass = (value: T): void => {
        waiting = undefined
        clearTimeout(timer)
        timer = setTimeout(() => {
          timer = undefined
          if (waiting) pass(waiting.value)
        }, intervalMs)
        subscriber.next(value)
      }

      const urgency = urgent.subscribe(() => {
        if (waiting) pass(waiting.value)
      })
      const values = source.subscribe({
        next: (value) => {
          if (timer === undefined) pass(value)
          else waiting = { value }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          if (waiting) subscriber.next(waiting.value)
          subscriber.complete()
        }
      })
      return () => {
        clearTimeout(timer)
        urgency.unsubscribe()
        values.unsubscribe()
      }
    })
}
