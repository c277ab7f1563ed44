import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  app,
  BrowserWindow,
  FakeWebContents,
  ipcMain,
  Menu,
  powerMonitor,
  session,
  Tray
} from './testing/fake-electron.ts'
import type { FakeBrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const argv = process.argv

beforeAll(async () => {
  app.userData = await mkdtemp(join(tmpdir(), 'maru-user-data-'))
  process.argv = ['electron', '.', '--relay=http://127.0.0.1:4100']
})

afterAll(async () => {
  process.argv = argv
  await rm(app.userData, { recursive: true })
})

async function ask(channel: string): Promise<unknown> {
  const sender = new FakeWebContents()
  return ipcMain.handlers.get(channel)?.({ sender, senderFrame: sender.mainFrame })
}

/** One process, one start: these tests follow each other. */
describe('the shell', () => {
  let window: FakeBrowserWindow

  it('takes its profile, its sandbox and its scheme before Electron is ready, and waits for that without blocking', async () => {
    await import('./index.ts')
    expect(app.done).toEqual(['lock', 'enableSandbox', 'registerSchemesAsPrivileged'])
    expect(BrowserWindow.windows).toEqual([])
  })

  it('then opens one window, with every fence around it', async () => {
    await app.becomeReady()
    expect(app.done).toEqual(['lock', 'enableSandbox', 'registerSchemesAsPrivileged', 'ready'])
    expect(BrowserWindow.windows).toHaveLength(1)
    window = BrowserWindow.windows[0] as FakeBrowserWindow
    expect(window.done).toEqual(['load app://maru/index.html'])
    expect(window.options.webPreferences['preload']).toMatch(/preload\.cjs$/)
    const { onRequest, onCheck, onDevice, handlers } = session.defaultSession
    expect([onRequest, onCheck, onDevice].every((each) => each !== undefined)).toBe(true)
    expect(handlers.has('app')).toBe(true)
    expect(window.webContents.openHandler).toBeDefined()
    for (const event of ['will-navigate', 'will-attach-webview', 'render-process-gone']) {
      expect(window.webContents.listenerCount(event)).toBeGreaterThan(0)
    }
    expect(Menu.shown).toBeDefined()
  })

  it('tells the page what it is and which relay it was started for', async () => {
    expect(await ask('desktop:facts')).toEqual({
      platform: process.platform,
      version: '1.2.3',
      suggestedRelay: 'http://127.0.0.1:4100'
    })
  })

  it('fences in contents of whatever kind that come later', () => {
    const other = new FakeWebContents()
    app.emit('web-contents-created', {}, other)
    expect(other.openHandler?.({ url: 'about:blank' })).toEqual({ action: 'deny' })
  })

  it('tells the page when the machine woke up', () => {
    powerMonitor.emit('resume')
    expect(window.webContents.sent).toEqual([['desktop:resumed']])
  })

  it('ends with its last window, but on macOS', () => {
    app.emit('window-all-closed')
    expect(app.done.includes('quit')).toBe(process.platform !== 'darwin')
  })

  it('has an icon in the tray, into which the window closes, and comes forward from there when it is started again', () => {
    const [tray] = Tray.trays
    expect(Tray.trays).toHaveLength(1)
    const before = window.done.length
    for (const call of [() => app.emit('second-instance', {}, []), () => tray?.item('Open Maru').click?.()]) {
      expect(window.tryToClose()).toBe(false)
      call()
    }
    expect(window.done.slice(before)).toEqual(['hide', 'show', 'focus', 'hide', 'show', 'focus'])
  })

  it('opens another window only where there is none', () => {
    app.emit('activate')
    expect(BrowserWindow.windows).toHaveLength(1)
    BrowserWindow.windows.length = 0
    app.emit('activate')
    expect(BrowserWindow.windows).toHaveLength(1)
  })

  it('asks the page before it ends, and ends when the page has answered', async () => {
    const [now] = BrowserWindow.windows
    app.done.length = 0
    expect(app.tryToQuit()).toBe(false)
    expect(now?.webContents.sent).toContainEqual(['desktop:quitting'])
    expect(app.done).toEqual([])
    await ask('desktop:flushed')
    await vi.waitFor(() => expect(app.done).toEqual(['quit']))
    expect(app.tryToQuit()).toBe(true)
  })
})

it('started by the system, it stays in the tray until somebody asks for it', async () => {
  vi.resetModules()
  BrowserWindow.windows.length = 0
  process.argv = ['electron', '.', '--hidden']
  await import('./index.ts')
  await app.becomeReady()
  const [window] = BrowserWindow.windows
  window?.emit('ready-to-show')
  expect(window?.done).toEqual(['load app://maru/index.html'])
  app.emit('second-instance', {}, [])
  expect(window?.done).toContain('show')
})

it('a second one on the same profile quits and touches nothing', async () => {
  vi.resetModules()
  BrowserWindow.windows.length = 0
  app.done.length = 0
  app.locked = false
  await import('./index.ts')
  expect(app.done).toEqual(['lock', 'quit'])
  expect(BrowserWindow.windows).toEqual([])
})
