// How often one may ask by HTTP: guessing passwords is made slow, ordinary use never notices.
import type { Request, RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { Options } from 'express-rate-limit'
import { ProtocolError } from '../../protocol/errors.ts'
import { usernameSchema } from '../../protocol/values.ts'
import type { Log } from '../log.ts'
import { bodyOf, sessionOf } from './routing.ts'

const SIGN_IN_WINDOW_MS = 15 * 60 * 1000
/** From one address, successes included: a school behind one address still gets in. */
const SIGN_INS_PER_ADDRESS = 200
/** For one name, from wherever; only failures count. */
const FAILURES_PER_NAME = 10
const REQUEST_WINDOW_MS = 60 * 1000
/** Of one session. */
const REQUESTS_PER_SESSION = 3_000

export interface RateLimits {
  /** Before a body is read. */
  perAddress: RequestHandler
  /** After `jsonBody`. */
  perName: RequestHandler
  /** After `authenticated`. */
  perSession: RequestHandler
}

/** @param on false: nothing is limited (load tests on loopback) */
export function createRateLimits(on: boolean, log: Log): RateLimits {
  const limited = (options: Partial<Options>): RequestHandler =>
    rateLimit({
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // Who is not in TRUSTED_PROXIES may say about the client what it wants: it changes nothing here, so it is no mistake either.
      validate: { xForwardedForHeader: false, forwardedHeader: false },
      skip: () => !on,
      logger: {
        error: (error) => log.error('rate limit', { error }),
        warn: (error) => log.warn('rate limit', { error })
      },
      handler: (_request, _response, next) => next(new ProtocolError('rate-limited', 'too many requests: wait')),
      ...options
    })
  return {
    perAddress: limited({ windowMs: SIGN_IN_WINDOW_MS, limit: SIGN_INS_PER_ADDRESS, identifier: 'sign-in-address' }),
    perName: limited({
      windowMs: SIGN_IN_WINDOW_MS,
      limit: FAILURES_PER_NAME,
      identifier: 'sign-in-name',
      skipSuccessfulRequests: true,
      keyGenerator: nameOf
    }),
    perSession: limited({
      windowMs: REQUEST_WINDOW_MS,
      limit: REQUESTS_PER_SESSION,
      identifier: 'session',
      keyGenerator: (_request, response) => sessionOf(response).deviceId
    })
  }
}

/** Requests without a sound name share a key with their address: they are refused anyway. */
function nameOf(request: Request): string {
  const body = bodyOf(request)
  const name = usernameSchema.safeParse(
    typeof body === 'object' && body && 'username' in body ? body.username : undefined
  )
  return name.success ? `name:${name.data}` : `address:${ipKeyGenerator(request.ip ?? '')}`
}
