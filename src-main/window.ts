// The app's window: how it is fenced off, and where it was. Electron remembers its place (windowStatePersistence).
import { BrowserWindow, nativeTheme } from 'electron'
import { START_URL } from './own-origin.ts'

/** What is seen before the page is drawn; the same as `theme-color` in src-renderer/index.html. */
const BACKDROP = { light: '#f8f6f2', dark: '#221f1d' }

/**
 * @param preload the built preload script
 * @param hidden it is shown only when somebody asks for it
 */
export function createWindow(preload: string, { hidden }: { hidden: boolean }): BrowserWindow {
  const window = new BrowserWindow({
    name: 'main',
    windowStatePersistence: true,
    title: 'Maru',
    width: 1100,
    height: 760,
    minWidth: 360,
    minHeight: 480,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKDROP.dark : BACKDROP.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // In the tray it goes on receiving and notifying at once: docs/desktop-security.md says what that costs.
      backgroundThrottling: false
    }
  })
  if (!hidden) window.once('ready-to-show', () => window.show())
  return window
}

/** Rejects when the page could not be loaded. */
export async function loadApp(window: BrowserWindow): Promise<void> {
  await window.loadURL(START_URL)
}

/** Shows a window that may be minimised, hidden or behind others. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
