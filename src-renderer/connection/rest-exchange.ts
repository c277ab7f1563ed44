// One question to the relay by REST and its answer (SPEC §5). Owns fetch; knows no route.
import { z } from 'zod'
import { RelayUnreachableError } from './connection.ts'
import { relayError } from './relay-error.ts'

/** Longer than a relay ever takes on purpose: signing in costs it a password hash. */
export const REST_TIMEOUT_MS = 15_000

/** For tests; the defaults are the real ones. */
export interface RestOptions {
  fetch?: typeof fetch
  timeoutMs?: number
}

export interface Question {
  /** Of `parseRelayUrl`. */
  url: string
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below /api/v1, with its query. */
  path: string
  token?: string
  body?: unknown
}

/**
 * @throws ProtocolError with the relay's code; RelayUnreachableError: `relay-unreachable` when nobody answered in time, `not-a-relay` when
 * somebody did who is no relay
 */
export async function ask<T>(question: Question, schema: z.ZodType<T>, options: RestOptions = {}): Promise<T> {
  const { status, text } = await exchange(question, options)
  const body = parseJson(text)
  if (status >= 200 && status < 300) {
    const answer = schema.safeParse(body)
    if (answer.success) return answer.data
    throw new RelayUnreachableError('not-a-relay', answer.error)
  }
  throw errorOf(status, body)
}

/**
 * What is no JSON, as it came, in base64; at most `maxBytes`, else `not-a-relay`.
 * @throws like `ask`
 */
export async function askForBytes(question: Question, maxBytes: number, options: RestOptions = {}): Promise<string> {
  const { status, bytes } = await exchangeBytes(question, options)
  if (status < 200 || status >= 300) throw errorOf(status, parseJson(new TextDecoder().decode(bytes)))
  if (bytes.length === 0 || bytes.length > maxBytes) throw new RelayUnreachableError('not-a-relay', 'of no likely size')
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

async function exchange(question: Question, options: RestOptions): Promise<{ status: number; text: string }> {
  const { status, bytes } = await exchangeBytes(question, options)
  return { status, text: new TextDecoder().decode(bytes) }
}

/** The answer as it came, its body read within the time too. */
async function exchangeBytes(question: Question, options: RestOptions): Promise<{ status: number; bytes: Uint8Array }> {
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
    return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) }
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
