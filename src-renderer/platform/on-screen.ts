// Which room's newest messages somebody is looking at, in whatever window of this person: those need no notification. Windows tell each other; one
// that has died is believed for a few seconds more.
import type { Observable } from 'rxjs'
import { z } from 'zod'

/** A window that is looked at says so this often. */
export const SAY_EVERY_MS = 4_000
/** Of a window that says nothing for so long nothing is believed. */
export const BELIEVED_MS = 10_000

const messageSchema = z.object({ window: z.string(), roomId: z.string().nullable() })

export interface OnScreen {
  /** The room whose end this window shows; null for none. */
  show(roomId: string | null): void
  /** Whether somebody is looking at the end of this room. */
  has(roomId: string): boolean
  stop(): void
}

/** The part of a BroadcastChannel that is used. */
export type ScreenBus = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>

/**
 * @param attention whether the person is looking at this window
 * @param clock as connection/clock.ts
 */
export function openOnScreen(options: {
  window: string
  bus: ScreenBus
  attention: Observable<boolean>
  clock: { now(): number; after(ms: number, run: () => void): () => void }
}): OnScreen {
  const { bus, clock, window: own } = options
  const others = new Map<string, { roomId: string; until: number }>()
  let shown: string | null = null
  let looking = false
  let said: string | null = null
  let cancel = (): void => {}

  const seen = (): string | null => (looking ? shown : null)
  const say = (): void => {
    cancel()
    const roomId = seen()
    if (roomId !== null || said !== null) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
      bus.postMessage({ window: own, roomId })
    }
    said = roomId
    if (roomId !== null) cancel = clock.after(SAY_EVERY_MS, say)
  }
  bus.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = messageSchema.safeParse(data).data
    if (!message) return
    if (message.roomId === null) others.delete(message.window)
    else others.set(message.window, { roomId: message.roomId, until: clock.now() + BELIEVED_MS })
  })
  const looks = options.attention.subscribe((now) => {
    looking = now
    say()
  })

  return {
    show(roomId) {
      if (roomId === shown) return
      shown = roomId
      say()
    },
    has: (roomId) =>
      seen() === roomId || [...others.values()].some((each) => each.roomId === roomId && each.until > clock.now()),
    stop() {
      looks.unsubscribe()
      looking = false
      say()
      bus.close()
    }
  }
}
