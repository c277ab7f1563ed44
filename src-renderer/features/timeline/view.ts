// Which part of a room is shown: from where to where, and what is missing for it. Pure.

export const PAGE_MESSAGES = 50
/** Further up than this no room opens, and no list grows to a message: everything from there on would have to be drawn. */
const OPENS_WITHIN = 500
/** More than this is never shown at once: what is far below goes while one reads up, and the other way round. Several screens high. */
export const MAX_SHOWN = 300
/** What is above the place where the room opens, and around one that is shown by itself. */
const AROUND = 20

/** What the device holds of a room. */
export interface Held {
  ranges: readonly (readonly [from: number, to: number])[]
  headSeq: number
}

export interface View {
  /** From where on the person wants to see the room. */
  wanted: number
  /** Up to where, in a window further up; null: up to the newest. */
  until: number | null
  /** The run of held messages that is shown: without a gap, up to the newest that is held, or around the window's place. Null: nothing. */
  held: readonly [from: number, to: number] | null
  headSeq: number
  /** The seqs at which the view once began or ended. */
  boundaries: ReadonlySet<number>
}

/** The first seq that is shown. */
export function shownFrom({ wanted, held }: View): number {
  return Math.max(wanted, held?.[0] ?? wanted)
}

/** The last seq that is shown; null: whatever is newest, with what is on its way. */
export function shownTo({ until, held }: View): number | null {
  return until === null ? null : Math.min(until, held?.[1] ?? until)
}

export interface Missing {
  /** What is asked for: the messages before this seq. */
  before: number
  side: 'above' | 'below'
}

/** What is wanted and not held; null when nothing is. */
export function missingOf({ wanted, until, held, headSeq }: View): Missing | null {
  if (held === null) return headSeq > 0 ? { before: headSeq + 1, side: 'above' } : null
  if (held[0] > wanted) return { before: held[0], side: 'above' }
  if (until !== null && held[1] < until) return { before: Math.min(held[1] + PAGE_MESSAGES, until) + 1, side: 'below' }
  return null
}

/** Whether the room goes on above what is shown. */
export function hasOlder(view: View): boolean {
  return view.headSeq > 0 && shownFrom(view) > 1
}

/**
 * The view after what is held has changed. Opens with the newest page; goes back to it when the device jumped [S9] over messages
 * that it does not hold. A window further up stays where it is. The same object when nothing changed.
 * @param openAt opens with this seq and what is after it, if the device holds all of that and it is not too much; else around it, if it is held
 */
export function viewOfHeld(before: View | null, { ranges, headSeq }: Held, openAt: number | null = null): View {
  if (before !== null && before.until !== null) return windowOfHeld(before, before.until, { ranges, headSeq })
  const held = ranges.at(-1) ?? null
  if (before !== null && sameRun(before.held, held) && before.headSeq === headSeq) return before
  const jumped = before !== null && held !== null && held[0] > Math.max(before.headSeq, 1)
  if (before === null || before.headSeq === 0 || jumped) {
    const newest = Math.max(1, headSeq - PAGE_MESSAGES + 1)
    const reaches =
      before === null && openAt !== null && held !== null && held[0] <= openAt && headSeq - openAt < OPENS_WITHIN
    const wanted = reaches ? Math.min(newest, Math.max(1, openAt - AROUND)) : newest
    const view: View = { wanted, until: null, held, headSeq, boundaries: new Set() }
    return before === null && openAt !== null && !reaches ? withSeq(view, openAt, { ranges, headSeq }) : view
  }
  return withBoundary({ ...before, held, headSeq }, before)
}

/** A window that has reached what is newest is none any more. */
function windowOfHeld(before: View, until: number, { ranges, headSeq }: Held): View {
  const place = before.held === null ? before.wanted : Math.max(before.held[0], before.wanted)
  const held = ranges.find(([from, to]) => from <= place && place <= to) ?? before.held
  const arrived = until >= headSeq && held !== null && held[1] >= headSeq
  if (sameRun(before.held, held) && before.headSeq === headSeq && !arrived) return before
  return withBoundary({ ...before, held, headSeq, until: arrived ? null : until }, before)
}

function sameRun(a: View['held'], b: View['held']): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1])
}

/** The view with one more page above; the same object when there is none, or one is still missing. */
export function withOlderPage(view: View): View {
  if (!hasOlder(view) || missingOf(view) !== null) return view
  const wanted = Math.max(1, view.wanted - PAGE_MESSAGES)
  const last = shownTo(view) ?? view.headSeq
  // It is the top that the reader is near to.
  const until = last - wanted >= MAX_SHOWN ? wanted + MAX_SHOWN - 1 : view.until
  return withBoundary({ ...view, wanted, until }, view)
}

/** A window with one more page below; the same object when there is none, or one is still missing. */
export function withNewerPage(view: View): View {
  if (view.until === null || missingOf(view) !== null) return view
  const until = view.until + PAGE_MESSAGES
  const arrives = until >= view.headSeq && view.held !== null && view.held[1] >= view.headSeq
  const wanted = Math.max(view.wanted, Math.min(until, view.headSeq) - MAX_SHOWN + 1)
  return withBoundary({ ...view, wanted, until: arrives ? null : Math.min(until, view.headSeq) }, view)
}

/** Whether a seq is between the first and the last one that are shown. */
export function showsSeq(view: View, seq: number): boolean {
  return view.held !== null && shownFrom(view) <= seq && seq <= (shownTo(view) ?? view.headSeq)
}

/** What has to be asked for before a seq can be shown: the messages before this; null when it is held. */
export function neededFor(seq: number, { ranges, headSeq }: Held): number | null {
  return ranges.some(([from, to]) => from <= seq && seq <= to) ? null : Math.min(seq + AROUND, headSeq) + 1
}

/**
 * The view with a held seq in it: the same one if that is shown, grown up to it if it is near, else a window around it, by itself.
 */
export function withSeq(view: View, seq: number, held: Held): View {
  if (showsSeq(view, seq)) return view
  const run = held.ranges.find(([from, to]) => from <= seq && seq <= to)
  if (!run) return view
  const { headSeq } = held
  const live = run === held.ranges.at(-1) && run[1] >= headSeq && headSeq - seq < OPENS_WITHIN
  const wanted = Math.max(1, seq - AROUND)
  // What stands stays: the list grows up to it.
  if (live && view.until === null && seq < shownFrom(view)) return withBoundary({ ...view, wanted }, view)
  if (live) return { wanted, until: null, held: run, headSeq, boundaries: new Set() }
  return {
    wanted: Math.max(wanted, run[0]),
    until: Math.min(seq + AROUND, run[1]),
    held: run,
    headSeq,
    boundaries: new Set()
  }
}

/** The newest page, after a window further up. */
export function newestView(held: Held): View {
  return viewOfHeld(null, held)
}

function withBoundary(view: View, former: View): View {
  const boundaries = new Set(view.boundaries)
  if (shownFrom(view) !== shownFrom(former)) boundaries.add(shownFrom(former))
  const formerTo = shownTo(former)
  if (formerTo !== null && shownTo(view) !== formerTo) boundaries.add(formerTo + 1)
  return boundaries.size === view.boundaries.size ? view : { ...view, boundaries }
}
