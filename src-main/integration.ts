// What the desktop shows of Maru beside its window (notifications, badge, tray), and how window and app end: puts these together. Knows no rooms.
import { app, session } from 'electron'
import type { BrowserWindow } from 'electron'
import { APP_ID, TOAST_ACTIVATOR_ID } from './app-id.ts'
import { createBadge } from './badge.ts'
import { decideClosing } from './closing.ts'
import type { Answers } from './ipc.ts'
import { createNotices } from './notices.ts'
import { finishWithSession, prepareQuitting } from './quitting.ts'
import type { Quitting } from './quitting.ts'
import type { Settings } from './settings.ts'
import { tell } from './tell.ts'
import { isFirstTime } from './told-once.ts'
import { trayTextsFor } from './tray-texts.ts'
import { showTray } from './tray.ts'

export interface IntegrationOptions {
  platform: NodeJS.Platform
  /** The system's, most wanted first (BCP 47). */
  languages: readonly string[]
  currentWindow: () => BrowserWindow | null
  /** Brings the window to the front, or opens one. */
  comeForward: () => void
  settings: Pick<Settings, 'now'>
  /** Whether the app has to go on without its window, whatever was set: there is something that others rest on. */
  keepsRunning: () => boolean
  /** The shell's own. */
  folder: string
  onProblem: (problem: unknown) => void
}

type Answered =
  | 'notice:show'
  | 'notice:withdraw'
  | 'notice:shown'
  | 'notice:take-opened'
  | 'notice:replies'
  | 'notice:reply-kept'
  | 'notice:badge'
  | 'tray:show-dnd'
  | 'tray:take-dnd'
  | 'desktop:flushed'

export interface Integration {
  answers: Pick<Answers, Answered>
  /** For each window that is opened. */
  follow(window: BrowserWindow): void
  hasTray: boolean
  quitting: Quitting
}

/** Needs a ready app, and no page yet. To be kept: the tray goes with it. */
export function integrate(options: IntegrationOptions): Integration {
  const { platform, languages, currentWindow, comeForward, settings, folder, onProblem } = options
  // Windows shows notifications only of an app that it knows by this id, as the installer has told it.
  if (platform === 'win32') {
    app.setAppUserModelId(APP_ID)
    app.setToastActivatorCLSID(TOAST_ACTIVATOR_ID)
  }
  const texts = trayTextsFor(languages)
  let wantedDnd: boolean | null = null

  const notices = createNotices({
    platform,
    texts,
    comeForward,
    onOpened: () => tell(currentWindow(), 'notice:opened'),
    onReplied: () => tell(currentWindow(), 'notice:replied'),
    onProblem
  })
  const badge = createBadge(platform, currentWindow, (count) => texts.unread(count))
  const tray = showTray({
    platform,
    texts,
    onOpen: comeForward,
    onDnd: (on) => {
      wantedDnd = on
      tell(currentWindow(), 'tray:dnd')
    },
    onQuit: () => app.quit(),
    onProblem
  })
  const quitting = prepareQuitting({
    currentWindow,
    flushStorage: () => session.defaultSession.flushStorageData(),
    after: (ms, work) => void setTimeout(work, ms),
    onProblem
  })
  // Nobody would take them off the screen when they are read, and they would lead to an app that knows nothing of them.
  quitting.add(async () => notices.withdrawAll())

  const tellStillRunning = async (): Promise<void> => {
    if (await isFirstTime(folder, 'still-running')) notices.say(texts.stillRunning.title, texts.stillRunning.body)
  }

  return {
    quitting,
    hasTray: tray !== null,
    follow(window) {
      decideClosing(window, {
        platform,
        intoTray: () => options.keepsRunning() || (tray !== null && settings.now().closeToTray),
        isQuitting: () => quitting.hasBegun(),
        quit: () => app.quit(),
        onHidden: () => {
          tellStillRunning().catch(onProblem)
        }
      })
      finishWithSession(window, quitting)
      window.on('show', () => badge.again())
    },
    answers: {
      'notice:show': async (notice) => notices.show(notice),
      'notice:withdraw': async (tag) => notices.withdraw(tag),
      'notice:shown': async () => notices.shown(),
      'notice:take-opened': async () => notices.takeOpened(),
      'notice:replies': async () => notices.replies(),
      'notice:reply-kept': async (id) => notices.replyKept(id),
      'notice:badge': async (count) => {
        badge.show(count)
        tray?.showUnread(count)
      },
      'tray:show-dnd': async (on) => tray?.showDnd(on),
      'tray:take-dnd': async () => {
        const wanted = wantedDnd
        wantedDnd = null
        return wanted
      },
      'desktop:flushed': async () => quitting.flushed()
    }
  }
}
