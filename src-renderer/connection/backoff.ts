// How long to wait before the next try: arithmetic only.

export const BACKOFF_BASE_MS = 1_000
export const BACKOFF_CAP_MS = 30_000

/**
 * Exponential with full jitter, in whole ms: anything from 0 to 1 s after the first failure, 2 s after the second, at most 30 s. Full
 * jitter, so that a relay that comes back is not met by all its devices at once.
 * @param failures how many tries in a row have failed before this wait, counted from 0
 * @param random as `Math.random`
 * @param capMs the longest wait of all
 */
export function backoffMs(failures: number, random: () => number, capMs = BACKOFF_CAP_MS): number {
  return Math.floor(random() * Math.min(capMs, BACKOFF_BASE_MS * 2 ** failures))
}
