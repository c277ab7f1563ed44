// Sends the pulls: what is looked at first, in as few packets as possible; what can wait one small batch after the other.
// Knows no store; what answers mean is in pull-answers.ts.
import { ProtocolError } from '../../protocol/errors.ts'
import { DEFAULT_PAGE_MESSAGES, MAX_PULL_RECORDS, MAX_PULL_WANTS } from '../../protocol/limits.ts'
import type { Pull, PullResult, Want } from '../../protocol/socket.ts'
import { roomOfReads, roomOfStream } from '../../protocol/streams.ts'
import { backoffMs } from '../connection/backoff.ts'
import type { Clock } from '../connection/clock.ts'
import { ConnectionLostError } from '../connection/connection.ts'
import type { Connection } from '../connection/connection.ts'
import { catchUpWant, settleCatchUp, settleNeed, WANT_RECORDS, wantsFor } from './pull-answers.ts'
import type { Answered, Take } from './pull-answers.ts'
import { createPortion } from './portion.ts'
import { BACKGROUND_PAUSE_MS } from './record-writer.ts'
import { byActivity } from './track.ts'
import type { Track } from './track.ts'

/** Rooms whose changes since a jump are asked for in one background pull. */
export const BACKGROUND_ROOMS = 10
/** Rooms that nothing is known of, in one pull; with so few or less in all, each comes with its whole newest page. */
const LISTED_ROOMS = 100
const WHOLE_PAGES = 10
/** Pulls under way for what is looked at; one on a line that is too slow for large answers. */
const FOREGROUND_PULLS = 3
/** No try after a failure sooner than this. */
const RETRY_MS = 500
/** On a slow line no more wants share an answer than can have so many records each. */
const RECORDS_PER_WANT = 5

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

interface Asked {
  track: Track
  wants: Want[]
  /** The want is for (C, T], beside which hints go on. */
  catchUp: boolean
  jumps: number
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

  const isOpen = (track: Track): boolean => open !== null && roomOfStream(track.state.stream) === open

  /** What is looked at, what the person alone has and who is there, rooms, and who has read what. */
  function rank(track: Track): number {
    const { stream } = track.state
    if (roomOfReads(stream) !== undefined) return 3
    if (roomOfStream(stream) === undefined) return 1
    return isOpen(track) ? 0 : 2
  }

  const inOrder = (a: Track, b: Track): number =>
    rank(a) - rank(b) || Number(a.need === 'newest') - Number(b.need === 'newest') || byActivity(a, b)

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

  /** Takes as many due tracks as their wants allow, the open room's first, and marks them as being pulled. */
  function choose(wanted: (track: Track) => boolean, maxWants: number): Asked[] {
    const due = [...tracks.values()].filter((track) => track.active && !track.delayed && wanted(track))
    const asked: Asked[] = []
    due.sort(inOrder)
    let left = portion.isWhole ? maxWants : Math.min(maxWants, Math.max(2, Math.floor(portion.size / RECORDS_PER_WANT)))
    // On a slow line nothing shares an answer with the room that is looked at.
    const alone = oneByOne || (!portion.isWhole && due[0] !== undefined && isOpen(due[0]))
    const unlisted = due.filter((track) => track.need === 'newest' && !isOpen(track)).length
    let listed = 0
    for (const track of due.slice(0, alone ? 1 : due.length)) {
      // Who has read what comes behind the rooms, and not in an answer that makes the list of them.
      if (rank(track) === 3 && listed > 0) break
      const catchUp = track.need === null
      const listing = track.need === 'newest' && !isOpen(track)
      if (listing && ++listed > LISTED_ROOMS) break
      const wants = catchUp
        ? [catchUpWant(track)]
        : wantsFor(track, { page: track.first && isOpen(track), listing: listing && unlisted > WHOLE_PAGES })
      if (wants.length > left) break
      left -= wants.length
      if (catchUp) track.catchingUp = true
      else track.pulling = true
      asked.push({ track, wants, catchUp, jumps: track.jumps })
    }
    return asked.map((each) => ({ ...each, wants: each.wants.map((want) => bounded(want, asked)) }))
  }

  /** So that no stream takes the whole answer for itself, and on a slow line all of them no more than it carries. */
  function bounded(want: Want, asked: readonly Asked[]): Want {
    const wants = asked.reduce((sum, each) => sum + each.wants.length, 0)
    if (!portion.isWhole) return atMost(want, Math.max(1, Math.floor(portion.size / wants)))
    return asked.length > 1 && want.kind === 'changes' ? atMost(want, WANT_RECORDS) : want
  }

  async function ask(pull: Pull): Promise<PullResult> {
    return portion.exchange(() => connection.pull(pull), recordsIn)
  }

  /** @param after not called when a new connection has begun or this one is lost */
  async function send(asked: readonly Asked[], after: () => void): Promise<void> {
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

  function giveBack(asked: readonly Asked[], error: unknown): void {
    parts.onProblem(error)
    oneByOne ||= error instanceof ProtocolError && error.code === 'invalid'
    for (const { track, catchUp } of asked) {
      release(track, catchUp)
      retryLater(track)
    }
  }

  function settle(asked: readonly Asked[], result: PullResult): void {
    let next = 0
    const left: Track[] = []
    for (const { track, wants, catchUp, jumps } of asked) {
      const answered: Answered[] = []
      for (const want of wants) {
        const answer = result.results[next++]
        if (answer !== undefined) answered.push({ want, answer })
      }
      release(track, catchUp)
      // A jump or a reset in between: the answer is to another question.
      if (!track.active || track.jumps !== jumps) continue
      if (!settleOne(track, catchUp, answered)) left.push(track)
    }
    // Left out because the answer was full of others: asked again at once. With nothing at all gained, later.
    if (left.length === asked.length) left.forEach(retryLater)
  }

  /** Returns false if nothing was gained for the track. */
  function settleOne(track: Track, catchUp: boolean, answered: readonly Answered[]): boolean {
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
    const gained = progressOf(track, catchUp, answered)
    if (gained) {
      track.failures = 0
      track.first = false
    }
    parts.settled(track)
    return gained
  }

  function progressOf(track: Track, catchUp: boolean, answered: readonly Answered[]): boolean {
    if (!catchUp) return settleNeed(track, epoch, answered, take)
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

function atMost(want: Want, records: number): Want {
  const limit = want.limit ?? (want.kind === 'page' ? DEFAULT_PAGE_MESSAGES : MAX_PULL_RECORDS)
  return { ...want, limit: Math.min(limit, records) }
}

function recordsIn({ results }: PullResult): number {
  return results.reduce((sum, answer) => {
    if (!answer.ok) return sum
    return sum + (answer.kind === 'page' ? answer.messages.length : answer.records.length)
  }, 0)
}
