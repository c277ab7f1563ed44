// Whether somebody is there, and looking: by what only a person does, by focus and by what can be seen [S12, S14.2]. Knows no room.
import { distinctUntilChanged, map, Observable, shareReplay } from 'rxjs'
import { AWAY_AFTER_MS } from '../../protocol/limits.ts'

/** Without any sign of the person for this long, what is on the screen may be on it for nobody. */
export const ATTENTION_LASTS_MS = 60_000

/** A moving pointer signs no more often than this. */
const SIGN_EVERY_MS = 1_000

/** What only a person does. No `mousemove`: pages and libraries send those themselves. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** What is asked of the browser; times in ms, of any beginning. */
export interface AttentionParts {
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  document: Pick<Document, 'visibilityState' | 'hasFocus' | 'addEventListener' | 'removeEventListener'>
  now: () => number
  /** @returns prevents it */
  after: (ms: number, run: () => void) => () => void
}

export interface Attention {
  /** [S12] The window can be seen, has the focus, and somebody has done something within ATTENTION_LASTS_MS. At once and on every change. */
  looking: Observable<boolean>
  /** [S14.2] Somebody has done something in this window within AWAY_AFTER_MS. At once and on every change. */
  active: Observable<boolean>
  /** When the last sign of somebody was seen, by `now`; -Infinity for none. */
  lastInputMs(): number
}

/** Starts nothing before somebody asks. One set of listeners, however many ask. */
export function watchAttention({ window, document, now, after }: AttentionParts): Attention {
  let lastInputMs: number | null = null

  const states = new Observable<{ looking: boolean; active: boolean }>((subscriber) => {
    // A window that has the focus when it opens was opened by somebody.
    lastInputMs ??= document.hasFocus() ? now() : -Infinity
    let cancel = (): void => {}

    const look = (): void => {
      cancel()
      const idleMs = now() - (lastInputMs ?? -Infinity)
      const next = [ATTENTION_LASTS_MS, AWAY_AFTER_MS].find((ms) => ms > idleMs)
      if (next !== undefined) cancel = after(next - idleMs, look)
      const inFront = document.visibilityState === 'visible' && document.hasFocus()
      subscriber.next({ looking: inFront && idleMs < ATTENTION_LASTS_MS, active: idleMs < AWAY_AFTER_MS })
    }
    const sign = (event: Event): void => {
      if (!event.isTrusted || now() - (lastInputMs ?? -Infinity) < SIGN_EVERY_MS) return
      lastInputMs = now()
      look()
    }
    /** Coming back is a sign too. */
    const arrive = (): void => {
      lastInputMs = now()
      look()
    }

    for (const name of SIGNS) window.addEventListener(name, sign, { passive: true, capture: true })
    window.addEventListener('focus', arrive)
    window.addEventListener('blur', look)
    document.addEventListener('visibilitychange', look)
    look()
    return () => {
      cancel()
      for (const name of SIGNS) window.removeEventListener(name, sign, { capture: true })
      window.removeEventListener('focus', arrive)
      window.removeEventListener('blur', look)
      document.removeEventListener('visibilitychange', look)
    }
  }).pipe(shareReplay({ bufferSize: 1, refCount: true }))

  const only = (name: 'looking' | 'active'): Observable<boolean> =>
    states.pipe(
      map((state) => state[name]),
      distinctUntilChanged()
    )
  return { looking: only('looking'), active: only('active'), lastInputMs: () => lastInputMs ?? -Infinity }
}

const ofThisWindow = watchAttention({
  window: globalThis.window,
  document: globalThis.document,
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
})

/** [S12] Whether the person is looking at this window. */
export const attention = ofThisWindow.looking
/** [S14.2] Whether the person does something in this window. */
export const active = ofThisWindow.active
