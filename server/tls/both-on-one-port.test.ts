// One port for https and plain http: real sockets, real handshakes.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { request as askSecurely } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hearTlsToo } from './both-on-one-port.ts'
import type { TlsSide } from './both-on-one-port.ts'
import { makeCertificate } from './make-certificate.ts'

const PATIENCE_MS = 150

let pem = ''
beforeAll(async () => {
  pem = await makeCertificate([], Date.now())
})

let http: Server
let tls: TlsSide
let port = 0
const seen: string[] = []
let accepted = 0

beforeEach(async () => {
  accepted = 0
  seen.length = 0
  http = createServer(
    { headersTimeout: 300, requestTimeout: 300, connectionsCheckingInterval: 20 },
    (request, response) => {
      const how = 'encrypted' in request.socket ? 'tls' : 'plain'
      seen.push(`${how} ${request.method} ${request.url}`)
      response.setHeader('x-how', how)
      const body: Buffer[] = []
      request.on('data', (bytes: Buffer) => body.push(bytes))
      request.on('end', () => response.end(Buffer.concat(body)))
    }
  )
  tls = hearTlsToo(http, pem, PATIENCE_MS)
  http.on('connection', () => (accepted += 1))
  http.on('upgrade', (_request, socket: Socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    socket.pipe(socket)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  port = (http.address() as AddressInfo).port
})

afterEach(async () => {
  const closed = new Promise((resolve) => http.close(resolve))
  http.closeAllConnections()
  tls.closeUnheard()
  await closed
})

/** What comes back on a connection until it ends; `end` says that we have nothing more to say. */
async function said(socket: Socket, words: string | Buffer, { end = false } = {}): Promise<string> {
  let text = ''
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
  socket.on('error', () => undefined)
  if (words.length > 0) socket.write(words)
  if (end) socket.end()
  await once(socket, 'close')
  return text
}

const ask = 'GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
const plain = (): Socket => connect(port, '127.0.0.1')
const secure = (): Socket => connectSecurely({ port, host: '127.0.0.1', ca: pem, checkServerIdentity: () => undefined })

describe('one port for https and plain http', () => {
  it('answers both, and the request knows how it came', async () => {
    expect(await said(plain(), ask)).toMatch(/^HTTP\/1\.1 200 OK\r\nx-how: plain/)
    expect(await said(secure(), ask)).toMatch(/^HTTP\/1\.1 200 OK\r\nx-how: tls/)
    expect(seen).toEqual(['plain GET /a', 'tls GET /a'])
    expect(accepted).toBe(2)
  })

  it.each(['plain', 'tls'])('a request that comes byte by byte loses none of them (%s)', async (how) => {
    const socket = how === 'plain' ? plain() : secure()
    const answer = said(socket, '')
    for (const byte of 'POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello') {
      await new Promise<void>((resolve) => socket.write(byte, () => resolve()))
    }
    expect(await answer).toMatch(/hello/)
  })

  it.each(['plain', 'tls'])('upgrades (web sockets) work, with what was sent along (%s)', async (how) => {
    const socket = how === 'plain' ? plain() : secure()
    socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    let text = ''
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()))
    while (!text.endsWith('\r\n\r\n')) await once(socket, 'data')
    socket.write('ping')
    while (!text.endsWith('ping')) await once(socket, 'data')
    expect(text).toMatch(/^HTTP\/1\.1 101 /)
    socket.destroy()
  })

  it('a large body comes through whole, by TLS', async () => {
    const body = Buffer.alloc(3_000_000, 'maru')
    const request = askSecurely({
      port,
      host: '127.0.0.1',
      ca: pem,
      checkServerIdentity: () => undefined,
      method: 'POST'
    })
    request.end(body)
    const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>]
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part)
    expect(Buffer.concat(parts).equals(body)).toBe(true)
  })

  it.each([
    ['nothing of TLS and nothing of HTTP', Buffer.from([0x00, 0x01, 0xff, 0x0a, 0x0a])],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a handshake that is none', Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 1, 2, 3, 4, 5])],
    ['an alert instead of a handshake', Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])]
  ])('garbage is ended and hurts nobody else: %s', async (_what, bytes) => {
    await said(plain(), bytes)
    expect(seen).toEqual([])
    expect(await said(plain(), ask)).toMatch(/^HTTP\/1\.1 200/)
    expect(await said(secure(), ask)).toMatch(/^HTTP\/1\.1 200/)
  })

  it('a connection that says nothing is ended, and so is a handshake that never comes to its end', async () => {
    expect(await said(plain(), '')).toBe('')
    // Whoever counts connections has counted it, although it never said what it is.
    expect(accepted).toBe(1)
    const begun = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])
    expect(await said(plain(), begun)).toBe('')
    // Some bytes of it from time to time make it last no longer.
    const socket = plain()
    const beganMs = performance.now()
    const ended = said(socket, begun)
    const drip = setInterval(() => socket.writable && socket.write(Buffer.from([0x01])), PATIENCE_MS / 5)
    const end = await ended.catch(({ code }: NodeJS.ErrnoException) => code)
    clearInterval(drip)
    // A byte that comes after the end is answered with a reset.
    expect(['', 'ECONNRESET']).toContain(end)
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(PATIENCE_MS - 20)
  })

  it('one that is closed before it has spoken is forgotten', async () => {
    expect(await said(plain(), '', { end: true })).toBe('')
    const socket = plain()
    await once(socket, 'connect')
    socket.resetAndDestroy()
    expect(await said(plain(), ask)).toMatch(/^HTTP\/1\.1 200/)
  })

  it.each(['plain', 'tls'])('headers that come slowly are not waited for (%s)', async (how) => {
    const text = await said(how === 'plain' ? plain() : secure(), 'GET /a HTTP/1.1\r\nHost: ')
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('ends all connections at the end, whatever they are in the middle of', async () => {
    const silent = plain()
    const shaking = plain()
    shaking.write(Buffer.from([0x16, 0x03]))
    const idle = secure()
    idle.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(idle, 'data')
    const all = Promise.all([silent, shaking, idle].map((socket) => said(socket, '')))
    const closed = new Promise((resolve) => http.close(resolve))
    http.closeAllConnections()
    tls.closeUnheard()
    await Promise.all([all, closed])
    expect(http.listening).toBe(false)
    http.listen(port, '127.0.0.1')
    await once(http, 'listening')
  })

  it('leaves those alone that are heard', async () => {
    const heard = [plain(), secure()]
    for (const socket of heard) {
      socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(socket, 'data')
    }
    tls.closeUnheard()
    const answers = heard.map((socket) => said(socket, ask))
    expect(await Promise.all(answers)).toEqual([0, 1].map(() => expect.stringMatching(/^HTTP\/1\.1 200/)))
  })

  it('who goes in the middle of a handshake has gone, however patient the relay is', async () => {
    const patient = createServer()
    hearTlsToo(patient, pem, 600_000)
    patient.listen(0, '127.0.0.1')
    await once(patient, 'listening')
    const { port } = patient.address() as AddressInfo
    for (const begun of [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), Buffer.alloc(0)]) {
      expect(await said(connect(port, '127.0.0.1'), begun, { end: true })).toBe('')
    }
    await new Promise((resolve) => patient.close(resolve))
  })

  it('comes before anybody else listens', () => {
    const bare = createServer()
    bare.removeAllListeners('connection')
    expect(() => hearTlsToo(bare, pem, PATIENCE_MS)).toThrow('listens for its connections')
  })
})
