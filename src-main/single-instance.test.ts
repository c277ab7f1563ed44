import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { BrowserWindow as RealWindow } from 'electron'
import { becomeOnlyInstance } from './single-instance.ts'
import { app, BrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

beforeEach(() => {
  app.removeAllListeners()
  app.locked = true
})

describe('one app per profile', () => {
  it('the second one learns that it is to quit, and listens for nobody', () => {
    app.locked = false
    expect(becomeOnlyInstance(() => null)).toBe(false)
    expect(app.listenerCount('second-instance')).toBe(0)
  })

  it('the first one comes forward, from wherever it was', () => {
    const window = new BrowserWindow({ webPreferences: {} })
    expect(becomeOnlyInstance(() => window as unknown as RealWindow)).toBe(true)
    app.emit('second-instance')
    expect(window.done).toEqual(['show', 'focus'])
    window.minimized = true
    app.emit('second-instance')
    expect(window.done.slice(2)).toEqual(['restore', 'show', 'focus'])
  })

  it('without a window there is nothing to bring forward', () => {
    becomeOnlyInstance(() => null)
    expect(() => app.emit('second-instance')).not.toThrow()
  })
})
