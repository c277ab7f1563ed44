// The contract of changes (S7) and of epochs (S10). Knows no driver.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MessageRecord, StreamRecord } from '../../../protocol/records.ts'
import { userStream } from '../../../protocol/streams.ts'
import type { Storage } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open, Opened } from './fixtures.ts'
import { ALICE, ALL, edit, memberRecord, readChanges, ROOM, ROOM_STREAM, roomRecord, send, uuid } from './fixtures.ts'

/** A room of 1,320 revs: room, three members, 1,300 messages of which some were edited, one member who left. */
async function livelyRoom(storage: Storage): Promise<void> {
  const [bob, carol] = [uuid('user', 2), uuid('user', 3)]
  await storage.commit([ROOM_STREAM], async (draft) => {
    await draft.put(ROOM_STREAM, roomRecord(ROOM))
    for (const userId of [ALICE, bob, carol]) await draft.put(ROOM_STREAM, memberRecord(ROOM, userId, 'joined'))
  })
  await send(storage, ROOM, 1, 1_300)
  for (const n of [3, 700, 1, 1_299, 3, 502, 501, 500, 499, 900, 17, 18, 19, 1_000])
    await edit(storage, ROOM, n, 'edited')
  await storage.commit([ROOM_STREAM], async (draft) => {
    await draft.put(ROOM_STREAM, memberRecord(ROOM, bob, 'left'))
    await draft.put(ROOM_STREAM, roomRecord(ROOM, 'Attic'))
  })
}

const keyOf = (record: StreamRecord) => (record.type === 'message' ? record.id : JSON.stringify([record.type, record]))
const revs = (records: StreamRecord[]) => records.map(({ rev }) => rev)
const isAscending = (records: StreamRecord[]) => records.every((record, at) => (records[at - 1]?.rev ?? 0) < record.rev)
const jsonBytes = (records: StreamRecord[]) =>
  records.reduce((sum, record) => sum + Buffer.byteLength(JSON.stringify(record)), 0)

export function changesContract(open: Open): void {
  describe('changes', () => {
    let opened: Opened
    let storage: Storage

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
      await livelyRoom(storage)
    })
    afterEach(() => opened.dispose())

    it.each([1, 13, 100, 1_000])(
      '[S7] by %d at a time, gives the latest of each record exactly once',
      async (limit) => {
        for (const reopened of [false, true]) {
          if (reopened) storage = await opened.reopen()
          const records = await readChanges(storage, ROOM_STREAM, 0, { ...ALL, limit })
          expect(records).toHaveLength(1 + 3 + 1_300)
          expect(isAscending(records)).toBe(true)
          expect(new Set(records.map(keyOf)).size).toBe(records.length)
          const messages = records.filter((record) => record.type === 'message')
          for (const message of messages.slice(-20)) expect(await storage.message(ROOM, message.id)).toEqual(message)
          expect(records.at(-1)).toEqual(await storage.room(ROOM))
        }
      }
    )

    it('[S7] gives what changed after each rev, wherever one asks from', async () => {
      const all = await readChanges(storage, ROOM_STREAM)
      const head = await storage.head(ROOM_STREAM)
      for (const since of [0, 1, 4, 5, 503, 504, 505, 1_303, 1_304, 1_310, head - 1, head]) {
        const page = await storage.changes(ROOM_STREAM, since, { ...ALL, limit: 40 })
        expect(page.records).toEqual(all.filter(({ rev }) => rev > since).slice(0, 40))
        expect(page.head).toBe(head)
        const through = page.records.length < 40 ? head : page.records.at(-1)?.rev
        expect([page.through, page.more]).toEqual([through, page.through < head])
      }
    })

    it('bounds an answer by bytes, with at least one record', async () => {
      const all = await readChanges(storage, ROOM_STREAM)
      const page = await storage.changes(ROOM_STREAM, 0, { limit: 1_000, maxBytes: 10_000 })
      expect(jsonBytes(page.records)).toBeLessThanOrEqual(10_000)
      expect(jsonBytes(all.slice(0, page.records.length + 1))).toBeGreaterThan(10_000)
      expect(page.through).toBe(page.records.at(-1)?.rev)
      expect((await storage.changes(ROOM_STREAM, 0, { limit: 1_000, maxBytes: 1 })).records).toEqual(all.slice(0, 1))
      expect(await readChanges(storage, ROOM_STREAM, 1_290, { limit: 7, maxBytes: 700 })).toEqual(
        all.filter(({ rev }) => rev > 1_290)
      )
    })

    it('[S9.4] leaves out messages above heldSeq, and counts their revs as covered', async () => {
      const head = await storage.head(ROOM_STREAM)
      const held = await readChanges(storage, ROOM_STREAM, 4, { ...ALL, limit: 5, heldSeq: 10 })
      const expected = (await readChanges(storage, ROOM_STREAM, 4)).filter(
        (record) => record.type !== 'message' || record.seq <= 10
      )
      expect(held).toEqual(expected)
      const tail = await storage.changes(ROOM_STREAM, 20, { ...ALL, heldSeq: 0 })
      expect(tail.records.map(({ type }) => type)).toEqual(['member', 'room'])
      expect([tail.through, tail.more]).toEqual([head, false])
    })

    it('gives only the types that are asked for, and counts the rest as covered', async () => {
      const head = await storage.head(ROOM_STREAM)
      const members = await storage.changes(ROOM_STREAM, 0, { ...ALL, types: ['member'] })
      expect(members.records.map((record) => record.type === 'member' && record.state)).toEqual([
        'joined',
        'joined',
        'left'
      ])
      expect([members.through, members.more]).toEqual([head, false])
      const messages = await readChanges(storage, ROOM_STREAM, 0, { ...ALL, types: ['message'], limit: 77 })
      expect(messages).toEqual((await readChanges(storage, ROOM_STREAM)).filter(({ type }) => type === 'message'))
    })

    it('gives the directory and the own rooms by the same rules', async () => {
      const people = Array.from({ length: 30 }, (_, index) => uuid('user', index + 10))
      for (const [index, userId] of people.entries())
        await storage.commit(['users', userStream(ALICE)], async (draft) => {
          await draft.put('users', fixtures.userRecord(userId, `user${index}`))
          const roomId = uuid('room', index + 10)
          await draft.put(userStream(ALICE), { type: 'membership', roomId, state: 'joined', changedAt: fixtures.TIME })
        })
      await storage.commit(['users', userStream(ALICE)], async (draft) => {
        await draft.put('users', fixtures.userRecord(people[4] ?? '', 'renamed'))
        const roomId = uuid('room', 12)
        await draft.put(userStream(ALICE), { type: 'membership', roomId, state: 'left', changedAt: fixtures.TIME })
      })
      for (const reopened of [false, true]) {
        if (reopened) storage = await opened.reopen()
        const users = await readChanges(storage, 'users', 0, { ...ALL, limit: 4 })
        expect(revs(users)).toEqual(Array.from({ length: 31 }, (_, at) => at + 1).filter((rev) => rev !== 5))
        expect(users.at(-1)).toMatchObject({ username: 'renamed' })
        const own = await readChanges(storage, userStream(ALICE), 0, { ...ALL, limit: 4 })
        expect(own.at(-1)).toMatchObject({ roomId: uuid('room', 12), state: 'left', rev: 31 })
        expect(own).toHaveLength(30)
        expect(await storage.memberships(ALICE)).toHaveLength(30)
      }
    })

    it('knows nothing of a stream that does not exist', async () => {
      for (const stream of [userStream(ALICE), `room:${uuid('room', 9)}`, 'users'] as const) {
        expect(await storage.head(stream)).toBe(0)
        expect(await storage.changes(stream, 0, ALL)).toEqual({ records: [], through: 0, head: 0, more: false })
      }
    })

    it('loses no change to a reader while others write [S7]', async () => {
      const held = new Map<string, StreamRecord>()
      let checkpoint = 0
      const writing = { done: false }
      const written = (async () => {
        for (let n = 1; n <= 60; n++) {
          await edit(storage, ROOM, ((n * 389) % 1_300) + 1, `version ${n}`)
          await send(storage, ROOM, 2_000 + n, 2_000 + n)
        }
        writing.done = true
      })()
      for (;;) {
        // A driver may answer from memory, without ever letting the writes go on.
        await new Promise((resolve) => setImmediate(resolve))
        const { done } = writing
        const page = await storage.changes(ROOM_STREAM, checkpoint, { ...ALL, limit: 90 })
        for (const record of page.records) if (record.type === 'message') held.set(record.id, record)
        checkpoint = page.through
        if (done && !page.more) break
      }
      await written
      const truth = (await readChanges(storage, ROOM_STREAM)).filter(({ type }) => type === 'message')
      expect([...held.values()].toSorted((a, b) => a.rev - b.rev)).toEqual(truth)
    })
  })

  describe('epochs', () => {
    let opened: Opened
    let storage: Storage

    beforeEach(async () => {
      opened = await open()
      storage = opened.storage
    })
    afterEach(() => opened.dispose())

    it('[S10.1] each start has a higher number, and the relay stays the same', async () => {
      const { relayId } = storage
      let former = storage.epoch
      for (let start = 0; start < 3; start++) {
        storage = await opened.reopen()
        expect(storage.epoch).toBeGreaterThan(former)
        expect(Number.isSafeInteger(storage.epoch)).toBe(true)
        expect(storage.relayId).toBe(relayId)
        former = storage.epoch
      }
    })

    it('[S10.2] a checkpoint went back if it lies beyond the head at which the next epoch began', async () => {
      const wentBack = (epoch: number, rev: number) => storage.wentBack(ROOM_STREAM, { epoch, rev })
      const first = storage.epoch
      await send(storage, ROOM, 1, 10)
      storage = await opened.reopen()
      const second = storage.epoch
      storage = await opened.reopen()
      const third = storage.epoch
      await send(storage, ROOM, 11, 15)
      storage = await opened.reopen()
      const fourth = storage.epoch
      await send(storage, ROOM, 16, 17)
      for (let round = 0; round < 2; round++) {
        expect(await Promise.all([0, 10, 11, 15, 17].map((rev) => wentBack(first, rev)))).toEqual([
          false,
          false,
          true,
          true,
          true
        ])
        expect(await Promise.all([0, 10, 11, 15].map((rev) => wentBack(second, rev)))).toEqual([
          false,
          false,
          true,
          true
        ])
        expect(await Promise.all([10, 15, 16, 17].map((rev) => wentBack(third, rev)))).toEqual([
          false,
          false,
          true,
          true
        ])
        expect(await Promise.all([10, 17, 18].map((rev) => wentBack(fourth, rev)))).toEqual([false, false, true])
        expect(await wentBack(0, 0)).toBe(false)
        expect(await wentBack(0, 1)).toBe(true)
        expect(await wentBack(first - 1, 0)).toBe(true)
        expect(await wentBack(fourth + 2 ** 30, 3)).toBe(true)
        storage = await opened.reopen()
      }
    })

    it('[S10.2] also for a stream that did not change since, or does not exist', async () => {
      const first = storage.epoch
      await send(storage, ROOM, 1, 3)
      storage = await opened.reopen()
      expect(await storage.wentBack(ROOM_STREAM, { epoch: first, rev: 3 })).toBe(false)
      expect(await storage.wentBack(ROOM_STREAM, { epoch: first, rev: 4 })).toBe(true)
      for (const stream of ['users', userStream(ALICE), `room:${uuid('room', 9)}`] as const) {
        expect(await storage.wentBack(stream, { epoch: first, rev: 0 })).toBe(false)
        expect(await storage.wentBack(stream, { epoch: first, rev: 1 })).toBe(true)
      }
    })

    it('reopens with everything as it was', async () => {
      await livelyRoom(storage)
      const before = await everything(storage)
      storage = await opened.reopen()
      expect(await everything(storage)).toEqual(before)
      storage = await opened.reopen()
      expect(await everything(storage)).toEqual(before)
    })
  })
}

async function everything(storage: Storage) {
  const pages: MessageRecord[][] = await fixtures.readPages(storage, ROOM, { limit: 200, maxBytes: 500_000 })
  return {
    room: await storage.room(ROOM),
    members: await storage.members(ROOM),
    memberCount: await storage.memberCount(ROOM),
    head: await storage.head(ROOM_STREAM),
    headSeq: await storage.headSeq(ROOM),
    changes: await readChanges(storage, ROOM_STREAM),
    messages: pages.flat()
  }
}
