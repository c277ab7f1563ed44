// The contract of former texts of messages [S13.1]. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_KEPT_EDITS } from '../../../protocol/limits.ts'
import type { MessageRecord } from '../../../protocol/records.ts'
import { roomStream } from '../../../protocol/streams.ts'
import type { Draft, Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { ROOM, uuid } from './fixtures.ts'

const STREAM = roomStream(ROOM)
const FIRST = uuid('message', 1)
const OTHER = uuid('message', 2)

export function editsContract(open: Open): void {
  describe('former texts of messages [S13.1]', () => {
    let opened: Opened
    let storage: Storage
    const nowAndLater = async (check: () => Promise<void>) => {
      await check()
      storage = await opened.reopen()
      await check()
    }
    const former = (n: number) => ({ body: `text ${n} “é𝄞”`, writtenAt: fixtures.TIME })
    const edit = async (draft: Draft, messageId: string, n: number) => {
      const { rev: _, ...message } = (await draft.message(ROOM, messageId)) as MessageRecord
      await draft.put<MessageRecord>(STREAM, { ...message, body: `text ${n + 1}`, editedAt: fixtures.TIME })
      draft.keepEdit(ROOM, messageId, former(n))
    }

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
      await storage.commit([STREAM], async (draft) => {
        await draft.append(fixtures.message(ROOM, 1))
        await draft.append(fixtures.message(ROOM, 2))
      })
    })
    afterEach(() => opened.dispose())

    it('are none at first, and of what does not exist', async () => {
      for (const [roomId, id] of [
        [ROOM, FIRST],
        [ROOM, uuid('message', 99)],
        [uuid('room', 7), FIRST]
      ] as const) {
        expect(await storage.edits(roomId, id)).toEqual([])
      }
    })

    it('are kept in their order, each message’s apart, over a reopen, several in one commit too', async () => {
      await storage.commit([STREAM], async (draft) => {
        await edit(draft, FIRST, 1)
        await edit(draft, FIRST, 2)
        expect(await draft.edits(ROOM, FIRST)).toEqual([former(1), former(2)])
        expect(await storage.edits(ROOM, FIRST)).toEqual([])
      })
      await storage.commit([STREAM], (draft) => edit(draft, OTHER, 8))
      await storage.commit([STREAM], async (draft) => {
        await edit(draft, FIRST, 3)
        expect(await draft.edits(ROOM, FIRST)).toEqual([former(1), former(2), former(3)])
      })
      await nowAndLater(async () => {
        expect(await storage.edits(ROOM, FIRST)).toEqual([former(1), former(2), former(3)])
        expect(await storage.edits(ROOM, OTHER)).toEqual([former(8)])
      })
    })

    it('are at most MAX_KEPT_EDITS: the oldest go', async () => {
      for (let n = 1; n <= MAX_KEPT_EDITS + 3; n += 3) {
        await storage.commit([STREAM], async (draft) => {
          for (const each of [n, n + 1, n + 2]) await edit(draft, FIRST, each)
        })
      }
      const last = Math.ceil((MAX_KEPT_EDITS + 3) / 3) * 3
      const expected = Array.from({ length: MAX_KEPT_EDITS }, (_, index) => former(last - MAX_KEPT_EDITS + 1 + index))
      await nowAndLater(async () => expect(await storage.edits(ROOM, FIRST)).toEqual(expected))
    })

    it('are erased, those of the same commit too, and no other message’s', async () => {
      await storage.commit([STREAM], async (draft) => {
        await edit(draft, FIRST, 1)
        await edit(draft, OTHER, 1)
      })
      await storage.commit([STREAM], async (draft) => {
        await edit(draft, FIRST, 2)
        draft.dropEdits(ROOM, FIRST)
        expect(await draft.edits(ROOM, FIRST)).toEqual([])
      })
      await nowAndLater(async () => {
        expect(await storage.edits(ROOM, FIRST)).toEqual([])
        expect(await storage.edits(ROOM, OTHER)).toEqual([former(1)])
      })
    })

    it('belong to a message that the same commit puts; of a commit that fails nothing is kept', async () => {
      await storage.commit([STREAM], async (draft) => {
        expect(() => draft.keepEdit(ROOM, FIRST, former(1))).toThrow('does not put')
        expect(() => draft.dropEdits(ROOM, FIRST)).toThrow('does not put')
      })
      const failing = storage.commit([STREAM], async (draft) => {
        await edit(draft, FIRST, 1)
        throw new Error('on purpose')
      })
      await expect(failing).rejects.toThrow('on purpose')
      await nowAndLater(async () => expect(await storage.edits(ROOM, FIRST)).toEqual([]))
    })
  })
}
