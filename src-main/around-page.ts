// What the shell does around every page: brings it back when it dies or hangs, its menu over text, its downloads, and what the machine is doing.
import { session } from 'electron'
import type { BrowserWindow } from 'electron'
import type { MachineUse } from '../src-renderer/platform/bridge.ts'
import { offerContextMenu } from './context-menu.ts'
import { fenceDownloads } from './downloads.ts'
import { recoverFromHangs } from './hang.ts'
import { watchMachine } from './idle.ts'
import { pageTextsFor } from './page-texts.ts'
import { recoverFromCrashes, tellOfLostProcesses } from './recovery.ts'
import { tellOfResume } from './resume.ts'
import { tell } from './tell.ts'

export interface AroundPageOptions {
  /** The system's, most wanted first (BCP 47). */
  languages: readonly string[]
  currentWindow: () => BrowserWindow | null
  onProblem: (problem: unknown) => void
}

export interface AroundPage {
  answers: { 'machine:use': () => Promise<MachineUse> }
  /** For each window that is opened. */
  follow(window: BrowserWindow): void
}

/** Needs a ready app, and no page yet. */
export function startAroundPage({ languages, currentWindow, onProblem }: AroundPageOptions): AroundPage {
  const texts = pageTextsFor(languages)
  const after = (ms: number, work: () => void): void => void setTimeout(work, ms)
  fenceDownloads(session.defaultSession, { texts, currentWindow, onProblem })
  tellOfLostProcesses(onProblem)
  tellOfResume(currentWindow)
  const machineUse = watchMachine({
    every: (ms, run) => void setInterval(run, ms),
    onUse: (use) => tell(currentWindow(), 'machine:use', use)
  })
  return {
    answers: { 'machine:use': async () => machineUse() },
    follow(window) {
      recoverFromCrashes(window.webContents, { now: () => performance.now(), after, onProblem })
      recoverFromHangs(window, { texts, after, onProblem })
      offerContextMenu(window, { texts, onProblem })
    }
  }
}
