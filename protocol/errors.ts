// The error codes of the wire, each with its HTTP status, and the error value that both sides hand around.
import type { WireError } from './wire-error.ts'

/** code → HTTP status. A code that only ever travels by socket has the status that REST would give it. */
export const ERROR_STATUS = {
  invalid: 400,
  unsupported: 400,
  unauthorized: 401,
  'token-expired': 401,
  'wrong-credentials': 401,
  'not-permitted': 403,
  'not-a-member': 403,
  banned: 403,
  'account-disabled': 403,
  'wrong-password': 403,
  'wrong-reset': 403,
  'registration-closed': 403,
  'invite-required': 403,
  'wrong-invite': 403,
  'origin-not-allowed': 403,
  'not-found': 404,
  'room-not-found': 404,
  'user-not-found': 404,
  'message-not-found': 404,
  'device-not-found': 404,
  'invite-not-found': 404,
  'avatar-not-found': 404,
  'method-not-allowed': 405,
  'username-taken': 409,
  'id-conflict': 409,
  'counter-conflict': 409,
  'counter-gap': 409,
  'message-deleted': 409,
  'depends-on-refused': 409,
  'room-full': 409,
  'room-closed': 409,
  'recipient-left': 409,
  'last-owner': 409,
  'too-many-blocks': 409,
  'too-many-invites': 409,
  'too-many-pins': 409,
  'too-many-reactions': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'protocol-too-old': 426,
  'protocol-too-new': 426,
  'rate-limited': 429,
  'relay-error': 500,
  'room-damaged': 500,
  'storage-unavailable': 503,
  'too-many-unsettled': 503,
  'relay-stopping': 503
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

/** RFC 9457; `type` is `urn:maru:error:<code>`. */
export type Problem = WireError & { type: string; title: string; status: number; detail: string }

/** An error with a code of this contract. `message` is English, for developers; people get words by `code`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: ErrorCode
  readonly field?: string
  readonly limit?: number
  readonly retryAfterMs?: number

  constructor(
    code: ErrorCode,
    message: string,
    at: { field?: string; limit?: number; retryAfterMs?: number; cause?: unknown } = {}
  ) {
    super(message, at.cause === undefined ? undefined : { cause: at.cause })
    this.code = code
    if (at.field !== undefined) this.field = at.field
    if (at.limit !== undefined) this.limit = at.limit
    if (at.retryAfterMs !== undefined) this.retryAfterMs = at.retryAfterMs
  }

  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(this.limit === undefined ? {} : { limit: this.limit }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs })
    }
  }
}
