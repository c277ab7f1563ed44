// The tray's pictures (build/, drawn by scripts/tray-icons.mjs), for every density of a screen. In macOS' menu bar they are outlines that take its colour.
import { nativeImage } from 'electron'
import type { NativeImage } from 'electron'
import mac16 from '../build/tray-mac-16.png?inline'
import mac32 from '../build/tray-mac-32.png?inline'
import macUnread16 from '../build/tray-mac-unread-16.png?inline'
import macUnread32 from '../build/tray-mac-unread-32.png?inline'
import plain16 from '../build/tray-16.png?inline'
import plain24 from '../build/tray-24.png?inline'
import plain32 from '../build/tray-32.png?inline'
import unread16 from '../build/tray-unread-16.png?inline'
import unread24 from '../build/tray-unread-24.png?inline'
import unread32 from '../build/tray-unread-32.png?inline'

/** With `unread` a dot says that there is something. Needs a ready app. */
export function trayPicture(platform: NodeJS.Platform, unread: boolean): NativeImage {
  if (platform === 'darwin') {
    const image = unread ? picture([1, macUnread16], [2, macUnread32]) : picture([1, mac16], [2, mac32])
    image.setTemplateImage(true)
    return image
  }
  if (platform === 'win32') {
    return unread
      ? picture([1, unread16], [1.5, unread24], [2, unread32])
      : picture([1, plain16], [1.5, plain24], [2, plain32])
  }
  // Panels of Linux scale one picture as they need it.
  return nativeImage.createFromDataURL(unread ? unread32 : plain32)
}

function picture(...byScale: readonly [scaleFactor: number, dataURL: string][]): NativeImage {
  const image = nativeImage.createEmpty()
  for (const [scaleFactor, dataURL] of byScale) image.addRepresentation({ scaleFactor, dataURL })
  return image
}
