// Whether somebody is there, and looking: by what only a person does, by focus and by what can be seen [S12, S14.2]. Knows no room.
import { distinctUntilChanged, Observable, share, shareReplay } from 'rxjs'
import { desktopBridge, MACHINE_IDLE_AFTER_MS } from './bridge.ts'
import type { MachineUse } from './bridge.ts'

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
  /** The desktop shell's: whether somebody uses the machine, in this window or not. */
  onUse?: ((callback: (use: MachineUse) => void) => () => void) | undefined
}

export interface Attention {
  /** [S12] The window can be seen, has the focus, and somebody has done something within ATTENTION_LASTS_MS. At once and on every change. */
  looking: Observable<boolean>
  /** [S14.2] Somebody has done something in this window within so many ms, in front or not; in the desktop app: anywhere. At once and on every change. */
  activeWithin: (ms: number) => Observable<boolean>
  /** When the last sign of somebody was seen, by `now`; -Infinity for none. */
  lastInputMs: () => number
}

/** Starts nothing before somebody asks. One set of listeners, however many ask. */
export function watchAttention({ window, document, now, after, onUse }: AttentionParts): Attention {
  let lastInputMs: number | null = null
  /** When the machine was last used, as far as that is known; Infinity: it is being used. */
  let lastUseMs = -Infinity
  /** Nobody sits before a locked screen, whatever has the focus behind it. */
  let locked = false
  const idleMs = (): number => now() - (lastInputMs ?? -Infinity)

  /** Something may be different. */
  const changes = new Observable<void>((subscriber) => {
    // A window that has the focus when it opens was opened by somebody.
    lastInputMs ??= document.hasFocus() ? now() : -Infinity
    const look = (): void => subscriber.next()
    const sign = (event: Event): void => {
      if (!event.isTrusted || idleMs() < SIGN_EVERY_MS) return
      lastInputMs = now()
      look()
    }
    /** Coming back is a sign too. */
    const arrive = (): void => {
      lastInputMs = now()
      look()
    }

    const hear = (use: MachineUse): void => {
      if (use === 'active') lastUseMs = Infinity
      else if (lastUseMs === Infinity) lastUseMs = now() - (use === 'idle' ? MACHINE_IDLE_AFTER_MS : 0)
      locked = use === 'locked'
      look()
    }

    const stopHearing = onUse?.(hear)
    for (const name of SIGNS) window.addEventListener(name, sign, { passive: true, capture: true })
    window.addEventListener('focus', arrive)
    window.addEventListener('blur', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      stopHearing?.()
      if (lastUseMs === Infinity) lastUseMs = now()
      locked = false
      for (const name of SIGNS) window.removeEventListener(name, sign, { capture: true })
      window.removeEventListener('focus', arrive)
      window.removeEventListener('blur', look)
      document.removeEventListener('visibilitychange', look)
    }
  }).pipe(share())

  const within = (ms: number, lastMs: () => number, holds: () => boolean): Observable<boolean> =>
    new Observable<boolean>((subscriber) => {
      let cancel = (): void => {}
      const look = (): void => {
        cancel()
        const leftMs = ms - (now() - lastMs())
        if (leftMs > 0 && leftMs < Infinity) cancel = after(leftMs, look)
        subscriber.next(leftMs > 0 && !locked && holds())
      }
      const changing = changes.subscribe(look)
      look()
      return () => {
        cancel()
        changing.unsubscribe()
      }
    }).pipe(distinctUntilChanged(), shareReplay({ bufferSize: 1, refCount: true }))

  const isInFront = (): boolean => document.visibilityState === 'visible' && document.hasFocus()
  const inputMs = (): number => lastInputMs ?? -Infinity
  return {
    looking: within(ATTENTION_LASTS_MS, inputMs, isInFront),
    activeWithin: (ms) =>
      within(
        ms,
        () => Math.max(inputMs(), lastUseMs),
        () => true
      ),
    lastInputMs: inputMs
  }
}

const ofThisWindow = watchAttention({
  window: globalThis.window,
  document: globalThis.document,
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  onUse: desktopBridge()?.onIdle
})

/** [S12] Whether the person is looking at this window. */
export const attention = ofThisWindow.looking
/** [S14.2] Whether the person has done something in this window, in the desktop app anywhere, within so many ms. */
export const activeWithin = ofThisWindow.activeWithin
