// The one place that turns what a person types or pastes into the address of a relay.
import { ProtocolError } from '../../protocol/errors.ts'

/**
 * `family.local:4100`, `http://family.local:4100/`, `ws://…`, with a path or without → `http://family.local:4100`. Without a scheme it is
 * http, as a relay in a home network is. Throws `ProtocolError('invalid')` with field `relayUrl`.
 */
export function parseRelayUrl(text: string): string {
  const typed = text.trim().replace(/^ws(s?):\/\//i, 'http$1://')
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(typed) ? typed : `http://${typed.replace(/^\/\//, '')}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ProtocolError('invalid', 'must be the address of a relay', { field: 'relayUrl' })
  }
  return url.origin
}
