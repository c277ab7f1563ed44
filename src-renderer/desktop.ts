// What the desktop shell and a signed-in person have to say to each other beside what is notified: where a click leads, what was answered into a
// notification, not to be disturbed. Works without the network.
import { distinctUntilChanged, map } from 'rxjs'
import { MAX_BODY_CHARS } from '../protocol/limits.ts'
import type { Availability } from '../protocol/live.ts'
import { splitText } from './features/composer/long-text.ts'
import type { DesktopBridge, NoticePlace } from './platform/bridge.ts'
import { goToPlace } from './platform/go-to-place.ts'
import { withdrawAll } from './platform/notifier.ts'
import type { ChatStore } from './store/chat-store.ts'

type Parts = Pick<DesktopBridge, 'notifications' | 'tray'>

/** Returns its stop: for who signs out, and leaves no words on the screen. */
export function startDesktop(
  { notifications, tray }: Parts,
  { commands, queries }: Pick<ChatStore, 'commands' | 'queries'>,
  onProblem: (problem: unknown) => void
): () => void {
  /** The shell keeps an answer until this resolves. */
  const send = async ({ roomId }: NoticePlace, text: string): Promise<void> => {
    try {
      for (const piece of splitText(text.normalize('NFC'), MAX_BODY_CHARS)) await commands.sendMessage(roomId, piece)
    } catch (error) {
      onProblem(error)
      throw error
    }
  }

  let availability: Availability = 'auto'
  /** What it is again when the person wants to be disturbed. */
  let before: Availability = 'auto'
  const watching = tray
    ? queries
        .watchPreferences()
        .pipe(
          map((preferences) => preferences.availability),
          distinctUntilChanged()
        )
        .subscribe((now) => {
          availability = now
          tray.showDnd(now === 'dnd').catch(onProblem)
        })
    : undefined
  const setDnd = (on: boolean): void => {
    if (on === (availability === 'dnd')) return
    if (on) before = availability
    commands.setAvailability(on ? 'dnd' : before).catch((error: unknown) => {
      onProblem(error)
      tray?.showDnd(availability === 'dnd').catch(onProblem)
    })
  }

  const stops = [notifications?.onOpen(goToPlace), notifications?.onReply(send), tray?.onDnd(setDnd)]
  return () => {
    watching?.unsubscribe()
    for (const stop of stops) stop?.()
    tray?.showDnd(null).catch(onProblem)
    // Also those from before this page, which without a connection nobody has taken over.
    if (notifications) withdrawAll(notifications).catch(onProblem)
  }
}
