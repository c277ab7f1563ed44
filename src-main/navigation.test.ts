import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { WebContents } from 'electron'
import { lockNavigation } from './navigation.ts'
import { FakeWebContents, shell } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let contents: FakeWebContents
const onProblem = vi.fn<(problem: unknown) => void>()

beforeEach(() => {
  contents = new FakeWebContents()
  shell.opened.length = 0
  onProblem.mockClear()
  lockNavigation(contents as unknown as WebContents, onProblem)
})

function isStopped(event: string, url: string): boolean {
  const preventDefault = vi.fn<() => void>()
  contents.emit(event, { url, preventDefault })
  return preventDefault.mock.calls.length > 0
}

describe('navigation', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    '%s leads nowhere but to our own page',
    (event) => {
      expect(isStopped(event, 'app://maru/index.html#room')).toBe(false)
      for (const url of [
        'https://example.org/',
        'https://maru/index.html',
        'app://maru.evil/',
        'app://maru@evil/',
        'file:///etc/passwd',
        'javascript:1',
        ''
      ]) {
        expect(isStopped(event, url)).toBe(true)
      }
    }
  )

  it('no webviews', () => {
    expect(isStopped('will-attach-webview', '')).toBe(true)
  })

  it.each(['http://example.org/a', 'https://example.org/a?b#c', 'mailto:minji@example.org'])(
    'opens no window: %s goes to the system',
    (url) => {
      expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' })
      expect(shell.opened).toEqual([url])
    }
  )

  it.each([
    'file:///usr/bin/xcalc',
    'smb://host/share',
    'ms-msdt:/id',
    'javascript:alert(1)',
    'app://maru/index.html',
    'about:blank',
    'no address'
  ])('opens no window, and hands the system nothing else: %s', (url) => {
    expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' })
    expect(shell.opened).toEqual([])
  })

  it('tells when the system could not open a link', async () => {
    vi.spyOn(shell, 'openExternal').mockRejectedValueOnce(new Error('no browser'))
    contents.openHandler?.({ url: 'https://example.org/' })
    await vi.waitFor(() => expect(onProblem).toHaveBeenCalledWith(new Error('no browser')))
  })
})
