// [S12.3] How far people have read is told a little later, many marks of a room at once: they must not drown the messages. Knows no
// connection.
import { READS_TELL_MS } from '../../protocol/limits.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { StreamRecord } from '../../protocol/records.ts'
import { recordKey } from '../../protocol/records.ts'
import type { Timer } from '../clock.ts'
import type { Told } from '../domain/commit-line.ts'

export interface GatheredReads {
  /** To be called in the order of the commits. */
  add(change: Change): void
  /** Tells nothing any more. */
  stop(): void
}

type Change = Told[number]

interface Gathered {
  from: number
  through: number
  records: Map<string, StreamRecord>
  cancel: () => void
}

/** @param tell is called `READS_TELL_MS` after the first change of a stream, with the latest state of all that changed since */
export function gatherReads(timer: Timer, tell: (change: Change) => void): GatheredReads {
  const streams = new Map<StreamId, Gathered>()

  function end(stream: StreamId): void {
    const gathered = streams.get(stream)
    streams.delete(stream)
    if (!gathered) return
    const { from, through, records } = gathered
    tell({ stream, from, through, records: [...records.values()].toSorted((a, b) => a.rev - b.rev) })
  }

  return {
    add({ stream, from, through, records }) {
      const gathered = streams.get(stream) ?? {
        from,
        through,
        records: new Map<string, StreamRecord>(),
        cancel: timer(READS_TELL_MS, () => end(stream))
      }
      streams.set(stream, gathered)
      gathered.through = through
      for (const record of records) gathered.records.set(recordKey(record), record)
    },
    stop() {
      for (const { cancel } of streams.values()) cancel()
      streams.clear()
    }
  }
}
