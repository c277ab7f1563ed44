// What counts as unread, and that counting stays small whatever the rooms hold.
import { filter, firstValueFrom, map } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { UNREAD_CAP } from './chat-store.ts'
import type { Store } from './open-store.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, memberOf, membershipOf, messageOf } from './testing/records.ts'

const me = newId()

describe('unread', () => {
  let device = testDevice(me)
  afterEach(async () => {
    vi.restoreAllMocks()
    await device.close()
    device = testDevice(me)
  })

  const room = newId()
  const stream = roomStream(room)
  const open = (): Promise<Store> => device.open({ paceMs: 0 })
  /** Resolves when the room has this many; a test that waits for a wrong number times out. */
  const becomes = ({ chat }: Store, unread: number) =>
    firstValueFrom(
      chat.queries.watchRooms().pipe(
        map(([first]) => first?.unread),
        filter((count) => count === unread)
      )
    )
  /** A run of messages from..to of others, but for what `fields` says of each. */
  const run = (from: number, to: number, fields: (seq: number) => object = () => ({})) =>
    Array.from({ length: to - from + 1 }, (_, index) => messageOf(room, from + index, fields(from + index)))

  it('[S12.5] is what other people wrote above the mark: no system lines, no tombstones, nothing own', async () => {
    const store = await open()
    const event = { name: 'member-joined', userIds: [] } as const
    await holdRoom(
      store,
      me,
      room,
      [
        ...run(1, 5),
        messageOf(room, 6, { authorId: me }),
        messageOf(room, 7, { kind: 'system', body: '', event: { ...event, userIds: [] } }),
        messageOf(room, 8, { body: '', deletedAt: '2026-02-10T06:05:00.000Z' }),
        messageOf(room, 9)
      ],
      { membership: { readSeq: 3 } }
    )
    expect(await becomes(store, 3)).toBe(3)
  })

  it('[S12] goes with the mark that waits, comes back with what marks it as unread, and with news', async () => {
    const store = await open()
    await holdRoom(store, me, room, run(1, 5), { membership: { readSeq: 1 } })
    expect(await becomes(store, 4)).toBe(4)
    await store.chat.commands.markRead(room, 5)
    expect(await becomes(store, 0)).toBe(0)
    await store.sync.applyRecords(stream, 1, run(6, 7))
    await store.sync.saveStreams([{ stream, epoch: 1, checkpoint: 1_000, ranges: [[1, 7]], headSeq: 7 }])
    expect(await becomes(store, 2)).toBe(2)
    await store.chat.commands.markUnread(room, 4)
    expect(await becomes(store, 4)).toBe(4)
  })

  it('goes down when an unread message is deleted', async () => {
    const store = await open()
    const messages = run(1, 3)
    await holdRoom(store, me, room, messages, { membership: { readSeq: 1 } })
    expect(await becomes(store, 2)).toBe(2)
    await store.sync.applyRecords(stream, 1, [{ ...messages[2]!, rev: 90, body: '', deletedAt: messages[2]!.sentAt }])
    expect(await becomes(store, 1)).toBe(1)
  })

  it('takes what is missing on the device for unread, and counts no further than the cap', async () => {
    const store = await open()
    const newest = run(20, 24, (seq) => (seq === 22 ? { authorId: me } : {}))
    await holdRoom(store, me, room, newest, { membership: { readSeq: 9 } })
    expect(await becomes(store, 10 + 4)).toBe(10 + 4)
    const head = { stream, epoch: 1, checkpoint: 1_000, ranges: [[900, 900]] as [number, number][], headSeq: 900 }
    await store.sync.saveStreams([head])
    expect(await becomes(store, UNREAD_CAP)).toBe(UNREAD_CAP)
  })

  it('begins where one has joined when nothing was ever read; a room that one has left has none', async () => {
    const store = await open()
    await holdRoom(store, me, room, run(1, 50))
    await store.sync.applyRecords(stream, 1, [memberOf(room, me, { rev: 2, joinedSeq: 48 })])
    await store.sync.saveStreams([{ stream, epoch: 1, checkpoint: 1_000, ranges: [[1, 50]], headSeq: 50 }])
    await device.close()
    const again = await open()
    expect(await becomes(again, 2)).toBe(2)
    await again.sync.applyRecords(userStream(me), 1, [membershipOf(room, { rev: 2, state: 'removed' })])
    expect(await becomes(again, 0)).toBe(0)
  })

  it('[S11.4] does not count what is not for one to read', async () => {
    const store = await open()
    await holdRoom(store, me, room, run(41, 45), { membership: { readSeq: 2 } })
    const state = {
      stream,
      epoch: 1,
      checkpoint: 1_000,
      ranges: [[41, 45]] as [number, number][],
      headSeq: 45,
      floor: 40
    }
    await store.sync.saveStreams([state])
    expect(await becomes(store, 5)).toBe(5)
  })

  it('[S16] reads no more than the cap of a room with a long unread run, and nothing of rooms that are read', async () => {
    const before = await open()
    await holdRoom(before, me, room, run(1, 1_000), { membership: { readSeq: 1 } })
    for (let index = 0; index < 20; index++) {
      const read = newId()
      const line = { ...messageOf(read, 500), acceptedAt: '2026-01-01T00:00:00.000Z' }
      await holdRoom(before, me, read, [line], { membership: { readSeq: 500 } })
    }
    await device.close()
    const store = await open()
    const steps = vi.spyOn(IDBCursor.prototype, 'continue')
    expect(await becomes(store, UNREAD_CAP)).toBe(UNREAD_CAP)
    // A few small rows of each of 21 rooms, and of the one as many messages as the cap.
    expect(steps.mock.calls.length).toBeLessThanOrEqual(UNREAD_CAP + 21 * 6)
    steps.mockClear()
    await store.sync.applyRecords(stream, 1, run(1_001, 1_002))
    await store.sync.saveStreams([{ stream, epoch: 1, checkpoint: 1_100, ranges: [[1, 1_002]], headSeq: 1_002 }])
    await firstValueFrom(store.chat.queries.watchHeld(room).pipe(filter(({ headSeq }) => headSeq === 1_002)))
    expect(steps).not.toHaveBeenCalled()
  })
})
