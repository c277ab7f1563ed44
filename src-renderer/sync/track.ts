// What sync knows of one stream while it runs: its state, what it still needs of the relay, and the hints that wait.
import type { Changed } from '../../protocol/socket.ts'
import { roomOfStream } from '../../protocol/streams.ts'
import type { StreamState } from '../store/sync-store.ts'

export interface Track {
  /** As decided here; the store follows. */
  state: StreamState
  /** False: no right to read it (any more). It is neither pulled nor heard, and what was given stays. */
  active: boolean
  /** What to ask for: the changes since the position, or the newest page first [S9.2]. Hints are kept until it is null [S7.3]. */
  need: 'changes' | 'newest' | null
  /** Waits for a jitter or after a failure, before it is asked for. */
  delayed: boolean
  /** A pull for `need` is under way. */
  pulling: boolean
  /** A pull for the changes in (C, T] is under way [S9.3]. */
  catchingUp: boolean
  /** Not pulled yet on this connection. */
  first: boolean
  /** Hints that were early or came during a pull. */
  kept: Changed[]
  cancelPatience: (() => void) | null
  /** Highest held seq when the run of pulls began; null outside of one. See `applyChanges`. */
  base: number | null
  /** Highest seq held before the last jump. Null after a restart: then everything held counts. */
  heldSeq: number | null
  /**
   * The last jump passed over few messages: each above this seq is held already, or will be once it comes, with the changes in (C, T] or, if
   * it was changed since, from J on. Null: what was passed over comes by pages.
   */
  gapFrom: number | null
  /** How often it has jumped: an answer to a question from before a jump is not for the state after it. */
  jumps: number
  /** Pages of history under way [S9.4]. */
  pages: number
  failures: number
  /** Joined again while a pull was under way that may still be refused. */
  rejoined: boolean
  /** Of a room: when this user came into it, as they were told last; null: not told since the start. */
  joinedAt: string | null
}

export function newTrack(state: StreamState): Track {
  return {
    state,
    active: true,
    need: null,
    delayed: false,
    pulling: false,
    catchingUp: false,
    first: true,
    kept: [],
    cancelPatience: null,
    base: null,
    heldSeq: null,
    gapFrom: null,
    jumps: 0,
    pages: 0,
    failures: 0,
    rejoined: false,
    joinedAt: null
  }
}

/** For a new connection: everything is asked for again from the position on, nothing of the old one counts. */
export function startOver(track: Track): void {
  forgetHints(track)
  track.need = needOf(track.state)
  track.delayed = false
  track.pulling = false
  track.catchingUp = false
  track.first = true
  track.base = null
  track.jumps += 1
  track.failures = 0
  track.rejoined = false
}

/** A room of which no message is held begins with its newest page; everything else goes on from its position. */
export function needOf(state: StreamState): 'changes' | 'newest' {
  return roomOfStream(state.stream) !== undefined && state.ranges.length === 0 ? 'newest' : 'changes'
}

export function forgetHints(track: Track): void {
  track.cancelPatience?.()
  track.cancelPatience = null
  track.kept = []
}

/** Whether nothing of the past is missing but old pages. */
export function isCurrent(track: Track): boolean {
  return track.need === null && !track.pulling && track.state.jump === undefined
}

/** The room in which something was said last comes first; what is not known of, last. */
export function byActivity(a: Track, b: Track): number {
  const [before, after] = [b.state.activeAt ?? '', a.state.activeAt ?? '']
  return before < after ? -1 : Number(before > after)
}
