// Shows the page's notifications by the system's means, one a tag, and keeps what people do with them until the page takes it: it may just be loaded
// anew. Does not know what they tell of.
import { createHash } from 'node:crypto'
import { Notification } from 'electron'
import { v7 } from 'uuid'
import type { Notice, NoticePlace } from '../src-renderer/platform/bridge.ts'
import type { TrayTexts } from './tray-texts.ts'

/** What somebody has written into a notification. */
export interface NoticeReply {
  /** A UUID. The message gets it, so that one which is handed over twice is said once. */
  id: string
  place: NoticePlace
  text: string
}

export interface NoticesOptions {
  platform: NodeJS.Platform
  texts: Pick<TrayTexts, 'reply' | 'notSent'>
  /** Brings the app's window to the front, or opens one. */
  comeForward: () => void
  /** There is something for `takeOpened`. */
  onOpened: () => void
  /** There is something among `replies`. */
  onReplied: () => void
  onProblem: (problem: unknown) => void
}

export interface Notices {
  show(notice: Notice): void
  /** One that is not there is no error. */
  withdraw(tag: string): void
  /** What is on the screen, as far as the system tells. */
  shown(): readonly Notice[]
  /** Where the last click leads that nobody has taken yet; null for none. */
  takeOpened(): { place: NoticePlace | null } | null
  /** Those that no page has stored yet, the oldest first. */
  replies(): readonly NoticeReply[]
  /** A page has stored this one. */
  replyKept(id: string): void
  /** Says something of the shell's own, which leads nowhere but to the app. */
  say(title: string, body: string): void
  withdrawAll(): void
}

interface Shown {
  notice: Notice
  native: Notification
}

/** Needs a ready app. */
export function createNotices(options: NoticesOptions): Notices {
  const { platform, texts, comeForward, onProblem } = options
  /** By tag. What is not referenced any more, the garbage collector takes off the screen. */
  const shown = new Map<string, Shown>()
  const own = new Set<Notification>()
  const replies: NoticeReply[] = []
  let opened: { place: NoticePlace | null } | null = null
  let everShown = false

  const draw = (native: Notification, { title, body, alert, mayReply, place }: Notice): void => {
    native.title = title
    native.body = platform === 'linux' ? escaped(body) : body
    // The sound is the page's, and the person's choice.
    native.silent = true
    native.hasReply = mayReply && place !== null
    native.replyPlaceholder = texts.reply
    // Of little urgency a notification comes into the list without a banner. Other systems have no such thing.
    native.urgency = alert ? 'normal' : 'low'
  }

  const remove = (tag: string, native: Notification): void => {
    if (shown.get(tag)?.native === native) shown.delete(tag)
  }

  const create = (tag: string): Notification => {
    // By its id the system, too, replaces one of the same tag that an earlier run has left. Windows takes short ones only.
    const native = new Notification({ id: createHash('sha256').update(tag).digest('hex').slice(0, 32) })
    native.on('click', () => {
      opened = { place: shown.get(tag)?.notice.place ?? null }
      comeForward()
      options.onOpened()
    })
    native.on('reply', ({ reply }) => {
      const place = shown.get(tag)?.notice.place
      if (!place) return
      withdraw(tag)
      replies.push({ id: v7(), place, text: reply })
      options.onReplied()
    })
    native.on('close', ({ reason }) => {
      // Windows has moved it to its list, from where it can still be withdrawn.
      if (reason !== 'timedOut') remove(tag, native)
    })
    native.on('failed', (_event, error) => {
      remove(tag, native)
      onProblem(new Error(`the system shows no notification: ${error}`))
    })
    return native
  }

  const withdraw = (tag: string): void => {
    const native = shown.get(tag)?.native
    shown.delete(tag)
    native?.close()
  }

  const say = (title: string, body: string): void => {
    const native = new Notification({ title, body: platform === 'linux' ? escaped(body) : body, silent: true })
    own.add(native)
    native.on('click', comeForward)
    native.on('close', () => own.delete(native))
    native.on('failed', (_event, error) => {
      own.delete(native)
      onProblem(new Error(`the system shows no notification: ${error}`))
    })
    native.show()
  }

  // Tells of those of this run as well, beside their own events. Of an earlier run's it is not known where they belong.
  if (platform === 'win32') {
    Notification.handleActivation(({ type, reply }) => {
      if (type === 'click') comeForward()
      if (type !== 'reply' || !reply || everShown) return
      comeForward()
      say(texts.notSent, reply)
    })
  }

  return {
    show(notice) {
      const { tag } = notice
      const native = shown.get(tag)?.native ?? create(tag)
      everShown = true
      shown.set(tag, { notice, native })
      draw(native, notice)
      // Takes the one that was shown before off the screen.
      native.show()
    },
    withdraw,
    shown: () => [...shown.values()].map(({ notice }) => notice),
    takeOpened() {
      const taken = opened
      opened = null
      return taken
    },
    replies: () => [...replies],
    replyKept(id) {
      const place = replies.findIndex((reply) => reply.id === id)
      if (place >= 0) replies.splice(place, 1)
    },
    say,
    withdrawAll() {
      for (const tag of shown.keys()) withdraw(tag)
      for (const native of own) native.close()
      own.clear()
    }
  }
}

/** Linux' desktops read a little HTML in a notification's text; what people write is text. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
