// The contract of age: what was said and answered long ago is still known when very much came after it. Knows no driver.
import { describe, expect, it } from 'vitest'
import type { MessageRecord } from '../../../protocol/records.ts'
import type { Answer } from '../../../protocol/socket.ts'
import { sizeOf } from '../testing/test-size.ts'
import type { Storage } from '../port.ts'
import type { Open } from './fixtures.ts'
import { ALL, device, edit, message, ROOM, ROOM_STREAM, send, upTo, uuid } from './fixtures.ts'

const MESSAGES = sizeOf('MARU_MESSAGES', { usual: 3_000, long: 1_000_000 })
const PER_COMMIT = 500

export function ageContract(open: Open): void {
  describe('age', () => {
    it(`[S2] [S16] ids and answers are known after ${MESSAGES} other messages`, { timeout: 3_600_000 }, async () => {
      const opened = await open()
      try {
        let { storage } = opened
        const [first] = await send(storage, ROOM, 1, 1)
        if (!first) throw new Error('nothing was sent')
        const answer: Answer = { status: 'accepted', n: 1, id: first.id, stream: ROOM_STREAM, rev: 1, seq: 1 }
        await storage.commit([], async (draft) => draft.putDevice(device(1, { answered: 1, answers: [answer] })))
        await send(storage, ROOM, 2, MESSAGES, PER_COMMIT)
        for (const reopened of [false, true]) {
          if (reopened) storage = await opened.reopen()
          await expectKnown(storage, reopened ? 2 : 1)
          expect((await storage.device(uuid('device', 1)))?.answers).toEqual([answer])
        }
      } finally {
        await opened.dispose()
      }
    })
  })
}

/** @param round which edit of an old message this is going to be */
async function expectKnown(storage: Storage, round: number): Promise<void> {
  for (const n of [1, 2, 501, Math.floor(MESSAGES / 2), MESSAGES]) {
    expect((await storage.message(ROOM, uuid('message', n)))?.seq).toBe(n)
    const again = storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, n)))
    await expect(again).rejects.toThrow('exists already')
  }
  expect(await storage.message(ROOM, uuid('message', MESSAGES + 1))).toBeUndefined()
  expect(await storage.headSeq(ROOM)).toBe(MESSAGES)
  const edited = await edit(storage, ROOM, 3, `edit ${round}`)
  expect([edited.seq, edited.rev]).toEqual([3, MESSAGES + round])
  const { records, more } = await storage.changes(ROOM_STREAM, MESSAGES, ALL)
  expect([records, more]).toEqual([[edited], false])
  expect(await messageAt(storage, 3)).toEqual(edited)
  const others = await storage.page(ROOM, { before: 3, limit: 10, maxBytes: 100_000 })
  expect(others.messages.map(({ seq }) => seq)).toEqual(upTo(2))
}

/** As a page shows it. */
async function messageAt(storage: Storage, seq: number): Promise<MessageRecord | undefined> {
  const { messages } = await storage.page(ROOM, { before: seq + 1, limit: 1, maxBytes: 100_000 })
  return messages[0]
}
