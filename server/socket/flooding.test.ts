// Who sends too much, too often or over too many connections: slowed, then ended with a notice, and nobody else feels it.
import { connect } from 'node:net'
import type { Socket as TcpSocket } from 'node:net'
import { io } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ADDRESS_WRONG_TOKENS,
  CONNECTION_PACKETS,
  DEVICE_EVENTS,
  MAX_ADDRESS_UNKNOWN_CONNECTIONS,
  MAX_REFUSAL_DELAY_MS,
  MAX_USER_CONNECTIONS
} from '../../protocol/limits.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

describe('flooding by socket', () => {
  let relay: TestRelay
  let nowMs: number
  let waits: number[]
  let kim: Person
  let lee: Person
  const open: TcpSocket[] = []
  beforeEach(async () => {
    nowMs = Date.parse('2026-11-20T12:00:00.000Z')
    waits = []
    relay = await TestRelay.start({
      config: { rateLimit: true, trustedProxies: ['127.0.0.1'] },
      now: () => nowMs,
      // Every wait of a refusal is over at once, and noted; what is longer is none.
      timer: (ms, run) => {
        if (ms > MAX_REFUSAL_DELAY_MS) return () => undefined
        waits.push(ms)
        const handle = setImmediate(run)
        return () => clearImmediate(handle)
      }
    })
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
  })
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy()
    await relay.stop()
  })

  const pull = { wants: [{ kind: 'changes', stream: 'users', since: 0, epoch: 0 }] }
  const ask = (device: TestDevice) =>
    device.ask<{ ok: boolean; error?: { code: string; retryAfterMs?: number } }>('sync:pull', pull)

  it('a device above its share of events is answered rate-limited, later and later; another one is not', async () => {
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    for (let event = 0; event < DEVICE_EVENTS.burst; event++) expect(await ask(kims)).toMatchObject({ ok: true })
    waits = []
    const refused = await ask(kims)
    expect(refused).toMatchObject({ ok: false, error: { code: 'rate-limited', retryAfterMs: 10 } })
    expect(waits).toEqual([10])
    expect(await ask(lees)).toMatchObject({ ok: true })
    nowMs += 10
    expect(await ask(kims)).toMatchObject({ ok: true })
  })

  it('a connection that goes on is ended with a notice; the device may come again', async () => {
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    const ended = kims.ended()
    for (let packet = 0; packet <= CONNECTION_PACKETS.burst; packet++) kims.socket.emit('anything')
    await ended
    expect(kims.notices.at(-1)).toMatchObject({ code: 'rate-limited' })
    await lees.caughtUp()
    expect(lees.notices).toEqual([])
    await kims.connect()
  })

  function connectError(token: string, address: string): Promise<{ code: string; retryAfterMs?: number }> {
    return new Promise((resolve) => {
      const socket = io(relay.url, {
        forceNew: true,
        reconnection: false,
        transports: ['websocket'],
        auth: { token, protocol: 1 },
        extraHeaders: { 'x-forwarded-for': address }
      })
      socket.once('connect', () => {
        socket.disconnect()
        resolve({ code: 'connected' })
      })
      socket.once('connect_error', (error) => {
        resolve('data' in error ? (error.data as { code: string }) : { code: error.message })
      })
    })
  }

  it('wrong tokens, by socket and by REST, are bounded for an address; right ones are never refused for them', async () => {
    const address = '203.0.113.5'
    const rest = (token: string) =>
      relay.rest<{ code?: string }>('GET', 'users', { token, headers: { 'x-forwarded-for': address } })
    for (let token = 0; token < ADDRESS_WRONG_TOKENS.burst / 2; token++) {
      expect(await connectError('wrong', address)).toMatchObject({ code: 'unauthorized' })
      expect((await rest('wrong')).body.code).toBe('unauthorized')
    }
    expect(await connectError('wrong', address)).toMatchObject({ code: 'rate-limited', retryAfterMs: 1_000 })
    const refused = await rest('wrong')
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited', retryAfterMs: 1_000 } })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await connectError(kim.token, address)).toEqual({ code: 'connected' })
    expect((await rest(kim.token)).status).toBe(200)
    expect(await connectError('wrong', '203.0.113.6')).toMatchObject({ code: 'unauthorized' })
  })

  /** A connection that has not said who it is; resolves with the status of the upgrade. */
  function stranger(address: string): Promise<number> {
    return new Promise((resolve) => {
      const socket = connect(relay.relay.port, '127.0.0.1', () => {
        socket.write(
          `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
            `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Forwarded-For: ${address}\r\n\r\n`
        )
      })
      open.push(socket)
      socket.once('data', (data) => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1])))
      socket.on('error', () => resolve(0))
    })
  }

  it('connections that say not who they are: so many of an address, and who does gives the place back', async () => {
    const address = '203.0.113.5'
    const statuses: number[] = []
    for (let index = 0; index < MAX_ADDRESS_UNKNOWN_CONNECTIONS; index++) statuses.push(await stranger(address))
    expect(new Set(statuses)).toEqual(new Set([101]))
    expect(await stranger(address)).toBe(400)
    expect(await stranger('203.0.113.6')).toBe(101)
    const closed = new Promise((resolve) => open[0]?.once('close', resolve))
    open[0]?.destroy()
    await closed
    for (let attempt = 0; (await stranger(address)) !== 101; attempt++) expect(attempt).toBeLessThan(1_000)
    // Known ones do not count.
    for (const socket of open.splice(0)) socket.destroy()
    for (let index = 0; index < 20; index++)
      expect(await connectError(kim.token, address)).toEqual({ code: 'connected' })
  }, 30_000)

  it('connections of one user: so many', async () => {
    for (let index = 0; index < MAX_USER_CONNECTIONS; index++) await relay.connect(kim)
    await expect(relay.connect(kim)).rejects.toMatchObject({ data: { code: 'rate-limited' } })
    await relay.connect(lee)
  }, 30_000)
})
