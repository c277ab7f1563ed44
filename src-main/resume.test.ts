import { expect, it, vi } from 'vitest'
import type { BrowserWindow as RealWindow } from 'electron'
import { tellOfResume } from './resume.ts'
import { BrowserWindow, powerMonitor } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

it('tells the page of waking up and of unlocking, if there is a page', () => {
  let window: InstanceType<typeof BrowserWindow> | null = null
  tellOfResume(() => window as unknown as RealWindow | null)
  expect(() => powerMonitor.emit('resume')).not.toThrow()
  window = new BrowserWindow({ webPreferences: {} })
  powerMonitor.emit('resume')
  powerMonitor.emit('unlock-screen')
  powerMonitor.emit('suspend')
  expect(window.webContents.sent).toEqual([['desktop:resumed'], ['desktop:resumed']])
})
