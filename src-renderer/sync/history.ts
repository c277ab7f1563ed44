// Loads what is missing of the rooms' history in the background [S9.5]: first the rest of each room's newest page, the room where something
// was said last before the others, then gaps, then what is older. Knows no store; says how far it is.
import { BehaviorSubject } from 'rxjs'
import type { Observable } from 'rxjs'
import { DEFAULT_PAGE_MESSAGES, MAX_PAGE_MESSAGES } from '../../protocol/limits.ts'
import type { PageWant, Pull, PullResult } from '../../protocol/socket.ts'
import { roomOfStream } from '../../protocol/streams.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Clock } from '../connection/clock.ts'
import { ConnectionLostError } from '../connection/connection.ts'
import type { SeqRange, StreamState } from '../store/sync-store.ts'
import { BATCH_RECORDS } from './record-writer.ts'
import { inBoth } from './seq-ranges.ts'
import { applyPage, historyOf } from './stream-state.ts'
import type { Step } from './stream-state.ts'
import { byActivity } from './track.ts'
import type { Track } from './track.ts'

/** Progress is told at most this often. */
const TELL_MS = 200
const RETRY_MS = 1_000

/** Messages of all rooms that are held, of those that there are: "12,400 of 48,213". Equal: nothing is missing. */
export interface HistoryProgress {
  held: number
  total: number
  /** The person has stopped it; what is scrolled to is loaded all the same, and what may be lost on the relay [S10.5]. */
  paused: boolean
}

export interface History {
  readonly progress: Observable<HistoryProgress>
  /** A new connection. */
  begin(): void
  /** Goes on if there is something to do: to be called whenever a stream is settled. */
  kick(): void
  pause(paused: boolean): void
  stop(): void
}

interface Piece {
  track: Track
  want: PageWant
  jumps: number
}

export function createHistory(parts: {
  clock: Clock
  random: () => number
  tracks: ReadonlyMap<string, Track>
  paused: boolean
  ask: (pull: Pull) => Promise<PullResult>
  /** How many messages to ask for at a time, given how many would be best. */
  portion: (best: number) => number
  isOpen: (track: Track) => boolean
  /** Nothing more than is held is asked for meanwhile: it could not be stored. `kick` is to follow. */
  isFull: () => boolean
  /** Makes the step the track's state; resolves when it is stored. */
  keep: (track: Track, epoch: number, step: Step) => Promise<boolean>
  onProblem: (problem: unknown) => void
}): History {
  const { clock, tracks, ask, keep, isOpen } = parts
  let paused = parts.paused
  const progress = new BehaviorSubject<HistoryProgress>({ held: 0, total: 0, paused })
  /** Rooms of which the relay gave nothing on this connection. */
  const fruitless = new Set<Track>()
  let generation = 0
  let up = false
  let busy = false
  let failures = 0
  let cancelTelling: (() => void) | null = null
  let cancelRetry = (): void => {}
  /** The device is so full that not even pages in the place of what it holds could be stored. */
  let tooFull = false

  /** What is new comes first: no room lacks what is needed to be listed. */
  const isTime = (): boolean =>
    up && !tooFull && [...tracks.values()].every((track) => !track.active || track.need === null || track.delayed)

  /** [S10.5] What is held and may be lost is asked for all the same: nobody else may have it, and a page takes its place. */
  const isHeldBack = (): boolean => paused || parts.isFull()

  function kick(): void {
    tellSoon()
    tooFull &&= parts.isFull()
    if (!busy && isTime()) void run(generation)
  }

  /** Asks for the next batch while the one before is being stored, and never further ahead. */
  async function run(mine: number): Promise<void> {
    const goesOn = (): boolean => mine === generation && isTime()
    busy = true
    let storing: Promise<unknown> = Promise.resolve()
    try {
      while (goesOn()) {
        const pieces = choose()
        if (pieces.length === 0) break
        const steps = await fetched(pieces, mine)
        await storing
        storing = Promise.allSettled(steps)
        tellSoon()
      }
      await storing
      failures = 0
    } catch (error) {
      if (mine === generation && !(error instanceof ConnectionLostError)) retryLater(error)
    }
    if (mine === generation) busy = false
  }

  function retryLater(error: unknown): void {
    parts.onProblem(error)
    up = false
    cancelRetry = clock.after(RETRY_MS + backoffMs(failures++, parts.random), () => {
      up = true
      kick()
    })
  }

  /** Resolves with the writes that the answer has set going. */
  async function fetched(pieces: readonly Piece[], mine: number): Promise<Promise<void>[]> {
    const wasFull = parts.isFull()
    for (const { track } of pieces) track.pages += 1
    try {
      const { epoch, results } = await ask({ wants: pieces.map(({ want }) => want) })
      if (mine !== generation) return []
      return pieces.flatMap(({ track, jumps }, index) => {
        const page = results[index]
        // A jump in between has passed over changes to what is on this page: it is asked for again.
        if (!track.active || track.jumps !== jumps || page === undefined) return []
        if (!page.ok || page.kind !== 'page') {
          fruitless.add(track)
          return []
        }
        // Nothing, where something should be: asked again on the next connection. No room in this answer: at once, in a smaller batch.
        if (page.messages.length === 0 && (index === 0 || !page.more)) fruitless.add(track)
        if (page.messages.length === 0 && page.more) return []
        const stored = keep(track, epoch, applyPage(track.state, epoch, page))
        return [stored.then((isStored) => void (tooFull ||= wasFull && !isStored))]
      })
    } finally {
      for (const { track } of pieces) track.pages -= 1
    }
  }

  function choose(): Piece[] {
    const isLittle = isHeldBack()
    const wanted = isLittle ? uncompared : missing
    const rooms = [...tracks.values()].filter((track) => {
      const { stream, ranges, jump } = track.state
      if (!track.active || track.need !== null || fruitless.has(track)) return false
      // After a short jump, what lies before the newest page comes with the changes.
      const comes = jump !== undefined && track.gapFrom !== null && !lacksNewest(track.state)
      return roomOfStream(stream) && ranges.length > 0 && !comes
    })
    const urgencies = new Map(rooms.map((track) => [track, isLittle ? 1 : urgency(track.state)]))
    const order = (a: Track, b: Track): number => (urgencies.get(a) ?? 0) - (urgencies.get(b) ?? 0)
    rooms.sort((a, b) => order(a, b) || Number(isOpen(b)) - Number(isOpen(a)) || byActivity(a, b))
    const pieces: Piece[] = []
    let left = parts.portion(BATCH_RECORDS)
    for (const track of rooms) {
      const roomId = roomOfStream(track.state.stream) ?? ''
      for (const [from, to] of wanted(track.state)) {
        for (let before = to + 1; before > from && left > 0;) {
          const limit = Math.min(before - from, MAX_PAGE_MESSAGES, left)
          // The rest of a newest page comes whole or in the next batch.
          if (pieces.length > 0 && urgencies.get(track) === 0 && limit < before - from) return pieces
          pieces.push({ track, want: { kind: 'page', roomId, before, limit }, jumps: track.jumps })
          before -= limit
          left -= limit
        }
      }
      if (left <= 0) break
    }
    return pieces
  }

  function tellSoon(): void {
    cancelTelling ??= clock.after(TELL_MS, () => {
      cancelTelling = null
      tell()
    })
  }

  function tell(): void {
    const now = { held: 0, total: 0, paused }
    for (const track of tracks.values()) {
      if (!track.active || roomOfStream(track.state.stream) === undefined) continue
      const { held, total } = historyOf(track.state)
      now.held += held
      now.total += total
    }
    const { value } = progress
    if (now.held !== value.held || now.total !== value.total || now.paused !== value.paused) progress.next(now)
  }

  return {
    progress: progress.asObservable(),
    begin() {
      cancelRetry()
      generation += 1
      up = true
      busy = false
      fruitless.clear()
      kick()
    },
    kick,
    pause(now) {
      paused = now
      tell()
      kick()
    },
    stop() {
      generation += 1
      up = false
      busy = false
      cancelRetry()
      cancelTelling?.()
      cancelTelling = null
    }
  }
}

/** 0: not even the newest page is here; 1: there are gaps, or it is an aside, which is short; 2: only what is old is missing; 3: nothing is. */
function urgency(state: StreamState): number {
  if (missing(state).length === 0) return 3
  if (lacksNewest(state)) return 0
  return state.ranges.length > 1 || state.parentId !== undefined ? 1 : 2
}

/** Whether less of the room's newest end is held than a page has, though there is more. */
export function lacksNewest({ ranges, floor = 0 }: StreamState): boolean {
  const newest = ranges.at(-1)
  if (newest === undefined || newest[0] <= floor + 1) return false
  return newest[1] - newest[0] + 1 < DEFAULT_PAGE_MESSAGES
}

/** The runs of seqs that are asked for next, from the newest end on: only the rest of the newest page where it is not here yet. */
function missing(state: StreamState): readonly SeqRange[] {
  const { ranges, floor = 0 } = state
  const newest = ranges.at(-1)
  if (newest !== undefined && lacksNewest(state)) {
    const below = ranges.at(-2)?.[1] ?? floor
    const from = Math.max(below + 1, newest[1] - DEFAULT_PAGE_MESSAGES + 1, floor + 1)
    return from < newest[0] ? [[from, newest[0] - 1]] : []
  }
  return notHeld(state).toReversed()
}

/** [S10.5] The runs of seqs of which only a page tells whether the relay still has what is held of them, the newest first. */
export function uncompared(state: StreamState): readonly SeqRange[] {
  const { lostUpTo, heldBefore } = state
  if (lostUpTo === undefined) return []
  return (heldBefore ? inBoth(notHeld(state), heldBefore) : notHeld(state)).toReversed()
}

function notHeld({ ranges, floor = 0 }: StreamState): readonly SeqRange[] {
  const runs = ranges.map(([from], index) => [(ranges[index - 1]?.[1] ?? 0) + 1, from - 1] as const)
  return inBoth(
    runs.filter(([from, to]) => from <= to),
    [[floor + 1, Infinity]]
  )
}
