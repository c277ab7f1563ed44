// The contract of a room's history: pages, lookups by id, edits, tombstones, texts. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MessageRecord } from '../../../protocol/records.ts'
import type { Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { edit, message, readPages, ROOM, ROOM_STREAM, send, upTo, uuid } from './fixtures.ts'

const LARGE = 1_000_000_000

export function historyContract(open: Open): void {
  describe('history', () => {
    let opened: Opened
    let storage: Storage

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it('[S16] finds each of 3,000 messages by its id, and no other, also after a reopen and while more come', async () => {
      await send(storage, ROOM, 1, 3_000)
      const check = async (last: number) => {
        for (let n = 1; n <= last; n += 7) expect((await storage.message(ROOM, uuid('message', n)))?.seq).toBe(n)
        expect(await storage.message(ROOM, uuid('message', 999_999))).toBeUndefined()
        expect(await storage.message(uuid('room', 2), uuid('message', 1))).toBeUndefined()
      }
      await check(3_000)
      storage = await opened.reopen()
      await Promise.all([check(3_000), send(storage, ROOM, 3_001, 3_200)])
      await check(3_200)
      storage = await opened.reopen()
      await check(3_200)
    }, 30_000)

    it('keeps ids of messages apart by room, and refuses one twice in a room', async () => {
      const other = uuid('room', 2)
      await send(storage, ROOM, 1, 3)
      await send(storage, other, 3, 3)
      expect((await storage.message(other, uuid('message', 3)))?.seq).toBe(1)
      await expect(send(storage, ROOM, 2, 2)).rejects.toThrow(uuid('message', 2))
      expect(await storage.headSeq(ROOM)).toBe(3)
    })

    it.each([1, 7, 50, 200, 499, 500, 501, 5_000])(
      '[S4] pages of %d reach seq 1, contiguous and ascending',
      async (limit) => {
        const sent = await send(storage, ROOM, 1, 1_203)
        const pages = await readPages(storage, ROOM, { limit, maxBytes: LARGE })
        expect(pages.flat()).toEqual(sent)
        expect(pages.slice(1).every((page) => page.length === limit)).toBe(true)
      }
    )

    it('bounds pages by bytes, with at least one message', async () => {
      const sent = await send(storage, ROOM, 1, 60)
      const size = (records: MessageRecord[]) =>
        records.reduce((sum, record) => sum + Buffer.byteLength(JSON.stringify(record)), 0)
      const maxBytes = size(sent.slice(0, 7))
      const pages = await readPages(storage, ROOM, { limit: 50, maxBytes })
      expect(pages.flat()).toEqual(sent)
      expect(pages.every((page) => size(page) <= maxBytes)).toBe(true)
      const singles = await readPages(storage, ROOM, { limit: 50, maxBytes: 1 })
      expect(singles.map((page) => page.length)).toEqual(sent.map(() => 1))
    })

    it('says with a page where the room is, and that an empty one has no more', async () => {
      await send(storage, ROOM, 1, 30)
      await edit(storage, ROOM, 4, 'edited')
      const options = { limit: 10, maxBytes: LARGE }
      expect(await storage.page(ROOM, { ...options, before: 11 })).toMatchObject({ head: 31, headSeq: 30, more: false })
      expect(await storage.page(ROOM, { ...options, before: 12 })).toMatchObject({ head: 31, headSeq: 30, more: true })
      expect((await storage.page(ROOM, { ...options, before: 999 })).messages.map(({ seq }) => seq)).toEqual(
        upTo(30).slice(20)
      )
      expect(await storage.page(ROOM, { ...options, before: 1 })).toMatchObject({
        messages: [],
        headSeq: 30,
        more: false
      })
      const nowhere = { messages: [], reactions: [], head: 0, headSeq: 0, more: false }
      expect(await storage.page(uuid('room', 2), options)).toEqual(nowhere)
    })

    it('[S3] moves an edited old message to its new rev and leaves its seq', async () => {
      await send(storage, ROOM, 1, 1_100)
      storage = await opened.reopen()
      const edited = await edit(storage, ROOM, 3, 'edited')
      expect([edited.rev, edited.seq]).toEqual([1_101, 3])
      const again = await edit(storage, ROOM, 3, 'edited again')
      const check = async () => {
        expect(await storage.message(ROOM, uuid('message', 3))).toEqual(again)
        expect((await storage.changes(ROOM_STREAM, 1_100, fixtures.ALL)).records).toEqual([again])
        expect(
          (await storage.changes(ROOM_STREAM, 0, { ...fixtures.ALL, limit: 3 })).records.map(({ rev }) => rev)
        ).toEqual([1, 2, 4])
        expect((await storage.page(ROOM, { before: 5, limit: 4, maxBytes: LARGE })).messages[2]).toEqual(again)
      }
      await check()
      storage = await opened.reopen()
      await check()
    })

    it('keeps a tombstone at its place, without what it said', async () => {
      await storage.commit([ROOM_STREAM], async (draft) => {
        await draft.append(message(ROOM, 1))
        await draft.append({ ...message(ROOM, 2, 'secret'), replyTo: uuid('message', 1) })
      })
      await storage.commit([ROOM_STREAM], async (draft) => {
        const standing = await draft.message(ROOM, uuid('message', 2))
        if (!standing) throw new Error('no message')
        const stone = { ...fixtures.withoutRev(standing), body: '', deletedAt: fixtures.TIME }
        delete stone.replyTo
        return draft.put<MessageRecord>(ROOM_STREAM, stone)
      })
      storage = await opened.reopen()
      const [, stone] = (await storage.page(ROOM, { limit: 10, maxBytes: LARGE })).messages
      expect(stone).toEqual({ ...message(ROOM, 2, ''), seq: 2, rev: 3, deletedAt: fixtures.TIME })
      expect(JSON.stringify(await fixtures.readChanges(storage, ROOM_STREAM))).not.toContain('secret')
    })

    it('keeps every text as it is', async () => {
      const bodies = [
        '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽',
        'caf\u00e9',
        'cafe\u0301',
        '한글'.normalize('NFD'),
        'שלום \u202Eabc\u202C مرحبا',
        'line\nbreak\r\n\ttab \u2028 \u2029 \u0085 \u0001',
        '{"json": "\\u0000 \\" }\n]}',
        '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u{10FFFF} \uFEFF\uFFFD',
        'é'.repeat(20_000),
        '😀'.repeat(10_000)
      ]
      await storage.commit([ROOM_STREAM], async (draft) => {
        for (const [index, body] of bodies.entries()) await draft.append(message(ROOM, index + 1, body))
      })
      const read = async () =>
        (await storage.page(ROOM, { limit: 50, maxBytes: LARGE })).messages.map(({ body }) => body)
      expect(await read()).toEqual(bodies)
      storage = await opened.reopen()
      expect(await read()).toEqual(bodies)
    })
  })
}
