// A clock that stands until a test moves it. For tests only.
import type { Clock } from '../../connection/clock.ts'

export interface VirtualClock extends Clock {
  /** Runs what is due within the next `ms`, in order of time, letting promises settle in between. */
  advance(ms: number): Promise<void>
  /** Moves on, a millisecond at a time, until it is so; throws if it is not within a minute. */
  until(condition: () => boolean): Promise<void>
  /** Lets promises settle without moving the time. */
  settle(): Promise<void>
}

/** More steps than any chain of awaits in sync and its store has. */
const PROMISE_STEPS = 200

export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = new Set<{ at: number; run: () => void }>()
  let now = start

  async function settle(): Promise<void> {
    for (let step = 0; step < PROMISE_STEPS; step++) await Promise.resolve()
  }

  const virtual: VirtualClock = {
    now: () => now,
    after: (ms, run) => {
      const timer = { at: now + Math.max(0, ms), run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    settle,
    until: async (condition) => {
      const end = now + 60_000
      while (!condition()) {
        if (now >= end) throw new Error(`not within a minute: ${condition.toString()}`)
        await virtual.advance(1)
      }
    },
    advance: async (ms) => {
      const end = now + ms
      await settle()
      for (;;) {
        const next = [...timers]
          .filter(({ at }) => at <= end)
          .reduce<{ at: number; run: () => void } | null>(
            (first, timer) => (first === null || timer.at < first.at ? timer : first),
            null
          )
        if (next === null) break
        timers.delete(next)
        now = Math.max(now, next.at)
        next.run()
        await settle()
      }
      now = end
    }
  }
  return virtual
}
