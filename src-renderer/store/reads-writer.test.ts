// Read marks on the disk: seldom, and never behind the checkpoint that covers them.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readsStream } from '../../protocol/streams.ts'
import type { ReadRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { READS_WRITE_MS, ReadsWriter } from './reads-writer.ts'
import type { Collection, StreamRow } from './schemas.ts'
import type { StreamState } from './sync-store.ts'

const room = newId()
const stream = readsStream(room)

/** Rows in memory, written by the same calls as RxDB's; each write is a step that a test can fail or look at. */
function streamRows() {
  const rows = new Map<string, StreamRow>()
  const writes: StreamRow[] = []
  const control = { fails: false, before: async (): Promise<void> => undefined }
  const storageInstance = {
    findDocumentsById: async (keys: string[]) => keys.flatMap((key) => rows.get(key) ?? []),
    bulkWrite: async (bulk: { document: StreamRow }[]) => {
      await control.before()
      if (control.fails) throw new Error('the disk fails')
      for (const { document } of bulk) {
        const { key, state, marks } = document
        const row = { key, ...(state ? { state } : {}), ...(marks ? { marks } : {}) }
        rows.set(key, row)
        writes.push(row)
      }
      return { error: [] }
    }
  }
  return { rows, writes, control, collection: { name: 'streams', storageInstance } as unknown as Collection<StreamRow> }
}

const read = (userId: string, seq: number, rev: number): ReadRecord => ({
  type: 'read',
  rev,
  roomId: room,
  userId,
  seq
})
const state = (checkpoint: number): StreamState => ({ stream, epoch: 1, checkpoint, ranges: [], headSeq: 0 })

describe('the writer of read marks', () => {
  afterEach(() => vi.useRealTimers())
  const start = () => {
    vi.useFakeTimers()
    const problems: unknown[] = []
    const disk = streamRows()
    return { ...disk, problems, writer: new ReadsWriter(disk.collection, (problem) => problems.push(problem)) }
  }

  it('[S10] writes the first marks at once, then a busy room once per READS_WRITE_MS, each time with the state that covers them', async () => {
    const { writer, writes, rows } = start()
    await writer.apply(stream, 1, [read('a', 1, 1)])
    expect(writer.withhold([state(1)])).toEqual([state(1)])
    for (let rev = 2; rev <= 1_000; rev++) {
      await writer.apply(stream, 1, [read(`user ${rev % 50}`, rev, rev)])
      expect(writer.withhold([state(rev)])).toEqual([])
    }
    expect(writes).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(READS_WRITE_MS)
    expect(writes).toHaveLength(2)
    expect(rows.get(stream)!.state).toEqual(state(1_000))
    expect(rows.get(stream)!.marks!['user 0']).toEqual([1_000, 1, 1_000])
    await vi.advanceTimersByTimeAsync(10 * READS_WRITE_MS)
    expect(writes).toHaveLength(2)
    await writer.apply(stream, 1, [read('a', 9, 2_000)])
    expect(writes).toHaveLength(3)
  })

  it('[S10] keeps a state back while the marks that it covers are being written', async () => {
    const { writer, control, rows } = start()
    await writer.apply(stream, 1, [read('a', 1, 1)])
    await writer.apply(stream, 1, [read('a', 2, 2)])
    let passed = false
    control.before = async () => {
      passed ||= writer.withhold([state(2)]).length > 0
    }
    await vi.advanceTimersByTimeAsync(READS_WRITE_MS)
    control.before = async () => undefined
    expect(passed).toBe(false)
    await writer.close()
    expect(rows.get(stream)).toEqual({ key: stream, state: state(2), marks: { a: [2, 1, 2] } })
  })

  it('tells of a write that failed, and writes it with the next one', async () => {
    const { writer, control, rows, problems } = start()
    await writer.apply(stream, 1, [read('a', 1, 1)])
    await writer.apply(stream, 1, [read('b', 2, 2)])
    control.fails = true
    await vi.advanceTimersByTimeAsync(READS_WRITE_MS)
    expect(problems).toHaveLength(1)
    control.fails = false
    await writer.apply(stream, 1, [read('c', 3, 3)])
    await vi.advanceTimersByTimeAsync(READS_WRITE_MS)
    expect(Object.keys(rows.get(stream)!.marks!)).toEqual(['a', 'b', 'c'])
  })

  it('loses nothing when the store closes, and leaves no timer behind', async () => {
    const { writer, rows } = start()
    await writer.apply(stream, 1, [read('a', 1, 1)])
    await writer.apply(stream, 1, [read('a', 5, 5)])
    expect(writer.withhold([state(5)])).toEqual([])
    await writer.close()
    expect(rows.get(stream)).toEqual({ key: stream, state: state(5), marks: { a: [5, 1, 5] } })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('forgets what waits when the rows are to be deleted, also where it cannot be written, and leaves no timer behind', async () => {
    const { writer, control, writes, problems } = start()
    await writer.apply(stream, 1, [read('a', 1, 1)])
    await writer.apply(stream, 1, [read('a', 5, 5)])
    control.fails = true
    writer.drop()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(10 * READS_WRITE_MS)
    expect([writes.length, problems]).toEqual([1, []])
  })
})
