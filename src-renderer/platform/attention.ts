// Whether the person is looking: the window is visible and focused, and somebody has done something lately [S12]. Knows no room.
import { distinctUntilChanged, Observable, shareReplay } from 'rxjs'

/** Without any sign of the person for this long, what is on the screen may be on it for nobody. */
export const ATTENTION_LASTS_MS = 60_000

/** A moving pointer signs no more often than this. */
const SIGN_EVERY_MS = 1_000

/** What only a person does. No `mousemove`: pages and libraries send those themselves. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Emits at once and on every change. One set of listeners, however many ask. */
export const attention: Observable<boolean> = new Observable<boolean>((subscriber) => {
  let lastSignMs = document.hasFocus() ? performance.now() : -Infinity
  let timer: number | undefined

  const look = (): void => {
    window.clearTimeout(timer)
    const leftMs = lastSignMs + ATTENTION_LASTS_MS - performance.now()
    const looking = document.visibilityState === 'visible' && document.hasFocus() && leftMs > 0
    if (looking) timer = window.setTimeout(look, leftMs)
    subscriber.next(looking)
  }
  const sign = (event: Event): void => {
    if (!event.isTrusted || performance.now() - lastSignMs < SIGN_EVERY_MS) return
    lastSignMs = performance.now()
    look()
  }
  /** Coming back is a sign too. */
  const arrive = (): void => {
    lastSignMs = performance.now()
    look()
  }

  for (const name of SIGNS) window.addEventListener(name, sign, { passive: true, capture: true })
  window.addEventListener('focus', arrive)
  window.addEventListener('blur', look)
  document.addEventListener('visibilitychange', look)
  look()
  return () => {
    window.clearTimeout(timer)
    for (const name of SIGNS) window.removeEventListener(name, sign, { capture: true })
    window.removeEventListener('focus', arrive)
    window.removeEventListener('blur', look)
    document.removeEventListener('visibilitychange', look)
  }
}).pipe(distinctUntilChanged(), shareReplay({ bufferSize: 1, refCount: true }))
