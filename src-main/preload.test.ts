import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { DesktopBridge } from '../src-renderer/platform/bridge.ts'
import { contextBridge, ipcRenderer } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let bridge: DesktopBridge
beforeAll(async () => {
  await import('./preload.ts')
  bridge = contextBridge.exposed.get('maruDesktop') as DesktopBridge
})

function valuesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesOf) : [value]
}

describe('the bridge', () => {
  it('is the only thing that the page is given, and is made of functions of ours', () => {
    expect([...contextBridge.exposed.keys()]).toEqual(['maruDesktop'])
    expect(Object.keys(bridge).toSorted()).toEqual([
      'facts',
      'findRelays',
      'host',
      'notifications',
      'onIdle',
      'onLink',
      'onQuit',
      'onResume',
      'pin',
      'pinned',
      'secret',
      'settings',
      'takeLink',
      'tray',
      'unpin',
      'updates',
      'whyUnreachable'
    ])
    const values = valuesOf(bridge)
    expect(values.filter((value) => typeof value !== 'function')).toEqual([])
    const theirs: readonly unknown[] = ['invoke', 'on', 'emit', 'removeListener'].map((name) =>
      Reflect.get(ipcRenderer, name)
    )
    expect(values.filter((value) => theirs.includes(value))).toEqual([])
  })

  it('asks on its own channels, with its own arguments only', async () => {
    type Loose = (...args: unknown[]) => Promise<unknown>
    expect(await (bridge.facts as Loose)('more')).toBe('answer')
    await (bridge.secret.load as Loose)('more')
    await (bridge.secret.save as Loose)('text', 'more')
    await (bridge.secret.forget as Loose)('more')
    await (bridge.secret.kept as Loose)('more')
    await (bridge.whyUnreachable as Loose)('http://relay.test', 'more')
    await (bridge.takeLink as Loose)('more')
    await (bridge.settings as { load: Loose }).load('more')
    await (bridge.settings as { change: Loose }).change({ spelling: true }, 'more')
    await (bridge.notifications as unknown as { show: Loose }).show({ tag: 'hall' }, 'more')
    await (bridge.notifications as unknown as { withdraw: Loose }).withdraw('hall', 'more')
    await (bridge.notifications as unknown as { shown: Loose }).shown('more')
    await (bridge.notifications as unknown as { badge: Loose }).badge(3, 'more')
    await (bridge.tray as unknown as { showDnd: Loose }).showDnd(true, 'more')
    await (bridge.pin as Loose)('https://relay.test', 'ab', 'more')
    await (bridge.pinned as Loose)('https://relay.test', 'more')
    await (bridge.unpin as Loose)('https://relay.test', null, 'more')
    await (bridge.host as unknown as { addresses: Loose }).addresses('more')
    await (bridge.host as unknown as { chosen: Loose }).chosen('more')
    await (bridge.host as unknown as { start: Loose }).start(
      { address: '10.0.0.1', port: 4100, name: 'Home', dataDir: '/etc' },
      'more'
    )
    await (bridge.host as unknown as { stop: Loose }).stop('more')
    await (bridge.host as unknown as { backup: Loose }).backup('/etc')
    expect(ipcRenderer.asked).toEqual([
      ['desktop:facts'],
      ['secret:load'],
      ['secret:save', 'text'],
      ['secret:forget'],
      ['secret:kept'],
      ['relay:why-unreachable', 'http://relay.test'],
      ['desktop:take-link'],
      ['settings:load'],
      ['settings:change', { spelling: true }],
      ['notice:show', { tag: 'hall' }],
      ['notice:withdraw', 'hall'],
      ['notice:shown'],
      ['notice:badge', 3],
      ['tray:show-dnd', true],
      ['certificate:pin', 'https://relay.test', 'ab'],
      ['certificate:pinned', 'https://relay.test'],
      ['certificate:unpin', 'https://relay.test', null],
      ['host:addresses'],
      ['host:chosen'],
      ['host:start', { address: '10.0.0.1', port: 4100, name: 'Home' }],
      ['host:stop'],
      ['host:backup']
    ])
  })

  it("calls back without Electron's event, until stopped", () => {
    const callback = vi.fn<(...args: unknown[]) => void>()
    const stop = bridge.onResume(callback)
    ipcRenderer.emit('desktop:resumed', { sender: ipcRenderer })
    expect(callback.mock.calls).toEqual([[]])
    expect(stop()).toBeUndefined()
    ipcRenderer.emit('desktop:resumed', { sender: ipcRenderer })
    expect(callback).toHaveBeenCalledOnce()
  })

  it('tells what is, and then what changes; an answer that comes too late is passed over', async () => {
    const heard: unknown[] = []
    const stop = bridge.onIdle?.((use) => heard.push(use))
    ipcRenderer.emit('machine:use', { sender: ipcRenderer }, 'locked')
    await Promise.resolve()
    expect(heard).toEqual(['locked'])
    stop?.()
    ipcRenderer.emit('machine:use', { sender: ipcRenderer }, 'active')
    expect(heard).toEqual(['locked'])
    const second = vi.fn<(use: unknown) => void>()
    bridge.onIdle?.(second)
    await vi.waitFor(() => expect(second.mock.calls).toEqual([['answer']]))
    const third = vi.fn<(use: unknown) => void>()
    bridge.onIdle?.(third)()
    await Promise.resolve()
    expect(third).not.toHaveBeenCalled()
  })

  it('asks what was found again and again, as long as somebody wants to know, and tells what has changed', async () => {
    vi.useFakeTimers()
    const invoke = vi.spyOn(ipcRenderer, 'invoke')
    try {
      const heard: unknown[] = []
      invoke.mockResolvedValue([])
      const stop = bridge.findRelays?.((found) => heard.push(found))
      await vi.advanceTimersByTimeAsync(4_000)
      expect(invoke.mock.calls).toEqual([['relays:found'], ['relays:found'], ['relays:found']])
      expect(heard).toEqual([[]])
      invoke.mockResolvedValue([{ relayId: 'r1' }])
      await vi.advanceTimersByTimeAsync(2_000)
      expect(heard).toEqual([[], [{ relayId: 'r1' }]])
      stop?.()
      await vi.advanceTimersByTimeAsync(10_000)
      expect(invoke).toHaveBeenCalledTimes(4)
    } finally {
      invoke.mockRestore()
      vi.useRealTimers()
    }
  })
})
