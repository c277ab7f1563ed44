// Loads a page of a room's history because somebody scrolled there [S9.5]. Keeps no memory of it.
import { ConnectionLostError } from '../connection/connection.ts'
import type { Pull, PullResult } from '../../protocol/socket.ts'
import { applyPage } from './stream-state.ts'
import type { Step } from './stream-state.ts'
import type { Track } from './track.ts'

const MAX_TRIES = 3

/**
 * Resolves true when the page is stored, false when it could not be had. While it is under way, hints store messages that are not
 * held as well: the page may have been read before a change that it overtakes or is overtaken by [S9.4].
 */
export async function loadPage(parts: {
  ask: (pull: Pull) => Promise<PullResult>
  /** How many messages to ask for. */
  limit: () => number
  track: Track
  roomId: string
  before: number
  /** Makes the step the track's state; resolves with whether it is stored. */
  keep: (epoch: number, step: Step) => Promise<boolean>
  onProblem: (problem: unknown) => void
}): Promise<boolean> {
  const { ask, limit, track, roomId, before, keep, onProblem } = parts
  if (before <= (track.state.floor ?? 0) + 1) return true
  track.pages += 1
  try {
    for (let tries = 0; tries < MAX_TRIES && track.active; tries++) {
      const { jumps } = track
      const wants = [{ kind: 'page' as const, roomId, before, limit: limit() }]
      const { epoch, results } = await ask({ wants })
      const page = results[0]
      if (page?.ok !== true || page.kind !== 'page') return false
      // A jump in between has passed over changes to what is on this page: only one read after it will do.
      if (track.jumps !== jumps) continue
      return await keep(epoch, applyPage(track.state, epoch, page))
    }
    return false
  } catch (error) {
    if (!(error instanceof ConnectionLostError)) onProblem(error)
    return false
  } finally {
    track.pages -= 1
  }
}
