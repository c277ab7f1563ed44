import { expect, test } from 'vitest'
import { MAX_PUSH_OPERATIONS } from '../../protocol/limits.ts'
import { newId } from '../../protocol/values.ts'
import { createModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'

test('[S2] an own message goes out as soon as it is in the outbox, waiting for no timer', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld()
  const before = clock.now()
  const messageId = anna.say(roomId, 'hello')
  await clock.advance(0)
  expect(relay.records(`room:${roomId}`)).toContainEqual(expect.objectContaining({ id: messageId, body: 'hello' }))
  expect(clock.now()).toBe(before)
})

test('[S2.1] after a lost answer the same entry goes again under its number, and is applied once', async () => {
  const { anna, roomId, relay, clock, messages } = await createModelWorld()
  anna.link.faults = { ...anna.link.faults, loseAnswer: 1 }
  const messageId = anna.say(roomId, 'only once')
  await clock.advance(100)
  expect(anna.link.isUp).toBe(false)
  expect([...anna.disk.outbox.values()]).toMatchObject([{ n: 1, state: 'pending' }])

  anna.link.faults = { ...anna.link.faults, loseAnswer: 0 }
  anna.link.connect()
  await clock.advance(100)
  expect(relay.heard.pushes.map(({ operations }) => operations.map(({ n }) => n))).toEqual([[1], [1]])
  expect(relay.heard.pushes[1]?.operations).toEqual(relay.heard.pushes[0]?.operations)
  expect([...relay.applied.values()]).toEqual([1])
  expect(messages(anna).filter(({ id }) => id === messageId)).toHaveLength(1)
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S2] a number is on the disk before it is transmitted, and the answer before the next push', async () => {
  const { anna, roomId, clock } = await createModelWorld()
  anna.calls.length = 0
  anna.say(roomId, 'one')
  anna.say(roomId, 'two')
  await clock.advance(10)
  const order = anna.calls.filter((call) => /number|Answers|Answered/.test(call))
  expect(order.slice(0, 3)).toEqual(['numberPending', 'storeAnswers', 'loadAnswered'])
  expect(order.slice(3)).toContain('numberPending')
})

test('[S2] what would go out at once has its number with its first write; what waits has none, and can be cancelled', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld()
  const numberOf = (body: string) =>
    [...anna.disk.outbox.values()].find(({ operation }) => 'body' in operation && operation.body === body)?.n
  anna.storeDelayMs = 5
  anna.say(roomId, 'one')
  expect(numberOf('one')).toBe(1)
  anna.say(roomId, 'behind it')
  expect(numberOf('behind it')).toBe(null)
  await clock.advance(100)
  expect(relay.heard.pushes.flatMap(({ operations }) => operations.map(({ n }) => n))).toEqual([1, 2])

  anna.link.cut()
  const entry = anna.store.append({ type: 'read.mark', roomId, seq: 1 })
  await clock.advance(1_000)
  expect(anna.disk.outbox.get(entry)?.n).toBe(null)
  expect(anna.store.cancel(entry)).toBe(true)
  // Connected, and not yet compared with the relay [S10.3].
  anna.link.connect()
  anna.say(roomId, 'too early')
  expect(numberOf('too early')).toBe(null)
  await clock.advance(100)
  anna.say(roomId, 'at once')
  expect(numberOf('at once')).toBe(4)
  await clock.advance(100)
  expect(anna.disk.outbox.size).toBe(0)
  expect([...relay.applied.values()].every((times) => times === 1)).toBe(true)
})

test('[S2.2] a push settles what is stored, and nothing else', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld()
  for (const text of ['one', 'two', 'three']) {
    anna.say(roomId, text)
    await clock.advance(10)
  }
  expect(relay.heard.pushes.map(({ settled }) => settled)).toEqual([0, 1, 2])
})

test('[S6] a refusal blocks nothing behind it, and stays with its reason', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld({ connected: false })
  const strange = newId()
  anna.store.append({ type: 'message.edit', roomId, messageId: strange, body: 'not there' })
  const after = anna.say(roomId, 'behind it')
  anna.link.connect()
  await clock.advance(1_000)
  expect(relay.records(`room:${roomId}`)).toContainEqual(expect.objectContaining({ id: after }))
  expect([...anna.disk.outbox.values()]).toMatchObject([{ state: 'refused', error: { code: 'message-not-found' } }])
})

test('[S6] what depends on a refused operation is refused with it, its text kept', async () => {
  const { anna, roomId, clock } = await createModelWorld({ connected: false })
  const first = anna.store.append({ type: 'message.edit', roomId, messageId: newId(), body: 'not there' })
  const send = {
    type: 'message.send',
    roomId,
    messageId: newId(),
    body: 'kept',
    sentAt: '2026-01-01T00:00:00.000Z'
  } as const
  anna.store.append(send, { dependsOn: [first] })
  anna.link.connect()
  await clock.advance(1_000)
  expect([...anna.disk.outbox.values()]).toMatchObject([
    { state: 'refused' },
    { state: 'refused', error: { code: 'depends-on-refused' }, operation: { body: 'kept' } }
  ])
})

test('[S6.2] what was stopped goes again unchanged after the time that the relay named, not before', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld()
  relay.stopped = { code: 'rate-limited', message: 'slow down', retryAfterMs: 5_000 }
  anna.say(roomId, 'one')
  await clock.advance(100)
  anna.say(roomId, 'two')
  await clock.advance(4_800)
  expect(relay.heard.pushes).toHaveLength(1)
  relay.stopped = null
  await clock.advance(2_000)
  expect(relay.heard.pushes.map(({ operations }) => operations.map(({ n }) => n))).toEqual([[1], [1, 2]])
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S2] only what is transmitted is numbered; the rest of a long outbox can still be cancelled', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld({ connected: false })
  for (let index = 0; index < 250; index++) anna.say(roomId, `offline ${index}`)
  const last = [...anna.disk.outbox.keys()].at(-1) ?? ''
  relay.stopped = { code: 'relay-error', message: 'wait', retryAfterMs: 1_000 }
  anna.link.connect()
  await clock.advance(100)
  const numbered = [...anna.disk.outbox.values()].filter(({ n }) => n !== null)
  expect(numbered).toHaveLength(MAX_PUSH_OPERATIONS)
  expect(anna.store.cancel(last)).toBe(true)
  relay.stopped = null
  await clock.advance(5_000)
  expect(relay.heard.pushes.slice(1).map(({ operations }) => operations.length)).toEqual([100, 100, 49])
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S2] a push stays below the size of a packet', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld({ connected: false })
  const large = '한'.repeat(20_000)
  for (let index = 0; index < 20; index++) anna.say(roomId, large)
  anna.link.connect()
  await clock.advance(1_000)
  expect(relay.heard.pushes.map(({ operations }) => operations.length)).toEqual([6, 6, 6, 2])
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S2.4] a copy of a profile takes the answers to its own operations, and goes on as a new device', async () => {
  const { anna, roomId, room, relay, clock, random } = await createModelWorld()
  // The copy is made while one operation is numbered and of unknown outcome.
  anna.link.faults = { ...anna.link.faults, loseAnswer: 1 }
  const both = anna.say(roomId, 'in both copies')
  await clock.advance(10)
  const disk = structuredClone(anna.disk)
  const copy = createModelDevice({ relay, clock, random, userId: anna.userId, deviceId: anna.deviceId, disk })
  // The original goes on.
  anna.link.faults = { ...anna.link.faults, loseAnswer: 0 }
  anna.link.connect()
  await clock.advance(100)
  anna.say(roomId, 'by the original')
  await clock.advance(100)

  const own = copy.say(roomId, 'by the copy')
  copy.link.connect()
  await clock.advance(1_000)
  expect(copy.copied).toEqual([anna.deviceId])
  copy.crash()
  const renewed = createModelDevice({ relay, clock, random, userId: anna.userId, disk })
  renewed.link.connect()
  await clock.advance(1_000)
  expect(renewed.disk.outbox.size).toBe(0)
  expect(renewed.copied).toEqual([])
  for (const id of [both, own]) {
    expect(relay.records(room).filter((record) => record.type === 'message' && record.id === id)).toHaveLength(1)
  }
  // The original is not disturbed.
  anna.say(roomId, 'still here')
  await clock.advance(100)
  expect(anna.copied).toEqual([])
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S2.4] a copy that numbers an operation of its own meets a conflict, and nothing of it is lost', async () => {
  const { anna, roomId, room, relay, clock, random } = await createModelWorld()
  const disk = structuredClone(anna.disk)
  const copy = createModelDevice({ relay, clock, random, userId: anna.userId, deviceId: anna.deviceId, disk })
  copy.link.connect()
  await clock.advance(10)
  anna.say(roomId, 'original')
  await clock.advance(10)
  const own = copy.say(roomId, 'copy')
  await clock.advance(10)
  expect(copy.copied).toEqual([anna.deviceId])
  expect([...disk.outbox.values()]).toMatchObject([{ n: null, state: 'pending' }])
  copy.crash()
  const renewed = createModelDevice({ relay, clock, random, userId: anna.userId, disk })
  renewed.link.connect()
  await clock.advance(100)
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: own, body: 'copy' }))
  expect(disk.outbox.size).toBe(0)
})

test('[S10.3] when the relay has forgotten answers that are settled here, counting goes on from its number', async () => {
  const { anna, roomId, room, relay, clock } = await createModelWorld()
  anna.say(roomId, 'kept')
  await clock.advance(10)
  const backup = relay.backup()
  const lost = anna.say(roomId, 'lost with the disk')
  await clock.advance(10)
  anna.link.cut()
  relay.restore(backup)
  const later = anna.say(roomId, 'afterwards')
  const before = relay.heard.pushes.length
  anna.link.connect()
  await clock.advance(1_000)
  const pushed = relay.heard.pushes.slice(before).flatMap(({ operations }) => operations.map(({ n }) => n))
  expect(pushed).toEqual([2, 3])
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: lost, body: 'lost with the disk' }))
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: later }))
  expect(anna.disk.outbox.size).toBe(0)
  expect(anna.copied).toEqual([])
})

test('[S10.3] what the relay accepted and then lost, before its record was here, is sent again', async () => {
  const { anna, roomId, room, relay, clock, benSays } = await createModelWorld()
  const backup = relay.backup()
  anna.link.filter = () => false
  const lost = anna.say(roomId, 'accepted, then lost')
  await clock.advance(10)
  expect([...anna.disk.outbox.values()]).toMatchObject([{ state: 'accepted' }])
  anna.link.cut()
  relay.restore(backup)
  benSays(5)
  // What was read from the relay may be stored before its counters are compared with ours.
  anna.extraDelayMs = (call) => (call === 'loadAnswered' ? 200 : 0)
  anna.link.filter = () => true
  anna.link.connect()
  await clock.advance(1_000)
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: lost }))
  expect(anna.records(room)).toEqual(relay.records(room))
  expect(anna.disk.outbox.size).toBe(0)
})

test('a store that fails while answers are put down is tried again, and the relay answers the same', async () => {
  const { anna, roomId, relay, clock } = await createModelWorld()
  let failing = true
  anna.storeFails = (call) => failing && call === 'storeAnswers'
  anna.say(roomId, 'stubborn')
  await clock.advance(10)
  expect(anna.problems).toHaveLength(1)
  failing = false
  await clock.advance(5_000)
  expect([...relay.applied.values()]).toEqual([1])
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S6] an accepted entry that could not be taken out of the outbox is taken out later, without anything else happening', async () => {
  const { anna, roomId, clock } = await createModelWorld()
  let failures = 0
  anna.storeFails = (call) => call === 'removeEntries' && ++failures <= 3
  anna.say(roomId, 'stored')
  await clock.advance(500)
  expect([...anna.disk.outbox.values()]).toMatchObject([{ state: 'accepted' }])
  await clock.advance(60_000)
  expect(failures).toBeGreaterThan(3)
  expect(anna.disk.outbox.size).toBe(0)
})
