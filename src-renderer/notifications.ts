// Puts notifications together for one signed-in profile: in each window what it shows and where a click leads, in the leading one what is notified.
// Knows no rule.
import { combineLatest, distinctUntilChanged, map, Observable } from 'rxjs'
import { newId } from '../protocol/values.ts'
import { systemClock } from './connection/clock.ts'
import { startNotifying } from './notify/start-notifying.ts'
import { attention } from './platform/attention.ts'
import { desktopBridge } from './platform/bridge.ts'
import { browserNotifier } from './platform/browser-notifier.ts'
import { goToPlace } from './platform/go-to-place.ts'
import { playNoticeSound } from './platform/notice-sound.ts'
import { openNotifier, withdrawAll } from './platform/notifier.ts'
import { notifierOfRelay } from './platform/relay-notifier.ts'
import { loadNotifySettings, startWatchingNotifySettings } from './platform/notify-settings.ts'
import type { NotifySettings } from './platform/notify-settings.ts'
import { openOnScreen } from './platform/on-screen.ts'
import { loadPreferences } from './platform/preferences.ts'
import type { NewsStore } from './store/news.ts'
import type { SharedSync } from './sync/shared-sync.ts'
import { textsFor } from './texts/catalogue.ts'
import type { Texts } from './texts/texts.ts'

export interface Notifications {
  /** `Services.showsEnd` */
  showsEnd(roomId: string | null): void
  /** What is shown stays, unless it is withdrawn: who signs out leaves no words on the screen. */
  stop(how?: { withdraw: boolean }): void
}

/** @param leads resolves when this window is the one that syncs; it notifies too */
export function startNotifications(parts: {
  profile: { relayId: string; userId: string }
  news: NewsStore
  sync: Pick<SharedSync, 'status' | 'progress'>
  dnd: Observable<boolean>
  leads: Promise<void>
  onProblem: (problem: unknown) => void
}): Notifications {
  const { profile, news, sync, dnd, leads, onProblem } = parts
  const shell = desktopBridge()?.notifications ?? null
  const shown = openNotifier(shell, browserNotifier)
  // A page that a relay has served is signed in to that one alone.
  const notifier = shell === null ? shown : notifierOfRelay(shown, profile.relayId)
  const onScreen = openOnScreen({
    window: newId(),
    bus: new BroadcastChannel(`maru-screen:${profile.relayId}/${profile.userId}`),
    attention,
    clock: systemClock
  })
  // Clicks on the shell's are heard without a connection, too (desktop.ts).
  const stopOpening = shell === null ? notifier.onOpen(goToPlace) : () => {}
  let end = (): void => {}
  let stopped = false
  const notify = (): void => {
    if (stopped) return
    end = startNotifying({
      news,
      inStep: combineLatest([sync.status, sync.progress]).pipe(
        map(([{ name }, { done, total }]) => name === 'connected' && total > 0 && done === total),
        distinctUntilChanged()
      ),
      settings: settingsOf(profile.userId),
      dnd,
      isOnScreen: (roomId) => onScreen.has(roomId),
      notifier,
      playSound: () => {
        playNoticeSound().catch(onProblem)
      },
      texts: textsNow,
      clock: systemClock,
      onProblem
    })
  }
  leads.then(notify, onProblem)

  return {
    showsEnd: (roomId) => onScreen.show(roomId),
    stop({ withdraw } = { withdraw: false }) {
      stopped = true
      end()
      if (withdraw) withdrawAll(notifier).catch(onProblem)
      stopOpening()
      onScreen.stop()
    }
  }
}

function settingsOf(userId: string): Observable<NotifySettings> {
  return new Observable((subscriber) => {
    const tell = (): void => subscriber.next(loadNotifySettings(window.localStorage, userId))
    tell()
    return startWatchingNotifySettings(userId, tell)
  })
}

function textsNow(): Texts {
  const { language } = loadPreferences(window.localStorage)
  return textsFor(language === 'system' ? navigator.languages : [language])
}
