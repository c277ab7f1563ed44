import { beforeEach, expect, it, vi } from 'vitest'
import type { BrowserWindow as RealWindow } from 'electron'
import { linkOf, listenForLinks } from './deep-links.ts'
import { app, BrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const LINK = 'maru://join?relay=http%3A%2F%2Fnas.local%3A4100&code=a-b'

beforeEach(() => {
  app.removeAllListeners()
  app.done.length = 0
  app.isPackaged = false
})

it('takes the last argument that is a link of ours, and no other', () => {
  expect(linkOf(['maru', '--relay=http://x', 'maru://room/1', LINK])).toBe(LINK)
  for (const none of ['http://x/maru:', '--maru:x', 'maru', 'maruder:x']) expect(linkOf(['maru', none])).toBeNull()
  // Told as one that was not understood, instead of nothing; whatever it was, it goes no further.
  for (const broken of [`maru://${'x'.repeat(2_048)}`, 'maru://[']) expect(linkOf(['maru', broken])).toBe('maru:')
})

it('a link of the start waits until the page takes it, once', () => {
  const links = listenForLinks(['maru', LINK], () => null)
  expect(links.take()).toBe(LINK)
  expect(links.take()).toBeNull()
})

it('a second instance hands its link over, macOS its own; the page is told that there is one, not which', () => {
  const window = new BrowserWindow({ webPreferences: {} })
  const links = listenForLinks(['maru'], () => window as unknown as RealWindow)
  app.emit('second-instance', {}, ['maru', '--flag', LINK])
  expect(links.take()).toBe(LINK)
  const event = { preventDefault: vi.fn<() => void>() }
  app.emit('open-url', event, 'maru://room/1')
  expect(event.preventDefault).toHaveBeenCalledOnce()
  expect(links.take()).toBe('maru://room/1')
  expect(window.webContents.sent).toEqual([['desktop:link-opened'], ['desktop:link-opened']])
  app.emit('second-instance', {}, ['maru'])
  app.emit('open-url', event, 'https://elsewhere.example')
  expect(links.take()).toBeNull()
  expect(window.webContents.sent).toHaveLength(2)
})

it('only an installed app makes itself the opener of these links', () => {
  listenForLinks([], () => null)
  expect(app.done).toEqual([])
  app.isPackaged = true
  listenForLinks([], () => null)
  expect(app.done).toEqual(['opens maru:'])
})
