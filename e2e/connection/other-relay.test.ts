// [S10.4] Another relay at the address of one's own: a fresh one, or one started on the wrong directory for a while. It hears nothing of ours.
import { io } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import { OTHER_RELAY_CAP_MS } from '../../src-renderer/connection/socket-connection.ts'
import type { ConnectionStatus } from '../../src-renderer/connection/connection.ts'
import { startSharedSync } from '../../src-renderer/sync/shared-sync.ts'
import type { WindowBus, WindowMessage } from '../../src-renderer/sync/window-bus.ts'
import { createVirtualClock } from '../../src-renderer/sync/testing/virtual-clock.ts'
import { connect, endAll, reached, startRelay, wakeable } from './scripted-relay.ts'

afterEach(endAll)

test('[S10.4] another relay on the same address ends it before anything is seen', async () => {
  const { url } = await startRelay()
  const { connection, seen } = connect(url, { clock: createVirtualClock(), relayId: 'relay-2' })
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

/** A device whose relay is another one until `right`, or gone with `gone`. */
async function elsewhere() {
  const options: { refuse?: { code: string; message: string } } = { refuse: { code: 'unauthorized', message: 'no' } }
  const { url } = await startRelay(options)
  const there = { id: 'relay-2' as string | null, asked: 0 }
  const relayIdAt = async (): Promise<string> => {
    there.asked += 1
    if (there.id === null) throw new Error('gone')
    return there.id
  }
  const [clock, surroundings] = [createVirtualClock(), wakeable()]
  const tries = { count: 0 }
  const counting = ((...args: Parameters<typeof io>) => {
    tries.count += 1
    return io(...args)
  }) as typeof io
  const random = (): number => 0.999_999
  const device = connect(url, { clock, surroundings, relayId: 'relay-1', relayIdAt, random, io: counting })
  await reached(device.connection, 'ended')
  tries.count = 0
  const right = (): void => {
    there.id = 'relay-1'
    delete options.refuse
  }
  return { ...device, clock, surroundings, there, tries, right }
}

test('[S10.4] the right one is found again without anybody touching the window, and nothing is sent to the other one', async () => {
  const { connection, seen, clock, there, tries, right } = await elsewhere()
  const hours = 6 * 3_600_000
  const before = there.asked
  await clock.advance(hours)
  expect(there.asked - before).toBeGreaterThan(hours / OTHER_RELAY_CAP_MS - 2)
  expect(there.asked - before).toBeLessThan(hours / OTHER_RELAY_CAP_MS + 10)
  expect(seen).toEqual(['connecting', 'ended other-relay'])
  expect(tries.count).toBe(0)
  right()
  const since = clock.now()
  while (tries.count === 0) await clock.advance(1_000)
  expect(clock.now() - since).toBeLessThanOrEqual(OTHER_RELAY_CAP_MS)
  await reached(connection, 'connected')
  expect(seen).toEqual(['connecting', 'ended other-relay', 'connecting', 'connected'])
  expect(tries.count).toBe(1)
})

test('[S10.4] waking finds the right one at once, and tells another one nothing', async () => {
  const { connection, clock, surroundings, tries, right } = await elsewhere()
  surroundings.wake()
  await clock.settle()
  expect(tries.count).toBe(0)
  right()
  surroundings.wake()
  expect(await reached(connection, 'connected')).toEqual({ name: 'connected' })
})

test('[S10.4] where nobody answers after another relay, that is told, and whoever comes next is asked who it is before anything is sent', async () => {
  const { seen, clock, there, tries, right } = await elsewhere()
  there.id = null
  await clock.advance(1_000)
  expect(seen.at(-1)).toBe('waiting unreachable')
  there.id = 'relay-3'
  await clock.advance(30_000)
  expect(seen.at(-1)).toBe('ended other-relay')
  expect(tries.count).toBe(0)
  right()
  while (tries.count === 0) await clock.advance(1_000)
  await expect.poll(() => seen.at(-1)).toBe('connected')
})

test('[S10.4] a window that follows lets the leading one look when it is woken; who was signed out is left alone', async () => {
  const sent: WindowMessage['type'][] = []
  let hear = (_message: WindowMessage): void => {}
  const bus: WindowBus = {
    send: ({ type }) => void sent.push(type),
    listen: (listener) => {
      hear = listener
      return () => {}
    },
    close: () => {}
  }
  const surroundings = wakeable()
  const shared = startSharedSync({
    bus,
    leadership: new Promise(() => {}),
    lead: () => expect.unreachable(),
    clock: createVirtualClock(),
    surroundings
  })
  const told = (status: ConnectionStatus): void =>
    hear({
      type: 'status',
      leader: 'leader-1',
      status,
      progress: { done: 0, total: 0 },
      history: { held: 0, total: 0, paused: false }
    })
  told({ name: 'ended', reason: 'other-relay' })
  surroundings.wake()
  told({ name: 'ended', reason: 'signed-out' })
  surroundings.wake()
  expect(sent.filter((type) => type === 'connect-now')).toHaveLength(1)
  await shared.stop()
})
