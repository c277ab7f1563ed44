import { filter, firstValueFrom } from 'rxjs'
import { describe, expect, it, test } from 'vitest'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { Operation } from '../../protocol/operations.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { OutboxEntry, StreamState } from '../store/sync-store.ts'
import { testDevice } from '../store/testing/device.ts'
import { holdRoom, membershipOf, messageOf, TIME } from '../store/testing/records.ts'
import { effectOf, keepEffects } from './cut-off.ts'
import { createModelWorld } from './testing/model-world.ts'
import type { ModelWorld } from './testing/model-world.ts'

const [me, mina, jun, roomId] = [newId(), newId(), newId(), newId()]
const LATER = '2026-02-10T07:00:00.000Z'

function acceptedEntry(operation: Operation, rev: number, more: { seq?: number; inRoom?: string } = {}): OutboxEntry {
  const { seq, inRoom = roomId } = more
  const accepted = { stream: roomStream(inRoom), rev, epoch: 1, ...(seq === undefined ? {} : { seq }) }
  return { id: newId(), place: rev, n: rev, createdAt: LATER, dependsOn: [], operation, state: 'accepted', accepted }
}

describe('[S11.1] what an accepted entry whose record does not come leaves behind', () => {
  const held = messageOf(roomId, 4, { authorId: me, mentions: [mina], editedAt: TIME, replyTo: 'one', replySeq: 1 })
  const about = { roomId, messageId: held.id }

  it('[S13.1] of a deletion the tombstone that the relay has', () => {
    const { editedAt: _at, replyTo: _to, replySeq: _seq, mentions: _mentions, ...rest } = held
    const tombstone = { ...rest, rev: 8.5, body: '', deletedAt: LATER }
    expect(effectOf(acceptedEntry({ type: 'message.delete', ...about }, 9), me, held)).toEqual(tombstone)
  })

  it('of an edit the words with whom they mention, and nobody who was mentioned before', () => {
    const edit = { type: 'message.edit', ...about, body: 'new words' } as const
    const { mentions: _, ...rest } = held
    const edited = { ...rest, rev: 8.5, body: 'new words', editedAt: LATER }
    expect(effectOf(acceptedEntry(edit, 9), me, held)).toEqual(edited)
    expect(effectOf(acceptedEntry({ ...edit, mentions: [] }, 9), me, held)).toEqual(edited)
    expect(effectOf(acceptedEntry({ ...edit, mentions: [jun] }, 9), me, held)).toEqual({ ...edited, mentions: [jun] })
  })

  it('of a reaction its record, at the seq of its message', () => {
    const reaction = { type: 'reaction.set', ...about, emoji: '👍', set: false } as const
    const { type: _, ...fields } = reaction
    const expected = { type: 'reaction', rev: 8.5, seq: 4, userId: me, ...fields }
    expect(effectOf(acceptedEntry(reaction, 9), me, held)).toEqual(expected)
  })

  it('of a message its words, whom they mention and what they answer', () => {
    const send = { type: 'message.send', ...about, messageId: newId(), body: 'bye', sentAt: TIME } as const
    const own = { rev: 8.5, seq: 6, kind: 'text', authorId: me, body: 'bye', sentAt: TIME, acceptedAt: LATER }
    const said = { type: 'message', id: send.messageId, roomId, ...own }
    expect(effectOf(acceptedEntry(send, 9, { seq: 6 }), me, undefined)).toEqual(said)
    const answer = acceptedEntry({ ...send, mentions: [mina], replyTo: held.id }, 9, { seq: 6 })
    const answered = { ...said, mentions: [mina], replyTo: held.id }
    expect(effectOf(answer, me, held)).toEqual({ ...answered, replySeq: 4 })
    expect(effectOf(answer, me, undefined)).toEqual(answered)
  })

  it('nothing of a message that is deleted or not held, and of what concerns no message', () => {
    const gone = { ...held, body: '', deletedAt: TIME }
    const edit = acceptedEntry({ type: 'message.edit', ...about, body: 'too late' }, 9)
    expect(effectOf(edit, me, gone)).toBeUndefined()
    expect(effectOf(edit, me, undefined)).toBeUndefined()
    expect(effectOf(acceptedEntry({ type: 'room.rename', roomId, name: 'hall' }, 9), me, undefined)).toBeUndefined()
  })
})

/** Anna has said something, is offline, does this about it, and leaves. */
async function leaveOffline(
  world: ModelWorld,
  acts: (messageId: string) => readonly Operation[]
): Promise<{ messageId: string }> {
  const { anna, clock } = world
  const messageId = anna.say(world.roomId, 'old words')
  await clock.advance(1_000)
  anna.link.cut()
  for (const operation of acts(messageId)) anna.store.append(operation)
  anna.store.append({ type: 'member.remove', roomId: world.roomId, userId: anna.userId })
  return { messageId }
}

function comeBack({ anna, ben, relay, roomId }: ModelWorld): void {
  relay.act(ben.userId, { type: 'member.add', roomId, userIds: [anna.userId] })
}

test('[S11.1] [S13.1] what was deleted before leaving stays deleted, and is the relay’s record again for who comes back', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const { messageId } = await leaveOffline(world, (messageId) => [
    { type: 'message.edit', roomId: world.roomId, messageId, body: 'new words' },
    { type: 'message.delete', roomId: world.roomId, messageId }
  ])
  anna.link.connect()
  await clock.advance(5_000)
  expect(anna.disk.outbox.size).toBe(0)
  const [shown] = world.messages(anna).filter(({ id }) => id === messageId)
  expect(shown).toMatchObject({ body: '', deletedAt: expect.any(String) })
  expect(JSON.stringify([...anna.disk.records.values()].map((held) => [...held.values()]))).not.toMatch(/old|new words/)

  comeBack(world)
  await clock.advance(1_000)
  expect(anna.records(room)).toEqual(relay.records(room))
})

test('[S11.1] what was edited, said and reacted to before leaving shows, and [S8] is the relay’s record again for who comes back', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  const bye = newId()
  const { messageId } = await leaveOffline(world, (messageId) => [
    { type: 'message.edit', roomId: world.roomId, messageId, body: 'newer words' },
    { type: 'message.edit', roomId: world.roomId, messageId, body: 'last words', mentions: [world.ben.userId] },
    { type: 'reaction.set', roomId: world.roomId, messageId, emoji: '👍', set: true },
    {
      type: 'message.send',
      roomId: world.roomId,
      messageId: bye,
      body: 'bye',
      sentAt: TIME,
      mentions: [world.ben.userId]
    },
    { type: 'message.edit', roomId: world.roomId, messageId: bye, body: 'goodbye' }
  ])
  anna.link.connect()
  await clock.advance(5_000)
  expect(anna.disk.outbox.size).toBe(0)
  const shown = new Map(world.messages(anna).map((message) => [message.id, message]))
  expect(shown.get(messageId)).toMatchObject({ body: 'last words', mentions: [world.ben.userId] })
  expect(shown.get(bye)).toMatchObject({ body: 'goodbye', seq: 3 })
  expect(shown.get(bye)).not.toHaveProperty('mentions')
  const reactions = anna.records(room).filter(({ type }) => type === 'reaction')
  expect(reactions).toMatchObject([{ messageId, seq: 2, userId: anna.userId, emoji: '👍', set: true }])

  comeBack(world)
  await clock.advance(1_000)
  expect(anna.records(room)).toEqual(relay.records(room))
})

test('[S11.1] a kill while it is stored, or a store that fails, changes nothing about it', async () => {
  for (const killed of [true, false]) {
    const world = await createModelWorld()
    const { anna, clock } = world
    const { messageId } = await leaveOffline(world, (messageId) => [
      { type: 'message.edit', roomId: world.roomId, messageId, body: 'new words' },
      { type: 'message.delete', roomId: world.roomId, messageId }
    ])
    let refused = 0
    anna.storeFails = (call) => {
      if (call !== 'removeEntries' || refused > 0) return false
      refused += 1
      if (killed) anna.crash()
      return !killed
    }
    anna.link.connect()
    await clock.advance(5_000)
    expect(refused).toBe(1)
    if (killed) {
      anna.start()
      anna.link.connect()
    }
    await clock.advance(10_000)
    expect(anna.disk.outbox.size).toBe(0)
    const [shown] = world.messages(anna).filter(({ id }) => id === messageId)
    expect(shown).toMatchObject({ body: '', deletedAt: expect.any(String) })
  }
})

test('[S11.1] a record that was on its way to the store does not come after what was done to it', async () => {
  const world = await createModelWorld()
  const { anna, clock, relay, room } = world
  // Said on another device of hers: it is shown while it is being stored, which takes long.
  anna.extraDelayMs = (call) => (call === `applyRecords ${room}` ? 3_000 : 0)
  const messageId = newId()
  const old = { type: 'message.send', roomId: world.roomId, messageId, body: 'old words', sentAt: TIME } as const
  relay.act(anna.userId, old)
  await clock.advance(100)
  anna.store.append({ type: 'message.delete', roomId: world.roomId, messageId })
  anna.link.filter = (hint) => hint.stream !== room
  anna.store.append({ type: 'member.remove', roomId: world.roomId, userId: anna.userId })
  await clock.advance(20_000)
  expect(anna.disk.outbox.size).toBe(0)
  const [shown] = world.messages(anna).filter(({ id }) => id === messageId)
  expect(shown).toMatchObject({ body: '', deletedAt: expect.any(String) })
})

test('[S11.4] an accepted edit of which the stream told, but not to this user, shows; what was told since stands', async () => {
  const world = await createModelWorld()
  const { anna, clock, room } = world
  const [withheld, told] = [anna.say(world.roomId, 'one'), anna.say(world.roomId, 'two')]
  await clock.advance(1_000)
  const { rev } = world.messages(anna).find(({ id }) => id === told)!
  world.benSays(2, 'later')
  await clock.advance(1_000)
  const { checkpoint, epoch } = anna.state(room)!
  const accept = (messageId: string, body: string, at: number): void => {
    const accepted = { stream: room, rev: at, epoch }
    const operation = { type: 'message.edit', roomId: world.roomId, messageId, body } as const
    anna.store.append(operation, { state: 'accepted', accepted })
  }
  accept(withheld, 'one, edited', checkpoint)
  accept(told, 'two, as it was before', rev)
  await clock.advance(1_000)
  expect(anna.disk.outbox.size).toBe(0)
  const bodies = new Map(world.messages(anna).map(({ id, body }) => [id, body]))
  expect([bodies.get(withheld), bodies.get(told)]).toEqual(['one, edited', 'two'])
})

describe('[S11.5] what was said aside before leaving', () => {
  const aside = asideRoomId(roomId, [me, mina])
  const send = (body: string, more: Partial<Extract<Operation, { type: 'message.send' }>> = {}): Operation => {
    return { type: 'message.send', roomId, messageId: newId(), body, sentAt: TIME, ...more }
  }
  const stateOf = (id: string, headSeq: number, parentId?: string): StreamState => {
    const place = parentId === undefined ? {} : { parentId }
    return { stream: roomStream(id), epoch: 1, checkpoint: 5, ranges: [[1, headSeq]], headSeq, ...place }
  }
  const states = new Map([stateOf(roomId, 2), stateOf(aside, 1, roomId)].map((state) => [state.stream, state]))

  it('stands in the room that was left as said to these alone, behind what was said to all before it', async () => {
    const device = testDevice(me)
    const store = await device.open({ paceMs: 0 })
    await holdRoom(store, me, roomId, [messageOf(roomId, 1), messageOf(roomId, 2)], { membership: { state: 'left' } })
    await store.sync.applyRecords(userStream(me), 1, [membershipOf(aside, { parentId: roomId, rev: 7 })])
    const cut = [
      acceptedEntry(send('bye to all'), 6, { seq: 3 }),
      acceptedEntry(send('between us', { to: [mina] }), 4, { seq: 1, inRoom: aside }),
      acceptedEntry(send('and this', { roomId: aside }), 5, { seq: 2, inRoom: aside })
    ]
    for (let times = 0; times < 2; times++) await keepEffects(store.sync, me, cut, states)
    const timeline = store.chat.queries.watchTimeline(roomId, 1)
    const { items } = await firstValueFrom(timeline.pipe(filter((now) => now.items.length === 5)))
    const shown = items.map(({ seq, body, aside }) => [seq, body, aside?.anchorSeq, aside?.userIds])
    expect(shown.slice(2)).toEqual([
      [3, 'bye to all', undefined, undefined],
      [null, 'between us', 3, [me, mina].toSorted()],
      [null, 'and this', 3, [me, mina].toSorted()]
    ])
    await device.close()
  })

  it('leaves what the relay has told of the aside as it is', async () => {
    const world = await createModelWorld({ connected: false })
    const { store } = world.anna
    const told = { type: 'room', rev: 1, id: aside, kind: 'aside', name: '', createdBy: mina, createdAt: TIME } as const
    await store.applyRecords(roomStream(aside), 1, [{ ...told, parentId: roomId }])
    await keepEffects(store, me, [acceptedEntry(send('more', { to: [mina] }), 9, { seq: 2, inRoom: aside })], states)
    expect(await store.heldRoom(aside)).toEqual({
      room: { ...told, parentId: roomId },
      memberIds: expect.arrayContaining([me, mina])
    })
    expect(world.anna.records(roomStream(roomId))).toEqual([])
  })
})
