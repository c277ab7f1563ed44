import { describe, expect, it } from 'vitest'
import { hasOlder, missingBefore, shownFrom, viewOfHeld, withOlderPage, withSeq } from './view.ts'

describe('the view of a room', () => {
  it('[S9] opens with the newest page of what is held', () => {
    const view = viewOfHeld(null, { ranges: [[1, 300]], headSeq: 300 })
    expect(shownFrom(view)).toBe(251)
    expect(missingBefore(view)).toBeNull()
    expect(hasOlder(view)).toBe(true)
  })

  it('opens further up where somebody was reading, if all of it is held and it is not too much', () => {
    const held = { ranges: [[201, 1000] as const], headSeq: 1000 }
    expect(shownFrom(viewOfHeld(null, held, 700))).toBe(680)
    expect(shownFrom(viewOfHeld(null, held, 990))).toBe(951)
    expect(shownFrom(viewOfHeld(null, held, 205))).toBe(951)
    expect(shownFrom(viewOfHeld(null, { ranges: [[801, 1000]], headSeq: 1000 }, 700))).toBe(951)
    expect(shownFrom(viewOfHeld(null, { ranges: [[1, 30]], headSeq: 30 }, 12))).toBe(1)
  })

  it('grows by a page, and ends at the beginning of the room', () => {
    let view = viewOfHeld(null, { ranges: [[1, 120]], headSeq: 120 })
    view = withOlderPage(view)
    expect(shownFrom(view)).toBe(21)
    view = withOlderPage(view)
    expect(shownFrom(view)).toBe(1)
    expect(withOlderPage(view)).toBe(view)
    expect([...view.boundaries]).toEqual([71, 21])
  })

  it('[S9.5] asks for what it lacks, and shows no gap meanwhile', () => {
    const held = { ranges: [[1, 400] as const, [901, 950] as const], headSeq: 950 }
    const view = withOlderPage(viewOfHeld(null, held))
    expect(shownFrom(view)).toBe(901)
    expect(missingBefore(view)).toBe(901)
    expect(withOlderPage(view)).toBe(view)
    const come = viewOfHeld(view, {
      ranges: [
        [1, 400],
        [851, 950]
      ],
      headSeq: 950
    })
    expect(shownFrom(come)).toBe(851)
    expect(missingBefore(come)).toBeNull()
    expect([...come.boundaries]).toEqual([901])
  })

  it('asks for the newest page of a room of which it holds nothing', () => {
    expect(missingBefore(viewOfHeld(null, { ranges: [], headSeq: 12 }))).toBe(13)
    expect(missingBefore(viewOfHeld(null, { ranges: [], headSeq: 0 }))).toBeNull()
  })

  it('keeps its beginning while new messages come', () => {
    const view = viewOfHeld(null, { ranges: [[1, 300]], headSeq: 300 })
    expect(shownFrom(viewOfHeld(view, { ranges: [[1, 340]], headSeq: 340 }))).toBe(251)
  })

  it('[S9.2] goes to the newest page after a jump over messages that are not held', () => {
    const view = viewOfHeld(null, { ranges: [[1, 300]], headSeq: 300 })
    const jumped = viewOfHeld(view, {
      ranges: [
        [1, 300],
        [4951, 5000]
      ],
      headSeq: 5000
    })
    expect(shownFrom(jumped)).toBe(4951)
    expect(missingBefore(jumped)).toBeNull()
  })

  it('shows a room from its first message when it was new a moment ago', () => {
    const fresh = viewOfHeld(null, { ranges: [], headSeq: 0 })
    expect(shownFrom(viewOfHeld(fresh, { ranges: [[1, 1]], headSeq: 1 }))).toBe(1)
  })

  it('grows up to a message that somebody wants to see, and a little more, unless it is too far away', () => {
    const view = viewOfHeld(null, { ranges: [[101, 300]], headSeq: 300 })
    expect(withSeq(view, 260)).toBe(view)
    expect(shownFrom(withSeq(view, 200))).toBe(180)
    const beyond = withSeq(view, 50)
    expect([shownFrom(beyond), missingBefore(beyond)]).toEqual([101, 101])
    expect(shownFrom(viewOfHeld(beyond, { ranges: [[1, 300]], headSeq: 300 }))).toBe(30)
    const long = viewOfHeld(null, { ranges: [[1, 9_000]], headSeq: 9_000 })
    expect(withSeq(long, 3_999)).toBe(long)
  })

  it('is the same object when nothing changed', () => {
    const view = viewOfHeld(null, { ranges: [[1, 3]], headSeq: 3 })
    expect(viewOfHeld(view, { ranges: [[1, 3]], headSeq: 3 })).toBe(view)
  })
})
