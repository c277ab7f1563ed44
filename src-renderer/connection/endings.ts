// Which words of a relay end a connection for good, and what they mean to the person. Pure.
import type { ConnectionStatus } from './connection.ts'

type Ended = Extract<ConnectionStatus, { name: 'ended' }>

/** Codes of the handshake, of notices and of answers that trying again does not mend. */
const REASONS: ReadonlyMap<string, Ended['reason']> = new Map([
  ['unauthorized', 'signed-out'],
  ['token-expired', 'signed-out'],
  ['session-ended', 'signed-out'],
  ['account-disabled', 'signed-out'],
  ['account-deleted', 'signed-out'],
  ['protocol-too-old', 'client-too-old'],
  ['protocol-too-new', 'relay-too-old']
])

/** Why somebody was signed out; everything else: the session was ended. */
const WHY: ReadonlyMap<string, Ended['why']> = new Map([
  ['token-expired', 'expired'],
  ['account-disabled', 'account-disabled'],
  ['account-deleted', 'account-deleted']
])

/**
 * Null: it may be tried again.
 * @param hadToken a shell without a keyring keeps no token over a restart: then nobody has ended the session
 */
export function endingOf(code: string, hadToken: boolean): Ended | null {
  const reason = REASONS.get(code)
  if (reason === undefined) return null
  return reason === 'signed-out' && hadToken
    ? { name: 'ended', reason, why: WHY.get(code) ?? 'revoked' }
    : { name: 'ended', reason }
}
