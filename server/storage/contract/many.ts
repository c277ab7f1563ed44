// The contract of many and of strange: hundreds of rooms, text of every kind where text may be, what is said to be asked for. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MembershipRecord, ReactionRecord } from '../../../protocol/records.ts'
import { roomStream, userStream } from '../../../protocol/streams.ts'
import type { Draft, Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { ALICE, message, readChanges, ROOM, ROOM_STREAM, roomRecord, send, TIME, upTo, uuid } from './fixtures.ts'

const ROOMS = 300

/** Each is another text than all others, for whoever compares by code points; some look the same. */
const TEXTS = [
  'plain',
  'Plain',
  'caf\u00e9',
  'cafe\u0301',
  '한글'.normalize('NFC'),
  '한글'.normalize('NFD'),
  'ﬁ',
  'fi',
  'ß',
  'ẞ',
  'İi̇ıI',
  '\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u0645\u0631\u062d\u0628\u0627',
  'a\u200db\u200cc\u2060',
  '\u{1f469}\u200d\u{1f469}\u200d\u{1f467} \u{1f3f3}\ufe0f\u200d\u{1f308} \u{1f44d}\u{1f3fd}',
  '\u{1f44d}',
  '\u2764\ufe0f',
  '\u2764',
  '\u{10ffff}\uffff\ufffe\ufeff',
  'line\nbreak\r\n\ttab\u2028\u2029\u0085\u0001\u007f',
  '{"a": "\\u0000", \'b\': \\N}',
  `%s $1 ' " \\ \\\\ ; -- /* {} {null} NULL`,
  ' ',
  'NULL'
]

export function manyContract(open: Open): void {
  describe('many and strange', () => {
    let opened: Opened
    let storage: Storage

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it(`keeps ${ROOMS} rooms apart, made in one commit and changed by many at once`, async () => {
      const rooms = upTo(ROOMS).map((n) => uuid('room', n))
      await storage.commit([userStream(ALICE), ...rooms.map(roomStream)], async (draft) => {
        for (const roomId of rooms) {
          await draft.put(roomStream(roomId), roomRecord(roomId, `room ${roomId}`))
          await draft.put(roomStream(roomId), fixtures.memberRecord(roomId, ALICE, 'joined'))
          const membership = { type: 'membership', roomId, state: 'joined', changedAt: TIME } as const
          await draft.put<MembershipRecord>(userStream(ALICE), membership)
        }
      })
      const say = (roomId: string, n: number) =>
        storage.commit([roomStream(roomId)], (draft) => draft.append(message(roomId, n)))
      await Promise.all(rooms.flatMap((roomId, index) => upTo((index % 3) + 1).map((n) => say(roomId, n))))
      for (const reopened of [false, true]) {
        if (reopened) storage = await opened.reopen()
        expect((await storage.memberships(ALICE)).map(({ roomId }) => roomId)).toEqual(rooms)
        expect(await storage.head(userStream(ALICE))).toBe(ROOMS)
        for (const [index, roomId] of rooms.entries()) {
          const count = (index % 3) + 1
          expect([await storage.headSeq(roomId), await storage.head(roomStream(roomId))]).toEqual([count, count + 2])
          expect((await storage.room(roomId))?.name).toBe(`room ${roomId}`)
        }
        expect(await readChanges(storage, userStream(ALICE), 0, { ...fixtures.ALL, limit: 70 })).toHaveLength(ROOMS)
      }
    })

    it('keeps every text as it is, and tells texts apart that look the same', async () => {
      await send(storage, ROOM, 1, 1)
      const messageId = uuid('message', 1)
      const make = async (draft: Draft) => {
        for (const [index, text] of TEXTS.entries()) {
          const userId = uuid('user', index + 1)
          await draft.put('users', { ...fixtures.userRecord(userId, text), displayName: text })
          await draft.put(roomStream(uuid('room', index + 2)), roomRecord(uuid('room', index + 2), text))
          const reaction = { type: 'reaction', roomId: ROOM, messageId, seq: 1, userId: ALICE, set: true } as const
          await draft.put<ReactionRecord>(ROOM_STREAM, { ...reaction, emoji: text })
          draft.putAccount({ userId, username: text, passwordHash: text })
          draft.putDevice(fixtures.device(index + 1, { userId, name: text, tokenHash: text }))
        }
      }
      const roomIds = TEXTS.map((_, index) => uuid('room', index + 2))
      await storage.commit(['users', ROOM_STREAM, ...roomIds.map(roomStream)], make)
      for (const reopened of [false, true]) {
        if (reopened) storage = await opened.reopen()
        for (const [index, text] of TEXTS.entries()) {
          const userId = uuid('user', index + 1)
          expect((await storage.user(userId))?.displayName).toBe(text)
          expect((await storage.room(uuid('room', index + 2)))?.name).toBe(text)
          expect(await storage.account(text)).toEqual({ userId, username: text, passwordHash: text })
          expect((await storage.deviceByToken(text))?.name).toBe(text)
        }
        const own = await storage.reactionsBy(ROOM, messageId, ALICE)
        expect(own.map(({ emoji }) => emoji)).toEqual([...TEXTS].toSorted((a, b) => (a < b ? -1 : 1)))
        const { reactions } = await storage.page(ROOM, { limit: 1, maxBytes: 1 })
        expect(reactions.map(({ emoji }) => emoji)).toEqual(TEXTS)
      }
    })

    it('what is said to be asked for changes nothing but time', async () => {
      await send(storage, ROOM, 1, 3)
      const messages = [1, 3, 9].map((n) => ({ roomId: ROOM, messageId: uuid('message', n) }))
      messages.push({ roomId: uuid('room', 2), messageId: uuid('message', 1) }, { roomId: 'no id', messageId: '' })
      const { value } = await storage.commit(
        [ROOM_STREAM],
        async (draft) => {
          await draft.append(message(ROOM, 9))
          return Promise.all([1, 2, 3, 9, 10].map(async (n) => (await draft.message(ROOM, uuid('message', n)))?.seq))
        },
        { messages }
      )
      expect(value).toEqual([1, 2, 3, 4, undefined])
      const again = storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, 9)), { messages })
      await expect(again).rejects.toThrow('exists already')
    })
  })
}
