// The relay's clock and timer as values that tests can replace [S5].

/** Milliseconds since 1970. */
export type Clock = () => number

/** ISO 8601 in UTC with milliseconds, as records carry it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString()
}

/** Calls `run` once after `ms` unless the result is called before. */
export type Timer = (ms: number, run: () => void) => () => void

/** The process's own timer; it keeps no process alive. */
export const startTimer: Timer = (ms, run) => {
  const timeout = setTimeout(run, ms)
  timeout.unref()
  return () => clearTimeout(timeout)
}
