// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notice } from './bridge.ts'
import { browserNotifier } from './browser-notifier.ts'
import { openNotifier } from './notifier.ts'

const notice: Notice = {
  tag: 'hall',
  title: 'Hall',
  body: 'Mina: hello',
  place: { roomId: 'hall', seq: 3 },
  covers: { hall: 3 },
  count: 1,
  alert: true,
  mayReply: true
}

/** As a browser has it in a page. */
class PageNotification extends EventTarget {
  static permission: NotificationPermission = 'granted'
  static readonly shown: PageNotification[] = []
  readonly data: unknown
  readonly close = vi.fn(() => void this.dispatchEvent(new Event('close')))
  constructor(
    readonly title: string,
    readonly options: NotificationOptions & { renotify?: boolean }
  ) {
    super()
    this.data = options.data
    PageNotification.shown.push(this)
  }
}

/** As a browser has it through a service worker: what it shows outlives the page. */
function worker() {
  const shown = new Map<string, { tag: string; data: unknown; close: () => void }>()
  const registration = {
    active: {},
    showNotification: vi.fn(async (_title: string, { tag = '', data }: NotificationOptions) => {
      shown.set(tag, { tag, data, close: () => shown.delete(tag) })
    }),
    getNotifications: async ({ tag }: { tag?: string } = {}) =>
      [...shown.values()].filter((each) => tag === undefined || each.tag === tag)
  }
  const messages = new EventTarget()
  vi.stubGlobal('navigator', {
    serviceWorker: Object.assign(messages, { getRegistration: async () => registration })
  })
  return { registration, shown, say: (data: unknown) => messages.dispatchEvent(new MessageEvent('message', { data })) }
}

beforeEach(() => {
  PageNotification.permission = 'granted'
  PageNotification.shown.length = 0
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('Notification', PageNotification)
  vi.stubGlobal('navigator', {})
})
afterEach(() => vi.unstubAllGlobals())

describe('notifications by the browser', () => {
  it('are shown by the service worker where there is one, without a sound of the system', async () => {
    const { registration } = worker()
    await browserNotifier().show(notice)
    expect(registration.showNotification.mock.calls).toEqual([
      [
        'Hall',
        expect.objectContaining({ tag: 'hall', body: 'Mina: hello', silent: true, renotify: true, data: notice })
      ]
    ])
    expect(PageNotification.shown).toEqual([])
  })

  it('are there after the page was loaded anew, and can be withdrawn', async () => {
    const { shown } = worker()
    await browserNotifier().show(notice)
    shown.set('other', { tag: 'other', data: { of: 'another version' }, close: () => undefined })
    const anew = browserNotifier()
    expect(await anew.shown()).toEqual([notice])
    await anew.withdraw('hall')
    await anew.withdraw('never shown')
    expect(await anew.shown()).toEqual([])
  })

  it('lead where the worker says, and listen until they are stopped', () => {
    const { say } = worker()
    const opened: unknown[] = []
    const stop = browserNotifier().onOpen((place) => opened.push(place))
    say({ type: 'maru-notice-click', place: notice.place })
    say({ type: 'something else', place: notice.place })
    say({ type: 'maru-notice-click', place: null })
    stop()
    say({ type: 'maru-notice-click', place: notice.place })
    expect(opened).toEqual([notice.place, null])
  })

  it('are shown by the page where there is no worker', async () => {
    const focus = vi.spyOn(window, 'focus').mockImplementation(() => undefined)
    const notifier = browserNotifier()
    const opened: unknown[] = []
    notifier.onOpen((place) => opened.push(place))
    await notifier.show({ ...notice, alert: false })
    const [shown] = PageNotification.shown
    expect(shown?.options).toMatchObject({ tag: 'hall', silent: true, renotify: false })
    shown?.dispatchEvent(new Event('click'))
    expect([opened, focus.mock.calls.length, shown?.close.mock.calls.length]).toEqual([[notice.place], 1, 1])
    await notifier.show(notice)
    expect(await notifier.shown()).toEqual([notice])
    await notifier.withdraw('hall')
    expect(await notifier.shown()).toEqual([])
    expect(PageNotification.shown[1]?.close).toHaveBeenCalledOnce()
    focus.mockRestore()
  })

  it.each(['default', 'denied'] as const)('are not shown without permission: %s', async (permission) => {
    const { registration } = worker()
    PageNotification.permission = permission
    await browserNotifier().show(notice)
    expect([registration.showNotification.mock.calls, PageNotification.shown]).toEqual([[], []])
  })
})

describe('a shell that shows them itself', () => {
  it('is asked in place of the browser, and needs no permission', async () => {
    const show = vi.fn(async () => undefined)
    const stop = () => () => undefined
    const shell = { show, withdraw: show, shown: async () => [], onOpen: stop, onReply: stop, badge: show }
    const notifier = openNotifier(shell, () => {
      throw new Error('the browser was asked')
    })
    expect([notifier.may(), await notifier.ask()]).toEqual(['granted', 'granted'])
    await notifier.show(notice)
    expect(show).toHaveBeenCalledWith(notice)
  })
})
