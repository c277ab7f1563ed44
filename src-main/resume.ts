// Tells the page when the machine woke up or was unlocked. What it makes of that is its own matter.
import { powerMonitor } from 'electron'
import type { BrowserWindow } from 'electron'
import type { Tidings } from './channels.ts'

const RESUMED: Tidings = 'desktop:resumed'

/** @param currentWindow asked at that moment. Needs a ready app. */
export function tellOfResume(currentWindow: () => BrowserWindow | null): void {
  const tell = (): void => currentWindow()?.webContents.send(RESUMED)
  powerMonitor.on('resume', tell)
  powerMonitor.on('unlock-screen', tell)
}
