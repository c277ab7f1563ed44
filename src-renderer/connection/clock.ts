// Time as the connection and sync see it, so that a test can put its own in place.

export interface Clock {
  /** In ms since 1970. Only for labels and for measuring waits: no decision about records reads it [S5]. */
  now(): number
  /** Runs `run` once, `ms` milliseconds from now. Returns what cancels it; cancelling late or twice does nothing. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
}
