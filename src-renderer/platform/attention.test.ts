import { describe, expect, it } from 'vitest'
import { ATTENTION_LASTS_MS, watchAttention } from './attention.ts'
import { MACHINE_IDLE_AFTER_MS } from './bridge.ts'
import type { MachineUse } from './bridge.ts'

const AWAY_AFTER_MS = 300_000

/** A window by hand: what it is, what happens in it, and what time it is. */
function handDriven({ focused = true, visible = true, shell = false } = {}) {
  const listeners = new Set<{ name: string; run: (event: Event) => void }>()
  const due = new Set<{ at: number; run: () => void }>()
  const state = { now: 1_000, focused, visible }
  const hearing = new Set<(use: MachineUse) => void>()
  const target = {
    addEventListener: (name: string, run: (event: Event) => void) => void listeners.add({ name, run }),
    removeEventListener: (name: string, run: (event: Event) => void) => {
      for (const each of listeners) if (each.name === name && each.run === run) listeners.delete(each)
    }
  }
  const document = {
    ...target,
    hasFocus: () => state.focused,
    get visibilityState() {
      return state.visible ? ('visible' as const) : ('hidden' as const)
    }
  }
  const watched = watchAttention({
    window: target,
    document,
    now: () => state.now,
    after(ms, run) {
      const timer = { at: state.now + ms, run }
      due.add(timer)
      return () => void due.delete(timer)
    },
    onUse: shell
      ? (callback) => {
          hearing.add(callback)
          return () => void hearing.delete(callback)
        }
      : undefined
  })
  const happen = (name: string, isTrusted = true): void => {
    for (const each of listeners) if (each.name === name) each.run({ isTrusted } as Event)
  }
  return {
    watched,
    listening: () => listeners.size + due.size + hearing.size,
    machine: (use: MachineUse) => {
      for (const each of hearing) each(use)
    },
    happen,
    front: (is: boolean) => {
      state.focused = is
      happen(is ? 'focus' : 'blur')
    },
    show: (is: boolean) => {
      state.visible = is
      happen('visibilitychange')
    },
    pass: (ms: number) => {
      state.now += ms
      for (const timer of due) {
        if (timer.at > state.now) continue
        due.delete(timer)
        timer.run()
      }
    }
  }
}

function told(window = handDriven()) {
  const looking: boolean[] = []
  const active: boolean[] = []
  const subscriptions = [
    window.watched.looking.subscribe((now) => looking.push(now)),
    window.watched.activeWithin(AWAY_AFTER_MS).subscribe((now) => active.push(now))
  ]
  return { ...window, looking, active, end: () => subscriptions.forEach((each) => each.unsubscribe()) }
}

describe('somebody', () => {
  it('[S12] looks at what can be seen, is in front, and where something was done lately', () => {
    const { looking, front, show, pass, happen } = told()
    front(false)
    front(true)
    show(false)
    show(true)
    expect(looking).toEqual([true, false, true, false, true])
    pass(ATTENTION_LASTS_MS - 1)
    expect(looking).toHaveLength(5)
    happen('keydown')
    pass(ATTENTION_LASTS_MS - 1)
    expect(looking).toHaveLength(5)
    pass(1)
    expect(looking).toEqual([true, false, true, false, true, false])
    happen('pointermove')
    expect(looking.at(-1)).toBe(true)
  })

  it('[S12] does not look at a window behind others, whatever moves in it', () => {
    const { looking, happen, pass } = told(handDriven({ focused: false }))
    for (const name of ['pointermove', 'wheel', 'pointermove']) {
      pass(2_000)
      happen(name)
    }
    expect(looking).toEqual([false])
  })

  it('[S12] is not what programs do: faked moves of a mouse are no sign', () => {
    const { looking, happen, pass, watched } = told()
    const before = watched.lastInputMs()
    for (let n = 0; n < 4; n++) {
      pass(ATTENTION_LASTS_MS / 3)
      happen('mousemove')
      happen('pointermove', false)
      happen('keydown', false)
    }
    expect(looking).toEqual([true, false])
    expect(watched.lastInputMs()).toBe(before)
  })

  it('[S14.2] is active until nothing was done for so long, in front or not', () => {
    const { active, looking, front, pass, happen } = told()
    front(false)
    pass(AWAY_AFTER_MS - 1)
    expect(active).toEqual([true])
    pass(1)
    expect(active).toEqual([true, false])
    happen('wheel')
    expect(active).toEqual([true, false, true])
    pass(AWAY_AFTER_MS)
    front(true)
    expect(active).toEqual([true, false, true, false, true])
    expect(looking).toEqual([true, false, true])
  })

  it('[S14.2] is there while the machine is used, in whatever window, and until nobody has used it for so long', () => {
    const { active, looking, machine, pass } = told(handDriven({ focused: false, shell: true }))
    expect(active).toEqual([false])
    machine('idle')
    expect(active).toEqual([false])
    machine('active')
    pass(2 * AWAY_AFTER_MS)
    expect(active).toEqual([false, true])
    machine('idle')
    pass(AWAY_AFTER_MS - MACHINE_IDLE_AFTER_MS - 1)
    expect(active).toEqual([false, true])
    pass(1)
    expect(active).toEqual([false, true, false])
    // [S12] Nothing of that is looking at this window.
    expect(looking).toEqual([false])
  })

  it('[S12] does not look at a window because the machine is used elsewhere', () => {
    const { looking, machine, pass } = told(handDriven({ shell: true }))
    machine('active')
    pass(ATTENTION_LASTS_MS)
    expect(looking).toEqual([true, false])
  })

  it('[S14.2] [S12] is gone at once when the screen is locked, whatever was done a moment ago, and back with the next use', () => {
    const { active, looking, machine, happen } = told(handDriven({ shell: true }))
    machine('active')
    happen('keydown')
    machine('locked')
    expect([active, looking]).toEqual([
      [true, false],
      [true, false]
    ])
    machine('active')
    expect([active.at(-1), looking.at(-1)]).toEqual([true, true])
  })

  it('is listened for only while somebody asks, and not taken to have come because somebody asks', () => {
    const window = handDriven({ shell: true })
    expect(window.listening()).toBe(0)
    const first = told(window)
    expect(window.listening()).toBeGreaterThan(0)
    window.pass(ATTENTION_LASTS_MS)
    first.end()
    expect(window.listening()).toBe(0)
    expect(told(window).looking).toEqual([false])
  })
})
