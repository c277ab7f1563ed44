import { beforeEach, describe, expect, it, vi } from 'vitest'
import { watchMachine } from './idle.ts'
import { powerMonitor } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let heard: string[]
let now: () => string
let tick: () => void
let everyMs: number

beforeEach(() => {
  powerMonitor.removeAllListeners()
  powerMonitor.idleSeconds = 1
  powerMonitor.locked = false
  heard = []
  now = watchMachine({
    every: (ms, run) => {
      everyMs = ms
      tick = run
    },
    onUse: (use) => heard.push(use)
  })
})

function idleFor(seconds: number): void {
  powerMonitor.idleSeconds = seconds
  tick()
}

describe('the machine', () => {
  it('[S14.2] is idle when nobody has touched it for a minute, and used with the next touch; each is told once', () => {
    for (const seconds of [1, 30, 59, 60, 65, 600, 0, 5]) idleFor(seconds)
    expect(heard).toEqual(['active', 'idle', 'active'])
    expect(everyMs).toBeLessThanOrEqual(5_000)
  })

  it('is locked at once, by the event or by the look, whatever was touched, and asleep is as good as locked', () => {
    tick()
    powerMonitor.emit('lock-screen')
    expect(heard).toEqual(['active', 'locked'])
    idleFor(3)
    expect(heard).toHaveLength(2)
    powerMonitor.emit('unlock-screen')
    powerMonitor.emit('suspend')
    powerMonitor.emit('resume')
    powerMonitor.locked = true
    tick()
    expect(heard).toEqual(['active', 'locked', 'active', 'locked', 'active', 'locked'])
  })

  it('is looked at anew for whoever asks', () => {
    expect(now()).toBe('active')
    powerMonitor.idleSeconds = 61
    expect(now()).toBe('idle')
    expect(heard).toEqual(['active', 'idle'])
  })

  it('of which the system knows nothing is not called used', () => {
    for (let n = 0; n < 100; n++) idleFor(0)
    expect(heard).toEqual([])
    expect(now()).toBe('idle')
    powerMonitor.emit('lock-screen')
    expect(heard).toEqual(['locked'])
  })
})
