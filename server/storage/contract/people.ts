// The contract of accounts, devices with their answers (S2), invites and members. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../../protocol/socket.ts'
import { userStream } from '../../../protocol/streams.ts'
import type { Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { ALICE, device, memberRecord, ROOM, ROOM_STREAM, upTo, uuid } from './fixtures.ts'

const STREAMS = [userStream(ALICE)]

function answers(first: number, last: number): Answer[] {
  return upTo(last)
    .filter((n) => n >= first)
    .map((n) => {
      const id = uuid('message', n)
      const error = { code: 'not-a-member', message: 'no', field: 'roomId' }
      return n % 3 === 0
        ? { status: 'refused', n, id, error }
        : { status: 'accepted', n, id, stream: ROOM_STREAM, rev: n, seq: n }
    })
}

export function peopleContract(open: Open): void {
  describe('people', () => {
    let opened: Opened
    let storage: Storage
    /** Runs the checks now and after a reopen. */
    const nowAndLater = async (check: () => Promise<void>) => {
      await check()
      storage = await opened.reopen()
      await check()
    }

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it('[S2.2] keeps the answers of a device until they are settled', async () => {
      const put = (answered: number, settled: number) =>
        storage.commit(STREAMS, async (draft) => {
          draft.putDevice(device(1, { answered, settled, answers: answers(settled + 1, answered) }))
        })
      const stands = (answered: number, settled: number) => async () => {
        const found = await storage.device(uuid('device', 1))
        expect(found).toEqual(device(1, { answered, settled, answers: answers(settled + 1, answered) }))
      }
      await put(4, 0)
      await nowAndLater(stands(4, 0))
      await put(9, 2)
      await put(1_000, 6)
      await nowAndLater(stands(1_000, 6))
      await put(1_003, 1_003)
      await nowAndLater(stands(1_003, 1_003))
    })

    it('[S2.2] keeps the answers it has been given, also while only a few are added or settled', async () => {
      for (let n = 1; n <= 40; n++)
        await storage.commit(STREAMS, async (draft) => {
          const standing = (await draft.device(uuid('device', 1))) ?? device(1)
          const settled = Math.max(0, n - 7)
          const kept = standing.answers.filter((answer) => answer.n > settled)
          draft.putDevice({ ...standing, answered: n, settled, answers: [...kept, ...answers(n, n)] })
        })
      await nowAndLater(async () => {
        expect((await storage.device(uuid('device', 1)))?.answers).toEqual(answers(34, 40))
      })
    })

    it('finds devices by id, token and user, and no longer by a token that ended', async () => {
      const bob = uuid('user', 2)
      await storage.commit([userStream(ALICE), userStream(bob)], async (draft) => {
        for (const n of [2, 1]) draft.putDevice(device(n))
        draft.putDevice(device(3, { userId: bob }))
      })
      await storage.commit(STREAMS, async (draft) => {
        draft.putDevice(device(1, { tokenHash: null }))
        draft.putDevice(device(2, { tokenHash: 'renewed' }))
        expect(await draft.deviceByToken('hash 1')).toBeUndefined()
        expect((await draft.deviceByToken('renewed'))?.id).toBe(uuid('device', 2))
      })
      await nowAndLater(async () => {
        expect(await storage.deviceByToken('hash 1')).toBeUndefined()
        expect(await storage.deviceByToken('hash 2')).toBeUndefined()
        expect((await storage.deviceByToken('renewed'))?.id).toBe(uuid('device', 2))
        expect((await storage.device(uuid('device', 1)))?.tokenHash).toBeNull()
        expect((await storage.devicesOf(ALICE)).map(({ id }) => id)).toEqual([1, 2].map((n) => uuid('device', n)))
        expect((await storage.devicesOf(bob)).map(({ id }) => id)).toEqual([uuid('device', 3)])
      })
    })

    it('finds accounts by name and user; names are told apart by every code point', async () => {
      const names = ['alice', 'ａlice', 'jose\u0301', 'jos\u00e9', '지민']
      await storage.commit(STREAMS, async (draft) => {
        for (const [index, username] of names.entries())
          draft.putAccount({ userId: uuid('user', index + 1), username, passwordHash: `hash of ${username}` })
      })
      await storage.commit(STREAMS, async (draft) => {
        draft.putAccount({ userId: uuid('user', 1), username: 'alicia', passwordHash: 'new' })
        expect(await draft.account('alice')).toBeUndefined()
      })
      await nowAndLater(async () => {
        expect(await storage.account('alice')).toBeUndefined()
        expect((await storage.account('alicia'))?.userId).toBe(uuid('user', 1))
        expect((await storage.accountOf(uuid('user', 1)))?.passwordHash).toBe('new')
        for (const [index, username] of names.entries()) {
          const found = await storage.account(username)
          expect(found?.userId).toBe(index === 0 ? undefined : uuid('user', index + 1))
        }
      })
    })

    it('keeps invites', async () => {
      const invite = fixtures.invite(1, { codeHash: 'c1', createdBy: ALICE, roomIds: [ROOM, uuid('room', 2)] })
      await storage.commit(STREAMS, async (draft) => draft.putInvite(invite))
      await storage.commit(STREAMS, async (draft) => draft.putInvite({ ...invite, usesLeft: 2 }))
      await nowAndLater(async () => {
        expect(await storage.invite('c1')).toEqual({ ...invite, usesLeft: 2 })
        expect(await storage.invite('c2')).toBeUndefined()
      })
    })

    it('[S11] lists members in order of their ids, those who left included, and counts the joined', async () => {
      const ids = [7, 3, 9, 1].map((n) => uuid('user', n))
      await storage.commit([ROOM_STREAM], async (draft) => {
        for (const userId of ids) await draft.put(ROOM_STREAM, memberRecord(ROOM, userId, 'joined'))
      })
      await storage.commit([ROOM_STREAM], async (draft) => {
        await draft.put(ROOM_STREAM, memberRecord(ROOM, uuid('user', 9), 'removed'))
        await draft.put(ROOM_STREAM, memberRecord(ROOM, uuid('user', 3), 'left'))
        await draft.put(ROOM_STREAM, memberRecord(ROOM, uuid('user', 3), 'joined'))
        expect(await draft.memberCount(ROOM)).toBe(3)
      })
      await nowAndLater(async () => {
        expect((await storage.members(ROOM)).map(({ userId }) => userId)).toEqual(ids.toSorted())
        expect(await storage.memberCount(ROOM)).toBe(3)
        expect((await storage.member(ROOM, uuid('user', 9)))?.state).toBe('removed')
        expect(await storage.member(ROOM, uuid('user', 2))).toBeUndefined()
      })
    })

    it('does not let the caller change what is stored', async () => {
      const mine = { ...device(1), name: 'Laptop' }
      await storage.commit(STREAMS, async (draft) => draft.putDevice(mine))
      mine.name = 'changed behind its back'
      expect((await storage.device(mine.id))?.name).toBe('Laptop')
      const room = fixtures.roomRecord(ROOM)
      await storage.commit([ROOM_STREAM], (draft) => draft.put(ROOM_STREAM, room))
      room.name = 'changed behind its back'
      expect((await storage.room(ROOM))?.name).toBe('Kitchen')
    })
  })
}
