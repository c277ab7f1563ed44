import { expect, test } from 'vitest'
import type { Pull } from '../../protocol/socket.ts'
import { userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { createModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'

/** Ben says so much while Anna is away that one answer does not carry it. */
async function longAbsence(world: ModelWorld, count = 900): Promise<void> {
  world.anna.link.cut()
  world.relay.maxRecords = 100
  world.benSays(count, 'while away')
  world.anna.link.faults = { ...world.anna.link.faults, delayMs: 0 }
}

const bodyOf = (world: ModelWorld, id: string | undefined): string | undefined =>
  world.messages(world.anna).find((message) => message.id === id)?.body

test('[S9] after an absence the open room has its newest page after one round trip', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  await longAbsence(world)
  anna.sync.openRoom(world.roomId)
  const before = relay.heard.pulls.length
  let pullsUntilShown = 0
  const stop = anna.link.connection.changed.subscribe()
  anna.storeFails = () => {
    if (pullsUntilShown === 0 && anna.state(room)?.headSeq === 901) pullsUntilShown = relay.heard.pulls.length - before
    return false
  }
  anna.link.connect()
  await clock.advance(10_000)
  stop.unsubscribe()
  expect(relay.heard.pulls[before]?.wants[0]).toMatchObject({ kind: 'page', roomId: world.roomId })
  expect(anna.state(room)).toMatchObject({ headSeq: 901, checkpoint: relay.head(room) })
  expect(anna.state(room)?.ranges.at(-1)?.[1]).toBe(901)
  expect(world.messages(anna).at(-1)?.body).toBe('while away 900')
})

test('[S9] a newest page that fills the whole answer holds up neither the changes nor the outbox', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room, roomId } = world
  anna.link.cut()
  relay.maxRecords = 40
  world.benSays(80)
  anna.say(roomId, 'mine')
  anna.sync.openRoom(roomId)
  anna.link.connect()
  await clock.advance(5_000)
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
  expect(anna.records(room)).toEqual(relay.records(room))
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S9.2] while the old changes are being caught up, hints go on from the jump', async () => {
  const world = await createModelWorld()
  const { anna, clock, room } = world
  await longAbsence(world)
  anna.sync.openRoom(world.roomId)
  anna.storeDelayMs = 5
  anna.link.faults = { ...anna.link.faults, delayMs: 300 }
  anna.link.connect()
  await clock.until(() => anna.state(room)?.jump !== undefined)
  anna.link.faults = { ...anna.link.faults, delayMs: 0 }
  world.benSays(1, 'live')
  await clock.advance(10)
  expect(world.messages(anna).at(-1)?.body).toBe('live 1')
})

test('[S9.3] a change to a held message behind a jump is not lost; [S9.4] one to a message not held is dropped', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const [held] = world.benSays(10, 'held')
  await clock.advance(10)
  anna.link.cut()
  relay.maxRecords = 100
  const away = world.benSays(900, 'while away')
  world.benEdits(held ?? '', 'edited while away')
  world.benEdits(away[20] ?? '', 'edited, not held')
  const beforeNewest = world.benSays(600, 'later')
  world.benEdits(held ?? '', 'edited again')
  anna.link.connect()
  await clock.advance(20_000)
  expect(anna.state(room)).not.toHaveProperty('jump')
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
  expect(bodyOf(world, held)).toBe('edited again')
  expect(bodyOf(world, beforeNewest.at(-1))).toBe('later 600')
  expect(bodyOf(world, away[20])).toBeUndefined()
  expect(world.messages(anna).length).toBeLessThan(400)
})

test('[S9.3] a crash between the jump and the end of the catching up loses no change to a held message', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const held = world.benSays(200, 'held')
  await clock.advance(1_000)
  anna.link.cut()
  relay.maxRecords = 60
  world.benSays(900, 'while away')
  for (const id of held) world.benEdits(id, 'edited while away')
  anna.storeDelayMs = 20
  anna.link.connect()
  await clock.until(() => anna.state(room)?.jump !== undefined)
  expect(held.map((id) => bodyOf(world, id))).toContain('held 200')
  anna.crash()
  anna.start()
  world.benSays(700, 'more')
  anna.link.connect()
  await clock.until(() => anna.state(room)?.jump === undefined && anna.state(room)?.checkpoint === relay.head(room))
  for (const id of held) expect(bodyOf(world, id)).toBe('edited while away')
})

test('[S9.5] older messages come when asked for, and close the hole', async () => {
  const world = await createModelWorld()
  const { anna, clock, room } = world
  await longAbsence(world)
  anna.link.connect()
  await clock.advance(20_000)
  for (let page = 0; page < 20; page++) {
    const [low] = anna.state(room)?.ranges.at(-1) ?? [1, 1]
    if (low === 1) break
    const loaded = anna.sync.loadOlder(world.roomId, low)
    await clock.advance(10)
    expect(await loaded).toBe(true)
  }
  expect(anna.state(room)?.ranges).toEqual([[1, 901]])
  expect(anna.records(room)).toEqual(world.relay.records(room))
})

test('[S9.5] asking for older messages without a connection says no, and asks nobody', async () => {
  const world = await createModelWorld()
  const { anna, relay } = world
  anna.link.cut()
  const pulls = relay.heard.pulls.length
  expect(await anna.sync.loadOlder(world.roomId, 2)).toBe(false)
  expect(await anna.sync.loadOlder(newId(), 2)).toBe(false)
  expect(relay.heard.pulls).toHaveLength(pulls)
  expect(anna.problems).toEqual([])
})

test('[S8] a page of old history that was read before an edit never undoes it', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  anna.link.cut()
  relay.maxRecords = 100
  const ids = world.benSays(900, 'while away')
  anna.link.connect()
  await clock.advance(20_000)
  const [low] = anna.state(room)?.ranges.at(-1) ?? [1, 1]
  const old = ids[low - 5] ?? ''
  expect(bodyOf(world, old)).toBeUndefined()

  // The answer with the page is slow, and the hint of an edit made after the page was read overtakes it.
  anna.link.answerDelayMs = 500
  const loaded = anna.sync.loadOlder(world.roomId, low)
  await clock.advance(100)
  world.benEdits(old, 'edited meanwhile')
  await clock.advance(1_000)
  expect(await loaded).toBe(true)
  expect(bodyOf(world, old)).toBe('edited meanwhile')
})

test('[S9.5] a page that was under way across a jump is asked for again', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay } = world
  world.benSays(200, 'held')
  await clock.advance(1_000)
  anna.link.cut()
  relay.maxRecords = 100
  const away = world.benSays(900, 'while away')
  const old = away[380] ?? ''
  const isNewest = ({ wants: [want] }: Pull): boolean => want?.kind === 'page' && want.before === undefined
  anna.link.pullDelayMs = (pull) => (isNewest(pull) ? 1_000 : 0)
  anna.link.connect()
  await clock.advance(100)
  // Read before the edit and before the jump, here after both.
  anna.link.answerDelayMs = 3_000
  const loaded = anna.sync.loadOlder(world.roomId, 600)
  await clock.advance(10)
  anna.link.answerDelayMs = 0
  world.benEdits(old, 'edited meanwhile')
  await clock.advance(20_000)
  expect(await loaded).toBe(true)
  expect(bodyOf(world, old)).toBe('edited meanwhile')
})

/** While connected, Anna hears nothing of so much that she jumps. */
async function jumpAgain({ anna, clock, benSays }: ModelWorld, last: () => void): Promise<void> {
  anna.link.filter = () => false
  benSays(700, 'unheard')
  last()
  await clock.advance(1)
  anna.link.filter = () => true
  benSays(1, 'heard')
  await clock.advance(1_000)
}

test('[S9.3] an answer from before a jump does not end the catching up after it', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const held = world.benSays(200, 'held')
  await clock.advance(1_000)
  anna.link.cut()
  relay.maxRecords = 100
  const away = world.benSays(900, 'while away')
  for (const id of held) world.benEdits(id, 'edited while away')
  // The question about what was missed is slow on its way; by its answer, the device has jumped again.
  const isCatchUp = ({ wants: [want] }: Pull): boolean => want?.kind === 'changes' && want.heldSeq !== undefined
  anna.link.pullDelayMs = (pull) => (isCatchUp(pull) ? 3_000 : 0)
  anna.sync.openRoom(world.roomId)
  anna.link.connect()
  await clock.until(() => anna.state(room)?.jump !== undefined)
  const first = anna.state(room)?.jump?.target ?? 0
  await jumpAgain(world, () => world.benEdits(away.at(-1) ?? '', 'edited between the jumps'))
  expect(anna.state(room)?.jump?.target).toBeGreaterThan(first)
  relay.maxRecords = 1_000
  anna.link.pullDelayMs = () => 0
  await clock.advance(20_000)
  expect(anna.state(room)).not.toHaveProperty('jump')
  expect(bodyOf(world, away.at(-1))).toBe('edited between the jumps')
  for (const id of held) expect(bodyOf(world, id)).toBe('edited while away')
})

test('[S9.3] an old page that comes while a jump is under way is caught up like everything held', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  world.benSays(200, 'held')
  await clock.advance(1_000)
  anna.link.cut()
  relay.maxRecords = 100
  const away = world.benSays(900, 'while away')
  anna.link.pullDelayMs = ({ wants }) => (wants[0]?.kind === 'page' && wants[0].before === undefined ? 2_000 : 0)
  anna.link.connect()
  await clock.advance(500)
  const loaded = anna.sync.loadOlder(world.roomId, 600)
  await clock.advance(10)
  expect(await loaded).toBe(true)
  const old = relay.records(room).find((record) => record.type === 'message' && record.seq === 590)
  const id = old?.type === 'message' ? old.id : ''
  expect(away).toContain(id)
  world.benEdits(id, 'edited before the jump')
  await clock.advance(20_000)
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
  expect(bodyOf(world, id)).toBe('edited before the jump')
})

test('[S9.3] a crash during the catching up forgets no page that has grown together with the newest one', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room, roomId } = world
  const held = world.benSays(200, 'held')
  await clock.advance(1_000)
  anna.link.cut()
  relay.maxRecords = 60
  const away = world.benSays(900, 'while away')
  anna.link.connect()
  await clock.advance(20_000)
  anna.link.cut()
  for (const id of held) world.benEdits(id, 'edited')
  const inPage = away.at(-1) ?? ''
  world.benEdits(inPage, 'edited')
  world.benSays(700, 'away again')
  anna.link.connect()
  await clock.until(() => anna.state(room)?.jump !== undefined)
  for (let page = 0; page < 16; page++) {
    const loaded = anna.sync.loadOlder(roomId, anna.state(room)?.ranges.at(-1)?.[0] ?? 0)
    await clock.advance(0)
    expect(await loaded).toBe(true)
  }
  expect(anna.state(room)).toHaveProperty('jump')
  expect(bodyOf(world, inPage)).not.toBe('edited')
  anna.crash()
  anna.start()
  anna.link.connect()
  await clock.advance(20_000)
  expect(anna.state(room)).not.toHaveProperty('jump')
  expect(bodyOf(world, inPage)).toBe('edited')
})

test('[S10] a crash after the records and before the checkpoint is harmless', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const before = anna.state(room)?.checkpoint
  anna.storeFails = (call) => {
    if (call.startsWith('saveStreams')) anna.crash()
    return false
  }
  world.benSays(3)
  await clock.advance(100)
  expect(world.messages(anna).length).toBeGreaterThan(1)
  expect(anna.state(room)?.checkpoint).toBe(before)
  anna.storeFails = () => false
  anna.start()
  anna.link.connect()
  await clock.advance(1_000)
  expect(anna.records(room)).toEqual(relay.records(room))
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
})

test('[S10] a checkpoint is never stored before the records that it covers', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  anna.storeFails = (call) => call.startsWith('applyRecords')
  world.benSays(3)
  await clock.advance(5_000)
  expect(anna.state(room)?.checkpoint).toBeLessThan(relay.head(room))
  anna.storeFails = () => false
  await clock.advance(60_000)
  expect(anna.records(room)).toEqual(relay.records(room))
})

test('[S10.2] when the relay went back, the device forgets how far it was, keeps its records, and reads again', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  world.benSays(5, 'kept')
  await clock.advance(10)
  const backup = relay.backup()
  const [lost] = world.benSays(3, 'lost')
  await clock.advance(10)
  anna.link.cut()
  world.ben.link.cut()
  relay.restore(backup)
  const [other] = world.benSays(1, 'in its place')
  anna.link.connect()
  await clock.advance(1_000)
  expect(anna.state(room)).toMatchObject({ checkpoint: relay.head(room), epoch: relay.epoch, ranges: [[1, 7]] })
  expect(bodyOf(world, other)).toBe('in its place 1')
  expect(bodyOf(world, lost)).toBe('lost 1')
  world.benSays(1, 'goes on')
  await clock.advance(10)
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
})

test('[S10.2] a jump of an epoch that is gone is found out, although its checkpoint is still good', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const held = world.benSays(200, 'held')
  await clock.advance(1_000)
  const backup = relay.backup()
  anna.link.cut()
  relay.maxRecords = 60
  world.benSays(900, 'while away')
  for (const id of held) world.benEdits(id, 'edited while away')
  anna.link.connect()
  await clock.until(() => anna.state(room)?.jump !== undefined)
  anna.crash()
  world.ben.crash()
  relay.restore(backup)
  world.benSays(950, 'another history')
  anna.start()
  anna.link.connect()
  await clock.advance(60_000)
  const [from, to] = anna.state(room)?.ranges.at(-1) ?? [0, 0]
  expect(to).toBe(201 + 950)
  const shown = world.messages(anna).filter(({ seq }) => seq >= from && seq <= to)
  const truth = relay.records(room).filter((record) => record.type === 'message' && record.seq >= from)
  expect(shown).toEqual(expect.arrayContaining(truth))
})

test('a restart of the relay that lost nothing costs one pull and moves the epoch', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  anna.link.cut()
  relay.restart()
  const pulls = relay.heard.pulls.length
  anna.link.connect()
  await clock.advance(1_000)
  expect(relay.heard.pulls).toHaveLength(pulls + 1)
  expect(anna.state(room)).toMatchObject({ epoch: relay.epoch, checkpoint: relay.head(room) })
})

test('[S11.2] who is added hears the room from then on, and has its newest page', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay } = world
  const roomId = newId()
  relay.act(ben.userId, { type: 'room.create', roomId, kind: 'group', name: 'Later', memberIds: [] })
  for (let index = 0; index < 120; index++) {
    const sentAt = '2026-01-01T00:00:00.000Z'
    relay.act(ben.userId, { type: 'message.send', roomId, messageId: newId(), body: `old ${index}`, sentAt })
  }
  await clock.advance(10)
  expect(anna.state(`room:${roomId}`)).toBeUndefined()
  relay.act(ben.userId, { type: 'member.add', roomId, userIds: [anna.userId] })
  await clock.advance(1_000)
  const state = anna.state(`room:${roomId}`)
  expect(state).toMatchObject({ checkpoint: relay.head(`room:${roomId}`), headSeq: 122, ranges: [[73, 122]] })
  expect(anna.records(`room:${roomId}`).filter(({ type }) => type === 'member')).toHaveLength(2)
})

test('[S11.2] a crash right after the membership was read does not forget the room', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay } = world
  const roomId = newId()
  anna.storeDelayMs = 10
  relay.act(ben.userId, { type: 'room.create', roomId, kind: 'group', name: 'New', memberIds: [anna.userId] })
  await clock.until(() => anna.state(userStream(anna.userId))?.checkpoint === 2)
  anna.crash()
  anna.start()
  anna.link.connect()
  await clock.advance(1_000)
  expect(anna.records(`room:${roomId}`)).toEqual(relay.records(`room:${roomId}`))
})

test('[S11.1] who is removed keeps what was given, is not asked about it any more, and comes back as if never gone', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay, room, roomId } = world
  world.benSays(3)
  await clock.advance(10)
  relay.act(anna.userId, { type: 'member.remove', roomId, userId: anna.userId })
  await clock.advance(10)
  const kept = anna.records(room)
  world.benSays(3, 'not for Anna')
  await clock.advance(1_000)
  expect(anna.records(room)).toEqual(kept)
  expect(await anna.sync.loadOlder(roomId, 3)).toBe(false)

  anna.crash()
  anna.start()
  anna.link.connect()
  await clock.advance(1_000)
  expect(anna.records(room)).toEqual(kept)
  expect(anna.problems).toEqual([])

  relay.act(ben.userId, { type: 'member.add', roomId, userIds: [anna.userId] })
  await clock.advance(1_000)
  expect(anna.records(room)).toEqual(relay.records(room))
})

test('[S11.1] a room that is made and left before any of it was read leaves nothing in the outbox, after a kill either', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay } = world
  for (const killed of [false, true]) {
    const roomId = newId()
    anna.link.cut()
    anna.store.append({ type: 'room.create', roomId, kind: 'group', name: 'Made and left', memberIds: [] })
    anna.store.append({ type: 'member.remove', roomId, userId: anna.userId })
    if (killed) {
      anna.extraDelayMs = (call) => (call === 'removeEntries' ? 60_000 : 0)
      anna.link.connect()
      await clock.advance(5_000)
      anna.crash()
      anna.extraDelayMs = () => 0
      anna.start()
    }
    anna.link.connect()
    await clock.advance(5_000)
    expect(relay.head(`room:${roomId}`)).toBeGreaterThan(0)
    expect(anna.disk.outbox.size).toBe(0)
  }
})

test('[S11.2] who is added again while a refusal is on its way hears the room all the same', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay, room, roomId } = world
  relay.act(ben.userId, { type: 'member.remove', roomId, userId: anna.userId })
  await clock.advance(10)
  anna.link.cut()
  anna.link.answerDelayMs = 500
  anna.link.connect()
  await clock.advance(10)
  relay.act(ben.userId, { type: 'member.add', roomId, userIds: [anna.userId] })
  await clock.advance(5_000)
  expect(anna.records(room)).toEqual(relay.records(room))
  world.benSays(1, 'welcome back')
  await clock.advance(10)
  expect(anna.state(room)?.checkpoint).toBe(relay.head(room))
})

test('own accepted entries stay in the outbox until their record is stored', async () => {
  const world = await createModelWorld()
  const { anna, clock, room, roomId } = world
  anna.link.filter = (hint) => hint.stream !== room
  anna.say(roomId, 'accepted before it is here')
  await clock.advance(5)
  expect([...anna.disk.outbox.values()]).toMatchObject([{ state: 'accepted' }])
  anna.crash()
  anna.start()
  await clock.advance(1_000)
  expect(anna.disk.outbox.size).toBe(1)
  anna.link.connect()
  await clock.advance(1_000)
  expect(anna.disk.outbox.size).toBe(0)
  expect(world.messages(anna)).toHaveLength(2)
})

test('an accepted entry whose record was stored before a crash leaves the outbox at the next start, offline', async () => {
  const world = await createModelWorld()
  const { anna, clock, roomId } = world
  anna.storeFails = (call) => {
    if (call === 'removeEntries') anna.crash()
    return false
  }
  anna.say(roomId, 'hello')
  await clock.advance(10)
  expect(anna.disk.outbox.size).toBe(1)
  anna.storeFails = () => false
  anna.start()
  await clock.advance(10)
  expect(anna.disk.outbox.size).toBe(0)
})

test('one stream whose answer cannot be read does not hold up the others', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  anna.link.cut()
  world.benSays(2)
  anna.link.unreadable = (pull) => pull.wants.some((want) => want.kind === 'changes' && want.stream === 'users')
  anna.link.connect()
  await clock.advance(5_000)
  expect(anna.records(room)).toEqual(relay.records(room))
  expect(anna.problems.length).toBeGreaterThan(0)
  const pulls = relay.heard.pulls.length
  await clock.advance(60_000)
  expect(relay.heard.pulls.length - pulls).toBeLessThan(20)
})

test('a new device of somebody with many rooms has all of them, the open one first', async () => {
  const world = await createModelWorld()
  const { ben, clock, relay, random, anna } = world
  const rooms = Array.from({ length: 60 }, () => newId())
  for (const roomId of rooms) {
    relay.act(ben.userId, { type: 'room.create', roomId, kind: 'group', name: 'Room', memberIds: [anna.userId] })
  }
  await clock.advance(10_000)
  const tablet = createModelDevice({ relay, clock, random, userId: anna.userId })
  tablet.storeDelayMs = 500
  tablet.sync.openRoom(rooms[50] ?? '')
  tablet.link.connect()
  await clock.until(() => tablet.state(`room:${rooms[50]}`)?.headSeq === 1)
  expect(rooms.filter((roomId) => tablet.state(`room:${roomId}`)?.headSeq === 1)).toHaveLength(1)
  const progress: number[] = []
  const storedThen: number[] = []
  tablet.sync.progress$.subscribe(({ done, total }) => {
    progress.push(total - done)
    if (done === total) storedThen.push(rooms.filter((roomId) => tablet.state(`room:${roomId}`)?.headSeq === 1).length)
  })
  await clock.advance(20_000)
  for (const roomId of rooms) {
    expect(tablet.records(`room:${roomId}`)).toEqual(relay.records(`room:${roomId}`))
  }
  expect(progress.at(-1)).toBe(0)
  // Whoever is told that nothing is missing finds it in the store.
  expect(storedThen[0]).toBe(rooms.length)
})

test('a sync that is stopped while its store fails does not go back to the store', async () => {
  const world = await createModelWorld()
  const { anna, clock } = world
  anna.storeDelayMs = 50
  anna.storeFails = (call) => call.startsWith('applyRecords')
  world.benSays(1)
  await clock.advance(1)
  await Promise.all([anna.sync.stop(), clock.advance(1_000)])
  const before = anna.calls.length
  expect(anna.problems).toHaveLength(1)
  await clock.advance(60_000)
  expect(anna.calls.slice(before)).toEqual([])
})
