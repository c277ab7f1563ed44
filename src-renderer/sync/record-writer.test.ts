import { expect, test } from 'vitest'
import type { UserRecord } from '../../protocol/records.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { StreamState } from '../store/sync-store.ts'
import type { Received } from './lost.ts'
import { BACKGROUND_PAUSE_MS, startRecordWriter } from './record-writer.ts'
import type { RecordWriter, Write } from './record-writer.ts'
import { createVirtualClock } from './testing/virtual-clock.ts'
import type { VirtualClock } from './testing/virtual-clock.ts'

const A: StreamId = 'room:a'
const B: StreamId = 'room:b'

interface Bench {
  writer: RecordWriter
  clock: VirtualClock
  /** What reached the store: `A 250` are records, `A@7` is a state with checkpoint 7. */
  log: string[]
  failures: unknown[]
  fail: { next: boolean }
}

function bench(delayMs = 0): Bench {
  const clock = createVirtualClock()
  const [log, failures, fail]: [string[], unknown[], { next: boolean }] = [[], [], { next: false }]
  const wait = async (): Promise<void> => {
    if (delayMs > 0) await new Promise<void>((resolve) => clock.after(delayMs, resolve))
    if (fail.next) throw new Error('disk full')
  }
  const name = (stream: StreamId): string => stream.slice('room:'.length).toUpperCase()
  const storeReceived = async ({ stream, records }: Received): Promise<void> => {
    await wait()
    log.push(`${name(stream)} ${records.length}`)
  }
  const store = {
    saveStreams: async (states: readonly StreamState[]) => {
      await wait()
      log.push(states.map(({ stream, checkpoint }) => `${name(stream)}@${checkpoint}`).join(' '))
    }
  }
  const onFailure = (error: unknown): void => void failures.push(error)
  return {
    clock,
    log,
    failures,
    fail,
    writer: startRecordWriter({ store, storeReceived, clock, onSaved: () => {}, onFailure })
  }
}

function write(stream: StreamId, records: number, checkpoint: number, background = false): Write {
  const user = { type: 'user', id: 'u', username: 'u', displayName: 'U', role: 'member', createdAt: '' } as const
  return {
    epoch: 1,
    records: Array.from({ length: records }, (_, index): UserRecord => ({ ...user, rev: index + 1 })),
    state: { stream, epoch: checkpoint === 0 ? 0 : 1, checkpoint, ranges: [], headSeq: 0 },
    background
  }
}

test('the first live write goes at once; those that come meanwhile go together after it', async () => {
  const { writer, clock, log } = bench(5)
  for (let rev = 1; rev <= 4; rev++) void writer.add(write(A, 1, rev))
  void writer.add(write(B, 2, 9))
  await clock.advance(100)
  expect(log).toEqual(['A 1', 'A@1', 'A 3', 'B 2', 'A@4 B@9'])
})

test('the background goes in batches with pauses, and its state with the last one', async () => {
  const { writer, clock, log } = bench()
  let done = false
  void writer.add(write(A, 600, 600, true)).then(() => (done = true))
  await clock.advance(BACKGROUND_PAUSE_MS - 1)
  expect(log).toEqual(['A 250'])
  await clock.advance(1)
  expect(log).toEqual(['A 250', 'A 250'])
  expect(done).toBe(false)
  await clock.advance(BACKGROUND_PAUSE_MS)
  expect(log).toEqual(['A 250', 'A 250', 'A 100', 'A@600'])
  expect(done).toBe(true)
})

test('live writes do not wait for the background', async () => {
  const { writer, clock, log } = bench()
  void writer.add(write(A, 600, 600, true))
  await clock.advance(1)
  await writer.add(write(B, 1, 1))
  expect(log).toEqual(['A 250', 'B 1', 'B@1'])
  await clock.advance(1_000)
  expect(log.at(-1)).toBe('A@600')
})

test('[S10] the state of a live write waits for the background records of its own stream', async () => {
  const { writer, clock, log } = bench()
  void writer.add(write(A, 600, 600, true))
  await clock.advance(1)
  const live = writer.add(write(A, 1, 601))
  await clock.advance(1)
  expect(log).toEqual(['A 250', 'A 1'])
  await clock.advance(1_000)
  await live
  expect(log).toEqual(['A 250', 'A 1', 'A 250', 'A 100', 'A@601'])
})

test('[S10] a room is put down with its membership, although its first page still waits in the background', async () => {
  const { writer, clock, log } = bench(5)
  void writer.add(write(B, 1, 1))
  void writer.add(write(A, 0, 0))
  void writer.add(write(B, 1, 2))
  void writer.add(write(A, 50, 50, true))
  await clock.advance(1_000)
  expect(log).toEqual(['B 1', 'B@1', 'B 1', 'A@0', 'B@2', 'A 50', 'A@50'])
})

test('[S10.2] what was forgotten is not brought back by an older state from the background', async () => {
  const { writer, clock, log } = bench()
  void writer.add(write(A, 600, 600, true))
  await clock.advance(1)
  void writer.add(write(A, 0, 0))
  await clock.advance(1_000)
  expect(log.filter((entry) => entry.includes('@')).every((entry) => entry === 'A@0')).toBe(true)
})

test('when the store fails, everything that waits is rejected, the failure is told once, and nothing is written after', async () => {
  const { writer, clock, log, failures, fail } = bench(5)
  fail.next = true
  const results = Promise.allSettled([
    writer.add(write(A, 1, 1)),
    writer.add(write(A, 1, 2)),
    writer.add(write(B, 9, 9, true))
  ])
  await clock.advance(100)
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(failures).toHaveLength(1)
  fail.next = false
  await expect(writer.add(write(A, 1, 3))).rejects.toThrow('stopped')
  expect(log).toEqual([])
})

test('stop drops what waits, and resolves after what is under way', async () => {
  const { writer, clock, log } = bench(5)
  const first = writer.add(write(A, 1, 1))
  const dropped = writer.add(write(A, 600, 600, true)).catch((error: unknown) => error)
  const stopped = writer.stop()
  await clock.advance(100)
  await Promise.all([first, stopped])
  expect(await dropped).toMatchObject({ message: 'the writer has stopped' })
  expect(log).toEqual(['A 1', 'A@1'])
})
