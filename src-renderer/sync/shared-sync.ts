// One connection for all windows of a profile: the leading window runs it, the others see its status and ask it for things.
// The same interface in both, so that nobody above has to know which window leads.
import { BehaviorSubject, merge } from 'rxjs'
import type { Observable } from 'rxjs'
import { newId } from '../../protocol/values.ts'
import { systemClock } from '../connection/clock.ts'
import type { Clock } from '../connection/clock.ts'
import type { Connection, ConnectionStatus } from '../connection/connection.ts'
import { windowSurroundings } from '../connection/surroundings.ts'
import type { Surroundings } from '../connection/surroundings.ts'
import type { HistoryProgress } from './history.ts'
import { createNudgedClock } from './nudged-clock.ts'
import type { SyncProgress } from './record-sync.ts'
import type { Sync } from './start-sync.ts'
import type { WindowBus, WindowMessage } from './window-bus.ts'

/** A window that does not lead asks this often. It asks, because the timers of a hidden leading window may sleep; messages do not. */
export const ASK_STATUS_MS = 2_000
/** When so many questions in a row stay without an answer, nobody leads: another window is about to. */
export const UNANSWERED_ASKS = 2
/** How long a page may take: longer than the connection gives a request. */
const PAGE_TIMEOUT_MS = 20_000

export interface SharedSync {
  readonly status: Observable<ConnectionStatus>
  readonly progress: Observable<SyncProgress>
  readonly history: Observable<HistoryProgress>
  connectNow(): void
  /** Holds in whatever window leads, until another word or another leader. */
  pauseHistory(paused: boolean): void
  /** The last one of all windows counts; when that window looks at no room any more, the one before. */
  openRoom(roomId: string | null): void
  loadOlder(roomId: string, before: number): Promise<boolean>
  /** Runs `lead()` anew, if this window leads: for another session. The store stays open, and what is written meanwhile waits. */
  restart(): Promise<void>
  /** Ends what this window runs, and its part on the bus. Resolves when the store is let go of. */
  stop(): Promise<void>
}

/** What the leading window runs. */
export interface Led {
  connection: Pick<Connection, 'status' | 'connectNow' | 'stop'>
  sync: Pick<Sync, 'progress$' | 'history$' | 'pauseHistory' | 'openRoom' | 'loadOlder' | 'stop'>
}

/**
 * Follows until `leadership` resolves, then runs `lead()` and serves the others.
 * @param leadership resolves when this window is the one that syncs; never, as long as another one is. Does not reject.
 */
export function startSharedSync(options: {
  bus: WindowBus
  leadership: Promise<unknown>
  /** @param clock whose timers another window wakes when those of this one sleep */
  lead: (clock: Clock) => Led
  clock?: Clock
  surroundings?: Pick<Surroundings, 'onWake'>
}): SharedSync {
  const { bus, clock = systemClock, surroundings = windowSurroundings } = options
  const status = new BehaviorSubject<ConnectionStatus>({ name: 'connecting' })
  const progress = new BehaviorSubject<SyncProgress>({ done: 0, total: 0 })
  const history = new BehaviorSubject<HistoryProgress>({ held: 0, total: 0, paused: false })
  const nudged = createNudgedClock(clock)
  const ownWindow = newId()
  /** What each window looks at, the last word last. */
  const openRooms = new Map<string, string>()
  /** Of this window's leadership, or whom it follows. */
  let leader = ''
  const pages = new Map<string, (stored: boolean) => void>()
  let led: Led | null = null
  let letGo = (): void => {}
  let openRoom: string | null = null
  let unanswered = 0
  let stopped = false
  let cancelAsking = (): void => {}
  const ends: (() => void)[] = [bus.listen((message) => (led === null ? follow(message) : serve(led, message)))]

  function follow(message: WindowMessage): void {
    if (message.type === 'page-answer') pages.get(message.id)?.(message.stored)
    if (message.type !== 'status') return
    unanswered = 0
    if (message.leader !== leader) {
      leader = message.leader
      // A new one does not know who looks at what.
      if (openRoom !== null) bus.send({ type: 'open-room', window: ownWindow, roomId: openRoom })
    }
    if (JSON.stringify(message.status) !== JSON.stringify(status.value)) status.next(message.status)
    progress.next(message.progress)
    history.next(message.history)
  }

  function serve({ connection, sync }: Led, message: WindowMessage): void {
    nudged.nudge()
    if (message.type === 'ask-status') tellStatus()
    if (message.type === 'connect-now') connection.connectNow()
    if (message.type === 'open-room') lookAt(sync, message.window, message.roomId)
    if (message.type === 'pause-history') sync.pauseHistory(message.paused)
    if (message.type !== 'ask-page') return
    const { id } = message
    void sync.loadOlder(message.roomId, message.before).then((stored) => {
      if (!stopped) bus.send({ type: 'page-answer', id, stored })
    })
  }

  function lookAt(sync: Led['sync'], window: string, roomId: string | null): void {
    openRooms.delete(window)
    if (roomId !== null) openRooms.set(window, roomId)
    sync.openRoom([...openRooms.values()].at(-1) ?? null)
  }

  function tellStatus(): void {
    if (stopped) return
    bus.send({ type: 'status', leader, status: status.value, progress: progress.value, history: history.value })
  }

  function askAround(): void {
    if (unanswered >= UNANSWERED_ASKS && status.value.name !== 'connecting') status.next({ name: 'connecting' })
    unanswered += 1
    bus.send({ type: 'ask-status' })
    cancelAsking = clock.after(ASK_STATUS_MS, askAround)
  }

  async function askForPage(roomId: string, before: number): Promise<boolean> {
    if (status.value.name !== 'connected') return false
    const id = newId()
    return new Promise((resolve) => {
      const finish = (stored: boolean): void => {
        cancel()
        pages.delete(id)
        resolve(stored)
      }
      const cancel = clock.after(PAGE_TIMEOUT_MS, () => finish(false))
      pages.set(id, finish)
      bus.send({ type: 'ask-page', id, roomId, before })
    })
  }

  function lead(): void {
    if (stopped) return
    cancelAsking()
    leader = newId()
    led = options.lead(nudged)
    lookAt(led.sync, ownWindow, openRoom)
    for (const finish of pages.values()) finish(false)
    const [states, steps] = [led.connection.status.subscribe(status), led.sync.progress$.subscribe(progress)]
    const loaded = led.sync.history$.subscribe(history)
    const told = merge(status, progress, history).subscribe(tellStatus)
    letGo = () => {
      for (const each of [states, steps, loaded, told]) each.unsubscribe()
    }
  }

  async function end(): Promise<void> {
    letGo()
    led?.connection.stop()
    await led?.sync.stop()
  }

  // The leading window may be hidden: what happens to this one is a reason for it to try again, or to make sure.
  const onWake = (): void => {
    const now = status.value
    const mayMend = now.name !== 'ended' || now.reason === 'other-relay'
    if (led === null && mayMend) bus.send({ type: 'connect-now' })
  }
  ends.push(surroundings.onWake(onWake))
  askAround()
  void options.leadership.then(lead)

  return {
    status: status.asObservable(),
    progress: progress.asObservable(),
    history: history.asObservable(),
    pauseHistory: (paused) => {
      if (led === null) bus.send({ type: 'pause-history', paused })
      else led.sync.pauseHistory(paused)
    },
    connectNow: () => (led === null ? bus.send({ type: 'connect-now' }) : led.connection.connectNow()),
    openRoom: (roomId) => {
      openRoom = roomId
      if (led === null) bus.send({ type: 'open-room', window: ownWindow, roomId })
      else lookAt(led.sync, ownWindow, roomId)
    },
    loadOlder: async (roomId, before) =>
      led === null ? askForPage(roomId, before) : led.sync.loadOlder(roomId, before),
    restart: async () => {
      if (led === null) return
      await end()
      lead()
    },
    stop: async () => {
      stopped = true
      cancelAsking()
      if (led === null && openRoom !== null) bus.send({ type: 'open-room', window: ownWindow, roomId: null })
      for (const stopEach of ends) stopEach()
      for (const finish of pages.values()) finish(false)
      await end()
      bus.close()
    }
  }
}
