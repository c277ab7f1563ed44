// A relay that went back is told to delete what it has lost.
import { expect, test } from 'vitest'
import type { MessageRecord } from '../../protocol/records.ts'
import { NEW_EPOCH_PATIENCE_MS } from './start-sync.ts'
import { createModelDevice } from './testing/model-device.ts'
import type { ModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'
import { meetDeletions, withUnmet } from './unmet-deletions.ts'

const REGRETTED = 'I regret this'

interface Course {
  messageId: string
  /** Of the deletion. */
  entryId: string
  /** The relay before the message. */
  backup: unknown
}

/** Anna has deleted a message offline; the relay has lost it, and went on without her: what is lost is `newer` messages below the newest one. */
async function deleteWhatWillBeLost(world: ModelWorld, newer: number): Promise<Course> {
  const { anna, relay, clock, roomId } = world
  const backup = relay.backup()
  const messageId = anna.say(roomId, REGRETTED)
  await clock.advance(1_000)
  anna.link.cut()
  const entryId = anna.store.append({ type: 'message.delete', roomId, messageId })
  relay.restore(backup)
  world.benSays(newer)
  return { messageId, entryId, backup }
}

/** Nothing but the newest page can be had for now: what is lost below it is not found before the patience is over. */
function keepOldPagesAway({ link }: ModelDevice): void {
  link.unreadable = ({ wants }) => wants.some((want) => want.kind === 'page' && want.before !== undefined)
}

/** Where its text is: on the relay, on these devices. */
const readableAt = ({ relay, room }: ModelWorld, devices: readonly ModelDevice[]): string[] =>
  [relay.records(room), ...devices.map((device) => device.records(room))]
    .flat()
    .filter((record): record is MessageRecord => record.type === 'message' && record.body === REGRETTED)
    .map(({ body }) => body)

const wasSent = ({ relay }: ModelWorld, from = 0): boolean =>
  relay.heard.pushes
    .slice(from)
    .some(({ operations }) => operations.some((each) => JSON.stringify(each).includes(REGRETTED)))

test('[S13] [S10.5] a deletion that is refused because the relay has lost the message holds when that is found out', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const { messageId, entryId } = await deleteWhatWillBeLost(world, 900)
  const pushes = relay.heard.pushes.length
  keepOldPagesAway(anna)
  anna.link.connect()
  await clock.until(() => anna.disk.outbox.get(entryId)?.state === 'refused')
  expect(anna.state(room)).toHaveProperty('lostUpTo')
  expect(world.messages(anna).find(({ id }) => id === messageId)).toMatchObject({
    body: '',
    deletedAt: expect.any(String)
  })
  // What the store does with a refusal that nobody has to decide about.
  anna.store.cancel(entryId)
  anna.link.unreadable = () => false
  anna.sync.pauseHistory(false)
  await clock.until(() => anna.state(room)?.lostUpTo === undefined)
  await clock.advance(5_000)
  expect(readableAt(world, [anna])).toEqual([])
  expect(wasSent(world, pushes)).toBe(false)
  expect(world.messages(anna)).toEqual(relay.records(room).filter(({ type }) => type === 'message'))
})

test('[S13] [S10.5] what waits to be deleted is not sent again, whether or not the deletion has a number', async () => {
  for (const numbered of [false, true]) {
    const world = await createModelWorld({ history: true })
    const { anna, clock, relay } = world
    const { entryId } = await deleteWhatWillBeLost(world, 3)
    if (numbered) await anna.store.numberPending(1)
    const pushes = relay.heard.pushes.length
    anna.link.connect()
    await clock.until(() => anna.disk.outbox.get(entryId)?.state === 'refused')
    anna.store.cancel(entryId)
    await clock.advance(10_000)
    expect(readableAt(world, [anna])).toEqual([])
    expect(wasSent(world, pushes)).toBe(false)
    expect(anna.disk.outbox.size).toBe(0)
  }
})

test('[S13] an edit that the relay has lost is not repeated when the message waits to be deleted', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, roomId, room } = world
  const messageId = anna.say(roomId, 'as written')
  await clock.advance(1_000)
  const backup = relay.backup()
  anna.store.append({ type: 'message.edit', roomId, messageId, body: REGRETTED })
  await clock.advance(1_000)
  anna.link.cut()
  anna.store.append({ type: 'message.delete', roomId, messageId })
  relay.restore(backup)
  const pushes = relay.heard.pushes.length
  anna.link.connect()
  await clock.advance(10_000)
  expect(wasSent(world, pushes)).toBe(false)
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: messageId, deletedAt: expect.any(String) }))
})

test.for(['at once', 'after a restart', 'after another restoration'])(
  '[S13] [S10.5] another device that brings the message back %s does so in vain',
  async (course) => {
    const world = await createModelWorld()
    const { anna, clock, relay, random, room } = world
    const laptop = createModelDevice({ relay, clock, random, userId: anna.userId })
    laptop.link.connect()
    await clock.advance(1_000)
    const { messageId, entryId, backup } = await deleteWhatWillBeLost(world, 3)
    laptop.link.cut()
    anna.link.connect()
    await clock.until(() => anna.disk.outbox.get(entryId)?.state === 'refused')
    anna.store.cancel(entryId)
    await clock.advance(5_000)
    if (course === 'after a restart') {
      anna.crash()
      anna.start()
    } else if (course === 'after another restoration') {
      relay.restore(backup)
      anna.link.cut()
    }
    anna.link.connect()
    laptop.link.connect()
    await clock.until(() => relay.records(room).some((record) => record.type === 'message' && record.id === messageId))
    await clock.advance(5_000)
    expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: messageId, body: '' }))
    expect(readableAt(world, [anna, laptop])).toEqual([])
    expect(anna.disk.outbox.size + laptop.disk.outbox.size).toBe(0)
  }
)

test.for(['loadOutbox', 'saveStreams', 'eraseMessage', 'storeAnswers'])(
  '[S13] what comes back while the refusal is being stored, in %s, is deleted again',
  async (slow) => {
    const world = await createModelWorld()
    const { anna, clock, relay, random, room } = world
    const laptop = createModelDevice({ relay, clock, random, userId: anna.userId })
    laptop.link.connect()
    await clock.advance(1_000)
    const { messageId, entryId } = await deleteWhatWillBeLost(world, 3)
    laptop.link.cut()
    const pushes = relay.heard.pushes.length
    anna.extraDelayMs = (call) => (call.startsWith(slow) ? 2_000 : 0)
    anna.link.connect()
    await clock.until(() => relay.heard.pushes.length > pushes)
    laptop.link.connect()
    await clock.until(() => relay.records(room).some((record) => record.type === 'message' && record.id === messageId))
    expect(anna.disk.outbox.get(entryId)?.state).toBe('pending')
    await clock.advance(20_000)
    expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: messageId, body: '' }))
    expect(readableAt(world, [anna, laptop])).toEqual([])
  }
)

test('[S13] [S10] a kill at any call of the store leaves nothing to be sent again', async () => {
  for (let killAt = 1; killAt < 60; killAt++) {
    const world = await createModelWorld({ seed: killAt })
    const { anna, clock, relay } = world
    const { entryId } = await deleteWhatWillBeLost(world, 120)
    const pushes = relay.heard.pushes.length
    let calls = 0
    anna.storeFails = () => {
      calls += 1
      if (calls === killAt) anna.crash()
      return false
    }
    keepOldPagesAway(anna)
    anna.link.connect()
    await clock.advance(NEW_EPOCH_PATIENCE_MS + 2_000)
    anna.storeFails = () => false
    if (calls >= killAt) anna.start()
    anna.link.cut()
    keepOldPagesAway(anna)
    anna.link.connect()
    await clock.until(() => anna.disk.outbox.get(entryId)?.state === 'refused')
    anna.store.cancel(entryId)
    anna.link.unreadable = () => false
    await clock.advance(60_000)
    expect(readableAt(world, [anna])).toEqual([])
    expect(wasSent(world, pushes)).toBe(false)
    if (calls < killAt) return
  }
  throw new Error('there is no end of calls')
})

test('[S11.4] what may only be hidden from its author is not shown as deleted', async () => {
  const { anna, clock, relay, roomId, room } = await createModelWorld()
  const messageId = anna.say(roomId, REGRETTED)
  await clock.advance(1_000)
  anna.link.cut()
  const entryId = anna.store.append({ type: 'message.delete', roomId, messageId })
  const refusal = { n: 2, id: entryId, status: 'refused', error: { code: 'message-not-found', message: '' } } as const
  const remembered: string[] = []
  const meet = (): Promise<void> =>
    meetDeletions(anna.store, 9, [refusal], async (_stream, id) => void remembered.push(id))
  const bodies = (): (string | undefined)[] =>
    anna.records(room).flatMap((record) => (record.type === 'message' && record.id === messageId ? [record.body] : []))
  const [held] = relay.records(room).filter((record) => record.type === 'room')
  if (!held) throw new Error('there is no room')
  await anna.store.applyRecords(room, 2, [{ ...held, history: 'from-joining' }])
  await meet()
  expect(bodies()).toEqual([REGRETTED])
  await anna.store.applyRecords(room, 3, [held])
  await meet()
  expect(bodies()).toEqual([''])
  expect(remembered).toEqual([messageId, messageId])
})

test('[S10.5] the words of an edit that was refused because its message was lost are what is sent again', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, roomId, room } = world
  const backup = relay.backup()
  const messageId = anna.say(roomId, 'as written')
  await clock.advance(1_000)
  anna.link.cut()
  const entryId = anna.store.append({ type: 'message.edit', roomId, messageId, body: 'as meant' })
  relay.restore(backup)
  world.benSays(900)
  keepOldPagesAway(anna)
  anna.link.connect()
  await clock.until(() => anna.disk.outbox.get(entryId)?.state === 'refused')
  anna.link.unreadable = () => false
  await clock.advance(60_000)
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: messageId, body: 'as meant' }))
})

test('[S10.5] what is about a message waits until what is lost of the room is found, and then arrives behind it', async () => {
  const world = await createModelWorld({ history: true })
  const { anna, clock, relay, roomId, room } = world
  const backup = relay.backup()
  const messageId = anna.say(roomId, 'as written')
  await clock.advance(1_000)
  anna.link.cut()
  anna.store.append({ type: 'message.edit', roomId, messageId, body: 'as meant' })
  anna.store.append({ type: 'reaction.set', roomId, messageId, emoji: '👍', set: true })
  relay.restore(backup)
  world.benSays(900)
  anna.link.connect()
  await clock.advance(NEW_EPOCH_PATIENCE_MS)
  expect(anna.disk.outbox.size).toBe(0)
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: messageId, body: 'as meant' }))
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ messageId, emoji: '👍', set: true }))
})

test('no room keeps more of these ids than it needs, the oldest go first', () => {
  let ids: readonly string[] = []
  for (let nth = 0; nth < 300; nth++) ids = withUnmet(ids, `${nth}`)
  expect([ids.length, ids.at(0), ids.at(-1)]).toEqual([200, '100', '299'])
  expect(withUnmet(ids, '150')).toBe(ids)
})
