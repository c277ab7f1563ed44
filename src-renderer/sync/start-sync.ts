// Starts syncing one profile with its relay: the outbox goes out, the records come in, and entries leave the outbox when their
// effect is here. Only one window of a profile runs this (shared-sync.ts); no feature imports it.
import type { Observable } from 'rxjs'
import type { Operation } from '../../protocol/operations.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { backoffMs } from '../connection/backoff.ts'
import { systemClock } from '../connection/clock.ts'
import type { Clock } from '../connection/clock.ts'
import type { Connection } from '../connection/connection.ts'
import { roomIdOf } from '../store/outbox-rules.ts'
import type { OutboxEntry, StreamState, SyncStore } from '../store/sync-store.ts'
import { keepEffects } from './cut-off.ts'
import { uncompared } from './history.ts'
import type { HistoryProgress } from './history.ts'
import { startPushLoop } from './push-loop.ts'
import { startRecordSync } from './record-sync.ts'
import type { SyncProgress } from './record-sync.ts'
import { showsEffect, unknownStream } from './stream-state.ts'
import { meetDeletions } from './unmet-deletions.ts'

/** How long what waits to be sent waits for what a relay that was started anew has lost to be found [S10.5]. */
export const NEW_EPOCH_PATIENCE_MS = 3_000

export interface SyncOptions {
  store: SyncStore
  connection: Pick<Connection, 'status' | 'welcomed' | 'changed' | 'push' | 'pull' | 'answers'>
  userId: string
  clock?: Clock
  random?: () => number
  /**
   * [S2.4] This profile is a copy of one that has gone on. The outbox is ready for a new device: get a token for one
   * (`renewSession` with asNewDevice), stop this sync and its connection, and start both with it. Called again at
   * each connection until that is done.
   */
  onCopiedProfile: (oldDeviceId: string) => void
  /** The person has stopped the loading of old history; see `pauseHistory`. */
  historyPaused?: boolean
  /** Told of what went wrong and is tried again: the store, an answer that could not be read, a relay error. */
  onProblem?: (problem: unknown) => void
}

export interface Sync {
  readonly progress$: Observable<SyncProgress>
  readonly history$: Observable<HistoryProgress>
  /** Stops the loading of old history in the background, or lets it go on. What is scrolled to and what is new come all the same. */
  pauseHistory(paused: boolean): void
  /** The room that is looked at: its newest page comes first [S9]. Null for none. */
  openRoom(roomId: string | null): void
  /** Loads the messages before the seq `before`. True when they are stored; false when not connected or refused. */
  loadOlder(roomId: string, before: number): Promise<boolean>
  /** Ends at once what is asked and told; resolves when the store is let go of. */
  stop(): Promise<void>
}

export function startSync(options: SyncOptions): Sync {
  const { store, connection, userId, clock = systemClock, random = Math.random } = options
  const onProblem = options.onProblem ?? (() => {})
  const durable = new Map<StreamId, StreamState>()
  let accepted: readonly OutboxEntry[] = []
  let checkedEpoch = 0
  let patienceIsOver = false
  let cancelPatience = (): void => {}
  let leaveFailures = 0
  let cancelLeaving = (): void => {}
  let stopped = false

  /** Entries leave when the store holds their effect, whichever of answer and record came first, and after a restart too. */
  function clearOutbox(): void {
    const [leaving, told] = [new Set<OutboxEntry>(), new Set<OutboxEntry>()]
    /** Those whose effect is made here, in the order of the outbox. */
    const made: OutboxEntry[] = []
    for (const entry of accepted) {
      const state = entry.accepted && durable.get(entry.accepted.stream)
      // [S10.3] In a later epoch the relay may lack what it accepted; the counters tell, once they are compared.
      const sure = entry.accepted?.epoch === state?.epoch || (state?.epoch ?? 0) <= checkedEpoch
      const forgotten = state !== undefined && sure && isForgotten(state, entry)
      const shown = state !== undefined && sure && showsEffect(state, entry)
      const isDone = forgotten || shown
      if (!isDone && !isCutOff(entry)) continue
      leaving.add(entry)
      if (shown && !forgotten && changesMessage(entry)) told.add(entry)
      if (!isDone || told.has(entry)) made.push(entry)
    }
    if (leaving.size === 0) return
    accepted = accepted.filter((entry) => !leaving.has(entry))
    const leave = async (): Promise<void> => {
      if (made.length > 0) {
        await records.stored()
        if (stopped) return
        await keepEffects(store, userId, made, durable, told)
      }
      await store.removeEntries([...leaving].map(({ id }) => id))
      leaveFailures = 0
    }
    leave().catch((error: unknown) => {
      onProblem(error)
      // They are accepted still; nothing else would come to look at them again.
      lookAgainLater()
    })
  }

  async function lookAgain(): Promise<void> {
    try {
      accepted = acceptedIn(await store.loadOutbox())
      clearOutbox()
    } catch (error) {
      onProblem(error)
      lookAgainLater()
    }
  }

  function lookAgainLater(): void {
    cancelLeaving()
    if (!stopped) cancelLeaving = clock.after(1_000 + backoffMs(leaveFailures++, random), () => void lookAgain())
  }

  /** [S11.1] Accepted by a room that this user was removed from before its record came: it never will. */
  function isCutOff({ accepted }: OutboxEntry): boolean {
    return accepted !== undefined && records.hasEnded(accepted.stream) && records.epoch() <= checkedEpoch
  }

  /**
   * [S10.5] What a relay of this epoch has lost of the room is in the outbox, in its place before what was done later: else an edit would be
   * refused whose message comes again behind it. What is about a message waits until all that was held is compared.
   */
  function isCompared({ operation }: OutboxEntry): boolean {
    const roomId = roomIdOf(operation)
    if (roomId === null) return true
    const stream = roomStream(roomId)
    if (!records.isFollowed(stream)) return true
    const state = durable.get(stream) ?? unknownStream(stream)
    return state.epoch >= records.epoch() && (!isAboutOther(operation) || uncompared(state).length === 0)
  }

  const records = startRecordSync({
    store,
    connection,
    userId,
    clock,
    random,
    onProblem,
    historyPaused: options.historyPaused ?? false,
    onEnded: () => {
      clearOutbox()
      pushes.kick()
    },
    onStored: (states) => {
      for (const state of states) durable.set(state.stream, state)
      clearOutbox()
      pushes.kick()
    }
  })
  const pushes = startPushLoop({
    store,
    connection,
    clock,
    random,
    onProblem,
    onCopiedProfile: options.onCopiedProfile,
    mayPush: (pending) => patienceIsOver || pending.every(isCompared),
    beforeAnswers: async (epoch, answers) =>
      meetDeletions(store, epoch, answers, async (stream, id) => records.rememberUnmet(stream, id)),
    onChecked: (epoch) => {
      checkedEpoch = epoch
      clearOutbox()
    }
  })
  const welcomes = connection.welcomed.subscribe(() => {
    patienceIsOver = false
    cancelPatience()
    cancelPatience = clock.after(NEW_EPOCH_PATIENCE_MS, () => {
      patienceIsOver = true
      pushes.kick()
    })
  })
  const outbox = store.watchOutbox().subscribe((entries) => {
    accepted = acceptedIn(entries)
    clearOutbox()
  })

  return {
    progress$: records.progress,
    history$: records.history,
    pauseHistory: (paused) => records.pauseHistory(paused),
    openRoom: (roomId) => records.openRoom(roomId),
    loadOlder: async (roomId, before) => records.loadOlder(roomId, before),
    stop: async () => {
      outbox.unsubscribe()
      welcomes.unsubscribe()
      cancelPatience()
      stopped = true
      cancelLeaving()
      await Promise.all([records.stop(), pushes.stop()])
    }
  }
}

/** Whether it relies on a message that was said before. */
function isAboutOther(operation: Operation): boolean {
  return operation.type === 'message.send' ? operation.replyTo !== undefined : 'messageId' in operation
}

/**
 * [S11.4] Who has left such a room and come back meanwhile is not told of messages from before: what becomes of them by this is made here. Where it has been
 * told, that changes nothing.
 */
function changesMessage({ operation }: OutboxEntry): boolean {
  return operation.type === 'message.edit' || operation.type === 'message.delete'
}

function acceptedIn(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  return entries.filter((entry) => entry.state === 'accepted')
}

/** [S10.3] The relay went back behind what it accepted, and the store does not repeat it: there is nothing to wait for. */
function isForgotten(state: StreamState, { n, accepted }: OutboxEntry): boolean {
  return n === null && accepted !== undefined && state.epoch > accepted.epoch
}
