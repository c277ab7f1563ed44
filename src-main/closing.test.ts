import type { BrowserWindow as RealWindow } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { decideClosing } from './closing.ts'
import { BrowserWindow } from './testing/fake-electron.ts'
import type { FakeBrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const quit = vi.fn<() => void>()
const onHidden = vi.fn<() => void>()
let state = { intoTray: true, quitting: false }
let window: FakeBrowserWindow

function on(platform: NodeJS.Platform): void {
  window = new BrowserWindow({ webPreferences: {} })
  decideClosing(window as unknown as RealWindow, {
    platform,
    intoTray: () => state.intoTray,
    isQuitting: () => state.quitting,
    quit,
    onHidden
  })
}

beforeEach(() => {
  state = { intoTray: true, quitting: false }
  quit.mockClear()
  onHidden.mockClear()
})

describe('a window that is closed', () => {
  it.each(['linux', 'win32'] as const)('%s: goes into the tray, each time, where the person wants that', (platform) => {
    on(platform)
    expect([window.tryToClose(), window.tryToClose()]).toEqual([false, false])
    expect(window.done).toEqual(['hide', 'hide'])
    expect(onHidden).toHaveBeenCalledTimes(2)
    expect(quit).not.toHaveBeenCalled()
  })

  it.each(['linux', 'win32'] as const)(
    '%s: else the app quits, and the window stays until that is done',
    (platform) => {
      on(platform)
      state.intoTray = false
      expect(window.tryToClose()).toBe(false)
      expect(window.done).toEqual([])
      expect(quit).toHaveBeenCalledOnce()
      expect(onHidden).not.toHaveBeenCalled()
    }
  )

  it('darwin: hides, as windows do there, whatever was chosen about trays, and without a word', () => {
    on('darwin')
    state.intoTray = false
    expect(window.tryToClose()).toBe(false)
    expect(window.done).toEqual(['hide'])
    expect([quit.mock.calls, onHidden.mock.calls]).toEqual([[], []])
  })

  it('darwin: leaves the full screen first, which would stay black', () => {
    on('darwin')
    window.fullScreen = true
    window.tryToClose()
    expect(window.done).toEqual(['full screen false'])
    window.emit('leave-full-screen')
    window.emit('leave-full-screen')
    expect(window.done).toEqual(['full screen false', 'hide'])
  })

  it.each(['linux', 'win32', 'darwin'] as const)('%s: closes when the app ends', (platform) => {
    on(platform)
    state.quitting = true
    expect(window.tryToClose()).toBe(true)
    expect([quit.mock.calls, onHidden.mock.calls]).toEqual([[], []])
  })
})
