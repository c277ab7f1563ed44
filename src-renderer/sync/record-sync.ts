// Keeps the device's records up with the relay's: which streams there are, what hints and pulls do to them, and in which order
// that reaches the store. The only caller of applyRecords and saveStreams. Knows no outbox.
import { BehaviorSubject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { StreamRecord } from '../../protocol/records.ts'
import { roomStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Welcome } from '../../protocol/socket.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Clock } from '../connection/clock.ts'
import type { Connection } from '../connection/connection.ts'
import type { StreamState, SyncStore } from '../store/sync-store.ts'
import { createHints } from './hints.ts'
import { loadPage } from './old-pages.ts'
import { createPulls } from './pulls.ts'
import { startRecordWriter } from './record-writer.ts'
import type { RecordWriter } from './record-writer.ts'
import { unknownStream } from './stream-state.ts'
import type { Step } from './stream-state.ts'
import { forgetHints, isCurrent, needOf, newTrack, startOver } from './track.ts'
import type { Track } from './track.ts'

/** Streams that are known of, and how many of them lack nothing but old pages. Equal: the device is up to date. */
export interface SyncProgress {
  done: number
  total: number
}

export interface RecordSync {
  readonly progress: Observable<SyncProgress>
  openRoom(roomId: string | null): void
  loadOlder(roomId: string, before: number): Promise<boolean>
  /** Resolves when nothing of it writes any more. */
  stop(): Promise<void>
}

/** @param onStored told of states that are durable, those loaded at the start included */
export function startRecordSync(options: {
  store: Pick<SyncStore, 'loadStreams' | 'saveStreams' | 'applyRecords'>
  connection: Pick<Connection, 'welcomed' | 'changed' | 'pull'>
  userId: string
  clock: Clock
  random: () => number
  onStored: (states: readonly StreamState[]) => void
  onProblem: (problem: unknown) => void
}): RecordSync {
  const { store, connection, clock, random, onProblem, onStored } = options
  const ownStream = userStream(options.userId)
  const progress = new BehaviorSubject<SyncProgress>({ done: 0, total: 0 })
  const tracks = new Map<StreamId, Track>()
  /** Pages of history under way, by room and place: asked for again, they are asked for once. */
  const pages = new Map<string, Promise<boolean>>()
  let writer: RecordWriter | null = null
  let welcome: Welcome | null = null
  let backlog: Promise<unknown> = Promise.resolve()
  let storeFailures = 0
  let stopped = false
  let cancelReload = (): void => {}

  const hints = createHints({ clock, random, take: (track, epoch, step) => take(track, epoch, step, false), pullDue })
  const pulls = createPulls({
    connection,
    clock,
    random,
    tracks,
    take: (track, epoch, step) => take(track, epoch, step, isBackground(track)),
    settled: (track) => {
      hints.settleKept(track)
      tellProgress()
    },
    lostAccess: deactivate,
    stored: () => backlog,
    onProblem
  })

  function isBackground(track: Track): boolean {
    return track.state.stream.startsWith('room:') && !pulls.isOpen(track)
  }

  /** The step becomes the track's state at once; the store follows [S10]. */
  function take(track: Track, epoch: number, step: Step, background: boolean): void {
    const unchanged = step.records.length === 0 && sameState(track.state, step.state)
    track.state = step.state
    if (unchanged || writer === null) return
    if (step.state.stream === ownStream) followMemberships(step.records)
    const stored = writer.add({ epoch, records: step.records, state: step.state, background })
    backlog = Promise.allSettled([backlog, stored])
  }

  /** [S11.1, S11.2] A new room is put down before the membership, so that no crash between the two forgets it. */
  function followMemberships(records: readonly StreamRecord[]): void {
    for (const record of records) {
      if (record.type !== 'membership') continue
      const stream = roomStream(record.roomId)
      const track = tracks.get(stream)
      if (record.state !== 'joined') {
        if (track?.active) deactivate(track)
      } else if (track === undefined) {
        addTrack(unknownStream(stream))
      } else if (!track.active) {
        track.active = true
        startOver(track)
      } else if (track.pulling) {
        track.rejoined = true
      }
    }
    pulls.kick()
  }

  function addTrack(state: StreamState): void {
    const track = newTrack(state)
    track.need = needOf(state)
    tracks.set(state.stream, track)
    if (writer === null) return
    backlog = Promise.allSettled([backlog, writer.add({ epoch: 0, records: [], state, background: false })])
  }

  function deactivate(track: Track): void {
    forgetHints(track)
    track.active = false
    track.need = null
    track.jumps += 1
    tellProgress()
  }

  function pullDue(track: Track, delayMs: number): void {
    pulls.due(track, delayMs)
    tellProgress()
  }

  function begin(greeting: Welcome): void {
    welcome = greeting
    if (writer === null) return
    for (const track of tracks.values()) {
      track.active = true
      startOver(track)
    }
    pulls.begin(greeting.epoch)
    tellProgress()
  }

  async function load(): Promise<void> {
    try {
      const states = await store.loadStreams()
      if (stopped) return
      for (const state of states) tracks.set(state.stream, newTrack(state))
      for (const stream of [USERS_STREAM, ownStream] as const) {
        if (!tracks.has(stream)) tracks.set(stream, newTrack(unknownStream(stream)))
      }
      writer = startRecordWriter({ store, clock, onSaved, onFailure: reload })
      onStored(states)
      if (welcome !== null) begin(welcome)
    } catch (error) {
      reload(error)
    }
  }

  function onSaved(states: readonly StreamState[]): void {
    storeFailures = 0
    onStored(states)
  }

  /** What was decided here is ahead of a store that failed: begins again from what is really there. */
  function reload(error: unknown): void {
    onProblem(error)
    writer = null
    pulls.stop()
    for (const track of tracks.values()) forgetHints(track)
    tracks.clear()
    cancelReload = clock.after(1_000 + backoffMs(storeFailures++, random), () => void load())
  }

  function tellProgress(): void {
    const active = [...tracks.values()].filter((track) => track.active)
    const now = { done: active.filter(isCurrent).length, total: active.length }
    if (now.done !== progress.value.done || now.total !== progress.value.total) progress.next(now)
  }

  void load()
  const welcomes = connection.welcomed.subscribe(begin)
  const changes = connection.changed.subscribe((hint) => {
    const track = tracks.get(hint.stream)
    if (track?.active && writer !== null) hints.hear(track, hint)
  })

  return {
    progress: progress.asObservable(),
    openRoom: (roomId) => pulls.look(roomId),
    loadOlder: async (roomId, before) => {
      const track = tracks.get(roomStream(roomId))
      if (!track?.active || writer === null) return false
      const into = writer
      const key = `${roomId} ${before}`
      const asked =
        pages.get(key) ??
        loadPage({
          ask: (pull) => pulls.ask(pull),
          limit: () => pulls.pageMessages(),
          track,
          roomId,
          before,
          add: (write) => into.add(write),
          onProblem
        }).finally(() => pages.delete(key))
      pages.set(key, asked)
      return asked
    },
    stop: async () => {
      stopped = true
      welcomes.unsubscribe()
      changes.unsubscribe()
      cancelReload()
      pulls.stop()
      for (const track of tracks.values()) forgetHints(track)
      await writer?.stop()
      writer = null
    }
  }
}

function sameState(a: StreamState, b: StreamState): boolean {
  return (
    a.epoch === b.epoch &&
    a.checkpoint === b.checkpoint &&
    a.jump?.position === b.jump?.position &&
    a.jump?.target === b.jump?.target &&
    a.ranges === b.ranges &&
    a.headSeq === b.headSeq
  )
}
