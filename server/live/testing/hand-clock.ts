// A clock and a timer that a test turns by hand: what is due runs in its order, at its time.
import type { Timer } from '../../clock.ts'

interface Due {
  at: number
  run: () => void
}

export class HandClock {
  ms = Date.parse('2026-11-20T12:00:00.000Z')
  readonly #due = new Set<Due>()

  readonly now = (): number => this.ms

  readonly timer: Timer = (ms, run) => {
    const due = { at: this.ms + ms, run }
    this.#due.add(due)
    return () => void this.#due.delete(due)
  }

  /** How many wait. */
  get waiting(): number {
    return this.#due.size
  }

  /** Lets so much time pass; between what runs, what it set going goes on. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms
    await settled()
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
      if (!next) break
      this.#due.delete(next)
      this.ms = Math.max(this.ms, next.at)
      next.run()
      await settled()
    }
    this.ms = end
  }
}

/** Resolves when everything that waits for nothing outside has gone on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}
