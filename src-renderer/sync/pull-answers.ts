// What the relay's answers to a track's wants do to the track. Decides, and hands what is to be stored to `take`; sends nothing.
import type { Changes, ChangesWant, Failure, Page, PageWant, PullResult, Want } from '../../protocol/socket.ts'
import { DEFAULT_PAGE_MESSAGES } from '../../protocol/limits.ts'
import { roomOfStream } from '../../protocol/streams.ts'
import { highestSeq } from './seq-ranges.ts'
import {
  applyCatchUp,
  applyChanges,
  applyPage,
  JUMP_REVS,
  jumpTo,
  positionOf,
  shouldJump,
  wentBack,
  withoutLosses
} from './stream-state.ts'
import type { Step } from './stream-state.ts'
import { needOf } from './track.ts'
import type { Track } from './track.ts'

/** Records that one want for what changed may bring beside others, so that no stream holds up the rest. */
export const WANT_RECORDS = 250
/** The same while many rooms are listed that are not known yet: a message to show, and the name and some members. */
export const LISTING = { messages: 1, records: 50 } as const

export type Answered = { want: Want; answer: Changes | Page | Failure }
export type Take = (track: Track, epoch: number, step: Step) => void

/**
 * The wants for what a track needs. The newest page comes before the changes: these are then as new as the page, or newer.
 * @param how `page`: with its newest page, whatever it needs. `listing`: with as little as shows it in a list.
 */
export function wantsFor(track: Track, how: { page?: boolean; listing?: boolean }): Want[] {
  const { state } = track
  const roomId = roomOfStream(state.stream)
  if (roomId === undefined) return [changesWant(track, positionOf(state))]
  if (track.need !== 'newest' && state.seen !== undefined) {
    // Whether the relay still has what a page showed; the answer that counts comes behind it.
    return [{ ...changesWant(track, state.seen), limit: 1 }, changesWant(track, positionOf(state))]
  }
  if (track.need === 'newest' && track.gapFrom !== null) {
    return [pageWant(roomId, how.listing ? LISTING.messages : DEFAULT_PAGE_MESSAGES)]
  }
  if (track.need === 'newest') {
    const rest = catchUpWant(track, highestSeq(state.ranges))
    if (how.listing) return [pageWant(roomId, LISTING.messages), { ...rest, limit: LISTING.records }]
    return [pageWant(roomId, DEFAULT_PAGE_MESSAGES), rest]
  }
  const changes = changesWant(track, positionOf(state))
  return how.page ? [pageWant(roomId, DEFAULT_PAGE_MESSAGES), changes] : [changes]
}

/** [S9.3] The want for (C, T]; after a short jump with what was said meanwhile. */
export function catchUpWant(track: Track, heldSeq = track.heldSeq ?? highestSeq(track.state.ranges)): ChangesWant {
  const want = { ...changesWant(track, track.state.checkpoint), limit: WANT_RECORDS }
  return track.gapFrom === null ? { ...want, heldSeq } : want
}

function changesWant({ state }: Track, since: number): ChangesWant {
  return { kind: 'changes', stream: state.stream, since, epoch: since === 0 ? 0 : state.epoch }
}

function pageWant(roomId: string, limit: number): PageWant {
  return { kind: 'page', roomId, limit }
}

/** [S9] What is left of the rooms that are read in order, by the answer to a pull. */
export function revsLeft(results: PullResult['results']): number {
  const left = results.map((answer) => {
    if (!answer.ok || answer.kind !== 'changes' || answer.reset || shouldJump(answer)) return 0
    return roomOfStream(answer.stream) === undefined ? 0 : answer.head - answer.through
  })
  return left.reduce((sum, revs) => sum + revs, 0)
}

/**
 * Settles the answers to `wantsFor`. Returns whether they brought the track forward.
 * @param jumpRevs with more left than this, the newest page comes first [S9.2]
 */
export function settleNeed(
  track: Track,
  epoch: number,
  answered: readonly Answered[],
  take: Take,
  jumpRevs = JUMP_REVS
): boolean {
  const found = sorted(answered)
  if (found.reset) {
    forget(track, epoch, take)
    return true
  }
  if (track.need === 'newest') return settleNewest(track, epoch, found, take)
  return settleChanges(track, epoch, found, take, jumpRevs)
}

/** Settles the answer to `catchUpWant`. Returns whether it brought the track forward. */
export function settleCatchUp(track: Track, epoch: number, changes: Changes, take: Take): boolean {
  if (changes.reset) {
    forget(track, epoch, take)
    return true
  }
  const before = track.state.checkpoint
  take(track, epoch, applyCatchUp(track.state, changes, track.gapFrom ?? Infinity, track.pages > 0))
  if (track.state.jump === undefined) track.heldSeq = null
  return track.state.checkpoint > before || track.state.jump === undefined
}

function settleNewest(track: Track, epoch: number, { page, changes, changesWanted }: Sorted, take: Take): boolean {
  if (page === undefined || leftOut(page)) return false
  const heldSeq = highestSeq(track.state.ranges)
  jump(track, epoch, page, heldSeq, take)
  // Asked for fewer than are held now (an old page came meanwhile), the answer says too little: it is asked for again.
  const askedFor = changesWanted?.heldSeq ?? -1
  if (changes !== undefined && askedFor >= heldSeq) settleCatchUp(track, epoch, changes, take)
  return true
}

function settleChanges(track: Track, epoch: number, { page, changes }: Sorted, take: Take, jumpRevs: number): boolean {
  if (changes === undefined) return false
  track.base ??= track.gapFrom ?? highestSeq(track.state.ranges)
  const before = track.state
  const paged = page === undefined ? { state: before, records: [] } : applyPage(before, epoch, page)
  const changed = applyChanges(paged.state, epoch, changes, track.base, track.pages > 0)
  const withoutPage = applyChanges(before, epoch, changes, track.base, false).state
  // What is no room is read through: then nothing more of it can turn out to be lost.
  const state = changes.more || roomOfStream(before.stream) !== undefined ? changed.state : withoutLosses(changed.state)
  take(track, epoch, { ...paged, records: changed.records, state })
  if (!changes.more) {
    track.need = null
    track.base = null
  } else if (shouldJump(changes, jumpRevs)) {
    track.need = 'newest'
    if (shouldJump(changes)) track.gapFrom = null
    // Since a long jump that is still under way it is not little that has changed since C.
    else if (before.jump === undefined) track.gapFrom = track.base
    track.base = null
    if (page !== undefined && !leftOut(page) && page.head > changes.through) {
      jump(track, epoch, page, highestSeq(withoutPage.ranges), take)
    }
  }
  // A page that filled the answer is a gain too: it is not asked for again, and the changes have room next time.
  return changes.through > positionOf(before) || track.need !== 'changes' || (page?.messages.length ?? 0) > 0
}

function jump(track: Track, epoch: number, page: Page, heldSeq: number, take: Take): void {
  take(track, epoch, jumpTo(track.state, epoch, page))
  track.heldSeq = heldSeq
  track.jumps += 1
  track.need = null
  track.base = null
}

/**
 * [S10.2] The relay went back: checkpoint and ranges are forgotten, the records stay until newer ones replace them [S8], and may
 * turn out to be lost [S10.5].
 */
function forget(track: Track, epoch: number, take: Take): void {
  take(track, epoch, { state: wentBack(track.state), records: [] })
  track.need = needOf(track.state)
  track.base = null
  track.heldSeq = null
  track.gapFrom = null
  track.jumps += 1
}

/** Whether the relay's answer had no room for this page. */
function leftOut(page: Page): boolean {
  return page.messages.length === 0 && page.more
}

interface Sorted {
  page?: Page
  changes?: Changes
  changesWanted?: ChangesWant
  reset?: true
}

function sorted(answered: readonly Answered[]): Sorted {
  const found: Sorted = {}
  for (const { want, answer } of answered) {
    if (answer.ok && answer.kind === 'page') found.page = answer
    if (answer.ok && answer.kind === 'changes') found.changes = answer
    if (want.kind === 'changes') found.changesWanted = want
    if (answer.ok && answer.kind === 'changes' && answer.reset) found.reset = true
  }
  return found
}
