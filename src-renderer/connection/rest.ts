// What is asked of the relay by REST (SPEC §5): signing up, in and out. Keeps nothing.
import { z } from 'zod'
import { relayAnswerSchema, sessionAnswerSchema } from '../../protocol/rest.ts'
import type { CreateAccount, CreateSession, RelayAnswer, SessionAnswer } from '../../protocol/rest.ts'
import { ask } from './rest-exchange.ts'
import type { RestOptions } from './rest-exchange.ts'

// Every function here takes a url of `parseRelayUrl`. Each throws `ProtocolError` with the relay's code, and
// `RelayUnreachableError`: `relay-unreachable` when nobody answered in time, `not-a-relay` when somebody did who is no relay.

/** Which relay is there, and whether it takes new accounts. */
export async function relayInfo(url: string, options?: RestOptions): Promise<RelayAnswer> {
  return ask({ url, method: 'GET', path: '/relay' }, relayAnswerSchema, options)
}

/** Makes an account and signs it in. Not idempotent: asked again after a lost answer, it may say `username-taken`. */
export async function signUp(url: string, account: CreateAccount, options?: RestOptions): Promise<SessionAnswer> {
  return ask({ url, method: 'POST', path: '/accounts', body: account }, sessionAnswerSchema, options)
}

/** [S2.7] With the `deviceId` that this installation had for the user, counter and answers go on. */
export async function signIn(url: string, session: CreateSession, options?: RestOptions): Promise<SessionAnswer> {
  return ask({ url, method: 'POST', path: '/sessions', body: session }, sessionAnswerSchema, options)
}

/** A new token for the old one, which ends; `asNewDevice`: the token of a new device beside it [S2.4]. */
export async function renewSession(
  url: string,
  token: string,
  wish: { asNewDevice?: boolean; deviceName?: string } = {},
  options?: RestOptions
): Promise<SessionAnswer> {
  return ask({ url, method: 'POST', path: '/sessions/renew', token, body: wish }, sessionAnswerSchema, options)
}

/** Ends the session of one of the user's devices. `unauthorized` or `token-expired`: the asking session has ended itself. */
export async function endSession(url: string, token: string, deviceId: string, options?: RestOptions): Promise<void> {
  const path = `/sessions/${encodeURIComponent(deviceId)}`
  await ask({ url, method: 'DELETE', path, token }, z.undefined(), options)
}
