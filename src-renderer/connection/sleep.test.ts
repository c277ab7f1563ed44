import { expect, test } from 'vitest'
import type { Clock } from './clock.ts'
import { startWatchingSleep } from './sleep.ts'

test('a sleep is noticed when the timers go on, and nothing else is one', () => {
  let now = 1_000
  let timer: { run: () => void } | null = null
  const clock: Clock = {
    now: () => now,
    after: (_ms, run) => {
      const mine = { run }
      timer = mine
      return () => {
        if (timer === mine) timer = null
      }
    }
  }
  const goOnAfter = (ms: number): void => {
    now += ms
    timer?.run()
  }
  let woken = 0
  const stop = startWatchingSleep(clock, () => (woken += 1))
  goOnAfter(5_000)
  goOnAfter(9_000)
  expect(woken).toBe(0)
  goOnAfter(3_600_000)
  expect(woken).toBe(1)
  goOnAfter(5_000)
  expect(woken).toBe(1)
  stop()
  expect(timer).toBeNull()
})
