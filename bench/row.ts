// What a part of the benchmark gets and gives back.
import type { Options } from './options.ts'
import type { Place } from './seed.ts'

/** One line of the table. */
export interface Row {
  /** What was measured; stable, for comparing result files. */
  name: string
  /** In words, with units. */
  figure: string
  /** What issue or design wants, where they say. */
  goal?: string
  /** Whether the goal is met. */
  met?: boolean
  /** Everything measured, with units in the names. */
  values: Record<string, number | string | number[]>
}

export type StorageKind = 'lowdb' | 'postgres'

export interface Bench {
  options: Options
  /** A new place for a relay's data; gone when the benchmark ends. */
  newPlace(storage?: StorageKind): Promise<Place>
  /** A line about what goes on, not a result. */
  say(text: string): void
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Rejects when `work` takes longer, with what was awaited (`awaited`) and the limit. */
export async function within<T>(limitMs: number, awaited: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${awaited}: not within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export function rounded(value: number | undefined, digits = 2): number {
  return value === undefined ? NaN : Number(value.toFixed(digits))
}

/** 5012345 → 5,012,345 */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en')
}
