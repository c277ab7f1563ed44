// Many rooms and a long outbox: what is read and written stays small.
import { firstValueFrom } from 'rxjs'
import { createRxDatabase } from 'rxdb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MessageRecord, StreamRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { databaseNames } from './database-names.ts'
import { hashFunction } from './databases.ts'
import { indexedDbStorage } from './device-storage.ts'
import { ownSchemas, recordSchemas } from './schemas.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, membershipOf, messageOf, roomOf } from './testing/records.ts'

const me = newId()

describe('the store', () => {
  let device = testDevice(me)
  afterEach(async () => {
    vi.restoreAllMocks()
    await device.close()
    device = testDevice(me)
  })

  it('[S16] opens with hundreds of rooms, and news in one of them reads that one', async () => {
    const before = await device.open()
    const rooms = Array.from({ length: 300 }, () => newId())
    const messages = rooms.flatMap((room) => [messageOf(room, 9), messageOf(room, 10)])
    const all: StreamRecord[] = [...rooms.map((room) => roomOf(room)), ...messages]
    await before.sync.applyRecords(roomStream(rooms[0]!), 1, all)
    const memberships = rooms.map((room) => membershipOf(room, { readSeq: 8 }))
    await before.sync.applyRecords(userStream(me), 1, memberships)
    const state = (room: string, headSeq: number) => {
      return { stream: roomStream(room), epoch: 1, checkpoint: 20, ranges: [[9, headSeq] as const], headSeq }
    }
    await before.sync.saveStreams(rooms.map((room) => state(room, 10)))
    await device.close()

    const store = await device.open({ paceMs: 0 })
    const counts = await new Promise<number[]>((resolve) => {
      store.chat.queries.watchRooms().subscribe((list) => {
        if (list.length === 300 && list.every(({ unread }) => unread > 0)) resolve(list.map(({ unread }) => unread))
      })
    })
    expect(new Set(counts)).toEqual(new Set([2]))
    const steps = vi.spyOn(IDBCursor.prototype, 'continue')
    const news: MessageRecord = messageOf(rooms[150]!, 11)
    await store.sync.applyRecords(roomStream(rooms[150]!), 1, [news])
    await store.sync.saveStreams([state(rooms[150]!, 11)])
    const reached = new Promise<void>((resolve) => {
      store.chat.queries.watchRooms().subscribe((list) => {
        if (list.find(({ id }) => id === rooms[150])?.unread === 3) resolve()
      })
    })
    await reached
    expect(steps.mock.calls.length).toBeLessThanOrEqual(10)
  }, 60_000)

  it('a timeline that several look at is put together once, and anew for who looks when nobody does', async () => {
    const store = await device.open()
    const room = newId()
    await holdRoom(store, me, room, [messageOf(room, 1)])
    const timeline = (from: number) => store.chat.queries.watchTimeline(room, from)
    const ahead = timeline(1).subscribe()
    const first = await firstValueFrom(timeline(1))
    expect(await firstValueFrom(timeline(1))).toBe(first)
    expect(await firstValueFrom(timeline(2))).not.toBe(first)
    ahead.unsubscribe()
    const later = await firstValueFrom(timeline(1))
    expect(later).not.toBe(first)
    expect(later).toEqual(first)
  })

  it('databases of the first version open, with what is in them, and take the new records', async () => {
    const names = databaseNames(device.relayId, me)
    const { reactions: _, ...firstRecords } = recordSchemas
    for (const [name, schemas] of [
      [names.own, ownSchemas],
      [names.records(0), firstRecords]
    ] as const) {
      const database = await createRxDatabase({ name, storage: indexedDbStorage(device.disk).rx, hashFunction })
      for (const [key, schema] of Object.entries(schemas)) await database.addCollections({ [key]: { schema } })
      const draft = { key: 'room', text: 'unfinished' }
      if (name === names.own)
        await (database.collections as never as { drafts: { insert: (row: object) => Promise<void> } }).drafts.insert(
          draft
        )
      await database.close()
    }
    const store = await device.open()
    expect(await store.chat.queries.loadDraft('room')).toBe('unfinished')
    const kept = { of: 'user', id: me } as const
    await store.pictures.save(kept, 'a hash', 'a picture')
    expect(await store.pictures.load(kept, 'a hash')).toBe('a picture')
    const room = newId()
    await holdRoom(store, me, room, [messageOf(room, 1)])
    const { items } = await firstValueFrom(store.chat.queries.watchTimeline(room, 1))
    expect(items).toHaveLength(1)
  })
})
