import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ShellSettings, UpdateState } from '../src-renderer/platform/bridge.ts'
import { app } from './testing/fake-electron.ts'
import { startUpdates, waysToUpdate } from './updates-part.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-updates-'))
  await mkdir(join(folder, 'resources'))
  app.isPackaged = true
})
afterEach(async () => {
  vi.unstubAllEnvs()
  app.isPackaged = false
  await rm(folder, { recursive: true })
})

const put = async (name: string): Promise<void> => writeFile(join(folder, 'resources', name), '')

describe('whether this installation can be replaced', () => {
  const ways = (platform: NodeJS.Platform) => waysToUpdate(platform, join(folder, 'resources'))

  it('not where the build has no address, and not from the source', async () => {
    expect(ways('win32')).toBeNull()
    await put('app-update.yml')
    app.isPackaged = false
    expect(ways('win32')).toBeNull()
  })

  it('when the app ends by itself too, but not where that asks for a password, and not what only lies in a folder', async () => {
    vi.stubEnv('APPIMAGE', undefined)
    await put('app-update.yml')
    expect(ways('win32')).toEqual({ installsWhenQuitting: true })
    expect(ways('darwin')).toEqual({ installsWhenQuitting: true })
    expect(ways('linux')).toBeNull()
    vi.stubEnv('APPIMAGE', '/home/minji/Maru.AppImage')
    expect(ways('linux')).toEqual({ installsWhenQuitting: true })
    await put('package-type')
    expect(ways('linux')).toEqual({ installsWhenQuitting: false })
  })
})

describe('new versions for the page', () => {
  const start = (newest: string | null) => {
    const told: UpdateState[] = []
    const problems: unknown[] = []
    const looks = vi.fn<() => Promise<string | null>>(async () => newest)
    let choose = (_settings: ShellSettings): void => {}
    const { answers } = startUpdates({
      ways: { installsWhenQuitting: true },
      folder,
      settings: {
        watch(callback) {
          choose = callback
          callback({ closeToTray: true, startAtLogin: false, spelling: false, updates: false })
          return () => {}
        }
      },
      quitting: { finish: async () => {} },
      onState: (state) => told.push(state),
      onProblem: (problem) => problems.push(problem),
      load: async () => ({
        look: looks,
        download: async () => {},
        install: async () => {
          throw new Error('no')
        }
      })
    })
    return {
      told,
      problems,
      looks,
      answers,
      choose: (updates: boolean) => choose({ closeToTray: true, startAtLogin: false, spelling: false, updates })
    }
  }

  it('are looked for when the setting says so, from then on', async () => {
    vi.useFakeTimers()
    const { looks, choose } = start(null)
    await vi.advanceTimersByTimeAsync(30 * 60 * 60_000)
    expect(looks).not.toHaveBeenCalled()
    choose(true)
    await vi.advanceTimersByTimeAsync(25 * 60 * 60_000)
    expect(looks).toHaveBeenCalledTimes(2)
    choose(false)
    await vi.advanceTimersByTimeAsync(30 * 60 * 60_000)
    expect(looks).toHaveBeenCalledTimes(2)
    vi.useRealTimers()
  })

  it('are told of, and put off on the disk; a file that cannot be read puts off nothing', async () => {
    const { told, answers, problems } = start('2.0.0')
    await answers['updates:look']()
    expect(await answers['updates:state']()).toEqual({ name: 'available', version: '2.0.0' })
    await answers['updates:postpone']()
    expect(told.map(({ name }) => name)).toEqual(['idle', 'looking', 'available', 'idle'])
    const kept = JSON.parse(await readFile(join(folder, 'postponed-update.json'), 'utf8')) as { version: string }
    expect(kept.version).toBe('2.0.0')

    const again = start('2.0.0')
    again.choose(true)
    await vi.waitFor(() => expect(again.told.at(-1)).toMatchObject({ name: 'idle', lookedAt: expect.any(String) }))
    again.choose(false)

    await writeFile(join(folder, 'postponed-update.json'), 'no')
    const third = start('2.0.0')
    third.choose(true)
    await vi.waitFor(() => expect(third.told.at(-1)).toEqual({ name: 'available', version: '2.0.0' }))
    third.choose(false)
    expect([problems, third.problems.length]).toEqual([[], 1])
  })

  it('that cannot be put in place bring the app back', async () => {
    vi.stubEnv('APPIMAGE', '/home/minji/Maru.AppImage')
    const { answers } = start('2.0.0')
    await answers['updates:look']()
    await answers['updates:download']()
    await answers['updates:install']()
    expect(app.relaunches.at(-1)).toEqual({ execPath: '/home/minji/Maru.AppImage' })
    expect(app.done.at(-1)).toBe('quit')
  })
})
