// Brings the outbox to the relay: numbers, pushes in order, stores the answers, one push at a time. SPEC S2, S6, S10.3.
// Knows no records; what an operation means is nothing to it.
import type { Answer, Welcome } from '../../protocol/socket.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_PUSH_BYTES } from '../../protocol/limits.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Clock } from '../connection/clock.ts'
import { ConnectionLostError } from '../connection/connection.ts'
import type { Connection } from '../connection/connection.ts'
import { bytesOf } from '../connection/json-bytes.ts'
import type { OutboxEntry, SyncStore } from '../store/sync-store.ts'
import { createPortion } from './portion.ts'
import { nextPush } from './push-batch.ts'

/** No try after a failure sooner than this. */
const RETRY_MS = 500

export interface PushLoop {
  /** Looks again whether it may push. */
  kick(): void
  /** Resolves when nothing of it writes any more. */
  stop(): Promise<void>
}

type PushStore = Pick<
  SyncStore,
  'watchOutbox' | 'loadOutbox' | 'loadAnswered' | 'numberPending' | 'numberNew' | 'storeAnswers' | 'restartCounter'
>

/**
 * @param onCopiedProfile [S2.4] the relay knows this device as somebody else: the caller gets a token for a new device and begins
 *   again with a new connection. Called at each connection until then; the outbox is ready for the new device.
 * @param mayPush asked before each push; when it says no, `kick` is to follow
 * @param beforeAnswers what answers mean for records is durable before they are; when it rejects, the relay is asked for them again
 * @param onChecked the counters agree with this relay as of this epoch [S10.3]
 */
export function startPushLoop(options: {
  store: PushStore
  connection: Pick<Connection, 'status' | 'welcomed' | 'push' | 'answers'>
  clock: Clock
  random: () => number
  onCopiedProfile: (oldDeviceId: string) => void
  onChecked: (epoch: number) => void
  beforeAnswers?: (epoch: number, answers: readonly Answer[]) => Promise<void>
  mayPush?: (pending: readonly OutboxEntry[]) => boolean
  onProblem: (problem: unknown) => void
}): PushLoop {
  const { store, connection, clock, random, onProblem } = options
  const portion = createPortion(clock, MAX_PUSH_BYTES)
  let welcome: Welcome | null = null
  /** The welcome whose counters were compared with ours. */
  let checked: Welcome | null = null
  let pending: readonly OutboxEntry[] = []
  let settled = 0
  let failures = 0
  let stopped = false
  let again = false
  let busy = false
  /** `mayPush` said no. */
  let blocked = false
  let running: Promise<void> = Promise.resolve()
  let cancelWait: (() => void) | null = null

  const due = (): boolean => again && welcome !== null && cancelWait === null && !stopped

  function wake(): void {
    again = true
    if (!busy && due()) running = run()
  }

  /** Reaches the store before its first await: what is written to the outbox now goes out now. */
  async function run(): Promise<void> {
    busy = true
    for (let greeting = welcome; due() && greeting !== null; greeting = welcome) {
      again = false
      try {
        if (checked === greeting) await pushOnce(greeting)
        else await check(greeting)
      } catch (error) {
        await failed(greeting, error)
      }
    }
    busy = false
  }

  /** [S10.3, S2.4] Compares what the relay has answered with what is known here. */
  async function check(greeting: Welcome): Promise<void> {
    // In this order: an entry that leaves in between is one whose answer counts by then.
    const entries = await store.loadOutbox()
    settled = await store.loadAnswered()
    const highest = entries.reduce((n, entry) => Math.max(n, entry.n ?? 0), settled)
    if (greeting.answered > highest) {
      await leaveOldDevice(greeting)
      return
    }
    if (greeting.answered < settled) {
      // Another window may have pushed since the welcome, where two believe to lead: so the relay is asked once more.
      const { answered } = await connection.answers({ deviceId: greeting.deviceId, after: settled })
      if (answered < settled) await store.restartCounter(answered, true)
      settled = await store.loadAnswered()
    }
    checked = greeting
    again = true
    options.onChecked(greeting.epoch)
  }

  async function pushOnce(greeting: Welcome): Promise<void> {
    blocked = options.mayPush?.(pending) === false
    if (blocked) return
    const push = await nextPush(store, pending, settled, portion.size)
    if (push === null || stopped || welcome !== greeting) return
    const bytes = bytesOf(push)
    const result = await portion.exchange(
      () => connection.push(push),
      () => bytes,
      bytes
    )
    if (result.answers.length > 0) {
      await options.beforeAnswers?.(result.epoch, result.answers)
      await store.storeAnswers(result.epoch, result.answers)
      settled = await store.loadAnswered()
    }
    failures = result.answers.length > 0 ? 0 : failures
    again = true
    // [S6.2] What has no answer goes again, unchanged.
    if (result.stopped) waitFor(result.stopped.retryAfterMs * (1 + random() / 4) + random() * 50)
    else if (result.answers.length === 0) waitFor(RETRY_MS + backoffMs(failures++, random))
  }

  async function failed(greeting: Welcome, error: unknown): Promise<void> {
    if (error instanceof ConnectionLostError) {
      if (welcome === greeting) welcome = null
      return
    }
    const code = error instanceof ProtocolError ? error.code : ''
    try {
      if (code === 'counter-conflict' && (await isSettledElsewhere())) return
      if (code === 'counter-conflict') return await leaveOldDevice(greeting)
      if (code === 'counter-gap') return await goBackWithRelay(greeting)
      onProblem(error)
    } catch (next) {
      if (next instanceof ConnectionLostError && welcome === greeting) welcome = null
      onProblem(next)
    }
    again = true
    waitFor(RETRY_MS + backoffMs(failures++, random))
  }

  /** Whether answers were stored that are not ours: another window of this profile pushes too, where two believe to lead. */
  async function isSettledElsewhere(): Promise<boolean> {
    const before = settled
    settled = await store.loadAnswered()
    again ||= settled > before
    return settled > before
  }

  /** [S2.4] Takes what answers there are to our own numbered operations, and numbers the rest for the new device. */
  async function leaveOldDevice(greeting: Welcome): Promise<void> {
    await takeOldAnswers(greeting)
    await store.restartCounter(0)
    welcome = null
    options.onCopiedProfile(greeting.deviceId)
  }

  /** [S2.5, S10.3] */
  async function goBackWithRelay(greeting: Welcome): Promise<void> {
    const answered = await takeOldAnswers(greeting)
    await store.restartCounter(answered ?? greeting.answered, true)
    settled = await store.loadAnswered()
    again = true
    waitFor(RETRY_MS + backoffMs(failures++, random))
  }

  /** Returns what the relay has answered, or undefined if it did not say or nothing is numbered. */
  async function takeOldAnswers(greeting: Welcome): Promise<number | undefined> {
    const numbered = (await store.loadOutbox()).filter((entry) => entry.state === 'pending' && entry.n !== null)
    const first = numbered[0]?.n ?? null
    if (first === null) return undefined
    try {
      const { answers, answered } = await connection.answers({ deviceId: greeting.deviceId, after: first - 1 })
      const ofN = new Map(numbered.map((entry) => [entry.n, entry.id]))
      const own: Answer[] = answers.filter((answer) => ofN.get(answer.n) === answer.id)
      await options.beforeAnswers?.(greeting.epoch, own)
      if (own.length > 0) await store.storeAnswers(greeting.epoch, own)
      return answered
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      onProblem(error)
      return undefined
    }
  }

  function waitFor(ms: number): void {
    cancelWait?.()
    cancelWait = clock.after(ms, () => {
      cancelWait = null
      wake()
    })
  }

  /** Whether it would go out as soon as it is on the disk, as far as one can know. */
  function isDueAtOnce(entry: OutboxEntry): boolean {
    if (welcome === null || checked !== welcome || busy || cancelWait !== null || stopped) return false
    return options.mayPush?.([entry]) !== false
  }

  // What waits without a connection gets no number: it can be cancelled still.
  const states = connection.status.subscribe(({ name }) => {
    if (name !== 'connected') welcome = null
  })
  const welcomes = connection.welcomed.subscribe((greeting) => {
    welcome = greeting
    portion.begin()
    failures = 0
    cancelWait?.()
    cancelWait = null
    wake()
  })
  const outbox = store.watchOutbox().subscribe((entries) => {
    pending = entries.filter((entry) => entry.state === 'pending')
    if (pending.length > 0) wake()
  })

  const dontNumber = store.numberNew(isDueAtOnce)

  return {
    kick: () => {
      if (blocked) wake()
    },
    stop: async () => {
      stopped = true
      dontNumber()
      states.unsubscribe()
      welcomes.unsubscribe()
      outbox.unsubscribe()
      cancelWait?.()
      await running
    }
  }
}
