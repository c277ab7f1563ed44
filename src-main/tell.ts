// The one way by which the main process speaks to the page first. What it says is listed in channels.ts.
import type { BrowserWindow } from 'electron'
import type { Tidings } from './channels.ts'

/** Where there is no page, nobody is told. */
export function tell<C extends keyof Tidings>(window: BrowserWindow | null, channel: C, ...data: Tidings[C]): void {
  if (window === null || window.webContents.isDestroyed()) return
  window.webContents.send(channel, ...data)
}
