import { expect, test } from 'vitest'
import type { ReadRecord } from '../../protocol/records.ts'
import type { Want } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { createModelDevice } from './testing/model-device.ts'
import type { ModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'

function newDevice({ relay, clock, random, anna }: ModelWorld, history = false): ModelDevice {
  return createModelDevice({ relay, clock, random, userId: anna.userId, history })
}

function makeRooms({ relay, anna, ben }: ModelWorld, count: number): string[] {
  return Array.from({ length: count }, () => {
    const roomId = newId()
    relay.act(ben.userId, { type: 'room.create', roomId, kind: 'group', name: 'Room', memberIds: [anna.userId] })
    return roomId
  })
}

const reads = (device: ModelDevice, roomId: string): [userId: string, seq: number][] =>
  (device.records(`reads:${roomId}`) as ReadRecord[]).map(({ userId, seq }) => [userId, seq])

const isReads = (want: Want): boolean => want.kind === 'changes' && want.stream.startsWith('reads:')

test('[S12] who has read what is followed in each room, by hints and after an absence', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay, roomId } = world
  world.benSays(5)
  ben.store.append({ type: 'read.mark', roomId, seq: 4 })
  await clock.advance(100)
  expect(reads(anna, roomId)).toEqual([[ben.userId, 4]])
  anna.link.cut()
  ben.store.append({ type: 'read.mark', roomId, seq: 6 })
  await clock.advance(100)
  anna.link.connect()
  await clock.advance(100)
  expect(reads(anna, roomId)).toEqual([[ben.userId, 6]])
  expect(anna.state(`reads:${roomId}`)).toMatchObject({ checkpoint: relay.head(`reads:${roomId}`), ranges: [] })
})

test('[S7.2] a lost hint of read marks is found out by the next one', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, roomId } = world
  world.benSays(5)
  ben.store.append({ type: 'read.mark', roomId, seq: 1 })
  await clock.advance(100)
  anna.link.filter = ({ stream }) => !stream.startsWith('reads:')
  ben.store.append({ type: 'read.mark', roomId, seq: 3 })
  await clock.advance(100)
  anna.link.filter = () => true
  anna.store.append({ type: 'read.mark', roomId, seq: 5 })
  await clock.advance(1_000)
  expect(new Map(reads(anna, roomId))).toEqual(new Map([[anna.userId, 5], [ben.userId, 3]])) // prettier-ignore
})

test('[S11.1] read marks of a room that one was removed from are not asked for any more, and come again with it', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay, roomId } = world
  relay.act(anna.userId, { type: 'member.remove', roomId, userId: ben.userId })
  await clock.advance(100)
  ben.link.cut()
  const before = relay.heard.pulls.length
  ben.link.connect()
  await clock.advance(1_000)
  ben.link.cut()
  ben.link.connect()
  await clock.advance(60_000)
  const asked = relay.heard.pulls.slice(before).flatMap(({ wants }) => wants.filter(isReads))
  expect(asked.length).toBeLessThanOrEqual(2)
  relay.act(anna.userId, { type: 'member.add', roomId, userIds: [ben.userId] })
  relay.act(anna.userId, { type: 'read.mark', roomId, seq: 2 })
  await clock.advance(1_000)
  expect(reads(ben, roomId)).toEqual([[anna.userId, 2]])
})

test('a device of before there were read marks follows them from its next start on', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, roomId } = world
  world.benSays(2)
  ben.store.append({ type: 'read.mark', roomId, seq: 2 })
  await clock.advance(100)
  anna.crash()
  anna.disk.streams.delete(`reads:${roomId}`)
  anna.disk.records.delete(`reads:${roomId}`)
  anna.start()
  anna.link.connect()
  await clock.advance(100)
  expect(reads(anna, roomId)).toEqual([[ben.userId, 2]])
})

test('a new device of somebody in 500 rooms lists them all in a few pulls, and who has read what comes after', async () => {
  const world = await createModelWorld()
  const { clock, relay, anna, ben } = world
  const rooms = makeRooms(world, 500)
  for (const roomId of rooms) relay.act(ben.userId, { type: 'read.mark', roomId, seq: 1 })
  await clock.advance(10_000)
  const tablet = newDevice(world, true)
  tablet.link.answerDelayMs = 20
  const before = relay.heard.pulls.length
  tablet.link.connect()
  await clock.until(() => rooms.every((roomId) => tablet.records(`room:${roomId}`).length > 3))
  const pulls = relay.heard.pulls.slice(before)
  expect(pulls.length).toBeLessThan(15)
  const lastListing = pulls.findLastIndex(({ wants }) => wants.some(({ kind }) => kind === 'page'))
  expect(pulls.slice(0, lastListing).filter(({ wants }) => wants.some(isReads))).toEqual([])
  await clock.advance(10_000)
  for (const roomId of rooms) expect(reads(tablet, roomId)).toEqual([[ben.userId, 1]])
  expect(anna.problems).toEqual([])
})

test('[S9] a list of many rooms needs a message of each, not a page', async () => {
  const world = await createModelWorld()
  const { clock, relay, ben } = world
  const rooms = makeRooms(world, 150)
  for (const roomId of rooms) {
    for (let said = 0; said < 30; said++) {
      const message = { messageId: newId(), body: `${said}`, sentAt: '2026-01-01T00:00:00.000Z' }
      relay.act(ben.userId, { type: 'message.send', roomId, ...message })
    }
  }
  await clock.advance(10_000)
  const tablet = newDevice(world)
  const before = relay.heard.pulls.length
  tablet.link.connect()
  await clock.until(() => rooms.every((roomId) => tablet.state(`room:${roomId}`)?.headSeq === 31))
  expect(relay.heard.pulls.length - before).toBeLessThanOrEqual(5)
})

test('one busy room does not hold up what a few others have to tell', async () => {
  const world = await createModelWorld()
  const { clock, relay, anna, ben } = world
  const [busy, ...others] = makeRooms(world, 11)
  if (busy === undefined) throw new Error('no rooms')
  await clock.advance(5_000)
  anna.link.cut()
  const say = (roomId: string): void => {
    const message = { messageId: newId(), body: 'while away', sentAt: '2026-01-01T00:00:00.000Z' }
    relay.act(ben.userId, { type: 'message.send', roomId, ...message })
  }
  for (let said = 0; said < 400; said++) say(busy)
  others.forEach(say)
  relay.maxRecords = 300
  anna.link.answerDelayMs = 100
  anna.link.connect()
  await clock.advance(150)
  expect(others.map((roomId) => anna.state(`room:${roomId}`)?.headSeq)).toEqual(others.map(() => 2))
})

test('after an absence, somebody in 500 rooms asks for all of them at once, the read marks included', async () => {
  const world = await createModelWorld()
  const { clock, relay, anna, ben } = world
  const rooms = makeRooms(world, 500)
  await clock.advance(20_000)
  anna.link.cut()
  const changed = rooms.filter((_, index) => index % 5 === 0)
  for (const roomId of changed) relay.act(ben.userId, { type: 'read.mark', roomId, seq: 1 })
  for (const roomId of changed) {
    const message = { messageId: newId(), body: 'while away', sentAt: '2026-01-01T00:00:00.000Z' }
    relay.act(ben.userId, { type: 'message.send', roomId, ...message })
  }
  const before = relay.heard.pulls.length
  anna.link.connect()
  await clock.advance(1_000)
  expect(relay.heard.pulls.length - before).toBeLessThanOrEqual(4)
  for (const roomId of changed) {
    expect(anna.state(`room:${roomId}`)?.headSeq).toBe(2)
    expect(reads(anna, roomId)).toEqual([[ben.userId, 1]])
  }
})

test('[S9.2] a device that was away for months shows every room by its newest page, whatever one of them has to catch up', async () => {
  const world = await createModelWorld()
  const { clock, relay, anna, ben } = world
  const rooms = makeRooms(world, 12)
  await clock.advance(5_000)
  anna.link.cut()
  for (const roomId of rooms) {
    for (let said = 0; said < 600; said++) {
      const message = { messageId: newId(), body: `${said}`, sentAt: '2026-01-01T00:00:00.000Z' }
      relay.act(ben.userId, { type: 'message.send', roomId, ...message })
    }
  }
  const before = relay.heard.pulls.length
  anna.link.connect()
  await clock.until(() => rooms.every((roomId) => anna.state(`room:${roomId}`)?.headSeq === 601))
  expect(relay.heard.pulls.length - before).toBeLessThan(12)
})

/** Anna is away while Ben says so much in each of so many rooms. Returns the ids of the rooms, and of what was said in the last. */
async function missInEach(
  world: ModelWorld,
  rooms: number,
  messages: number
): Promise<{ ids: string[]; said: string[] }> {
  const { clock, relay, anna, ben } = world
  const ids = makeRooms(world, rooms)
  await clock.advance(5_000)
  anna.link.cut()
  let said: string[] = []
  for (const roomId of ids) {
    said = Array.from({ length: messages }, () => newId())
    for (const messageId of said) {
      const message = { messageId, body: 'missed', sentAt: '2026-01-01T00:00:00.000Z' }
      relay.act(ben.userId, { type: 'message.send', roomId, ...message })
    }
  }
  return { ids, said }
}

const isCaughtUp = ({ relay, anna }: ModelWorld, roomId: string): boolean =>
  anna.state(`room:${roomId}`)?.checkpoint === relay.head(`room:${roomId}`)

test('[S9] back after a week, the newest of many rooms comes before the rest of any, which then comes in as few answers as ever', async () => {
  const world = await createModelWorld()
  const { clock, relay, anna } = world
  const { ids } = await missInEach(world, 20, 450)
  const stored = (): number =>
    ids.reduce((sum, roomId) => sum + anna.records(`room:${roomId}`).filter(({ type }) => type === 'message').length, 0)
  const shown = (roomId: string): boolean =>
    anna.records(`room:${roomId}`).some((record) => record.type === 'message' && record.seq === 451)
  anna.link.answerDelayMs = 200
  const before = relay.heard.pulls.length
  anna.link.connect()
  await clock.until(() => ids.every(shown))
  expect(relay.heard.pulls.length - before).toBeLessThanOrEqual(3)
  expect(stored()).toBeLessThan(2_100)
  // Old history is paused: what was missed is not old.
  await clock.until(() => ids.every((roomId) => isCaughtUp(world, roomId)))
  expect(relay.heard.pulls.length - before).toBeLessThanOrEqual(12)
  for (const roomId of ids) {
    expect(anna.state(`room:${roomId}`)?.ranges).toEqual([[1, 451]])
    expect(anna.records(`room:${roomId}`)).toEqual(relay.records(`room:${roomId}`))
  }
})

test('[S9] up to what two answers carry, a room is read in order: no page and no pull more', async () => {
  const world = await createModelWorld()
  const { clock, relay, anna } = world
  const { ids } = await missInEach(world, 3, 450)
  const before = relay.heard.pulls.length
  anna.link.connect()
  await clock.until(() => ids.every((roomId) => isCaughtUp(world, roomId)))
  const pulls = relay.heard.pulls.slice(before)
  expect(pulls.length).toBe(2)
  expect(pulls.flatMap(({ wants }) => wants.filter(({ kind }) => kind === 'page'))).toEqual([])
})

test('[S9] with old history on, what was missed in many rooms comes once: but for the newest pages by the changes alone', async () => {
  const world = await createModelWorld({ history: true })
  const { clock, relay, anna } = world
  const { ids } = await missInEach(world, 20, 450)
  anna.link.answerDelayMs = 50
  const before = relay.heard.pulls.length
  anna.link.connect()
  await clock.until(() => ids.every((roomId) => isCaughtUp(world, roomId)))
  await clock.advance(10_000)
  const pages = relay.heard.pulls.slice(before).flatMap(({ wants }) => wants.filter((want) => want.kind === 'page'))
  expect(pages.reduce((sum, { limit = 0 }) => sum + limit, 0)).toBeLessThanOrEqual(20 * 50)
  for (const roomId of ids) expect(anna.records(`room:${roomId}`)).toEqual(relay.records(`room:${roomId}`))
})

test('[S9.2] meanwhile what is said is shown at once, and an edit that overtakes the message it is to is not lost, heard or not', async () => {
  for (const heard of [1, 0.9, 0.5]) {
    const world = await createModelWorld()
    const { clock, relay, anna, ben, random } = world
    const { ids, said } = await missInEach(world, 12, 450)
    const roomId = ids.at(-1) ?? ''
    const body = (messageId: string): string | undefined => {
      const record = anna.records(`room:${roomId}`).find((each) => each.type === 'message' && each.id === messageId)
      return record?.type === 'message' ? record.body : undefined
    }
    const say = (messageId: string, text: string): void =>
      relay.act(ben.userId, { type: 'message.send', roomId, messageId, body: text, sentAt: '2026-01-01T00:00:00.000Z' })
    anna.link.answerDelayMs = 300
    anna.link.connect()
    await clock.until(() => anna.state(`room:${roomId}`)?.jump !== undefined)
    expect(body(said[100] ?? '')).toBeUndefined()
    const live = newId()
    say(live, 'live')
    await clock.advance(10)
    expect(body(live)).toBe('live')
    anna.link.filter = () => random() < heard
    // Whenever the answers were read: each of these edits overtakes them or not.
    for (const messageId of said) {
      relay.act(ben.userId, { type: 'message.edit', roomId, messageId, body: 'edited' })
      await clock.advance(7)
    }
    anna.link.filter = () => true
    say(newId(), 'at last')
    await clock.until(() => isCaughtUp(world, roomId))
    for (const messageId of said) expect(body(messageId)).toBe('edited')
    expect(anna.state(`room:${roomId}`)?.ranges).toEqual([[1, 453]])
  }
})

test('[S9.3] a kill or a lost connection meanwhile loses nothing of it', async () => {
  for (const killed of [true, false]) {
    const world = await createModelWorld({ history: true })
    const { clock, relay, anna, ben } = world
    const { ids, said } = await missInEach(world, 12, 450)
    const roomId = ids.at(-1) ?? ''
    anna.link.answerDelayMs = 100
    anna.link.connect()
    const isHalf = (): boolean => {
      const { jump, ranges = [] } = anna.state(`room:${roomId}`) ?? {}
      return jump !== undefined && (ranges[0]?.[1] ?? 0) > 100
    }
    await clock.until(isHalf)
    if (killed) anna.crash()
    else anna.link.cut()
    for (const messageId of said) relay.act(ben.userId, { type: 'message.edit', roomId, messageId, body: 'edited' })
    if (killed) anna.start()
    anna.link.connect()
    await clock.advance(60_000)
    for (const id of ids) expect(anna.records(`room:${id}`)).toEqual(relay.records(`room:${id}`))
    expect(anna.state(`room:${roomId}`)).toMatchObject({ ranges: [[1, 451]] })
    expect(anna.state(`room:${roomId}`)).not.toHaveProperty('jump')
  }
})
