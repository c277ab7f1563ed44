// How starts of a relay are numbered [S10.1], for every driver. Knows no driver.

/**
 * Epochs count parts of a millisecond: a later start has a higher number, that of a restored copy too, whose devices have heard of later
 * epochs than the copy has [S8]. Which part it is, is chosen, so that a copy that is started at the same moment still gets another number.
 */
export const EPOCHS_PER_MS = 2 ** 10

/** A clock that is centuries ahead must not use up the safe integers. */
const LATEST_MS = 2 ** 42

/** More than the starts that a restored copy may not know of, where the clock does not work. */
const RESTORED_LEAD = 2 ** 40

/** The lowest number that a start may have by the clock, in milliseconds since 1970. */
export function epochAt(now: number): number {
  return Math.floor(Math.min(now, LATEST_MS) * EPOCHS_PER_MS)
}

/** The next start's number: higher than all before, whatever the clock says. @param below an integer from 0 to its argument − 1. */
export function epochAfter(last: number, now: number, below: (limit: number) => number): number {
  return Math.max(last, epochAt(now)) + 1 + below(EPOCHS_PER_MS)
}

/** What a restored copy is to take for its last start: its next one is then above all that its devices know. */
export function epochOfRestored(last: number, now: number): number {
  return Math.max(last, epochAt(now)) + RESTORED_LEAD
}
