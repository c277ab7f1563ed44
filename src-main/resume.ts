// Tells the page when the machine woke up or was unlocked. What it makes of that is its own matter.
import { powerMonitor } from 'electron'
import type { BrowserWindow } from 'electron'
import { tell } from './tell.ts'

/** @param currentWindow asked at that moment. Needs a ready app. */
export function tellOfResume(currentWindow: () => BrowserWindow | null): void {
  const resumed = (): void => tell(currentWindow(), 'desktop:resumed')
  powerMonitor.on('resume', resumed)
  powerMonitor.on('unlock-screen', resumed)
}
