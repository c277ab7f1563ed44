// A relay with a certificate of its own: all of it works by https and, on the same port, by plain http.
import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as askPlainly } from 'node:http'
import { request as askSecurely } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { connect as connectSecurely } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { welcomeSchema } from '../protocol/socket.ts'
import { openAdminLink } from './commands/admin-link.ts'
import { TestRelay } from './testing/relay-kit.ts'
import type { TestRelayOptions } from './testing/relay-kit.ts'

let relay: TestRelay
let sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  await relay.stop()
})

/** The url is https then, which `TestRelay` itself does not trust: plain http is asked beside it. */
async function start(config: TestRelayOptions['config'] = {}, more: TestRelayOptions = {}): Promise<void> {
  relay = await TestRelay.start({ config: { tls: 'own', ...config }, ...more })
}

const plainUrl = () => `http://127.0.0.1:${relay.relay.port}`
const secureUrl = () => `https://127.0.0.1:${relay.relay.port}`
const pem = () => readFile(join(relay.dataDir, 'tls', 'own.pem'), 'utf8')

/** As an app that pins: whoever vouches for it, another certificate is none. */
function pinned(fingerprint: string, ca: string) {
  const checkServerIdentity = (_host: string, { raw }: PeerCertificate): Error | undefined =>
    createHash('sha256').update(raw).digest('hex') === fingerprint ? undefined : new Error('another certificate')
  return { ca, checkServerIdentity, agent: false as const }
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

async function get(path: string, { secure = false, fingerprint = '', host = '' } = {}): Promise<Answer> {
  const headers = host === '' ? {} : { host }
  const pin = fingerprint === '' ? (relay.relay.fingerprint ?? '') : fingerprint
  const request = secure
    ? askSecurely(secureUrl() + path, { headers, ...pinned(pin, await pem()) })
    : askPlainly(plainUrl() + path, { headers, agent: false })
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const part of response) text += String(part)
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

async function signUp(): Promise<string> {
  const body = { username: 'kim', password: 'a long password', displayName: 'Kim', invite: relay.relay.ownerCode }
  const answer = await fetch(`${plainUrl()}/api/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body)
  })
  return z.object({ token: z.string() }).parse(await answer.json()).token
}

describe('a relay with a certificate of its own', () => {
  it('speaks https and plain http on one port, and says which certificate it is', async () => {
    await start()
    expect(relay.url).toBe(`https://127.0.0.1:${relay.relay.port}/`)
    const { raw } = new X509Certificate(await pem())
    expect(relay.relay.fingerprint).toBe(createHash('sha256').update(raw).digest('hex'))
    for (const secure of [true, false]) {
      for (const path of ['/healthz', '/readyz', '/api/v1/relay'])
        expect((await get(path, { secure })).status).toBe(200)
    }
  })

  it('who pins another one gets nothing at all', async () => {
    await start()
    await expect(get('/healthz', { secure: true, fingerprint: 'a'.repeat(64) })).rejects.toThrow('another certificate')
  })

  it('sockets are welcomed both ways', async () => {
    await start()
    const token = await signUp()
    const options = { transports: ['websocket'], auth: { token, protocol: 1 }, forceNew: true, reconnection: false }
    const secure = { ...pinned(relay.relay.fingerprint ?? '', await pem()), rejectUnauthorized: true }
    for (const [url, more] of [
      [secureUrl(), secure],
      [plainUrl(), {}]
    ] as const) {
      const socket = io(url, { ...options, ...more })
      sockets.push(socket)
      const welcome = await new Promise((resolve, reject) => {
        socket.once('relay:welcome', resolve)
        socket.once('connect_error', reject)
      })
      expect(welcomeSchema.parse(welcome).user.username).toBe('kim')
    }
    expect(await relay.relay.connected()).toEqual({ people: 1, devices: 1, names: ['Kim'] })
  })

  it('headers are right for how a request came: nothing asks plain http for https', async () => {
    await start()
    const [secure, plain] = [
      await get('/', { secure: true, host: '192.168.0.7' }),
      await get('/', { host: '192.168.0.7' })
    ]
    expect(secure.headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(plain.headers['cross-origin-opener-policy']).toBeUndefined()
    for (const { headers } of [secure, plain]) {
      expect(headers['strict-transport-security']).toBeUndefined()
      expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
      expect(headers['content-security-policy']).toContain('ws://192.168.0.7 wss://192.168.0.7')
    }
    const foreign = await get('/api/v1/relay', { secure: true, host: 'evil.example' })
    expect(foreign.status).toBe(403)
  })

  it('commands reach it by its door', async () => {
    await start()
    const link = await openAdminLink(
      {
        dataDir: relay.dataDir,
        host: '',
        port: 0,
        registration: 'invite',
        corsOrigins: [],
        trustedProxies: [],
        rateLimit: true,
        logLevel: 'silent'
      },
      Date.now
    )
    expect(link.running).toBe(true)
    expect(await link.ask('GET', '/admin', z.object({ version: z.string() }))).toBeDefined()
    await link.close()
  })

  it('is the same after a restart; damaged, it stops the start with a sentence', async () => {
    await start()
    const before = relay.relay.fingerprint
    await relay.restart()
    expect(relay.relay.fingerprint).toBe(before)
    await writeFile(join(relay.dataDir, 'tls', 'own.pem'), 'half of')
    await expect(relay.restart()).rejects.toThrow(/own\.pem is damaged: restore it from a backup/)
  })

  it('stops while somebody is connected who says nothing, half a handshake or half a request', async () => {
    await start()
    const port = relay.relay.port
    const silent = connect(port, '127.0.0.1')
    const shaking = connect(port, '127.0.0.1')
    await Promise.all([once(silent, 'connect'), once(shaking, 'connect')])
    shaking.write(Buffer.from([0x16, 0x03, 0x01]))
    silent.on('error', () => undefined)
    shaking.on('error', () => undefined)
    const asking = connect(port, '127.0.0.1').on('error', () => undefined)
    asking.write(
      'POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{'
    )
    const tlsAsking = connectSecurely({
      port,
      host: '127.0.0.1',
      ...pinned(relay.relay.fingerprint ?? '', await pem())
    })
    tlsAsking.on('error', () => undefined)
    await once(tlsAsking, 'secureConnect')
    tlsAsking.write('GET /api/v1/relay HTTP/1.1\r\nHost: ')
    const closed = Promise.all([silent, shaking, asking, tlsAsking].map((socket) => once(socket, 'close')))
    await relay.relay.stop()
    await closed
    await expect(get('/healthz')).rejects.toThrow('ECONNREFUSED')
  })
})
