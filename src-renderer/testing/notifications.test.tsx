import { act, fireEvent, screen } from '@testing-library/react'
import { Subject } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UnreadTitle } from '../features/notifications/unread-title.tsx'
import { unreadIn } from '../store/unread-in.ts'
import { NotificationSettings } from '../features/settings/notification-settings.tsx'
import { RoomActs } from '../features/rooms/room-acts.tsx'
import { PeopleLayer } from '../people-layer.tsx'
import { notificationsLater } from '../notifications-later.ts'
import type { Notifications } from '../notifications.ts'
import { loadNotifySettings } from '../platform/notify-settings.ts'
import type { Services } from '../services.ts'
import { MUTED_FOR_GOOD } from '../store/chat-store.ts'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import { fakeServices, inContext, ME, ROOM, roomSummary, show } from './fake-services.tsx'

const settings = () => loadNotifySettings(localStorage, ME)
const { notifySettings } = en

beforeEach(() => localStorage.clear())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('the number in the title', () => {
  it('is what is unread, of muted rooms what mentions the person', () => {
    const room = { unread: 0, mentions: 0, mutedUntil: null }
    const muted = { ...room, mutedUntil: MUTED_FOR_GOOD }
    expect(unreadIn([], 0)).toBe(0)
    expect(
      unreadIn(
        [
          { ...room, unread: 3, mentions: 1 },
          { ...muted, unread: 9, mentions: 2 }
        ],
        0
      )
    ).toBe(5)
  })

  it('follows the rooms and the language, on the icon too, and goes with the screen', () => {
    const badge = { setAppBadge: vi.fn(async () => undefined), clearAppBadge: vi.fn(async () => undefined) }
    Object.assign(navigator, badge)
    const { services, rooms } = fakeServices()
    rooms.next([roomSummary({ unread: 2 })])
    const view = show(<UnreadTitle stores={[services.store]} />, { services })
    expect(document.title).toBe(`(2) ${en.productName}`)
    expect(badge.setAppBadge).toHaveBeenLastCalledWith(2)
    view.rerender(inContext(<UnreadTitle stores={[services.store]} />, { services, texts: ko }))
    expect(document.title).toBe(`(2) ${ko.productName}`)
    act(() => rooms.next([roomSummary({ unread: 2, mutedUntil: MUTED_FOR_GOOD })]))
    expect(document.title).toBe(ko.productName)
    act(() => rooms.next([roomSummary({ unread: 100 })]))
    expect(document.title).toBe(`(99+) ${ko.productName}`)
    view.unmount()
    expect(document.title).toBe(ko.productName)
    expect(badge.clearAppBadge).toHaveBeenCalled()
    for (const name of Object.keys(badge)) Reflect.deleteProperty(navigator, name)
  })
})

describe('settings of notifications', () => {
  const showThem = () => show(<NotificationSettings />, { services: fakeServices().services })

  function browser(permission: NotificationPermission | 'none', isSecureContext = true) {
    vi.stubGlobal('isSecureContext', isSecureContext)
    const given = { permission }
    const requestPermission = vi.fn(async () => (given.permission = 'granted'))
    if (permission === 'none') Reflect.deleteProperty(window, 'Notification')
    else vi.stubGlobal('Notification', Object.assign(given, { requestPermission }))
    return requestPermission
  }

  it.each([
    ['granted', true, notifySettings.state.granted],
    ['denied', true, notifySettings.state.denied],
    ['denied', false, notifySettings.state.insecure],
    ['none', true, notifySettings.state.unsupported]
  ] as const)('say how it stands with the browser: %s, secure %s', (permission, secure, sentence) => {
    browser(permission, secure)
    showThem()
    expect(screen.getByRole('status').textContent).toBe(sentence)
    expect(screen.queryByRole('button', { name: notifySettings.allow })).toBeNull()
  })

  it('ask for permission when the person presses the button, and not before', async () => {
    const request = browser('default')
    showThem()
    expect(request).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: notifySettings.allow }))
    expect(await screen.findByText(notifySettings.state.granted)).toBeTruthy()
    expect(request).toHaveBeenCalledOnce()
  })

  it('hold at once and for later', () => {
    browser('granted')
    showThem()
    fireEvent.click(screen.getByRole('radio', { name: notifySettings.wordsNothing }))
    fireEvent.click(screen.getByRole('checkbox', { name: notifySettings.sound }))
    fireEvent.click(screen.getByRole('checkbox', { name: notifySettings.quiet }))
    fireEvent.change(screen.getByLabelText(notifySettings.from), { target: { value: '23:30' } })
    fireEvent.change(screen.getByLabelText(notifySettings.to), { target: { value: '' } })
    expect(settings()).toMatchObject({
      words: 'nothing',
      sound: true,
      quiet: { on: true, from: '23:30', to: '08:00' }
    })
    fireEvent.click(screen.getByRole('checkbox', { name: notifySettings.on }))
    expect(settings().on).toBe(false)
    expect(screen.queryByRole('checkbox', { name: notifySettings.sound })).toBeNull()
  })

  it('take keywords while they are written, and keep the last ones that can be used', () => {
    browser('granted')
    showThem()
    const field = screen.getByRole('textbox', { name: notifySettings.keywords })
    fireEvent.change(field, { target: { value: '회의, deploy,' } })
    expect(settings().keywords).toEqual(['회의', 'deploy'])
    fireEvent.change(field, { target: { value: Array.from({ length: 21 }, (_, at) => `word${at}`).join(',') } })
    expect(screen.getByText(notifySettings.tooMany(20))).toBeTruthy()
    fireEvent.change(field, { target: { value: 'x'.repeat(41) } })
    expect(screen.getByText(notifySettings.tooLong(40))).toBeTruthy()
    expect(settings().keywords).toEqual(['회의', 'deploy'])
  })
})

describe('muting a room', () => {
  const showMenu = (services: Services, room = roomSummary()) => {
    const acts = <RoomActs room={room} anchor={{ x: 0, y: 0 }} label="Hall" onClose={() => undefined} />
    show(<PeopleLayer>{acts}</PeopleLayer>, { services })
  }

  it.each([
    [en.muting.hour, new Date(2026, 1, 10, 13)],
    [en.muting.eightHours, new Date(2026, 1, 10, 20)],
    [en.muting.tomorrow, new Date(2026, 1, 11, 8)],
    [en.muting.forGood, new Date(MUTED_FOR_GOOD)]
  ])('%s', async (words, until) => {
    vi.useFakeTimers({ now: new Date(2026, 1, 10, 12), toFake: ['Date'] })
    const { services, commands } = fakeServices()
    showMenu(services)
    fireEvent.click(screen.getByRole('menuitem', { name: en.room.mute }))
    fireEvent.click(await screen.findByRole('menuitem', { name: words }))
    expect(commands.setMuted.mock.calls).toEqual([[ROOM, until.toISOString()]])
  })

  it('says until when, and ends before that', () => {
    vi.useFakeTimers({ now: new Date(2026, 1, 10, 12), toFake: ['Date'] })
    const { services, commands } = fakeServices()
    const mutedUntil = new Date(2026, 1, 10, 13).toISOString()
    showMenu(services, roomSummary({ mutedUntil }))
    fireEvent.click(screen.getByRole('menuitem', { name: en.muting.until(en.dates.time(mutedUntil)) }))
    expect(commands.setMuted.mock.calls).toEqual([[ROOM, null]])
  })
})

describe('notifications that are loaded later', () => {
  function notifications() {
    return { showsEnd: vi.fn<Notifications['showsEnd']>(), stop: vi.fn<Notifications['stop']>() }
  }

  it('begin with a connection, once, and hear what was on the screen by then', async () => {
    const connected = new Subject<void>()
    const [made, load] = [notifications(), vi.fn<() => Promise<Notifications>>()]
    load.mockResolvedValue(made)
    const later = notificationsLater(connected, load, () => undefined)
    later.showsEnd(ROOM)
    expect(load).not.toHaveBeenCalled()
    connected.next()
    connected.next()
    await vi.waitFor(() => expect(made.showsEnd.mock.calls).toEqual([[ROOM]]), 5_000)
    connected.next()
    later.showsEnd(null)
    expect([made.showsEnd.mock.lastCall, load.mock.calls.length]).toEqual([[null], 1])
    later.stop()
    expect(made.stop).toHaveBeenCalledOnce()
  })

  it('are tried again at the next connection', async () => {
    const connected = new Subject<void>()
    const [made, problems, load] = [notifications(), [] as unknown[], vi.fn<() => Promise<Notifications>>()]
    load.mockRejectedValueOnce(new Error('no network')).mockResolvedValue(made)
    notificationsLater(connected, load, (problem) => problems.push(problem))
    connected.next()
    await vi.waitFor(() => expect(problems).toHaveLength(1), 5_000)
    connected.next()
    await vi.waitFor(() => expect(made.showsEnd).toHaveBeenCalledOnce(), 5_000)
  })

  it('that come after the end are ended', async () => {
    const connected = new Subject<void>()
    const made = notifications()
    const later = notificationsLater(
      connected,
      async () => made,
      () => undefined
    )
    connected.next()
    later.stop()
    await vi.waitFor(() => expect(made.stop).toHaveBeenCalledOnce(), 5_000)
    expect(made.showsEnd).not.toHaveBeenCalled()
  })
})
