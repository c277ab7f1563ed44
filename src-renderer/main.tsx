// The client's process: finds out who is signed in, puts the profile together, and shows the screen. The only file that starts anything.
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { openAccounts } from './accounts.ts'
import { App } from './app.tsx'
import type { Screen } from './app.tsx'
import { registerServiceWorker, takeWaitingVersion } from './offline/registration.ts'
import { desktopBridge } from './platform/bridge.ts'
import type { SecretKept } from './platform/bridge.ts'
import { hashOfInvite, readInviteLink } from './platform/invite-link.ts'
import { openDurableStorage } from './platform/durable-storage.ts'
import type { DurableStorage } from './platform/durable-storage.ts'
import { askToKeepStorage } from './platform/kept-storage.ts'
import { openProfile } from './profile.ts'
import type { Profile } from './profile.ts'
import { forgetDevice, forgetSession, loadSession, saveSession, startWatchingSession } from './session.ts'
import type { Session, SessionPlace } from './session.ts'
import { OwnDataUnreadableError } from './store/databases.ts'
import { exportUnreadable, setAside } from './store/unreadable.ts'
import { textsFor } from './texts/texts-context.tsx'
import { finishWipes, keepAfterAll } from './wipes.ts'

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

async function start(): Promise<void> {
  kept = await openDurableStorage(window.localStorage, report)
  const session = await loadSession(place())
  await finishWipes(kept, report)
  await (session ? showRooms(session) : showSignIn())
}

/** A link by which another program opened the desktop app becomes the address of the page. */
async function followLink(): Promise<void> {
  const link = (await desktop?.takeLink()) ?? null
  const invite = link === null ? null : readInviteLink(link)
  if (invite) window.location.hash = hashOfInvite(invite)
}

async function showRooms(session: Session): Promise<void> {
  // Another window may sign out or in: then this one begins anew.
  const reload = (): void => window.location.reload()
  let stopWatching = startWatchingSession(session, reload)
  let stopListening = (): void => {}
  const leave = (): void => {
    stopWatching()
    stopListening()
  }
  const profile: Profile = await openProfile(session, {
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
  // Connections that slept with the machine may be dead without having noticed.
  stopListening = desktop?.onResume(() => profile.services.connectNow()) ?? stopListening
  show({ name: 'rooms', services: profile.services })
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
  const startAnew = async (): Promise<void> => {
    await setAside(error)
    window.location.reload()
  }
  show({ name: 'unreadable', rescue: { read: async () => exportUnreadable(error), startAnew } })
}

function show(screen: Screen): void {
  root.render(<App screen={screen} />)
}

/** A browser may be told to keep nothing for this page: then Maru could keep none of its promises. */
function storageIsWithheld(): boolean {
  try {
    return window.localStorage === null
  } catch {
    return true
  }
}

if (storageIsWithheld()) {
  const texts = textsFor(navigator.languages)
  root.render(<p role="alert">{texts.storageBlocked}</p>)
} else {
  takeWaitingVersion().catch(report).then(start).catch(showBroken)
  registerServiceWorker().catch(report)
  followLink().catch(report)
  desktop?.onLink(() => {
    followLink().catch(report)
  })
}
