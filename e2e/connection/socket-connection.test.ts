// The client's connection against a real Socket.IO server, scripted as a relay would behave or misbehave.
import { createServer } from 'node:http'
import type { AddressInfo, Socket as NetSocket } from 'node:net'
import { filter, firstValueFrom } from 'rxjs'
import { Server } from 'socket.io'
import type { Socket } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import type { Welcome } from '../../protocol/socket.ts'
import type { Connection, ConnectionStatus } from '../../src-renderer/connection/connection.ts'
import { startConnection } from '../../src-renderer/connection/socket-connection.ts'
import type { ConnectionOptions } from '../../src-renderer/connection/socket-connection.ts'
import type { Surroundings } from '../../src-renderer/connection/surroundings.ts'
import { createVirtualClock } from '../../src-renderer/sync/testing/virtual-clock.ts'

const welcome: Welcome = {
  protocol: 1,
  relay: { id: 'relay-1', version: 'test' },
  epoch: 3,
  user: {
    type: 'user',
    rev: 1,
    id: '01a1f000-0000-7000-8000-000000000001',
    username: 'anna',
    displayName: 'Anna',
    role: 'owner',
    createdAt: '2026-01-01T00:00:00.000Z'
  },
  deviceId: 'device-1',
  answered: 0,
  serverTime: '2026-01-01T00:00:00.000Z'
}
const ends: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Relay {
  url: string
  server: Server
  /** Transport of each connection, in order. */
  transports: string[]
  /** Raw connections, to stop carrying anything. */
  cables: Set<NetSocket>
  stop: () => Promise<void>
}

/** A server that welcomes everybody, unless told otherwise. Short pings, so that tests need not wait. */
async function startRelay(
  options: { onSocket?: (socket: Socket) => void; refuse?: { code: string; message: string }; upgrades?: boolean } = {}
): Promise<Relay> {
  const http = createServer()
  const cables = new Set<NetSocket>()
  http.on('connection', (cable) => cables.add(cable))
  const server = new Server(http, { pingInterval: 50, pingTimeout: 50, serveClient: false })
  // A network that lets no WebSocket through.
  if (options.upgrades === false) {
    http.removeAllListeners('upgrade')
    http.on('upgrade', (_request, cable: NetSocket) => cable.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
  }
  const transports: string[] = []
  server.use((_socket, next) => {
    if (options.refuse) next(Object.assign(new Error(options.refuse.message), { data: options.refuse }))
    else next()
  })
  server.on('connection', (socket) => {
    transports.push(socket.conn.transport.name)
    if (options.onSocket) options.onSocket(socket)
    else socket.emit('relay:welcome', welcome)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const stop = async (): Promise<void> => {
    for (const cable of cables) cable.destroy()
    await server.close()
  }
  ends.push(stop)
  return { url: `http://127.0.0.1:${port}`, server, transports, cables, stop }
}

function connect(url: string, options: Partial<ConnectionOptions> = {}): { connection: Connection; seen: string[] } {
  const connection = startConnection({ url, token: 'token-1', random: () => 0, ...options })
  const seen: string[] = []
  connection.status.subscribe((status) =>
    seen.push('reason' in status ? `${status.name} ${status.reason}` : status.name)
  )
  ends.push(() => connection.stop())
  return { connection, seen }
}

const reached = async (connection: Connection, name: ConnectionStatus['name']): Promise<ConnectionStatus> =>
  firstValueFrom(connection.status.pipe(filter((status) => status.name === name)))

test('connected only after the welcome, which a late subscriber hears too', async () => {
  const sockets: Socket[] = []
  const { url } = await startRelay({ onSocket: (socket) => void sockets.push(socket) })
  const connection = startConnection({ url, token: 'token-1' })
  ends.push(() => connection.stop())
  await expect.poll(() => sockets.length).toBe(1)
  expect(sockets[0]?.handshake.auth).toEqual({ token: 'token-1', protocol: 1 })
  expect(await firstValueFrom(connection.status)).toEqual({ name: 'connecting' })
  sockets[0]?.emit('relay:welcome', welcome)
  await reached(connection, 'connected')
  expect(await firstValueFrom(connection.welcomed)).toEqual(welcome)
})

test('a disconnect by the relay, after which Socket.IO would stay away, is followed by a new try', async () => {
  const { url, server, transports } = await startRelay()
  const { connection, seen } = connect(url)
  await reached(connection, 'connected')
  server.disconnectSockets(true)
  await expect.poll(() => transports.length).toBe(2)
  await reached(connection, 'connected')
  expect(seen).toEqual(['connecting', 'connected', 'waiting unreachable', 'connecting', 'connected'])
})

test.each([
  ['unauthorized', 'ended signed-out'],
  ['token-expired', 'ended signed-out'],
  ['protocol-too-old', 'ended client-too-old'],
  ['protocol-too-new', 'ended relay-too-old'],
  ['rate-limited', 'waiting unreachable'],
  ['relay-stopping', 'waiting relay-stopping'],
  ['moon-phase', 'waiting unreachable']
])('a handshake refused with %s is %s', async (code, expected) => {
  const { url } = await startRelay({ refuse: { code, message: 'no' } })
  const { seen } = connect(url, { clock: createVirtualClock() })
  await expect.poll(() => seen).toEqual(['connecting', expected])
})

test('nobody there: waiting, longer each time, and a try at once when asked or woken', async () => {
  const { url, stop } = await startRelay()
  await stop()
  const clock = createVirtualClock()
  let wake = (): void => {}
  const surroundings: Surroundings = {
    isOnline: () => false,
    onWake: (run) => {
      wake = run
      return () => {}
    }
  }
  const { connection, seen } = connect(url, { clock, surroundings, random: () => 1 })
  const waits: number[] = []
  connection.status.subscribe((status) => {
    if (status.name === 'waiting') waits.push(status.retryAt - clock.now())
  })
  await reached(connection, 'waiting')
  connection.connectNow()
  await expect.poll(() => waits.length).toBe(2)
  wake()
  await expect.poll(() => waits.length).toBe(3)
  await clock.advance(3_999)
  expect(seen.at(-1)).toBe('waiting network')
  await clock.advance(1)
  await expect.poll(() => waits).toEqual([1_000, 2_000, 4_000, 8_000])
})

test('where WebSockets do not get through, long-polling does', async () => {
  const { url, transports } = await startRelay({ upgrades: false })
  const { connection } = connect(url)
  await reached(connection, 'connected')
  expect(transports).toEqual(['polling'])
})

test('where they do, the connection begins with one', async () => {
  const { url, transports } = await startRelay()
  const { connection } = connect(url)
  await reached(connection, 'connected')
  expect(transports).toEqual(['websocket'])
})

test('a half-open connection is noticed by its missing pings, and requests on it are lost', async () => {
  const { url, cables } = await startRelay()
  const { connection, seen } = connect(url)
  await reached(connection, 'connected')
  const lost = connection.push({ settled: 0, operations: [] }).catch((error: unknown) => error)
  // The cable is still in, and carries nothing any more.
  for (const cable of cables) {
    cable.pause()
    cable.write = () => true
  }
  expect(await lost).toMatchObject({ name: 'ConnectionLostError' })
  expect(seen.slice(0, 3)).toEqual(['connecting', 'connected', 'waiting unreachable'])
})

test('a request without an answer loses its connection after ten seconds', async () => {
  const { url } = await startRelay()
  const clock = createVirtualClock()
  const { connection, seen } = connect(url, { clock })
  await reached(connection, 'connected')
  const lost = connection.pull({ wants: [] }).catch((error: unknown) => error)
  await clock.advance(9_900)
  expect(seen.at(-1)).toBe('connected')
  await clock.advance(200)
  expect(await lost).toMatchObject({ name: 'ConnectionLostError' })
  expect(seen).toContain('waiting unreachable')
})

test('a connection that died in silence is found out within five seconds of somebody coming back to it', async () => {
  const asked: unknown[] = []
  const { url } = await startRelay({
    onSocket: (socket) => {
      socket.emit('relay:welcome', welcome)
      socket.on('sync:answers', (request, answer) => {
        asked.push(request)
        if (asked.length === 1) answer({ ok: true, answered: 0, answers: [] })
      })
      socket.on('sync:pull', (_pull, answer) => answer({ ok: true, epoch: 3, results: [] }))
    }
  })
  const clock = createVirtualClock()
  let wake = (): void => {}
  const onWake = (run: () => void): (() => void) => {
    wake = run
    return () => {}
  }
  const { connection, seen } = connect(url, { clock, surroundings: { isOnline: () => true, onWake } })
  await reached(connection, 'connected')
  wake()
  await expect.poll(() => asked.length).toBe(1)
  expect(asked[0]).toMatchObject({ deviceId: 'device-1' })
  await connection.pull({ wants: [] })
  connection.connectNow()
  await expect.poll(() => asked.length).toBe(2)
  await clock.advance(4_900)
  expect(seen).toEqual(['connecting', 'connected'])
  await clock.advance(200)
  expect(seen.slice(0, 3)).toEqual(['connecting', 'connected', 'waiting unreachable'])
})

test('that the relay cannot store is part of the status until it can, and told by its notices or by what it stops', async () => {
  const sockets: Socket[] = []
  const { url } = await startRelay({
    onSocket: (socket) => {
      sockets.push(socket)
      socket.emit('relay:welcome', welcome)
      const stopped = { code: 'storage-unavailable', message: 'the disk is full', retryAfterMs: 3_000 }
      socket.on('sync:push', (_push, answer) => answer({ ok: true, epoch: 3, answers: [], stopped }))
    }
  })
  const { connection } = connect(url)
  const cannot = { name: 'connected', relayCannotStore: true }
  const now = async (): Promise<ConnectionStatus> => firstValueFrom(connection.status)
  await reached(connection, 'connected')
  sockets[0]?.emit('relay:notice', { code: 'storage-unavailable', message: 'the disk is full' })
  await expect.poll(now).toEqual(cannot)
  sockets[0]?.emit('relay:notice', { code: 'storage-available', message: 'there is room again' })
  await expect.poll(now).toEqual({ name: 'connected' })
  await connection.push({ settled: 0, operations: [] })
  expect(await now()).toEqual(cannot)
})

test('who took too little of what was sent is told so while waiting', async () => {
  const { url } = await startRelay({
    onSocket: (socket) => {
      socket.emit('relay:welcome', welcome)
      socket.emit('relay:notice', { code: 'too-slow', message: 'too slow' })
      socket.disconnect(true)
    }
  })
  const { connection } = connect(url, { clock: createVirtualClock() })
  expect(await reached(connection, 'waiting')).toMatchObject({ reason: 'unreachable', tooSlow: true })
})

test.each([
  ['token-expired', 'expired'],
  ['unauthorized', 'revoked'],
  ['account-disabled', 'account-disabled']
])('a session that ended says why: %s', async (code, why) => {
  const { url } = await startRelay({ refuse: { code, message: 'no' } })
  const { connection } = connect(url)
  expect(await reached(connection, 'ended')).toEqual({ name: 'ended', reason: 'signed-out', why })
})

test.each([
  ['session-ended', 'revoked'],
  ['account-disabled', 'account-disabled'],
  ['account-deleted', 'account-deleted']
])('a connection that ends with a notice says why, and is not tried again: %s', async (code, why) => {
  const { url, server, transports } = await startRelay()
  const { connection } = connect(url)
  await reached(connection, 'connected')
  server.emit('relay:notice', { code, message: 'no' })
  expect(await reached(connection, 'ended')).toEqual({ name: 'ended', reason: 'signed-out', why })
  connection.connectNow()
  expect(transports).toHaveLength(1)
})

test('whose connection an owner of the relay ended is told so while waiting, and may come again', async () => {
  let first = true
  const { url } = await startRelay({
    onSocket: (socket) => {
      socket.emit('relay:welcome', welcome)
      if (!first) return
      first = false
      socket.emit('relay:notice', { code: 'disconnected', message: 'by the owner' })
      socket.disconnect(true)
    }
  })
  const { connection } = connect(url, { clock: createVirtualClock() })
  expect(await reached(connection, 'waiting')).toMatchObject({ reason: 'unreachable', byOwner: true })
  connection.connectNow()
  expect(await reached(connection, 'connected')).toEqual({ name: 'connected' })
})

test('a relay that never says welcome is given up, and the next try begins with long-polling', async () => {
  const { url, transports } = await startRelay({ onSocket: () => {} })
  const clock = createVirtualClock()
  connect(url, { clock })
  await expect.poll(() => transports).toEqual(['websocket'])
  await clock.advance(12_000)
  await clock.advance(1)
  await expect.poll(() => transports).toEqual(['websocket', 'polling'])
})

test('[S10.4] another relay on the same address ends it before anything is seen', async () => {
  const { url } = await startRelay()
  const { connection, seen } = connect(url, { relayId: 'relay-2' })
  let welcomed = 0
  connection.welcomed.subscribe(() => (welcomed += 1))
  await reached(connection, 'ended')
  expect(seen).toEqual(['connecting', 'ended other-relay'])
  expect(welcomed).toBe(0)
  await expect(connection.pull({ wants: [] })).rejects.toMatchObject({ name: 'ConnectionLostError' })
})

test.each([
  ['the same relay', 'relay-1', 'ended signed-out'],
  ['[S10.4] another relay, after a wiped disk', 'relay-2', 'ended other-relay'],
  ['nobody any more', null, 'waiting unreachable']
])('a token that is not known there, where %s answers', async (_name, id, expected) => {
  const { url } = await startRelay({ refuse: { code: 'unauthorized', message: 'no' } })
  const relayIdAt = async (): Promise<string> => (id === null ? Promise.reject(new Error('gone')) : id)
  const { seen } = connect(url, { clock: createVirtualClock(), relayId: 'relay-1', relayIdAt })
  await expect.poll(() => seen).toEqual(['connecting', expected])
})

test('[S10.4] when the right relay is back at its address, waking finds it', async () => {
  const refuse = { code: 'unauthorized', message: 'no' }
  const options: { refuse?: typeof refuse } = { refuse }
  const { url } = await startRelay(options)
  let wake = (): void => {}
  const surroundings: Surroundings = {
    isOnline: () => true,
    onWake: (run) => {
      wake = run
      return () => {}
    }
  }
  const { connection } = connect(url, { surroundings, relayId: 'relay-1', relayIdAt: async () => 'relay-2' })
  await reached(connection, 'ended')
  delete options.refuse
  wake()
  expect(await reached(connection, 'connected')).toEqual({ name: 'connected' })
})

test('session-ended ends it for good; relay-stopping is the reason of the wait', async () => {
  const { url, server } = await startRelay()
  const { connection, seen } = connect(url, { clock: createVirtualClock() })
  await reached(connection, 'connected')
  server.emit('relay:notice', { code: 'relay-stopping', message: 'bye' })
  server.disconnectSockets(true)
  await reached(connection, 'waiting')
  connection.connectNow()
  await reached(connection, 'connected')
  server.emit('relay:notice', { code: 'session-ended', message: 'signed out' })
  await reached(connection, 'ended')
  connection.connectNow()
  expect(seen).toEqual([
    'connecting',
    'connected',
    'waiting relay-stopping',
    'connecting',
    'connected',
    'ended signed-out'
  ])
})

test('what cannot be parsed is told and dropped as a whole; what follows is heard', async () => {
  const { url, server } = await startRelay()
  const problems: Error[] = []
  const { connection } = connect(url, { onProblem: (problem) => problems.push(problem) })
  await reached(connection, 'connected')
  const hint = { epoch: 3, stream: 'users', from: 0, through: 1 }
  const heard = firstValueFrom(connection.changed)
  server.emit('sync:changed', { ...hint, records: [welcome.user, { ...welcome.user, rev: 'two' }] })
  server.emit('sync:changed', { ...hint, records: [welcome.user] })
  expect(await heard).toEqual({ ...hint, records: [welcome.user] })
  expect(problems).toMatchObject([{ code: 'invalid' }])
})

test('answers are parsed, and {ok: false} rejects with its code', async () => {
  const answers: unknown[] = [
    { ok: true, epoch: 3, answers: [] },
    { ok: false, error: { code: 'counter-gap', message: 'gap' } },
    { ok: false, error: { code: 'moon-phase', message: 'only at full moon' } },
    { ok: true, epoch: 'three' }
  ]
  const { url } = await startRelay({
    onSocket: (socket) => {
      socket.on('sync:push', (_push: unknown, ack: (answer: unknown) => void) => ack(answers.shift()))
      socket.emit('relay:welcome', welcome)
    }
  })
  const { connection } = connect(url)
  await reached(connection, 'connected')
  const push = { settled: 0, operations: [] }
  await expect(connection.push(push)).resolves.toEqual({ ok: true, epoch: 3, answers: [] })
  await expect(connection.push(push)).rejects.toMatchObject({ name: 'ProtocolError', code: 'counter-gap' })
  await expect(connection.push(push)).rejects.toMatchObject({ code: 'relay-error', message: 'only at full moon' })
  await expect(connection.push(push)).rejects.toMatchObject({ code: 'invalid' })
})

test('[S14.2] the answer about presence is told among what the relay tells, in its order', async () => {
  const ANNA = { userId: 'anna', state: 'away' }
  const { url } = await startRelay({
    upgrades: false, // Long-polling brings several packets in one breath.
    onSocket: (socket) => {
      socket.emit('live:typing', { roomId: 'too early', userIds: [], count: 0 })
      socket.emit('relay:welcome', welcome)
      socket.on('live:presence', (_said: unknown, ack: (answer: unknown) => void) => {
        socket.emit('live:presence', { people: [{ ...ANNA, state: 'offline' }] })
        ack({ ok: true, people: [{ ...ANNA, state: 'online' }] })
        socket.emit('live:presence', { people: [ANNA] })
        socket.emit('live:presence', { people: [{ ...ANNA, state: 'asleep' }] })
        socket.emit('live:typing', { roomId: 'hall', userIds: ['anna'], count: 1 })
      })
      socket.on('live:typing', (said: { typing: unknown }, ack: (answer: unknown) => void) =>
        ack(said.typing === true ? { ok: true } : { ok: false, error: { code: 'room-not-found', message: 'no' } })
      )
    }
  })
  const problems: Error[] = []
  const { connection } = connect(url, { onProblem: (problem) => problems.push(problem) })
  const heard: unknown[] = []
  connection.people.subscribe(({ people, all }) => heard.push([people[0]?.state, all]))
  const typing = firstValueFrom(connection.typing)
  await reached(connection, 'connected')
  await connection.tellPresence({ watch: ['anna'] })
  expect(await typing).toEqual({ roomId: 'hall', userIds: ['anna'], count: 1 })
  expect(heard).toEqual([
    ['offline', false],
    ['online', true],
    ['away', false]
  ])
  expect(problems).toMatchObject([{ code: 'invalid' }])
  await connection.tellTyping({ roomId: 'hall', typing: true })
  await expect(connection.tellTyping({ roomId: 'hall', typing: false })).rejects.toMatchObject({
    code: 'room-not-found'
  })
})

test('stop ends it: no try, no status, requests are lost', async () => {
  const { url, server } = await startRelay()
  let opened = 0
  const counting = ((...args: Parameters<typeof io>) => {
    opened += 1
    return io(...args)
  }) as typeof io
  const { connection, seen } = connect(url, { io: counting })
  await reached(connection, 'connected')
  const lost = connection.pull({ wants: [] }).catch((error: unknown) => error)
  connection.stop()
  expect(await lost).toMatchObject({ name: 'ConnectionLostError' })
  connection.connectNow()
  await expect.poll(async () => (await server.fetchSockets()).length).toBe(0)
  expect(opened).toBe(1)
  expect(seen).toEqual(['connecting', 'connected'])
})
