// @vitest-environment happy-dom
import { BehaviorSubject, of } from 'rxjs'
import type { ObservedValueOf } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startNotifications } from '../notifications.ts'
import { modelNews } from '../notify/testing/model-news.ts'
import { GATHER_MS } from '../notify/start-notifying.ts'
import type { Services } from '../services.ts'
import './load-texts.ts'

/** As a browser has it in a page. */
class PageNotification extends EventTarget {
  static readonly permission = 'granted'
  static readonly open = new Set<PageNotification>()
  readonly data: unknown
  constructor(
    readonly title: string,
    { data }: NotificationOptions
  ) {
    super()
    this.data = data
    PageNotification.open.add(this)
  }
  close(): void {
    PageNotification.open.delete(this)
  }
}

const titles = () => [...PageNotification.open].map(({ title }) => title)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('Notification', PageNotification)
  PageNotification.open.clear()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function started({ leads = Promise.resolve() } = {}) {
  const news = modelNews()
  news.room('hall')
  await news.store.begin()
  const status = new BehaviorSubject<ObservedValueOf<Services['status']>>({ name: 'connected' })
  const progress = of({ done: 3, total: 3 })
  const problems: unknown[] = []
  const notifications = startNotifications({
    profile: { relayId: 'relay', userId: 'me' },
    news: news.store,
    sync: { status, progress },
    dnd: of(false),
    leads,
    onProblem: (problem) => problems.push(problem)
  })
  const passes = () => vi.advanceTimersByTimeAsync(2 * GATHER_MS)
  await passes()
  return { news, notifications, problems, passes }
}

describe('notifications of a profile', () => {
  it('are shown by the window that leads, and by no other', async () => {
    const { news, problems, passes } = await started()
    const follower = await started({ leads: new Promise(() => undefined) })
    for (const each of [news, follower.news]) each.say('hall', 'hello')
    await passes()
    expect([titles(), problems]).toEqual([['hall'], []])
  })

  it('leave the screen when the person signs out, and stay when the window is closed', async () => {
    const { news, notifications, passes } = await started()
    news.say('hall', 'hello')
    await passes()
    notifications.stop()
    await passes()
    expect(titles()).toEqual(['hall'])
    notifications.stop({ withdraw: true })
    await passes()
    expect(titles()).toEqual([])
  })

  it('lead to their message', async () => {
    const { news, passes } = await started()
    news.say('hall', 'hello')
    await passes()
    vi.spyOn(window, 'focus').mockImplementation(() => undefined)
    for (const shown of PageNotification.open) shown.dispatchEvent(new Event('click'))
    expect(window.location.hash).toBe('#/room/hall/message/1')
    window.location.hash = ''
  })

  it('are none of a room whose end is on the screen of this window while the person looks', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    window.dispatchEvent(new Event('focus'))
    const { news, notifications, passes } = await started()
    notifications.showsEnd('hall')
    news.say('hall', 'seen')
    await passes()
    expect(titles()).toEqual([])
    notifications.showsEnd(null)
    news.say('hall', 'not seen')
    await passes()
    expect(titles()).toEqual(['hall'])
  })
})
