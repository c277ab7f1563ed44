// The client's process: finds out who is signed in, puts the profile together, and shows the screen. Started by main.tsx. What is not needed to draw a
// room (RxDB, the socket) must be imported when it is needed.
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { openAccounts } from './accounts.ts'
import { App } from './app.tsx'
import type { Screen } from './app.tsx'
import { registerServiceWorker } from './offline/registration.ts'
import { desktopBridge } from './platform/bridge.ts'
import type { SecretKept } from './platform/bridge.ts'
import { linkProblem } from './platform/link-problem.ts'
import type { DurableStorage } from './platform/durable-storage.ts'
import { askToKeepStorage } from './platform/kept-storage.ts'
import { tellLastMoment } from './platform/last-moment.ts'
import type { Profile } from './profile.ts'
import { servicesAhead } from './services-ahead.ts'
import type { Services } from './services.ts'
import {
  forgetDevice,
  forgetSession,
  loadSession,
  saveSession,
  startWatchingSession,
  storedSession
} from './session.ts'
import type { Session, SessionPlace } from './session.ts'
import { OwnDataUnreadableError } from './store/own-data-unreadable.ts'
import type { FirstRows } from './store/first-rows.ts'
import { textsFor } from './texts/texts-context.tsx'
import { loadLater } from './ui/later.tsx'
import { finishWipes, hasWipes, keepAfterAll } from './wipes.ts'

// zod would try `new Function`, which the content security policy forbids.
z.config({ jitless: true })

const element = document.getElementById('root')
if (!element) throw new Error('the page has no root element')
const root = createRoot(element)
const desktop = desktopBridge()
/** Who is signed in, as which device, and what is to be deleted. There from the first line of `start` on. */
let kept: DurableStorage
const place = (): SessionPlace => ({ storage: kept, secret: desktop?.secret ?? null })

/** For developers; people see what it means for them where it happens. */
function report(problem: unknown): void {
  // oxlint-disable-next-line no-console -- the browser's console is where a developer looks
  console.warn(problem)
}

/** What main.tsx has begun. */
export interface Early {
  /** The room that the address names, and whose it seemed to be. */
  found: { relayId: string; userId: string; roomId: string } | null
  kept: Promise<DurableStorage>
  /** Resolves when this version is the one that runs on. */
  newVersion: Promise<void>
  rows: Promise<FirstRows | null>
}

/** @param early null: the browser keeps nothing for this page */
export function startClient(early: Early | null): void {
  if (early === null) {
    const texts = textsFor(navigator.languages)
    root.render(<p role="alert">{texts.storageBlocked}</p>)
    return
  }
  start(early).catch(showBroken)
  registerServiceWorker().catch(report)
  followLink(early).catch(report)
  desktop?.onLink(() => {
    followLink(early).catch(report)
  })
}

async function start(early: Early): Promise<void> {
  const [storage, rows] = await Promise.all([early.kept, early.rows, early.newVersion])
  kept = storage
  const ahead = showAhead(early, rows)
  if (ahead) await ahead.drawn
  else rows?.close()
  const session = await loadSession(place())
  await finishWipes(kept, report)
  if (session) await showRooms(session, ahead)
  else await showSignIn()
  // Where no service worker keeps them, they come from the relay: soon, while there is one.
  loadLater().catch(report)
}

/** The open room as it lies on the disk, before the store is open: for who is signed in, and not about to be deleted here. */
function showAhead({ found }: Early, rows: FirstRows | null): Ahead | null {
  const session = storedSession(kept)
  if (rows === null || found === null || hasWipes(kept)) return null
  if (session?.relayId !== found.relayId || session.user.id !== found.userId) return null
  let [opened, failed]: [Ahead['opened'], Ahead['failed']] = [() => {}, () => {}]
  const coming = new Promise<Services>((resolve, reject) => ([opened, failed] = [resolve, reject]))
  let onDrawn = (): void => {}
  const drawn = new Promise<void>((resolve) => (onDrawn = resolve))
  setTimeout(onDrawn, AHEAD_PATIENCE_MS)
  const services = servicesAhead(session, rows, found.roomId, coming, () => void afterNextFrame().then(onDrawn))
  show({ name: 'rooms', services })
  return { services, drawn, opened, failed, close: () => rows.close() }
}

interface Ahead {
  services: Services
  /** The room can be read: now there is time for everything else. */
  drawn: Promise<void>
  opened: (services: Services) => void
  failed: (error: unknown) => void
  close: () => void
}

/** Longer than this nothing waits for the first page: it may lie in a window that is not drawn. */
const AHEAD_PATIENCE_MS = 500

/** Resolves when what is in the document now has been painted. */
async function afterNextFrame(): Promise<void> {
  await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve))
}

/** A link by which another program opened the desktop app becomes the address of the page; one that leads nowhere is told. */
async function followLink(early: Early): Promise<void> {
  const link = (await desktop?.takeLink()) ?? null
  if (link === null) return
  const [{ endOfLink }, storage] = await Promise.all([import('./links.ts'), early.kept])
  const end = endOfLink(link, storedSession(storage)?.relayUrl ?? null)
  if ('hash' in end) window.location.hash = end.hash
  else linkProblem.next(end.problem)
}

async function showRooms(session: Session, ahead: Ahead | null = null): Promise<void> {
  // Another window may sign out or in: then this one begins anew.
  const reload = (): void => window.location.reload()
  let stopWatching = startWatchingSession(session, reload)
  let stopListening = (): void => {}
  const leave = (): void => {
    stopWatching()
    stopListening()
  }
  const { openProfile } = await import('./profile.ts')
  const opening: Promise<Profile> = openProfile(session, {
    kept,
    onRenewed: (renewed) => {
      stopWatching()
      keepSession(renewed)
      stopWatching = startWatchingSession(renewed, reload)
    },
    onSignedOut: ({ forgetDevice: device }) => {
      leave()
      if (device) forgetDevice(kept, device.relayId, device.username)
      forgetSession(place()).catch(report)
      showSignIn().catch(showBroken)
    },
    onProblem: report,
    sessionKept
  })
  const stopQuitting = desktop?.onQuit?.(async () => {
    tellLastMoment()
    await (await opening).stop()
  })
  stopListening = () => stopQuitting?.()
  const profile = await opening.catch((error: unknown) => {
    ahead?.failed(error)
    ahead?.close()
    throw error
  })
  // Connections that slept with the machine may be dead without having noticed.
  const stopResuming = desktop?.onResume(() => profile.services.connectNow())
  const stopDesktop = startAtDesktop(profile)
  stopListening = () => {
    stopQuitting?.()
    stopResuming?.()
    stopDesktop()
  }
  if (ahead === null) {
    show({ name: 'rooms', services: profile.services })
    return
  }
  ahead.opened(profile.services)
  if (profile.services.recordsRebuilt) show({ name: 'rooms', services: { ...ahead.services, recordsRebuilt: true } })
  ahead.close()
}

/** What notifications and the tray bring, once it is loaded. Returns its stop. */
function startAtDesktop({ services }: Profile): () => void {
  let stop = (): void => {}
  let stopped = desktop === null
  const load = async (): Promise<void> => {
    const { startDesktop } = await import('./desktop.ts')
    if (!stopped && desktop) stop = startDesktop(desktop, services.store, report)
  }
  if (!stopped) load().catch(report)
  return () => {
    stopped = true
    stop()
  }
}

async function showSignIn(): Promise<void> {
  const suggestedRelay = (await desktop?.facts())?.suggestedRelay
  const onSignedIn = (session: Session): void => {
    keepAfterAll(kept, { relayId: session.relayId, userId: session.user.id })
    keepSession(session)
    void askToKeepStorage()
    showRooms(session).catch(showBroken)
  }
  const from = new URL(suggestedRelay ?? window.location.href)
  const accounts = await openAccounts(from, onSignedIn, desktop && (async (url) => desktop.whyUnreachable(url)))
  show({ name: 'sign-in', accounts })
}

/** Nobody waits for the disk or the keyring: a session that could not be kept is good for this run. */
function keepSession(session: Session): void {
  saveSession(place(), session).catch(report)
}

/** For the settings, which have nothing to say when the shell does not know. */
async function sessionKept(): Promise<SecretKept | null> {
  try {
    return (await desktop?.secret.kept()) ?? null
  } catch (error) {
    report(error)
    return null
  }
}

function showBroken(error: unknown): void {
  report(error)
  if (!(error instanceof OwnDataUnreadableError)) {
    show({ name: 'broken' })
    return
  }
  const unreadable = import('./store/unreadable.ts')
  const startAnew = async (): Promise<void> => {
    await (await unreadable).setAside(error)
    window.location.reload()
  }
  show({ name: 'unreadable', rescue: { read: async () => (await unreadable).exportUnreadable(error), startAnew } })
}

function show(screen: Screen): void {
  root.render(<App screen={screen} />)
}
