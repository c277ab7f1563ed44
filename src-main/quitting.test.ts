import type { BrowserWindow as RealWindow } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { finishWithSession, FLUSH_PATIENCE_MS, prepareQuitting, WORKS_PATIENCE_MS } from './quitting.ts'
import type { Quitting } from './quitting.ts'
import { app, BrowserWindow, powerMonitor } from './testing/fake-electron.ts'
import type { FakeBrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let window: FakeBrowserWindow | null
let quitting: Quitting
/** What happened, in order. */
let done: string[]
let timers: Map<number, () => void>
const onProblem = vi.fn<(problem: unknown) => void>()

beforeEach(() => {
  app.removeAllListeners()
  powerMonitor.removeAllListeners()
  app.done.length = 0
  onProblem.mockClear()
  window = new BrowserWindow({ webPreferences: {} })
  done = []
  timers = new Map()
  quitting = prepareQuitting({
    currentWindow: () => window as unknown as RealWindow,
    flushStorage: () => done.push('storage'),
    after: (ms, work) => void timers.set(ms, work),
    onProblem
  })
})

const settle = async () => new Promise((resolve) => setImmediate(resolve))
const quits = () => app.done.filter((each) => each === 'quit').length

describe('before the app ends', () => {
  it('the page is asked, then everything else is ended, then the storage is flushed, and then it ends', async () => {
    quitting.add(async () => void done.push('first work'))
    quitting.add(async () => void done.push('second work'))
    expect(quitting.hasBegun()).toBe(false)
    expect(app.tryToQuit()).toBe(false)
    expect(quitting.hasBegun()).toBe(true)
    expect(window?.webContents.sent).toEqual([['desktop:quitting']])
    await settle()
    expect([done, quits()]).toEqual([[], 0])
    quitting.flushed()
    await settle()
    expect(window?.done).toEqual(['hide'])
    expect([done, quits()]).toEqual([['first work', 'second work', 'storage'], 1])
    expect(app.tryToQuit()).toBe(true)
  })

  it('somebody who quits again meanwhile waits with the first one', async () => {
    app.tryToQuit()
    expect(app.tryToQuit()).toBe(false)
    expect(window?.webContents.sent).toHaveLength(1)
    quitting.flushed()
    await settle()
    expect(done).toEqual(['storage'])
    expect(app.tryToQuit()).toBe(true)
  })

  it('a page that does not answer is not waited for longer than that', async () => {
    app.tryToQuit()
    await settle()
    timers.get(FLUSH_PATIENCE_MS)?.()
    await settle()
    expect([done, quits()]).toEqual([['storage'], 1])
  })

  it('nor one that dies while it is asked', async () => {
    app.tryToQuit()
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    await settle()
    expect([done, quits()]).toEqual([['storage'], 1])
  })

  it.each([
    ['has crashed', () => window && (window.webContents.crashed = true)],
    ['is gone', () => window && (window.webContents.destroyed = true)],
    ['never was', () => (window = null)]
  ])('a page that %s is not asked', async (_how, happen) => {
    const asked = window?.webContents.sent
    happen()
    app.tryToQuit()
    await settle()
    expect([asked, done, quits()]).toEqual([[], ['storage'], 1])
  })

  it('a work that hangs holds nothing up for ever, and one that fails is told and holds nothing up at all', async () => {
    quitting.add(async () => Promise.reject(new Error('no')))
    quitting.add(async () => new Promise(() => undefined))
    app.tryToQuit()
    quitting.flushed()
    await settle()
    expect(quits()).toBe(0)
    timers.get(WORKS_PATIENCE_MS)?.()
    await settle()
    expect([done, quits()]).toEqual([['storage'], 1])
  })

  it('what a work says about its failing is told', async () => {
    quitting.add(async () => Promise.reject(new Error('no')))
    app.tryToQuit()
    quitting.flushed()
    await settle()
    expect(onProblem.mock.calls).toEqual([[new Error('no')]])
    expect(quits()).toBe(1)
  })

  it('who ends it in another way does the same first, and then nothing is held up', async () => {
    const finished = quitting.finish()
    quitting.flushed()
    await finished
    expect(done).toEqual(['storage'])
    expect(quits()).toBe(0)
    expect(quitting.hasBegun()).toBe(true)
    expect(app.tryToQuit()).toBe(true)
    await quitting.finish()
    expect(done).toEqual(['storage'])
  })
})

describe('when the machine ends', () => {
  it('Linux and macOS are told to wait, and the app quits', () => {
    const preventDefault = vi.fn<() => void>()
    powerMonitor.emit('shutdown', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
    expect(quits()).toBe(1)
    powerMonitor.emit('shutdown')
    expect(quits()).toBe(2)
  })

  it('on Windows, which waits for nobody, the page is asked at once', () => {
    const finish = vi.fn<() => Promise<void>>(async () => undefined)
    finishWithSession(window as unknown as RealWindow, { finish })
    expect(finish).not.toHaveBeenCalled()
    window?.emit('session-end', {})
    expect(finish).toHaveBeenCalledOnce()
  })
})
