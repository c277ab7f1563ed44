// The relay's clock as a value that tests can replace [S5].

/** Milliseconds since 1970. */
export type Clock = () => number

/** ISO 8601 in UTC with milliseconds, as records carry it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
