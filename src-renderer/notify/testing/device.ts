// A device that notifies, for tests: the real engine on a model of the store, with what is on its screen, a clock that is moved by hand, and restarts.
import { BehaviorSubject } from 'rxjs'
import type { Notice } from '../../platform/bridge.ts'
import { loadNotifySettings } from '../../platform/notify-settings.ts'
import type { NotifySettings } from '../../platform/notify-settings.ts'
import { createVirtualClock } from '../../sync/testing/virtual-clock.ts'
import { ko } from '../../texts/ko.ts'
import { startNotifying } from '../start-notifying.ts'
import { modelNews } from './model-news.ts'

export const DEFAULTS: NotifySettings = loadNotifySettings({ getItem: () => null }, 'me')

/** Tuesday, 10 February 2026, noon where the device is. */
export const NOON = new Date(2026, 1, 10, 12).getTime()

/** Begun, in step with its relay, with everything as it is set at first; `fresh`: it has never begun. */
export function notifyingDevice({ fresh = false } = {}) {
  const news = modelNews()
  const clock = createVirtualClock(NOON)
  const inStep = new BehaviorSubject(true)
  const settings = new BehaviorSubject(DEFAULTS)
  const dnd = new BehaviorSubject(false)
  const screen = new Map<string, Notice>()
  const shown: Notice[] = []
  const problems: unknown[] = []
  const looking = new Set<string>()
  let sounds = 0

  /** One more window that believes to lead. */
  const start = (): (() => void) =>
    startNotifying({
      news: news.store,
      inStep,
      settings,
      dnd,
      clock,
      isOnScreen: (roomId) => looking.has(roomId),
      notifier: {
        async show(notice) {
          shown.push(notice)
          screen.set(notice.tag, notice)
        },
        withdraw: async (tag) => void screen.delete(tag),
        shown: async () => [...screen.values()]
      },
      playSound: () => void sounds++,
      texts: () => ko,
      onProblem: (problem) => problems.push(problem)
    })

  let stop = (): void => {}
  return {
    news,
    clock,
    inStep,
    dnd,
    screen,
    shown,
    problems,
    looking,
    start,
    sounds: () => sounds,
    set: (more: Partial<NotifySettings>) => settings.next({ ...settings.value, ...more }),
    begin: async () => {
      if (!fresh) await news.store.begin()
      stop = start()
      await clock.settle()
    },
    /** All that is due is looked at, however long that takes. */
    passes: async (ms = 10_000) => {
      await clock.advance(ms)
    },
    stop: () => stop(),
    restart: async () => {
      stop()
      stop = start()
      await clock.advance(10_000)
    }
  }
}
