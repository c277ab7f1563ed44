// Before the app ends: the page brings what it holds to the disk, then whatever else runs ends in order. None of it can keep the app for ever.
import { app, powerMonitor } from 'electron'
import type { BrowserWindow } from 'electron'
import { tell } from './tell.ts'

/** For the page. It needs a fraction of that. */
export const FLUSH_PATIENCE_MS = 3_000
/** For everything else together. */
export const WORKS_PATIENCE_MS = 5_000

export interface QuittingOptions {
  currentWindow: () => BrowserWindow | null
  /** Brings to the disk what the browser's parts hold. */
  flushStorage: () => void
  /** As `setTimeout`. */
  after: (ms: number, work: () => void) => void
  onProblem: (problem: unknown) => void
}

export interface Quitting {
  /** From the first moment on: what would keep a window open or start something has to let go. */
  hasBegun(): boolean
  /** The page's answer. */
  flushed(): void
  /** Something else to be ended before the app; all of them at the same time, after the page. */
  add(work: () => Promise<void>): void
  /** Does all of it, once. Nothing holds the end up afterwards: for who ends the app in another way, as an update does. Never rejects. */
  finish(): Promise<void>
}

/** Listens from now on. Needs a ready app. */
export function prepareQuitting({ currentWindow, flushStorage, after, onProblem }: QuittingOptions): Quitting {
  const works: (() => Promise<void>)[] = []
  let finishing: Promise<void> | null = null
  let done = false
  let answered = (): void => {}

  const patiently = async (ms: number, work: Promise<unknown>): Promise<void> => {
    await Promise.race([work, new Promise<void>((resolve) => after(ms, resolve))])
  }

  /** A page that has crashed, or was never loaded, has nothing to bring anywhere. */
  const flushPage = async (): Promise<void> => {
    const window = currentWindow()
    if (window === null || window.webContents.isDestroyed() || window.webContents.isCrashed()) return
    const answer = new Promise<void>((resolve) => {
      answered = resolve
      window.webContents.once('render-process-gone', () => resolve())
    })
    tell(window, 'desktop:quitting')
    await patiently(FLUSH_PATIENCE_MS, answer)
    if (!window.isDestroyed()) window.hide()
  }

  const endWorks = async (): Promise<void> => {
    const ends = await Promise.allSettled(works.map(async (work) => work()))
    for (const end of ends) if (end.status === 'rejected') onProblem(end.reason)
  }

  const finishAll = async (): Promise<void> => {
    try {
      await flushPage()
      await patiently(WORKS_PATIENCE_MS, endWorks())
      flushStorage()
    } catch (error) {
      onProblem(error)
    }
    done = true
  }

  const finish = async (): Promise<void> => (finishing ??= finishAll())

  app.on('before-quit', (event) => {
    if (done) return
    event.preventDefault()
    void finish().then(() => app.quit())
  })
  // Linux and macOS wait for an app that says that it is about to end.
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault()
    app.quit()
  })

  return {
    hasBegun: () => finishing !== null,
    flushed: () => answered(),
    add: (work) => void works.push(work),
    finish
  }
}

/** Windows ends a session without `before-quit`, and hardly waits: what can be done then is done. */
export function finishWithSession(window: BrowserWindow, quitting: Pick<Quitting, 'finish'>): void {
  window.on('session-end', () => void quitting.finish())
}
