// From the relay's word for a failure to the error that is handed around, by socket and REST alike.
import { ERROR_STATUS, ProtocolError } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { WireError } from '../../protocol/wire-error.ts'

/** A code that this client does not know, of a newer relay, becomes `relay-error` and keeps its message. */
export function relayError(said: WireError): ProtocolError {
  return new ProtocolError(isKnownCode(said.code) ? said.code : 'relay-error', said.message, {
    ...(said.field === undefined ? {} : { field: said.field }),
    ...(said.limit === undefined ? {} : { limit: said.limit })
  })
}

function isKnownCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_STATUS, code)
}
