// The page's side of the service worker: whether there can be one, its registration, and the change to a new version at a start.
import { TAKE_OVER } from './take-over.ts'

/** A start waits this long for word of a new version, and for the new version itself; then it goes on with the old one. */
const TAKE_OVER_PATIENCE_MS = 3_000
/**
 * The old worker may have just served this start (where the browser takes no routes). Chromium holds a take-over that is asked for before it rests back
 * until its next start.
 */
const OLD_WORKER_RESTS_AFTER_MS = 400
/** A window that stays open for days asks for a new version this often, when it comes to the front. */
const UPDATE_CHECK_EVERY_MS = 60 * 60 * 1000

/**
 * What the client needs in order to start. `nothing`: a shell brings it along (`app://`). `first-visit`: a service worker keeps it. `relay`: each
 * start, because browsers keep nothing for plain http. `unknown`: the browser has no service workers (some private windows).
 */
export type NeededToStart = 'nothing' | 'first-visit' | 'relay' | 'unknown'

interface Surroundings {
  location: Pick<Location, 'protocol'>
  isSecureContext: boolean
  navigator: object
}

export function neededToStart({ location, isSecureContext, navigator }: Surroundings = window): NeededToStart {
  if (location.protocol !== 'http:' && location.protocol !== 'https:') return 'nothing'
  if (!isSecureContext) return 'relay'
  return 'serviceWorker' in navigator ? 'first-visit' : 'unknown'
}

/**
 * Keeps the client for the next start, where the browser allows it and no shell does. Rejects if the browser will not; everything else
 * works as well without.
 */
export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || neededToStart() !== 'first-visit') return
  const registration = await navigator.serviceWorker.register(new URL('sw.js', document.baseURI), {
    updateViaCache: 'none'
  })
  let checkedAtMs = performance.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || performance.now() - checkedAtMs < UPDATE_CHECK_EVERY_MS) return
    checkedAtMs = performance.now()
    registration.update().catch(() => {
      checkedAtMs = 0 // no network: the next time the window comes to the front will do
    })
  })
}

/**
 * To be awaited before anything else of the page starts. Where a new version waits and no other window is open, it takes over and the
 * page loads again: then this never resolves. A running page is never changed under a person's hands.
 */
export async function takeWaitingVersion(): Promise<void> {
  if (neededToStart() !== 'first-visit' || !navigator.serviceWorker.controller) return
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, TAKE_OVER_PATIENCE_MS))
  const waiting = (await Promise.race([navigator.serviceWorker.getRegistration(), late]))?.waiting
  if (!waiting) return
  await new Promise((resolve) => setTimeout(resolve, OLD_WORKER_RESTS_AFTER_MS))
  await new Promise<void>((resolve) => {
    const goOn = () => {
      navigator.serviceWorker.removeEventListener('controllerchange', reload)
      resolve()
    }
    const reload = () => {
      clearTimeout(patience)
      window.location.reload()
    }
    const patience = setTimeout(goOn, TAKE_OVER_PATIENCE_MS)
    navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true })
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', ({ data: taking }: MessageEvent<unknown>) => {
      if (taking === true) return
      clearTimeout(patience)
      goOn()
    })
    port1.start()
    waiting.postMessage(TAKE_OVER, [port2])
  })
}
