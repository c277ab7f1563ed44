// Medians and percentiles of a few dozen times.
import { rounded } from '../row.ts'

/** @param part between 0 and 1; of n values the ⌈part · n⌉-th smallest */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

export function most(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.max(...values)
}

/** The median, and between which two a half of them lies. */
export function spread(values: readonly number[]): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => rounded(percentile(values, part), 0))
  return `${middle} ms (${low}–${high})`
}
