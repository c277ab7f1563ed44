// The client's process: finds out who is signed in, puts the profile together, and shows the screen. Started by main.tsx. What is not needed to draw a
// room (RxDB, the socket) must be imported when it is needed.
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import type { Screen } from './app.tsx'
import { prepareRoom } from './features/timeline/use-room-shown.ts'
import type { RoomShown } from './features/timeline/use-room-shown.ts'
import { registerServiceWorker } from './offline/registration.ts'
import { desktopBridge } from './platform/bridge.ts'
import type { DesktopBridge, NoticePlace, SecretKept } from './platform/bridge.ts'
import { goToHash, hashOfMessage, hashOfRoom } from './platform/hash-route.ts'
import { linkProblem } from './platform/link-problem.ts'
import type { Early } from './first.ts'
import type { DurableStorage } from './platform/durable-storage.ts'
import { askToKeepStorage } from './platform/kept-storage.ts'
import { tellLastMoment } from './platform/last-moment.ts'
import { keepFromEval } from './platform/keep-from-eval.ts'
import { showNotLoaded } from './not-loaded.ts'
import type { Profile } from './profile.ts'
import { report } from './report.ts'
import { openRelays } from './relays.ts'
import type { Ahead, OpenRelays, ProfileHooks } from './relays.ts'
import { servicesAhead } from './services-ahead.ts'
import type { Accounts, Relays, Rescue, Services } from './services.ts'
import { forgetDevice, openSessions, startWatchingSessions } from './session.ts'
import type { Session, Sessions, StoredSession } from './session.ts'
import { OwnDataUnreadableError } from './store/own-data-unreadable.ts'
import type { FirstRows } from './store/first-rows.ts'
import { hasTexts, loadAllTexts, textsFor } from './texts/catalogue.ts'
import { loadLater } from './ui/later.tsx'
import { finishWipes, hasWipes, keepAfterAll } from './wipes.ts'

// zod, when it is loaded, would try `new Function`, which the content security policy forbids.
keepFromEval(globalThis)

const element = document.getElementById('root')
if (!element) throw new Error('the page has no root element')
const root = createRoot(element)
const desktop = desktopBridge()
// There from the first lines of `start` on:
/** Who is signed in, as which device, and what is to be deleted. */
let kept: DurableStorage
let sessions: Sessions
let relays: OpenRelays
/** The way in, while nothing else is in front. */
let door: Accounts | null = null
/** A start that has not come to its end after this time is told of: a browser may not answer for what it keeps. */
const SLOW_START_MS = 10_000
let [isSlow, isReady] = [false, false]
/** While the first page is drawn: what is known of its room. */
let firstRoom: RoomShown | undefined
const rescues = new WeakMap<OwnDataUnreadableError, Rescue>()

/**
 * @param early null: the browser keeps nothing for this page
 * @param texts resolves when those of the person's language are loaded: before that nothing is drawn
 */
export function startClient(early: Early | null, texts: Promise<unknown>): void {
  if (early === null) {
    sayBlocked(texts).catch(report)
    return
  }
  // They may fail before anybody waits for them.
  texts.catch(() => undefined)
  const slow = setTimeout(saySlow, SLOW_START_MS)
  const onOpened = (): void => {
    clearTimeout(slow)
    isSlow = false
  }
  start(early, texts, onOpened).catch(async (error: unknown) => {
    onOpened()
    // What went wrong is said in words that may be on their way.
    await texts.catch(report)
    showBroken(error)
  })
}

async function sayBlocked(loaded: Promise<unknown>): Promise<void> {
  await loaded
  const texts = textsFor(navigator.languages)
  root.render(<p role="alert">{texts.storageBlocked}</p>)
}

/** Until there is something else to be seen. */
function saySlow(): void {
  isSlow = true
  if (isReady) render()
  else if (hasTexts()) root.render(<App screen={{ name: 'slow' }} />)
}

async function start(early: Early, texts: Promise<unknown>, onOpened: () => void): Promise<void> {
  const [storage] = await Promise.all([early.kept, early.newVersion])
  kept = storage
  sessions = openSessions({ storage, secret: desktop?.secret ?? null })
  relays = openRelays({
    sessions,
    open,
    address: {
      hash: () => window.location.hash,
      replace: (hash) => window.history.replaceState(null, '', hash),
      follow: goToHash
    },
    onChange: render,
    onProblem: report
  })
  isReady = true
  // Another window may sign out or in: then this one begins anew.
  startWatchingSessions(
    () => sessions.all(),
    () => window.location.reload()
  )
  const ahead = aheadOf(early, await early.rows)
  const first = ahead && (await prepareRoom(ahead.services.store.queries, ahead.roomId))
  await texts.catch((error: unknown) => {
    ahead?.close()
    throw error
  })
  if (desktop) startAtDesktop(desktop)
  if (ahead && first) await drawAhead(ahead, first)
  import('./ui/all-faces.ts').catch(report)
  registerServiceWorker().catch(report)
  await finishWipes(kept, report)
  const started = relays.start(idle)
  const follow = (): void => void followLink().catch(report)
  desktop?.onLink(follow)
  follow()
  if (relays.front() === null) await showDoor()
  await started
  onOpened()
  await fetchTheRest()
}

/** Where no service worker keeps it, it comes from the relay: soon, while there is one. What does not come is asked for again when it is needed. */
async function fetchTheRest(): Promise<void> {
  await Promise.all([loadLater().catch(report), import('./accounts.ts').catch(report)])
  await loadAllTexts().catch(report)
}

/** What concerns all relays at once in the desktop app. */
function startAtDesktop(shell: DesktopBridge): void {
  // Connections that slept with the machine may be dead without having noticed.
  shell.onResume(() => {
    for (const { services } of relays.profiles()) services.connectNow()
  })
  shell.onQuit?.(async () => {
    tellLastMoment()
    await relays.stop()
  })
  const goToPlace = ({ relayId, roomId, seq }: NoticePlace): void =>
    goTo(
      relayId ?? relays.front()?.session.relayId ?? null,
      seq === null ? hashOfRoom(roomId) : hashOfMessage(roomId, seq)
    )
  import('./desktop.ts').then(({ startDesktop }) => startDesktop(shell, relays.open, goToPlace, report)).catch(report)
}

/** The open room as it lies on the disk, before the store is open: for who is in front, and not about to be deleted here. */
function aheadOf({ found }: Early, rows: FirstRows | null): RoomAhead | null {
  const session = sessions.front()
  if (rows === null || found === null) return null
  if (hasWipes(kept) || session?.relayId !== found.relayId || session.user.id !== found.userId) {
    rows.close()
    return null
  }
  let [opened, failed]: [Ahead['opened'], Ahead['failed']] = [() => {}, () => {}]
  const coming = new Promise<Services>((resolve, reject) => ([opened, failed] = [resolve, reject]))
  const services = servicesAhead(session, rows, found.roomId, coming)
  return { roomId: found.roomId, services, opened, failed, close: () => rows.close() }
}

interface RoomAhead extends Ahead {
  roomId: string
}

/** Draws all of the first page in one go. Resolves when it can be read: then there is time for everything else. */
async function drawAhead(ahead: RoomAhead, first: RoomShown): Promise<void> {
  firstRoom = first
  flushSync(() => relays.showAhead(ahead))
  firstRoom = undefined
  await Promise.race([afterNextFrame(), new Promise((resolve) => setTimeout(resolve, NOT_DRAWN_AFTER_MS))])
}

/** Longer than this nothing waits for a frame: the window may be one that is not drawn. */
const NOT_DRAWN_AFTER_MS = 500
/** Nor the relays that are not in front for a window that is busy. */
const IDLE_PATIENCE_MS = 2_000

/** Resolves when what is in the document now has been painted. */
async function afterNextFrame(): Promise<void> {
  await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve))
}

/** A link by which another program opened the desktop app leads to the relay that it names, or to the way in there; one that leads nowhere is told. */
async function followLink(): Promise<void> {
  const link = (await desktop?.takeLink()) ?? null
  if (link === null) return
  const { endOfLink } = await import('./links.ts')
  const end = endOfLink(
    link,
    sessions.all().map(({ relayUrl }) => relayUrl)
  )
  if ('problem' in end) linkProblem.next(end.problem)
  else goTo(relays.at(end.relayUrl), end.hash)
}

/** @param relayId null: to the way in */
function goTo(relayId: string | null, hash: string): void {
  if (relayId !== null) relays.bringToFront(relayId, hash)
  else if (relays.front() === null) goToHash(hash)
  else stepBack(hash)
}

/** Opens what is stored of one relay, and everything that runs for it. */
async function open(session: StoredSession, hooks: ProfileHooks): Promise<Profile> {
  const [{ openProfile }, full] = await Promise.all([import('./profile.ts'), sessions.withToken(session)])
  const { relayUrl, user } = session
  const returning = { relayUrl, username: user.username }
  return openProfile(full, {
    onRenewed: hooks.onRenewed,
    onSignedOut(how) {
      if (how.forgetDevice) forgetDevice(kept, how.forgetDevice.relayId, how.forgetDevice.username)
      hooks.onSignedOut(how)
      if (relays.front() === null) showDoor().catch(showBroken)
    },
    kept,
    sessionKept,
    // In a browser there is but one relay, and nothing goes on beside the way in.
    ...(desktop && { onSignInAgain: () => stepBack(hashOfRoom(null), returning) }),
    onProblem: report
  })
}

/**
 * The way in comes before the relays, which go on.
 * @param returning as `Accounts.returning`
 */
function stepBack(hash: string, returning: Accounts['returning'] = null): void {
  relays.stepBack(hash)
  showDoor(returning).catch(showBroken)
}

async function showDoor(returning?: Accounts['returning']): Promise<void> {
  const isFirst = sessions.all().length === 0
  const [{ openAccounts }, facts] = await Promise.all([import('./accounts.ts'), isFirst ? desktop?.facts() : undefined])
  const from = isFirst ? (facts?.suggestedRelay ?? window.location.href) : null
  door = await openAccounts({
    from: from === null ? null : new URL(from),
    onSignedIn,
    whyUnreachable: desktop && (async (url) => desktop.whyUnreachable(url)),
    isTaken,
    returning
  })
  render()
}

function onSignedIn(session: Session): void {
  keepAfterAll(kept, { relayId: session.relayId, userId: session.user.id })
  void askToKeepStorage()
  const isFirst = sessions.all().length === 0
  relays.add(isFirst ? session : { ...session, addedAt: Date.now() }).catch(showBroken)
}

/** Whoever has to sign in again may. */
function isTaken(relayId: string): boolean {
  return relays.list().some((each) => each.relayId === relayId && door?.returning?.relayUrl !== each.relayUrl)
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
  if (hasTexts()) root.render(<App screen={{ name: 'broken' }} />)
  else showNotLoaded()
}

/** Shows what is in front. */
function render(): void {
  const front = relays.front()
  if (front !== null) door = null
  const screen = front === null ? door && doorScreen(door) : screenOf(front)
  // Nothing takes the place of what is there before there is something to be seen.
  if (screen === null) return
  root.render(<App screen={screen} relays={desktop && switchable(front?.session.relayId ?? null)} />)
}

function doorScreen(accounts: Accounts): Screen {
  const back = sessions.front()?.relayId
  return { name: 'sign-in', accounts, ...(back === undefined ? {} : { onBack: () => relays.bringToFront(back) }) }
}

function screenOf({ services, state, error }: NonNullable<ReturnType<OpenRelays['front']>>): Screen | null {
  if (services !== null) return { name: 'rooms', services, first: firstRoom }
  if (state === 'broken') return { name: 'broken' }
  if (error instanceof OwnDataUnreadableError) return { name: 'unreadable', rescue: rescueFrom(error) }
  if (isSlow) return { name: 'slow' }
  return relays.list().length > 1 ? { name: 'opening' } : null
}

/** The same for the same error: the screen is drawn more than once. */
function rescueFrom(error: OwnDataUnreadableError): Rescue {
  const unreadable = import('./store/unreadable.ts')
  const startAnew = async (): Promise<void> => {
    await (await unreadable).setAside(error)
    window.location.reload()
  }
  const rescue = rescues.get(error) ?? { read: async () => (await unreadable).exportUnreadable(error), startAnew }
  rescues.set(error, rescue)
  return rescue
}

function switchable(frontId: string | null): Relays {
  return {
    list: relays.list(),
    frontId,
    bringToFront: (relayId) => relays.bringToFront(relayId),
    add: () => stepBack(hashOfRoom(null))
  }
}

/** Resolves when there is nothing more urgent. */
async function idle(): Promise<void> {
  await new Promise<void>((resolve) => window.requestIdleCallback(() => resolve(), { timeout: IDLE_PATIENCE_MS }))
}
