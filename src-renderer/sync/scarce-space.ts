// When a device without space left is burdened with history again: seldom, until a page of it was stored. Knows no relay and no records.
import type { Clock } from '../connection/clock.ts'
import { StorageFullError } from '../store/storage-full.ts'

/** What is new is tried by itself, with the store's own backoff; history waits so long at first, then twice as long each time … */
export const FULL_PAUSE_MS = 30_000
/** … up to this. */
export const FULL_PAUSE_MAX_MS = 5 * 60_000

export interface ScarceSpace {
  /** Whether history is to wait. */
  isFull(): boolean
  /** A write has failed. */
  failed(error: unknown): void
  /** History was stored. */
  stored(): void
  stop(): void
}

/** @param onTry history may be tried again */
export function createScarceSpace(clock: Clock, onTry: () => void): ScarceSpace {
  let tries = 0
  let cancel: (() => void) | null = null

  return {
    isFull: () => cancel !== null,
    failed(error) {
      if (!(error instanceof StorageFullError) || cancel !== null) return
      cancel = clock.after(Math.min(FULL_PAUSE_MAX_MS, FULL_PAUSE_MS * 2 ** tries), () => {
        cancel = null
        onTry()
      })
      tries += 1
    },
    stored() {
      tries = 0
    },
    stop() {
      cancel?.()
      cancel = null
    }
  }
}
