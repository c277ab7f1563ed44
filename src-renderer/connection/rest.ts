// What is asked of the relay by REST (SPEC §5): accounts, sessions, invites. Owns fetch; keeps nothing.
import { z } from 'zod'
import { relayAnswerSchema, sessionAnswerSchema } from '../../protocol/rest.ts'
import type { CreateAccount, CreateSession, RelayAnswer, SessionAnswer } from '../../protocol/rest.ts'
import { RelayUnreachableError } from './connection.ts'
import { relayError } from './relay-error.ts'

/** Longer than a relay ever takes on purpose: signing in costs it a password hash. */
export const REST_TIMEOUT_MS = 15_000

/** For tests; the defaults are the real ones. */
export interface RestOptions {
  fetch?: typeof fetch
  timeoutMs?: number
}

const inviteAnswerSchema = z.object({ code: z.string(), uses: z.number(), expiresAt: z.string() })
export type InviteAnswer = z.infer<typeof inviteAnswerSchema>

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

/** Only for the owner of the relay. `expiresAt` by the relay's clock. */
export async function createInvite(
  url: string,
  token: string,
  wish: { uses?: number; expiresInHours?: number } = {},
  options?: RestOptions
): Promise<InviteAnswer> {
  return ask({ url, method: 'POST', path: '/invites', token, body: wish }, inviteAnswerSchema, options)
}

/** Ends the session of one of the user's devices. `unauthorized` or `token-expired`: the asking session has ended itself. */
export async function endSession(url: string, token: string, deviceId: string, options?: RestOptions): Promise<void> {
  const path = `/sessions/${encodeURIComponent(deviceId)}`
  await ask({ url, method: 'DELETE', path, token }, z.undefined(), options)
}

interface Question {
  url: string
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  token?: string
  body?: unknown
}

async function ask<T>(question: Question, schema: z.ZodType<T>, options: RestOptions = {}): Promise<T> {
  const { status, text } = await exchange(question, options)
  const body = parseJson(text)
  if (status >= 200 && status < 300) {
    const answer = schema.safeParse(body)
    if (answer.success) return answer.data
    throw new RelayUnreachableError('not-a-relay', answer.error)
  }
  throw errorOf(status, body)
}

/** The answer as it came, its body read within the time too. */
async function exchange(question: Question, options: RestOptions): Promise<{ status: number; text: string }> {
  const { url, method, path, token, body } = question
  const aborter = new AbortController()
  const timer = setTimeout(() => aborter.abort(), options.timeoutMs ?? REST_TIMEOUT_MS)
  try {
    const answer = await (options.fetch ?? fetch)(`${url}/api/v1${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      signal: aborter.signal
    })
    return { status: answer.status, text: await answer.text() }
  } catch (cause) {
    throw new RelayUnreachableError('relay-unreachable', cause)
  } finally {
    clearTimeout(timer)
  }
}

/** Undefined for no body and for what is no JSON: neither fits a schema that expects something. */
function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What of a problem document (RFC 9457) a program needs. By its type it is a relay's, and not that of any other server. */
const problemSchema = z.object({
  type: z.string().startsWith('urn:maru:error:'),
  code: z.string(),
  message: z.string().optional(),
  detail: z.string().optional(),
  field: z.string().optional(),
  limit: z.number().optional()
})

function errorOf(status: number, body: unknown): Error {
  const problem = problemSchema.safeParse(body)
  if (!problem.success) {
    // A proxy in front of a relay that is down answers by itself.
    const proxySays = status >= 502 && status <= 504
    return new RelayUnreachableError(proxySays ? 'relay-unreachable' : 'not-a-relay', `HTTP ${status}`)
  }
  return relayError({ ...problem.data, message: problem.data.message ?? problem.data.detail ?? problem.data.code })
}
