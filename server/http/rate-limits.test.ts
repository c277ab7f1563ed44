import type { Request, RequestHandler, Response } from 'express'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../protocol/errors.ts'
import { ADDRESS_REQUESTS, ADDRESS_SIGN_INS, DEVICE_REQUESTS } from '../../protocol/limits.ts'
import type { Share } from '../../protocol/limits.ts'
import { createAddresses } from '../addresses.ts'
import { createRateLimits } from './rate-limits.ts'
import type { RateLimits } from './rate-limits.ts'

describe('how often one may ask by HTTP', () => {
  let nowMs = 0
  const limits = (on = true): RateLimits => createRateLimits(on, createAddresses([]).addressOf, () => nowMs)

  /** What the handler says of one request: 0 if it may go on, else how long it is to wait. */
  function ask(handler: RequestHandler, from: { address?: string; deviceId?: string }): number {
    const request = { headers: {}, socket: { remoteAddress: from.address ?? '192.0.2.1' } } as Request
    const response = { locals: { session: { deviceId: from.deviceId } }, setHeader: () => undefined }
    let said: unknown
    void handler(request, response as unknown as Response, (error: unknown) => (said = error))
    return said instanceof ProtocolError ? (said.retryAfterMs ?? Number.NaN) : 0
  }

  it.each<[keyof RateLimits, Share, object, object]>([
    ['anything', ADDRESS_REQUESTS, { address: '192.0.2.1' }, { address: '192.0.2.2' }],
    ['door', ADDRESS_SIGN_INS, { address: '192.0.2.1' }, { address: '192.0.2.2' }],
    ['perSession', DEVICE_REQUESTS, { deviceId: 'one' }, { deviceId: 'other' }]
  ])('%s: so many at once, then as many as time gives back; others are not concerned', (name, share, one, other) => {
    const handler = limits()[name]
    for (let index = 0; index < share.burst; index++) expect(ask(handler, one)).toBe(0)
    const waitMs = ask(handler, one)
    expect(waitMs).toBe(Math.ceil(1_000 / share.perSecond))
    expect(ask(handler, other)).toBe(0)
    nowMs += waitMs
    expect(ask(handler, one)).toBe(0)
    expect(ask(handler, one)).toBeGreaterThan(0)
    const unlimited = limits(false)[name]
    for (let index = 0; index < share.burst + 10; index++) expect(ask(unlimited, one)).toBe(0)
  })

  it('what a session may ask is far below what its address may', () => {
    expect(ADDRESS_REQUESTS.burst).toBeGreaterThan(3 * DEVICE_REQUESTS.burst)
  })
})
