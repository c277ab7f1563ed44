import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSettings } from './settings.ts'
import type { Settings, SettingsOptions } from './settings.ts'

const AT_FIRST = { closeToTray: true, startAtLogin: false, spelling: false, updates: false }
let parent: string
let folder: string
const onProblem = vi.fn<(problem: unknown) => void>()

/** Each one is a run of the app on the same profile. */
function run(options: Partial<SettingsOptions> = {}): Settings {
  return createSettings({ folder, platform: 'linux', onProblem, ...options })
}

beforeEach(async () => {
  onProblem.mockClear()
  parent = await mkdtemp(join(tmpdir(), 'maru-settings-'))
  folder = join(parent, 'maru')
})

afterEach(async () => {
  await rm(parent, { recursive: true })
})

async function keep(text: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'settings.json'), text)
}

describe('the settings', () => {
  it('ask for nothing to be downloaded until somebody has said so', () => {
    expect(run().now()).toEqual(AT_FIRST)
    expect(run({ platform: 'win32' }).now()).toEqual(AT_FIRST)
    // macOS checks words by itself.
    expect(run({ platform: 'darwin' }).now()).toEqual({ ...AT_FIRST, spelling: true })
    expect(onProblem).not.toHaveBeenCalled()
  })

  it('outlive the run, in a file that only this user can read, and nothing beside it', async () => {
    expect(await run().change({ closeToTray: false, spelling: true })).toEqual({
      ...AT_FIRST,
      closeToTray: false,
      spelling: true
    })
    expect(run().now()).toMatchObject({ closeToTray: false, spelling: true })
    expect(await readdir(folder)).toEqual(['settings.json'])
    expect((await stat(join(folder, 'settings.json'))).mode & 0o777).toBe(0o600)
  })

  it('are changed one after the other, each on top of the one before', async () => {
    const settings = run()
    await Promise.all([
      settings.change({ closeToTray: false }),
      settings.change({ spelling: true }),
      settings.change({ closeToTray: true, updates: true })
    ])
    expect(run().now()).toEqual({ ...AT_FIRST, spelling: true, updates: true })
  })

  it('tell who watches what holds, at once and with every change, until stopped', async () => {
    const settings = run()
    const heard: boolean[] = []
    const stop = settings.watch(({ spelling }) => heard.push(spelling))
    settings.watch(() => {
      throw new Error('mine')
    })
    await settings.change({ spelling: true })
    stop()
    await settings.change({ spelling: false })
    expect(heard).toEqual([false, true])
    expect(onProblem).toHaveBeenCalledTimes(3)
  })

  it('that cannot be kept are not changed, and what was done for them is undone', async () => {
    await writeFile(folder, 'in the way')
    onProblem.mockClear()
    const done: boolean[] = []
    const settings = run({ carryOut: async ({ startAtLogin }) => void done.push(startAtLogin) })
    await expect(settings.change({ startAtLogin: true })).rejects.toThrow(folder)
    expect(done).toEqual([true, false])
    expect(settings.now()).toEqual(AT_FIRST)
  })

  it('that the system refuses are not kept; the next ones are', async () => {
    const settings = run({
      carryOut: async ({ startAtLogin }) => {
        if (startAtLogin) throw new Error('not here')
      }
    })
    await expect(settings.change({ startAtLogin: true })).rejects.toThrow('not here')
    expect([settings.now(), run().now()]).toEqual([AT_FIRST, AT_FIRST])
    expect(await settings.change({ updates: true })).toMatchObject({ startAtLogin: false, updates: true })
  })

  it.each(['', '{', '[]', '"yes"', '{"closeToTray":"no"}', '{"spelling":null}'])(
    'of a broken file are those of the beginning; it is told of and set aside: %s',
    async (text) => {
      await keep(text)
      expect(run().now()).toEqual(AT_FIRST)
      expect(onProblem).toHaveBeenCalledOnce()
      expect(await readFile(join(folder, 'settings.broken.json'), 'utf8')).toBe(text)
      expect(run().now()).toEqual(AT_FIRST)
      expect(onProblem).toHaveBeenCalledOnce()
    }
  )

  it('of another version are taken as far as they are understood', async () => {
    await keep('{"closeToTray":false,"colour":"blue"}')
    expect(run().now()).toEqual({ ...AT_FIRST, closeToTray: false })
    expect(onProblem).not.toHaveBeenCalled()
  })

  it('of a file that cannot be opened are those of the beginning, and the file stays', async () => {
    await mkdir(join(folder, 'settings.json'), { recursive: true })
    expect(run().now()).toEqual(AT_FIRST)
    expect(onProblem).toHaveBeenCalledOnce()
    expect(await readdir(folder)).toEqual(['settings.json'])
  })
})
