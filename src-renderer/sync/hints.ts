// What happens to a hint: applied, kept for its predecessor or for a pull, or turned into a pull. SPEC S7.
import { HINT_PATIENCE_MS, HINT_PULL_JITTER_MS } from '../../protocol/limits.ts'
import type { Changed } from '../../protocol/socket.ts'
import type { Clock } from '../connection/clock.ts'
import { highestSeq } from './seq-ranges.ts'
import { applyHint, decideHint } from './stream-state.ts'
import type { Step } from './stream-state.ts'
import type { Track } from './track.ts'

export interface HintParts {
  clock: Clock
  random: () => number
  /** Makes a step the track's state and stores it. */
  take: (track: Track, epoch: number, step: Step) => void
  /** Told of a track that needs a pull, so many ms from now. */
  pullDue: (track: Track, delayMs: number) => void
}

export interface Hints {
  hear(track: Track, hint: Changed): void
  /** Settles what was kept during a pull, or says again what is missing. */
  settleKept(track: Track): void
}

export function createHints(parts: HintParts): Hints {
  const { clock, random, take, pullDue } = parts

  function hear(track: Track, hint: Changed): void {
    track.kept.push(hint)
    settleKept(track)
  }

  function settleKept(track: Track): void {
    if (track.need !== null || track.pulling || track.kept.length === 0) return
    const kept = track.kept.toSorted((a, b) => a.from - b.from)
    track.kept = []
    for (const hint of kept) {
      const decision = decideHint(track.state, hint)
      if (decision === 'apply') {
        const base = track.gapFrom ?? highestSeq(track.state.ranges)
        take(track, hint.epoch, applyHint(track.state, hint, base, track.pages > 0))
      }
      if (decision === 'pull') pullSoon(track)
      if (decision === 'wait') track.kept.push(hint)
      if (track.need !== null) return
    }
    if (track.kept.length > 0) {
      track.cancelPatience ??= clock.after(HINT_PATIENCE_MS, () => pullSoon(track))
    } else {
      track.cancelPatience?.()
      track.cancelPatience = null
    }
  }

  /** The pull covers whatever is kept or left out; jitter, so that a room full of devices does not ask at once. */
  function pullSoon(track: Track): void {
    track.cancelPatience?.()
    track.cancelPatience = null
    track.need = 'changes'
    pullDue(track, random() * HINT_PULL_JITTER_MS)
  }

  return { hear, settleKept }
}
