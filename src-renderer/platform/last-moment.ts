// The moment before this page may be gone: left, reloaded, or closed with the app around it. What is still to be kept is written then.

/** No browser's event: an app that quits waits for what is written then, and a page that is left does not. */
const APP_QUITS = 'maru-last-moment'

/** Calls `keep` at that moment; it begins to write before it returns. May be called more than once. Returns its stop. */
export function onLastMoment(keep: () => void): () => void {
  window.addEventListener('pagehide', keep)
  window.addEventListener(APP_QUITS, keep)
  return () => {
    window.removeEventListener('pagehide', keep)
    window.removeEventListener(APP_QUITS, keep)
  }
}

/** For who waits then until the store is closed. */
export function tellLastMoment(): void {
  window.dispatchEvent(new Event(APP_QUITS))
}
