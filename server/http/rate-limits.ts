// How often one may ask by HTTP: ordinary use never notices. Wrong guesses are counted apart, where they are known to be wrong (auth/guard.ts).
import type { Request, RequestHandler, Response } from 'express'
import { ADDRESS_REQUESTS, ADDRESS_SIGN_INS, DEVICE_REQUESTS, USER_NEW_DEVICES } from '../../protocol/limits.ts'
import type { Share } from '../../protocol/limits.ts'
import { addressKey } from '../addresses.ts'
import type { AddressOf } from '../addresses.ts'
import { tooOften } from '../auth/guard.ts'
import { Shares } from '../auth/shares.ts'
import type { Clock } from '../clock.ts'
import { bodyOf, sessionOf } from './routing.ts'

export interface RateLimits {
  /** Of an address, whatever it asks. */
  anything: RequestHandler
  /** Of an address, before a body is read: what costs a password hash, or takes a code. */
  door: RequestHandler
  /** After `authenticated`. */
  perSession: RequestHandler
  /** After `authenticated` and `jsonBody`: of a user, where a new device is asked for. Or who has one would have the shares of any number. */
  newDevice: RequestHandler
}

/** @param on false: nothing is limited (load tests on loopback) */
export function createRateLimits(on: boolean, addressOf: AddressOf, now: Clock): RateLimits {
  /** @param name in the answers' `RateLimit` header, where what is left is said */
  const limited = (share: Share, keyOf: (request: Request, response: Response) => string, name?: string) => {
    const shares = new Shares(share, now)
    const handler: RequestHandler = (request, response, next) => {
      if (!on) return next()
      const key = keyOf(request, response)
      const waitMs = shares.take(key)
      if (name !== undefined) response.setHeader('RateLimit', `"${name}";r=${shares.left(key)}`)
      next(waitMs > 0 ? tooOften(waitMs) : undefined)
    }
    return handler
  }
  const byAddress = (request: Request): string => addressKey(askedFrom(request, addressOf))
  const perUser = limited(USER_NEW_DEVICES, (_request, response) => sessionOf(response).user.id)
  return {
    anything: limited(ADDRESS_REQUESTS, byAddress),
    door: limited(ADDRESS_SIGN_INS, byAddress, 'sign-in-address'),
    perSession: limited(DEVICE_REQUESTS, (_request, response) => sessionOf(response).deviceId),
    newDevice(request, response, next) {
      const body = bodyOf(request)
      const asks = typeof body === 'object' && body !== null && 'asNewDevice' in body && body.asNewDevice === true
      return asks ? perUser(request, response, next) : next()
    }
  }
}

/** The address that a request comes from. */
export function askedFrom(request: Request, addressOf: AddressOf): string {
  return addressOf({ headers: request.headers, remoteAddress: request.socket.remoteAddress })
}
