// Loads a page of a room's history because somebody scrolled there [S9.5]. Keeps no memory of it.
import { ConnectionLostError } from '../connection/connection.ts'
import type { Pull, PullResult } from '../../protocol/socket.ts'
import { applyPage } from './stream-state.ts'
import type { Step } from './stream-state.ts'
import type { Track } from './track.ts'

const MAX_TRIES = 3

interface PageParts {
  ask: (pull: Pull) => Promise<PullResult>
  /** How many messages to ask for. */
  limit: () => number
  /** Makes the step the track's state; resolves with whether it is stored. */
  keep: (track: Track, epoch: number, step: Step) => Promise<boolean>
  onProblem: (problem: unknown) => void
}

export interface OldPages {
  /** Resolves true when the messages before `before` are stored, false when they could not be had. Asked again meanwhile, it asks once. */
  load(track: Track, roomId: string, before: number): Promise<boolean>
}

export function createOldPages(parts: PageParts): OldPages {
  const underWay = new Map<string, Promise<boolean>>()
  return {
    async load(track, roomId, before) {
      const key = `${roomId} ${before}`
      const asked = underWay.get(key) ?? loadPage(parts, track, roomId, before).finally(() => underWay.delete(key))
      underWay.set(key, asked)
      return asked
    }
  }
}

/**
 * While it is under way, hints store messages that are not held as well: the page may have been read before a change that it overtakes or
 * is overtaken by [S9.4].
 */
async function loadPage(parts: PageParts, track: Track, roomId: string, before: number): Promise<boolean> {
  const { ask, limit, keep, onProblem } = parts
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
      return await keep(track, epoch, applyPage(track.state, epoch, page))
    }
    return false
  } catch (error) {
    if (!(error instanceof ConnectionLostError)) onProblem(error)
    return false
  } finally {
    track.pages -= 1
  }
}
