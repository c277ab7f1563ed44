import { expect, test } from 'vitest'
import type { PageWant, Pull } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { StorageFullError } from '../store/storage-full.ts'
import type { HistoryProgress } from './history.ts'
import { createModelDevice } from './testing/model-device.ts'
import type { ModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'

/** A new device of Anna's, not connected yet, which has everything to load. */
function newDevice({ relay, clock, random, anna }: ModelWorld): ModelDevice {
  return createModelDevice({ relay, clock, random, userId: anna.userId, history: true })
}

/** Rooms of Anna and Ben with so many messages of Ben's each, in which something was said later and later. Returns their ids. */
function roomsOf({ relay, anna, ben }: ModelWorld, count: number, messages: number): string[] {
  return Array.from({ length: count }, () => {
    const roomId = newId()
    relay.act(ben.userId, { type: 'room.create', roomId, kind: 'group', name: 'Room', memberIds: [anna.userId] })
    for (let said = 1; said < messages; said++) {
      relay.act(ben.userId, { type: 'message.send', roomId, messageId: newId(), body: `${said}`, sentAt: SENT_AT })
    }
    return roomId
  })
}
const SENT_AT = '2026-01-01T00:00:00.000Z'

const pages = (pulls: readonly Pull[]): PageWant[] =>
  pulls.flatMap(({ wants }) => wants.filter((want) => want.kind === 'page'))

test('[S9.5] everything that a room ever said comes by itself, and the progress tells how far it is', async () => {
  const world = await createModelWorld()
  const { clock, relay, room } = world
  world.benSays(3_000)
  const tablet = newDevice(world)
  const seen: HistoryProgress[] = []
  tablet.sync.history$.subscribe((now) => seen.push(now))
  tablet.link.connect()
  await clock.advance(10_000)
  expect(tablet.state(room)?.ranges).toEqual([[1, 3_001]])
  expect(tablet.records(room)).toEqual(relay.records(room))
  expect(seen.at(-1)).toEqual({ held: 3_001, total: 3_001, paused: false })
  const held = seen.map((each) => each.held)
  expect(held).toEqual(held.toSorted((a, b) => a - b))
  expect(seen.length).toBeGreaterThanOrEqual(3)
})

test('[S9] the newest page of each room comes before anything older, the latest room first, then gaps, then what is old', async () => {
  const world = await createModelWorld()
  const { clock, relay, anna } = world
  const rooms = roomsOf(world, 14, 90)
  const [early, late] = [rooms[3] ?? '', rooms[9] ?? '']
  relay.saidAt(early, '2026-01-02T00:00:00.000Z')
  relay.saidAt(late, '2026-01-03T00:00:00.000Z')
  const tablet = newDevice(world)
  const before = relay.heard.pulls.length
  tablet.link.connect()
  await clock.advance(60_000)
  const asked = pages(relay.heard.pulls.slice(before)).filter((want) => want.before !== undefined)
  const [newest, older] = [asked.slice(0, 14), asked.slice(14)]
  expect(newest.every((want) => want.before === 90)).toBe(true)
  expect(newest.slice(0, 2).map(({ roomId }) => roomId)).toEqual([late, early])
  expect(older.every((want) => (want.before ?? 0) <= 41)).toBe(true)
  for (const roomId of rooms) expect(tablet.state(`room:${roomId}`)?.ranges).toEqual([[1, 90]])
  expect(anna.problems).toEqual([])
})

test('[S9.5] a gap is closed before what is older than it', async () => {
  const world = await createModelWorld()
  const { clock, relay, room } = world
  world.benSays(300)
  const tablet = newDevice(world)
  tablet.sync.pauseHistory(true)
  tablet.link.connect()
  await clock.advance(1_000)
  tablet.link.cut()
  world.benSays(1_200)
  tablet.link.connect()
  await clock.advance(1_000)
  expect(tablet.state(room)?.ranges.slice(1)).toEqual([[1452, 1501]])
  const before = relay.heard.pulls.length
  tablet.sync.pauseHistory(false)
  await clock.advance(30_000)
  const asked = pages(relay.heard.pulls.slice(before)).map((want) => want.before ?? 0)
  expect(asked).toEqual(asked.toSorted((a, b) => b - a))
  expect(tablet.state(room)?.ranges).toEqual([[1, 1_501]])
})

test('old history stops when the person says so, also in the middle; what is new and what is scrolled to comes all the same', async () => {
  const world = await createModelWorld()
  const { clock, relay, room, roomId } = world
  world.benSays(2_000)
  const tablet = newDevice(world)
  tablet.link.connect()
  await clock.until(() => (tablet.state(room)?.ranges.at(-1)?.[0] ?? 2_001) < 1_500)
  tablet.sync.pauseHistory(true)
  await clock.advance(1_000)
  const from = tablet.state(room)?.ranges[0]?.[0] ?? 0
  const pulls = relay.heard.pulls.length
  world.benSays(1)
  await clock.advance(60_000)
  expect(tablet.state(room)?.ranges).toEqual([[from, 2_002]])
  expect(relay.heard.pulls).toHaveLength(pulls)
  const loaded = tablet.sync.loadOlder(roomId, from)
  await clock.advance(100)
  expect(await loaded).toBe(true)
  tablet.sync.pauseHistory(false)
  await clock.advance(60_000)
  expect(tablet.state(room)?.ranges).toEqual([[1, 2_002]])
})

/** Anna says something that the relay loses, and others say more than a page before her device comes back. Returns what she said. */
async function loseWords(world: ModelWorld): Promise<string> {
  const { anna, ben, clock, relay, roomId } = world
  const backup = relay.backup()
  const lost = anna.say(roomId, 'important words of Anna')
  await clock.advance(1_000)
  expect(anna.disk.outbox.size).toBe(0)
  anna.link.cut()
  ben.link.cut()
  ben.crash()
  relay.restore(backup)
  world.benSays(120, 'since')
  return lost
}

const has = ({ relay, room }: ModelWorld, id: string): boolean =>
  relay.records(room).some((record) => record.type === 'message' && record.id === id)

test('[S10.5] what the relay has lost is found with old history paused too, after a kill as well, and nothing else is loaded', async () => {
  for (const killed of [false, true]) {
    const world = await createModelWorld()
    const { anna, clock, relay, room } = world
    world.benSays(300, 'before')
    await clock.advance(1_000)
    anna.link.cut()
    world.benSays(1_200, 'while away')
    anna.link.connect()
    await clock.advance(1_000)
    expect(anna.state(room)?.ranges).toEqual([[1, 551], [1452, 1501]]) // prettier-ignore
    const lost = await loseWords(world)
    if (killed) {
      anna.storeFails = () => {
        if (anna.state(room)?.lostUpTo !== undefined) anna.crash()
        return false
      }
      anna.link.connect()
      await clock.advance(1_000)
      anna.storeFails = () => false
      anna.start()
    }
    anna.link.connect()
    await clock.advance(60_000)
    expect(has(world, lost)).toBe(true)
    expect(anna.disk.outbox.size).toBe(0)
    expect(anna.state(room)?.ranges).toEqual([[1, 551], [1452, 1502], [1572, 1622]]) // prettier-ignore
    expect(anna.state(room)?.lostUpTo).toBeDefined()
    const pulls = relay.heard.pulls.length
    await clock.advance(60_000)
    expect(relay.heard.pulls).toHaveLength(pulls)
    anna.sync.pauseHistory(false)
    await clock.advance(60_000)
    expect(anna.state(room)).not.toHaveProperty('lostUpTo')
    expect(anna.state(room)).not.toHaveProperty('heldBefore')
    expect(anna.records(room)).toEqual(relay.records(room))
  }
})

test('[S10.5] what may be lost twice over is compared as well', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  world.benSays(10)
  await clock.advance(1_000)
  const backup = relay.backup()
  const lost = await loseWords(world)
  anna.storeFails = (call) => call === `findLost ${room}` && anna.state(room)?.ranges[0]?.[0] === 82
  anna.link.connect()
  await clock.until(() => anna.problems.length > 0)
  anna.link.cut()
  anna.storeFails = () => false
  relay.restore(backup)
  world.benSays(100, 'again')
  await clock.advance(30_000)
  anna.link.connect()
  await clock.advance(30_000)
  expect(has(world, lost)).toBe(true)
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S10.5] a device that is too full for old history finds out what the relay has lost, and does not try for ever', async () => {
  for (const takesWhatItHolds of [true, false]) {
    const world = await createModelWorld({ history: true })
    const { anna, clock, relay, room } = world
    world.benSays(10)
    const [big] = roomsOf(world, 1, 2_000)
    await clock.advance(20)
    const knows = (): boolean =>
      anna.state(room)?.epoch === relay.epoch && anna.state(room)?.ranges[0]?.[0] !== undefined
    anna.storeFails = (call) => {
      const isOld = call === `applyPage room:${big}` || (call === `applyPage ${room}` && knows() && !takesWhatItHolds)
      return isOld && new StorageFullError('full')
    }
    const lost = await loseWords(world)
    anna.link.connect()
    await clock.advance(20_000)
    expect(has(world, lost)).toBe(true)
    expect(anna.state(room)?.ranges).toEqual(takesWhatItHolds ? [[1, 12], [82, 132]] : [[82, 132]]) // prettier-ignore
    const before = relay.heard.pulls.length
    await clock.advance(60 * 60_000)
    expect(relay.heard.pulls.length - before).toBeLessThan(150)
    anna.storeFails = () => false
    await clock.advance(10 * 60_000)
    expect(anna.disk.outbox.size).toBe(0)
    for (const stream of [room, `room:${big}`] as const) expect(anna.records(stream)).toEqual(relay.records(stream))
  }
})

test('[S11.4] who joined later has all of the history there is for them, and is told so', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay } = world
  const roomId = newId()
  const stream = `room:${roomId}` as const
  const say = (count: number): void => {
    for (let said = 0; said < count; said++) {
      relay.act(ben.userId, { type: 'message.send', roomId, messageId: newId(), body: `${said}`, sentAt: SENT_AT })
    }
  }
  const history = 'from-joining'
  relay.act(ben.userId, { type: 'room.create', roomId, kind: 'group', name: 'R', memberIds: [], history })
  say(300)
  relay.act(ben.userId, { type: 'member.add', roomId, userIds: [anna.userId] })
  await clock.advance(1_000)
  anna.link.cut()
  say(200)
  const tablet = newDevice(world)
  const seen: HistoryProgress[] = []
  tablet.sync.history$.subscribe((now) => seen.push(now))
  tablet.link.connect()
  await clock.advance(10_000)
  expect(tablet.state(stream)).toMatchObject({ ranges: [[302, 502]], floor: 301, headSeq: 502 })
  const { held, total } = seen.at(-1) ?? {}
  expect(held).toBe(total)
  const pulls = relay.heard.pulls.length
  expect(await tablet.sync.loadOlder(roomId, 302)).toBe(true)
  await clock.advance(60_000)
  expect(relay.heard.pulls).toHaveLength(pulls)
})

test('a kill in the middle of old history loses none of it and goes on where it was', async () => {
  for (let killAt = 3; killAt < 30; killAt += 4) {
    const world = await createModelWorld({ seed: killAt })
    const { clock, relay, room } = world
    world.benSays(1_000)
    const tablet = newDevice(world)
    let calls = 0
    tablet.storeFails = () => {
      calls += 1
      if (calls === killAt) tablet.crash()
      return false
    }
    tablet.link.connect()
    await clock.advance(3_000)
    tablet.start()
    tablet.link.connect()
    await clock.advance(10_000)
    expect(tablet.records(room)).toEqual(relay.records(room))
    expect(tablet.state(room)?.ranges).toEqual([[1, 1_001]])
  }
})

test('what is said while old history comes is here at once, whatever the store has to do', async () => {
  const world = await createModelWorld()
  const { clock, relay, room } = world
  world.benSays(3_000)
  const tablet = newDevice(world)
  tablet.extraDelayMs = (call) => (call.startsWith('applyPage') ? 30 : 1)
  tablet.link.connect()
  await clock.advance(500)
  expect(tablet.state(room)?.ranges[0]?.[0]).toBeGreaterThan(200)
  for (let said = 0; said < 5; said++) {
    world.benSays(1, 'live')
    const start = clock.now()
    await clock.until(() => tablet.records(room).some(({ rev }) => rev === relay.head(room)))
    // The batch that is being written, and its own.
    expect(clock.now() - start).toBeLessThan(100)
    await clock.advance(37)
  }
})
