// Guessing is made slow: passwords, codes, tokens. By name and by address, so that no stranger keeps anybody out of an account whose devices or
// places are known. Knows no accounts (docs/security.md says what it is good for).
import { ProtocolError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { ADDRESS_DELAYS, ADDRESS_WRONG_TOKENS, NAME_AND_ADDRESS_DELAYS, NAME_DELAYS } from '../../protocol/limits.ts'
import { addressKey } from '../addresses.ts'
import type { Clock } from '../clock.ts'
import { Failures, Seen, Shares } from './shares.ts'

/** What a wrong guess is answered with; whatever else comes of an attempt was none. */
const WRONG: ReadonlySet<ErrorCode> = new Set(['wrong-credentials', 'wrong-password', 'wrong-reset', 'wrong-invite'])

export interface Guess {
  /** Where it comes from. */
  address: string
  /** What is guessed at: a username as it is stored, whether or not there is one; absent for codes that belong to nobody. */
  name?: string
  /** A device of the account of this name: nobody else knows its id, so nobody else's failures concern it. */
  deviceId?: string | undefined
}

export interface Guard {
  /**
   * Runs `check`, which says by its error whether the guess was wrong.
   * @throws ProtocolError `rate-limited` with `retryAfterMs`, and then `check` was not run; or what `check` throws
   */
  attempt<T>(guess: Guess, check: () => Promise<T>): Promise<T>
  /** Somebody is known to be this name's owner at this address. */
  known(name: string, address: string): void
  /**
   * A token was wrong. Nobody guesses one (256 bits); this bounds the work of trying, and right ones are not asked about.
   * @returns how long it is to wait, in ms; 0: it may try on
   */
  tokenFailed(address: string): number
}

/** @param on false: nothing is limited (load tests on loopback) */
export function createGuard(on: boolean, now: Clock): Guard {
  const pairs = new Failures(NAME_AND_ADDRESS_DELAYS, now)
  const addresses = new Failures(ADDRESS_DELAYS, now)
  const names = new Failures(NAME_DELAYS, now)
  const tokens = new Shares(ADDRESS_WRONG_TOKENS, now)
  const places = new Seen()

  function countersOf({ address, name, deviceId }: Guess): [Failures, string][] {
    const from = addressKey(address)
    if (deviceId !== undefined) return [[pairs, `device ${deviceId}`]]
    if (name === undefined) return [[addresses, from]]
    const here: [Failures, string][] = [
      [pairs, `${name} ${from}`],
      [addresses, from]
    ]
    return places.has(`${name} ${from}`) ? here : [...here, [names, name]]
  }

  return {
    async attempt(guess, check) {
      if (!on) return check()
      const counters = countersOf(guess)
      const waitMs = Math.max(...counters.map(([failures, key]) => failures.waitMs(key)))
      if (waitMs > 0) throw tooOften(waitMs)
      // Counted before it is known, so that many at once are not free of it.
      const undo = counters.map(([failures, key]) => failures.add(key))
      try {
        const value = await check()
        for (const takeBack of undo) takeBack()
        // Who guessed right has nothing to wait for; what others guessed at other places stays.
        for (const [failures, key] of counters) if (failures === pairs) failures.forget(key)
        return value
      } catch (error) {
        const isWrong = error instanceof ProtocolError && WRONG.has(error.code)
        if (!isWrong) for (const takeBack of undo) takeBack()
        throw error
      }
    },
    known: (name, address) => places.add(`${name} ${addressKey(address)}`),
    tokenFailed: (address) => (on ? tokens.take(addressKey(address)) : 0)
  }
}

/** @param waitMs until it may be tried again */
export function tooOften(waitMs: number): ProtocolError {
  const seconds = Math.ceil(waitMs / 1_000)
  return new ProtocolError('rate-limited', `too often: try again in ${seconds} s`, { retryAfterMs: Math.ceil(waitMs) })
}
