import { io } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PING_INTERVAL_MS, PRESENCE_TTL_MS, SILENCE_LIMIT_MS, TOKEN_LIFETIME_MS } from '../../protocol/limits.ts'
import { welcomeSchema } from '../../protocol/socket.ts'
import { TestRelay } from '../testing/relay-kit.ts'

describe('connections', () => {
  let relay: TestRelay
  let nowMs = Date.parse('2026-11-20T00:00:00.000Z')
  beforeEach(async () => {
    relay = await TestRelay.start({ now: () => nowMs })
  })
  afterEach(() => relay.stop())

  /** The error that a handshake is answered with. */
  function connectError(auth: Record<string, unknown>, headers: Record<string, string> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const options = { forceNew: true, reconnection: false, transports: ['websocket'], auth, extraHeaders: headers }
      const socket = io(relay.url, options)
      socket.once('connect', () => {
        socket.disconnect()
        reject(new Error('connected'))
      })
      socket.once('connect_error', (error) => resolve('data' in error ? error.data : error.message))
    })
  }

  it.each(['websocket', 'polling'] as const)('the first word is the welcome, over %s', async (transport) => {
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim, [transport])
    expect(device.socket.io.engine.transport.name).toBe(transport)
    expect(welcomeSchema.parse(device.welcome)).toEqual(device.welcome)
    expect(device.welcome).toMatchObject({
      protocol: 1,
      user: kim.user,
      deviceId: kim.deviceId,
      answered: 0,
      epoch: relay.relay.storage.epoch,
      relay: { id: relay.relay.storage.relayId },
      serverTime: '2026-11-20T00:00:00.000Z'
    })
    const roomId = await device.createRoom()
    expect((await device.send(roomId, 'over it')).seq).toBe(2)
    await device.caughtUp()
    expect(device.heard.map(({ stream }) => stream)).toContain(`room:${roomId}`)
  })

  it('a device hears a ping often enough to notice a dead connection within 15 s, and who does not answer counts as absent in time', async () => {
    const answer = await fetch(new URL('/socket.io/?EIO=4&transport=polling', relay.url))
    const opened = await answer.text()
    expect(opened).toMatch(/^0{/)
    const { pingInterval, pingTimeout } = JSON.parse(opened.slice(1)) as { pingInterval: number; pingTimeout: number }
    expect(pingInterval).toBe(PING_INTERVAL_MS)
    expect(1.5 * pingInterval).toBeLessThan(SILENCE_LIMIT_MS)
    expect(pingInterval + pingTimeout).toBe(PRESENCE_TTL_MS)
  })

  it('a connection that begins by long-polling may become a WebSocket, and loses nothing by it', async () => {
    const kim = await relay.signUp('kim')
    const device = relay.device(kim, ['polling', 'websocket'])
    await device.connect()
    const { engine } = device.socket.io
    if (engine.transport.name !== 'websocket') await new Promise((resolve) => engine.once('upgrade', resolve))
    const roomId = await device.createRoom()
    expect((await device.send(roomId, 'over it')).seq).toBe(2)
    await device.caughtUp()
    expect(device.heard.map(({ stream }) => stream)).toContain(`room:${roomId}`)
  })

  async function renewAsNew(token: string): Promise<{ deviceId: string; token: string }> {
    const json = { asNewDevice: true }
    return (await relay.rest<{ deviceId: string; token: string }>('POST', 'sessions/renew', { token, json })).body
  }

  it('the welcome says how far the device was answered', async () => {
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim)
    const roomId = await device.createRoom()
    await device.send(roomId, 'two')
    expect((await device.connect()).answered).toBe(2)
  })

  it('a handshake that fails says why in its data', async () => {
    const { token } = await relay.signUp('kim')
    expect(await connectError({ token, protocol: 0 })).toMatchObject({ code: 'protocol-too-old' })
    expect(await connectError({ token })).toMatchObject({ code: 'protocol-too-old' })
    expect(await connectError({ token, protocol: 2 })).toMatchObject({ code: 'protocol-too-new', limit: 1 })
    expect(await connectError({ protocol: 1 })).toMatchObject({ code: 'unauthorized', field: 'token' })
    expect(await connectError({ token: { not: 'text' }, protocol: 1 })).toMatchObject({ code: 'unauthorized' })
    expect(await connectError({ token: `${token}x`, protocol: 1 })).toMatchObject({ code: 'unauthorized' })
    nowMs += TOKEN_LIFETIME_MS + 1
    expect(await connectError({ token, protocol: 1 })).toMatchObject({ code: 'token-expired' })
  })

  it('a page of a foreign origin cannot connect; the desktop app and the own page can', async () => {
    const kim = await relay.signUp('kim')
    const auth = { token: kim.token, protocol: 1 }
    expect(await connectError(auth, { origin: 'https://evil.example' })).toBe('websocket error')
    await expect(connectError(auth, { origin: 'app://maru' })).rejects.toThrow('connected')
    await expect(connectError(auth, { origin: new URL(relay.url).origin })).rejects.toThrow('connected')
  })

  it('a revoked session is told so and its connections end, those of other devices stay', async () => {
    const kim = await relay.signUp('kim')
    const second = { ...kim, ...(await renewAsNew(kim.token)) }
    const [one, two] = [await relay.connect(kim), await relay.connect(second)]
    const ended = two.ended()
    const { status } = await relay.rest('DELETE', `sessions/${second.deviceId}`, { token: kim.token })
    expect(status).toBe(204)
    expect(await ended).toBe('io server disconnect')
    expect(two.notices).toMatchObject([{ code: 'session-ended' }])
    await one.caughtUp()
    expect(one.notices).toEqual([])
    await expect(two.connect()).rejects.toMatchObject({ data: { code: 'unauthorized' } })
  })

  it('a connection whose session expires hears it from its next request and stays open', async () => {
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim)
    nowMs += TOKEN_LIFETIME_MS + 1
    expect(await device.ask('sync:push', { settled: 0, operations: [] })).toMatchObject({
      ok: false,
      error: { code: 'token-expired' }
    })
    expect(device.socket.connected).toBe(true)
  })

  it('renewing a token leaves the open connection alone and ends the old token', async () => {
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim)
    const renewed = await relay.rest<{ token: string; deviceId: string }>('POST', 'sessions/renew', {
      token: kim.token
    })
    expect(renewed.body.deviceId).toBe(kim.deviceId)
    await device.createRoom()
    expect((await relay.rest('GET', 'users', { token: kim.token })).status).toBe(401)
    expect((await relay.rest('GET', 'users', { token: renewed.body.token })).status).toBe(200)
  })

  it('a relay that stops says so, and clients are free to come back by themselves', async () => {
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim)
    const ended = device.ended()
    await relay.restart()
    expect(await ended).toBe('transport close')
    expect(device.notices).toMatchObject([{ code: 'relay-stopping' }])
    const before = device.welcome
    const after = await device.connect()
    expect(after.epoch).toBeGreaterThan(before?.epoch ?? 0)
    expect(after.relay.id).toBe(before?.relay.id)
  })
})
