import { expect, test } from 'vitest'
import type { MessageRecord, ReactionRecord, StreamRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { asideRoomId, directRoomId, notesRoomId } from '../../protocol/derived-ids.ts'
import { createMemorySyncStore } from '../store/memory-sync-store.ts'
import { operationsFor, repeatRoom, wishesIn } from './lost.ts'
import { NEW_EPOCH_PATIENCE_MS } from './start-sync.ts'
import { createModelDevice } from './testing/model-device.ts'
import type { ModelDevice } from './testing/model-device.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'

/** The relay's data comes back as it was at `backup`, in a new epoch, while nobody is connected. */
function goBack({ relay, anna, ben }: ModelWorld, backup: unknown): void {
  anna.link.cut()
  ben.link.cut()
  relay.restore(backup)
}

async function connectAll({ clock, anna, ben }: ModelWorld): Promise<void> {
  anna.link.connect()
  await clock.advance(5_000)
  ben.link.connect()
  await clock.advance(5_000)
}

const bodies = (world: ModelWorld, device: ModelDevice): string[] =>
  world
    .messages(device)
    .filter(({ kind }) => kind === 'text')
    .map(({ body }) => body)

const onlyHere = (world: ModelWorld, device: ModelDevice): string[] =>
  [...(device.disk.records.get(world.room)?.values() ?? [])]
    .filter((held) => held.onlyHere)
    .map(({ record }) => (record as MessageRecord).body)

const reactions = (world: ModelWorld, device: ModelDevice): string[] =>
  device
    .records(world.room)
    .filter((record): record is ReactionRecord => record.type === 'reaction' && record.set)
    .map(({ emoji, userId }) => `${emoji} ${userId === world.anna.userId ? 'Anna' : 'Ben'}`)

/** Both devices and the relay hold the same, and nothing waits. */
function expectAgreement(world: ModelWorld): void {
  for (const device of [world.anna, world.ben]) {
    const held = device.records(world.room).filter((record) => record.type !== 'reaction' || record.set)
    const truth = world.relay.records(world.room).filter((record) => record.type !== 'reaction' || record.set)
    expect(held).toEqual(truth)
    expect(device.disk.outbox.size).toBe(0)
    expect(onlyHere(world, device)).toEqual([])
  }
}

const messageAt = (seq: number): MessageRecord => ({
  type: 'message',
  kind: 'text',
  rev: seq,
  id: '',
  roomId: 'room',
  seq,
  authorId: '',
  body: '',
  sentAt: '',
  acceptedAt: ''
})

test('[S10.5] what both have said since the copy was made is said again, in order, each by its author, and nothing twice', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay, roomId } = world
  anna.say(roomId, 'kept')
  await clock.advance(10)
  const backup = relay.backup()
  const mine = [anna.say(roomId, 'first of Anna'), anna.say(roomId, 'second of Anna')]
  await clock.advance(10)
  ben.say(roomId, 'of Ben')
  await clock.advance(10)
  goBack(world, backup)
  anna.link.connect()
  await clock.advance(5_000)
  expect(onlyHere(world, anna)).toEqual(['of Ben'])
  expect(bodies(world, anna)).toContain('of Ben')
  ben.link.connect()
  await clock.advance(5_000)
  expectAgreement(world)
  expect(bodies(world, anna)).toEqual(['kept', 'first of Anna', 'second of Anna', 'of Ben'])
  expect(world.messages(anna).filter(({ id }) => mine.includes(id))).toHaveLength(2)
})

test('[S10.5] a message that takes the seq of a lost one stands beside it', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay, roomId } = world
  const backup = relay.backup()
  ben.say(roomId, 'lost')
  await clock.advance(10)
  goBack(world, backup)
  anna.say(roomId, 'in its place')
  anna.link.connect()
  await clock.advance(5_000)
  const at = world.messages(anna).filter(({ seq }) => seq === 2)
  expect(at.map(({ body }) => body).toSorted()).toEqual(['in its place', 'lost'])
  expect(anna.state(world.room)).toMatchObject({ ranges: [[1, 2]], headSeq: 2 })
  expect(anna.state(world.room)).not.toHaveProperty('lostUpTo')
  ben.link.connect()
  await clock.advance(5_000)
  expectAgreement(world)
})

test('[S10.5] lost edits, deletions and reactions of one’s own are repeated', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay, roomId } = world
  const [edited, deleted] = [anna.say(roomId, 'as written'), anna.say(roomId, 'not for long')]
  const [his] = world.benSays(1)
  if (his === undefined) throw new Error('Ben said nothing')
  await clock.advance(10)
  ben.store.append({ type: 'reaction.set', roomId, messageId: edited, emoji: '👀', set: true })
  await clock.advance(10)
  const backup = relay.backup()
  anna.store.append({ type: 'message.edit', roomId, messageId: edited, body: 'as meant' })
  anna.store.append({ type: 'message.delete', roomId, messageId: deleted })
  anna.store.append({ type: 'reaction.set', roomId, messageId: his, emoji: '👍', set: true })
  ben.store.append({ type: 'reaction.set', roomId, messageId: edited, emoji: '👀', set: false })
  await clock.advance(10)
  goBack(world, backup)
  await connectAll(world)
  expectAgreement(world)
  expect(world.messages(ben).find(({ id }) => id === edited)?.body).toBe('as meant')
  expect(world.messages(ben).find(({ id }) => id === deleted)?.deletedAt).toBeDefined()
  expect(reactions(world, ben)).toEqual(['👍 Anna'])
})

test('[S10.5] [S12] how far one had read is said again', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, roomId } = world
  world.benSays(5)
  await clock.advance(10)
  const backup = relay.backup()
  anna.store.append({ type: 'read.mark', roomId, seq: 6 })
  await clock.advance(10)
  goBack(world, backup)
  await connectAll(world)
  const membership = relay.records(`user:${anna.userId}`).find(({ type }) => type === 'membership')
  expect(membership).toMatchObject({ readSeq: 6 })
  expect(anna.disk.outbox.size).toBe(0)
})

test('[S10.5] a room that is lost as a whole is made again by the one who made it, with everybody and their words', async () => {
  const world = await createModelWorld()
  const { anna, ben, clock, relay } = world
  const backup = relay.backup()
  const roomId = newId()
  anna.store.append({ type: 'room.create', roomId, kind: 'group', name: 'Garden', memberIds: [ben.userId] })
  anna.say(roomId, 'here we are')
  await clock.advance(10)
  ben.say(roomId, 'hello')
  await clock.advance(10)
  goBack(world, backup)
  ben.link.connect()
  await clock.advance(5_000)
  expect(ben.disk.outbox.size).toBe(0)
  anna.link.connect()
  await clock.advance(60_000)
  const garden: ModelWorld = { ...world, room: `room:${roomId}` }
  expectAgreement({ ...garden, messages: world.messages })
  const texts = relay.records(`room:${roomId}`).filter((record) => record.type === 'message' && record.kind === 'text')
  expect(texts.map((record) => (record as MessageRecord).body).toSorted()).toEqual(['hello', 'here we are'])
  expect(relay.records(`room:${roomId}`)).toContainEqual(expect.objectContaining({ type: 'room', name: 'Garden' }))
})

test('[S10.5] a kill at any call of the store neither loses nor doubles what is brought back', async () => {
  for (let killAt = 1; killAt < 40; killAt++) {
    const world = await createModelWorld({ seed: killAt, history: true })
    const { anna, clock, relay, roomId } = world
    const backup = relay.backup()
    for (const body of ['one', 'two', 'three']) anna.say(roomId, body)
    world.benSays(2, 'of Ben')
    await clock.advance(10)
    goBack(world, backup)
    let calls = 0
    anna.storeFails = () => {
      calls += 1
      if (calls === killAt) anna.crash()
      return false
    }
    anna.link.connect()
    await clock.advance(5_000)
    anna.storeFails = () => false
    if (calls >= killAt) anna.start()
    anna.link.cut()
    await connectAll(world)
    expect(
      bodies(world, anna)
        .filter((body) => !body.startsWith('of Ben'))
        .toSorted()
    ).toEqual(['one', 'three', 'two'])
    expect(anna.disk.outbox.size).toBe(0)
    if (calls < killAt) break
  }
})

test('[S10.5] what was done offline to a lost message comes behind it, and is not refused', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, roomId } = world
  const backup = relay.backup()
  const said = anna.say(roomId, 'said')
  await clock.advance(10)
  goBack(world, backup)
  anna.store.append({ type: 'message.edit', roomId, messageId: said, body: 'said better' })
  anna.store.append({ type: 'reaction.set', roomId, messageId: said, emoji: '🎉', set: true })
  await connectAll(world)
  expectAgreement(world)
  expect(bodies(world, anna)).toEqual(['said better'])
  expect(reactions(world, world.ben)).toEqual(['🎉 Anna'])
})

test('[S10.5] [S2] what waits is not held up for long by a room that cannot be read', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, roomId, room } = world
  anna.link.cut()
  relay.restart()
  const said = anna.say(roomId, 'said')
  anna.link.unreadable = ({ wants }) => wants.some((want) => want.kind === 'changes' && want.stream === room)
  anna.link.connect()
  await clock.advance(NEW_EPOCH_PATIENCE_MS + 100)
  expect(relay.records(room)).toContainEqual(expect.objectContaining({ id: said }))
})

test('[S10.2] a page newer than the last hint, of a relay that goes back before the hint comes, is found out too', async () => {
  const world = await createModelWorld({ history: true })
  const { anna, ben, clock, relay, room, roomId } = world
  const said = world.benSays(60)
  await clock.advance(1_000)
  anna.crash()
  anna.disk.streams.set(room, { ...anna.disk.streams.get(room)!, ranges: [[20, 61]] })
  for (const [key, { record }] of anna.disk.records.get(room) ?? []) {
    if (record.type === 'message' && record.seq < 20) anna.disk.records.get(room)?.delete(key)
  }
  anna.start()
  anna.sync.pauseHistory(true)
  anna.link.connect()
  await clock.advance(1_000)
  const backup = relay.backup()
  anna.link.filter = () => false
  world.benEdits(said[3] ?? '', 'lost with the copy')
  const loaded = anna.sync.loadOlder(roomId, 20)
  await clock.advance(50)
  expect(await loaded).toBe(true)
  ben.crash()
  anna.link.cut()
  relay.restore(backup)
  anna.link.filter = () => true
  anna.link.connect()
  await clock.advance(1_000)
  anna.sync.pauseHistory(false)
  await clock.advance(5_000)
  const message = world.messages(anna).find(({ id }) => id === said[3])
  expect(message?.body).toBe('from Ben 4')
})

test('[S10.5] three devices of one person bring the same words back once', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, random, roomId, room } = world
  const others = [1, 2].map(() => createModelDevice({ relay, clock, random, userId: anna.userId }))
  for (const each of others) each.link.connect()
  await clock.advance(1_000)
  const backup = relay.backup()
  anna.say(roomId, 'once')
  await clock.advance(10)
  for (const each of others) each.link.cut()
  goBack(world, backup)
  for (const each of [anna, ...others, world.ben]) each.link.connect()
  await clock.advance(10_000)
  const said = relay.records(room).filter((record) => record.type === 'message' && record.body === 'once')
  expect(said).toHaveLength(1)
  for (const each of [anna, ...others]) {
    expect(each.records(room)).toEqual(relay.records(room))
    expect(each.disk.outbox.size).toBe(0)
  }
})

test('[S10.5] a reply to somebody else’s lost words goes without them, one to own words with them', () => {
  const message = (id: string, authorId: string, seq: number, replyTo?: string): MessageRecord => ({
    ...messageAt(seq),
    id,
    authorId,
    body: id,
    ...(replyTo === undefined ? {} : { replyTo })
  })
  const messages = [
    message('a', 'me', 1),
    message('b', 'you', 2),
    message('c', 'me', 3, 'a'),
    message('d', 'me', 4, 'b')
  ]
  const sent = operationsFor(
    { messages: [...messages, message('e', 'me', 5, 'kept')], versions: [] },
    'me',
    wishesIn([])
  )
  expect(sent.map((each) => (each.type === 'message.send' ? [each.messageId, each.replyTo] : []))).toEqual([
    ['a', undefined],
    ['c', 'a'],
    ['d', undefined],
    ['e', 'kept']
  ])
})

test('[S11.5] what was said aside and is lost makes its aside again; a reply to what is there names the aside', () => {
  const message = (id: string, authorId: string, seq: number, more: Partial<MessageRecord> = {}): MessageRecord => {
    return { ...messageAt(seq), id, authorId, body: id, roomId: 'aside', anchorSeq: 4, ...more }
  }
  const messages = [
    message('a', 'me', 1, { mentions: ['you'] }),
    message('b', 'you', 2),
    message('c', 'me', 3, { replyTo: 'a' }),
    message('d', 'me', 4, { replyTo: 'b' })
  ]
  const aside = { parentId: 'parent', memberIds: ['me', 'you', 'her'] }
  const common = { type: 'message.send', sentAt: '' }
  expect(operationsFor({ messages, versions: [] }, 'me', wishesIn([]), aside)).toEqual([
    { ...common, roomId: 'parent', messageId: 'a', body: 'a', to: ['you', 'her'], mentions: ['you'] },
    { ...common, roomId: 'aside', messageId: 'c', body: 'c', replyTo: 'a' },
    { ...common, roomId: 'parent', messageId: 'd', body: 'd', to: ['you', 'her'] }
  ])
})

test('[S10.5] what one wants everywhere, and receipts switched off, are said again', () => {
  const user = { type: 'user', username: 'me', displayName: 'Me', role: 'member', createdAt: '' } as const
  const again = (held: StreamRecord, served: StreamRecord) =>
    operationsFor({ messages: [], versions: [{ held, served }] }, 'me', wishesIn([]))
  const none = { type: 'preferences', rev: 1 } as const
  const invisible = { type: 'preferences', rev: 2, availability: 'invisible' } as const
  expect(again(invisible, none)).toEqual([{ type: 'preferences.change', availability: 'invisible' }])
  expect(again({ ...none, rev: 3 }, invisible)).toEqual([{ type: 'preferences.change', availability: 'auto' }])
  expect(again({ ...invisible, rev: 3 }, invisible)).toEqual([])
  const hides = (id: string) => again({ ...user, id, rev: 5, receipts: false }, { ...user, id, rev: 1 })
  expect(hides('me')).toEqual([{ type: 'profile.change', receipts: false }])
  expect(hides('you')).toEqual([])
  expect(again({ ...user, id: 'me', rev: 5 }, { ...user, id: 'me', rev: 1, receipts: false })).toEqual([])
})

test('[S10.5] a room that is lost as a whole is made again by its maker, a direct one by either, an aside by its words', async () => {
  const [me, you, parentId] = [newId(), newId(), newId()]
  const rooms = {
    [newId()]: { kind: 'group', name: 'hall', createdBy: me, topic: 'all', writers: 'admins' },
    [newId()]: { kind: 'open', name: 'yard', createdBy: you },
    [directRoomId(me, you)]: { kind: 'direct', name: '', createdBy: you },
    [notesRoomId(me)]: { kind: 'notes', name: '', createdBy: me },
    [asideRoomId(parentId, [me, you])]: { kind: 'aside', name: '', createdBy: you, parentId }
  } as const
  const made: unknown[] = []
  for (const [id, room] of Object.entries(rooms)) {
    const member = { type: 'member', rev: 2, roomId: id, role: 'member', state: 'joined' } as const
    const records = (room.kind === 'notes' ? [me] : [me, you]).map((userId) => ({
      ...member,
      userId,
      joinedAt: '',
      joinedSeq: 0
    }))
    const said = { ...messageAt(1), id: `said in ${id}`, roomId: id, authorId: me, body: 'mine' }
    const store = createMemorySyncStore()
    await store.applyRecords(`room:${id}`, 3, [{ type: 'room', rev: 1, id, createdAt: '', ...room }, ...records, said])
    await repeatRoom(store, id, me)
    made.push(...(await store.loadOutbox()).map(({ operation }) => operation))
  }
  const [group, , direct, notes, aside] = Object.keys(rooms)
  expect(made).toEqual([
    {
      type: 'room.create',
      roomId: group,
      kind: 'group',
      name: 'hall',
      memberIds: [you],
      topic: 'all',
      writers: 'admins'
    },
    { type: 'room.create', roomId: direct, kind: 'direct', memberIds: [you] },
    { type: 'room.create', roomId: notes, kind: 'notes', memberIds: [] },
    { type: 'message.send', roomId: parentId, messageId: `said in ${aside}`, to: [you], body: 'mine', sentAt: '' }
  ])
})
