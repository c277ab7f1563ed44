// How much a device may ask by socket in a while.
import { DEVICE_EVENTS, DEVICE_OPERATIONS } from '../../protocol/limits.ts'
import { Shares } from '../auth/shares.ts'
import type { Clock } from '../clock.ts'

export interface SocketRateLimits {
  /** Takes from the device's share; the ms to wait if there is not enough left, else 0. */
  operations(deviceId: string, count: number): number
  events(deviceId: string): number
}

/** @param on false: nothing is limited (load tests on loopback) */
export function createSocketRateLimits(on: boolean, now: Clock): SocketRateLimits {
  if (!on) return { operations: () => 0, events: () => 0 }
  const operations = new Shares(DEVICE_OPERATIONS, now)
  const events = new Shares(DEVICE_EVENTS, now)
  return {
    operations: (deviceId, count) => operations.take(deviceId, count),
    events: (deviceId) => events.take(deviceId)
  }
}
