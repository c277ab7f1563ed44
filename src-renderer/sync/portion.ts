// How much is asked for or sent at a time: less when the line proves too slow for it, more again when it is quick. Without this, a slow
// line would lose its connection over the same large answer for ever. Knows no protocol.
import type { Clock } from '../connection/clock.ts'
import { ConnectionLostError } from '../connection/connection.ts'

/** An exchange that filled its portion and took at most this long may be twice as large next time … */
export const QUICK_MS = 1_000
/** … and one that took longer than this is half as large; a connection may be given up soon after. */
export const SLOW_MS = 4_000
/** A long way alone (a satellite) makes exchanges slow too, however small they are: what arrives is not halved below this part. */
const SLOW_PARTS = 16

export interface Portion {
  /** In the unit of `most`; at least 1. */
  readonly size: number
  /** Nothing is held back. */
  readonly isWhole: boolean
  /** A new connection. */
  begin(): void
  /**
   * Runs one exchange and learns from the time it takes. Rejects as `run` does.
   * @param used how much of the portion it filled, as told by its result
   * @param asked how much it may fill, where that is known to be less than the whole portion
   */
  exchange<T>(run: () => Promise<T>, used: (result: T) => number, asked?: number): Promise<T>
}

/** @param most the portion of a line that is quick enough */
export function createPortion(clock: Pick<Clock, 'now'>, most: number): Portion {
  let size = most
  /** Of several exchanges that are lost with one connection, one is told. */
  let lost = false

  function learn(ms: number, used: number): void {
    if (2 * used < size) return
    if (ms <= QUICK_MS) size = Math.min(most, 2 * size)
    else if (ms > SLOW_MS) size = Math.max(Math.min(size, Math.ceil(most / SLOW_PARTS)), Math.floor(size / 2))
  }

  return {
    get size() {
      return size
    },
    get isWhole() {
      return size === most
    },
    begin() {
      lost = false
    },
    async exchange(run, used, asked = size) {
      const start = clock.now()
      try {
        const result = await run()
        learn(clock.now() - start, used(result))
        return result
      } catch (error) {
        if (error instanceof ConnectionLostError && clock.now() - start > SLOW_MS && !lost) {
          lost = true
          size = Math.max(1, Math.floor(Math.min(size, asked) / 4))
        }
        throw error
      }
    }
  }
}
