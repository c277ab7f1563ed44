import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startSettings } from './settings-part.ts'
import type { SettingsPart } from './settings-part.ts'
import { app, session } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let parent: string
const onProblem = vi.fn<(problem: unknown) => void>()

/** Each one is a run of the app. */
function run(platform: NodeJS.Platform = 'linux', has = { tray: true, updates: false }): SettingsPart {
  return startSettings({ platform, has: () => has, onProblem })
}

beforeEach(async () => {
  onProblem.mockClear()
  parent = await mkdtemp(join(tmpdir(), 'maru-profile-'))
  Object.assign(app, { userData: join(parent, 'profile'), appData: join(parent, 'config'), isPackaged: true })
  app.loginItem = {
    openAtLogin: false,
    executableWillLaunchAtLogin: false,
    status: 'not-registered',
    wasOpenedAtLogin: false
  }
  app.loginItemTakes = true
  session.defaultSession.spelling = { on: true, languages: ['en-US'] }
})

afterEach(async () => {
  app.isPackaged = false
  await rm(parent, { recursive: true })
})

describe('the settings of the app', () => {
  it('say what this system and this build can do', async () => {
    expect((await run().answers['settings:load']()).can).toEqual({
      tray: true,
      updates: false,
      startAtLogin: true,
      spelling: 'downloads'
    })
    app.isPackaged = false
    expect((await run('darwin', { tray: false, updates: true }).answers['settings:load']()).can).toEqual({
      tray: false,
      updates: true,
      startAtLogin: false,
      spelling: 'system'
    })
  })

  it('have switched off spelling before there is a page, and switch it at once', async () => {
    const { answers } = run()
    expect(session.defaultSession.spelling).toEqual({ on: false, languages: [] })
    await answers['settings:change']({ spelling: true })
    expect(session.defaultSession.spelling).toEqual({ on: true, languages: ['en-US'] })
  })

  it('start the app at login where they say so, and say what the system says', async () => {
    const { answers } = run()
    expect(await answers['settings:change']({ startAtLogin: true })).toMatchObject({ startAtLogin: true })
    expect(await readdir(join(parent, 'config/autostart'))).toEqual(['chat.maru.Maru.desktop'])
    expect((await run().answers['settings:load']()).settings.startAtLogin).toBe(true)
    // The person removes it with the desktop's own settings; that is not undone by another change.
    await rm(join(parent, 'config/autostart'), { recursive: true })
    expect((await answers['settings:load']()).settings.startAtLogin).toBe(false)
    expect(await answers['settings:change']({ closeToTray: false })).toMatchObject({ startAtLogin: false })
    expect(await readdir(parent)).toContain('config')
    expect(await readdir(join(parent, 'config'))).toEqual([])
  })

  it('are not kept where the system refuses', async () => {
    const { answers, settings } = run('win32')
    app.loginItemTakes = false
    await expect(answers['settings:change']({ startAtLogin: true })).rejects.toThrow('did not change')
    expect(settings.now().startAtLogin).toBe(false)
    expect(onProblem).not.toHaveBeenCalled()
  })
})
