// What happens in the service worker when a notification was clicked: a window of the app comes to the front and goes where it leads, or is opened
// there. Knows no browser event.
import type { NoticeClick } from '../platform/notifier.ts'
import type { NoticePlace } from '../platform/bridge.ts'

/** A window of the app. */
export interface AppWindow {
  readonly focused: boolean
  readonly visibilityState: string
  focus(): Promise<unknown>
  postMessage(message: NoticeClick): void
}

/** @param data what the notification carries (`Notice`), or anything: an older version may have made it */
export async function openNotice(
  data: unknown,
  windows: readonly AppWindow[],
  openWindow: (hash: string) => Promise<unknown>
): Promise<void> {
  const place = placeOf(data)
  // The one that was used last; browsers list those first.
  const [window] = windows.toSorted((a, b) => frontness(b) - frontness(a))
  if (!window) {
    await openWindow(hashOf(place))
    return
  }
  await window.focus()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a client of a service worker has none
  window.postMessage({ type: 'maru-notice-click', place })
}

function frontness({ focused, visibilityState }: AppWindow): number {
  return Number(focused) * 2 + Number(visibilityState === 'visible')
}

function placeOf(data: unknown): NoticePlace | null {
  if (typeof data !== 'object' || data === null || !('place' in data)) return null
  const { place } = data
  if (typeof place !== 'object' || place === null || !('roomId' in place) || !('seq' in place)) return null
  const { roomId, seq } = place
  return typeof roomId === 'string' ? { roomId, seq: typeof seq === 'number' ? seq : null } : null
}

/** As platform/hash-route.ts has it. */
function hashOf(place: NoticePlace | null): string {
  if (place === null) return '#/'
  const room = `#/room/${encodeURIComponent(place.roomId)}`
  return place.seq === null ? room : `${room}/message/${place.seq}`
}
