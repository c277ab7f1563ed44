// Which tracks go into the next pull, in what order, and how much each asks for. Sends nothing and keeps nothing.
import { DEFAULT_PAGE_MESSAGES, MAX_PULL_RECORDS } from '../../protocol/limits.ts'
import type { Want } from '../../protocol/socket.ts'
import { roomOfReads, roomOfStream } from '../../protocol/streams.ts'
import type { Portion } from './portion.ts'
import { catchUpWant, WANT_RECORDS, wantsFor } from './pull-answers.ts'
import { byActivity } from './track.ts'
import type { Track } from './track.ts'

/**
 * Rooms whose newest page comes first, in one pull. With so few or less in all, each comes with the whole page: with twice as many if no
 * changes come beside it.
 */
const LISTED_ROOMS = 100
const WHOLE_PAGES = 10
/** On a slow line no more wants share an answer than can have so many records each. */
const RECORDS_PER_WANT = 5

export interface Chosen {
  track: Track
  wants: Want[]
  /** The want is for (C, T], beside which hints go on. */
  catchUp: boolean
  jumps: number
}

/** As many of the due tracks as their wants allow, the open room's first. */
export function choosePull(
  due: readonly Track[],
  how: {
    maxWants: number
    isOpen: (track: Track) => boolean
    portion: Pick<Portion, 'isWhole' | 'size'>
    /** One stream at a time, so that one bad record holds up nothing else. */
    oneByOne: boolean
  }
): Chosen[] {
  const { isOpen, portion, maxWants } = how
  const sorted = due.toSorted(
    (a, b) =>
      rank(a, isOpen) - rank(b, isOpen) || Number(a.need === 'newest') - Number(b.need === 'newest') || byActivity(a, b)
  )
  let left = portion.isWhole ? maxWants : Math.min(maxWants, Math.max(2, Math.floor(portion.size / RECORDS_PER_WANT)))
  // On a slow line nothing shares an answer with the room that is looked at.
  const alone = how.oneByOne || (!portion.isWhole && sorted[0] !== undefined && isOpen(sorted[0]))
  const unlisted = sorted.filter((track) => isUnlisted(track) && !isOpen(track)).length
  const chosen: Chosen[] = []
  let listed = 0
  for (const track of sorted.slice(0, alone ? 1 : sorted.length)) {
    // Who has read what comes behind the rooms, and not in an answer that makes the list of them.
    if (rank(track, isOpen) === Rank.reads && listed > 0) break
    const catchUp = track.need === null
    const whole = track.gapFrom === null ? WHOLE_PAGES : 2 * WHOLE_PAGES
    const listing = isUnlisted(track) && !isOpen(track)
    if (listing && ++listed > LISTED_ROOMS) break
    const wants = catchUp
      ? [catchUpWant(track)]
      : wantsFor(track, { page: track.first && isOpen(track), listing: listing && unlisted > whole })
    if (wants.length > left) break
    left -= wants.length
    chosen.push({ track, wants, catchUp, jumps: track.jumps })
  }
  return chosen.map((each) => ({ ...each, wants: each.wants.map((want) => bounded(want, chosen, portion)) }))
}

const Rank = { open: 0, ownOrUsers: 1, room: 2, reads: 3 } as const

/** What is looked at, what the person alone has and who is there, rooms, and who has read what. */
function rank(track: Track, isOpen: (track: Track) => boolean): number {
  const { stream } = track.state
  if (roomOfReads(stream) !== undefined) return Rank.reads
  if (roomOfStream(stream) === undefined) return Rank.ownOrUsers
  return isOpen(track) ? Rank.open : Rank.room
}

function isUnlisted(track: Track): boolean {
  return track.need === 'newest'
}

/** So that no stream takes the whole answer for itself, and on a slow line all of them no more than it carries. */
function bounded(want: Want, chosen: readonly Chosen[], portion: Pick<Portion, 'isWhole' | 'size'>): Want {
  const wants = chosen.reduce((sum, each) => sum + each.wants.length, 0)
  if (!portion.isWhole) return atMost(want, Math.max(1, Math.floor(portion.size / wants)))
  return chosen.length > 1 && want.kind === 'changes' ? atMost(want, WANT_RECORDS) : want
}

function atMost(want: Want, records: number): Want {
  const limit = want.limit ?? (want.kind === 'page' ? DEFAULT_PAGE_MESSAGES : MAX_PULL_RECORDS)
  return { ...want, limit: Math.min(limit, records) }
}
