// How long to wait before something that died is brought back: ever longer while it keeps dying. Knows not what it is.

/** Before the first, second, … try; the last one repeats. */
const WAITS_MS = [500, 2_000, 10_000, 30_000]
/** What lived this long begins with the shortest wait again. */
const HEALTHY_MS = 60_000

export interface RestartWaits {
  /** It has been begun, or brought back. */
  begun(): void
  /** It has died: how long to wait, in ms. */
  next(): number
}

/** @param now a clock that never goes back, ms */
export function createRestartWaits(now: () => number): RestartWaits {
  let deaths = 0
  let begunMs = now()
  return {
    begun() {
      begunMs = now()
    },
    next() {
      if (now() - begunMs >= HEALTHY_MS) deaths = 0
      const wait = WAITS_MS[Math.min(deaths, WAITS_MS.length - 1)] ?? 0
      deaths += 1
      return wait
    }
  }
}
