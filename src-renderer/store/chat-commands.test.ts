// What commands put into the outbox and the drafts, and what they refuse.
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_BODY_CHARS } from '../../protocol/limits.ts'
import { pieceId } from '../../protocol/derived-ids.ts'
import type { OperationOf } from '../../protocol/operations.ts'
import { parse } from '../../protocol/parse.ts'
import { roomStream } from '../../protocol/streams.ts'
import { idSchema, newId } from '../../protocol/values.ts'
import { roomIdOf } from './outbox-rules.ts'
import { accepted, refused } from './sync-store.contract.ts'
import type { OutboxEntry } from './sync-store.ts'
import { testDevice } from './testing/device.ts'

const roomId = newId()

describe('commands', () => {
  let device = testDevice()
  afterEach(async () => {
    await device.close()
    device = testDevice()
  })

  const bodyOf = ({ operation }: OutboxEntry): string => (operation as OperationOf<'message.send'>).body
  const states = (entries: readonly OutboxEntry[]) =>
    entries.map(({ operation, state }) => `${operation.type} ${state}`)

  it('[D4] a message is durable when the command resolves: closing at once loses nothing', async () => {
    const { chat } = await device.open({ now: () => Date.UTC(2026, 1, 10) })
    const messageId = await chat.commands.sendMessage(roomId, ' keeps  its spaces\n')
    await chat.commands.saveDraft(roomId, 'half a sente')
    await device.close()
    const again = await device.open()
    const [entry] = await again.sync.loadOutbox()
    expect(entry).toMatchObject({ n: null, state: 'pending', dependsOn: [], createdAt: '2026-02-10T00:00:00.000Z' })
    expect(entry!.operation).toEqual({
      type: 'message.send',
      roomId,
      messageId,
      body: ' keeps  its spaces\n',
      sentAt: '2026-02-10T00:00:00.000Z'
    })
    expect(await again.chat.queries.loadDraft(roomId)).toBe('half a sente')
    expect(await again.chat.queries.loadDraft(newId())).toBe('')
  })

  it('[D4] a message written while the store closes is durable or refused aloud; afterwards it is refused', async () => {
    const store = await device.open()
    const { chat } = store
    const written = chat.commands.sendMessage(roomId, 'just in time')
    const closed = store.close()
    const late = chat.commands.sendMessage(roomId, 'too late')
    await expect(late).rejects.toMatchObject({ name: 'StoreClosedError' })
    await written
    await closed
    await expect(chat.commands.sendMessage(roomId, 'much too late')).rejects.toMatchObject({ name: 'StoreClosedError' })
    await expect(chat.commands.saveDraft(roomId, 'x')).rejects.toMatchObject({ name: 'StoreClosedError' })
    const again = await device.open()
    expect((await again.sync.loadOutbox()).map(bodyOf)).toEqual(['just in time'])
  })

  it('[D4] words in pieces, and those for a few, are stored as a whole under the name of their draft: a kill leaves message or draft', async () => {
    for (const [bodies, options] of [
      [['one', 'two'], {}],
      [['psst'], { to: [newId()] }]
    ] as const) {
      const messageId = newId()
      const { chat } = await device.open()
      await chat.commands.saveDraft(roomId, bodies.join('\n\n'), messageId)
      const words = bodies.map((body) => ({ body }))
      await chat.commands.sendMessages(roomId, words, { ...options, messageId })
      // As after an answer that was lost.
      await chat.commands.sendMessages(roomId, words, { ...options, messageId })
      await device.close()
      const again = await device.open()
      const entries = await again.sync.loadOutbox()
      expect(entries.map(bodyOf)).toEqual(bodies)
      const ids = entries.map(({ operation }) => (operation as OperationOf<'message.send'>).messageId)
      expect(ids).toEqual([messageId, pieceId(messageId, 1)].slice(0, bodies.length))
      expect(() => ids.map((id) => parse(idSchema, id))).not.toThrow()
      expect(await again.chat.queries.loadDraft(roomId)).toBe('')
      await device.close()
      device = testDevice()
    }
  })

  it('[D4] words in pieces that cannot all be stored are not stored at all', async () => {
    const { chat, sync } = await device.open()
    const words = [{ body: 'one' }, { body: 'x'.repeat(MAX_BODY_CHARS + 1) }]
    await expect(chat.commands.sendMessages(roomId, words)).rejects.toMatchObject({ code: 'invalid' })
    expect(await sync.loadOutbox()).toEqual([])
  })

  it('makes text well-formed, without U+0000, and changes nothing else', async () => {
    const { chat, sync } = await device.open()
    await chat.commands.sendMessage(roomId, 'a\ud800b\0c 한글 👩‍👩‍👧 é')
    expect(bodyOf((await sync.loadOutbox())[0]!)).toBe('a\ufffdbc 한글 👩‍👩‍👧 é')
  })

  it('says who is mentioned, in a message and in what it is changed to', async () => {
    const { chat, sync } = await device.open()
    const [joon, jiwoo] = [newId(), newId()]
    const messageId = await chat.commands.sendMessage(roomId, '@Joon hello', { mentions: [joon] })
    await chat.commands.sendMessage(roomId, 'nobody', { mentions: [] })
    const mentioned = async () =>
      (await sync.loadOutbox()).map(({ operation }) => 'mentions' in operation && operation.mentions)
    expect(await mentioned()).toEqual([[joon], false])
    await chat.commands.editMessage(roomId, messageId, '@Jiwoo hello', { mentions: [jiwoo] })
    expect(await mentioned()).toEqual([[jiwoo], false])
    await chat.commands.editMessage(roomId, messageId, 'hello')
    expect(await mentioned()).toEqual([false, false])
  })

  it.each([
    ['blank', ' \n\t', {}],
    ['nothing but U+0000', '\0', {}],
    ['one code unit too long', 'x'.repeat(MAX_BODY_CHARS + 1), { limit: MAX_BODY_CHARS }]
  ])('refuses a message that is %s, and stores nothing', async (_, body, limit) => {
    const { chat, sync } = await device.open()
    const expected = { name: 'ProtocolError', code: 'invalid', field: 'body', ...limit }
    await expect(chat.commands.sendMessage(roomId, body)).rejects.toMatchObject(expected)
    await expect(chat.commands.createRoom('  ', [])).rejects.toMatchObject({ code: 'invalid', field: 'name' })
    expect(await sync.loadOutbox()).toEqual([])
  })

  it('takes a message of exactly the limit', async () => {
    const { chat, sync } = await device.open()
    await chat.commands.sendMessage(roomId, '가'.repeat(MAX_BODY_CHARS))
    expect(await sync.loadOutbox()).toHaveLength(1)
  })

  describe('a room that the relay does not know yet', () => {
    it('what is said in it depends on its making while that is pending, and no longer once it is accepted', async () => {
      const { chat, sync } = await device.open()
      const room = await chat.commands.createRoom('hall', [])
      await chat.commands.sendMessage(room, 'a')
      await chat.commands.sendMessage(roomId, 'elsewhere')
      const [creation] = await sync.numberPending(1)
      await chat.commands.addMembers(room, [newId()])
      await sync.storeAnswers(1, [accepted(creation!)])
      await chat.commands.sendMessage(room, 'b')
      const depends = (await sync.loadOutbox()).map(({ dependsOn }) => dependsOn)
      expect(depends).toEqual([[], [creation!.id], [], [creation!.id], []])
    })

    it('[S6] is refused: what was said in it keeps its words, and retrying any of it brings all of it, in order', async () => {
      const { chat, sync } = await device.open()
      const room = await chat.commands.createRoom('hall', [])
      await chat.commands.sendMessage(room, 'a')
      const [creation] = await sync.numberPending(1)
      await sync.storeAnswers(1, [refused(creation!, 'user-not-found')])
      await chat.commands.sendMessage(room, 'b')
      const before = await sync.loadOutbox()
      expect(states(before)).toEqual(['room.create refused', 'message.send refused', 'message.send refused'])
      expect(before[2]!.error!.code).toBe('depends-on-refused')

      await chat.commands.retry(before[2]!.id)
      const after = await sync.numberPending(10)
      expect(states(after)).toEqual(['room.create pending', 'message.send pending', 'message.send pending'])
      expect(after.map(({ n }) => n)).toEqual([2, 3, 4])
      expect(after.map(({ operation }) => operation)).toEqual(before.map(({ operation }) => operation))
      expect(after.map(({ dependsOn }) => dependsOn)).toEqual([[], [after[0]!.id], [after[0]!.id]])
      const old = new Set(before.map(({ id }) => id))
      expect(after.some(({ id }) => old.has(id))).toBe(false)
    })

    it('is discarded before it was sent: what was said in it is refused, not lost', async () => {
      const { chat, sync } = await device.open()
      const room = await chat.commands.createRoom('hall', [])
      await chat.commands.sendMessage(room, 'words')
      const [creation] = await sync.loadOutbox()
      expect(await chat.commands.discard(creation!.id)).toBe(true)
      const left = await sync.loadOutbox()
      expect(left.map((entry) => [bodyOf(entry), entry.error?.code])).toEqual([['words', 'depends-on-refused']])
    })
  })

  describe('retry and discard', () => {
    it('[S2] a refused message again: new operation id, same message, at the end, once', async () => {
      const { chat, sync } = await device.open()
      for (const body of ['a', 'b']) await chat.commands.sendMessage(roomId, body)
      const [a] = await sync.numberPending(1)
      await sync.storeAnswers(1, [refused(a!)])
      await chat.commands.retry(a!.id)
      await chat.commands.retry(a!.id)
      const entries = await sync.loadOutbox()
      expect(entries.map(bodyOf)).toEqual(['b', 'a'])
      expect(entries[1]).toMatchObject({ state: 'pending', n: null, operation: a!.operation })
      expect(entries[1]!.error).toBeUndefined()
      expect((await sync.numberPending(10)).map(({ n }) => n)).toEqual([2, 3])
    })

    it('what waits or was accepted is not retried', async () => {
      const { chat, sync } = await device.open()
      for (const body of ['a', 'b']) await chat.commands.sendMessage(roomId, body)
      const [a] = await sync.numberPending(1)
      await sync.storeAnswers(1, [accepted(a!)])
      const before = await sync.loadOutbox()
      for (const { id } of before) await chat.commands.retry(id)
      expect(await sync.loadOutbox()).toEqual(before)
    })

    it('[S2] discards what was refused or has no number yet, and says when it is too late', async () => {
      const { chat, sync } = await device.open()
      for (const body of ['refused', 'accepted', 'numbered', 'waits']) await chat.commands.sendMessage(roomId, body)
      const [a, b, c] = await sync.numberPending(3)
      await sync.storeAnswers(1, [refused(a!), accepted(b!)])
      const waiting = (await sync.loadOutbox()).find(({ n }) => n === null)!
      const discarded = []
      for (const { id } of [a!, b!, c!, waiting, a!]) discarded.push(await chat.commands.discard(id))
      expect(discarded).toEqual([true, false, false, true, false])
      expect((await sync.loadOutbox()).map(bodyOf)).toEqual(['accepted', 'numbered'])
      expect(await sync.loadAnswered()).toBe(2)
    })
  })

  it('drafts saved in one moment end as the last one; rooms do not mix', async () => {
    const { chat } = await device.open()
    const other = newId()
    const typed = ['h', 'he', 'hel', '', 'hello']
    await Promise.all([
      ...typed.map((text) => chat.commands.saveDraft(roomId, text)),
      chat.commands.saveDraft(other, 'x')
    ])
    expect([await chat.queries.loadDraft(roomId), await chat.queries.loadDraft(other)]).toEqual(['hello', 'x'])
  })

  it('writes no records: the device’s copy is the relay’s truth', async () => {
    const { chat, sync } = await device.open()
    const room = await chat.commands.createRoom('hall', [])
    await chat.commands.sendMessage(room, 'a')
    expect(await sync.loadStreams()).toEqual([])
    await sync.applyRecords(roomStream(room), 1, [])
    expect((await sync.loadOutbox()).map(({ operation }) => roomIdOf(operation))).toEqual([room, room])
  })
})
