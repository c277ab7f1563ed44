import { beforeEach, describe, expect, it, vi } from 'vitest'
import { BrowserWindow, FakeBrowserWindow, nativeTheme } from './testing/fake-electron.ts'
import { bringForward, createWindow, loadApp } from './window.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let window: FakeBrowserWindow
beforeEach(() => {
  BrowserWindow.windows.length = 0
  window = createWindow('/app/preload.cjs', { hidden: false }) as unknown as FakeBrowserWindow
})

describe('the window', () => {
  it('is fenced off in every respect, by name', () => {
    expect(window.options.webPreferences).toEqual({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      backgroundThrottling: false
    })
  })

  it('can be as narrow as a phone, and its place is remembered under a name', () => {
    expect(window.options).toMatchObject({ minWidth: 360, name: 'main', windowStatePersistence: true })
  })

  it('is shown when there is something to see', () => {
    expect(window.options['show']).toBe(false)
    expect(window.done).toEqual([])
    window.emit('ready-to-show')
    expect(window.done).toEqual(['show'])
  })

  it('stays hidden where the app was started for the tray, until somebody asks for it', () => {
    const hidden = createWindow('/app/preload.cjs', { hidden: true }) as unknown as FakeBrowserWindow
    hidden.emit('ready-to-show')
    expect(hidden.done).toEqual([])
  })

  it('is dark from the first moment where the system is', () => {
    nativeTheme.shouldUseDarkColors = true
    const dark = createWindow('/app/preload.cjs', { hidden: false }) as unknown as FakeBrowserWindow
    nativeTheme.shouldUseDarkColors = false
    expect(dark.options['backgroundColor']).not.toBe(window.options['backgroundColor'])
  })

  it('shows our own page', async () => {
    await loadApp(window as unknown as Parameters<typeof loadApp>[0])
    expect(window.done).toEqual(['load app://maru/index.html'])
  })

  it('comes to the front from wherever it is', () => {
    const real = window as unknown as Parameters<typeof bringForward>[0]
    bringForward(real)
    expect(window.done).toEqual(['show', 'focus'])
    window.minimized = true
    bringForward(real)
    expect(window.done.slice(2)).toEqual(['restore', 'show', 'focus'])
  })
})
