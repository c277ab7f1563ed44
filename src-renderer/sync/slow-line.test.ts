import { expect, test } from 'vitest'
import { createPortion, QUICK_MS, SLOW_MS } from './portion.ts'
import { createModelWorld } from './testing/model-world.ts'
import { createVirtualClock } from './testing/virtual-clock.ts'
import { ConnectionLostError } from '../connection/connection.ts'

/** A modem: 16 kbit/s. */
const MODEM_BYTES_PER_MS = 2

test('[S9] over a line too slow for a whole answer, a device catches up all the same, the open room first', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room, roomId } = world
  world.benSays(60, 'held')
  await clock.advance(1_000)
  anna.link.cut()
  world.benSays(1_500, 'while away')
  anna.link.bytesPerMs = MODEM_BYTES_PER_MS
  anna.link.reconnectMs = 1_000
  anna.sync.openRoom(roomId)
  anna.link.connect()
  await clock.until(() => world.messages(anna).at(-1)?.body === 'while away 1500')
  await clock.advance(10 * 60_000)
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))

  // Quick again, it asks for everything at once again.
  anna.link.bytesPerMs = Infinity
  anna.link.cut()
  world.benSays(450, 'later')
  anna.link.connect()
  await clock.advance(5_000)
  anna.link.cut()
  const before = relay.heard.pulls.length
  world.benSays(450, 'at last')
  anna.link.connect()
  await clock.advance(5_000)
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
  expect(relay.heard.pulls.length - before).toBeLessThan(12)
})

test('[S9.5] a page of long messages comes over a slow line too, in smaller ones', async () => {
  const world = await createModelWorld()
  const { anna, clock, room, roomId } = world
  anna.link.cut()
  world.benSays(150, 'x'.repeat(2_000))
  anna.link.bytesPerMs = MODEM_BYTES_PER_MS
  anna.link.reconnectMs = 1_000
  anna.sync.openRoom(roomId)
  anna.link.connect()
  await clock.until(() => anna.state(room)?.headSeq === 151)
  await clock.advance(60_000)
  const first = anna.state(room)!.ranges.at(-1)![0]
  expect(first).toBeGreaterThan(1)
  const tries: boolean[] = []
  while (!tries.includes(true) && tries.length < 10) {
    await clock.until(() => anna.link.isUp)
    const loading = anna.sync.loadOlder(roomId, anna.state(room)!.ranges.at(-1)![0])
    await clock.advance(30_000)
    tries.push(await loading)
  }
  expect(tries).toContain(true)
  expect(anna.state(room)!.ranges.at(-1)![0]).toBeLessThan(first)
})

test('[S2] over a line too slow for a whole push, the outbox leaves in smaller ones, once and in order', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room, roomId } = world
  anna.link.cut()
  const said = Array.from({ length: 40 }, (_, index) => anna.say(roomId, `${index} ${'y'.repeat(2_000)}`))
  anna.link.bytesPerMs = MODEM_BYTES_PER_MS
  anna.link.reconnectMs = 1_000
  anna.link.connect()
  await clock.advance(5 * 60_000)
  expect(anna.disk.outbox.size).toBe(0)
  const stored = relay.records(room).flatMap((record) => (record.type === 'message' ? [record] : []))
  const texts = stored.filter(({ kind }) => kind === 'text').toSorted((a, b) => a.seq - b.seq)
  expect(texts.map(({ id }) => id)).toEqual(said)
})

test('a portion follows the line: a cut cable and an empty answer say nothing of it', async () => {
  const clock = createVirtualClock()
  const portion = createPortion(clock, 1_000)
  const exchange = async (ms: number, used: number, fails = false): Promise<number> => {
    const told = portion.exchange(
      () =>
        new Promise<number>((resolve, reject) => {
          clock.after(ms, () => (fails ? reject(new ConnectionLostError('lost')) : resolve(used)))
        }),
      (result) => result
    )
    const settled = told.catch(() => 0)
    await clock.advance(ms)
    await settled
    return portion.size
  }
  expect(await exchange(QUICK_MS, 0, true)).toBe(1_000)
  expect(await exchange(SLOW_MS + 1, 0, true)).toBe(250)
  expect(await exchange(SLOW_MS + 1, 0, true), 'the same connection').toBe(250)
  portion.begin()
  expect(await exchange(SLOW_MS + 1, 0, true)).toBe(62)
  expect(await exchange(QUICK_MS, 3)).toBe(62)
  expect(await exchange(QUICK_MS, 60)).toBe(124)
  expect(await exchange(SLOW_MS + 1, 3)).toBe(124)
  expect(await exchange(SLOW_MS + 1, 120)).toBe(63)
  for (let i = 0; i < 5; i++) await exchange(1, portion.size)
  expect(portion.isWhole).toBe(true)
})
