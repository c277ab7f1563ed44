// Sends the pulls: what is looked at first, in as few packets as possible; what can wait one small batch after the other.
// Knows no store; what answers mean is in pull-answers.ts.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_PULL_RECORDS, MAX_PULL_WANTS } from '../../protocol/limits.ts'
import type { Pull, PullResult } from '../../protocol/socket.ts'
import { roomOfStream } from '../../protocol/streams.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Clock } from '../connection/clock.ts'
import { ConnectionLostError } from '../connection/connection.ts'
import type { Connection } from '../connection/connection.ts'
import { revsLeft, settleCatchUp, settleNeed } from './pull-answers.ts'
import type { Answered, Take } from './pull-answers.ts'
import { createPortion } from './portion.ts'
import { choosePull } from './pull-choice.ts'
import type { Chosen } from './pull-choice.ts'
import { BACKGROUND_PAUSE_MS } from './record-writer.ts'
import { JUMP_REVS, SHORT_JUMP_REVS } from './stream-state.ts'
import type { Track } from './track.ts'

/** Rooms whose changes since a jump are asked for in one background pull. */
export const BACKGROUND_ROOMS = 10
/** Pulls under way for what is looked at; one on a line that is too slow for large answers. */
const FOREGROUND_PULLS = 3
/** No try after a failure sooner than this. */
const RETRY_MS = 500

export interface PullParts {
  connection: Pick<Connection, 'pull'>
  clock: Clock
  random: () => number
  tracks: ReadonlyMap<string, Track>
  take: Take
  /** The track's pull is settled: kept hints may be. */
  settled: (track: Track) => void
  /** The relay says that this user does not read the stream; with which of its error codes. */
  lostAccess: (track: Track, code: string) => void
  /** Resolves when everything taken so far is stored, so that the background does not run ahead of the store. */
  stored: () => Promise<unknown>
  onProblem: (problem: unknown) => void
}

export interface Pulls {
  /** A new connection: answers of the old one do not count any more. */
  begin(epoch: number): void
  /** Sends what is due. To be called whenever a track's need has changed. */
  kick(): void
  /** The track needs a pull, not sooner than in so many ms. */
  due(track: Track, delayMs: number): void
  /** As the connection's, but the time it takes counts for how much is asked for from then on. */
  ask(pull: Pull): Promise<PullResult>
  /** How many messages of history to ask for at a time: `best`, or less on a slow line. */
  portion(best: number): number
  /** Which room comes first. */
  look(roomId: string | null): void
  isOpen(track: Track): boolean
  stop(): void
}

export function createPulls(parts: PullParts): Pulls {
  const { connection, clock, random, tracks, take } = parts
  let epoch = 0
  let generation = 0
  let open: string | null = null
  let foreground = 0
  let background = false
  /** After an answer that could not be read: one stream at a time, so that one bad record holds up nothing else. */
  let oneByOne = false
  let settling = false
  const portion = createPortion(clock, MAX_PULL_RECORDS)
  const timers = new Set<() => void>()

  // [S11.5] With what is said aside in it.
  const isOpen = ({ state: { stream, parentId } }: Track): boolean =>
    open !== null && roomOfStream(stream) !== undefined && (parentId ?? roomOfStream(stream)) === open

  function kick(): void {
    // Half settled, a track looks as if it still needed what has just come.
    if (settling) return
    while (epoch !== 0 && foreground < (portion.isWhole ? FOREGROUND_PULLS : 1)) {
      const asked = choose((track) => needs(track) || (isOpen(track) && lags(track)), MAX_PULL_WANTS)
      if (asked.length === 0) break
      foreground += 1
      void send(asked, () => {
        foreground -= 1
        kick()
      })
    }
    if (epoch === 0 || background || (foreground > 0 && !portion.isWhole)) return
    const asked = choose(lags, BACKGROUND_ROOMS)
    if (asked.length === 0) return
    background = true
    void send(asked, () => {
      const mine = generation
      void parts.stored().then(() => {
        if (mine !== generation) return
        later(BACKGROUND_PAUSE_MS, () => {
          background = false
          kick()
        })
      })
    })
  }

  const needs = (track: Track): boolean => track.need !== null && !track.pulling
  const lags = (track: Track): boolean =>
    track.need === null && !track.pulling && track.state.jump !== undefined && !track.catchingUp

  /** The next pull of what is wanted, marked as being pulled. */
  function choose(wanted: (track: Track) => boolean, maxWants: number): Chosen[] {
    const due = [...tracks.values()].filter((track) => track.active && !track.delayed && wanted(track))
    const chosen = choosePull(due, { maxWants, isOpen, portion, oneByOne })
    for (const { track, catchUp } of chosen) {
      if (catchUp) track.catchingUp = true
      else track.pulling = true
    }
    return chosen
  }

  async function ask(pull: Pull): Promise<PullResult> {
    return portion.exchange(() => connection.pull(pull), recordsIn)
  }

  /** @param after not called when a new connection has begun or this one is lost */
  async function send(asked: readonly Chosen[], after: () => void): Promise<void> {
    const mine = generation
    try {
      const result = await ask({ wants: asked.flatMap(({ wants }) => wants) })
      if (mine !== generation) return
      settling = true
      settle(asked, result)
    } catch (error) {
      if (mine !== generation) return
      // A new connection asks for everything again.
      if (error instanceof ConnectionLostError) epoch = 0
      else giveBack(asked, error)
    } finally {
      settling = false
    }
    after()
  }

  function giveBack(asked: readonly Chosen[], error: unknown): void {
    parts.onProblem(error)
    oneByOne ||= error instanceof ProtocolError && error.code === 'invalid'
    for (const { track, catchUp } of asked) {
      release(track, catchUp)
      retryLater(track)
    }
  }

  function settle(asked: readonly Chosen[], result: PullResult): void {
    let next = 0
    const left: Track[] = []
    // [S9] More than the next answer carries: the newest of each room that is not looked at goes before the rest of the others.
    const isMuch = revsLeft(result.results) > portion.size
    for (const { track, wants, catchUp, jumps } of asked) {
      const answered: Answered[] = []
      for (const want of wants) {
        const answer = result.results[next++]
        if (answer !== undefined) answered.push({ want, answer })
      }
      release(track, catchUp)
      // A jump or a reset in between: the answer is to another question.
      if (!track.active || track.jumps !== jumps) continue
      const jumpRevs = isMuch && !isOpen(track) ? SHORT_JUMP_REVS : JUMP_REVS
      if (!settleOne(track, catchUp, answered, jumpRevs)) left.push(track)
    }
    // Left out because the answer was full of others: asked again at once. With nothing at all gained, later.
    if (left.length === asked.length) left.forEach(retryLater)
  }

  /** Returns false if nothing was gained for the track. */
  function settleOne(track: Track, catchUp: boolean, answered: readonly Answered[], jumpRevs: number): boolean {
    const refusal = answered.map(({ answer }) => answer).find((answer) => !answer.ok)
    if (refusal !== undefined) {
      const { code } = refusal.error
      const noAccess = code === 'not-a-member' || code === 'room-not-found' || code === 'not-permitted'
      if (noAccess && !track.rejoined) parts.lostAccess(track, code)
      else if (!noAccess) retryLater(track)
      track.rejoined = false
      return true
    }
    track.rejoined = false
    const gained = catchUp ? caughtUp(track, answered) : settleNeed(track, epoch, answered, take, jumpRevs)
    if (gained) {
      track.failures = 0
      track.first = false
    }
    parts.settled(track)
    return gained
  }

  function caughtUp(track: Track, answered: readonly Answered[]): boolean {
    const answer = answered[0]?.answer
    return answer?.ok === true && answer.kind === 'changes' && settleCatchUp(track, epoch, answer, take)
  }

  function release(track: Track, catchUp: boolean): void {
    if (catchUp) track.catchingUp = false
    else track.pulling = false
  }

  function retryLater(track: Track): void {
    const ms = RETRY_MS + backoffMs(track.failures, random)
    track.failures += 1
    delay(track, ms)
  }

  function delay(track: Track, ms: number): void {
    track.delayed = true
    later(ms, () => {
      track.delayed = false
      kick()
    })
  }

  function later(ms: number, run: () => void): void {
    const mine = generation
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      if (mine === generation) run()
    })
    timers.add(cancel)
  }

  function cancelTimers(): void {
    for (const cancel of timers) cancel()
    timers.clear()
  }

  return {
    begin(newEpoch) {
      cancelTimers()
      generation += 1
      epoch = newEpoch
      foreground = 0
      background = false
      oneByOne = false
      portion.begin()
      kick()
    },
    kick,
    due: delay,
    ask,
    portion: (best) => Math.min(best, portion.size),
    look(roomId) {
      open = roomId
      kick()
    },
    isOpen,
    stop() {
      cancelTimers()
      generation += 1
      epoch = 0
    }
  }
}

function recordsIn({ results }: PullResult): number {
  return results.reduce((sum, answer) => {
    if (!answer.ok) return sum
    return sum + (answer.kind === 'page' ? answer.messages.length : answer.records.length)
  }, 0)
}
