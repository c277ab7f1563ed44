// Keeps the device's records up with the relay's: which streams there are, what hints and pulls do to them, and in which order
// that reaches the store. The only writer of records and stream states.
import { BehaviorSubject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { MembershipRecord, StreamRecord } from '../../protocol/records.ts'
import { readsStream, roomOfStream, roomStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { DEFAULT_PAGE_MESSAGES } from '../../protocol/limits.ts'
import type { Welcome } from '../../protocol/socket.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Clock } from '../connection/clock.ts'
import type { Connection } from '../connection/connection.ts'
import type { StreamState, SyncStore } from '../store/sync-store.ts'
import { createHints } from './hints.ts'
import { createHistory, lacksNewest } from './history.ts'
import type { HistoryProgress } from './history.ts'
import { repeatRoom, storeReceived } from './lost.ts'
import { createOldPages } from './old-pages.ts'
import { createPulls } from './pulls.ts'
import { startRecordWriter } from './record-writer.ts'
import type { RecordWriter } from './record-writer.ts'
import { createScarceSpace } from './scarce-space.ts'
import { sameState, unknownStream, withoutLosses } from './stream-state.ts'
import type { Step } from './stream-state.ts'
import { forgetHints, isCurrent, needOf, newTrack, startOver } from './track.ts'
import type { Track } from './track.ts'
import { withUnmet } from './unmet-deletions.ts'

/** Streams that are known of, and how many of them lack nothing but old pages. Equal: the device is up to date, and has stored it. */
export interface SyncProgress {
  done: number
  total: number
}

export interface RecordSync {
  readonly progress: Observable<SyncProgress>
  readonly history: Observable<HistoryProgress>
  pauseHistory(paused: boolean): void
  /** [S11.1] Whether this stream was read once and is not any more: nothing of it will come. */
  hasEnded(stream: StreamId): boolean
  /** Whether it is one of those that are read now. */
  isFollowed(stream: StreamId): boolean
  /** [S13] The relay had not got the message to delete it: see StreamState. Resolves when it is durable. */
  rememberUnmet(stream: StreamId, messageId: string): Promise<void>
  /** Of the present or last connection; 0 before the first. */
  epoch(): number
  openRoom(roomId: string | null): void
  loadOlder(roomId: string, before: number): Promise<boolean>
  /** Resolves when everything that has come so far is stored, or is given up. */
  stored(): Promise<void>
  /** Resolves when nothing of it writes any more. */
  stop(): Promise<void>
}

/**
 * @param onStored told of states that are durable, those loaded at the start included
 * @param onEnded told when `hasEnded` becomes true of a stream
 */
export function startRecordSync(options: {
  store: Pick<
    SyncStore,
    | 'loadStreams'
    | 'saveStreams'
    | 'applyRecords'
    | 'applyPage'
    | 'findLost'
    | 'heldRoom'
    | 'loadOutbox'
    | 'repeatOperations'
  >
  connection: Pick<Connection, 'welcomed' | 'changed' | 'pull'>
  userId: string
  clock: Clock
  random: () => number
  historyPaused: boolean
  onStored: (states: readonly StreamState[]) => void
  onEnded: () => void
  onProblem: (problem: unknown) => void
}): RecordSync {
  const { store, connection, clock, random, onProblem, onStored } = options
  const ownStream = userStream(options.userId)
  const progress = new BehaviorSubject<SyncProgress>({ done: 0, total: 0 })
  const tracks = new Map<StreamId, Track>()
  let writer: RecordWriter | null = null
  let welcome: Welcome | null = null
  let backlog: Promise<unknown> = Promise.resolve()
  let storeFailures = 0
  let stopped = false
  let cancelReload = (): void => {}

  const hints = createHints({
    clock,
    random,
    take: (track, epoch, step) => void take(track, epoch, step, false),
    pullDue
  })
  const pulls = createPulls({
    connection,
    clock,
    random,
    tracks,
    take: (track, epoch, step) => void take(track, epoch, step, isBackground(track)),
    settled: (track) => {
      hints.settleKept(track)
      if (pulls.isOpen(track)) completeNewest(track)
      tellProgress()
      history.kick()
    },
    lostAccess: (track, code) => {
      deactivate(track)
      if (code === 'room-not-found') makeRoomAgain(track)
      history.kick()
    },
    stored: () => backlog,
    onProblem
  })
  const history = createHistory({
    clock,
    random,
    tracks,
    paused: options.historyPaused,
    ask: (pull) => pulls.ask(pull),
    portion: (best) => pulls.portion(best),
    isOpen: (track) => pulls.isOpen(track),
    isFull: () => space.isFull(),
    keep: async (track, epoch, step) => {
      const stored = await take(track, epoch, step, true)
      if (stored && !space.isFull()) space.stored()
      return stored
    },
    onProblem
  })
  const space = createScarceSpace(clock, () => history.kick())

  const oldPages = createOldPages({
    ask: (pull) => pulls.ask(pull),
    limit: () => pulls.portion(DEFAULT_PAGE_MESSAGES),
    keep: async (track, epoch, step) => take(track, epoch, step, false),
    onProblem
  })

  /** What was changed while one was away, in rooms that are not looked at: unlike their newest messages it can wait. */
  function isBackground(track: Track): boolean {
    return roomOfStream(track.state.stream) !== undefined && track.need === null && !pulls.isOpen(track)
  }

  /** The step becomes the track's state at once; the store follows [S10]. Resolves with whether it is stored, and never rejects. */
  async function take(track: Track, epoch: number, step: Step, background: boolean): Promise<boolean> {
    const { lostUpTo } = track.state
    const { records, page } = step
    const state = roomOfStream(step.state.stream) === undefined ? step.state : withoutLosses(step.state)
    const unchanged = records.length === 0 && page === undefined && sameState(track.state, state)
    track.state = state
    if (unchanged) return true
    if (writer === null) return false
    if (state.stream === ownStream) followMemberships(records)
    const stored = writer.add({ epoch, records, page, lostUpTo, state, background })
    backlog = Promise.allSettled([backlog, stored])
    return stored.then(
      () => true,
      () => false // `reload` was told why
    )
  }

  async function rememberUnmet(stream: StreamId, messageId: string): Promise<void> {
    if (writer === null) throw new Error('the records cannot be written at this moment')
    const track = tracks.get(stream)
    // Of a room that is not known of, nothing comes either.
    if (!track) return
    const state = { ...track.state, unmetDeletions: withUnmet(track.state.unmetDeletions, messageId) }
    const stored = await take(track, state.epoch, { state, records: [] }, false)
    if (!stored) throw new Error(`a deletion in ${stream} could not be kept`)
  }

  /** [S9] The rest of the newest page of the room that is looked at, if it was only listed so far; of its asides a page more. */
  function completeNewest(track: Track): void {
    const { ranges, stream, parentId } = track.state
    const newest = ranges.at(-1)
    const roomId = roomOfStream(stream)
    if (newest === undefined || roomId === undefined || !track.active || track.need !== null) return
    if (lacksNewest(track.state) || (parentId !== undefined && newest[0] > 1)) void loadOlder(roomId, newest[0])
  }

  /**
   * [S10.5] Only the one who made it can: others are let in again by that. A direct room either of the two makes, an aside whoever has said something
   * in it.
   */
  function makeRoomAgain({ state }: Track): void {
    const roomId = roomOfStream(state.stream)
    if (roomId !== undefined) repeatRoom(store, roomId, options.userId, state.unmetDeletions).catch(onProblem)
  }

  /**
   * [S11.1, S11.2] A new room is put down before the membership, so that no crash between the two forgets it: also one that has ended
   * already, because the outbox may hold what this device did in it. [S11.5] Asides come after the rooms that they belong to, and go with them: who was
   * away in between, if only for a moment that was not told of, has heard nothing of them.
   */
  function followMemberships(records: readonly StreamRecord[]): void {
    const memberships = records.filter((record) => record.type === 'membership')
    for (const { roomId, state, parentId, changedAt } of memberships.toSorted((a, b) => asideLast(a) - asideLast(b))) {
      const isJoined = state === 'joined' && (parentId === undefined || isReadable(parentId))
      for (const stream of [roomStream(roomId), readsStream(roomId)]) follow(stream, isJoined, parentId)
      const room = tracks.get(roomStream(roomId))
      if (parentId !== undefined || room === undefined) continue
      const wasAway = room.joinedAt !== changedAt
      room.joinedAt = changedAt
      for (const aside of tracks.values()) {
        if (aside.state.parentId !== roomId) continue
        follow(aside.state.stream, isJoined, roomId)
        if (aside.active && wasAway && !aside.pulling) aside.need ??= needOf(aside.state)
      }
    }
    pulls.kick()
  }

  function isReadable(roomId: string): boolean {
    return tracks.get(roomStream(roomId))?.active !== false
  }

  function follow(stream: StreamId, isJoined: boolean, parentId: string | undefined): void {
    const track = tracks.get(stream) ?? addTrack(unknownStream(stream, parentId))
    if (!isJoined) {
      if (track.active) deactivate(track)
    } else if (!track.active) {
      track.active = true
      startOver(track)
    } else if (track.pulling) {
      track.rejoined = true
    }
  }

  function addTrack(state: StreamState): Track {
    const track = newTrack(state)
    track.need = needOf(state)
    tracks.set(state.stream, track)
    if (writer === null) return track
    backlog = Promise.allSettled([backlog, writer.add({ epoch: 0, records: [], state, background: false })])
    return track
  }

  function deactivate(track: Track): void {
    forgetHints(track)
    track.active = false
    track.need = null
    track.jumps += 1
    tellProgress()
    options.onEnded()
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
    history.begin()
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
      // A device of before there were read marks: what is known of them will be stored once there is something to know.
      for (const { stream, parentId } of states) {
        const roomId = roomOfStream(stream)
        const reads = roomId === undefined ? null : readsStream(roomId)
        if (reads !== null && !tracks.has(reads)) tracks.set(reads, newTrack(unknownStream(reads, parentId)))
      }
      writer = startRecordWriter({
        store,
        storeReceived: async (received) => storeReceived(store, options.userId, received),
        clock,
        onSaved,
        onFailure: reload
      })
      onStored(states)
      if (welcome !== null) begin(welcome)
    } catch (error) {
      reload(error)
    }
  }

  /** States alone are so small that even a full device may take them. */
  function onSaved(states: readonly StreamState[], withRecords: boolean): void {
    if (withRecords) storeFailures = 0
    onStored(states)
  }

  /** What was decided here is ahead of a store that failed: begins again from what is really there. */
  function reload(error: unknown): void {
    onProblem(error)
    writer = null
    if (stopped) return
    space.failed(error)
    pulls.stop()
    history.stop()
    for (const track of tracks.values()) forgetHints(track)
    tracks.clear()
    cancelReload = clock.after(1_000 + backoffMs(storeFailures++, random), () => void load())
  }

  /** What is missing is told at once; that nothing is, when it is stored: who hears it looks there. */
  function tellProgress(): void {
    const now = countProgress()
    if (isBehind(now)) tell(now)
    else {
      void backlog.then(() => {
        const later = countProgress()
        tell(isBehind(later) ? later : now)
      })
    }
  }

  function countProgress(): SyncProgress {
    const active = [...tracks.values()].filter((track) => track.active)
    return { done: active.filter(isCurrent).length, total: active.length }
  }

  function tell(now: SyncProgress): void {
    if (now.done !== progress.value.done || now.total !== progress.value.total) progress.next(now)
  }

  void load()
  const welcomes = connection.welcomed.subscribe(begin)
  const changes = connection.changed.subscribe((hint) => {
    const track = tracks.get(hint.stream)
    if (track?.active && writer !== null) hints.hear(track, hint)
  })

  async function loadOlder(roomId: string, before: number): Promise<boolean> {
    const track = tracks.get(roomStream(roomId))
    if (!track?.active || writer === null) return false
    return oldPages.load(track, roomId, before)
  }

  return {
    progress: progress.asObservable(),
    history: history.progress,
    pauseHistory: (paused) => history.pause(paused),
    hasEnded: (stream) => tracks.get(stream)?.active === false,
    isFollowed: (stream) => tracks.get(stream)?.active === true,
    rememberUnmet,
    epoch: () => welcome?.epoch ?? 0,
    openRoom: (roomId) => {
      pulls.look(roomId)
      if (welcome === null) return
      for (const track of tracks.values()) if (pulls.isOpen(track)) completeNewest(track)
    },
    loadOlder,
    stored: async () => {
      // Who hears that a stream has ended does so while the membership that says it is being taken.
      await Promise.resolve()
      await backlog
    },
    stop: async () => {
      stopped = true
      welcomes.unsubscribe()
      changes.unsubscribe()
      cancelReload()
      space.stop()
      pulls.stop()
      history.stop()
      for (const track of tracks.values()) forgetHints(track)
      await writer?.stop()
      writer = null
    }
  }
}

function asideLast({ parentId }: MembershipRecord): number {
  return Number(parentId !== undefined)
}

function isBehind({ done, total }: SyncProgress): boolean {
  return done < total
}
