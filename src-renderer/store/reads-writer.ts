// Who has read how far [S12], onto the disk: one row per room, written seldom. Knows no screen and no relay.
import type { ReadRecord } from '../../protocol/records.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { reviseRows } from './rows.ts'
import type { Collection, ReadMark, StreamRow } from './schemas.ts'
import type { StreamState } from './sync-store.ts'

/** A room's marks are written at most this often. */
export const READS_WRITE_MS = 1_000

/** What waits to be written for one stream: marks, and the state that covers them. */
interface Waiting {
  marks: Map<string, ReadMark>
  state?: StreamState
}

/**
 * The first marks of a room are written at once; what comes within READS_WRITE_MS after that waits for its end in memory. The stream's state
 * waits with them and is written in one row, so that on the disk no checkpoint is ahead of its marks [S10]. A kill loses both, and
 * the relay is asked again from the checkpoint before.
 */
export class ReadsWriter {
  private readonly rows: Collection<StreamRow>
  private readonly onFailure: (error: unknown) => void
  private readonly waiting = new Map<StreamId, Waiting>()
  /** The streams that were written a moment ago, with what ends that moment. */
  private readonly resting = new Map<StreamId, ReturnType<typeof setTimeout>>()
  /** What is written at the end of this moment, and the writing of it. */
  private readonly due = new Set<StreamId>()
  private gathering: Promise<void> | undefined
  private closed = false

  /** @param onFailure told when a write fails that nobody waits for; what it held is tried again with the next marks */
  constructor(rows: Collection<StreamRow>, onFailure: (error: unknown) => void) {
    this.rows = rows
    this.onFailure = onFailure
  }

  /** [S8] Takes newer marks. Resolves when they are durable, or at once when the room was written a moment ago. */
  async apply(stream: StreamId, epoch: number, records: readonly ReadRecord[]): Promise<void> {
    const waiting = this.waiting.get(stream) ?? { marks: new Map<string, ReadMark>() }
    this.waiting.set(stream, waiting)
    for (const { userId, seq, rev } of records) {
      const mark = [seq, epoch, rev] as const
      if (isNewer(mark, waiting.marks.get(userId))) waiting.marks.set(userId, mark)
    }
    if (!this.resting.has(stream)) await this.writeSoon(stream)
  }

  /** Of `states` those that may be stored now; the others are stored with the marks that they cover. */
  withhold(states: readonly StreamState[]): StreamState[] {
    return states.filter((state) => {
      const waiting = this.waiting.get(state.stream)
      if (waiting) waiting.state = state
      return !waiting
    })
  }

  /** Writes everything that waits, and from now on everything at once. */
  async close(): Promise<void> {
    this.endResting()
    while (this.waiting.size > 0) await this.write([...this.waiting.keys()])
  }

  /** Instead of `close` where the rows are about to be deleted: what waits is forgotten. */
  drop(): void {
    this.endResting()
    this.waiting.clear()
  }

  private endResting(): void {
    this.closed = true
    for (const timer of this.resting.values()) clearTimeout(timer)
    this.resting.clear()
  }

  /** Streams of one moment share a transaction: after an absence it is those of all rooms. */
  private async writeSoon(stream: StreamId): Promise<void> {
    this.due.add(stream)
    this.gathering ??= Promise.resolve().then(() => {
      const streams = [...this.due]
      this.due.clear()
      this.gathering = undefined
      return this.write(streams)
    })
    await this.gathering
  }

  private async write(streams: readonly StreamId[]): Promise<void> {
    const taken = new Map<string, { waiting: Waiting; marks: [string, ReadMark][]; state: StreamState | undefined }>()
    for (const stream of streams) {
      const waiting = this.waiting.get(stream)
      if (!waiting) continue
      if (!this.closed) this.rest(stream)
      taken.set(stream, { waiting, marks: [...waiting.marks], state: waiting.state })
    }
    await reviseRows(this.rows, [...taken.keys()], (key, row) => {
      const { marks = [], state } = taken.get(key) ?? {}
      const newer = marks.filter(([userId, mark]) => isNewer(mark, row?.marks?.[userId]))
      const after = state ?? row?.state
      if (newer.length === 0 && !state) return undefined
      return { key, ...(after ? { state: after } : {}), marks: { ...row?.marks, ...Object.fromEntries(newer) } }
    })
    // What came while this was written stays, and waits for the next time.
    for (const [stream, { waiting, marks, state }] of taken) {
      for (const [userId, mark] of marks) if (waiting.marks.get(userId) === mark) waiting.marks.delete(userId)
      if (waiting.state === state) delete waiting.state
      if (waiting.marks.size === 0 && !waiting.state) this.waiting.delete(stream as StreamId)
    }
  }

  private rest(stream: StreamId): void {
    clearTimeout(this.resting.get(stream))
    const timer = setTimeout(() => {
      this.resting.delete(stream)
      this.write([stream]).catch(this.onFailure)
    }, READS_WRITE_MS)
    this.resting.set(stream, timer)
  }
}

function isNewer([, epoch, rev]: ReadMark, held: ReadMark | undefined): boolean {
  return !held || epoch > held[1] || (epoch === held[1] && rev > held[2])
}
