// The budget of queries: what they may read, checked on their plans and on the index; and that nobody asks in a way that was measured slow.
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MessageRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { filter, firstValueFrom } from 'rxjs'
import { databaseNames } from './database-names.ts'
import { openRecords } from './databases.ts'
import { indexedDbStorage } from './device-storage.ts'
import { inSeqs, membersOf, messagesFrom, rangeOf, read } from './queries.ts'
import type { MessageRow } from './schemas.ts'
import { testDevice } from './testing/device.ts'

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
const time = '2026-02-10T06:05:00.000Z'

function message(roomId: string, seq: number): MessageRecord {
  const common = { type: 'message', rev: seq, id: newId(), roomId, seq, kind: 'text' } as const
  return { ...common, authorId: newId(), body: 'x', sentAt: time, acceptedAt: time }
}

/** How many rows of any collection were read by an index from now on, by cursors or at once. */
function rowsRead(): () => number {
  const requests: IDBRequest<unknown[]>[] = []
  // oxlint-disable-next-line typescript/unbound-method -- called with its index below
  const { getAll } = IDBIndex.prototype
  vi.spyOn(IDBIndex.prototype, 'getAll').mockImplementation(function (this: IDBIndex, ...range) {
    const request = getAll.apply(this, range)
    requests.push(request)
    return request
  })
  const steps = vi.spyOn(IDBCursor.prototype, 'continue')
  return () =>
    requests.reduce(
      (sum, request) => sum + (request.readyState === 'done' ? request.result.length : 0),
      steps.mock.calls.length
    )
}

describe('queries', () => {
  let device = testDevice()
  afterEach(async () => {
    vi.restoreAllMocks()
    await device.close()
    device = testDevice()
  })

  const records = async () => {
    const names = databaseNames(device.relayId, device.userId)
    const { own } = await device.openOwnWindow()
    const opened = await openRecords(indexedDbStorage(device.disk), names, own.device, (cause) => {
      throw cause
    })
    return { ...opened.collections, close: () => opened.database.close() }
  }

  it('[S16] the timeline’s query is one ascending range of one room on an index, and the index alone answers it', async () => {
    const roomId = newId()
    expect(rangeOf(messagesFrom(roomId, 42))).toEqual({
      fields: ['roomId', 'seq'],
      lower: [roomId, 42],
      upper: [roomId]
    })
    const between = { fields: ['roomId', 'seq'], lower: [roomId, 42], upper: [roomId, 44] }
    expect(rangeOf(inSeqs(roomId, { from: 42, to: 44 }))).toEqual(between)
    expect(rangeOf(membersOf(roomId))).toEqual({ fields: ['roomId', 'userId'], lower: [roomId], upper: [roomId] })
    const store = await device.open()
    const seqs = [41, 42, 43, 44, 45]
    await store.sync.applyRecords(
      roomStream(roomId),
      1,
      [roomId, newId()].flatMap((id) => seqs.map((seq) => message(id, seq)))
    )
    await device.close()
    const { messages, close } = await records()
    const found = await read(messages, inSeqs<MessageRow>(roomId, { from: 42, to: 44 }))
    expect(found.map((row) => [row.roomId, row.seq])).toEqual([42, 43, 44].map((seq) => [roomId, seq]))
    await close()
  })

  it('[S16] what is no range of an index is refused', () => {
    const refused = [
      { selector: { seq: { $gte: 1 } } },
      { selector: { roomId: { $gte: 'a' }, seq: { $eq: 1 } }, sort: [{ roomId: 'asc' }, { seq: 'asc' }] },
      { selector: { roomId: { $exists: true } }, sort: [{ roomId: 'asc' }] }
    ]
    for (const query of refused) expect(() => rangeOf(query as never)).toThrow(/index/)
  })

  it('[S16] the first emission of a timeline reads its window, however long the room and the others are', async () => {
    const store = await device.open()
    const [room, other] = [newId(), newId()]
    for (const id of [room, other]) {
      const history = Array.from({ length: 500 }, (_, index) => message(id, index + 1))
      await store.sync.applyRecords(roomStream(id), 1, history)
    }
    const rows = rowsRead()
    const timeline = await firstValueFrom(store.chat.queries.watchTimeline(room, 451))
    expect(timeline.items).toHaveLength(50)
    expect(rows()).toBeGreaterThanOrEqual(50)
    expect(rows()).toBeLessThanOrEqual(55)
  })

  it('[S16] the first emission of the list of rooms reads the end of each, and later ones read nothing', async () => {
    const store = await device.open()
    const { userId } = device
    const room = newId()
    const history = Array.from({ length: 500 }, (_, index) => message(room, index + 1))
    await store.sync.applyRecords(roomStream(room), 1, history)
    await store.sync.saveStreams([
      { stream: roomStream(room), epoch: 1, checkpoint: 500, ranges: [[1, 500]], headSeq: 500 }
    ])
    await store.sync.applyRecords(`user:${userId}`, 1, [
      { type: 'membership', rev: 1, roomId: room, state: 'joined', changedAt: time, readSeq: 498 }
    ])
    await store.sync.applyRecords(roomStream(room), 1, [
      { type: 'room', rev: 1, id: room, kind: 'group', name: 'hall', createdBy: userId, createdAt: time }
    ])
    await device.close()

    const { chat, sync } = await device.open()
    const rows = rowsRead()
    const seen: number[] = []
    const subscription = chat.queries.watchRooms().subscribe(([first]) => seen.push(first?.last?.seq ?? 0))
    await firstValueFrom(chat.queries.watchRooms().pipe(filter(([first]) => first?.unread === 2)))
    const before = rows()
    expect(before).toBeLessThanOrEqual(10)
    await sync.applyRecords(roomStream(room), 1, [message(room, 501)])
    await chat.commands.saveDraft(room, 'passes whatever waits')
    subscription.unsubscribe()
    expect([seen[0], seen.at(-1)]).toEqual([500, 501])
    expect(rows()).toBe(before)
  })

  describe('in the whole client', () => {
    const files = Object.entries(sources).filter(([path]) => !/\.(test|contract)\.tsx?$/.test(path))

    it('finds the files', () => {
      expect(files.map(([path]) => path)).toContain('./queries.ts')
    })

    it.each([
      ['an operator that reads more than a range', /\$(?:or|nor|in|nin|not|ne|regex|exists|elemMatch|mod)\b/],
      ['a descending order', /['"]desc['"]/],
      ['skipping', /\bskip\s*:(?!\s*(?:'|string\b))/],
      ['counting', /storageInstance\.count|collection\.count/],
      ['a query outside queries.ts', /\bselector\s*:|\.findOne\(|\bMangoQuery[<(]/]
    ])('nobody uses %s', (_, forbidden) => {
      const allowed = (path: string): boolean =>
        (path === './queries.ts' && /selector/.test(forbidden.source)) ||
        (path === './rows.ts' && /MangoQuery/.test(forbidden.source))
      expect(files.filter(([path, text]) => !allowed(path) && forbidden.test(text)).map(([path]) => path)).toEqual([])
    })
  })
})
