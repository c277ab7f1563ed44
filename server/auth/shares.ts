// How much somebody may ask in a while, and how long who failed waits. Bounded in memory; knows neither names nor addresses, only keys.
import type { Delays, Share } from '../../protocol/limits.ts'
import { MAX_REMEMBERED_KEYS } from '../../protocol/limits.ts'
import type { Clock } from '../clock.ts'
import { Remembered } from '../remembered.ts'

/** A share for each key: what was taken comes back with time. */
export class Shares {
  readonly #share: Share
  readonly #now: Clock
  readonly #left: Remembered<{ amount: number; at: number }>

  constructor(share: Share, now: Clock, maxKeys = MAX_REMEMBERED_KEYS) {
    this.#share = share
    this.#now = now
    this.#left = new Remembered(maxKeys)
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#left.size
  }

  /** Takes `amount` if all of it is there. @returns 0, or how many ms it takes until it will be; then nothing was taken */
  take(key: string, amount = 1): number {
    const left = this.#leftOf(key)
    if (left < amount) return Math.ceil(((amount - left) / this.#share.perSecond) * 1_000)
    this.#left.set(key, { amount: left - amount, at: this.#now() })
    return 0
  }

  /** As `take`, without taking. */
  waitMs(key: string, amount = 1): number {
    const left = this.#leftOf(key)
    return left < amount ? Math.ceil(((amount - left) / this.#share.perSecond) * 1_000) : 0
  }

  /** What could be taken now, whole. */
  left(key: string): number {
    return Math.floor(this.#leftOf(key))
  }

  #leftOf(key: string): number {
    const { burst, perSecond } = this.#share
    const known = this.#left.get(key)
    if (!known) return burst
    // A clock that was set back gives nothing, and takes nothing away.
    return Math.min(burst, known.amount + (Math.max(0, this.#now() - known.at) / 1_000) * perSecond)
  }
}

/** Failures of each key: a few cost nothing, after each further one the next attempt waits twice as long. */
export class Failures {
  readonly #delays: Delays
  readonly #now: Clock
  readonly #known: Remembered<{ level: number; at: number; waitsUntil: number }>

  constructor(delays: Delays, now: Clock, maxKeys = MAX_REMEMBERED_KEYS) {
    this.#delays = delays
    this.#now = now
    this.#known = new Remembered(maxKeys)
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#known.size
  }

  /** How long the next attempt has to wait; 0: it may come. */
  waitMs(key: string): number {
    const known = this.#known.get(key)
    // A clock that was set back makes nobody wait longer than the longest delay.
    return known ? Math.min(this.#delays.maxMs, Math.max(0, known.waitsUntil - this.#now())) : 0
  }

  /** @returns takes it back, and what it made wait, unless another one came after it */
  add(key: string): () => void {
    const { free, firstMs, maxMs } = this.#delays
    const at = this.#now()
    const before = this.#known.get(key)?.waitsUntil ?? 0
    const level = this.#level(key) + 1
    const beyond = Math.ceil(level - free)
    const waitMs = beyond < 1 ? 0 : Math.min(maxMs, firstMs * 2 ** Math.min(beyond - 1, 40))
    const mine = { level, at, waitsUntil: at + waitMs }
    this.#known.set(key, mine)
    return () => {
      const known = this.#known.get(key)
      const left = this.#level(key) - 1
      if (!known || left <= 0) this.#known.delete(key)
      else
        this.#known.set(key, { level: left, at: this.#now(), waitsUntil: known === mine ? before : known.waitsUntil })
    }
  }

  /** All of them. */
  forget(key: string): void {
    this.#known.delete(key)
  }

  #level(key: string): number {
    const known = this.#known.get(key)
    return known ? Math.max(0, known.level - Math.max(0, this.#now() - known.at) / this.#delays.forgetMs) : 0
  }
}

/** Keys that were seen. */
export class Seen {
  readonly #keys: Remembered<true>

  constructor(maxKeys = MAX_REMEMBERED_KEYS) {
    this.#keys = new Remembered(maxKeys)
  }

  add(key: string): void {
    this.#keys.set(key, true)
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }
}
