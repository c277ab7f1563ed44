// Going past Dexie changes nothing but the time it takes: both storages get the same writes, and must hold, tell and refuse the same.
import { IDBFactory, IDBIndex } from 'fake-indexeddb'
import { fillWithDefaultSettings, normalizeMangoQuery, now, prepareQuery } from 'rxdb'
import type { BulkWriteRow, MangoQuery, RxJsonSchema, RxStorage, RxStorageInstance } from 'rxdb'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { describe, expect, it, vi } from 'vitest'
import { indexedDbStorage } from './device-storage.ts'
import { everyRow, rangeOf } from './queries.ts'
import type { AlongReader, RangeReader } from './queries.ts'
import { answered, nameInIndexedDb, openExisting, ROWS } from './rxdb-layout.ts'
import { recordSchemas } from './schemas.ts'

const env = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {}
const SEED = Number(env['MARU_SEED'] ?? Date.now() % 1_000_000)
const KEYS = 12
const ROUNDS = env['MARU_LONG'] === 'true' ? 2_000 : 60
/** Of one test, on a busy machine. */
const PATIENCE_MS = 20_000 + ROUNDS * 100

type Row = Record<string, unknown> & { key: string; _rev: string; _deleted: boolean }
type Instance = RxStorageInstance<{ key: string }, unknown, unknown> & RangeReader<Row> & AlongReader<Row>

const schema = fillWithDefaultSettings(recordSchemas.messages as unknown as RxJsonSchema<unknown>)

/** As RxDB asks the Dexie storage. */
function planned(query: MangoQuery<Row>): unknown {
  const whole = normalizeMangoQuery(schema as never, query as never) as MangoQuery<Row>
  return prepareQuery(schema as never, { ...whole, selector: { ...whole.selector, _deleted: { $eq: false } } } as never)
}

/** Park and Miller's generator: numbers from 0 to below 1, the same ones for the same seed. */
function seeded(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1
  return () => ((state = (state * 48_271) % 2_147_483_647) - 1) / 2_147_483_646
}

async function open(rx: RxStorage<unknown, unknown>, databaseName: string): Promise<Instance & { told: unknown[] }> {
  const params = { databaseInstanceToken: 'x', databaseName, collectionName: 'messages', schema }
  const more = { options: {}, multiInstance: false, devMode: false }
  const instance = (await rx.createStorageInstance({ ...params, ...more })) as unknown as Instance
  const told: unknown[] = []
  instance.changeStream().subscribe(({ events, checkpoint, context }) => told.push({ events, checkpoint, context }))
  return Object.assign(instance, { told })
}

async function onDisk(disk: IDBFactory, databaseName: string): Promise<unknown[]> {
  const database = await openExisting(disk, nameInIndexedDb(databaseName, 'messages'))
  const rows = await answered(database.transaction(ROWS).objectStore(ROWS).getAll())
  database.close()
  return rows
}

describe('the direct storage', () => {
  it(
    'holds, tells, refuses and finds what the Dexie storage does',
    async () => {
      const random = seeded(SEED)
      const pick = (count: number): number => Math.floor(random() * count)
      const disks = [new IDBFactory(), new IDBFactory()] as const
      const [mine, theirs] = [
        await open(indexedDbStorage(disks[0]).rx, 'mine'),
        await open(getRxStorageDexie({ indexedDB: disks[1], IDBKeyRange }), 'theirs')
      ]
      const known = new Map<string, Row>()
      for (let round = 0; round < ROUNDS; round++) {
        const keys = new Set(Array.from({ length: 1 + pick(4) }, () => `room|${pick(KEYS)}`))
        const writes = [...keys].map((key) => {
          // Mostly by what is known to be there; sometimes by what another window has overtaken.
          const previous = random() < 0.8 ? known.get(key) : undefined
          const document = { key, roomId: `r${pick(2)}`, seq: pick(20), body: `${round}`, nested: { a: [round, true] } }
          const row = {
            ...document,
            _deleted: random() < 0.15,
            _attachments: {},
            _meta: { lwt: now() },
            _rev: `${round}-x`
          }
          return (previous ? { document: row, previous } : { document: row }) as unknown as BulkWriteRow<{
            key: string
          }>
        })
        const [a, b] = [await mine.bulkWrite(structuredClone(writes), 'test'), await theirs.bulkWrite(writes, 'test')]
        const byKey = (one: { documentId: string }, other: { documentId: string }): number =>
          one.documentId < other.documentId ? -1 : 1
        expect(a.error.toSorted(byKey), `MARU_SEED=${SEED}`).toEqual(b.error.toSorted(byKey))
        const refused = new Set(b.error.map(({ documentId }) => documentId))
        for (const { document } of writes) {
          if (!refused.has(document.key)) known.set(document.key, document)
        }
        const query = {
          selector: { roomId: { $eq: 'r1' }, seq: { $gte: pick(20), ...(random() < 0.5 ? { $lte: pick(20) } : {}) } },
          sort: [{ roomId: 'asc' }, { seq: 'asc' }],
          ...(random() < 0.5 ? { limit: 1 + pick(5) } : {})
        } as MangoQuery<Row>
        expect(await mine.readRange(rangeOf(query))).toEqual((await theirs.query(planned(query) as never)).documents)
        const everything = await theirs.query(planned(everyRow<Row>()) as never)
        const inOrder = everything.documents.toSorted((a, b) => (a.key < b.key ? -1 : 1))
        expect(await mine.readRange(rangeOf(everyRow<Row>()))).toEqual(inOrder)
        const wanted = [`room|${pick(KEYS)}`, `room|${pick(KEYS)}`, 'nobody']
        for (const deleted of [true, false]) {
          expect(await mine.findDocumentsById(wanted, deleted)).toEqual(await theirs.findDocumentsById(wanted, deleted))
        }
      }
      expect(mine.told).toEqual(theirs.told)
      expect(mine.told.length).toBeGreaterThan(ROUNDS / 2)
      expect(await onDisk(disks[0], 'mine')).toEqual(await onDisk(disks[1], 'theirs'))
      await Promise.all([mine.close(), theirs.close()])
    },
    PATIENCE_MS
  )

  it('reads along with new rows, in their transaction, for whoever asked; a write that adds less than it wanted reads nothing', async () => {
    const instance = await open(indexedDbStorage(new IDBFactory()).rx, 'along')
    const row = (key: string): BulkWriteRow<{ key: string }>[] => {
      const document = {
        key,
        roomId: 'r',
        seq: 1,
        _deleted: false,
        _attachments: {},
        _meta: { lwt: now() },
        _rev: '1-x'
      }
      return [{ document }]
    }
    const learnt: { keys: string[]; toldBefore: number; toldAfter: number }[] = []
    instance.readAlong({
      asks: (added) => (added.some(({ key }) => key === 'unasked') ? null : rangeOf(everyRow<Row>())),
      learns: (held, tell) => {
        const toldBefore = instance.told.length
        tell()
        learnt.push({ keys: held.map(({ key }) => key), toldBefore, toldAfter: instance.told.length })
      }
    })
    await instance.bulkWrite(row('a'), 'test')
    await instance.bulkWrite(row('unasked'), 'test')
    await instance.bulkWrite([...row('b'), ...row('a')], 'test')
    await instance.bulkWrite(row('c'), 'test')
    // What cannot be read is no reason not to write.
    const reading = vi.spyOn(IDBIndex.prototype, 'getAll').mockImplementationOnce(function (this: IDBIndex) {
      return this.objectStore.add({ key: 'c' })
    } as never)
    await instance.bulkWrite(row('d'), 'test')
    reading.mockRestore()
    expect(instance.told).toHaveLength(5)
    expect(await instance.findDocumentsById(['d'], false)).toHaveLength(1)
    expect(learnt).toEqual([
      { keys: ['a'], toldBefore: 0, toldAfter: 1 },
      { keys: ['a', 'b', 'c', 'unasked'], toldBefore: 3, toldAfter: 4 }
    ])
    await instance.close()
  })

  it('rejects once it is closed, as a store does that is gone', async () => {
    const instance = await open(indexedDbStorage(new IDBFactory()).rx, 'closed')
    await instance.close()
    await expect(instance.findDocumentsById(['a'], false)).rejects.toThrow('closed')
    await expect(instance.bulkWrite([], 'test')).rejects.toThrow('closed')
  })
})
