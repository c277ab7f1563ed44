// The client's connection against a real Socket.IO server, scripted as a relay would behave or misbehave.
import { firstValueFrom } from 'rxjs'
import type { Socket } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import { PING_INTERVAL_MS, PRESENCE_TTL_MS } from '../../protocol/limits.ts'
import type { Push } from '../../protocol/socket.ts'
import type { ConnectionStatus } from '../../src-renderer/connection/connection.ts'
import { NOTICE_SHOWN_MS } from '../../src-renderer/connection/remarks.ts'
import { startConnection } from '../../src-renderer/connection/socket-connection.ts'
import { createVirtualClock } from '../../src-renderer/sync/testing/virtual-clock.ts'
import { atEnd, connect, endAll, reached, startRelay, wakeable, welcome } from './scripted-relay.ts'

afterEach(endAll)

/** Resolves when the next ping was answered. */
const pinged = async (socket: Socket | undefined): Promise<unknown> =>
  new Promise((resolve) => socket?.conn.once('heartbeat', () => resolve(null)))

test('connected only after the welcome, which a late subscriber hears too', async () => {
  const sockets: Socket[] = []
  const { url } = await startRelay({ onSocket: (socket) => void sockets.push(socket) })
  const connection = startConnection({ url, token: 'token-1' })
  atEnd(() => connection.stop())
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
  const surroundings = wakeable()
  surroundings.online = false
  const { connection, seen } = connect(url, { clock, surroundings, random: () => 1 })
  const waits: number[] = []
  connection.status.subscribe((status) => {
    if (status.name === 'waiting') waits.push(status.retryAt - clock.now())
  })
  await reached(connection, 'waiting')
  connection.connectNow()
  await expect.poll(() => waits.length).toBe(2)
  surroundings.wake()
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

/** Pings as rarely as a relay does. */
const asRelaysDo = { pingInterval: PING_INTERVAL_MS, pingTimeout: PRESENCE_TTL_MS - PING_INTERVAL_MS }

test('a connection on which nothing is heard any more is lost within 15 s, also while nobody asks anything', async () => {
  const { url } = await startRelay({ pings: asRelaysDo })
  const clock = createVirtualClock()
  const { connection, seen } = connect(url, { clock })
  await reached(connection, 'connected')
  await clock.advance(13_900)
  expect(seen).toEqual(['connecting', 'connected'])
  await clock.advance(200)
  expect(seen.slice(0, 3)).toEqual(['connecting', 'connected', 'waiting unreachable'])
})

test('whatever is heard of the relay is a sign of life', async () => {
  const heard: unknown[] = []
  const { url, server } = await startRelay({ pings: asRelaysDo })
  const clock = createVirtualClock()
  const { connection, seen } = connect(url, { clock })
  connection.changed.subscribe((changed) => heard.push(changed))
  await reached(connection, 'connected')
  for (const rev of [1, 2, 3]) {
    await clock.advance(13_000)
    server.emit('sync:changed', { epoch: 3, stream: 'users', from: rev - 1, through: rev })
    await expect.poll(() => heard.length).toBe(rev)
  }
  expect(seen).toEqual(['connecting', 'connected'])
})

test('a request may take as long as it takes to send it, and what waits before it, over 32 kbit/s', async () => {
  const { url } = await startRelay()
  const clock = createVirtualClock()
  const { connection, seen } = connect(url, { clock })
  await reached(connection, 'connected')
  // Three bytes each.
  const body = '가'.repeat(4_000)
  const operation = {
    type: 'message:send',
    roomId: 'room-1',
    body
  } as unknown as Push['operations'][number]['operation']
  const lost = Promise.allSettled([
    connection.push({ settled: 0, operations: [{ id: 'id-1', n: 1, operation }] }),
    connection.pull({ wants: [] })
  ])
  await clock.advance(12_900)
  expect(seen.at(-1)).toBe('connected')
  await clock.advance(300)
  expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(seen).toContain('waiting unreachable')
})

test('over a line on which two requests in a row have died, the next ones may take twice as long, and nothing else may', async () => {
  const { url } = await startRelay({ pings: asRelaysDo })
  const clock = createVirtualClock()
  const { connection, seen } = connect(url, { clock })
  /** After how long it was lost. */
  const lives = async (ask: boolean): Promise<number> => {
    await reached(connection, 'connected')
    const before = seen.length
    const asked = ask ? connection.pull({ wants: [] }).catch(() => undefined) : undefined
    let seconds = 0
    for (; seen.length === before; seconds++) await clock.advance(1_000)
    await asked
    return seconds
  }
  expect(await lives(true)).toBe(11)
  expect(await lives(true)).toBe(11)
  expect(await lives(true)).toBe(21)
  expect(await lives(false)).toBe(14)
  expect(await lives(true)).toBe(11)
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
  const surroundings = wakeable()
  const { connection, seen } = connect(url, { clock, surroundings })
  await reached(connection, 'connected')
  surroundings.wake()
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

/** A relay that answers every request like that, and stays there. */
async function refusing(code: string): Promise<Awaited<ReturnType<typeof startRelay>>> {
  return startRelay({
    onSocket: (socket) => {
      socket.use(([, , ack]) => (ack as (answer: unknown) => void)({ ok: false, error: { code, message: 'no' } }))
      socket.emit('relay:welcome', welcome)
    }
  })
}

test.each([
  ['token-expired', 'expired'],
  ['unauthorized', 'revoked']
])('a session that the answer to a request says has ended, is over: %s', async (code, why) => {
  const { url, server } = await refusing(code)
  const relayIdAt = async (): Promise<string> => 'relay-1'
  const { connection } = connect(url, { clock: createVirtualClock(), relayId: 'relay-1', relayIdAt })
  await reached(connection, 'connected')
  await expect(connection.push({ settled: 0, operations: [] })).rejects.toMatchObject({ code })
  expect(await reached(connection, 'ended')).toEqual({ name: 'ended', reason: 'signed-out', why })
  await expect.poll(async () => (await server.fetchSockets()).length).toBe(0)
  connection.connectNow()
  expect(await reached(connection, 'ended')).toMatchObject({ reason: 'signed-out' })
})

test('a session that has ended without a word is found out when the connection is asked whether it lives', async () => {
  const { url } = await refusing('token-expired')
  const { connection, seen } = connect(url, { clock: createVirtualClock() })
  await reached(connection, 'connected')
  connection.connectNow()
  await reached(connection, 'ended')
  expect(seen).toEqual(['connecting', 'connected', 'ended signed-out'])
})

test('while it is asked who does not know the session any more, nobody is told that all is well', async () => {
  const { url } = await refusing('unauthorized')
  const relayIdAt = (): Promise<string> => new Promise(() => {})
  const { connection, seen } = connect(url, { clock: createVirtualClock(), relayId: 'relay-1', relayIdAt })
  await reached(connection, 'connected')
  await expect(connection.pull({ wants: [] })).rejects.toMatchObject({ code: 'unauthorized' })
  expect(seen).toEqual(['connecting', 'connected', 'connecting'])
})

test('other refusals leave the connection as it is', async () => {
  const { url } = await refusing('not-permitted')
  const { connection, seen } = connect(url, { clock: createVirtualClock() })
  await reached(connection, 'connected')
  await expect(connection.pull({ wants: [] })).rejects.toMatchObject({ code: 'not-permitted' })
  expect(seen).toEqual(['connecting', 'connected'])
})

test.each([
  ['too-slow', { tooSlow: true }],
  ['disconnected', { byOwner: true }],
  ['moon-phase', { said: 'only at full moon' }]
])(
  'what a relay says at the end of a connection holds for the first wait, and not for the next: %s',
  async (code, flags) => {
    const { url, stop } = await startRelay({
      onSocket: (socket) => {
        socket.emit('relay:welcome', welcome)
        socket.emit('relay:notice', { code, message: 'only at full moon' })
        socket.disconnect(true)
      }
    })
    const clock = createVirtualClock()
    const { connection } = connect(url, { clock, random: () => 1 })
    const waits: ConnectionStatus[] = []
    connection.status.subscribe((status) => {
      if (status.name === 'waiting') waits.push(status)
    })
    await reached(connection, 'waiting')
    const unreachable = { name: 'waiting', reason: 'unreachable' }
    expect(waits).toEqual([{ ...unreachable, retryAt: clock.now() + 1_000, ...flags }])
    await stop()
    await clock.advance(1_000)
    await expect.poll(() => waits.length).toBe(2)
    expect(waits[1]).toEqual({ ...unreachable, retryAt: clock.now() + 2_000 })
  }
)

test('[SPEC §4] a notice of an unknown code is shown by its message for a while, one for developers is not', async () => {
  const { url, server } = await startRelay()
  const clock = createVirtualClock()
  const { connection } = connect(url, { clock })
  const now = async (): Promise<ConnectionStatus> => firstValueFrom(connection.status)
  await reached(connection, 'connected')
  server.emit('relay:notice', { code: 'moon-phase', message: 'only at full moon' })
  await expect.poll(now).toEqual({ name: 'connected', said: 'only at full moon' })
  server.emit('relay:notice', { code: 'storage-unavailable', message: 'the disk is full' })
  const both = { name: 'connected', relayCannotStore: true, said: 'only at full moon' }
  await expect.poll(now).toEqual(both)
  server.emit('relay:notice', { code: 'rate-limited', message: 'slower' })
  await clock.advance(NOTICE_SHOWN_MS / 2)
  const [socket] = await server.fetchSockets()
  await pinged(server.sockets.sockets.get(socket?.id ?? ''))
  await clock.advance(NOTICE_SHOWN_MS / 2 - 1)
  expect(await now()).toEqual(both)
  await clock.advance(1)
  expect(await now()).toEqual({ name: 'connected', relayCannotStore: true })
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
