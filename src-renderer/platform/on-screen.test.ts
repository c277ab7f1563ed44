import { BehaviorSubject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { BELIEVED_MS, openOnScreen, SAY_EVERY_MS } from './on-screen.ts'
import type { ScreenBus } from './on-screen.ts'

/** Windows on one bus, with a clock that is moved by hand. */
function windows() {
  let now = 0
  const timers = new Set<{ at: number; run: () => void }>()
  const clock = {
    now: () => now,
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    }
  }
  const ears = new Map<string, (event: MessageEvent<unknown>) => void>()
  const open = (window: string) => {
    const attention = new BehaviorSubject(false)
    const bus = {
      postMessage: (data: unknown) => {
        for (const [name, hear] of ears) if (name !== window) hear(new MessageEvent('message', { data }))
      },
      addEventListener: (_type: string, hear: (event: MessageEvent<unknown>) => void) => void ears.set(window, hear),
      close: () => void ears.delete(window)
    } as unknown as ScreenBus
    return { attention, ...openOnScreen({ window, bus, attention, clock }) }
  }
  const passes = (ms: number): void => {
    for (const end = now + ms; ;) {
      const due = [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (!due) {
        now = end
        return
      }
      timers.delete(due)
      now = due.at
      due.run()
    }
  }
  return { open, passes, killTimers: () => timers.clear() }
}

describe('what is on the screen', () => {
  it('is a room whose end is shown while the person looks, in every window', () => {
    const { open } = windows()
    const [one, two] = [open('one'), open('two')]
    one.show('hall')
    expect([one.has('hall'), two.has('hall')]).toEqual([false, false])
    one.attention.next(true)
    expect([one.has('hall'), two.has('hall'), two.has('attic')]).toEqual([true, true, false])
    one.attention.next(false)
    expect([one.has('hall'), two.has('hall')]).toEqual([false, false])
  })

  it('is not any more when one scrolls up, goes elsewhere or closes the window', () => {
    const { open } = windows()
    const [one, two] = [open('one'), open('two')]
    one.attention.next(true)
    one.show('hall')
    one.show(null)
    expect(two.has('hall')).toBe(false)
    one.show('attic')
    expect(two.has('attic')).toBe(true)
    one.stop()
    expect(two.has('attic')).toBe(false)
  })

  it('stays so while one looks on, and is heard by a window that opens later', () => {
    const { open, passes } = windows()
    const one = open('one')
    one.attention.next(true)
    one.show('hall')
    const two = open('two')
    passes(SAY_EVERY_MS)
    expect(two.has('hall')).toBe(true)
    passes(10 * BELIEVED_MS)
    expect(two.has('hall')).toBe(true)
  })

  it('of a window that has died it is believed for a few seconds', () => {
    const { open, passes, killTimers } = windows()
    const [one, two] = [open('one'), open('two')]
    one.attention.next(true)
    one.show('hall')
    killTimers()
    passes(BELIEVED_MS - 1)
    expect(two.has('hall')).toBe(true)
    passes(1)
    expect(two.has('hall')).toBe(false)
  })
})
