// What the HTTP door withstands: slow and large requests, many connections, foreign names; and its headers where people really open it.
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  ADDRESS_SIGN_INS,
  HEADERS_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  MAX_URL_CHARS,
  NAME_AND_ADDRESS_DELAYS,
  REQUEST_TIMEOUT_MS,
  USER_NEW_DEVICES
} from '../../protocol/limits.ts'
import { HTTP_BOUNDS } from '../relay.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

let relay: TestRelay
afterEach(() => relay.stop())

/** As `fetch`, which lets nobody choose the Host. */
function get(
  path: string,
  headers: Record<string, string>
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: relay.relay.port, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    request.on('error', reject).end()
  })
}

/** What the relay answers to these bytes, until it ends the connection. */
async function raw(text: string): Promise<string> {
  const socket = connect(relay.relay.port, '127.0.0.1')
  let said = ''
  socket.setEncoding('utf8').on('data', (part: string) => (said += part))
  socket.on('error', () => undefined)
  socket.write(text)
  await once(socket, 'close')
  return said
}

describe('requests that are too large or too slow', () => {
  it('headers above their bound are answered 431, an address above its 413', async () => {
    relay = await TestRelay.start()
    const head = `GET /api/v1/relay HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Large: ${'x'.repeat(MAX_HEADER_BYTES)}\r\n\r\n`
    expect(await raw(head)).toMatch(/^HTTP\/1\.1 431 /)
    const long = await get(`/api/v1/${'x'.repeat(MAX_URL_CHARS)}`, { host: '127.0.0.1' })
    expect([long.status, JSON.parse(long.text)]).toMatchObject([413, { code: 'too-large', limit: MAX_URL_CHARS }])
    expect((await get('/healthz', { host: '127.0.0.1' })).status).toBe(200)
  })

  it('who sends headers or a body slowly is not waited for (slowloris)', async () => {
    expect(HTTP_BOUNDS).toMatchObject({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS })
    relay = await TestRelay.start({
      httpBounds: { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 }
    })
    expect(await raw('GET /api/v1/relay HTTP/1.1\r\nHost: 127.')).toMatch(/^HTTP\/1\.1 408 /)
    const begun =
      'POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
    expect(await raw(begun)).toMatch(/^HTTP\/1\.1 408 /)
    expect((await get('/healthz', { host: '127.0.0.1' })).status).toBe(200)
  })
})

describe('asking too often', () => {
  it('an address has a share of sign-ins, whatever their outcome, and is told when to come again', async () => {
    let nowMs = 1_800_000_000_000
    relay = await TestRelay.start({ config: { rateLimit: true, trustedProxies: ['127.0.0.1'] }, now: () => nowMs })
    await relay.signUp('kim')
    const headers = { 'x-forwarded-for': '203.0.113.5' }
    const attempt = (json: object) => relay.rest('POST', 'sessions', { json, headers })
    const many = await Promise.all(Array.from({ length: ADDRESS_SIGN_INS.burst }, () => attempt({})))
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([400]))
    const limited = await attempt({ username: 'kim', password: 'password of kim' })
    const retryAfterMs = 1_000 / ADDRESS_SIGN_INS.perSecond
    expect(limited).toMatchObject({ status: 429, body: { code: 'rate-limited', retryAfterMs } })
    expect(limited.headers.get('retry-after')).toBe(String(Math.ceil(retryAfterMs / 1_000)))
    expect((await relay.rest('POST', 'sessions', { json: {} })).status).toBe(400)
    nowMs += retryAfterMs
    expect((await attempt({ username: 'kim', password: 'password of kim' })).status).toBe(201)
  }, 30_000)

  it('wrong passwords wait longer each time, for this name from this address; the device that was signed in goes on', async () => {
    let nowMs = 1_800_000_000_000
    relay = await TestRelay.start({ config: { rateLimit: true, trustedProxies: ['127.0.0.1'] }, now: () => nowMs })
    const kim = await relay.signUp('kim')
    const attempt = (password: string, address: string, more: object = {}) =>
      relay.rest('POST', 'sessions', {
        json: { username: 'kim', password, ...more },
        headers: { 'x-forwarded-for': address }
      })
    const [here, there] = ['203.0.113.5', '203.0.113.6']
    for (let index = 0; index <= NAME_AND_ADDRESS_DELAYS.free; index++)
      expect((await attempt('wrong', here)).status).toBe(401)
    const limited = await attempt('password of kim', here)
    expect(limited).toMatchObject({ status: 429, body: { code: 'rate-limited', retryAfterMs: 1_000 } })
    expect(limited.headers.get('retry-after')).toBe('1')
    // Nobody is told by it whether there is such a name.
    for (let index = 0; index <= NAME_AND_ADDRESS_DELAYS.free; index++) {
      const json = { username: 'nobody', password: 'wrong' }
      await relay.rest('POST', 'sessions', { json, headers: { 'x-forwarded-for': there } })
    }
    const json = { username: 'nobody', password: 'wrong' }
    const nobody = await relay.rest('POST', 'sessions', { json, headers: { 'x-forwarded-for': there } })
    expect(nobody.body).toEqual(limited.body)

    expect((await attempt('password of kim', here, { deviceId: kim.deviceId })).status).toBe(201)
    expect((await attempt('password of kim', there)).status).toBe(201)
    nowMs += 1_000
    expect((await attempt('wrong', here)).status).toBe(401)
    expect((await attempt('wrong', here)).body.retryAfterMs).toBe(2_000)
  })
})

describe('names and headers, where people open it', () => {
  it('a page whose own name was made to lead here is refused; addresses, local names and PUBLIC_URL are not', async () => {
    relay = await TestRelay.start({ config: { publicUrl: 'https://chat.example.org/' } })
    for (const host of [
      '127.0.0.1:4100',
      '192.168.0.7',
      '[2001:db8::1]',
      'localhost',
      'nas',
      'maru.local',
      'chat.example.org'
    ])
      expect((await get('/api/v1/relay', { host })).status).toBe(200)
    for (const path of ['/api/v1/relay', '/socket.io/?EIO=4&transport=polling']) {
      expect((await get(path, { host: 'evil.example' })).status).toBe(403)
      expect((await get(path, { host: 'evil.example', origin: 'http://evil.example' })).status).toBe(403)
      expect((await get(path, { host: 'evil.example', origin: 'app://maru' })).status).toBe(200)
    }
    expect((await get('/healthz', { host: 'evil.example' })).status).toBe(200)
  })

  it.each([
    ['this machine', {}, '127.0.0.1:4100', 'same-origin'],
    ['this machine, IPv6', {}, '[::1]:4100', 'same-origin'],
    ['an address on a LAN, where browsers would not heed it', {}, '192.168.0.7:4100', undefined],
    ['a name with TLS', { publicUrl: 'https://chat.example.org/' }, 'chat.example.org', 'same-origin'],
    ['a name without', { publicUrl: 'http://chat.example.org/' }, 'chat.example.org', undefined]
  ])('pages are kept apart from windows that opened them on %s', async (_words, config, host, expected) => {
    relay = await TestRelay.start({ config })
    const { headers } = await get('/', { host })
    expect(headers['cross-origin-opener-policy']).toBe(expected)
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['strict-transport-security']).toBeUndefined()
  })

  it('a user makes few devices out of one: each has the shares of a device', async () => {
    let now = Date.parse('2026-11-21T00:00:00.000Z')
    relay = await TestRelay.start({ config: { rateLimit: true }, now: () => now })
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    let last = kim
    const renew = (by: Person, json: object) =>
      relay.rest<Person & { code?: string; retryAfterMs?: number }>('POST', 'sessions/renew', { token: by.token, json })
    for (let made = 0; made < USER_NEW_DEVICES.burst; made++) {
      const { status, body } = await renew(last, { asNewDevice: true })
      expect(status).toBe(201)
      last = body
    }
    // Neither by the first nor by the last of them.
    for (const by of [kim, last]) {
      const { status, body } = await renew(by, { asNewDevice: true })
      expect([status, body.code]).toEqual([429, 'rate-limited'])
    }
    expect((await renew(last, {})).status).toBe(201)
    expect((await renew(lee, { asNewDevice: true })).status).toBe(201)
    now += 1_000 / USER_NEW_DEVICES.perSecond
    expect((await renew(kim, { asNewDevice: true })).status).toBe(201)
  })

  it.each([
    ['/socket.io/?EIO=4&transport=polling', {}, 200],
    ['/socket.io/?EIO=4&transport=polling', { origin: 'http://evil.example' }, 403],
    ['/socket.io/?EIO=4&transport=polling&sid=unknown', {}, 400],
    ['/socket.io/', {}, 400]
  ])('answers of long-polling carry the headers of answers: %s %o', async (path, more, expected) => {
    relay = await TestRelay.start()
    const { status, headers } = await get(path, { host: '127.0.0.1', ...more })
    expect(status).toBe(expected)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin'
    })
  })

  it('links with a code lead to the client with the code behind the hash, kept by nobody on the way', async () => {
    const webRoot = await mkdtemp(join(tmpdir(), 'maru-web-'))
    await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Maru</title>')
    relay = await TestRelay.start({ webRoot })
    for (const path of ['/join/apple-river', '/reset/%EA%B9%80/apple-river']) {
      const { status, headers } = await get(path, { host: '127.0.0.1' })
      expect([status, headers.location]).toEqual([302, `/#${path}`])
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    }
    for (const path of ['/join', '/join/a/b', '/reset/kim', '/join/%E0%A4%A'])
      expect((await get(path, { host: '127.0.0.1' })).status).toBeGreaterThanOrEqual(400)
    expect((await get('/join/%0d%0aX-Evil:%201', { host: '127.0.0.1' })).headers).not.toHaveProperty('x-evil')
    expect((await get('/join//evil.example', { host: '127.0.0.1' })).headers.location ?? '').not.toMatch(/^\/\//)
    await rm(webRoot, { recursive: true })
  })
})
