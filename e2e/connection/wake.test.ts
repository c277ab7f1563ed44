// What the connection does when the device, its network or the person comes back: beside the wait for the next try, in the middle of a try,
// and on a connection that may be dead.
import type { Socket } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import type { Clock } from '../../src-renderer/connection/clock.ts'
import { WELCOME_TIMEOUT_MS } from '../../src-renderer/connection/socket-session.ts'
import { YOUNG_TRY_MS } from '../../src-renderer/connection/socket-connection.ts'
import { createVirtualClock } from '../../src-renderer/sync/testing/virtual-clock.ts'
import { connect, endAll, reached, startRelay, wakeable, welcome } from './scripted-relay.ts'

afterEach(endAll)

/** A connection to a relay that welcomes nobody before it is told to, with what a test has to count. */
async function hanging() {
  const sockets: Socket[] = []
  const relay = await startRelay({ onSocket: (socket) => void sockets.push(socket) })
  const clock = createVirtualClock()
  const surroundings = wakeable()
  const tries: { active: boolean }[] = []
  const counting = ((...args: Parameters<typeof io>) => {
    const socket = io(...args)
    tries.push(socket)
    return socket
  }) as typeof io
  const waits: number[] = []
  const { connection, seen } = connect(relay.url, { clock, surroundings, io: counting, random: () => 1 })
  connection.status.subscribe((status) => {
    if (status.name === 'waiting') waits.push(status.retryAt - clock.now())
  })
  return { ...relay, sockets, clock, surroundings, tries, connection, seen, waits }
}

test('a network that goes and comes back in the middle of a try begins another one at once, each time', async () => {
  const { surroundings, tries, sockets, connection, seen } = await hanging()
  surroundings.online = false
  surroundings.wake()
  expect(tries).toHaveLength(2)
  surroundings.online = true
  surroundings.wake()
  expect(tries.map(({ active }) => active)).toEqual([false, false, true])
  await expect.poll(() => sockets.filter(({ connected }) => connected).length).toBe(1)
  for (const socket of sockets) socket.emit('relay:welcome', welcome)
  await reached(connection, 'connected')
  expect(seen).toEqual(['connecting', 'connected'])
})

test.each(['somebody who comes back to the window', '"now" and resume'])(
  '%s: a try older than a second gives way to a new one, many wishes make no storm of tries',
  async (who) => {
    const { clock, surroundings, tries, connection } = await hanging()
    const wish = (): void => (who.startsWith('"now"') ? connection.connectNow() : surroundings.wake())
    for (let times = 0; times < 10; times++) wish()
    expect(tries).toHaveLength(1)
    await clock.advance(YOUNG_TRY_MS)
    for (let times = 0; times < 10; times++) wish()
    expect(tries.map(({ active }) => active)).toEqual([false, true])
    await clock.advance(YOUNG_TRY_MS - 1)
    wish()
    expect(tries).toHaveLength(2)
  }
)

test('a wish in the first second of a try is not forgotten: when it fails, the next wait is a short one', async () => {
  const { clock, surroundings, tries, waits } = await hanging()
  for (const wait of [1_000, 2_000, 4_000]) {
    await clock.advance(WELCOME_TIMEOUT_MS)
    expect(waits.at(-1)).toBe(wait)
    await clock.advance(wait)
  }
  expect(tries).toHaveLength(4)
  surroundings.wake()
  await clock.advance(WELCOME_TIMEOUT_MS)
  expect(waits.at(-1)).toBe(1_000)
})

test('what has hung is tried the other way, also when somebody comes back before its time is over', async () => {
  const { clock, connection, transports } = await hanging()
  await expect.poll(() => transports).toEqual(['websocket'])
  await clock.advance(YOUNG_TRY_MS)
  connection.connectNow()
  await expect.poll(() => transports).toEqual(['websocket', 'polling'])
})

/** Its timers stand while the device sleeps, and its time goes on. */
function sleepingClock(): { clock: Clock; sleep: (ms: number) => Promise<void> } {
  const awake = createVirtualClock()
  let slept = 0
  const clock: Clock = { now: () => awake.now() + slept, after: (ms, run) => awake.after(ms, run) }
  const sleep = async (ms: number): Promise<void> => {
    slept += ms
    await awake.advance(5_000)
  }
  return { clock, sleep }
}

test('after a sleep of which nothing told, a connection that is up is asked whether it lives', async () => {
  const asked: unknown[] = []
  const { url } = await startRelay({
    onSocket: (socket) => {
      socket.emit('relay:welcome', welcome)
      socket.on('sync:answers', (request, answer) => {
        asked.push(request)
        answer({ ok: true, answered: 0, answers: [] })
      })
    }
  })
  const { clock, sleep } = sleepingClock()
  const { connection } = connect(url, { clock, surroundings: wakeable() })
  await reached(connection, 'connected')
  await sleep(0)
  await connection.answers({ deviceId: 'device-1', after: 0 })
  expect(asked).toHaveLength(1)
  await sleep(3_600_000)
  await expect.poll(() => asked.length).toBe(2)
})

test('after a sleep in the middle of a try, another one begins', async () => {
  const { url, transports } = await startRelay({ onSocket: () => {} })
  const { clock, sleep } = sleepingClock()
  connect(url, { clock, surroundings: wakeable() })
  await expect.poll(() => transports.length).toBe(1)
  await sleep(3_600_000)
  await expect.poll(() => transports.length).toBe(2)
})
