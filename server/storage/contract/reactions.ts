// The contract of what hangs on a room's messages and members: reactions, and how far everybody has read (S12). Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MessageRecord, ReactionRecord, ReadRecord, StreamRecord } from '../../../protocol/records.ts'
import { readsStream } from '../../../protocol/streams.ts'
import type { Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { ALICE, ALL, edit, readChanges, reactionRecord, ROOM, ROOM_STREAM, send, upTo, uuid } from './fixtures.ts'

const BOB = uuid('user', 2)
const READS = readsStream(ROOM)
const PAGE = { limit: 50, maxBytes: 500_000 }

/** Sets or takes away an emoji on message n. */
export async function react(
  storage: Storage,
  n: number,
  userId: string,
  emoji: string,
  set = true
): Promise<ReactionRecord> {
  const { value } = await storage.commit([ROOM_STREAM], (draft) =>
    draft.put<ReactionRecord>(ROOM_STREAM, reactionRecord(ROOM, n, n, userId, emoji, set))
  )
  return value
}

async function mark(storage: Storage, roomId: string, userId: string, seq: number): Promise<ReadRecord> {
  const stream = readsStream(roomId)
  const { value } = await storage.commit([stream], (draft) =>
    draft.put<ReadRecord>(stream, { type: 'read', roomId, userId, seq })
  )
  return value
}

export function reactionsContract(open: Open): void {
  describe('reactions', () => {
    let opened: Opened
    let storage: Storage
    const nowAndLater = async (check: () => Promise<void>) => {
      await check()
      storage = await opened.reopen()
      await check()
    }

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
      await send(storage, ROOM, 1, 1_100)
    })
    afterEach(() => opened.dispose())

    it('come with the page of their message while they are set, ascending by rev', async () => {
      const [late, early] = [await react(storage, 1_099, BOB, '👍'), await react(storage, 1_098, ALICE, '👍')]
      const again = await react(storage, 1_099, ALICE, '🎉')
      await react(storage, 1_098, BOB, '😀')
      await react(storage, 1_098, BOB, '😀', false)
      const old = await react(storage, 3, BOB, '🦦')
      await nowAndLater(async () => {
        expect((await storage.page(ROOM, { ...PAGE, limit: 2 })).reactions).toEqual([late, again])
        expect((await storage.page(ROOM, { ...PAGE, before: 1_099, limit: 5 })).reactions).toEqual([early])
        expect((await storage.page(ROOM, { ...PAGE, before: 4, limit: 5 })).reactions).toEqual([old])
        expect((await storage.page(ROOM, { ...PAGE, before: 1_000 })).reactions).toEqual([])
      })
    })

    it('do not count against the bounds of a page', async () => {
      for (const emoji of ['👍', '🎉', '😀']) await react(storage, 1_100, BOB, emoji)
      const page = await storage.page(ROOM, { limit: 1, maxBytes: 1 })
      expect([page.messages.length, page.reactions.length]).toEqual([1, 3])
    })

    it('of one user to one message are found, those taken away included, in order of emoji', async () => {
      const set = [await react(storage, 700, BOB, '😀'), await react(storage, 700, BOB, '👍')]
      const gone = await react(storage, 700, BOB, '😀', false)
      await react(storage, 700, ALICE, '🎉')
      await react(storage, 701, BOB, '🎉')
      await nowAndLater(async () => {
        expect(await storage.reactionsBy(ROOM, uuid('message', 700), BOB)).toEqual([set[1], gone])
        expect(await storage.reactionsBy(ROOM, uuid('message', 702), BOB)).toEqual([])
        expect(await storage.reactionsBy(ROOM, uuid('message', 9_999), BOB)).toEqual([])
        expect(await storage.reactionsBy(uuid('room', 2), uuid('message', 700), BOB)).toEqual([])
      })
    })

    it('can be seen in their draft, and only there before it is stored [S1]', async () => {
      await react(storage, 5, BOB, '👍')
      await storage.commit([ROOM_STREAM], async (draft) => {
        await draft.put(ROOM_STREAM, reactionRecord(ROOM, 5, 5, BOB, '👍', false))
        await draft.put(ROOM_STREAM, reactionRecord(ROOM, 5, 5, BOB, '🎉'))
        const seen = await draft.reactionsBy(ROOM, uuid('message', 5), BOB)
        expect(seen.map(({ emoji, set }) => [emoji, set])).toEqual([
          ['🎉', true],
          ['👍', false]
        ])
        expect(await storage.reactionsBy(ROOM, uuid('message', 5), BOB)).toMatchObject([{ emoji: '👍', set: true }])
      })
    })

    it('in the commit of their message are stored with it', async () => {
      await storage.commit([ROOM_STREAM], async (draft) => {
        const { seq } = await draft.append(fixtures.message(ROOM, 2_000))
        await draft.put(ROOM_STREAM, reactionRecord(ROOM, 2_000, seq, BOB, '👍'))
      })
      await nowAndLater(async () => {
        expect((await storage.page(ROOM, { ...PAGE, limit: 1 })).reactions).toMatchObject([{ seq: 1_101, emoji: '👍' }])
      })
    })

    it('belong to a message with their seq, or are refused', async () => {
      const put = (n: number, seq: number) =>
        storage.commit([ROOM_STREAM], (draft) => draft.put(ROOM_STREAM, reactionRecord(ROOM, n, seq, BOB, '👍')))
      await expect(put(5, 6)).rejects.toThrow(uuid('message', 5))
      await expect(put(9_999, 1_101)).rejects.toThrow(uuid('message', 9_999))
      expect(await storage.head(ROOM_STREAM)).toBe(1_100)
    })

    it('[S3] [S7] take revs of the room; changes give the latest of each, set or not', async () => {
      const made = [await react(storage, 3, BOB, '👍'), await react(storage, 1_050, BOB, '👍')]
      const gone = await react(storage, 3, BOB, '👍', false)
      const edited = await edit(storage, ROOM, 600, 'edited')
      const again = await react(storage, 600, BOB, '👍')
      expect(made.map(({ rev }) => rev)).toEqual([1_101, 1_102])
      await nowAndLater(async () => {
        expect(await readChanges(storage, ROOM_STREAM, 1_100)).toEqual([made[1], gone, edited, again])
        expect(await readChanges(storage, ROOM_STREAM, 1_100, { ...ALL, limit: 1 })).toHaveLength(4)
        expect(await readChanges(storage, ROOM_STREAM, 1_103)).toEqual([edited, again])
        const types = { ...ALL, types: ['reaction'] as const, limit: 2 }
        expect(await readChanges(storage, ROOM_STREAM, 0, types)).toEqual([made[1], gone, again])
        const messages = await storage.changes(ROOM_STREAM, 1_102, { ...ALL, types: ['message'] })
        expect([messages.records, messages.through, messages.more]).toEqual([[edited], 1_105, false])
      })
    })

    it('[S9.4] [S11.4] are left out of changes above heldSeq and up to afterSeq, like their messages', async () => {
      for (const n of [3, 500, 501, 1_050]) await react(storage, n, BOB, '👍')
      await storage.commit([ROOM_STREAM], (draft) => draft.put(ROOM_STREAM, fixtures.roomRecord(ROOM)))
      const seqs = (records: readonly StreamRecord[]) =>
        records.map((record) => (record.type === 'reaction' || record.type === 'message' ? record.seq : record.type))
      await nowAndLater(async () => {
        const since = (options: object) => readChanges(storage, ROOM_STREAM, 1_100, { ...ALL, ...options })
        expect(seqs(await since({ heldSeq: 500 }))).toEqual([3, 500, 'room'])
        expect(seqs(await since({ afterSeq: 500 }))).toEqual([501, 1_050, 'room'])
        expect(seqs(await since({ afterSeq: 3, heldSeq: 501 }))).toEqual([500, 501, 'room'])
        expect(seqs(await since({ afterSeq: 1_100 }))).toEqual(['room'])
        const all = await readChanges(storage, ROOM_STREAM, 0, { ...ALL, afterSeq: 1_090, limit: 4 })
        expect(seqs(all)).toEqual([...upTo(1_100).slice(1_090), 'room'])
      })
    })
  })

  describe('reads', () => {
    let opened: Opened
    let storage: Storage
    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it('[S12] are a stream of their own, with the latest of each member', async () => {
      const other = uuid('room', 2)
      await mark(storage, ROOM, ALICE, 3)
      const bobs = await mark(storage, ROOM, BOB, 7)
      await mark(storage, other, BOB, 1)
      const alices = await mark(storage, ROOM, ALICE, 9)
      for (const reopened of [false, true]) {
        if (reopened) storage = await opened.reopen()
        expect([await storage.head(READS), await storage.head(readsStream(other))]).toEqual([3, 1])
        expect(await storage.read(ROOM, ALICE)).toEqual(alices)
        expect(await storage.read(ROOM, uuid('user', 3))).toBeUndefined()
        expect(await readChanges(storage, READS)).toEqual([bobs, alices])
        expect(await readChanges(storage, READS, 2, { ...ALL, limit: 1 })).toEqual([alices])
        expect(await storage.head(ROOM_STREAM)).toBe(0)
      }
    })

    it('[S10.2] know where each epoch began', async () => {
      const { epoch } = storage
      await mark(storage, ROOM, ALICE, 3)
      storage = await opened.reopen()
      await mark(storage, ROOM, ALICE, 4)
      storage = await opened.reopen()
      expect(await storage.wentBack(READS, { epoch, rev: 1 })).toBe(false)
      expect(await storage.wentBack(READS, { epoch, rev: 2 })).toBe(true)
      expect((await mark(storage, ROOM, BOB, 1)).rev).toBe(3)
    })

    it('can be seen in their draft, and belong into their own stream', async () => {
      const record = { type: 'read', roomId: ROOM, userId: ALICE, seq: 5 } as const
      await storage.commit([READS, ROOM_STREAM], async (draft) => {
        await draft.put(READS, record)
        expect(await draft.read(ROOM, ALICE)).toMatchObject({ seq: 5, rev: 1 })
        expect(await storage.read(ROOM, ALICE)).toBeUndefined()
        await expect(draft.put(ROOM_STREAM, record)).rejects.toThrow('belong')
      })
    })
  })

  describe('rooms that are read from a place on [S11.4]', () => {
    it.each([1, 7, 500, 5_000])('pages of %d end above afterSeq, and say so', async (limit) => {
      const opened = await open()
      try {
        const sent = await send(opened.storage, ROOM, 1, 1_203)
        for (const afterSeq of [0, 1, 499, 500, 501, 1_190, 1_203]) {
          const messages: MessageRecord[] = []
          let before: number | undefined
          for (let more = true; more;) {
            const from = before === undefined ? {} : { before }
            const page = await opened.storage.page(ROOM, { ...from, afterSeq, limit, maxBytes: 1_000_000_000 })
            messages.unshift(...page.messages)
            expect(page.headSeq).toBe(1_203)
            ;({ more } = page)
            before = page.messages[0]?.seq ?? 1
            if (limit < 10 && messages.length > 50) break
          }
          const expected = sent.slice(afterSeq)
          expect(messages).toEqual(limit < 10 ? expected.slice(-messages.length) : expected)
        }
        const none = await opened.storage.page(ROOM, { before: 5, afterSeq: 10, limit, maxBytes: 1_000 })
        expect([none.messages, none.more]).toEqual([[], false])
      } finally {
        await opened.dispose()
      }
    })
  })

  describe('a membership', () => {
    it('keeps what is its user’s own, and is found by room', async () => {
      const opened = await open()
      try {
        const stream = `user:${ALICE}` as const
        const own = { readSeq: 12, unreadFrom: 3, mutedUntil: fixtures.TIME, pinned: true } as const
        const record = { type: 'membership', roomId: ROOM, state: 'left', changedAt: fixtures.TIME, ...own } as const
        await opened.storage.commit([stream], async (draft) => {
          await draft.put(stream, record)
          expect(await draft.membership(ALICE, ROOM)).toEqual({ ...record, rev: 1 })
        })
        const storage = await opened.reopen()
        expect(await storage.membership(ALICE, ROOM)).toEqual({ ...record, rev: 1 })
        expect(await storage.memberships(ALICE)).toEqual([{ ...record, rev: 1 }])
        expect(await storage.membership(ALICE, uuid('room', 2))).toBeUndefined()
        expect(await storage.membership(BOB, ROOM)).toBeUndefined()
      } finally {
        await opened.dispose()
      }
    })
  })
}
