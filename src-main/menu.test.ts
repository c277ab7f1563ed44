import { describe, expect, it, vi } from 'vitest'
import type { MenuItemConstructorOptions } from 'electron'
import { menuTextsFor } from './menu-texts.ts'
import { menuTemplate, showMenu } from './menu.ts'
import { Menu } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const platforms = ['linux', 'win32', 'darwin'] as const

function flat(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])])
}

describe('the menu', () => {
  it("speaks the system's first language that it knows, and English otherwise", () => {
    const quit = (...languages: string[]) => menuTextsFor(languages).quit
    expect(quit('ko-KR', 'en-US')).toBe('Maru 종료')
    expect(quit('fr-FR', 'ko')).toBe('Maru 종료')
    expect(quit('en-GB', 'ko-KR')).toBe('Quit Maru')
    expect([quit('kok-IN'), quit()]).toEqual(['Quit Maru', 'Quit Maru'])
  })

  it.each(platforms)('has words for every entry, in both languages: %s', (platform) => {
    for (const language of ['ko', 'en']) {
      const entries = flat(menuTemplate(platform, menuTextsFor([language]))).filter(
        ({ type, visible }) => type !== 'separator' && visible !== false
      )
      expect(entries.filter(({ label }) => !label?.trim())).toEqual([])
    }
  })

  it.each(platforms)('can undo, copy, paste, zoom, close and quit: %s', (platform) => {
    const roles = flat(menuTemplate(platform, menuTextsFor(['en'])))
      .filter(({ visible }) => visible !== false)
      .map(({ role }) => role)
    expect(roles).toEqual(expect.arrayContaining(['undo', 'copy', 'paste', 'selectAll', 'zoomIn', 'close', 'quit']))
    expect(new Set(roles.filter(Boolean)).size).toBe(roles.filter(Boolean).length)
  })

  it.each(platforms)('zooms by plus without Shift and by the number pad too: %s', (platform) => {
    const hidden = flat(menuTemplate(platform, menuTextsFor(['en']))).filter(({ visible }) => visible === false)
    expect(Object.fromEntries(hidden.map(({ accelerator, role }) => [accelerator, role]))).toEqual({
      'CommandOrControl+=': 'zoomIn',
      'CommandOrControl+numadd': 'zoomIn',
      'CommandOrControl+numsub': 'zoomOut',
      'CommandOrControl+num0': 'resetZoom'
    })
  })

  it('begins with the app on macOS only', () => {
    const first = (platform: NodeJS.Platform) => menuTemplate(platform, menuTextsFor(['en']))[0]?.label
    expect([first('darwin'), first('linux')]).toEqual(['Maru', 'File'])
  })

  it('is shown', () => {
    showMenu('linux', ['ko'])
    expect(Menu.shown).toEqual(menuTemplate('linux', menuTextsFor(['ko'])))
  })
})
