// Looks why a relay cannot be reached, for the page, whose own fetch is told nothing of it. Gives back one word and no more.
import { net } from 'electron'
import type { UnreachableReason } from '../src-renderer/platform/bridge.ts'

/** The page has waited for an answer before it asks, so this is short. */
const PATIENCE_MS = 5_000

/** Names of Chromium's net errors. Whatever is not listed is `unknown`. */
const REASONS: readonly [names: RegExp, reason: UnreachableReason][] = [
  [/^ERR_NAME_(NOT_RESOLVED|RESOLUTION_FAILED)$/, 'name-not-found'],
  [/^ERR_CONNECTION_REFUSED$/, 'refused'],
  // Speaking TLS to a relay that speaks plain http is a protocol error, and no fault of a certificate.
  [/^ERR_(CERT_|SSL_(?!PROTOCOL_ERROR))/, 'certificate']
]

/** What is known of the certificates that were seen (pins.ts). */
export interface SeenCertificates {
  hasChanged(url: string): boolean
  wasRefusedBefore(url: string): boolean
}

/**
 * Asks the origin of `url` for what every relay tells, without cookies and without following anybody elsewhere; the answer is
 * thrown away. Never rejects; `unknown` too when somebody answers, or nobody does in 5 s.
 * @param url http or https
 */
export async function whyUnreachable(url: string, seen: SeenCertificates): Promise<UnreachableReason> {
  const aborter = new AbortController()
  const timer = setTimeout(() => aborter.abort(), PATIENCE_MS)
  try {
    await net.fetch(`${new URL(url).origin}/api/v1/relay`, {
      method: 'GET',
      credentials: 'omit',
      redirect: 'error',
      signal: aborter.signal
    })
    return 'unknown'
  } catch (error) {
    return sharper(nameOf(error), url, seen)
  } finally {
    clearTimeout(timer)
    aborter.abort() // whatever was still to come is not read
  }
}

/** A certificate that pins.ts refuses is an `ERR_FAILED` for whoever connects; one that Chromium remembers is what it was when it was refused. */
function sharper(name: string, url: string, seen: SeenCertificates): UnreachableReason {
  const reason = REASONS.find(([names]) => names.test(name))?.[1] ?? 'unknown'
  if (reason !== 'certificate' && name !== 'ERR_FAILED') return reason
  if (seen.wasRefusedBefore(url)) return 'restart-needed'
  return seen.hasChanged(url) ? 'certificate-changed' : reason
}

/** Electron names the net error in the message only: `net::ERR_CONNECTION_REFUSED`. */
function nameOf(error: unknown): string {
  return /\bnet::(ERR_\w+)/.exec(String(error))?.[1] ?? ''
}
