// How much a device may ask by socket in a while.
import { BurstyRateLimiter, RateLimiterMemory } from 'rate-limiter-flexible'
import { RateLimiterRes } from 'rate-limiter-flexible'

/** Per second, and what a device that comes back may add to that within a window. */
const OPERATIONS = { perSecond: 200, burst: 2_000 }
const REQUESTS = { perSecond: 50, burst: 500 }
const BURST_WINDOW_SECONDS = 10

export interface SocketRateLimits {
  /** Takes from the device's share; resolves with the ms to wait if there is none left, else 0. */
  operations(deviceId: string, count: number): Promise<number>
  requests(deviceId: string): Promise<number>
}

/** @param on false: nothing is limited (load tests on loopback) */
export function createSocketRateLimits(on: boolean): SocketRateLimits {
  if (!on) return { operations: () => Promise.resolve(0), requests: () => Promise.resolve(0) }
  const operations = bursty(OPERATIONS)
  const requests = bursty(REQUESTS)
  return {
    operations: (deviceId, count) => take(operations, deviceId, count),
    requests: (deviceId) => take(requests, deviceId, 1)
  }
}

function bursty({ perSecond, burst }: { perSecond: number; burst: number }): BurstyRateLimiter {
  return new BurstyRateLimiter(
    new RateLimiterMemory({ points: perSecond, duration: 1 }),
    new RateLimiterMemory({ points: burst, duration: BURST_WINDOW_SECONDS })
  )
}

async function take(limiter: BurstyRateLimiter, key: string, points: number): Promise<number> {
  try {
    await limiter.consume(key, points)
    return 0
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext)
    throw refusal
  }
}
