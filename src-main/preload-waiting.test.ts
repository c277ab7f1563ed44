// What waits in the shell until a page takes it, and what the page does before the app ends: the preload's part of it.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DesktopBridge, NoticePlace } from '../src-renderer/platform/bridge.ts'
import { contextBridge, ipcRenderer } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const place = { roomId: 'hall', seq: 3 }
let bridge: DesktopBridge
beforeAll(async () => {
  await import('./preload.ts')
  bridge = contextBridge.exposed.get('maruDesktop') as DesktopBridge
})
beforeEach(() => {
  ipcRenderer.asked.length = 0
  ipcRenderer.answers.clear()
  for (const channel of ['notice:take-opened', 'tray:take-dnd']) ipcRenderer.answers.set(channel, null)
  ipcRenderer.answers.set('notice:replies', [])
})

const told = (channel: string) => ipcRenderer.emit(channel, { sender: ipcRenderer })
const settle = async () => new Promise((resolve) => setImmediate(resolve))
const asked = (channel: string) => ipcRenderer.asked.filter(([each]) => each === channel)

describe('a click', () => {
  it('from before the page was there is taken at once, later ones when they are told; none without a click', async () => {
    ipcRenderer.answers.set('notice:take-opened', { place })
    const open = vi.fn<(place: NoticePlace | null) => void>()
    const stop = bridge.notifications?.onOpen(open)
    await settle()
    expect(open.mock.calls).toEqual([[place]])
    ipcRenderer.answers.set('notice:take-opened', { place: null })
    told('notice:opened')
    await settle()
    expect(open).toHaveBeenLastCalledWith(null)
    ipcRenderer.answers.set('notice:take-opened', null)
    told('notice:opened')
    await settle()
    expect(open).toHaveBeenCalledTimes(2)
    stop?.()
    ipcRenderer.answers.set('notice:take-opened', { place })
    told('notice:opened')
    await settle()
    expect(open).toHaveBeenCalledTimes(2)
  })
})

describe('a reply', () => {
  it('is the page’s once, and the shell’s until the page has kept it', async () => {
    ipcRenderer.answers.set('notice:replies', [{ id: 'seven', place, text: 'coming' }])
    let keep = (): void => {}
    const reply = vi.fn<(place: NoticePlace, text: string, id: string) => Promise<void>>(
      async () => new Promise((resolve) => (keep = resolve))
    )
    const stop = bridge.notifications?.onReply(reply)
    await settle()
    told('notice:replied')
    await settle()
    expect(reply.mock.calls).toEqual([[place, 'coming', 'seven']])
    expect(asked('notice:reply-kept')).toEqual([])
    keep()
    await settle()
    expect(asked('notice:reply-kept')).toEqual([['notice:reply-kept', 'seven']])
    stop?.()
  })

  it('that could not be kept comes again', async () => {
    ipcRenderer.answers.set('notice:replies', [{ id: 'eight', place, text: 'coming' }])
    const reply = vi.fn<() => Promise<void>>(async () => Promise.reject(new Error('full')))
    const stop = bridge.notifications?.onReply(reply)
    await settle()
    told('notice:replied')
    await settle()
    expect(reply).toHaveBeenCalledTimes(2)
    expect(asked('notice:reply-kept')).toEqual([])
    stop?.()
  })
})

it('what was switched in the tray is taken at once, and when it is told', async () => {
  ipcRenderer.answers.set('tray:take-dnd', true)
  const change = vi.fn<(on: boolean) => void>()
  const stop = bridge.tray?.onDnd(change)
  await settle()
  ipcRenderer.answers.set('tray:take-dnd', false)
  told('tray:dnd')
  await settle()
  expect(change.mock.calls).toEqual([[true], [false]])
  stop?.()
})

describe('before the app ends', () => {
  it('the shell is answered when everything is on the disk, also where one part fails', async () => {
    let written = (): void => {}
    const stops = [
      bridge.onQuit?.(async () => new Promise((resolve) => (written = resolve))),
      bridge.onQuit?.(async () => Promise.reject(new Error('closed')))
    ]
    told('desktop:quitting')
    await settle()
    expect(asked('desktop:flushed')).toEqual([])
    written()
    await settle()
    expect(asked('desktop:flushed')).toEqual([['desktop:flushed']])
    for (const stop of stops) stop?.()
  })

  it('at once where there is nothing to bring to the disk', async () => {
    const flush = vi.fn<() => Promise<void>>(async () => {})
    bridge.onQuit?.(flush)()
    told('desktop:quitting')
    await settle()
    expect(flush).not.toHaveBeenCalled()
    expect(asked('desktop:flushed')).toHaveLength(1)
  })
})
