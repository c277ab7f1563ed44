// A clock for a window whose timers may sleep, because it is hidden: another window's word wakes them. Knows no window.
import type { Clock } from '../connection/clock.ts'

export interface NudgedClock extends Clock {
  /** Runs what is overdue, in order. */
  nudge(): void
}

export function createNudgedClock(clock: Clock): NudgedClock {
  const waiting = new Set<{ at: number; run: () => void }>()
  return {
    now: () => clock.now(),
    after(ms, run) {
      const timer = { at: clock.now() + ms, run: () => {} }
      const cancel = clock.after(ms, () => timer.run())
      timer.run = () => {
        cancel()
        if (waiting.delete(timer)) run()
      }
      waiting.add(timer)
      return () => {
        cancel()
        waiting.delete(timer)
      }
    },
    nudge() {
      const now = clock.now()
      const overdue = [...waiting].filter(({ at }) => at < now).toSorted((a, b) => a.at - b.at)
      for (const timer of overdue) timer.run()
    }
  }
}
