// What the desktop shell and a signed-in person have to say to each other beside what is notified: where a click leads, what was answered into a
// notification, not to be disturbed. At all relays as at one. Works without the network.
import { catchError, combineLatest, distinctUntilChanged, filter, firstValueFrom, map, of, switchMap } from 'rxjs'
import type { Observable, Subscription } from 'rxjs'
import { MAX_BODY_CHARS } from '../protocol/limits.ts'
import type { Availability } from '../protocol/live.ts'
import { splitText } from './features/composer/long-text.ts'
import type { DesktopBridge, NoticePlace } from './platform/bridge.ts'
import { withdrawAll } from './platform/notifier.ts'
import { notifierOfRelay } from './platform/relay-notifier.ts'
import type { ChatStore } from './store/chat-store.ts'

type Parts = Pick<DesktopBridge, 'notifications' | 'tray'>

/** One where somebody is signed in and what is stored is open. */
export interface AtRelay {
  relayId: string
  store: Pick<ChatStore, 'commands' | 'queries'>
}

/**
 * Returns its stop. What comes for the person while there is no relay waits in the shell. Of a relay that one signs out of no words stay on the screen.
 * @param relays at once and on every change
 * @param goTo brings the relay of a place to the front, there
 */
export function startDesktop(
  { notifications, tray }: Parts,
  relays: Observable<readonly AtRelay[]>,
  goTo: (place: NoticePlace) => void,
  onProblem: (problem: unknown) => void
): () => void {
  /**
   * The shell keeps an answer until this resolves, and hands it over again if the page dies before: its messages have the ids that follow from the
   * answer's, so that the relay has each once. One for a relay that is not open yet waits for it.
   */
  const send = async ({ relayId, roomId }: NoticePlace, text: string, id: string): Promise<void> => {
    const { store } = await firstValueFrom(
      relays.pipe(
        map((all) => all.find((each) => relayId === undefined || each.relayId === relayId)),
        filter((relay) => relay !== undefined)
      )
    )
    try {
      const words = splitText(text.normalize('NFC'), MAX_BODY_CHARS).map((body) => ({ body }))
      if (words.length > 0) await store.commands.sendMessages(roomId, words, { messageId: id })
    } catch (error) {
      onProblem(error)
      throw error
    }
  }

  /** How it is with the person, at each. */
  let now: readonly { relay: AtRelay; availability: Availability }[] = []
  /** What it is again, by relay, when the person wants to be disturbed. */
  const before = new Map<string, Availability>()
  const isDnd = (): boolean => now.length > 0 && now.every(({ availability }) => availability === 'dnd')
  const showDnd = (): void => {
    tray?.showDnd(now.length === 0 ? null : isDnd()).catch(onProblem)
  }
  const setDnd = (on: boolean): void => {
    for (const { relay, availability } of now) {
      if (on === (availability === 'dnd')) continue
      if (on) before.set(relay.relayId, availability)
      const wanted = on ? 'dnd' : (before.get(relay.relayId) ?? 'auto')
      relay.store.commands.setAvailability(wanted).catch((error: unknown) => {
        onProblem(error)
        showDnd()
      })
    }
  }

  const listen = (): (() => void)[] => [
    notifications?.onOpen((place) => place && goTo(place)) ?? (() => {}),
    notifications?.onReply(send) ?? (() => {}),
    tray?.onDnd(setDnd) ?? (() => {})
  ]
  /** Also those from before this page, which without a connection nobody has taken over. */
  const clearScreen = (relayId: string): void => {
    if (notifications) withdrawAll(notifierOfRelay(notifications, relayId)).catch(onProblem)
  }

  let there: readonly AtRelay[] = []
  let stops: (() => void)[] = []
  const stopAll = (): void => {
    for (const stop of stops) stop()
    stops = []
  }
  const subscriptions: Subscription[] = [
    relays.subscribe((all) => {
      for (const { relayId } of there) if (all.every((each) => each.relayId !== relayId)) clearScreen(relayId)
      if (all.length === 0) stopAll()
      else if (there.length === 0) stops = listen()
      there = all
    })
  ]
  if (tray) {
    const shown = relays.pipe(
      switchMap(availabilities),
      map((all) => {
        now = all
        return all.length === 0 ? null : isDnd()
      }),
      distinctUntilChanged()
    )
    subscriptions.push(shown.subscribe(showDnd))
  }
  return () => {
    for (const each of subscriptions) each.unsubscribe()
    stopAll()
    now = []
    showDnd()
  }
}

/** One that cannot say it is as usual. */
function availabilities(
  relays: readonly AtRelay[]
): Observable<readonly { relay: AtRelay; availability: Availability }[]> {
  if (relays.length === 0) return of([])
  return combineLatest(
    relays.map((relay) =>
      relay.store.queries.watchPreferences().pipe(
        catchError(() => of({ availability: 'auto' as const })),
        map(({ availability }) => ({ relay, availability }))
      )
    )
  )
}
