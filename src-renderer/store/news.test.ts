import { firstValueFrom, take, toArray } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { roomStream, userStream, USERS_STREAM } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { NewsStore } from './news.ts'
import type { Store } from './open-store.ts'
import { testDevice } from './testing/device.ts'
import type { TestDevice } from './testing/device.ts'
import { holdRoom, memberOf, membershipOf, messageOf, roomOf, TIME, userOf } from './testing/records.ts'

const devices: TestDevice[] = []
afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()))
})

const ROOM = newId()
const MINA = newId()
const said = (seq: number, more = {}) => messageOf(ROOM, seq, { authorId: MINA, ...more })

async function opened(device: TestDevice) {
  const store = await device.open()
  return { store, news: await store.openNews() }
}

async function began({ begin = true } = {}) {
  const device = testDevice()
  devices.push(device)
  const { store, news } = await opened(device)
  const { userId } = device
  await store.sync.applyRecords(USERS_STREAM, 1, [userOf(MINA)])
  await holdRoom(store, userId, ROOM, [said(1), said(2)])
  if (begin) await news.begin()
  return { device, store, news, userId }
}

/** Somebody says something, as sync stores it. */
async function hears({ sync }: Store, ...messages: ReturnType<typeof said>[]): Promise<void> {
  await sync.applyRecords(roomStream(ROOM), 1, messages)
  const head = Math.max(...messages.map(({ seq }) => seq))
  await sync.saveStreams([
    { stream: roomStream(ROOM), epoch: 1, checkpoint: 1_000 + head, ranges: [[1, head]], headSeq: head }
  ])
}

const lookAt = async (news: NewsStore, roomId = ROOM) => (await news.look([roomId]))[0]

describe('news', () => {
  it('what is there when a device begins is not new, what comes then is, until the mark has moved', async () => {
    const { store, news } = await began()
    expect(await news.behind()).toEqual([])
    const touched = firstValueFrom(news.touched)
    await hears(store, said(3, { body: 'hello' }))
    expect(await touched).toEqual([ROOM])
    const room = await lookAt(news)
    expect(room).toMatchObject({ roomId: ROOM, shownIn: ROOM, name: 'hall', from: 2, head: 3, missing: 0 })
    expect(room?.messages).toMatchObject([{ seq: 3, body: 'hello', authorName: '미나', own: false }])
    expect([...(await news.advance(room ? [room] : []))]).toEqual([[ROOM, 2]])
    expect((await lookAt(news))?.messages).toEqual([])
  })

  it('marks and the beginning outlive the window; a room that was said something in meanwhile is behind', async () => {
    const { device, store } = await began()
    await store.close()
    const again = await opened(device)
    expect(await again.news.hasBegun()).toBe(true)
    expect(await again.news.behind()).toEqual([])
    await hears(again.store, said(3))
    await again.store.close()
    const { news } = await opened(device)
    expect(await news.behind()).toEqual([ROOM])
    expect((await lookAt(news))?.from).toBe(2)
  })

  it('a device that has not begun says so', async () => {
    const { news } = await began({ begin: false })
    expect(await news.hasBegun()).toBe(false)
    await news.begin()
    expect(await news.hasBegun()).toBe(true)
  })

  it('a mark moves once: who comes second moves it by what is left, or not at all', async () => {
    const { store, news } = await began()
    await hears(store, said(3), said(4))
    const room = { roomId: ROOM, from: 2, head: 3 }
    expect([...(await news.advance([room]))]).toEqual([[ROOM, 2]])
    expect([...(await news.advance([room]))]).toEqual([])
    expect([...(await news.advance([{ ...room, head: 4 }]))]).toEqual([[ROOM, 3]])
  })

  it('a relay that went back takes the mark with it, but not while the room is read anew', async () => {
    const { store, news } = await began()
    const stream = roomStream(ROOM)
    await store.sync.saveStreams([{ stream, epoch: 0, checkpoint: 0, ranges: [], headSeq: 0, lostUpTo: 1 }])
    expect(await lookAt(news)).toBeUndefined()
    await store.sync.saveStreams([{ stream, epoch: 2, checkpoint: 5, ranges: [[1, 1]], headSeq: 1 }])
    const room = await lookAt(news)
    expect(room).toMatchObject({ from: 2, head: 1, messages: [] })
    await news.advance(room ? [room] : [])
    await store.sync.applyRecords(stream, 2, [said(2, { rev: 50 })])
    await store.sync.saveStreams([{ stream, epoch: 2, checkpoint: 6, ranges: [[1, 2]], headSeq: 2 }])
    expect(await lookAt(news)).toMatchObject({ from: 1, head: 2 })
  })

  it('[S10.5] what a relay had lost, and its author brings back, was here before', async () => {
    const { store, news } = await began()
    const stream = roomStream(ROOM)
    const lost = said(3)
    await hears(store, lost)
    await news.advance([{ roomId: ROOM, from: 2, head: 3 }])
    const kind = { ok: true, kind: 'page' } as const
    const page = { ...kind, roomId: ROOM, messages: [], reactions: [], headSeq: 2, head: 2, floor: 0, more: false }
    await store.sync.applyPage(stream, 2, page, { upTo: 1, givenUp: new Set() })
    await store.sync.saveStreams([{ stream, epoch: 2, checkpoint: 2, ranges: [[1, 2]], headSeq: 2 }])
    await news.advance([{ roomId: ROOM, from: 3, head: 2 }])
    await store.sync.applyRecords(stream, 2, [{ ...lost, seq: 4, rev: 9 }, said(3, { rev: 8, body: 'new' })])
    await store.sync.saveStreams([{ stream, epoch: 2, checkpoint: 9, ranges: [[1, 4]], headSeq: 4 }])
    const room = await lookAt(news)
    expect(room?.messages.map(({ body }) => body)).toEqual(['new'])
    expect(room?.missing).toBe(0)
  })

  it('of a room that comes later, what was said before one’s joining is not new; it is looked at once that is known', async () => {
    const { store, news, userId } = await began()
    const other = newId()
    const stream = roomStream(other)
    const told: string[] = []
    const following = news.touched.subscribe((roomIds) => told.push(...roomIds))
    await store.sync.applyRecords(userStream(userId), 1, [membershipOf(other)])
    await store.sync.applyRecords(stream, 1, [roomOf(other), messageOf(other, 7), messageOf(other, 8)])
    await store.sync.saveStreams([{ stream, epoch: 1, checkpoint: 1, ranges: [[7, 8]], headSeq: 8 }])
    expect(await lookAt(news, other)).toBeUndefined()
    const before = told.length
    await store.sync.applyRecords(stream, 1, [memberOf(other, userId, { joinedSeq: 7 })])
    await store.sync.saveStreams([{ stream, epoch: 1, checkpoint: 2, ranges: [[7, 8]], headSeq: 8 }])
    await vi.waitFor(() => expect(told.slice(before)).toEqual([other]), 5_000)
    following.unsubscribe()
    expect(await lookAt(news, other)).toMatchObject({ from: 7, head: 8, messages: [{ seq: 8 }] })
  })

  it('[S12] knows what was read, here before the relay knows it too, and what is muted', async () => {
    const { store, news } = await began()
    await hears(store, said(3), said(4))
    const touched = firstValueFrom(news.touched.pipe(take(2), toArray()))
    await store.chat.commands.markRead(ROOM, 3)
    await store.chat.commands.setMuted(ROOM, '9999-12-31T00:00:00.000Z')
    expect(await touched).toEqual([[ROOM], [ROOM]])
    const room = await lookAt(news)
    expect(room).toMatchObject({ readSeq: 3, mutedUntil: '9999-12-31T00:00:00.000Z' })
    expect(room?.messages.map(({ seq }) => seq)).toEqual([4])
  })

  it('says of each message what a rule needs: own, mentions, blocked people [S11.8], tombstones', async () => {
    const { store, news, userId } = await began()
    await store.chat.commands.setBlock(MINA, true)
    await hears(
      store,
      said(3, { mentions: [userId] }),
      messageOf(ROOM, 4, { authorId: userId }),
      messageOf(ROOM, 5, { deletedAt: TIME, body: '' })
    )
    expect((await lookAt(news))?.messages).toMatchObject([
      { mentionsMe: true, blocked: true, own: false, deleted: false },
      { mentionsMe: false, blocked: false, own: true },
      { deleted: true, authorName: '' }
    ])
  })

  it('[S11.5] an aside is shown in its parent, by whose mute it goes', async () => {
    const { store, news, userId } = await began()
    const aside = newId()
    const stream = roomStream(aside)
    await store.sync.applyRecords(userStream(userId), 1, [
      membershipOf(aside, { parentId: ROOM, rev: 5 }),
      membershipOf(ROOM, { rev: 6, mutedUntil: TIME })
    ])
    await store.sync.applyRecords(stream, 1, [
      roomOf(aside, { kind: 'aside', name: '', parentId: ROOM }),
      memberOf(aside, userId),
      messageOf(aside, 1, { anchorSeq: 2 })
    ])
    await store.sync.saveStreams([{ stream, epoch: 1, checkpoint: 9, ranges: [[1, 1]], headSeq: 1, parentId: ROOM }])
    expect(await lookAt(news, aside)).toMatchObject({
      roomId: aside,
      shownIn: ROOM,
      kind: 'group',
      name: 'hall',
      mutedUntil: TIME,
      joined: true,
      messages: [{ anchorSeq: 2 }]
    })
    await store.sync.applyRecords(userStream(userId), 1, [membershipOf(ROOM, { rev: 7, state: 'left' })])
    expect(await lookAt(news, aside)).toMatchObject({ joined: false, messages: [] })
  })

  it('[S16] reads no more than the newest of a long absence, and counts the rest', async () => {
    const { store, news } = await began()
    const many = Array.from({ length: 130 }, (_, at) => said(at + 3))
    await hears(store, ...many)
    const room = await lookAt(news)
    expect([room?.messages.length, room?.missing, room?.messages.at(-1)?.seq]).toEqual([100, 30, 132])
  })

  it('tells of deletions', async () => {
    const { store, news } = await began()
    const message = said(3)
    await hears(store, message)
    const deleted = firstValueFrom(news.deleted)
    await store.sync.applyRecords(roomStream(ROOM), 1, [{ ...message, rev: 99, body: '', deletedAt: TIME }])
    expect(await deleted).toEqual([message.id])
  })

  it('a wipe takes the marks with it', async () => {
    const { device, store } = await began()
    await store.wipe()
    const databases = await device.disk.databases()
    expect(databases.filter(({ name }) => name?.includes('notified'))).toEqual([])
  })
})
