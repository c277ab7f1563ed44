// Looks whether somebody uses this machine, and tells the page when that changes. Who is "away" is the page's matter [S14.2].
import { powerMonitor } from 'electron'
import { MACHINE_IDLE_AFTER_MS } from '../src-renderer/platform/bridge.ts'
import type { MachineUse } from '../src-renderer/platform/bridge.ts'

/** The system tells nobody when it becomes idle: it is asked this often. */
const LOOK_EVERY_MS = 5_000

export interface IdleOptions {
  /** As `setInterval`. */
  every: (ms: number, run: () => void) => void
  /** Told of every change. */
  onUse: (use: MachineUse) => void
}

/** Returns a look at how it is now. Needs a ready app. */
export function watchMachine({ every, onUse }: IdleOptions): () => MachineUse {
  /** Windows and macOS tell of their locked screens; elsewhere only the look at the state does, if at all. */
  let locked = false
  let asleep = false
  let answers = false
  let last: MachineUse = 'idle'

  const now = (): MachineUse => {
    const state = powerMonitor.getSystemIdleState(MACHINE_IDLE_AFTER_MS / 1_000)
    const idleSeconds = powerMonitor.getSystemIdleTime()
    // Where Chromium cannot ask the system (some compositors of Wayland), it says 0 for ever: nobody would ever be away.
    answers ||= idleSeconds > 0
    if (locked || asleep || state === 'locked') return 'locked'
    return answers && state === 'active' ? 'active' : 'idle'
  }
  const look = (): MachineUse => {
    const use = now()
    if (use !== last) {
      last = use
      onUse(use)
    }
    return use
  }
  const set = (change: () => void) => (): void => {
    change()
    look()
  }

  powerMonitor.on(
    'lock-screen',
    set(() => (locked = true))
  )
  powerMonitor.on(
    'unlock-screen',
    set(() => (locked = false))
  )
  powerMonitor.on(
    'suspend',
    set(() => (asleep = true))
  )
  powerMonitor.on(
    'resume',
    set(() => (asleep = false))
  )
  every(LOOK_EVERY_MS, look)
  return look
}
