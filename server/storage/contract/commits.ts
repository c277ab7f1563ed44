// The contract of commits: S1, S3, S4, S15. Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RoomRecord } from '../../../protocol/records.ts'
import { roomStream } from '../../../protocol/streams.ts'
import type { Reader, Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { message, roomRecord, ROOM, ROOM_STREAM, upTo, uuid } from './fixtures.ts'

export function commitContract(open: Open): void {
  describe('commits', () => {
    let opened: Opened
    let storage: Storage

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
      await storage.commit([ROOM_STREAM], (draft) => draft.put(ROOM_STREAM, roomRecord(ROOM)))
    })
    afterEach(() => opened.dispose())

    it('[S3] [S4] gives contiguous revs and seqs to many concurrent commits, also across a reopen', async () => {
      const append = (n: number) => storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, n)))
      const first = await Promise.all(upTo(120).map(append))
      storage = await opened.reopen()
      const second = await Promise.all(upTo(80).map((n) => append(120 + n)))
      const made = [...first, ...second].map(({ value }) => value)
      expect(made.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(upTo(200))
      expect(made.map(({ rev }) => rev).toSorted((a, b) => a - b)).toEqual(upTo(201).slice(1))
      expect(await storage.head(ROOM_STREAM)).toBe(201)
      expect(await storage.headSeq(ROOM)).toBe(200)
    })

    it('[S1] [S3] stores nothing of a commit whose work throws, and takes no rev and no seq for it', async () => {
      const failure = new Error('no')
      const failing = storage.commit([ROOM_STREAM, 'users'], async (draft) => {
        await draft.append(message(ROOM, 1))
        await draft.put('users', fixtures.userRecord(fixtures.ALICE, 'alice'))
        draft.putDevice(fixtures.device(1))
        draft.putAccount({ userId: fixtures.ALICE, username: 'alice', passwordHash: 'x' })
        throw failure
      })
      await expect(failing).rejects.toBe(failure)
      const check = async () => {
        expect(await storage.head(ROOM_STREAM)).toBe(1)
        expect(await storage.headSeq(ROOM)).toBe(0)
        expect(await storage.head('users')).toBe(0)
        expect(await storage.message(ROOM, uuid('message', 1))).toBeUndefined()
        expect(await storage.user(fixtures.ALICE)).toBeUndefined()
        expect(await storage.account('alice')).toBeUndefined()
        expect(await storage.device(uuid('device', 1))).toBeUndefined()
      }
      await check()
      storage = await opened.reopen()
      await check()
      const { value } = await storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, 1)))
      expect([value.rev, value.seq]).toEqual([2, 1])
    })

    it('shows inside a draft what it staged, and nothing of it outside [S1]', async () => {
      const userId = fixtures.ALICE
      const streams = [ROOM_STREAM, 'users', `user:${userId}`] as const
      const inside = await storage.commit(streams, async (draft) => {
        await draft.put('users', fixtures.userRecord(userId, 'alice'))
        await draft.put(`user:${userId}`, {
          type: 'membership',
          roomId: ROOM,
          state: 'joined',
          changedAt: fixtures.TIME
        })
        await draft.put(ROOM_STREAM, fixtures.memberRecord(ROOM, userId, 'joined'))
        await draft.append(message(ROOM, 1))
        await draft.put(ROOM_STREAM, roomRecord(ROOM, 'Attic'))
        draft.putDevice(fixtures.device(1))
        draft.putAccount({ userId, username: 'alice', passwordHash: 'x' })
        draft.putInvite(fixtures.invite(1, { codeHash: 'c' }))
        expect(await see(storage)).toEqual(await nothing(storage))
        expect((await storage.room(ROOM))?.name).toBe('Kitchen')
        return see(draft)
      })
      expect(inside.value).toEqual(await see(storage))
      expect(inside.value.message?.seq).toBe(1)
      expect(inside.value.heads).toEqual([4, 1, 1, 1])
      expect(inside.value.memberCount).toBe(1)

      async function see(reader: Reader) {
        return {
          heads: [
            await reader.head(ROOM_STREAM),
            await reader.head('users'),
            await reader.head(`user:${userId}`),
            await reader.headSeq(ROOM)
          ],
          user: await reader.user(userId),
          account: await reader.account('alice'),
          accountOf: await reader.accountOf(userId),
          device: await reader.device(uuid('device', 1)),
          byToken: await reader.deviceByToken('hash 1'),
          devices: await reader.devicesOf(userId),
          invite: await reader.invite('c'),
          member: await reader.member(ROOM, userId),
          members: await reader.members(ROOM),
          memberCount: await reader.memberCount(ROOM),
          memberships: await reader.memberships(userId),
          message: await reader.message(ROOM, uuid('message', 1))
        }
      }
      async function nothing(reader: Reader) {
        const seen = await see(reader)
        expect(seen.heads).toEqual([1, 0, 0, 0])
        expect([seen.user, seen.account, seen.accountOf, seen.device, seen.byToken, seen.invite]).toEqual(
          Array.from({ length: 6 }, () => undefined)
        )
        expect([seen.devices, seen.members, seen.memberships]).toEqual([[], [], []])
        expect([seen.member, seen.memberCount, seen.message]).toEqual([undefined, 0, undefined])
        return seen
      }
    })

    it('runs commits that share a stream one after another', async () => {
      const increment = () =>
        storage.commit([ROOM_STREAM], async (draft) => {
          const room = await draft.room(ROOM)
          const name = String(Number(room?.name.replace(/\D/g, '') ?? 0) + 1)
          await draft.member(ROOM, fixtures.ALICE)
          return draft.put<RoomRecord>(ROOM_STREAM, roomRecord(ROOM, name))
        })
      await Promise.all(upTo(60).map(increment))
      expect((await storage.room(ROOM))?.name).toBe('60')
    })

    it('lets works write to one stream several times at once', async () => {
      const { value, changes } = await storage.commit([ROOM_STREAM], (draft) =>
        Promise.all(upTo(50).map((n) => draft.append(message(ROOM, n))))
      )
      expect(value.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(upTo(50))
      expect(changes).toHaveLength(1)
      expect(changes[0]?.records.map(({ rev }) => rev)).toEqual(upTo(51).slice(1))
    })

    it('[S15] commits to many rooms at once, and says what changed in each, the latest of each record', async () => {
      const rooms = upTo(40).map((n) => uuid('room', 100 + n))
      const { changes } = await storage.commit(rooms.map(roomStream), async (draft) => {
        for (const roomId of rooms) {
          await draft.put(roomStream(roomId), roomRecord(roomId, 'first name'))
          await draft.append(message(roomId, 1))
          await draft.put(roomStream(roomId), roomRecord(roomId, 'second name'))
        }
      })
      expect(changes.map(({ stream }) => stream).toSorted()).toEqual(rooms.map(roomStream).toSorted())
      for (const change of changes) {
        expect([change.from, change.through]).toEqual([0, 3])
        expect(change.records.map(({ rev, type }) => [rev, type])).toEqual([
          [2, 'message'],
          [3, 'room']
        ])
        expect(await fixtures.readChanges(storage, change.stream)).toEqual(change.records)
      }
      storage = await opened.reopen()
      for (const change of changes) expect(await fixtures.readChanges(storage, change.stream)).toEqual(change.records)
    })

    it('takes nothing and says nothing for a commit that changes nothing', async () => {
      const { value, changes } = await storage.commit([ROOM_STREAM], async (draft) => draft.head(ROOM_STREAM))
      expect([value, changes]).toEqual([1, []])
    })

    it('refuses a write to a stream that was not named, and a write after the end', async () => {
      const other = uuid('room', 2)
      await expect(storage.commit([ROOM_STREAM], (draft) => draft.append(message(other, 1)))).rejects.toThrow(
        `room:${other}`
      )
      const { value: kept } = await storage.commit([ROOM_STREAM], async (draft) => draft)
      await expect(kept.append(message(ROOM, 1))).rejects.toThrow('finished')
      expect(await storage.head(ROOM_STREAM)).toBe(1)
    })

    it('refuses commits after close as relay-stopping, and keeps those from before it', async () => {
      const before = upTo(20).map((n) => storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, n))))
      const closing = storage.close()
      await expect(storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, 99)))).rejects.toMatchObject({
        code: 'relay-stopping'
      })
      await Promise.all(before)
      await closing
      storage = await opened.reopen()
      expect(await storage.headSeq(ROOM)).toBe(20)
    })
  })
}
