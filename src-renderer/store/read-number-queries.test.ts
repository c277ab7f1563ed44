import { filter, firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { ReadRecord } from '../../protocol/records.ts'
import { readsStream, roomStream, USERS_STREAM } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { Store } from './open-store.ts'
import type { ReadNumbers } from './read-numbers.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, memberOf, membershipOf, messageOf, refuseAll, userOf } from './testing/records.ts'

const [me, mina, jun, room] = [newId(), newId(), newId(), newId()]
let device = testDevice(me)
afterEach(async () => {
  await device.close()
  device = testDevice(me)
})

const read = (userId: string, seq: number, rev = seq, roomId = room): ReadRecord => {
  return { type: 'read', rev, roomId, userId, seq }
}

async function hold(store: Store, roomId = room, reads: ReadRecord[] = []): Promise<void> {
  await store.sync.applyRecords(
    USERS_STREAM,
    1,
    [me, mina, jun].map((id) => userOf(id))
  )
  await holdRoom(store, me, roomId, [messageOf(roomId, 1, { authorId: me }), messageOf(roomId, 2, { authorId: me })])
  await store.sync.applyRecords(roomStream(roomId), 1, [memberOf(roomId, mina), memberOf(roomId, jun)])
  await store.sync.applyRecords(readsStream(roomId), 1, reads)
  const checkpoint = Math.max(0, ...reads.map(({ rev }) => rev))
  await store.sync.saveStreams([{ stream: readsStream(roomId), epoch: 1, checkpoint, ranges: [], headSeq: 0 }])
}

/** Once they are as they should be. */
const numbers = ({ chat }: Store, isThere: (now: ReadNumbers | null) => boolean, roomId = room) =>
  firstValueFrom(chat.queries.watchReadNumbers(roomId).pipe(filter(isThere)))
const unread =
  (count: number, seq = 2) =>
  (now: ReadNumbers | null) =>
    now?.unread(seq, me) === count

describe('the numbers of a room', () => {
  it('[S12.7] fall as the others are told to have read, one derivation for all who ask', async () => {
    const store = await device.open({ paceMs: 0 })
    await hold(store)
    const ask = store.chat.queries.watchReadNumbers(room)
    const seen: (ReadNumbers | null)[][] = [[], []]
    const asking = seen.map((list) => store.chat.queries.watchReadNumbers(room).subscribe((now) => list.push(now)))
    await firstValueFrom(ask.pipe(filter(unread(2))))
    await store.sync.applyRecords(readsStream(room), 1, [read(mina, 2)])
    await firstValueFrom(ask.pipe(filter(unread(1))))
    await store.sync.applyRecords(roomStream(room), 1, [memberOf(room, jun, { rev: 9, state: 'left' })])
    const now = await firstValueFrom(ask.pipe(filter(unread(0))))
    expect(now?.names(2, me)).toEqual({ read: [mina], unread: [] })
    expect(seen[0]?.length).toBeGreaterThan(2)
    expect(seen[0]).toEqual(seen[1])
    expect(seen[0]?.every((each, index) => each === seen[1]?.[index])).toBe(true)
    for (const each of asking) each.unsubscribe()
  })

  it('are not told before the device has heard of them', async () => {
    const store = await device.open({ paceMs: 0 })
    await holdRoom(store, me, room, [messageOf(room, 1, { authorId: me })])
    await store.sync.applyRecords(roomStream(room), 1, [memberOf(room, mina)])
    expect(await firstValueFrom(store.chat.queries.watchReadNumbers(room))).toBe(null)
  })

  it('[S12.6] leave out who has switched receipts off, and are not shown to such a person: at once, by the own outbox', async () => {
    const store = await device.open({ paceMs: 0 })
    await hold(store, room, [read(mina, 1)])
    await numbers(store, unread(2))
    await store.sync.applyRecords(USERS_STREAM, 1, [userOf(mina, { rev: 5, receipts: false })])
    const without = await numbers(store, unread(1))
    expect(without?.names(1, me)).toEqual({ read: [], unread: [jun] })
    await store.chat.commands.setReceipts(false)
    await numbers(store, (now) => now === null)
    await refuseAll(store)
    await numbers(store, unread(1))
  })

  it('[S11.5] [S12.7] of an aside are of those who are still joined in its parent', async () => {
    const store = await device.open({ paceMs: 0 })
    await hold(store)
    const aside = asideRoomId(room, [me, mina, jun])
    await hold(store, aside)
    await store.sync.applyRecords(`user:${me}`, 1, [membershipOf(aside, { rev: 3, parentId: room })])
    expect((await numbers(store, unread(2), aside))?.asked(2, me)).toBe(2)
    await store.sync.applyRecords(roomStream(room), 1, [memberOf(room, jun, { rev: 9, state: 'left' })])
    expect((await numbers(store, unread(1), aside))?.names(2, me)).toEqual({ read: [], unread: [mina] })
  })
})

describe('[S12.6] looking at what was read already', () => {
  const marks = async (store: Store) => (await store.sync.loadOutbox()).map(({ operation }) => operation)
  const mark = { type: 'read.mark', roomId: room, seq: 2 }

  async function looked(told: ReadRecord[], receipts?: false): Promise<unknown[]> {
    const store = await device.open({ paceMs: 0 })
    await hold(store, room, told)
    if (receipts === false) await store.sync.applyRecords(USERS_STREAM, 1, [userOf(me, { rev: 5, receipts })])
    await store.sync.applyRecords(`user:${me}`, 1, [membershipOf(room, { rev: 3, readSeq: 2 })])
    await store.chat.commands.markRead(room, 2)
    await store.chat.commands.markRead(room, 2)
    return marks(store)
  }

  it('is marked once more where the others were told less', async () => {
    expect(await looked([read(me, 1), read(mina, 2)])).toEqual([mark])
  })

  it('is not marked where they were told, nor while they are not to be', async () => {
    expect(await looked([read(me, 2)])).toEqual([])
    await device.close()
    device = testDevice(me)
    expect(await looked([read(me, 1)], false)).toEqual([])
  })
})
