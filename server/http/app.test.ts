import { connect } from 'node:net'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_PACKET_BYTES, TOKEN_LIFETIME_MS } from '../../protocol/limits.ts'
import { newId } from '../../protocol/values.ts'
import type { Log } from '../log.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { RestRequest } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

describe('bad input by REST', () => {
  let relay: TestRelay
  let kim: Person
  let nowMs = Date.parse('2026-11-20T12:00:00.000Z')
  beforeEach(async () => {
    relay = await TestRelay.start({ now: () => nowMs })
    kim = await relay.signUp('kim')
  })
  afterEach(() => relay.stop())

  const json = { 'content-type': 'application/json' }

  it.each<[string, string, RestRequest, number, string, string?]>([
    ['POST', 'rooms', { text: '{"kind": "group"', headers: json }, 400, 'invalid'],
    ['POST', 'rooms', { text: '"text"', headers: json }, 400, 'invalid'],
    [
      'POST',
      'rooms',
      { text: 'kind=group', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported-media-type'
    ],
    ['POST', 'rooms', { text: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported-media-type'],
    [
      'POST',
      'rooms',
      { text: '{}', headers: { 'content-type': 'application/json; charset=latin9' } },
      415,
      'unsupported-media-type'
    ],
    ['POST', 'rooms', {}, 400, 'invalid', 'kind'],
    ['POST', 'rooms', { json: [] }, 400, 'invalid'],
    ['POST', 'rooms', { json: { kind: 'aside', name: 'x' } }, 400, 'invalid', 'kind'],
    ['POST', 'rooms', { json: { kind: 'group', name: 7 } }, 400, 'invalid', 'name'],
    ['POST', 'rooms', { json: { kind: 'group', name: 'x'.repeat(81) } }, 400, 'invalid', 'name'],
    ['POST', 'rooms', { json: { kind: 'group', name: 'x', memberIds: ['nobody'] } }, 400, 'invalid', 'memberIds[0]'],
    [
      'POST',
      'rooms',
      { json: { kind: 'group', name: 'x', memberIds: [newId()] } },
      404,
      'user-not-found',
      'memberIds[0]'
    ],
    [
      'POST',
      'accounts',
      { json: { username: 'a b', password: 'long enough', displayName: 'x' } },
      400,
      'invalid',
      'username'
    ],
    ['POST', 'accounts', { json: { username: 'ab', password: 'short', displayName: 'x' } }, 400, 'invalid', 'password'],
    ['POST', 'sessions', { json: { username: 'kim' } }, 400, 'invalid', 'password'],
    ['POST', 'sessions/renew', { json: { asNewDevice: 'yes' } }, 400, 'invalid', 'asNewDevice'],
    ['POST', 'invites', { json: { uses: 0 } }, 400, 'invalid', 'uses'],
    ['GET', 'rooms/%E0%A4%A', {}, 400, 'invalid'],
    ['GET', 'nothing', {}, 404, 'not-found'],
    ['GET', '/api/v2/rooms', {}, 404, 'not-found'],
    ['POST', '/', {}, 404, 'not-found'],
    ['GET', '/../../package.json', {}, 404, 'not-found']
  ])('%s %s %j is answered %i %s', async (method, path, request, status, code, field) => {
    const answer = await relay.rest(method, path, { token: kim.token, ...request })
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(answer).toMatchObject({ status, body: { type: `urn:maru:error:${code}`, status, code } })
    expect(answer.body.title).toBeTruthy()
    expect(answer.body.detail).toBe(answer.body.message)
    expect(answer.body.field).toBe(field)
    expect((await relay.rest('GET', '/healthz')).body).toEqual({ status: 'ok' })
  })

  it.each(['before=0', 'before=x', 'since=-1', 'limit=0', 'limit=201', 'before=1&before=2', 'before=1&since=1'])(
    'a message list with ?%s is answered 400',
    async (query) => {
      const answer = await relay.rest('GET', `rooms/${newId()}/messages?${query}`, { token: kim.token })
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } })
    }
  )

  it('a wrong method is answered 405 with the right ones', async () => {
    const answer = await relay.rest('PUT', 'rooms', { token: kim.token })
    expect(answer).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } })
    expect(answer.headers.get('allow')).toBe('OPTIONS, GET, POST, HEAD')
    expect((await relay.rest('DELETE', '/healthz')).status).toBe(405)
  })

  it('a body of 10 MB is answered 413, whether its length is said or not', async () => {
    const text = JSON.stringify({ kind: 'group', name: 'x'.repeat(10_000_000) })
    const answer = await relay.rest('POST', 'rooms', { token: kim.token, text, headers: json })
    expect(answer).toMatchObject({ status: 413, body: { code: 'too-large', limit: MAX_PACKET_BYTES } })
    const stream = new Blob([text]).stream()
    const init = {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { ...json, authorization: `Bearer ${kim.token}` }
    }
    expect((await fetch(new URL('/api/v1/rooms', relay.url), init as RequestInit)).status).toBe(413)
  })

  it('a body that is not UTF-8 is refused: nothing is stored with letters that nobody sent', async () => {
    const post = async (type: string, name: Buffer): Promise<Response> =>
      fetch(new URL('/api/v1/rooms', relay.url), {
        method: 'POST',
        headers: { 'content-type': type, authorization: `Bearer ${kim.token}` },
        body: Buffer.concat([Buffer.from('{"kind":"group","name":"'), name, Buffer.from('"}')])
      })
    for (const type of ['application/json', 'application/json; charset=UTF-8'])
      expect((await post(type, Buffer.from('한글'))).status).toBe(201)
    for (const bytes of [[0xff], [0xed, 0xa0, 0x80], [0xea, 0xb0], [0xb0, 0xa1]]) {
      const answer = await post('application/json', Buffer.from(bytes))
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ code: 'invalid' })
    }
    expect((await post('application/json; charset=utf-16', Buffer.from('x'))).status).toBe(415)
  })

  it('no token, a wrong one, a malformed one and an expired one are answered 401 with a challenge', async () => {
    const cases: [RestRequest, string][] = [
      [{}, 'unauthorized'],
      [{ token: 'x'.repeat(43) }, 'unauthorized'],
      [{ token: 'x'.repeat(500) }, 'unauthorized'],
      [{ headers: { authorization: 'Basic a2ltOmtpbQ==' } }, 'unauthorized']
    ]
    for (const [request, code] of cases) {
      const answer = await relay.rest('GET', 'users', request)
      expect(answer).toMatchObject({ status: 401, body: { code } })
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="maru"/)
    }
    nowMs += TOKEN_LIFETIME_MS + 1
    expect((await relay.rest('GET', 'users', { token: kim.token })).body.code).toBe('token-expired')
  })

  it('what is no HTTP at all does not harm', async () => {
    const { port } = relay.relay
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end('\0\0 this is not HTTP \r\n\r\n'))
      socket.on('error', () => resolve()).on('close', () => resolve())
      socket.resume()
    })
    expect((await relay.rest('GET', '/healthz')).status).toBe(200)
  })
})

describe('the HTTP door', () => {
  let relay: TestRelay | undefined
  afterEach(() => relay?.stop())

  it('a fault of the relay is answered 500 without detail, and logged without what was sent', async () => {
    const lines: unknown[] = []
    const write = (text: string, details?: object): void => void lines.push([text, details])
    const log: Log = { debug: write, info: write, warn: write, error: write }
    relay = await TestRelay.start({
      log,
      wrapStorage: (storage) => overlay(storage, { memberships: () => Promise.reject(new Error('inner detail')) })
    })
    const { token } = await relay.signUp('kim')
    const answer = await relay.rest('GET', 'rooms', { token })
    expect(answer).toMatchObject({ status: 500, body: { code: 'relay-error' } })
    expect(JSON.stringify(answer.body)).not.toContain('inner detail')
    expect(JSON.stringify(lines, (_, value: unknown) => (value instanceof Error ? value.message : value))).toContain(
      'inner'
    )
    expect(JSON.stringify(lines)).not.toContain(token)
  })

  it('answers of the API are not for keeping; headers fit plain http on a LAN', async () => {
    relay = await TestRelay.start()
    const { headers } = await relay.rest('GET', 'relay')
    expect(headers.get('cache-control')).toBe('no-store')
    const policy = headers.get('content-security-policy') ?? ''
    const host = new URL(relay.url).host
    expect(policy.split(';')).toEqual([
      "default-src 'self'",
      "script-src 'self'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      `connect-src 'self' ws://${host} wss://${host}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'"
    ])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('permissions-policy')).toContain('camera=(), ')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    for (const name of ['strict-transport-security', 'x-powered-by', 'origin-agent-cluster']) {
      expect(headers.get(name)).toBeNull()
    }
  })

  it('pages of the own origin, the desktop app and CORS_ORIGINS may ask, others may not', async () => {
    relay = await TestRelay.start({ config: { corsOrigins: ['https://named.example'] } })
    for (const origin of [new URL(relay.url).origin, 'app://maru', 'https://named.example']) {
      const answer = await relay.rest('GET', 'relay', { headers: { origin } })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      const preflight = await relay.rest('OPTIONS', 'rooms', {
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-headers')).toBe('Authorization,Content-Type')
    }
    for (const origin of ['https://evil.example', 'null', 'app://maru.evil']) {
      const answer = await relay.rest('GET', 'relay', { headers: { origin } })
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin-not-allowed' } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('without a web client, / says how to build it', async () => {
    relay = await TestRelay.start({ webRoot: join(tmpdir(), 'maru-no-such-folder') })
    const { status, body } = await relay.rest<string>('GET', '/')
    expect(status).toBe(404)
    expect(body).toMatch(/^The web client is not built; `npm run build` .*\.\n$/)
  })

  it('serves the web client: its page is asked for again, its hashed files are kept', async () => {
    const webRoot = await mkdtemp(join(tmpdir(), 'maru-web-'))
    await mkdir(join(webRoot, 'assets'))
    await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Maru</title>')
    await writeFile(join(webRoot, 'assets', 'index-abc.js'), '1')
    await writeFile(join(webRoot, 'sw.js'), '2')
    relay = await TestRelay.start({ webRoot })
    const page = await relay.rest<string>('GET', '/')
    expect(page.body).toContain('Maru')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const worker = await relay.rest<string>('GET', '/sw.js')
    expect(worker.headers.get('cache-control')).toBe('no-cache')
    expect(worker.headers.get('content-type')).toMatch(/^text\/javascript/)
    const asset = await relay.rest<string>('GET', '/assets/index-abc.js')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await relay.rest('GET', '/assets/none.js')).body.code).toBe('not-found')
    await rm(webRoot, { recursive: true })
  })

  it.each([
    ['is believed when the proxy is trusted', ['127.0.0.1'], [199, 199, 198]],
    [
      'is believed for the nearest address that is no trusted proxy',
      ['127.0.0.0/8', '203.0.113.0/24'],
      [199, 198, 197]
    ],
    ['is not believed from anybody else', ['10.0.0.0/8'], [199, 198, 197]]
  ])('the word of a proxy on who asks %s', async (_words, trustedProxies, expected) => {
    relay = await TestRelay.start({ config: { rateLimit: true, trustedProxies } })
    const left: number[] = []
    for (const asker of ['203.0.113.1', '203.0.113.2', '203.0.113.1']) {
      const headers = { 'x-forwarded-for': `198.51.100.7, ${asker}` }
      const answer = await relay.rest('POST', 'sessions', { json: { username: 'nobody', password: 'guess' }, headers })
      const [, share = ''] = /"sign-in-address"; *r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '') ?? []
      left.push(Number(share))
    }
    expect(left).toEqual(expected)
  })
})
