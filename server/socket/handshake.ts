// Who may connect: protocol version, then token [SPEC §4]. Errors travel in `data` of the connect error.
import { ProtocolError } from '../../protocol/errors.ts'
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import { handshakeSchema } from '../../protocol/socket.ts'
import type { WireError } from '../../protocol/wire-error.ts'
import type { Session, Sessions } from '../domain/sessions.ts'

/** What Socket.IO sends as a connect error. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError'
  readonly data: WireError

  constructor(error: ProtocolError) {
    super(error.code, { cause: error })
    this.data = error.toWire()
  }
}

/**
 * @param auth what the client sent as `auth`
 * @throws ProtocolError `protocol-too-old`, `protocol-too-new`, `unauthorized` or `token-expired`
 */
export async function checkHandshake(auth: unknown, sessions: Sessions): Promise<Session> {
  const protocol = handshakeSchema.shape.protocol.safeParse(fieldOf(auth, 'protocol'))
  if (!protocol.success || protocol.data < OLDEST_PROTOCOL_VERSION) {
    throw new ProtocolError('protocol-too-old', 'this relay speaks newer protocol versions only', {
      limit: OLDEST_PROTOCOL_VERSION
    })
  }
  if (protocol.data > PROTOCOL_VERSION) {
    throw new ProtocolError('protocol-too-new', 'this relay speaks older protocol versions only', {
      limit: PROTOCOL_VERSION
    })
  }
  const token = handshakeSchema.shape.token.safeParse(fieldOf(auth, 'token'))
  if (!token.success) throw new ProtocolError('unauthorized', 'a token is needed', { field: 'token' })
  return sessions.authenticate(token.data)
}

function fieldOf(auth: unknown, name: string): unknown {
  return typeof auth === 'object' && auth !== null ? (auth as Record<string, unknown>)[name] : undefined
}
