// How a part of the screen that is loaded later comes: when it is said that it has not come yet, and when it is asked for again. Knows no words and draws
// nothing.

/** A part that comes sooner needs no words. */
const SAID_AFTER_MS = 1_000
/** Half open lines tell of no failure, and a browser may wait on one for minutes: it is said before. */
const PATIENCE_MS = 10_000
/** A relay that is started again is no change of the network that a browser would tell of. */
const AGAIN_EVERY_MS = 5_000
/** Somebody who tries again sees that it was tried, however quickly it fails. */
const TRY_SEEN_MS = 500

/**
 * `expected`: nothing is to be said yet. `retrying`: because the person wants it. `still-missing`: after that. Then only loading the page anew may help: a
 * browser may keep the failure for ever, as the HTML standard wanted it until 2026 (whatwg/html#10327; Chromium 156 and Firefox from 155 on do not), or wait
 * on the line that hangs whenever it is asked again; and the relay may have another version of the client by now.
 */
export type How = 'expected' | 'loading' | 'missing' | 'retrying' | 'still-missing'

export interface Asking {
  /** The person wants it to be tried now. */
  again(): void
  stop(): void
}

interface Listener<Part> {
  /** Called once, and nothing after it. */
  onHere: (part: Part) => void
  onHow: (how: How) => void
}

/** Begins as `expected`. Asks `load` until it has been had; after a failure whenever the connection may be back, without a word of it. */
export function startAsking<Part>(load: () => Promise<Part>, { onHere, onHow }: Listener<Part>): Asking {
  let over = false
  let failed = false
  let tried = false
  /** Counts the tries: what an earlier one has to say of a failure is of no interest. */
  let latest = 0
  let patience: ReturnType<typeof setTimeout> | undefined
  let next: ReturnType<typeof setTimeout> | undefined
  const saying = setTimeout(() => onHow('loading'), SAID_AFTER_MS)

  const stop = (): void => {
    over = true
    for (const timer of [saying, patience, next]) clearTimeout(timer)
    window.removeEventListener('online', askIfMissing)
  }
  const here = (part: Part): void => {
    if (over) return
    stop()
    onHere(part)
  }
  const ask = (seenForMs = 0): void => {
    const own = ++latest
    const fail = (): void => {
      if (over || own !== latest) return
      latest++
      failed = true
      for (const timer of [saying, patience]) clearTimeout(timer)
      next = setTimeout(ask, AGAIN_EVERY_MS)
      onHow(tried ? 'still-missing' : 'missing')
    }
    for (const timer of [patience, next]) clearTimeout(timer)
    patience = setTimeout(fail, PATIENCE_MS)
    load().then(here, (problem: unknown) => {
      // oxlint-disable-next-line no-console -- as report.ts: where a developer looks, if it is the part that is broken
      console.warn(problem)
      if (seenForMs > 0) setTimeout(fail, seenForMs)
      else fail()
    })
  }
  function askIfMissing(): void {
    if (failed) ask()
  }

  window.addEventListener('online', askIfMissing)
  ask()
  return {
    again() {
      failed = false
      tried = true
      onHow('retrying')
      ask(TRY_SEEN_MS)
    },
    stop
  }
}
