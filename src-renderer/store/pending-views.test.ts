// What is seen of operations that are on their way, of every kind: at once, and gone without a trace when they are refused.
import { filter, firstValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { readsStream, roomStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { RoomSummary, TimelineItem } from './chat-store.ts'
import { MUTED_FOR_GOOD, QUOTE_CHARS } from './chat-store.ts'
import type { Store } from './open-store.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, memberOf, messageOf, reactionOf, refuseAll, userOf } from './testing/records.ts'

const me = newId()
const [mina, juno] = [newId(), newId()]

describe('on its way', () => {
  let device = testDevice(me)
  afterEach(async () => {
    await device.close()
    device = testDevice(me)
  })

  const room = newId()
  const stream = roomStream(room)
  const open = async (messages = [messageOf(room, 1), messageOf(room, 2, { authorId: me, body: 'mine' })]) => {
    const store = await device.open({ paceMs: 0 })
    await holdRoom(store, me, room, messages)
    return { store, commands: store.chat.commands, queries: store.chat.queries, messages }
  }
  const items = async ({ chat }: Store, from = 1): Promise<readonly TimelineItem[]> =>
    (await firstValueFrom(chat.queries.watchTimeline(room, from))).items
  const summary = async ({ chat }: Store): Promise<RoomSummary> =>
    (await firstValueFrom(chat.queries.watchRooms().pipe(filter((rooms) => rooms.length > 0))))[0]!
  const until = <T>(source: Observable<T>, holds: (value: T) => boolean): Promise<T> =>
    firstValueFrom(source.pipe(filter(holds)))

  it('a message that is told twice is there once, on its way and after it has come', async () => {
    const { store, commands } = await open([])
    const said = { messageId: newId() }
    for (let time = 0; time < 2; time++) await commands.sendMessage(room, 'coming', said)
    const bodies = async () => (await items(store)).map(({ id, body }) => [id === said.messageId, body])
    expect(await bodies()).toEqual([[true, 'coming']])
    await store.sync.applyRecords(stream, 1, [messageOf(room, 1, { id: said.messageId, authorId: me, body: 'coming' })])
    expect(await bodies()).toEqual([[true, 'coming']])
    await commands.sendMessage(room, 'coming', said)
    expect(await bodies()).toEqual([[true, 'coming']])
  })

  describe('reactions', () => {
    const shown = async (store: Store, index = 0): Promise<string[]> =>
      ((await items(store))[index]!.reactions ?? []).map(({ emoji, userIds, own, waiting }) => {
        return `${emoji} ${userIds.length}${own ? ' own' : ''}${waiting ? ' waiting' : ''}`
      })

    it('are grouped by emoji in the order of their first, with own ones that wait; those of a deleted message do not show', async () => {
      const { store, commands, messages } = await open()
      const [first] = messages
      await store.sync.applyRecords(stream, 1, [
        reactionOf(first!, mina, '🎉', { rev: 9 }),
        reactionOf(first!, juno, '👍', { rev: 4 }),
        reactionOf(first!, mina, '👍', { rev: 3 }),
        reactionOf(first!, juno, '❤️', { rev: 5, set: false })
      ])
      expect(await shown(store)).toEqual(['👍 2', '🎉 1'])
      expect((await items(store))[0]!.reactions![0]!.userIds).toEqual([mina, juno])
      await commands.setReaction(room, first!.id, '🎉', true)
      await commands.setReaction(room, first!.id, '❤️', true)
      expect(await shown(store)).toEqual(['👍 2', '🎉 2 own waiting', '❤️ 1 own waiting'])
      await refuseAll(store)
      expect(await shown(store)).toEqual(['👍 2', '🎉 1'])
      await store.sync.applyRecords(stream, 1, [{ ...first!, rev: 20, body: '', deletedAt: first!.sentAt }])
      expect(await shown(store)).toEqual([])
    })

    it('taken away show as taken away, and come back if that is refused', async () => {
      const { store, commands, messages } = await open()
      await store.sync.applyRecords(stream, 1, [reactionOf(messages[0]!, me, '👍', { rev: 3 })])
      await commands.setReaction(room, messages[0]!.id, '👍', false)
      expect(await shown(store)).toEqual([])
      await refuseAll(store)
      expect(await shown(store)).toEqual(['👍 1 own'])
    })

    it('[S2] set and taken away again before they were sent leave nothing in the outbox', async () => {
      const { store, commands, messages } = await open()
      await commands.setReaction(room, messages[0]!.id, '👍', true)
      await commands.setReaction(room, messages[0]!.id, '👍', true)
      expect(await store.sync.loadOutbox()).toHaveLength(1)
      await commands.setReaction(room, messages[0]!.id, '👍', false)
      expect(await store.sync.loadOutbox()).toEqual([])
      await commands.setReaction(room, messages[0]!.id, '👍', false)
      expect(await store.sync.loadOutbox()).toEqual([])
    })

    it('are one for one picture, with and without U+FE0F, and are taken away in either form', async () => {
      const { store, commands, messages } = await open()
      await store.sync.applyRecords(stream, 1, [
        reactionOf(messages[0]!, mina, '❤️', { rev: 3 }),
        reactionOf(messages[0]!, juno, '\u2764', { rev: 4 }),
        reactionOf(messages[0]!, me, '\u2764', { rev: 5 })
      ])
      expect(await shown(store)).toEqual(['❤️ 3 own'])
      await commands.setReaction(room, messages[0]!.id, '❤️', false)
      expect(await shown(store)).toEqual(['❤️ 2 waiting'])
      await commands.setReaction(room, messages[1]!.id, '\u2764', true)
      expect(await shown(store, 1)).toEqual(['❤️ 1 own waiting'])
    })

    it('on a deleted message are refused at once', async () => {
      const { commands, messages } = await open()
      await commands.deleteMessage(room, messages[1]!.id)
      const late = commands.setReaction(room, messages[1]!.id, '👍', true)
      await expect(late).rejects.toMatchObject({ code: 'message-deleted' })
    })
  })

  describe('edits and deletions', () => {
    it('show at once; refused, the message is as it was and the words are kept beside it', async () => {
      const { store, commands, messages } = await open()
      await commands.editMessage(room, messages[1]!.id, 'better')
      const [, waiting] = await items(store)
      expect(waiting).toMatchObject({
        body: 'better',
        state: { name: 'waiting' },
        change: { kind: 'edit', body: 'better' }
      })
      expect((await summary(store)).last).toMatchObject({ body: 'better' })
      await refuseAll(store)
      const [, refused] = await items(store)
      expect(refused).toMatchObject({ body: 'mine', state: { name: 'accepted' } })
      expect(refused!.editedAt).toBeUndefined()
      expect(refused!.change).toMatchObject({ kind: 'edit', body: 'better', state: { name: 'refused' } })
      await commands.discard(refused!.change!.entryId)
      expect((await items(store))[1]!.change).toBeUndefined()
    })

    it('[S2] of what was not sent are that message with other words, and no trace of it', async () => {
      const { store, commands } = await open()
      const id = await commands.sendMessage(room, 'frist')
      await commands.editMessage(room, id, 'first')
      const [entry, ...others] = await store.sync.loadOutbox()
      expect(others).toEqual([])
      expect(entry!.operation).toMatchObject({ type: 'message.send', messageId: id, body: 'first' })
      expect((await items(store)).at(-1)).toMatchObject({ body: 'first', state: { name: 'waiting' } })
      await commands.deleteMessage(room, id)
      expect(await store.sync.loadOutbox()).toEqual([])
    })

    it('[S2] [S13] twice before the first was sent are one; what waits goes with the deletion, and is back once that is cancelled', async () => {
      const { store, commands, messages } = await open()
      const [, mine] = messages
      await commands.editMessage(room, mine!.id, 'one')
      await commands.editMessage(room, mine!.id, 'two')
      expect((await store.sync.loadOutbox()).map(({ operation }) => operation)).toMatchObject([{ body: 'two' }])
      await commands.setReaction(room, mine!.id, '👍', true)
      const before = (await items(store))[1]
      await commands.deleteMessage(room, mine!.id)
      expect((await items(store))[1]).toMatchObject({ body: '', change: { kind: 'delete' } })
      await expect(commands.editMessage(room, mine!.id, 'three')).rejects.toMatchObject({ code: 'message-deleted' })
      const waiting = await firstValueFrom(store.chat.queries.watchOutbox())
      expect(waiting.map(({ operation }) => operation.type)).toEqual(['message.delete'])
      expect(await store.unsent()).toMatchObject({ operations: 1 })
      expect(await commands.cancel(waiting[0]!.id)).toBe('removed')
      expect((await items(store))[1]).toEqual(before)
    })

    it('[S2] back to what the records say leave nothing in the outbox', async () => {
      const { store, commands, messages } = await open()
      await commands.editMessage(room, messages[1]!.id, 'better')
      await commands.editMessage(room, messages[1]!.id, 'mine')
      expect(await store.sync.loadOutbox()).toEqual([])
    })
  })

  describe('answers', () => {
    it('quote what is held, in the window and above it, with its edits and deletions', async () => {
      const old = messageOf(room, 1, { authorId: mina, body: 'x'.repeat(QUOTE_CHARS - 1) + '👍 end' })
      const recent = messageOf(room, 8, { authorId: me, body: 'recent' })
      const { store, commands, queries } = await open([
        old,
        recent,
        messageOf(room, 9, { replyTo: old.id }),
        messageOf(room, 10, { replyTo: recent.id }),
        messageOf(room, 11, { replyTo: newId() })
      ])
      const quotes = (await items(store, 8)).slice(1).map(({ replyTo }) => replyTo!.message)
      expect(quotes).toMatchObject([
        { seq: 1, authorId: mina, excerpt: 'x'.repeat(QUOTE_CHARS - 1), deleted: false },
        { seq: 8, authorId: me, excerpt: 'recent' },
        null
      ])
      const quoteAt = (index: number, deleted: boolean) =>
        until(queries.watchTimeline(room, 8), ({ items }) => items[index]!.replyTo?.message?.deleted === deleted)
      await store.sync.applyRecords(stream, 1, [{ ...old, rev: 30, body: '', deletedAt: old.sentAt }])
      expect((await quoteAt(1, true)).items[1]!.replyTo!.message!.excerpt).toBe('')
      await commands.deleteMessage(room, recent.id)
      expect((await quoteAt(2, true)).items[2]!.replyTo!.message!.excerpt).toBe('')
    })

    it('to a message that waits depend on it; deleted before it was sent, they keep their words without the quote', async () => {
      const { store, commands } = await open()
      const first = await commands.sendMessage(room, 'question')
      await commands.sendMessage(room, 'answer', { replyTo: first })
      await commands.setReaction(room, first, '👍', true)
      expect((await items(store)).at(-1)!.replyTo!.message).toMatchObject({ seq: null, excerpt: 'question' })
      const [question, answer] = await store.sync.loadOutbox()
      expect(answer!.dependsOn).toEqual([question!.id])
      await commands.deleteMessage(room, first)
      const left = await store.sync.loadOutbox()
      expect(left.map(({ operation }) => operation)).toMatchObject([{ type: 'message.send', body: 'answer' }])
      expect(left[0]).toMatchObject({ state: 'pending', dependsOn: [] })
      expect((await items(store)).at(-1)!.replyTo).toBeUndefined()
    })

    it('whose quote the relay does not have go without it when they are retried', async () => {
      const { store, commands } = await open()
      await commands.sendMessage(room, 'answer', { replyTo: newId() })
      await refuseAll(store, 'message-not-found')
      await commands.retry((await store.sync.loadOutbox())[0]!.id)
      const [again] = await store.sync.loadOutbox()
      expect(again).toMatchObject({ state: 'pending', operation: { body: 'answer' } })
      expect(again!.operation).not.toHaveProperty('replyTo')
    })
  })

  it('a room’s new name shows at once; the second rewrites the first; refused, the old one is back', async () => {
    const { store, commands } = await open()
    await commands.renameRoom(room, 'porch')
    await commands.renameRoom(room, '  yard ')
    expect(await summary(store)).toMatchObject({ name: 'yard', renaming: true })
    expect(await store.sync.loadOutbox()).toHaveLength(1)
    await refuseAll(store)
    expect(await summary(store)).toMatchObject({ name: 'hall', renaming: false, refused: 1 })
  })

  it('members being added and removed are marked, until they are refused', async () => {
    const { store, commands, queries } = await open()
    await store.sync.applyRecords(stream, 1, [memberOf(room, mina, { joinedAt: '2026-03-01T00:00:00.000Z' })])
    const shown = async () =>
      (await firstValueFrom(queries.watchMembers(room))).map(({ userId, pending }) => `${userId} ${pending ?? ''}`)
    await commands.addMembers(room, [juno, mina])
    await commands.removeMember(room, mina)
    expect(await shown()).toEqual([`${me} `, `${mina} removing`, `${juno} adding`])
    expect((await store.sync.loadOutbox())[0]!.operation).toMatchObject({ userIds: [juno] })
    await commands.removeMember(room, juno)
    await commands.addMembers(room, [mina])
    expect(await store.sync.loadOutbox()).toEqual([])
    await commands.addMembers(room, [juno])
    await refuseAll(store)
    expect(await shown()).toEqual([`${me} `, `${mina} `])
  })

  it('settings show at once, each to be taken back for itself, and pinned rooms stand first', async () => {
    const { store, commands, queries } = await open()
    const busy = newId()
    await holdRoom(store, me, busy, [messageOf(busy, 1, { acceptedAt: '2026-05-01T00:00:00.000Z' })], {
      room: { name: 'busy' }
    })
    const order = async () => (await firstValueFrom(queries.watchRooms())).map(({ name }) => name)
    expect(await order()).toEqual(['busy', 'hall'])
    await commands.setPinned(room, true)
    await commands.setMuted(room, MUTED_FOR_GOOD)
    expect(await order()).toEqual(['hall', 'busy'])
    expect(await summary(store)).toMatchObject({ pinned: true, mutedUntil: MUTED_FOR_GOOD })
    expect((await store.sync.loadOutbox()).map(({ operation }) => operation)).toEqual([
      { type: 'room.settings', roomId: room, pinned: true },
      { type: 'room.settings', roomId: room, mutedUntil: MUTED_FOR_GOOD }
    ])
    await commands.setMuted(room, '2030-01-01T00:00:00.000Z')
    expect(await store.sync.loadOutbox()).toHaveLength(2)
    await commands.setPinned(room, false)
    await commands.setMuted(room, null)
    expect(await store.sync.loadOutbox()).toEqual([])
    expect(await order()).toEqual(['busy', 'hall'])
  })

  it('[S12.2] [S12.4] waiting read marks of a room are one, the highest, behind what marked it as unread', async () => {
    const { store, commands, queries } = await open()
    await store.sync.applyRecords(readsStream(room), 1, [
      { type: 'read', rev: 1, roomId: room, userId: mina, seq: 2 },
      { type: 'read', rev: 2, roomId: room, userId: me, seq: 1 }
    ])
    await commands.markRead(room, 2)
    await commands.markRead(room, 1)
    const operations = async () => (await store.sync.loadOutbox()).map(({ operation }) => operation)
    expect(await operations()).toEqual([{ type: 'read.mark', roomId: room, seq: 2 }])
    const reads = await firstValueFrom(queries.watchReads(room))
    expect([reads.get(mina), reads.get(me), reads.size]).toEqual([2, 2, 2])
    await commands.markUnread(room, 1)
    expect(await summary(store)).toMatchObject({ readSeq: 2, unreadFrom: 1 })
    await commands.markRead(room, 2)
    expect(await summary(store)).toMatchObject({ readSeq: 2, unreadFrom: null })
    expect((await operations()).map(({ type }) => type)).toEqual(['room.settings', 'read.mark'])
    await refuseAll(store)
    await until(store.sync.watchOutbox(), (entries) => entries.every(({ operation }) => operation.type !== 'read.mark'))
    expect(await summary(store)).toMatchObject({ readSeq: 0, unreadFrom: null })
  })

  it('joining and leaving show at once, and are nothing when both wait', async () => {
    const { store, commands } = await open()
    await commands.leaveRoom(room)
    expect(await summary(store)).toMatchObject({ joined: false })
    await commands.joinRoom(room)
    expect(await store.sync.loadOutbox()).toEqual([])
    expect(await summary(store)).toMatchObject({ joined: true })
  })

  it('the own profile shows as it will be, and as it was once that is refused', async () => {
    const { store, commands, queries } = await open()
    await store.sync.applyRecords('users', 1, [userOf(me), userOf(mina)])
    const mine = async () => (await firstValueFrom(queries.watchUsers())).get(me)
    await commands.changeProfile({ displayName: '민아' })
    await commands.changeProfile({ color: 'plum' })
    expect(await mine()).toEqual({ ...userOf(me), displayName: '민아', color: 'plum' })
    await commands.setReceipts(false)
    await commands.changeProfile({ displayName: '민아', color: 'moss' })
    const [, receipts] = await store.sync.loadOutbox()
    await commands.cancel(receipts!.id)
    expect((await store.sync.loadOutbox()).map(({ operation }) => operation)).toEqual([
      { type: 'profile.change', displayName: '민아', color: 'moss' }
    ])
    await refuseAll(store)
    expect(await mine()).toEqual(userOf(me))
  })
})
