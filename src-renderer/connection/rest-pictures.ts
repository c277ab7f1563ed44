// Asks the relay for pictures of people and rooms (SPEC §5). Keeps nothing.
import { MAX_AVATAR_BYTES } from '../../protocol/limits.ts'
import { askForBytes } from './rest-exchange.ts'
import type { RestOptions } from './rest-exchange.ts'

/** What the relay has made of a picture may be larger than what it was sent. */
const MAX_PICTURE_BYTES = 4 * MAX_AVATAR_BYTES

/** A PNG in base64. @throws ProtocolError `avatar-not-found`, `room-not-found` …; RelayUnreachableError */
export async function picture(
  url: string,
  token: string,
  { of, id, hash }: { of: 'user' | 'room'; id: string; hash: string },
  options?: RestOptions
): Promise<string> {
  const path = `/${of}s/${encodeURIComponent(id)}/avatar/${encodeURIComponent(hash)}`
  return askForBytes({ url, method: 'GET', path, token }, MAX_PICTURE_BYTES, options)
}
