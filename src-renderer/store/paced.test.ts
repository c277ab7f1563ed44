// The pace of emissions, on a clock that the test moves.
import { Subject } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { paced } from './paced.ts'

describe('paced', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const start = () => {
    const [source, urgent, seen] = [new Subject<number>(), new Subject<void>(), [] as (number | string)[]]
    const subscription = source.pipe(paced(50, urgent)).subscribe({
      next: (value) => seen.push(value),
      complete: () => seen.push('end')
    })
    return { source, urgent, seen, subscription }
  }

  it('passes the first at once, and of a burst only the latest, once per interval', () => {
    const { source, seen } = start()
    for (let value = 0; value < 10; value++) source.next(value)
    expect(seen).toEqual([0])
    vi.advanceTimersByTime(50)
    expect(seen).toEqual([0, 9])
    source.next(10)
    vi.advanceTimersByTime(49)
    expect(seen).toEqual([0, 9])
    vi.advanceTimersByTime(1)
    expect(seen).toEqual([0, 9, 10])
  })

  it('passes at once again after a quiet interval', () => {
    const { source, seen } = start()
    source.next(1)
    vi.advanceTimersByTime(50)
    source.next(2)
    expect(seen).toEqual([1, 2])
  })

  it('passes what waits when it is urgent, and does not repeat it', () => {
    const { source, urgent, seen } = start()
    source.next(1)
    source.next(2)
    urgent.next()
    urgent.next()
    expect(seen).toEqual([1, 2])
    vi.advanceTimersByTime(500)
    expect(seen).toEqual([1, 2])
  })

  it('gives the last value before it ends, and leaves no timer behind', () => {
    const { source, seen } = start()
    source.next(1)
    source.next(2)
    source.complete()
    expect(seen).toEqual([1, 2, 'end'])
    expect(vi.getTimerCount()).toBe(0)
    const other = start()
    other.source.next(1)
    other.subscription.unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
  })
})
