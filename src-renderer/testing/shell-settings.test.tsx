import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { App } from '../app.tsx'
import { AppSettings } from '../features/settings/app-settings.tsx'
import type { ShellSettings, ShellSettingsPart } from '../platform/bridge.ts'
import { linkProblem } from '../platform/link-problem.ts'
import { en } from '../texts/en.ts'
import { fakeServices, show } from './fake-services.tsx'

const SETTINGS: ShellSettings = { closeToTray: true, startAtLogin: false, spelling: false, updates: false }
const CAN = { tray: true, startAtLogin: true, spelling: 'downloads' as 'system' | 'downloads', updates: true }

/** A shell that keeps what it is told, until it is told to refuse. */
function shellOf(can: Partial<typeof CAN> = {}) {
  let settings = SETTINGS
  const shell = {
    refuses: false,
    load: vi.fn<ShellSettingsPart['load']>(async () => ({ settings, can: { ...CAN, ...can } })),
    change: vi.fn<ShellSettingsPart['change']>(async (patch) => {
      if (shell.refuses) throw new Error('refused')
      settings = { ...settings, ...patch }
      return settings
    })
  }
  return shell
}

async function open(shell: ReturnType<typeof shellOf>): Promise<void> {
  show(<AppSettings shell={shell} />)
  await act(async () => {
    await Promise.resolve()
  })
}

const box = (name: string) => screen.queryByRole('checkbox', { name })
async function tick(name: string): Promise<void> {
  await act(async () => {
    fireEvent.click(box(name) as HTMLElement)
    await Promise.resolve()
  })
}

describe('the settings of the app', () => {
  it('show what holds, and tell the shell what is changed', async () => {
    const shell = shellOf()
    await open(shell)
    const names = [en.shell.closeToTray, en.shell.startAtLogin, en.shell.spelling]
    expect(names.map((name) => box(name)?.getAttribute('aria-checked'))).toEqual(['true', 'false', 'false'])
    await tick(en.shell.spelling)
    await tick(en.shell.closeToTray)
    expect(shell.change.mock.calls).toEqual([[{ spelling: true }], [{ closeToTray: false }]])
    expect(names.map((name) => box(name)?.getAttribute('aria-checked'))).toEqual(['false', 'false', 'true'])
  })

  it('say before it is switched on that dictionaries are downloaded, where they are', async () => {
    await open(shellOf())
    expect(screen.getByText(en.shell.spellingText.downloads)).toBeTruthy()
    expect(screen.queryByText(en.shell.spellingText.system)).toBeNull()
  })

  it('offer only what this system and this build can do', async () => {
    await open(shellOf({ tray: false, startAtLogin: false, spelling: 'system' }))
    expect([box(en.shell.closeToTray), box(en.shell.startAtLogin)]).toEqual([null, null])
    expect(box(en.shell.spelling)).toBeTruthy()
    expect(screen.getByText(en.shell.spellingText.system)).toBeTruthy()
  })

  it('that were refused are as they were, and it is told why', async () => {
    const shell = shellOf()
    shell.refuses = true
    await open(shell)
    await tick(en.shell.startAtLogin)
    expect(screen.getByRole('alert').textContent).toBe(en.shell.problems.startRefused)
    expect(box(en.shell.startAtLogin)?.getAttribute('aria-checked')).toBe('false')
    await tick(en.shell.spelling)
    expect(screen.getByRole('alert').textContent).toBe(en.shell.problems.notChanged)
    shell.refuses = false
    await tick(en.shell.spelling)
    expect(screen.getByRole('alert').textContent).toBe('')
  })

  it('that could not be asked for are told as that', async () => {
    const shell = shellOf()
    shell.load.mockRejectedValueOnce(new Error('gone'))
    await open(shell)
    expect(screen.getByRole('alert').textContent).toBe(en.shell.problems.unknown)
    expect(screen.queryAllByRole('checkbox')).toEqual([])
  })
})

describe('a link by which another program opened the app and that leads nowhere', () => {
  afterEach(() => act(() => linkProblem.next(null)))

  it.each([
    [{ name: 'notUnderstood' } as const, en.openedLink.notUnderstood],
    [{ name: 'signedOut', relay: 'http://nas:4100' } as const, en.openedLink.to.signedOut('http://nas:4100')],
    [{ name: 'elsewhere', relay: 'http://nas:4100' } as const, en.openedLink.to.elsewhere('http://nas:4100')]
  ])('is told over whatever is on the screen, until it was read: $name', async (problem, words) => {
    const { services } = fakeServices()
    render(<App screen={{ name: 'rooms', services }} />)
    act(() => linkProblem.next(problem))
    const dialog = await screen.findByRole('dialog', { name: en.openedLink.title }, { timeout: 10_000 })
    expect(dialog.textContent).toContain(words)
    fireEvent.click(screen.getAllByRole('button', { name: en.close })[0] as HTMLElement)
    await vi.waitFor(() => expect(linkProblem.value).toBeNull())
  })
})
