// Taking operations back: what is undone and how, what others depend on, and a kill in the middle of it.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { roomStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { Operation } from '../../protocol/operations.ts'
import { filter, firstValueFrom } from 'rxjs'
import { indexedDbStorage } from './device-storage.ts'
import type { Store } from './open-store.ts'
import { accepted, refused } from './sync-store.contract.ts'
import { KilledError, mortalStorage, testDevice, watchedStorage, wrappedStorage } from './testing/device.ts'
import { holdRoom, messageOf, reactionOf, refuseAll, userOf } from './testing/records.ts'

const me = newId()
const room = newId()

describe('taking back', () => {
  let device = testDevice(me)
  afterEach(async () => {
    await device.close()
    device = testDevice(me)
  })
  const operations = async ({ sync }: Store): Promise<Operation[]> =>
    (await sync.loadOutbox()).map(({ operation }) => operation)
  const mine = messageOf(room, 1, { authorId: me, body: 'before' })
  const open = async (): Promise<Store> => {
    const store = await device.open({ paceMs: 0 })
    await holdRoom(store, me, room, [mine])
    await store.sync.applyRecords('users', 1, [userOf(me)])
    return store
  }

  it.each<[string, (store: Store) => Promise<unknown>, Partial<Operation>]>([
    [
      'an edit',
      ({ chat }) => chat.commands.editMessage(room, mine.id, 'after'),
      { type: 'message.edit', body: 'before' }
    ],
    [
      'a reaction',
      ({ chat }) => chat.commands.setReaction(room, mine.id, '👍', true),
      { type: 'reaction.set', set: false }
    ],
    ['a new name', ({ chat }) => chat.commands.renameRoom(room, 'yard'), { type: 'room.rename', name: 'hall' }],
    ['a setting', ({ chat }) => chat.commands.setPinned(room, true), { type: 'room.settings', pinned: false }],
    ['the profile', ({ chat }) => chat.commands.changeProfile({ displayName: 'J' }), { displayName: '미나' }],
    ['a message', ({ chat }) => chat.commands.sendMessage(room, 'words'), { type: 'message.delete' }]
  ])('of %s: it goes before it was sent, and is undone by another operation after', async (_, act, undo) => {
    const store = await open()
    await act(store)
    const [unsent] = await store.sync.loadOutbox()
    expect(await store.chat.commands.cancel(unsent!.id)).toBe('removed')
    expect(await store.sync.loadOutbox()).toEqual([])
    await act(store)
    const [sent] = await store.sync.numberPending(1)
    expect(await store.chat.commands.cancel(sent!.id)).toBe('undone')
    const [first, second, ...others] = await operations(store)
    expect([first, others]).toEqual([sent!.operation, []])
    expect(second).toMatchObject(undo)
  })

  it.each<[string, (store: Store) => Promise<unknown>]>([
    ['making a room', ({ chat }) => chat.commands.createRoom('yard', [])],
    ['adding a member', ({ chat }) => chat.commands.addMembers(room, [newId()])],
    ['leaving', ({ chat }) => chat.commands.leaveRoom(room)],
    ['a deletion', ({ chat }) => chat.commands.deleteMessage(room, mine.id)],
    ['a read mark', ({ chat }) => chat.commands.markRead(room, 1)]
  ])('of %s is too late once it was sent', async (_, act) => {
    const store = await open()
    await act(store)
    const [sent] = await store.sync.numberPending(1)
    expect(await store.chat.commands.cancel(sent!.id)).toBe('too-late')
    expect(await operations(store)).toEqual([sent!.operation])
    const [item] = await firstValueFrom(store.chat.queries.watchOutbox())
    expect(item).toMatchObject({ state: 'sent', cancel: null, retry: false, discard: false })
  })

  it('of what a later one has replaced, or what is gone, is too late', async () => {
    const { chat, sync } = await open()
    await chat.commands.editMessage(room, mine.id, 'one')
    const [one] = await sync.numberPending(1)
    await chat.commands.editMessage(room, mine.id, 'two')
    expect(await chat.commands.cancel(one!.id)).toBe('too-late')
    expect(await chat.commands.cancel(newId())).toBe('too-late')
    expect(await sync.loadOutbox()).toHaveLength(2)
  })

  it('[S6] the deletion of a message that is refused itself leaves nothing: it never came to be, and it is not wanted', async () => {
    const { chat, sync } = await open()
    const id = await chat.commands.sendMessage(room, 'words')
    const [send] = await sync.numberPending(1)
    await chat.commands.deleteMessage(room, id)
    await sync.storeAnswers(1, [refused(send!)])
    await firstValueFrom(sync.watchOutbox().pipe(filter((entries) => entries.length === 0)))
    expect(await sync.loadAnswered()).toBe(1)
  })

  it('what the outbox shows: in the words of the list of rooms, what it is about, what falls with it', async () => {
    const store = await open()
    const { commands, queries } = store.chat
    const yard = await commands.createRoom('yard', [])
    await commands.sendMessage(yard, 'first')
    await commands.renameRoom(yard, 'garden')
    await commands.setReaction(room, mine.id, '👍', true)
    const [creation, words, reaction] = await firstValueFrom(queries.watchOutbox())
    expect(creation).toMatchObject({ state: 'waiting', roomName: 'garden', cancel: 'remove', dependants: [words!.id] })
    expect(words).toMatchObject({ roomId: yard, roomName: 'garden', dependants: [] })
    expect(reaction).toMatchObject({ roomName: 'hall', about: { seq: 1, excerpt: 'before', authorId: me } })
    await refuseAll(store)
    const [refusedCreation, fallen] = await firstValueFrom(queries.watchOutbox())
    expect(refusedCreation).toMatchObject({ state: 'refused', error: { code: 'not-permitted' }, retry: true })
    expect(await commands.discard(refusedCreation!.id, { withDependants: true })).toBe(true)
    expect((await store.sync.loadOutbox()).map(({ id }) => id)).not.toContain(fallen!.id)
  })

  it('[S6] what was changed after a refusal is what goes out at Retry, not what was refused with it', async () => {
    const { chat, sync } = await open()
    const yard = await chat.commands.createRoom('one', [])
    const words = await chat.commands.sendMessage(room, 'v1')
    const transmitted = await sync.numberPending(2)
    await chat.commands.renameRoom(yard, 'two')
    await chat.commands.changeRoom(yard, { topic: 'two', avatar: 'iVBORw0K' })
    await chat.commands.editMessage(room, words, 'v2')
    await sync.storeAnswers(
      1,
      transmitted.map((entry) => refused(entry))
    )
    await chat.commands.renameRoom(yard, 'three')
    await chat.commands.changeRoom(yard, { topic: 'three' })
    await chat.commands.editMessage(room, words, 'v3')
    for (const { id, operation } of await sync.loadOutbox()) {
      if (operation.type === 'room.create' || operation.type === 'message.send') await chat.commands.retry(id)
    }
    expect((await sync.numberPending(10)).map(({ operation }) => operation)).toMatchObject([
      { type: 'room.create', name: 'three', topic: 'three' },
      { type: 'room.change', avatar: 'iVBORw0K' },
      { type: 'message.send', body: 'v3' }
    ])
    expect((await sync.loadOutbox())[1]!.operation).not.toHaveProperty('topic')
  })

  it('[D14] what was taken back half-way, on a device that was full for a moment, does not hold up what depends on it', async () => {
    let fails = false
    let writes = 0
    const storage = watchedStorage(device.disk, ['outbox'], async () => {
      if (!fails || ++writes !== 2) return
      fails = false
      throw new DOMException('full', 'QuotaExceededError')
    })
    const store = await device.open({ paceMs: 0, storage, removalPatienceMs: 0 })
    await holdRoom(store, me, room, [mine])
    const { commands, queries } = store.chat
    const question = await commands.sendMessage(room, 'question')
    await commands.sendMessage(room, 'answer', { replyTo: question })
    const [send] = await store.sync.loadOutbox()
    fails = true
    await expect(commands.cancel(send!.id)).rejects.toMatchObject({ name: 'StorageFullError' })
    const left = await firstValueFrom(
      queries.watchOutbox().pipe(filter((entries) => entries.every(({ operation }) => !('replyTo' in operation))))
    )
    expect(left.map(({ operation }) => operation)).toMatchObject([{ body: 'answer' }])
    await vi.waitFor(async () => expect(await store.sync.numberPending(10)).toHaveLength(1))
  })

  it('a wish that comes while what it takes back leaves the outbox is no wish for what is there already', async () => {
    let reached = (): void => {}
    let go: Promise<void> | undefined
    const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ collectionName }, openIt) => {
      const instance = await openIt()
      if (collectionName !== 'rooms') return instance
      const find = instance.findDocumentsById.bind(instance)
      instance.findDocumentsById = async (...asked) => {
        const found = await find(...asked)
        reached()
        await go
        return found
      }
      return instance
    })
    const store = await device.open({ paceMs: 0, storage })
    await holdRoom(store, me, room, [mine])
    const { commands } = store.chat
    await commands.setReaction(room, mine.id, '👍', true)
    const [set] = await store.sync.numberPending(1)
    await store.sync.storeAnswers(1, [accepted(set!, 5)])
    let free = (): void => {}
    go = new Promise((resolve) => (free = resolve))
    const isAsked = new Promise<void>((resolve) => (reached = resolve))
    const undone = commands.setReaction(room, mine.id, '👍', false)
    await isAsked
    await store.sync.applyRecords(roomStream(room), 1, [reactionOf(mine, me, '👍', { rev: 5 })])
    await store.sync.removeEntries([set!.id])
    free()
    go = undefined
    await undone
    expect(await operations(store)).toMatchObject([{ type: 'reaction.set', set: false }])
  })

  it('[D4] an edit that was saved is not unfinished after a kill, waiting or arrived; one that says something else is', async () => {
    const edit = { messageId: mine.id, base: 'before', text: 'after' }
    const again = async (): Promise<Store> => {
      await device.close()
      return device.open({ paceMs: 0 })
    }
    let store = await open()
    await store.chat.commands.saveEdit(room, edit)
    await store.chat.commands.editMessage(room, mine.id, 'after')
    expect(await store.chat.queries.loadEdit(room)).toBeNull()
    await store.chat.commands.saveEdit(room, { ...edit, text: 'after all' })
    store = await again()
    expect(await store.chat.queries.loadEdit(room)).toMatchObject({ text: 'after all' })
    await store.chat.commands.saveEdit(room, edit)
    const [entry] = await store.sync.numberPending(1)
    await store.sync.storeAnswers(1, [accepted(entry!, 5)])
    await store.sync.applyRecords(roomStream(room), 1, [{ ...mine, rev: 5, body: 'after' }])
    await store.sync.removeEntries([entry!.id])
    expect(await store.chat.queries.loadEdit(room)).toBeNull()
    store = await again()
    await store.sync.applyRecords(roomStream(room), 1, [{ ...mine, rev: 6, body: 'later, elsewhere' }])
    expect(await store.chat.queries.loadEdit(room)).toBeNull()
  })

  it('[S6] discarding a room keeps what was said in it, refused; what holds no words goes with it', async () => {
    const { chat, sync } = await open()
    const yard = await chat.commands.createRoom('yard', [])
    await chat.commands.sendMessage(yard, 'words')
    await chat.commands.setPinned(yard, true)
    const [creation] = await sync.loadOutbox()
    expect(await chat.commands.discard(creation!.id)).toBe(true)
    expect(await sync.loadOutbox()).toMatchObject([{ state: 'refused', operation: { body: 'words' } }])
  })

  it('[D4] killed at every write of a deletion: nothing that depends on it is sent without it, and no other words are lost', async () => {
    let deaths = 0
    for (let lives = 2; ; lives++) {
      device = testDevice(me)
      const store = await device.open({ storage: mortalStorage(device.disk, ['outbox'], lives + 1) })
      const first = await store.chat.commands.sendMessage(room, 'question')
      await store.chat.commands.sendMessage(room, 'answer', { replyTo: first })
      await store.chat.commands.setReaction(room, first, '👍', true)
      const death = await store.chat.commands.deleteMessage(room, first).then(
        () => undefined,
        (error: unknown) => error
      )
      if (death && !(death instanceof KilledError)) throw death
      await device.close()

      const again = await device.open()
      const numbered = await again.sync.numberPending(100)
      const bodies = numbered.flatMap(({ operation }) => ('body' in operation ? [operation.body] : []))
      const types = numbered.map(({ operation }) => operation.type)
      const whole = { bodies: ['question', 'answer'], types: ['message.send', 'message.send', 'reaction.set'] }
      expect([whole, { bodies: ['answer'], types: ['message.send'] }]).toContainEqual({ bodies, types })
      expect((await again.sync.loadOutbox()).every(({ state }) => state === 'pending')).toBe(true)
      await device.close()
      if (!death) break
      deaths++
    }
    expect(deaths).toBeGreaterThanOrEqual(3)
  }, 60_000)

  it('a reaction that the relay set from another device is taken back like an own one', async () => {
    const { chat, sync } = await open()
    await sync.applyRecords(roomStream(room), 1, [reactionOf(mine, me, '🎉', { rev: 5 })])
    await chat.commands.setReaction(room, mine.id, '🎉', false)
    const [entry] = await sync.loadOutbox()
    expect(await chat.commands.cancel(entry!.id)).toBe('removed')
    const { items } = await firstValueFrom(chat.queries.watchTimeline(room, 1))
    expect(items[0]!.reactions).toMatchObject([{ emoji: '🎉', own: true, waiting: false }])
  })
})
