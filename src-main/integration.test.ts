import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindow as RealWindow } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notice } from '../src-renderer/platform/bridge.ts'
import { APP_ID, TOAST_ACTIVATOR_ID } from './app-id.ts'
import { integrate } from './integration.ts'
import { app, BrowserWindow, Notification, powerMonitor, session, Tray } from './testing/fake-electron.ts'
import type { FakeBrowserWindow } from './testing/fake-electron.ts'
import { trayTextsFor } from './tray-texts.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const notice: Notice = {
  tag: 'hall',
  title: 'Hall',
  body: 'Mina: hello',
  place: { roomId: 'hall', seq: 3 },
  covers: { hall: 3 },
  count: 1,
  alert: true,
  mayReply: true
}

let folder = ''
let window: FakeBrowserWindow
let closeToTray: boolean
let keepsRunning: boolean
const comeForward = vi.fn<() => void>()
const problems: unknown[] = []
const texts = trayTextsFor(['en'])

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-shell-'))
  app.removeAllListeners()
  powerMonitor.removeAllListeners()
  app.done.length = 0
  Tray.trays.length = 0
  Tray.refused = false
  Notification.made.length = 0
  Notification.onActivation = undefined
  session.defaultSession.flushes = 0
  comeForward.mockClear()
  problems.length = 0
  closeToTray = true
  keepsRunning = false
  window = new BrowserWindow({ webPreferences: {} })
})
afterEach(async () => rm(folder, { recursive: true }))

function integrated(platform: NodeJS.Platform = 'linux') {
  const made = integrate({
    platform,
    languages: ['en'],
    currentWindow: () => window as unknown as RealWindow,
    comeForward,
    settings: { now: () => ({ closeToTray, startAtLogin: false, spelling: false, updates: false }) },
    keepsRunning: () => keepsRunning,
    folder,
    onProblem: (problem) => problems.push(problem)
  })
  made.follow(window as unknown as RealWindow)
  return made
}

describe('on the desktop', () => {
  it('the app has the name that its packages give it, where notifications ask for it', async () => {
    integrated('linux')
    expect(app.done).toEqual([])
    integrated('win32')
    expect(app.done).toEqual([`is ${APP_ID}`, `is started by ${TOAST_ACTIVATOR_ID}`])
    expect(TOAST_ACTIVATOR_ID).toMatch(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/)
    const { desktopName } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8'))
    expect(desktopName).toBe(`${APP_ID}.desktop`)
  })

  it('a click tells the page that there is a place to take', async () => {
    const { answers } = integrated()
    await answers['notice:show'](notice)
    expect(await answers['notice:shown']()).toEqual([notice])
    Notification.onScreen()[0]?.emit('click', {})
    expect(window.webContents.sent).toEqual([['notice:opened']])
    expect(comeForward).toHaveBeenCalledOnce()
    expect(await answers['notice:take-opened']()).toEqual({ place: notice.place })
    await answers['notice:withdraw']('hall')
    expect(await answers['notice:shown']()).toEqual([])
  })

  it('so does a reply', async () => {
    const { answers } = integrated()
    await answers['notice:show'](notice)
    Notification.onScreen()[0]?.emit('reply', { reply: 'coming' })
    expect(window.webContents.sent).toEqual([['notice:replied']])
    const [reply] = await answers['notice:replies']()
    expect(reply).toMatchObject({ place: notice.place, text: 'coming' })
    await answers['notice:reply-kept'](reply?.id ?? '')
    expect(await answers['notice:replies']()).toEqual([])
  })

  it('what is unread is on the icon and in the tray, and again on a taskbar’s button that comes back', async () => {
    const { answers } = integrated('win32')
    await answers['notice:badge'](3)
    expect(Tray.trays[0]?.tooltip).toBe(`Maru – ${texts.unread(3)}`)
    expect(window.overlay?.description).toBe(texts.unread(3))
    window.overlay = undefined
    window.show()
    expect(window.overlay).toMatchObject({ description: texts.unread(3) })
  })

  it('what is switched in the tray waits for the page; what the page says is shown', async () => {
    const { answers } = integrated()
    await answers['tray:show-dnd'](false)
    expect(await answers['tray:take-dnd']()).toBeNull()
    Tray.trays[0]?.item(texts.doNotDisturb).click?.()
    expect(window.webContents.sent).toEqual([['tray:dnd']])
    expect(await answers['tray:take-dnd']()).toBe(true)
    expect(await answers['tray:take-dnd']()).toBeNull()
    await answers['tray:show-dnd'](true)
    expect(Tray.trays[0]?.item(texts.doNotDisturb).checked).toBe(true)
  })

  it('the tray opens and quits', () => {
    const { hasTray } = integrated()
    expect(hasTray).toBe(true)
    Tray.trays[0]?.item(texts.open).click?.()
    expect(comeForward).toHaveBeenCalledOnce()
    Tray.trays[0]?.item(texts.quit).click?.()
    expect(app.done).toEqual(['quit'])
  })
})

describe('a window that is closed', () => {
  it('goes into the tray, and the person is told so once', async () => {
    integrated()
    window.tryToClose()
    await vi.waitFor(() => expect(Notification.onScreen()).toHaveLength(1))
    expect(Notification.onScreen()[0]).toMatchObject(texts.stillRunning)
    window.tryToClose()
    await new Promise((resolve) => setImmediate(resolve))
    expect(window.done).toEqual(['hide', 'hide'])
    expect(Notification.made).toHaveLength(1)
    expect(problems).toEqual([])
  })

  it('ends the app where there is no tray, or the person wants that', () => {
    Tray.refused = true
    expect(integrated().hasTray).toBe(false)
    expect(problems).toHaveLength(1)
    window.tryToClose()
    expect(app.done).toEqual(['quit'])
    Tray.refused = false
    window = new BrowserWindow({ webPreferences: {} })
    integrated()
    closeToTray = false
    window.tryToClose()
    expect(app.done).toEqual(['quit', 'quit'])
    expect(window.done).toEqual([])
  })

  it('hides, whatever was set, while others rest on what the app runs', () => {
    integrated()
    closeToTray = false
    keepsRunning = true
    window.tryToClose()
    expect(window.done).toEqual(['hide'])
    expect(app.done).toEqual([])
  })

  it('closes when the app ends: by then the page has answered, nothing is on the screen, and the storage is flushed', async () => {
    const { answers } = integrated()
    await answers['notice:show'](notice)
    expect(app.tryToQuit()).toBe(false)
    expect(window.webContents.sent).toEqual([['desktop:quitting']])
    await answers['desktop:flushed']()
    await vi.waitFor(() => expect(app.done).toEqual(['quit']))
    expect(Notification.onScreen()).toEqual([])
    expect(session.defaultSession.flushes).toBe(1)
    expect(app.tryToQuit()).toBe(true)
    expect(window.tryToClose()).toBe(true)
  })

  it('and when Windows ends the session', () => {
    integrated('win32')
    window.emit('session-end', {})
    expect(window.webContents.sent).toEqual([['desktop:quitting']])
  })
})
