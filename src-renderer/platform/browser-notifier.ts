// Notifications by the browser: through the service worker where there is one, so that they outlive the page, else by the page itself.
import { parseNotice, parseNoticeClick } from './notice-data.ts'
import type { Notice, NoticePlace } from './bridge.ts'
import type { MayNotify, Notifier } from './notifier.ts'

/** What of a notification TypeScript does not know, because not every browser does. */
interface Options extends NotificationOptions {
  renotify: boolean
}

export function browserNotifier(): Notifier {
  /** Shown by this page itself, by tag. */
  const own = new Map<string, Notification>()
  const opens = new Set<(place: NoticePlace | null) => void>()
  const open = (place: NoticePlace | null): void => {
    for (const each of opens) each(place)
  }

  const may = (): MayNotify => {
    if (!window.isSecureContext) return 'insecure'
    if (!('Notification' in window)) return 'unsupported'
    return Notification.permission === 'default' ? 'ask' : Notification.permission
  }

  /** The worker that can show them; null while there is none. */
  async function worker(): Promise<ServiceWorkerRegistration | null> {
    if (!('serviceWorker' in navigator)) return null
    const registration = await navigator.serviceWorker.getRegistration()
    return registration?.active && 'showNotification' in registration ? registration : null
  }

  function showHere({ tag, title, place }: Notice, options: Options): void {
    const shown = new Notification(title, options)
    own.set(tag, shown)
    shown.addEventListener('click', () => {
      window.focus()
      shown.close()
      open(place)
    })
    shown.addEventListener('close', () => {
      if (own.get(tag) === shown) own.delete(tag)
    })
  }

  const listen = ({ data }: MessageEvent<unknown>): void => {
    const click = parseNoticeClick(data)
    if (click) open(click.place)
  }

  return {
    may,

    async ask() {
      if (may() === 'ask') await Notification.requestPermission()
      return may()
    },

    async show(notice) {
      if (may() !== 'granted') return
      const { tag, title, body, alert } = notice
      // The sound is the app's own, and the person's choice.
      const options: Options = { tag, body, data: notice, icon: './notice.png', silent: true, renotify: alert }
      const registration = await worker()
      if (registration) await registration.showNotification(title, options)
      else showHere(notice, options)
    },

    async withdraw(tag) {
      own.get(tag)?.close()
      own.delete(tag)
      const registration = await worker()
      for (const shown of (await registration?.getNotifications({ tag })) ?? []) shown.close()
    },

    async shown() {
      const registration = may() === 'granted' ? await worker() : null
      const kept = (await registration?.getNotifications()) ?? []
      return [...own.values(), ...kept].flatMap(({ data }) => parseNotice(data) ?? [])
    },

    onOpen(callback) {
      const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : null
      if (opens.size === 0) workers?.addEventListener('message', listen)
      opens.add(callback)
      return () => {
        opens.delete(callback)
        if (opens.size === 0) workers?.removeEventListener('message', listen)
      }
    }
  }
}
