// Whether a database that can be reached takes what is to be stored, as the last commits went. Knows no statement.
import { sqlState } from './errors.ts'

/** A refusal that was not followed by another one is over, as far as is known: nothing was tried since. */
const FORGET_MS = 20_000

const REASONS: Readonly<Record<string, string>> = {
  '53100': 'the disk of the database is full',
  '25006': 'the database can only be read'
}

export class Refusals {
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #reason: string | undefined

  /** Why nothing can be stored now; undefined if it can, as far as is known. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** Calls `listener` when there is a reason now and there was none, or the other way around. @returns ends that */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  refused(error: unknown): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.worked(), FORGET_MS)
    this.#timer.unref()
    if (this.#reason === undefined) this.#set(REASONS[sqlState(error) ?? ''] ?? 'the database refuses to store')
  }

  worked(): void {
    clearTimeout(this.#timer)
    if (this.#reason !== undefined) this.#set(undefined)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #set(reason: string | undefined): void {
    this.#reason = reason
    for (const listener of this.#listeners) listener()
  }
}
