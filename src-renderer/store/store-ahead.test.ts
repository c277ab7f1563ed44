// The first page before the store: what it says is what the store will say, and what is done meanwhile waits for the store.
import { IDBDatabase } from 'fake-indexeddb'
import { filter, firstValueFrom, ReplaySubject } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MessageRecord, StreamRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { ChatQueries, ChatStore, Timeline } from './chat-store.ts'
import { GENERATION_KEY } from './database-names.ts'
import { readFirstRows } from './first-rows.ts'
import type { FirstRows } from './first-rows.ts'
import { reviseRows } from './rows.ts'
import type { Store } from './open-store.ts'
import { storeAhead, whenThere } from './store-ahead.ts'
import { testDevice } from './testing/device.ts'

const time = '2026-02-10T06:05:00.000Z'
const [roomId, otherId, jiwoo] = [newId(), newId(), newId()]
const EPOCH = 1

interface Coming {
  promise: Promise<ChatStore>
  resolve: (store: ChatStore) => void
  reject: (error: unknown) => void
}

function comingStore(): Coming {
  const coming = {} as Coming
  coming.promise = new Promise((resolve, reject) => Object.assign(coming, { resolve, reject }))
  return coming
}

describe('the first page', () => {
  let device = testDevice()
  afterEach(async () => {
    await device.close()
    device = testDevice()
  })

  function message(seq: number, more: Partial<MessageRecord> = {}): MessageRecord {
    const common = { type: 'message', rev: seq + 2, id: newId(), roomId, seq, kind: 'text', authorId: jiwoo } as const
    return { ...common, body: `message ${seq}`, sentAt: time, acceptedAt: time, ...more }
  }

  /** A room of `count` messages of which the last two are unread, and another room. */
  async function fill({ sync, chat }: Store, count: number): Promise<void> {
    const { userId } = device
    const history = Array.from({ length: count }, (_, index) => message(index + 1))
    const last = history.at(-1)!
    const records = (id: string): StreamRecord[] => [
      { type: 'room', rev: 1, id, kind: 'group', name: `hall ${id}`, createdBy: userId, createdAt: time },
      ...[userId, jiwoo].map(
        (each) =>
          ({
            type: 'member',
            rev: 2,
            roomId: id,
            userId: each,
            role: 'member',
            state: 'joined',
            joinedAt: time,
            joinedSeq: 0
          }) as const
      )
    ]
    await sync.applyRecords('users', EPOCH, [
      { type: 'user', rev: 1, id: jiwoo, username: 'jiwoo', displayName: 'Jiwoo', role: 'member', createdAt: time }
    ])
    await sync.applyRecords(userStream(userId), EPOCH, [
      { type: 'membership', rev: 1, roomId, state: 'joined', changedAt: time, readSeq: count - 2 },
      { type: 'membership', rev: 2, roomId: otherId, state: 'joined', changedAt: time, readSeq: 0 }
    ])
    const answer = { ...message(count + 1), replyTo: history[0]!.id }
    await sync.applyRecords(roomStream(roomId), EPOCH, [
      ...records(roomId),
      ...history.slice(0, -1),
      last,
      answer,
      { type: 'reaction', rev: 900, roomId, messageId: last.id, seq: last.seq, userId: jiwoo, emoji: '👍', set: true }
    ])
    await sync.applyRecords(roomStream(otherId), EPOCH, records(otherId))
    await sync.saveStreams([
      { stream: roomStream(roomId), epoch: EPOCH, checkpoint: 901, ranges: [[1, count + 1]], headSeq: count + 1 },
      { stream: roomStream(otherId), epoch: EPOCH, checkpoint: 2, ranges: [], headSeq: 0 }
    ])
    await chat.commands.sendMessage(roomId, 'on its way')
    await chat.commands.sendMessage(otherId, 'elsewhere')
    await chat.commands.saveDraft(roomId, 'half a sen')
    await chat.commands.saveScroll(roomId, { seq: count - 4, offset: 7 })
  }

  const firstRows = (): Promise<FirstRows | null> =>
    readFirstRows({ relayId: device.relayId, userId: device.userId, roomId }, device.disk)

  const never = new Promise<ChatStore>(() => {})
  const ahead = (rows: FirstRows, opening: Promise<ChatStore>): ChatStore =>
    storeAhead(rows, { userId: device.userId, roomId }, opening)

  /** What the first page is made of, as soon as the unread messages are counted. */
  async function said(queries: ChatQueries): Promise<unknown> {
    const counted = queries.watchRoomDetails(roomId).pipe(filter((room) => room === null || room.unread > 0))
    return {
      room: await firstValueFrom(counted),
      timeline: await firstValueFrom(queries.watchTimeline(roomId, 12)),
      older: await firstValueFrom(queries.watchTimeline(roomId, 3)),
      held: await firstValueFrom(queries.watchHeld(roomId)),
      members: await firstValueFrom(queries.watchMembers(roomId)),
      users: await firstValueFrom(queries.watchUsers()),
      draft: await queries.loadDraft(roomId),
      scroll: await queries.loadScroll(roomId),
      edit: await queries.loadEdit(roomId)
    }
  }

  it('says what the store says that is opened later', async () => {
    const store = await device.open()
    await fill(store, 60)
    const meant = await said(store.chat.queries)
    await device.close()
    const rows = await firstRows()
    expect(await said(ahead(rows!, never).queries)).toEqual(meant)
    expect(meant).toMatchObject({ room: { unread: 3 }, draft: 'half a sen', scroll: { seq: 56, offset: 7 } })
    expect((meant as { timeline: Timeline }).timeline.items.map(({ body }) => body).slice(-2)).toEqual([
      'message 61',
      'on its way'
    ])
    rows?.close()
  })

  it('asks the disk for nothing more, once it has what it begins with', async () => {
    await fill(await device.open(), 60)
    await device.close()
    const rows = await firstRows()
    const asked = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const { queries } = ahead(rows!, never)
    const { headSeq } = await firstValueFrom(queries.watchHeld(roomId))
    // Without the answer, which quotes a message that is older than that.
    const room = firstValueFrom(queries.watchRoomDetails(roomId))
    const page = firstValueFrom(queries.watchTimeline(roomId, headSeq - 49, headSeq - 1))
    const own = Promise.all([queries.loadDraft(roomId), queries.loadScroll(roomId), queries.loadEdit(roomId)])
    const people = [firstValueFrom(queries.watchMembers(roomId)), firstValueFrom(queries.watchUsers())]
    await Promise.all([room, page, own, ...people])
    expect(asked).not.toHaveBeenCalled()
    asked.mockRestore()
    rows?.close()
  })

  it('counts what is unread before it tells of the room: where it opens depends on that', async () => {
    await fill(await device.open(), 20)
    await device.close()
    const rows = await firstRows()
    expect(await firstValueFrom(ahead(rows!, never).queries.watchRoomDetails(roomId))).toMatchObject({ unread: 3 })
    rows?.close()
  })

  it('makes nothing on a device that has nothing, and is null for a room that it does not hold', async () => {
    await expect(firstRows()).rejects.toMatchObject({ name: 'AbortError' })
    expect(await device.disk.databases()).toEqual([])
    await device.open()
    await device.close()
    expect(await firstRows()).toBeNull()
  })

  const remove = async (collection: string): Promise<void> => {
    const { name = '' } = (await device.disk.databases()).find((each) => each.name?.endsWith(collection)) ?? {}
    await new Promise((resolve) => device.disk.deleteDatabase(name).addEventListener('success', resolve))
  }

  it('reads the records that are in use, where former ones could not be read', async () => {
    await fill(await device.open(), 20)
    await device.close()
    await remove('--messages')
    await fill(await device.open({ onRecordsRebuilt: () => undefined }), 30)
    await device.close()
    const names = (await device.disk.databases()).map(({ name }) => name)
    const rows = await firstRows()
    const { items } = await firstValueFrom(ahead(rows!, never).queries.watchTimeline(roomId, 1))
    // Twenty of the first time are gone; what was on its way then is still.
    expect(items.map(({ body }) => body).slice(-3)).toEqual(['message 31', 'on its way', 'on its way'])
    rows?.close()
    // Nothing was made of what was only guessed.
    expect((await device.disk.databases()).map(({ name }) => name)).toEqual(names)
  })

  it('holds nothing of former records that lie there still', async () => {
    await fill(await device.open(), 20)
    await device.close()
    const { own } = await device.openOwnWindow()
    await reviseRows(own.device, [GENERATION_KEY], (key) => ({ key, generation: 1 }))
    await device.close()
    await fill(await device.open(), 30)
    await device.close()
    const rows = await firstRows()
    const { items } = await firstValueFrom(ahead(rows!, never).queries.watchTimeline(roomId, 1))
    expect(items.map(({ body }) => body)).toContain('message 31')
    const { name = '' } = (await device.disk.databases()).find((each) => each.name?.endsWith('-0--0--messages')) ?? {}
    const told: string[] = []
    await new Promise((resolve) => {
      const deleting = device.disk.deleteDatabase(name)
      for (const type of ['blocked', 'success']) deleting.addEventListener(type, () => told.push(type))
      deleting.addEventListener('success', resolve)
    })
    expect([name.includes('records'), told]).toEqual([true, ['success']])
    // It was not that which is in use: there the disk still answers.
    expect(await rows!.records.messages.storageInstance.findDocumentsById(['none'], false)).toEqual([])
    rows?.close()
  })

  it('is an error where a part of what is stored is gone', async () => {
    await fill(await device.open(), 20)
    await device.close()
    await remove('--reactions')
    await expect(firstRows()).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('is an error, and no waiting for ever, where another window deletes what is being read', async () => {
    await fill(await device.open(), 20)
    await device.close()
    let removed: Promise<void> | undefined
    // oxlint-disable-next-line typescript/unbound-method -- called with its database below
    const begin = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...asked) {
      removed ??= remove('--device')
      return begin.apply(this, asked)
    })
    await expect(firstRows()).rejects.toThrow('another window')
    vi.restoreAllMocks()
    await removed
  })

  it('goes over to the store when that has something to say, in every subscription', async () => {
    await fill(await device.open(), 20)
    await device.close()
    const rows = await firstRows()
    const opening = comingStore()
    const chat = ahead(rows!, opening.promise)
    const seen = new ReplaySubject<Timeline>()
    chat.queries.watchTimeline(roomId, 1).subscribe(seen)
    expect((await firstValueFrom(seen)).items).toHaveLength(22)
    // What somebody looks at is known to whoever draws it.
    expect(chat.queries.watchTimeline(roomId, 1).latest?.()?.value.items).toHaveLength(22)
    expect(chat.queries.watchTimeline(otherId, 1).latest?.()).toBeUndefined()
    const rooms = firstValueFrom(chat.queries.watchRooms())
    // In the order of the calls, however late the store comes.
    const written = Promise.all(['a', 'b', 'c'].map((body) => chat.commands.sendMessage(roomId, body)))
    const store = await device.open()
    opening.resolve(store.chat)
    await written
    rows?.close()
    expect((await rooms).map(({ id }) => id).toSorted()).toEqual([roomId, otherId].toSorted())
    const grown = await firstValueFrom(seen.pipe(filter(({ items }) => items.length === 25)))
    expect(grown.items.map(({ body }) => body).slice(-4)).toEqual(['on its way', 'a', 'b', 'c'])
    await store.sync.applyRecords(roomStream(roomId), EPOCH, [message(22)])
    await firstValueFrom(seen.pipe(filter(({ items }) => items.some(({ body }) => body === 'message 22'))))
    // And so it is by the store itself.
    expect(chat.queries.watchTimeline(roomId, 1).latest?.()?.value.items).toHaveLength(26)
  })

  it('stays as it is when the store cannot be opened; what was done meanwhile fails aloud', async () => {
    await fill(await device.open(), 20)
    await device.close()
    const rows = await firstRows()
    const opening = comingStore()
    const chat = ahead(rows!, opening.promise)
    const failures: unknown[] = []
    const seen: number[] = []
    chat.queries.watchTimeline(roomId, 1).subscribe({
      next: ({ items }) => seen.push(items.length),
      error: (error: unknown) => failures.push(error)
    })
    await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    const writing = chat.commands.sendMessage(roomId, 'lost?')
    opening.reject(new Error('unreadable'))
    await expect(writing).rejects.toThrow('unreadable')
    await firstValueFrom(chat.queries.watchHeld(roomId))
    expect([seen, failures]).toEqual([[22], []])
    rows?.close()
  })

  it('what is to come is nothing to wait for by itself', async () => {
    const coming = whenThere(Promise.resolve({ ask: async (what: string) => `${what}!` }))
    expect((coming as { then?: unknown }).then).toBeUndefined()
    expect(await coming.ask('there')).toBe('there!')
    expect(coming.ask).toBe(coming.ask)
  })
})
