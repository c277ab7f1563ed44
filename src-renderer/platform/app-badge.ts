// The number on the app's icon: of the desktop app, or of a browser's installed one.
import { desktopBridge } from './bridge.ts'

/** 0 for none. Only installed apps have such an icon: everywhere else it is nothing, or refused, which is the same. */
export async function showAppBadge(count: number): Promise<void> {
  const shell = desktopBridge()?.notifications
  if (shell) {
    await shell.badge(count)
    return
  }
  if (!('setAppBadge' in navigator)) return
  try {
    await (count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count))
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}
