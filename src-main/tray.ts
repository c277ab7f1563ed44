// The icon in the tray (macOS: the menu bar): whether there is something unread, and a short menu. Is told both, decides nothing.
import { Menu, Tray } from 'electron'
import { trayPicture } from './tray-pictures.ts'
import type { TrayTexts } from './tray-texts.ts'

export interface AppTray {
  /** 0 for none. */
  showUnread(count: number): void
  /** Whether the person is not to be disturbed; null while nobody is signed in. */
  showDnd(on: boolean | null): void
}

export interface TrayOptions {
  platform: NodeJS.Platform
  texts: TrayTexts
  onOpen: () => void
  onDnd: (on: boolean) => void
  onQuit: () => void
  /** Told why there is no tray. */
  onProblem: (problem: unknown) => void
}

/** Null where the system refuses one. Needs a ready app; whoever calls keeps what it returns, or the icon goes with it. */
export function showTray({ platform, texts, onOpen, onDnd, onQuit, onProblem }: TrayOptions): AppTray | null {
  const pictures = { plain: trayPicture(platform, false), unread: trayPicture(platform, true) }
  let tray: Tray
  try {
    tray = new Tray(pictures.plain)
  } catch (error) {
    onProblem(error)
    return null
  }
  let dnd: boolean | null = null

  // On Linux a menu that is shown does not change: each change is another menu.
  const showMenu = (): void => {
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: texts.open, click: onOpen },
        { type: 'separator' },
        {
          label: texts.doNotDisturb,
          type: 'checkbox',
          checked: dnd === true,
          enabled: dnd !== null,
          click: () => {
            // What the menu shows is the page's to say; until then it shows what the person wants.
            dnd = dnd !== true
            showMenu()
            onDnd(dnd)
          }
        },
        { type: 'separator' },
        { label: texts.quit, click: onQuit }
      ])
    )
  }
  // In macOS' menu bar a click opens the menu.
  if (platform !== 'darwin') tray.on('click', onOpen)
  tray.setToolTip(TOOLTIP)
  showMenu()

  return {
    showUnread(count) {
      tray.setImage(count === 0 ? pictures.plain : pictures.unread)
      tray.setToolTip(count === 0 ? TOOLTIP : `${TOOLTIP} – ${texts.unread(count)}`)
    },
    showDnd(on) {
      if (on === dnd) return
      dnd = on
      showMenu()
    }
  }
}

const TOOLTIP = 'Maru'
