import { describe, expect, it } from 'vitest'
import {
  MAX_SHOWN,
  PAGE_MESSAGES,
  hasOlder,
  missingOf,
  neededFor,
  newestView,
  shownFrom,
  shownTo,
  showsSeq,
  viewOfHeld,
  withNewerPage,
  withOlderPage,
  withSeq
} from './view.ts'

describe('the view of a room', () => {
  it('[S9] opens with the newest page of what is held', () => {
    const view = viewOfHeld(null, { ranges: [[1, 300]], headSeq: 300 })
    expect(shownFrom(view)).toBe(251)
    expect(missingOf(view)).toBeNull()
    expect(hasOlder(view)).toBe(true)
  })

  it('opens further up where somebody was reading, if all of it is held and it is not too much', () => {
    const held = { ranges: [[201, 1000] as const], headSeq: 1000 }
    expect(shownFrom(viewOfHeld(null, held, 700))).toBe(680)
    expect(shownFrom(viewOfHeld(null, held, 990))).toBe(951)
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
    expect(missingOf(view)).toEqual({ before: 901, side: 'above' })
    expect(withOlderPage(view)).toBe(view)
    const come = viewOfHeld(view, {
      ranges: [
        [1, 400],
        [851, 950]
      ],
      headSeq: 950
    })
    expect(shownFrom(come)).toBe(851)
    expect(missingOf(come)).toBeNull()
    expect([...come.boundaries]).toEqual([901])
  })

  it('asks for the newest page of a room of which it holds nothing', () => {
    expect(missingOf(viewOfHeld(null, { ranges: [], headSeq: 12 }))).toEqual({ before: 13, side: 'above' })
    expect(missingOf(viewOfHeld(null, { ranges: [], headSeq: 0 }))).toBeNull()
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
    expect(missingOf(jumped)).toBeNull()
  })

  it('shows a room from its first message when it was new a moment ago', () => {
    const fresh = viewOfHeld(null, { ranges: [], headSeq: 0 })
    expect(shownFrom(viewOfHeld(fresh, { ranges: [[1, 1]], headSeq: 1 }))).toBe(1)
  })

  it('grows up to a message that somebody wants to see, and a little more', () => {
    const held = { ranges: [[101, 300] as const], headSeq: 300 }
    const view = viewOfHeld(null, held)
    expect(withSeq(view, 260, held)).toBe(view)
    expect(shownFrom(withSeq(view, 200, held))).toBe(180)
    expect(withSeq(view, 50, held)).toBe(view)
    expect([neededFor(200, held), neededFor(50, held), neededFor(299, held)]).toEqual([null, 71, null])
  })

  it('one that is far away is shown in a window of its own, which grows both ways until it is the newest', () => {
    const held = { ranges: [[1, 9_000] as const], headSeq: 9_000 }
    let view = withSeq(viewOfHeld(null, held), 3_999, held)
    expect([shownFrom(view), shownTo(view), missingOf(view)]).toEqual([3_979, 4_019, null])
    expect([showsSeq(view, 3_979), showsSeq(view, 4_019), showsSeq(view, 4_020)]).toEqual([true, true, false])
    view = withNewerPage(withOlderPage(view))
    expect([shownFrom(view), shownTo(view)]).toEqual([3_929, 4_069])
    expect([...view.boundaries]).toEqual([3_979, 4_020])
    // New messages leave it where it is.
    const later = { ranges: [[1, 9_001] as const], headSeq: 9_001 }
    view = viewOfHeld(view, later)
    expect([shownFrom(view), shownTo(view)]).toEqual([3_929, 4_069])
    for (let pages = 0; pages < 100; pages++) view = withNewerPage(view)
    expect([shownFrom(view), shownTo(view)]).toEqual([9_001 - MAX_SHOWN + 1, null])
    expect(newestView(later)).toMatchObject({ wanted: 8_952, until: null })
  })

  it('never shows more than so much: what is far below goes while one reads up', () => {
    const held = { ranges: [[1, 2_000] as const], headSeq: 2_000 }
    let view = viewOfHeld(null, held)
    for (let pages = 1; pages < MAX_SHOWN / PAGE_MESSAGES; pages++) view = withOlderPage(view)
    expect([shownFrom(view), shownTo(view)]).toEqual([2_001 - MAX_SHOWN, null])
    view = withOlderPage(view)
    expect([shownFrom(view), shownTo(view)]).toEqual([1_951 - MAX_SHOWN, 1_950])
    while (hasOlder(view)) view = withOlderPage(view)
    expect([shownFrom(view), shownTo(view)]).toEqual([1, MAX_SHOWN])
  })

  it('[S9.5] a window asks for what is missing on either side', () => {
    const held = { ranges: [[401, 420] as const, [801, 900] as const], headSeq: 2_000 }
    let view = withSeq(viewOfHeld(null, held), 410, held)
    expect([shownFrom(view), shownTo(view), missingOf(view)]).toEqual([401, 420, null])
    view = withNewerPage(view)
    expect([shownTo(view), missingOf(view)]).toEqual([420, { before: 471, side: 'below' }])
    view = viewOfHeld(view, { ranges: [[401, 470], held.ranges[1]!], headSeq: 2_000 })
    expect([shownTo(view), missingOf(view)]).toEqual([470, null])
    view = withOlderPage(view)
    expect([shownFrom(view), missingOf(view)]).toEqual([401, { before: 401, side: 'above' }])
  })

  it('opens around where somebody was reading far up', () => {
    const held = { ranges: [[201, 1000] as const], headSeq: 1000 }
    const view = viewOfHeld(null, held, 305)
    expect([shownFrom(view), shownTo(view)]).toEqual([285, 325])
    expect(shownTo(viewOfHeld(null, held, 100))).toBeNull()
  })

  it('is the same object when nothing changed', () => {
    const view = viewOfHeld(null, { ranges: [[1, 3]], headSeq: 3 })
    expect(viewOfHeld(view, { ranges: [[1, 3]], headSeq: 3 })).toBe(view)
  })
})
