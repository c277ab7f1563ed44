// What becomes of the window when it is closed: it hides and the app runs on, or the app quits in order. Draws nothing.
import type { BrowserWindow } from 'electron'

export interface ClosingOptions {
  platform: NodeJS.Platform
  /** Whether there is a tray to come back from, and the person wants that. */
  intoTray: () => boolean
  /** The app is about to end: then windows close. */
  isQuitting: () => boolean
  quit: () => void
  /** The window has gone into the tray. */
  onHidden: () => void
}

export function decideClosing(window: BrowserWindow, options: ClosingOptions): void {
  const { platform, intoTray, isQuitting, quit, onHidden } = options
  window.on('close', (event) => {
    if (isQuitting()) return
    event.preventDefault()
    if (platform === 'darwin') hideOnMac(window)
    else if (intoTray()) {
      window.hide()
      onHidden()
    } else quit() // not closed at once: the page still has to bring what it holds to the disk
  })
}

/** A window that is hidden while it fills a screen of its own leaves that screen black. */
function hideOnMac(window: BrowserWindow): void {
  if (!window.isFullScreen()) {
    window.hide()
    return
  }
  window.once('leave-full-screen', () => window.hide())
  window.setFullScreen(false)
}
