import { expect, test } from 'vitest'
import { endSession, relayInfo, renewSession, signIn, signUp } from './rest.ts'

const URL = 'http://family.local:4100'
const user = {
  type: 'user',
  rev: 1,
  id: '01a1f000-0000-7000-8000-000000000001',
  username: 'anna',
  displayName: 'Anna',
  role: 'owner',
  createdAt: '2026-01-01T00:00:00.000Z'
}
const session = { user, deviceId: 'device-1', token: 'token-1' }
const info = { relay: { id: 'relay-1', version: '0.1.0' }, protocol: 1, registration: 'invite', hasOwner: false }

interface Asked {
  url: string
  method: string | undefined
  headers: Record<string, string>
  body: unknown
}

/** A fetch that answers as told and remembers what it was asked. */
function answering(status: number, body: unknown, asked: Asked[] = []): { fetch: typeof fetch; asked: Asked[] } {
  const answer: typeof fetch = async (url, init) => {
    asked.push({
      url: new Request(url).url,
      method: init?.method,
      headers: init?.headers as Record<string, string>,
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    })
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return new Response(status === 204 ? null : text, { status })
  }
  return { fetch: answer, asked }
}

const problem = (code: string, more: object = {}): object => ({
  type: `urn:maru:error:${code}`,
  title: code,
  status: 400,
  detail: 'what went wrong',
  code,
  message: 'what went wrong',
  ...more
})

test('each question goes to its route, with its body and its token', async () => {
  const { fetch, asked } = answering(201, session)
  await signUp(URL, { username: 'anna', password: 'secret-secret', displayName: 'Anna', invite: 'code' }, { fetch })
  await signIn(URL, { username: 'anna', password: 'secret-secret', deviceId: user.id }, { fetch })
  await renewSession(URL, 'old', { asNewDevice: true }, { fetch })
  await endSession(URL, 'mine', 'device-1', answering(204, '', asked))
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `POST ${URL}/api/v1/accounts`,
    `POST ${URL}/api/v1/sessions`,
    `POST ${URL}/api/v1/sessions/renew`,
    `DELETE ${URL}/api/v1/sessions/device-1`
  ])
  expect(asked.map(({ headers }) => headers['authorization'])).toEqual([
    undefined,
    undefined,
    'Bearer old',
    'Bearer mine'
  ])
  expect(asked.map(({ body }) => body)).toEqual([
    { username: 'anna', password: 'secret-secret', displayName: 'Anna', invite: 'code' },
    { username: 'anna', password: 'secret-secret', deviceId: user.id },
    { asNewDevice: true },
    undefined
  ])
})

test('answers are parsed: what leaves is true to its type, unknown fields are gone', async () => {
  expect(await relayInfo(URL, answering(200, { ...info, news: 1 }))).toEqual(info)
  expect(await signIn(URL, { username: 'a', password: 'b' }, answering(201, session))).toEqual(session)
})

test('a problem document becomes a ProtocolError with its code, field and limit', async () => {
  const refused = signUp(
    URL,
    { username: 'a', password: 'b', displayName: 'A' },
    answering(400, problem('invalid', { field: 'password', limit: 8 }))
  )
  await expect(refused).rejects.toMatchObject({ name: 'ProtocolError', code: 'invalid', field: 'password', limit: 8 })
  const taken = signUp(
    URL,
    { username: 'a', password: 'b', displayName: 'A' },
    answering(409, problem('username-taken'))
  )
  await expect(taken).rejects.toMatchObject({ code: 'username-taken' })
})

test('a code of a newer relay is a relay-error that keeps its message', async () => {
  const asked = relayInfo(URL, answering(418, problem('moon-phase', { message: 'only at full moon' })))
  await expect(asked).rejects.toMatchObject({
    name: 'ProtocolError',
    code: 'relay-error',
    message: 'only at full moon'
  })
})

test.each([
  ['a web page', 200, '<!doctype html><title>Router</title>'],
  ['somebody else’s JSON', 200, { hello: 'world' }],
  ['somebody else’s error', 404, { code: 'not-found', message: 'no' }],
  ['an empty answer', 200, '']
])('%s is not a relay', async (_what, status, body) => {
  await expect(relayInfo(URL, answering(status, body))).rejects.toMatchObject({
    name: 'RelayUnreachableError',
    code: 'not-a-relay'
  })
})

test.each([502, 503, 504])('a proxy that says %i has no relay behind it', async (status) => {
  const asked = relayInfo(URL, answering(status, '<h1>Bad Gateway</h1>'))
  await expect(asked).rejects.toMatchObject({ code: 'relay-unreachable' })
})

test('nobody there is relay-unreachable', async () => {
  const refuse: typeof fetch = () => Promise.reject(new TypeError('fetch failed'))
  await expect(relayInfo(URL, { fetch: refuse })).rejects.toMatchObject({ code: 'relay-unreachable' })
})

test('an answer that does not come, or does not end, is given up in time', async () => {
  const aborted = (signal: AbortSignal | null | undefined): Promise<never> =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
  const silent: typeof fetch = async (_url, init) => aborted(init?.signal)
  await expect(relayInfo(URL, { fetch: silent, timeoutMs: 5 })).rejects.toMatchObject({ code: 'relay-unreachable' })
  const endless: typeof fetch = async (_url, init) => {
    const body = new ReadableStream({
      start: (controller) => init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')))
    })
    return new Response(body)
  }
  await expect(relayInfo(URL, { fetch: endless, timeoutMs: 5 })).rejects.toMatchObject({ code: 'relay-unreachable' })
})
