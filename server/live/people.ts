// What is known of people besides their connections: what they chose to be, their rooms while they are not connected, when they were last here. Asks
// storage, remembers for a while, and is told what changes. Knows no connection.
import type { Availability } from '../../protocol/live.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Clock } from '../clock.ts'
import type { LiveFacts } from '../domain/live-facts.ts'
import { Remembered } from '../remembered.ts'

/** Users of whom each of these is remembered. */
const MAX_KNOWN = 20_000
/** A device's use by REST is told to nobody: so long it may go unnoticed. */
const LAST_USE_MS = 60_000
/** Of a storage that is asked over the network. */
const ASKED_AT_ONCE = 16

export class People {
  readonly #facts: LiveFacts
  readonly #now: Clock
  readonly #availability = new Remembered<Availability>(MAX_KNOWN)
  readonly #rooms = new Remembered<ReadonlySet<StreamId>>(MAX_KNOWN)
  readonly #lastUse = new Remembered<{ at: string | undefined; until: number }>(MAX_KNOWN)
  /** Counts what was told of a user: what is read meanwhile may be older. */
  readonly #told = new Remembered<number>(MAX_KNOWN)

  constructor(facts: LiveFacts, now: Clock) {
    this.#facts = facts
    this.#now = now
  }

  // What is known is said without waiting, so that nothing can change between asking and telling.

  /** Undefined: not known now. */
  availability(userId: string): Availability | undefined {
    return this.#availability.get(userId)
  }

  /** The streams of the rooms that the user is joined in. */
  rooms(userId: string): ReadonlySet<string> | undefined {
    return this.#rooms.get(userId)
  }

  lastUsedAt(userId: string): string | undefined {
    return this.#lastUse.get(userId)?.at
  }

  async loadAvailability(userIds: readonly string[]): Promise<void> {
    await this.#load(userIds, this.#availability, (userId) => this.#facts.availabilityOf(userId))
  }

  async loadRooms(userIds: readonly string[]): Promise<void> {
    await this.#load(userIds, this.#rooms, async (userId) => {
      return new Set((await this.#facts.joinedRooms(userId)).map(roomStream))
    })
  }

  async loadLastUse(userIds: readonly string[]): Promise<void> {
    const now = this.#now()
    for (const userId of userIds) {
      const until = this.#lastUse.get(userId)?.until ?? 0
      if (until <= now || until > now + LAST_USE_MS) this.#lastUse.delete(userId)
    }
    await this.#load(userIds, this.#lastUse, async (userId) => {
      return { at: await this.#facts.lastUsedAt(userId), until: now + LAST_USE_MS }
    })
  }

  /** What the user is to others from now on. */
  chose(userId: string, availability: Availability): void {
    this.#told.set(userId, this.#toldOf(userId) + 1)
    this.#availability.set(userId, availability)
  }

  /** The user joined or left a room. */
  moved(userId: string): void {
    this.#told.set(userId, this.#toldOf(userId) + 1)
    this.#rooms.delete(userId)
  }

  #toldOf(userId: string): number {
    return this.#told.get(userId) ?? 0
  }

  async #load<V>(userIds: readonly string[], known: Remembered<V>, ask: (userId: string) => Promise<V>): Promise<void> {
    const unknown = userIds.filter((userId) => !known.has(userId))
    for (let at = 0; at < unknown.length; at += ASKED_AT_ONCE) {
      await Promise.all(unknown.slice(at, at + ASKED_AT_ONCE).map((userId) => this.#ask(userId, known, ask)))
    }
  }

  async #ask<V>(userId: string, known: Remembered<V>, ask: (userId: string) => Promise<V>): Promise<void> {
    for (;;) {
      const told = this.#toldOf(userId)
      const value = await ask(userId)
      if (known.has(userId)) return
      if (told !== this.#toldOf(userId)) continue
      known.set(userId, value)
      return
    }
  }
}
