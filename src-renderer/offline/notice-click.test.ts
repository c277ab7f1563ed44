import { describe, expect, it, vi } from 'vitest'
import { hashOfRoom, messageOfHash } from '../platform/hash-route.ts'
import { openNotice } from './notice-click.ts'
import type { AppWindow } from './notice-click.ts'

function appWindow(visibilityState = 'hidden') {
  const focus = vi.fn<AppWindow['focus']>(async () => undefined)
  const postMessage = vi.fn<AppWindow['postMessage']>()
  return { focused: false, visibilityState, focus, postMessage }
}

const place = { roomId: 'a room', seq: 12 }

describe('a click on a notification', () => {
  it('brings the window that is in front to where it leads, and no other', async () => {
    const [behind, front] = [appWindow(), appWindow('visible')]
    const open = vi.fn<(hash: string) => Promise<unknown>>()
    await openNotice({ place }, [behind, front], open)
    expect(front.focus).toHaveBeenCalledOnce()
    expect(front.postMessage.mock.calls).toEqual([[{ type: 'maru-notice-click', place }]])
    expect(behind.postMessage).not.toHaveBeenCalled()
    expect(open).not.toHaveBeenCalled()
  })

  it('opens the app at the message when no window is left', async () => {
    const opened: string[] = []
    await openNotice({ place }, [], async (hash) => opened.push(hash))
    await openNotice({ place: { ...place, seq: null } }, [], async (hash) => opened.push(hash))
    expect(messageOfHash(opened[0] ?? '')).toBe(12)
    expect(opened[0]?.startsWith(`${hashOfRoom('a room')}/`)).toBe(true)
    expect(opened[1]).toBe(hashOfRoom('a room'))
  })

  it.each([null, 'text', {}, { place: null }, { place: { roomId: 5, seq: 1 } }])(
    'leads to the app as it is if it carries nothing that is known: %j',
    async (data) => {
      const window = appWindow()
      await openNotice(data, [window], async () => undefined)
      expect(window.postMessage.mock.calls).toEqual([[{ type: 'maru-notice-click', place: null }]])
    }
  )
})
