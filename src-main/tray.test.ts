import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Tray } from './testing/fake-electron.ts'
import { trayTextsFor } from './tray-texts.ts'
import { showTray } from './tray.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const heard = {
  onOpen: vi.fn<() => void>(),
  onDnd: vi.fn<(on: boolean) => void>(),
  onQuit: vi.fn<() => void>(),
  onProblem: vi.fn<(problem: unknown) => void>()
}

beforeEach(() => {
  Tray.trays.length = 0
  Tray.refused = false
  for (const each of Object.values(heard)) each.mockClear()
})

function shown(platform: NodeJS.Platform = 'linux', language = 'en') {
  const texts = trayTextsFor([language])
  const ours = showTray({ platform, texts, ...heard })
  const [tray] = Tray.trays
  if (!ours || !tray) throw new Error('no tray')
  return { ours, tray, texts }
}

describe('the tray', () => {
  it('opens and quits by its menu, in the language of the system', () => {
    for (const language of ['en', 'ko']) {
      Tray.trays.length = 0
      const { tray, texts } = shown('linux', language)
      expect(tray.menus.at(-1)?.map(({ label, type }) => label ?? type)).toEqual([
        texts.open,
        'separator',
        texts.doNotDisturb,
        'separator',
        texts.quit
      ])
      tray.item(texts.open).click?.()
      tray.item(texts.quit).click?.()
    }
    expect(heard.onOpen).toHaveBeenCalledTimes(2)
    expect(heard.onQuit).toHaveBeenCalledTimes(2)
    expect(trayTextsFor(['ko-KR']).open).not.toBe(trayTextsFor(['de', 'en']).open)
  })

  it('opens by a click, but in the menu bar of macOS, where a click opens the menu', () => {
    shown('win32').tray.emit('click')
    expect(heard.onOpen).toHaveBeenCalledOnce()
    Tray.trays.length = 0
    shown('darwin').tray.emit('click')
    expect(heard.onOpen).toHaveBeenCalledOnce()
  })

  it('says by a dot and in words how much is unread', () => {
    const { ours, tray } = shown()
    const plain = tray.image
    expect(tray.tooltip).toBe('Maru')
    ours.showUnread(1)
    expect(tray.tooltip).toBe('Maru – 1 unread message')
    const dotted = tray.image
    expect(dotted).not.toBe(plain)
    expect(dotted.representations).not.toEqual(plain.representations)
    ours.showUnread(12)
    expect([tray.image, tray.tooltip]).toEqual([dotted, 'Maru – 12 unread messages'])
    ours.showUnread(0)
    expect([tray.image, tray.tooltip]).toEqual([plain, 'Maru'])
  })

  it('has pictures for what each system draws: outlines for macOS, several densities for Windows', () => {
    const scales = (platform: NodeJS.Platform) => {
      Tray.trays.length = 0
      const { image } = shown(platform).tray
      for (const { dataURL } of image.representations) expect(dataURL).toMatch(/^data:image\/png;base64,/)
      return { template: image.template, scales: image.representations.map(({ scaleFactor }) => scaleFactor) }
    }
    expect(scales('darwin')).toEqual({ template: true, scales: [1, 2] })
    expect(scales('win32')).toEqual({ template: false, scales: [1, 1.5, 2] })
    expect(scales('linux')).toEqual({ template: false, scales: [undefined] })
  })

  it('switches do-not-disturb, once somebody is signed in, and shows what the page says; each time as another menu', () => {
    const { ours, tray, texts } = shown()
    const dnd = () => tray.item(texts.doNotDisturb)
    expect(dnd()).toMatchObject({ type: 'checkbox', checked: false, enabled: false })
    ours.showDnd(false)
    expect(dnd()).toMatchObject({ checked: false, enabled: true })
    const menus = tray.menus.length
    dnd().click?.()
    expect(heard.onDnd.mock.calls).toEqual([[true]])
    expect(dnd().checked).toBe(true)
    expect(tray.menus.length).toBe(menus + 1)
    ours.showDnd(true)
    expect(tray.menus.length).toBe(menus + 1)
    dnd().click?.()
    expect(heard.onDnd).toHaveBeenLastCalledWith(false)
    ours.showDnd(true)
    expect(dnd().checked).toBe(true)
    ours.showDnd(null)
    expect(dnd()).toMatchObject({ checked: false, enabled: false })
  })

  it('is none where the system has none, and that is told', () => {
    Tray.refused = true
    expect(showTray({ platform: 'linux', texts: trayTextsFor(['en']), ...heard })).toBeNull()
    expect(heard.onProblem).toHaveBeenCalledOnce()
  })
})
