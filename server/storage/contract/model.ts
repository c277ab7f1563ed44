// The contract by chance: random commits and reopens, compared with the simplest storage there can be. Knows no driver.
import { describe, expect, it } from 'vitest'
import { recordKey } from '../../../protocol/records.ts'
import type { MessageRecord, ReactionRecord, StreamRecord } from '../../../protocol/records.ts'
import { readsStream, roomOfStream, roomStream } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import type { Device, Draft, Storage, Unrevised } from '../port.ts'
import * as fixtures from './fixtures.ts'
import type { Open } from './fixtures.ts'
import { readChanges, readPages, uuid } from './fixtures.ts'

const ROOMS = [1, 2, 3].map((n) => uuid('room', n))
const STEPS = 120
const EMOJI = ['👍', '🎉', '😀']

/** Streams as lists of records, and nothing else. */
class Model {
  readonly streams = new Map<StreamId, { head: number; records: Map<string, StreamRecord> }>()
  readonly devices = new Map<string, Device>()
  /** Of each epoch: the heads at which it began. */
  readonly epochs: { epoch: number; heads: Map<StreamId, number> }[] = []

  stream(id: StreamId) {
    const stream = this.streams.get(id) ?? { head: 0, records: new Map<string, StreamRecord>() }
    this.streams.set(id, stream)
    return stream
  }

  put(id: StreamId, record: StreamRecord): StreamRecord {
    const stream = this.stream(id)
    stream.head += 1
    const revised = { ...record, rev: stream.head }
    stream.records.set(recordKey(revised), revised)
    return revised
  }

  messages(roomId: string): MessageRecord[] {
    const messages = [...this.stream(roomStream(roomId)).records.values()].filter((record) => record.type === 'message')
    return messages.toSorted((a, b) => a.seq - b.seq)
  }

  reactions(roomId: string): ReactionRecord[] {
    return [...this.stream(roomStream(roomId)).records.values()].filter((record) => record.type === 'reaction')
  }

  begin(epoch: number): void {
    this.epochs.push({ epoch, heads: new Map([...this.streams].map(([id, { head }]) => [id, head])) })
  }

  wentBack(id: StreamId, epochIndex: number, rev: number): boolean {
    const next = this.epochs[epochIndex + 1]
    return rev > (next ? (next.heads.get(id) ?? 0) : this.stream(id).head)
  }
}

/** mulberry32: small, seeded, good enough for choosing. */
function random(seed: number): (below: number) => number {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

export function modelContract(open: Open): void {
  const seeds = [1, 2, 3, Date.now() % 1_000_000]
  describe('random commits and reopens', () => {
    it.each(seeds)(
      '[S1] [S3] [S4] [S7] [S10] behave like the simplest model, seed %d',
      { timeout: 60_000 },
      async (seed) => {
        const opened = await open()
        try {
          await expect(run(opened, random(seed))).resolves.toBe(STEPS)
        } finally {
          await opened.dispose()
        }
      }
    )
  })
}

async function run(opened: Awaited<ReturnType<Open>>, pick: (below: number) => number): Promise<number> {
  const model = new Model()
  let { storage } = opened
  let nextMessage = 1
  model.begin(storage.epoch)
  for (let step = 0; step < STEPS; step++) {
    const choice = pick(20)
    if (choice === 0) {
      storage = await opened.reopen()
      model.begin(storage.epoch)
    } else if (choice === 1) {
      await expectFailure(storage, pick)
    } else {
      const rooms = ROOMS.filter(() => pick(2) === 0)
      await storage.commit(
        [...rooms.flatMap((roomId) => [roomStream(roomId), readsStream(roomId)]), 'users'],
        async (draft) => {
          for (const roomId of rooms) {
            nextMessage = await changeRoom(draft, model, roomId, pick, nextMessage)
            await react(draft, model, roomId, pick)
            if (pick(3) === 0) await markRead(draft, model, roomId, pick)
          }
          if (pick(4) === 0) await changePeople(draft, model, pick)
        }
      )
    }
    if (choice === 0 || step % 15 === 0) await compare(storage, model, pick)
  }
  await compare(storage, model, pick)
  return STEPS
}

async function expectFailure(storage: Storage, pick: (below: number) => number): Promise<void> {
  const roomId = ROOMS[pick(ROOMS.length)] ?? ''
  const failing = storage.commit([roomStream(roomId)], async (draft) => {
    await draft.append(fixtures.message(roomId, 900_000))
    throw new Error('on purpose')
  })
  await expect(failing).rejects.toThrow('on purpose')
}

async function changeRoom(
  draft: Draft,
  model: Model,
  roomId: string,
  pick: (below: number) => number,
  next: number
): Promise<number> {
  const stream = roomStream(roomId)
  const put = async (record: Unrevised<StreamRecord>) => {
    const expected = model.put(stream, record as StreamRecord)
    expect(await draft.put(stream, record)).toEqual(expected)
  }
  if (pick(5) === 0) await put(fixtures.roomRecord(roomId, `name ${pick(1_000)}`))
  if (pick(4) === 0)
    await put(fixtures.memberRecord(roomId, uuid('user', pick(6) + 1), pick(2) === 0 ? 'joined' : 'left'))
  const bodies = Array.from({ length: pick(4) === 0 ? pick(120) : pick(4) }, () => 'x'.repeat(pick(60)))
  for (const body of bodies) {
    const made = fixtures.message(roomId, next++, body)
    const seq = model.messages(roomId).length + 1
    expect(await draft.append(made)).toEqual(model.put(stream, { ...made, seq, rev: 0 }))
  }
  const standing = model.messages(roomId)
  for (let edits = pick(4); edits > 0 && standing.length > 0; edits--) {
    const chosen = standing[pick(standing.length)]
    const record = chosen && (await draft.message(roomId, chosen.id))
    expect(record).toEqual(chosen && model.stream(stream).records.get(`message:${chosen.id}`))
    if (record) await put({ ...fixtures.withoutRev(record), body: `edited ${pick(1_000)}` })
  }
  expect(await draft.head(stream)).toBe(model.stream(stream).head)
  return next
}

async function react(draft: Draft, model: Model, roomId: string, pick: (below: number) => number): Promise<void> {
  const messages = model.messages(roomId)
  for (let times = pick(5); times > 0 && messages.length > 0; times--) {
    const { id, seq } = messages[pick(messages.length)] ?? { id: '', seq: 0 }
    const [userId, emoji] = [uuid('user', pick(4) + 1), EMOJI[pick(EMOJI.length)] ?? '']
    const record = { type: 'reaction', roomId, messageId: id, seq, userId, emoji, set: pick(3) > 0 } as const
    const expected = model.put(roomStream(roomId), { ...record, rev: 0 })
    expect(await draft.put(roomStream(roomId), record)).toEqual(expected)
    expect(await draft.reactionsBy(roomId, id, userId)).toContainEqual(expected)
  }
}

async function markRead(draft: Draft, model: Model, roomId: string, pick: (below: number) => number): Promise<void> {
  const record = { type: 'read', roomId, userId: uuid('user', pick(6) + 1), seq: pick(500) } as const
  const expected = model.put(readsStream(roomId), { ...record, rev: 0 })
  expect(await draft.put(readsStream(roomId), record)).toEqual(expected)
  expect(await draft.read(roomId, record.userId)).toEqual(expected)
}

async function changePeople(draft: Draft, model: Model, pick: (below: number) => number): Promise<void> {
  const userId = uuid('user', pick(6) + 1)
  const record = fixtures.userRecord(userId, `name${pick(1_000)}`)
  expect(await draft.put('users', record)).toEqual(model.put('users', { ...record, rev: 0 }))
  const device = fixtures.device(pick(5) + 1, { answered: pick(100), name: `device ${pick(100)}` })
  draft.putDevice(device)
  model.devices.set(device.id, device)
}

async function compare(storage: Storage, model: Model, pick: (below: number) => number): Promise<void> {
  for (const [id, { head, records }] of model.streams) {
    expect(await storage.head(id)).toBe(head)
    const expected = [...records.values()].toSorted((a, b) => a.rev - b.rev)
    const since = pick(2) === 0 ? 0 : pick(head + 1)
    const options = { limit: 1 + pick(200), maxBytes: 1_000 + pick(100_000) }
    expect(await readChanges(storage, id, since, options)).toEqual(expected.filter(({ rev }) => rev > since))
    for (const index of model.epochs.keys()) {
      const rev = pick(head + 3)
      const { epoch } = model.epochs[index] ?? { epoch: 0 }
      expect(await storage.wentBack(id, { epoch, rev })).toBe(model.wentBack(id, index, rev))
    }
    const roomId = roomOfStream(id)
    if (roomId !== undefined) await compareRoom(storage, model, roomId, pick)
  }
  for (const device of model.devices.values()) expect(await storage.device(device.id)).toEqual(device)
}

async function compareRoom(
  storage: Storage,
  model: Model,
  roomId: string,
  pick: (below: number) => number
): Promise<void> {
  const messages = model.messages(roomId)
  const pages = await readPages(storage, roomId, { limit: 1 + pick(200), maxBytes: 1_000 + pick(100_000) })
  expect(pages.flat()).toEqual(messages)
  expect(await storage.headSeq(roomId)).toBe(messages.length)
  await comparePart(storage, model, roomId, pick)
  for (let tries = 0; tries < 10 && messages.length > 0; tries++) {
    const chosen = messages[pick(messages.length)]
    if (chosen) expect(await storage.message(roomId, chosen.id)).toEqual(chosen)
  }
  expect(await storage.message(roomId, uuid('message', 900_000))).toBeUndefined()
  const records = [...model.stream(roomStream(roomId)).records.values()]
  const members = records.filter((record) => record.type === 'member')
  expect(await storage.members(roomId)).toEqual(members.toSorted((a, b) => (a.userId < b.userId ? -1 : 1)))
  expect(await storage.memberCount(roomId)).toBe(members.filter(({ state }) => state === 'joined').length)
  expect(await storage.room(roomId)).toEqual(records.find(({ type }) => type === 'room'))
}

/** What somebody gets who reads only a part: a page with its reactions, changes above one seq and up to another. */
async function comparePart(
  storage: Storage,
  model: Model,
  roomId: string,
  pick: (below: number) => number
): Promise<void> {
  const messages = model.messages(roomId)
  const reactions = model.reactions(roomId)
  const [afterSeq, heldSeq] = [pick(messages.length + 1), pick(messages.length + 1)]
  const page = await storage.page(roomId, { afterSeq, limit: 1 + pick(80), maxBytes: 1_000_000_000 })
  const first = page.messages[0]?.seq ?? Infinity
  expect(page.messages).toEqual(messages.slice(messages.length - page.messages.length))
  expect(page.more).toBe(page.messages.length < messages.length - afterSeq)
  const shown = reactions.filter(({ seq, set }) => set && seq >= first)
  expect(page.reactions).toEqual(shown.toSorted((a, b) => a.rev - b.rev))
  const hangs = (record: StreamRecord) => record.type === 'message' || record.type === 'reaction'
  const expected = [...model.stream(roomStream(roomId)).records.values()].filter(
    (record) => !hangs(record) || ('seq' in record && record.seq > afterSeq && record.seq <= heldSeq)
  )
  const options = { limit: 1 + pick(200), maxBytes: 1_000 + pick(100_000), afterSeq, heldSeq }
  const changes = await readChanges(storage, roomStream(roomId), 0, options)
  expect(changes).toEqual(expected.toSorted((a, b) => a.rev - b.rev))
  const chosen = reactions[pick(reactions.length || 1)]
  if (!chosen) return
  const by = reactions.filter(({ messageId, userId }) => messageId === chosen.messageId && userId === chosen.userId)
  const found = await storage.reactionsBy(roomId, chosen.messageId, chosen.userId)
  expect(found).toEqual(by.toSorted((a, b) => (a.emoji < b.emoji ? -1 : 1)))
}
