// Latencies as counts in steps of a twentieth of a millisecond, so that millions of them are cheap to keep and to add up.

const STEP_MS = 0.05
const STEPS = 400_000

/** Counts from 0 to 20 s; what is above counts as that. */
export function newHistogram(): Uint32Array {
  return new Uint32Array(STEPS)
}

export function count(histogram: Uint32Array, ms: number): void {
  const step = Math.min(STEPS - 1, Math.max(0, Math.floor(ms / STEP_MS)))
  histogram[step] = (histogram[step] ?? 0) + 1
}

export function sumOf(histograms: readonly Uint32Array[]): Uint32Array {
  const sum = newHistogram()
  for (const histogram of histograms) histogram.forEach((value, step) => (sum[step] = (sum[step] ?? 0) + value))
  return sum
}

/** @param share 0.5: the median; undefined if nothing was counted */
export function quantile(histogram: Uint32Array, share: number): number | undefined {
  const total = histogram.reduce((sum, value) => sum + value, 0)
  if (total === 0) return undefined
  let seen = 0
  for (const [step, value] of histogram.entries()) {
    seen += value
    if (seen >= total * share) return (step + 1) * STEP_MS
  }
  return STEPS * STEP_MS
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = NaN, high = NaN] =
    sorted.length % 2 === 0 ? [sorted[middle - 1], sorted[middle]] : [sorted[middle], sorted[middle]]
  return (low + high) / 2
}

/** Microseconds of the machine's monotonic clock: the same in all its processes. */
export function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n)
}
