// Whether this client and a relay speak a common version of the protocol.
import { ProtocolError } from '../../../protocol/errors.ts'
import { PROTOCOL_VERSION } from '../../../protocol/limits.ts'

/**
 * A relay takes its own version and the one before. Throws `ProtocolError`: `protocol-too-old` when this client is older than that,
 * `protocol-too-new` when the relay is older than this client.
 */
export function requireCommonVersion(relayProtocol: number): void {
  if (relayProtocol - 1 > PROTOCOL_VERSION) throw new ProtocolError('protocol-too-old', 'this client is too old')
  if (relayProtocol < PROTOCOL_VERSION) throw new ProtocolError('protocol-too-new', 'the relay is too old')
}
