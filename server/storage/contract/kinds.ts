// The contract of rooms by kind, blocks, what records may carry, and what the owner of the relay asks. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  MemberRecord,
  MembershipRecord,
  MessageRecord,
  RoomKind,
  RoomRecord,
  StreamRecord,
  UserRecord
} from '../../../protocol/records.ts'
import { roomStream, userStream } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import type { Reader, Storage, Unrevised } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { ALICE, readChanges, ROOM, ROOM_STREAM, TIME, upTo, uuid } from './fixtures.ts'

const BOB = uuid('user', 2)
const KINDS: readonly RoomKind[] = ['group', 'open', 'direct', 'notes', 'aside']

export function kindsContract(open: Open): void {
  describe('kinds', () => {
    let opened: Opened
    let storage: Storage
    const nowAndLater = async (check: () => Promise<void>) => {
      await check()
      storage = await opened.reopen()
      await check()
    }
    const room = (n: number, kind: RoomKind): Unrevised<RoomRecord> => ({
      ...fixtures.roomRecord(uuid('room', n)),
      kind
    })
    const makeRooms = (rooms: readonly Unrevised<RoomRecord>[]) =>
      storage.commit(
        rooms.map(({ id }) => roomStream(id)),
        async (draft) => {
          for (const each of rooms) await draft.put(roomStream(each.id), each)
        }
      )
    const ids = async (reader: Reader, options: Parameters<Reader['rooms']>[0]) =>
      (await reader.rooms(options)).map(({ id }) => id)
    const ofKind = (kinds: readonly RoomKind[]) =>
      upTo(40)
        .filter((n) => kinds.includes(KINDS[n % 5] ?? 'group'))
        .map((n) => uuid('room', n))

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it('[S16] of rooms are listed in order of id, part by part, whatever order they were made in', async () => {
      await makeRooms(upTo(40).map((n) => room(41 - n, KINDS[(41 - n) % 5] ?? 'group')))
      await nowAndLater(async () => {
        for (const kinds of [['open'], ['group', 'open'], ['open', 'open'], KINDS] as const) {
          expect(await ids(storage, { kinds, limit: 100 })).toEqual(ofKind(kinds))
          const parts: string[] = []
          for (let after: string | undefined; ;) {
            const part = await ids(storage, { kinds, limit: 3, ...(after !== undefined && { after }) })
            parts.push(...part)
            after = part.at(-1)
            if (part.length < 3) break
          }
          expect(parts).toEqual(ofKind(kinds))
        }
        expect(await storage.rooms({ kinds: [], limit: 10 })).toEqual([])
        expect((await storage.rooms({ kinds: ['notes'], limit: 1 }))[0]).toEqual(await storage.room(uuid('room', 3)))
      })
    })

    it('of rooms are listed in a draft as the commit makes them', async () => {
      await makeRooms([room(2, 'open'), room(4, 'open'), room(6, 'group')])
      const streams = upTo(9).map((n) => roomStream(uuid('room', n)))
      await storage.commit(streams, async (draft) => {
        await draft.put(roomStream(uuid('room', 3)), room(3, 'open'))
        await draft.put(roomStream(uuid('room', 2)), { ...room(2, 'open'), name: 'Attic' })
        await draft.put(roomStream(uuid('room', 4)), room(4, 'group'))
        await draft.put(roomStream(uuid('room', 6)), room(6, 'open'))
        const found = await draft.rooms({ kinds: ['open'], limit: 10 })
        expect(found.map(({ id, name }) => [id, name])).toEqual([
          [uuid('room', 2), 'Attic'],
          [uuid('room', 3), 'Kitchen'],
          [uuid('room', 6), 'Kitchen']
        ])
        expect(await ids(draft, { kinds: ['open'], limit: 1, after: uuid('room', 2) })).toEqual([uuid('room', 3)])
        expect(await ids(storage, { kinds: ['open'], limit: 9 })).toEqual([uuid('room', 2), uuid('room', 4)])
      })
      await nowAndLater(async () => {
        expect(await ids(storage, { kinds: ['open'], limit: 9 })).toEqual([2, 3, 6].map((n) => uuid('room', n)))
        expect(await ids(storage, { kinds: ['group'], limit: 9 })).toEqual([uuid('room', 4)])
      })
    })

    it('[S11.8] of blocks are in the own stream, and counted while they are set', async () => {
      const stream = userStream(ALICE)
      const others = [3, 4, 5].map((n) => uuid('user', n))
      const put = (userId: string, set: boolean) =>
        storage.commit([stream], async (draft) => {
          await draft.put(stream, { type: 'block', userId, set })
          expect(await draft.block(ALICE, userId)).toMatchObject({ userId, set })
          return draft.blockCount(ALICE)
        })
      await storage.commit([stream], (draft) =>
        draft.put(stream, { type: 'membership', roomId: ROOM, state: 'joined', changedAt: TIME })
      )
      const counts = []
      for (const userId of others) counts.push((await put(userId, true)).value)
      for (const set of [true, false, false]) counts.push((await put(others[0] ?? '', set)).value)
      expect(counts).toEqual([1, 2, 3, 3, 2, 2])
      await nowAndLater(async () => {
        expect(await storage.blockCount(ALICE)).toBe(2)
        expect(await storage.blockCount(BOB)).toBe(0)
        expect(await storage.block(ALICE, others[0] ?? '')).toEqual({
          type: 'block',
          rev: 7,
          userId: others[0],
          set: false
        })
        expect(await storage.block(others[1] ?? '', ALICE)).toBeUndefined()
        const records = await readChanges(storage, stream)
        expect(records.map(({ type, rev }) => [type, rev])).toEqual([
          ['membership', 1],
          ['block', 3],
          ['block', 4],
          ['block', 7]
        ])
        expect(await storage.memberships(ALICE)).toHaveLength(1)
        const blocks = await storage.changes(stream, 0, { ...fixtures.ALL, types: ['block'] })
        expect(blocks).toMatchObject({ through: 7, records: [{ rev: 3 }, { rev: 4 }, { rev: 7 }] })
      })
      expect((await put(others[0] ?? '', true)).value).toBe(3)
    })

    it('[S14.3] of preferences are one in the own stream', async () => {
      const stream = userStream(ALICE)
      const put = (chosen: { availability?: 'dnd' | 'invisible' }) =>
        storage.commit([stream], async (draft) => {
          await draft.put(stream, { type: 'preferences', ...chosen })
          return draft.preferences(ALICE)
        })
      expect(await storage.preferences(ALICE)).toBeUndefined()
      expect((await put({ availability: 'dnd' })).value).toEqual({ type: 'preferences', rev: 1, availability: 'dnd' })
      await storage.commit([stream], (draft) => draft.put(stream, { type: 'block', userId: BOB, set: true }))
      await put({ availability: 'invisible' })
      await nowAndLater(async () => {
        expect(await storage.preferences(ALICE)).toEqual({ type: 'preferences', rev: 3, availability: 'invisible' })
        expect(await storage.preferences(BOB)).toBeUndefined()
        const records = await readChanges(storage, stream)
        expect(records.map(({ type, rev }) => [type, rev])).toEqual([
          ['block', 2],
          ['preferences', 3]
        ])
        expect(await storage.blockCount(ALICE)).toBe(1)
      })
      expect((await put({})).value).toEqual({ type: 'preferences', rev: 4 })
      await nowAndLater(async () => expect(await storage.preferences(ALICE)).toEqual({ type: 'preferences', rev: 4 }))
    })

    it('of everything that a record may carry come back as they were put', async () => {
      const aside = uuid('room', 2)
      const hash = 'a'.repeat(32)
      const user: Unrevised<UserRecord> = {
        ...fixtures.userRecord(ALICE, ''),
        color: 'moss',
        avatar: hash,
        status: '커피 ☕',
        receipts: false,
        deletedAt: TIME
      }
      const membership: Unrevised<MembershipRecord> = {
        type: 'membership',
        roomId: aside,
        state: 'joined',
        changedAt: TIME,
        readSeq: 3,
        unreadFrom: 2,
        mutedUntil: TIME,
        pinned: true,
        parentId: ROOM
      }
      const full: Unrevised<RoomRecord> = {
        ...fixtures.roomRecord(aside),
        kind: 'aside',
        topic: '주제',
        avatar: hash,
        writers: 'admins',
        history: 'from-joining',
        closedAt: TIME,
        parentId: ROOM
      }
      const member: Unrevised<MemberRecord> = {
        ...fixtures.memberRecord(aside, ALICE, 'removed'),
        role: 'admin',
        banned: true,
        parentId: ROOM
      }
      const event: MessageRecord['event'] = {
        name: 'member-role-set',
        userIds: [ALICE, BOB],
        role: 'admin',
        topic: 't',
        writers: 'admins',
        roomName: 'x'
      }
      const message = { ...fixtures.message(aside, 1), mentions: [ALICE, BOB], anchorSeq: 0, event }
      const stream = roomStream(aside)
      const { changes } = await storage.commit(['users', userStream(ALICE), stream], async (draft) => {
        await draft.put('users', user)
        await draft.put(userStream(ALICE), membership)
        await draft.put(stream, full)
        await draft.put(stream, member)
        await draft.append(message)
      })
      const expected = new Map<StreamId, object[]>([
        ['users', [{ ...user, rev: 1 }]],
        [userStream(ALICE), [{ ...membership, rev: 1 }]],
        [
          stream,
          [
            { ...full, rev: 1 },
            { ...member, rev: 2 },
            { ...message, rev: 3, seq: 1 }
          ]
        ]
      ])
      const asMap = (list: readonly { stream: StreamId; records: StreamRecord[] }[]) =>
        new Map(list.map((change) => [change.stream, change.records]))
      expect(asMap(changes)).toEqual(expected)
      await nowAndLater(async () => {
        for (const [each, records] of expected) expect(await readChanges(storage, each)).toEqual(records)
        expect((await storage.page(aside, { limit: 9, maxBytes: 9_999 })).messages).toEqual(
          expected.get(stream)?.slice(2)
        )
        expect(await storage.membership(ALICE, aside)).toEqual({ ...membership, rev: 1 })
        expect(await storage.member(aside, ALICE)).toEqual({ ...member, rev: 2 })
      })
    })

    it('of things are counted for the owner of the relay', async () => {
      await storage.commit(['users', ROOM_STREAM], async (draft) => {
        for (const n of [1, 2, 3]) {
          const userId = uuid('user', n)
          await draft.put('users', fixtures.userRecord(userId, `user${n}`))
          draft.putAccount({ userId, username: `user${n}`, passwordHash: 'x' })
        }
      })
      await makeRooms([room(1, 'group'), room(2, 'notes'), room(3, 'open'), room(4, 'aside'), room(5, 'direct')])
      await storage.commit([], async (draft) => draft.removeAccount(uuid('user', 3)))
      await nowAndLater(async () => {
        const { driver, bytes, users, rooms } = await storage.usage()
        expect({ users, rooms }).toEqual({ users: 2, rooms: 2 })
        expect(driver).toMatch(/^[a-z]+$/)
        expect(bytes).toBeGreaterThan(1_000)
      })
    })
  })
}
