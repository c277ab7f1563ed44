// Which part of a room is shown: from where on, and what is missing for it. Pure.

export const PAGE_MESSAGES = 50
/** Further up than this no room opens: everything from there on would have to be drawn. */
const OPENS_WITHIN = 500
/** Further up than this no quote leads. */
const REACHES_WITHIN = 5_000
/** What is above the place where the room opens. */
const ABOVE_OPENING = 20

/** What the device holds of a room. */
export interface Held {
  ranges: readonly (readonly [from: number, to: number])[]
  headSeq: number
}

export interface View {
  /** From where on the person wants to see the room. */
  wanted: number
  /** From where on the device holds it without a gap up to the newest that it holds; null when it holds nothing. */
  held: number | null
  headSeq: number
  /** The seqs at which the view once began. */
  boundaries: ReadonlySet<number>
}

/** The first seq that is shown. */
export function shownFrom(view: View): number {
  return Math.max(view.wanted, view.held ?? view.wanted)
}

/** The seq before which messages are wanted and not held, or null when nothing is missing. */
export function missingBefore(view: View): number | null {
  if (view.held === null) return view.headSeq > 0 ? view.headSeq + 1 : null
  return view.held > view.wanted ? view.held : null
}

/** Whether the room goes on above what is shown. */
export function hasOlder(view: View): boolean {
  return view.headSeq > 0 && shownFrom(view) > 1
}

/**
 * The view after what is held has changed. Opens with the newest page; goes back to it when the device jumped [S9] over messages
 * that it does not hold. The same object when nothing changed.
 * @param openAt opens with this seq and what is after it, if the device holds all of that and it is not too much
 */
export function viewOfHeld(before: View | null, { ranges, headSeq }: Held, openAt: number | null = null): View {
  const held = ranges.at(-1)?.[0] ?? null
  if (before !== null && before.held === held && before.headSeq === headSeq) return before
  const jumped = before !== null && held !== null && held > Math.max(before.headSeq, 1)
  if (before === null || before.headSeq === 0 || jumped) {
    const newest = Math.max(1, headSeq - PAGE_MESSAGES + 1)
    const reaches =
      before === null && openAt !== null && held !== null && held <= openAt && headSeq - openAt < OPENS_WITHIN
    const wanted = reaches ? Math.min(newest, Math.max(1, openAt - ABOVE_OPENING)) : newest
    return { wanted, held, headSeq, boundaries: new Set() }
  }
  return withBoundary({ ...before, held, headSeq }, shownFrom(before))
}

/** The view with one more page above; the same object when there is none, or one is still missing. */
export function withOlderPage(view: View): View {
  if (!hasOlder(view) || missingBefore(view) !== null) return view
  return withBoundary({ ...view, wanted: Math.max(1, view.wanted - PAGE_MESSAGES) }, shownFrom(view))
}

/** The view grown up to a seq and a little more; the same object when that is shown, or too far away. */
export function withSeq(view: View, seq: number): View {
  if (shownFrom(view) <= seq || view.headSeq - seq > REACHES_WITHIN) return view
  return withBoundary({ ...view, wanted: Math.max(1, seq - ABOVE_OPENING) }, shownFrom(view))
}

function withBoundary(view: View, formerFrom: number): View {
  return shownFrom(view) === formerFrom ? view : { ...view, boundaries: new Set([...view.boundaries, formerFrom]) }
}
