// The native menu: what every app of the system has, in the system's language. All of it is Electron's own doing (roles).
import { Menu } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import { menuTextsFor } from './menu-texts.ts'
import type { MenuTexts } from './menu-texts.ts'

export function showMenu(platform: NodeJS.Platform, languages: readonly string[]): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, menuTextsFor(languages))))
}

/** What people press too: plus without Shift, and the keys of the number pad. Chromium keeps to 25–500 %, the same for every window of our origin. */
const moreZoomKeys: MenuItemConstructorOptions[] = [
  { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
  { role: 'zoomIn', accelerator: 'CommandOrControl+numadd', visible: false },
  { role: 'zoomOut', accelerator: 'CommandOrControl+numsub', visible: false },
  { role: 'resetZoom', accelerator: 'CommandOrControl+num0', visible: false }
]

export function menuTemplate(platform: NodeJS.Platform, texts: MenuTexts): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const app: MenuItemConstructorOptions = {
    label: 'Maru',
    submenu: [
      { role: 'about', label: texts.about },
      separator,
      { role: 'services', label: texts.services },
      separator,
      { role: 'hide', label: texts.hide },
      { role: 'hideOthers', label: texts.hideOthers },
      { role: 'unhide', label: texts.unhide },
      separator,
      { role: 'quit', label: texts.quit }
    ]
  }
  const file: MenuItemConstructorOptions = {
    label: texts.file,
    submenu: [mac ? { role: 'close', label: texts.close } : { role: 'quit', label: texts.quit }]
  }
  const edit: MenuItemConstructorOptions = {
    label: texts.edit,
    submenu: [
      { role: 'undo', label: texts.undo },
      { role: 'redo', label: texts.redo },
      separator,
      { role: 'cut', label: texts.cut },
      { role: 'copy', label: texts.copy },
      { role: 'paste', label: texts.paste },
      { role: 'selectAll', label: texts.selectAll }
    ]
  }
  const view: MenuItemConstructorOptions = {
    label: texts.view,
    submenu: [
      { role: 'reload', label: texts.reload },
      { role: 'toggleDevTools', label: texts.developerTools },
      separator,
      { role: 'resetZoom', label: texts.actualSize },
      { role: 'zoomIn', label: texts.zoomIn },
      { role: 'zoomOut', label: texts.zoomOut },
      ...moreZoomKeys,
      separator,
      { role: 'togglefullscreen', label: texts.fullScreen }
    ]
  }
  const window: MenuItemConstructorOptions = {
    label: texts.window,
    submenu: [
      { role: 'minimize', label: texts.minimize },
      mac ? { role: 'front', label: texts.front } : { role: 'close', label: texts.close }
    ]
  }
  return [...(mac ? [app] : []), file, edit, view, window]
}
