// Errors of the REST door as RFC 9457 problem documents; nothing about the inside gets out.
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { ERROR_STATUS, ProtocolError } from '../../protocol/errors.ts'
import type { ErrorCode, Problem } from '../../protocol/errors.ts'
import { MAX_PACKET_BYTES, MAX_URL_CHARS } from '../../protocol/limits.ts'
import type { AddressOf } from '../addresses.ts'
import { tooOften } from '../auth/guard.ts'
import type { Guard } from '../auth/guard.ts'
import type { Log } from '../log.ts'
import { askedFrom } from './rate-limits.ts'

/** What a client waits that gets no word on it: RFC 9110 wants seconds. */
const RETRY_AFTER_SECONDS = '3'

/** Answers every route that nobody else answered. */
export const notFound: RequestHandler = (_request, _response, next) => {
  next(new ProtocolError('not-found', 'there is nothing at this address'))
}

/** Refuses an address that no route of ours has. */
export const boundedUrl: RequestHandler = (request, _response, next) => {
  const isTooLong = request.url.length > MAX_URL_CHARS
  next(isTooLong ? new ProtocolError('too-large', 'the address is too long', { limit: MAX_URL_CHARS }) : undefined)
}

/** Who tries one token after the other is answered `rate-limited` instead of what was wrong with them. */
export function wrongTokens(guard: Guard, addressOf: AddressOf): ErrorRequestHandler {
  return (error: unknown, request, _response, next) => {
    const isWrong = error instanceof ProtocolError && (error.code === 'unauthorized' || error.code === 'token-expired')
    const waitMs = isWrong ? guard.tokenFailed(askedFrom(request, addressOf)) : 0
    next(waitMs > 0 ? tooOften(waitMs) : error)
  }
}

/** Answers whatever was thrown on the way. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = toProtocolError(error)
    if (problem.code === 'relay-error' && !(error instanceof ProtocolError)) {
      log.error('a request failed', { error, method: request.method, route: request.route?.path })
    }
    if (response.headersSent) {
      response.destroy()
      return
    }
    sendProblem(response, problem)
  }
}

function sendProblem(response: Response, error: ProtocolError): void {
  const status = ERROR_STATUS[error.code]
  const wire = error.toWire()
  const problem: Problem = {
    type: `urn:maru:error:${wire.code}`,
    title: wire.code.replaceAll('-', ' '),
    status,
    detail: wire.message,
    ...wire
  }
  if (status === 401) response.setHeader('WWW-Authenticate', challenge(error.code))
  if ((status === 429 || status === 503) && !response.hasHeader('Retry-After')) {
    const { retryAfterMs } = error
    const seconds = retryAfterMs === undefined ? RETRY_AFTER_SECONDS : String(Math.ceil(retryAfterMs / 1_000))
    response.setHeader('Retry-After', seconds)
  }
  response.status(status).type('application/problem+json').send(JSON.stringify(problem))
}

/** RFC 6750 */
function challenge(code: ErrorCode): string {
  const error = code === 'token-expired' ? ', error="invalid_token"' : ''
  return `Bearer realm="maru"${error}`
}

/** Express and its body parser throw errors with a `status` and sometimes a `type`; their texts may quote the body. */
function toProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error
  const { status, type } = error instanceof Error ? (error as Error & { status?: unknown; type?: unknown }) : {}
  if (type === 'entity.parse.failed') return new ProtocolError('invalid', 'the body is not valid JSON')
  if (status === 413) {
    return new ProtocolError('too-large', 'the body is too large', { limit: MAX_PACKET_BYTES })
  }
  if (status === 415) return new ProtocolError('unsupported-media-type', 'the body must be plain JSON in UTF-8')
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new ProtocolError('invalid', 'the request is malformed')
  }
  return new ProtocolError('relay-error', 'the relay failed on this request')
}
