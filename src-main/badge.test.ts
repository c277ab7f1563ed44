import type { BrowserWindow as RealWindow } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createBadge } from './badge.ts'
import { app, BrowserWindow } from './testing/fake-electron.ts'
import type { FakeBrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const describeCount = (count: number) => `${count} unread`
let window: FakeBrowserWindow
const current = () => window as unknown as RealWindow

beforeEach(() => {
  app.badgeCount = 0
  window = new BrowserWindow({ webPreferences: {} })
})

describe('the badge', () => {
  it.each(['linux', 'darwin'] as const)('%s: is a number that the system draws', (platform) => {
    const badge = createBadge(platform, current, describeCount)
    badge.show(12)
    expect(app.badgeCount).toBe(12)
    badge.show(0)
    expect(app.badgeCount).toBe(0)
    expect(window.overlay).toBeUndefined()
  })

  it('win32: is a picture over the button of the taskbar, for usual and dense screens, and a word for who cannot see it', () => {
    const badge = createBadge('win32', current, describeCount)
    badge.show(3)
    expect(window.overlay?.description).toBe('3 unread')
    const made = window.overlay?.image?.representations ?? []
    expect(made.map(({ scaleFactor }) => scaleFactor)).toEqual([1, 2])
    expect(made.map(({ dataURL = '' }) => Buffer.from(dataURL.split(',')[1] ?? '', 'base64').readUInt32BE(16))).toEqual(
      [16, 32]
    )
    badge.show(0)
    expect(window.overlay).toEqual({ image: null, description: '' })
    expect(app.badgeCount).toBe(0)
  })

  it('win32: is there again on a button that comes back, and on another window', () => {
    const badge = createBadge('win32', current, describeCount)
    badge.again()
    expect(window.overlay).toBeUndefined()
    badge.show(2)
    window = new BrowserWindow({ webPreferences: {} })
    badge.again()
    expect(window.overlay?.description).toBe('2 unread')
  })

  it('win32: without a window there is nothing to draw on', () => {
    const badge = createBadge('win32', () => null, describeCount)
    expect(() => badge.show(1)).not.toThrow()
  })
})
