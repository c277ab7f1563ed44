// One running app per profile. The lock lies in userData, so `--user-data-dir` makes another profile and another instance.
import { app } from 'electron'
import type { BrowserWindow } from 'electron'

/**
 * False: another instance has this profile and has been asked to come forward; this one is to quit.
 * @param currentWindow asked when a second instance was started.
 */
export function becomeOnlyInstance(currentWindow: () => BrowserWindow | null): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', () => {
    const window = currentWindow()
    if (window !== null) comeForward(window)
  })
  return true
}

/** Shows a window that may be minimised, hidden or behind others. */
export function comeForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
