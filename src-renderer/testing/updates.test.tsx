import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UpdateNote } from '../features/settings/update-note.tsx'
import { UpdateSettings } from '../features/settings/update-settings.tsx'
import type { ShellUpdates, UpdateState } from '../platform/bridge.ts'
import { en } from '../texts/en.ts'
import { show } from './fake-services.tsx'

const { updates: words } = en

/** What the shell tells, and what it is asked. */
let tell: (state: UpdateState) => void
let shell: { [Name in Exclude<keyof ShellUpdates, 'onState'>]: ReturnType<typeof vi.fn<() => Promise<void>>> }

beforeEach(() => {
  const watching = new Set<(state: UpdateState) => void>()
  tell = (state) => act(() => watching.forEach((callback) => callback(state)))
  const asked = () => vi.fn<() => Promise<void>>(async () => {})
  shell = { look: asked(), download: asked(), install: asked(), postpone: asked() }
  const updates: ShellUpdates = {
    ...shell,
    onState(callback) {
      watching.add(callback)
      return () => void watching.delete(callback)
    }
  }
  const facts = async () => ({ platform: 'linux', version: '1.2.3' })
  Object.assign(globalThis, { maruDesktop: { updates, facts } })
})

afterEach(() => {
  cleanup()
  Reflect.deleteProperty(globalThis, 'maruDesktop')
})

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const buttons = () => screen.queryAllByRole('button').map((button) => button.textContent)

describe('a new version, above the rooms', () => {
  it('is not spoken of where there is none, nothing is known, or somebody only looks', () => {
    const { container } = show(<UpdateNote />)
    for (const state of [
      { name: 'off' },
      { name: 'idle', lookedAt: '2026-11-21T09:00:00.000Z' },
      { name: 'looking' },
      { name: 'failed', reason: 'unreachable' }
    ] as const) {
      tell(state)
      expect(container.textContent).toBe('')
    }
  })

  it('can be downloaded or put off, and nothing of it happens by itself', () => {
    show(<UpdateNote />)
    tell({ name: 'available', version: '2.0.0' })
    expect(screen.getByText(words.available('2.0.0'))).toBeTruthy()
    expect([shell.download, shell.postpone].map((each) => each.mock.calls.length)).toEqual([0, 0])
    press(words.later)
    expect(shell.postpone).toHaveBeenCalledOnce()
  })

  it('tells how far it is, and waits for a word before it restarts', async () => {
    show(<UpdateNote />)
    tell({ name: 'available', version: '2.0.0' })
    press(words.download)
    expect(shell.download).toHaveBeenCalledOnce()
    tell({ name: 'downloading', version: '2.0.0', percent: 40 })
    expect(screen.getByText(words.downloading('2.0.0', 40))).toBeTruthy()
    expect(buttons()).toEqual([])
    await act(async () => {})
    tell({ name: 'ready', version: '2.0.0' })
    expect(shell.install).not.toHaveBeenCalled()
    press(words.restart)
    expect(shell.install).toHaveBeenCalledOnce()
  })

  it('that is ready goes out of the way when asked to', () => {
    const { container } = show(<UpdateNote />)
    tell({ name: 'ready', version: '2.0.0' })
    press(words.notNow)
    expect(container.textContent).toBe('')
    expect(shell.install).not.toHaveBeenCalled()
  })

  it('says why a download that was asked for here failed, and tries again', async () => {
    show(<UpdateNote />)
    tell({ name: 'available', version: '2.0.0' })
    press(words.download)
    await act(async () => {})
    tell({ name: 'failed', reason: 'damaged' })
    expect(screen.getByRole('alert').textContent).toContain(words.failed.damaged)
    press(words.again)
    expect(shell.look).toHaveBeenCalledOnce()
  })
})

describe('new versions in the settings', () => {
  it('are no matter of a browser, nor of a build that never looks', () => {
    const { container } = show(<UpdateSettings />)
    tell({ name: 'off' })
    expect(container.textContent).toBe('')
  })

  it('show the own one, when was looked last, and look when asked', async () => {
    show(<UpdateSettings />)
    tell({ name: 'idle', lookedAt: null })
    expect(await screen.findByText(words.version('1.2.3'))).toBeTruthy()
    tell({ name: 'idle', lookedAt: '2026-11-21T09:00:00.000Z' })
    expect(screen.getByRole('status').textContent).toMatch(/^Last looked: ./)
    press(words.look)
    expect(shell.look).toHaveBeenCalledOnce()
    tell({ name: 'looking' })
    expect(screen.getByRole('button', { name: words.look })).toHaveProperty('disabled', true)
    tell({ name: 'idle', lookedAt: '2026-11-21T09:01:00.000Z' })
    expect(screen.getByRole('status').textContent).toBe(words.newest)
  })

  it('lead through to the restart, or are put off', async () => {
    show(<UpdateSettings />)
    tell({ name: 'available', version: '2.0.0' })
    press(words.later)
    await waitFor(() => expect(shell.postpone).toHaveBeenCalledOnce())
    tell({ name: 'idle', lookedAt: '2026-11-21T09:00:00.000Z' })
    expect(screen.getByRole('status').textContent).toBe(words.laterText)
    tell({ name: 'available', version: '2.0.0' })
    press(words.download)
    await act(async () => {})
    tell({ name: 'ready', version: '2.0.0' })
    press(words.restart)
    expect([shell.download, shell.install].map((each) => each.mock.calls.length)).toEqual([1, 1])
  })

  it.each(['unreachable', 'damaged', 'other'] as const)('say why not: %s', (reason) => {
    show(<UpdateSettings />)
    tell({ name: 'failed', reason })
    expect(screen.getByRole('status').textContent).toBe(words.failed[reason])
    expect(buttons()).toEqual([words.look])
  })

  it('say when the shell refused', async () => {
    shell.postpone.mockRejectedValue(new Error('no'))
    show(<UpdateSettings />)
    tell({ name: 'available', version: '2.0.0' })
    press(words.later)
    await waitFor(() => expect(screen.getByRole('alert').textContent).toBe(words.failed.other))
  })
})
