// The one way to change what the relay stores: requests wait in line and are committed in groups, one flush for each [S15]. Knows
// nothing of what they do.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_HINT_BYTES } from '../../protocol/limits.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Log } from '../log.ts'
import { DamagedRoomError } from '../storage/port.ts'
import type { Draft, MessageAt, Storage, StreamChange } from '../storage/port.ts'
import { roomDamaged } from './access.ts'

const MAX_GROUP_OPERATIONS = 200
/** Of one stream in one commit: so the hint of a busy room, whatever the length of its messages, stays below MAX_HINT_BYTES. */
const MAX_GROUP_STREAM_BYTES = 0.9 * MAX_HINT_BYTES
/** Operations that wait for a commit. Beyond, who comes is told to come again: a storage that hangs must not fill the memory. */
const MAX_WAITING_OPERATIONS = 20_000

/** What a commit changed, stream by stream, as it is told. */
export type Told = readonly StreamChange[]

export interface CommitRequest<T> {
  /** Every stream that `work` may write to. */
  streams: Iterable<StreamId>
  /** What `work` will ask for, as far as it is known. */
  messages?: readonly MessageAt[]
  /** How many operations it carries; 1 if unsaid. */
  operations?: number
  /** About how many bytes of records they make, in all of its streams; 0 if unsaid. */
  bytes?: number
  /**
   * May run more than once: each time on a fresh draft, of which only one is stored. A `ProtocolError` that it throws is this request's
   * result and must come before its first write; anything else makes it run again alone [S6.3].
   */
  work: (draft: Draft) => Promise<T>
}

export interface CommitLine {
  /**
   * Resolves with what `work` returned once that is on the disk and told [S1]. Rejects with what `work` threw, or with
   * `storage-unavailable` (also when too much waits), `relay-stopping`, `room-damaged` (whose cause is the `DamagedRoomError`), or
   * `relay-error` (whose cause is in the log): then nothing of it is stored.
   */
  submit<T>(request: CommitRequest<T>): Promise<T>
  /** Refuses new requests and resolves when those in line are done. */
  stop(): Promise<void>
}

interface Waiting {
  streams: readonly StreamId[]
  messages: readonly MessageAt[]
  operations: number
  bytes: number
  work: (draft: Draft) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

type Outcome = { value: unknown } | { error: ProtocolError }

/**
 * @param told is called once for each commit that changed something, in the order of the commits, one after the other, and before
 *   its requests resolve. What it throws is logged and changes nothing [S1].
 */
export function createCommitLine(storage: Storage, told: (changes: Told) => Promise<void>, log: Log): CommitLine {
  const waiting: Waiting[] = []
  let waitingOperations = 0
  let running: Promise<void> | undefined
  let stopped = false
  /** One after the other. */
  let telling = Promise.resolve()

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup(waiting)
      for (const { operations } of group) waitingOperations -= operations
      await commitGroup(group)
    }
    running = undefined
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    let outcomes: Outcome[]
    try {
      const committed = await storage.commit(
        new Set(group.flatMap(({ streams }) => streams)),
        (draft) => workThrough(group, draft),
        { messages: group.flatMap(({ messages }) => messages) }
      )
      outcomes = committed.value
      if (committed.changes.length > 0) await tell(committed.changes)
    } catch (error) {
      await afterFailure(group, error)
      return
    }
    for (const [index, request] of group.entries()) {
      const outcome = outcomes[index]
      if (outcome && 'value' in outcome) request.resolve(outcome.value as never)
      else request.reject(outcome?.error)
    }
  }

  async function afterFailure(group: readonly Waiting[], error: unknown): Promise<void> {
    const [only] = group
    if (isStop(error)) {
      // Why is said by the storage, once and not for each commit.
      log.debug('a commit could not be stored', { error, requests: group.length })
      for (const request of group) request.reject(error)
    } else if (group.length === 1 && only && error instanceof DamagedRoomError) {
      log.error('a commit would touch what is damaged', { error, roomId: error.roomId })
      only.reject(roomDamaged(error))
    } else if (group.length === 1 && only) {
      log.error('a commit failed', { error })
      only.reject(new ProtocolError('relay-error', 'the relay failed on this request', { cause: error }))
    } else {
      for (const request of group) await commitGroup([request])
    }
  }

  function tell(changes: Told): Promise<void> {
    telling = telling
      .then(() => told(changes))
      .catch((error: unknown) => log.error('a stored change could not be told; pulls will bring it', { error }))
    return telling
  }

  storage.whenFoundStored?.((changes) => void tell(changes))

  return {
    submit({ streams, messages = [], operations = 1, bytes = 0, work }) {
      if (stopped) return Promise.reject(new ProtocolError('relay-stopping', 'the relay is stopping'))
      if (waitingOperations + operations > MAX_WAITING_OPERATIONS) {
        return Promise.reject(new ProtocolError('storage-unavailable', 'too much waits to be stored: come again'))
      }
      return new Promise((resolve, reject) => {
        waitingOperations += operations
        waiting.push({ streams: [...new Set(streams)], messages, operations, bytes, work, resolve, reject })
        running ??= run()
      })
    },
    async stop() {
      stopped = true
      await running
    }
  }
}

/** Whether an error says that nothing was decided, rather than that something was refused [S6]. */
export function isStop(error: unknown): error is ProtocolError & { code: 'storage-unavailable' | 'relay-stopping' } {
  return error instanceof ProtocolError && (error.code === 'storage-unavailable' || error.code === 'relay-stopping')
}

async function workThrough(group: readonly Waiting[], draft: Draft): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const request of group) {
    try {
      outcomes.push({ value: await request.work(draft) })
    } catch (error) {
      if (!(error instanceof ProtocolError) || isStop(error)) throw error
      outcomes.push({ error })
    }
  }
  return outcomes
}

/** The next requests in order of arrival: at least one, and no more than fit. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  let operations = 0
  const bytesOf = new Map<StreamId, number>()
  const beyond = waiting.findIndex((request, index) => {
    operations += request.operations
    let most = 0
    for (const stream of request.streams) {
      const bytes = (bytesOf.get(stream) ?? 0) + request.bytes
      bytesOf.set(stream, bytes)
      most = Math.max(most, bytes)
    }
    return index > 0 && (operations > MAX_GROUP_OPERATIONS || most > MAX_GROUP_STREAM_BYTES)
  })
  return waiting.splice(0, beyond === -1 ? waiting.length : beyond)
}
