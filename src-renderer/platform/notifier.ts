// Who shows notifications, and what of them there is to show: the browser, or the desktop shell behind the same interface. Knows no rule about when.

import type { Notice, NoticePlace, ShellNotifier } from './bridge.ts'

/** What the service worker says to the window that a click has brought to the front. */
export interface NoticeClick {
  type: 'maru-notice-click'
  place: NoticePlace | null
}

/** `insecure`: browsers have no notifications for plain http. `unsupported`: this one has none at all. */
export type MayNotify = 'granted' | 'ask' | 'denied' | 'insecure' | 'unsupported'

/** The browser's or the shell's. Without permission, `show` does nothing. */
export interface Notifier {
  may(): MayNotify
  /** Asks the person; only when the person has asked for that. */
  ask(): Promise<MayNotify>
  show(notice: Notice): Promise<void>
  /** Takes it off the screen; one that is not there is no error. */
  withdraw(tag: string): Promise<void>
  /** Those that are on the screen, also from before a restart, as far as that is known. */
  shown(): Promise<readonly Notice[]>
  /** Calls back when one was clicked, in the window that has come to the front for it. Returns its stop. */
  onOpen(open: (place: NoticePlace | null) => void): () => void
}

/** @param shell null where there is none, or one that leaves notifications to the page */
export function openNotifier(shell: ShellNotifier | null, browser: () => Notifier): Notifier {
  if (shell === null) return browser()
  return { ...shell, may: () => 'granted', ask: async () => 'granted' }
}

/** What is on the screen, also from before this page. */
export async function withdrawAll(notifier: Pick<Notifier, 'shown' | 'withdraw'>): Promise<void> {
  for (const { tag } of await notifier.shown()) await notifier.withdraw(tag)
}
