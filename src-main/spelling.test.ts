import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from 'electron'
import type { ShellSettings } from '../src-renderer/platform/bridge.ts'
import { dictionariesFor, startSpelling } from './spelling.ts'
import { FakeSession } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let session: FakeSession
let set: (spelling: boolean) => void

function start(
  spelling: boolean,
  { platform = 'linux', languages = ['ko-KR', 'en-GB'] }: { platform?: NodeJS.Platform; languages?: string[] } = {}
): void {
  const settings: ShellSettings = { closeToTray: true, startAtLogin: false, spelling, updates: false }
  startSpelling({
    session: session as unknown as Session,
    settings: {
      watch(callback) {
        set = (on) => callback({ ...settings, spelling: on })
        set(spelling)
        return () => {}
      }
    },
    platform,
    languages
  })
}

beforeEach(() => {
  session = new FakeSession()
})

describe('spelling', () => {
  it('off, no language is left for which Chromium would fetch a dictionary', () => {
    start(false)
    expect(session.spelling).toEqual({ on: false, languages: [] })
  })

  it("on, is checked in the system's languages, as soon as it is switched", () => {
    start(false)
    set(true)
    expect(session.spelling).toEqual({ on: true, languages: ['ko', 'en-GB'] })
    set(false)
    expect(session.spelling).toEqual({ on: false, languages: [] })
  })

  it('stays off where there is no dictionary for any of them', () => {
    start(true, { languages: ['eo'] })
    expect(session.spelling).toEqual({ on: false, languages: [] })
  })

  it('is the matter of macOS where it can', () => {
    start(true, { platform: 'darwin' })
    expect(session.spelling).toEqual({ on: true, languages: ['en-US'] })
    set(false)
    expect(session.spelling.on).toBe(false)
  })

  it('is not begun anew by other settings', () => {
    start(true)
    session.spelling = { on: true, languages: ['de'] }
    set(true)
    expect(session.spelling.languages).toEqual(['de'])
  })

  it('takes the dictionary of the same land, else that of the language, each once', () => {
    const available = ['de', 'en-GB', 'en-US', 'ko', 'pt-BR']
    expect(dictionariesFor(['de-AT', 'DE', 'en-us', 'en', 'pt', 'ko-Kore-KR'], available)).toEqual([
      'de',
      'en-US',
      'ko'
    ])
  })
})
