// Puts records and then their stream states into the store, in few and ordered writes [S10]. Live ones first; background ones
// in batches with pauses, so that the store stays quick for reading. Knows neither relay nor rules of sync.
import type { StreamRecord } from '../../protocol/records.ts'
import type { Page } from '../../protocol/socket.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Clock } from '../connection/clock.ts'
import type { StreamState, SyncStore } from '../store/sync-store.ts'
import type { Received } from './lost.ts'

/** Records of one write to the store, and the pause after one of the background: measured to keep queries quick. */
export const BATCH_RECORDS = 250
export const BACKGROUND_PAUSE_MS = 40

export interface Write {
  /** The epoch that served the records. */
  epoch: number
  records: readonly StreamRecord[]
  /** Written whole, with the records. */
  page?: Page | undefined
  /** [S10.5] What may be lost of what is held, by the state before this write. */
  lostUpTo?: number | undefined
  /** What is true once these and all earlier records of the stream are stored. */
  state: StreamState
  background: boolean
}

export interface RecordWriter {
  /** Resolves when the state, or a later one of the stream, is stored; rejects when the store fails or after `stop`. */
  add(write: Write): Promise<void>
  /** Drops what is not written yet, and resolves when nothing is under way any more. */
  stop(): Promise<void>
}

interface Part extends Write {
  order: number
  done: (() => void)[]
  fail: ((error: unknown) => void)[]
}

/**
 * @param onSaved told of the states that are durable now, and whether records were written with them
 * @param onFailure told once when the store fails; the writer has stopped then
 */
export function startRecordWriter(options: {
  store: Pick<SyncStore, 'saveStreams'>
  /** Resolves when it is stored. */
  storeReceived: (received: Received) => Promise<void>
  clock: Clock
  onSaved: (states: readonly StreamState[], withRecords: boolean) => void
  onFailure: (error: unknown) => void
}): RecordWriter {
  const { store, storeReceived, clock, onSaved, onFailure } = options
  const live: Part[] = []
  const background: Part[] = []
  let order = 0
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let busy = false
  /** The pause after a background batch is not over. */
  let resting = false
  let endPause = (): void => {}

  /** What is live, or else the background, up to BATCH_RECORDS; a large write is taken in pieces, its state with the last. */
  function takeBatch(parts: Part[]): Part[] {
    const batch: Part[] = []
    let room = BATCH_RECORDS
    while (parts[0] !== undefined && room > 0) {
      const part = parts[0]
      if (part.page !== undefined || part.records.length <= room) {
        batch.push(part)
        parts.shift()
      } else {
        batch.push({ ...part, records: part.records.slice(0, room), done: [], fail: [] })
        part.records = part.records.slice(room)
      }
      room -= part.records.length + (part.page?.messages.length ?? 0) + (part.page?.reactions.length ?? 0)
      if (parts[0] === part) break
    }
    return batch
  }

  async function write(batch: readonly Part[]): Promise<void> {
    const received = receivedIn(batch)
    await Promise.all(received.map(storeReceived))
    const states = new Map<StreamId, StreamState>()
    const done: (() => void)[] = []
    for (const part of batch) {
      const { stream } = part.state
      const rest = live.find((other) => other.order === part.order)
      const behind = rest ?? background.findLast((other) => other.state.stream === stream)
      // Records of this stream that were decided earlier are still to come, so its state waits for them …
      if (behind !== undefined && part.order > behind.order)
        Object.assign(behind, { state: part.state, order: part.order })
      // … but for one that covers nothing, on which other streams may rely: the room of a membership.
      if (behind === undefined || isFresh(part.state)) {
        states.set(stream, part.state)
        done.push(...part.done)
      } else {
        behind.done.push(...part.done)
        behind.fail.push(...part.fail)
      }
    }
    if (states.size === 0) return
    // A room that nothing is known of yet is on the disk before the membership that announced it counts as read.
    const [fresh, others] = [
      [...states.values()].filter(isFresh),
      [...states.values()].filter((state) => !isFresh(state))
    ]
    if (fresh.length > 0) await store.saveStreams(fresh)
    if (others.length > 0) await store.saveStreams(others)
    onSaved([...fresh, ...others], received.length > 0)
    for (const tell of done) tell()
  }

  /** Somebody waits for a page to be there with its state: what waits of the same stream goes before it. */
  function addLive(part: Part): void {
    const isEarlier = ({ state }: Part): boolean => part.page !== undefined && state.stream === part.state.stream
    live.push(...background.filter(isEarlier), part)
    background.splice(0, Infinity, ...background.filter((other) => !isEarlier(other)))
    endPause()
  }

  async function run(): Promise<void> {
    busy = true
    while (!stopped && (live.length > 0 || background.length > 0)) {
      if (live.length === 0 && resting) {
        await pause()
        continue
      }
      const wasLive = live.length > 0
      const batch = takeBatch(wasLive ? live : background)
      try {
        await write(batch)
      } catch (error) {
        stopped = true
        for (const part of [...batch, ...live.splice(0), ...background.splice(0)])
          part.fail.forEach((tell) => tell(error))
        onFailure(error)
      }
      if (!wasLive) rest()
    }
    busy = false
  }

  function rest(): void {
    resting = true
    clock.after(BACKGROUND_PAUSE_MS, () => {
      resting = false
      endPause()
    })
  }

  /** Until the rest is over or something live comes. */
  async function pause(): Promise<void> {
    await new Promise<void>((resolve) => (endPause = resolve))
  }

  return {
    add: (added) =>
      new Promise((resolve, reject) => {
        if (stopped) {
          reject(new Error('the writer has stopped'))
          return
        }
        order += 1
        const part: Part = { ...added, order, done: [resolve], fail: [reject] }
        if (added.background) background.push(part)
        else addLive(part)
        if (!busy) running = run()
      }),
    stop: async () => {
      const dropped = [...live.splice(0), ...background.splice(0)]
      stopped = true
      endPause()
      for (const part of dropped) part.fail.forEach((tell) => tell(new Error('the writer has stopped')))
      await running
    }
  }
}

/** One per stream and epoch, in the order of the batch, and each page for itself: it is compared with what is held. */
function receivedIn(batch: readonly Part[]): Received[] {
  const groups = new Map<string, Received & { records: StreamRecord[] }>()
  const pages: Received[] = []
  for (const { state, epoch, records, page, lostUpTo } of batch) {
    const { stream, unmetDeletions } = state
    if (page) pages.push({ stream, epoch, records: [], page, lostUpTo, unmetDeletions })
    const key = `${epoch} ${lostUpTo} ${stream}`
    const group = groups.get(key) ?? { stream, epoch, records: [], lostUpTo, unmetDeletions }
    groups.set(key, { ...group, unmetDeletions })
    group.records.push(...records)
  }
  return [...[...groups.values()].filter(({ records }) => records.length > 0), ...pages]
}

function isFresh(state: StreamState): boolean {
  return state.epoch === 0
}
