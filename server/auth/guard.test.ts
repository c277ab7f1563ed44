import { beforeEach, describe, expect, it } from 'vitest'
import { ProtocolError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { ADDRESS_DELAYS, ADDRESS_WRONG_TOKENS, NAME_AND_ADDRESS_DELAYS, NAME_DELAYS } from '../../protocol/limits.ts'
import { createGuard } from './guard.ts'
import type { Guard, Guess } from './guard.ts'

const HOUR_MS = 60 * 60 * 1000

describe('guessing', () => {
  let nowMs: number
  let guard: Guard
  beforeEach(() => {
    nowMs = 1_000_000_000_000
    guard = createGuard(true, () => nowMs)
  })

  /** 0: wrong; otherwise how long it has to wait. */
  async function wrong(guess: Guess, code: ErrorCode = 'wrong-credentials'): Promise<number> {
    const error: unknown = await guard
      .attempt(guess, () => Promise.reject(new ProtocolError(code, 'wrong')))
      .catch((thrown: unknown) => thrown)
    if (!(error instanceof ProtocolError)) throw new Error('an attempt that was wrong is refused')
    return error.code === 'rate-limited' ? (error.retryAfterMs ?? Number.NaN) : 0
  }
  const right = (guess: Guess): Promise<string> => guard.attempt(guess, () => Promise.resolve('in'))
  const kim = { name: 'kim', address: '198.51.100.1' }

  it('some are free, then each waits twice as long as the one before, up to a bound', async () => {
    for (let guess = 0; guess < NAME_AND_ADDRESS_DELAYS.free; guess++) expect(await wrong(kim)).toBe(0)
    const waits: number[] = []
    for (let guess = 0; guess < 14; guess++) {
      expect(await wrong(kim)).toBe(0)
      waits.push(await wrong(kim))
      nowMs += waits.at(-1) ?? 0
    }
    expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000])
    expect(Math.max(...waits)).toBeLessThanOrEqual(NAME_AND_ADDRESS_DELAYS.maxMs)
    for (const [index, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThanOrEqual(waits[index] ?? 0)
  })

  it('who guesses as fast as that allows has few tries a day: from one address, and from all of the world together', async () => {
    const triesADay = async (next: (guess: number) => Guess): Promise<number> => {
      const end = nowMs + 24 * HOUR_MS
      let tries = 0
      for (let guess = 0; nowMs < end && tries < 5_000; guess++) {
        const wait = await wrong(next(guess))
        if (wait === 0) tries += 1
        else nowMs += wait
      }
      return tries
    }
    expect(await triesADay(() => kim)).toBeLessThan(200)
    expect(await triesADay((guess) => ({ name: 'lee', address: `192.0.${guess >> 8}.${guess & 255}` }))).toBeLessThan(
      2_000
    )
  })

  it('one that has to wait is not looked at and does not make the next one wait longer', async () => {
    for (let guess = 0; guess <= NAME_AND_ADDRESS_DELAYS.free; guess++) await wrong(kim)
    const check = { runs: 0 }
    for (let guess = 0; guess < 20; guess++) {
      await guard.attempt(kim, async () => void (check.runs += 1)).catch(() => undefined)
    }
    expect(check.runs).toBe(0)
    nowMs += 1_000
    expect(await right(kim)).toBe('in')
  })

  it('many at once are not free of it', async () => {
    const waits = await Promise.all(Array.from({ length: 50 }, () => wrong(kim)))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(NAME_AND_ADDRESS_DELAYS.free + 1)
  })

  it('no stranger keeps anybody out: other addresses, known places and known devices go on', async () => {
    guard.known('kim', '203.0.113.7')
    for (let guess = 0; guess < 30; guess++) await wrong(kim)
    expect(await wrong(kim)).toBeGreaterThan(0)
    expect(await right({ ...kim, address: '203.0.113.9' })).toBe('in')
    expect(await right({ ...kim, deviceId: 'a device of kim’s, at the same address' })).toBe('in')
    expect(await right({ ...kim, name: 'lee' })).toBe('in')

    // From everywhere: new places have to wait a while, known ones not.
    for (let guess = 0; guess < NAME_DELAYS.free + 20; guess++) {
      await wrong({ ...kim, address: `192.0.2.${guess}` })
      if (guess > NAME_DELAYS.free) nowMs += NAME_DELAYS.maxMs
    }
    await wrong({ ...kim, address: '192.0.2.240' })
    const waits = await wrong({ ...kim, address: '192.0.2.250' })
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThanOrEqual(NAME_DELAYS.maxMs)
    expect(await right({ ...kim, address: '203.0.113.7' })).toBe('in')
    expect(await right({ ...kim, address: '192.0.2.250', deviceId: 'kim’s' })).toBe('in')
  })

  it('one address that tries many names waits, also if one of them is its own', async () => {
    for (let guess = 0; guess <= ADDRESS_DELAYS.free; guess++) {
      expect(await wrong({ address: kim.address, name: `name-${guess}` })).toBe(0)
      if (guess % 10 === 0 && guess < ADDRESS_DELAYS.free) await right({ address: kim.address, name: 'own' })
    }
    expect(await wrong({ address: kim.address, name: 'another' })).toBeGreaterThan(0)
    expect(await wrong({ address: '198.51.100.2', name: 'another' })).toBe(0)
    expect(await wrong({ address: kim.address }, 'wrong-invite')).toBeGreaterThan(0)
  })

  it('being right in the same moment takes nothing of what somebody else’s failure costs', async () => {
    for (let guess = 0; guess <= ADDRESS_DELAYS.free; guess++) {
      const open = { go: (): void => {} }
      const slow = guard.attempt(
        { address: kim.address, name: 'own' },
        () => new Promise<string>((resolve) => (open.go = () => resolve('in')))
      )
      await wrong({ address: kim.address, name: `name-${guess}` })
      open.go()
      await slow.catch(() => undefined)
      nowMs += 1
    }
    expect(await wrong({ address: kim.address, name: 'another' })).toBeGreaterThan(0)
  })

  it('codes of resets and invites, and the password asked for again, count as well; faults of the relay do not', async () => {
    for (const code of ['wrong-reset', 'wrong-invite', 'wrong-password'] as const) {
      guard = createGuard(true, () => nowMs)
      for (let guess = 0; guess <= NAME_AND_ADDRESS_DELAYS.free; guess++) expect(await wrong(kim, code)).toBe(0)
      expect(await wrong(kim, code)).toBe(1_000)
    }
    guard = createGuard(true, () => nowMs)
    for (let guess = 0; guess < 100; guess++) expect(await wrong(kim, 'storage-unavailable')).toBe(0)
    expect(await right(kim)).toBe('in')
  })

  it('is forgotten with time, and by being right', async () => {
    for (let guess = 0; guess <= NAME_AND_ADDRESS_DELAYS.free; guess++) await wrong(kim)
    nowMs += 1_000
    expect(await right(kim)).toBe('in')
    for (let guess = 0; guess < NAME_AND_ADDRESS_DELAYS.free; guess++) expect(await wrong(kim)).toBe(0)
    nowMs += HOUR_MS
    for (let guess = 0; guess < NAME_AND_ADDRESS_DELAYS.free; guess++) expect(await wrong(kim)).toBe(0)
    expect(await wrong(kim)).toBe(0)
  })

  it('addresses of one household are one; IPv4 in IPv6 dress is IPv4', async () => {
    const from = (address: string): Guess => ({ name: 'kim', address })
    for (let guess = 0; guess <= NAME_AND_ADDRESS_DELAYS.free; guess++)
      expect(await wrong(from(`2001:db8:0:4200::${guess}`))).toBe(0)
    expect(await wrong(from('2001:db8:0:42ff:1:2:3:4'))).toBeGreaterThan(0)
    expect(await wrong(from('2001:db8:0:4300::1'))).toBe(0)
  })

  it('wrong tokens: so many, then as many as time gives back', () => {
    for (let token = 0; token < ADDRESS_WRONG_TOKENS.burst; token++) expect(guard.tokenFailed('192.0.2.1')).toBe(0)
    expect(guard.tokenFailed('192.0.2.1')).toBe(1_000 / ADDRESS_WRONG_TOKENS.perSecond)
    expect(guard.tokenFailed('192.0.2.2')).toBe(0)
    nowMs += 1_000
    expect(guard.tokenFailed('192.0.2.1')).toBe(0)
    expect(guard.tokenFailed('192.0.2.1')).toBeGreaterThan(0)
  })

  it('with RATE_LIMIT=off nothing waits', async () => {
    guard = createGuard(false, () => nowMs)
    for (let guess = 0; guess < 200; guess++) expect(await wrong(kim)).toBe(0)
    for (let token = 0; token < 200; token++) expect(guard.tokenFailed('192.0.2.1')).toBe(0)
  })
})
