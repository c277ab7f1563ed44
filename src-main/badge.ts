// The number on the app's icon: in the dock, the launcher or over the taskbar's button. Is told the number, counts nothing.
import { app, nativeImage } from 'electron'
import type { BrowserWindow, NativeImage } from 'electron'
import { BADGE_SIZE, badgePicture } from './badge-picture.ts'
import { encodePng } from './png.ts'

export interface Badge {
  /** 0 for none. */
  show(count: number): void
  /** What is shown once more: a taskbar's button that comes back (after hiding) has lost it. */
  again(): void
}

/**
 * Needs a ready app.
 * @param currentWindow asked at that moment
 * @param describe for who cannot see the picture
 */
export function createBadge(
  platform: NodeJS.Platform,
  currentWindow: () => BrowserWindow | null,
  describe: (count: number) => string
): Badge {
  let shown = 0
  const draw = (): void => {
    if (platform !== 'win32') app.setBadgeCount(shown)
    else currentWindow()?.setOverlayIcon(shown === 0 ? null : overlayOf(shown), shown === 0 ? '' : describe(shown))
  }
  return {
    show(count) {
      shown = count
      draw()
    },
    again() {
      if (shown > 0) draw()
    }
  }
}

function overlayOf(count: number): NativeImage {
  const image = nativeImage.createEmpty()
  for (const scaleFactor of [1, 2]) {
    const png = encodePng(badgePicture(count, scaleFactor)).toString('base64')
    const size = BADGE_SIZE * scaleFactor
    image.addRepresentation({ scaleFactor, width: size, height: size, dataURL: `data:image/png;base64,${png}` })
  }
  return image
}
