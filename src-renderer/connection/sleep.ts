// Notices that the device was asleep, where nothing tells: time has passed and no timer ran.
import type { Clock } from './clock.ts'

const LOOK_MS = 5_000
/** More than this between two looks is not a busy moment. Timers of hidden windows are slowed down like that too, which does no harm. */
const SLEEP_MS = 15_000

/** Runs `onAwake` after each sleep. Returns its end. */
export function startWatchingSleep(clock: Clock, onAwake: () => void): () => void {
  let last = clock.now()
  let cancel = clock.after(LOOK_MS, look)

  function look(): void {
    const now = clock.now()
    const slept = now - last > SLEEP_MS
    last = now
    cancel = clock.after(LOOK_MS, look)
    if (slept) onAwake()
  }

  return () => cancel()
}
