// The one connection to the relay, over Socket.IO: when to try, when it counts as connected, when it is over. Parsing and
// requests are in socket-session.ts; what travels means nothing here.
import { BehaviorSubject, Observable, Subject } from 'rxjs'
import { io as socketIo } from 'socket.io-client'
import type { TypingTold } from '../../protocol/live.ts'
import type { Changed, Welcome } from '../../protocol/socket.ts'
import { backoffMs } from './backoff.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { ConnectionLostError } from './connection.ts'
import type { Connection, ConnectionStatus, PeopleTold } from './connection.ts'
import { endingOf } from './endings.ts'
import { createRemarks } from './remarks.ts'
import { relayInfo } from './rest.ts'
import { openSession } from './socket-session.ts'
import type { Session, SessionEnd } from './socket-session.ts'
import { startWatchingSleep } from './sleep.ts'
import { windowSurroundings } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

/** A try younger than this is the one that is being asked for: who comes back to the window ten times begins no ten tries. */
export const YOUNG_TRY_MS = 1_000
/** While another relay answers, it is asked at most this rarely whether it is still there. */
export const OTHER_RELAY_CAP_MS = 120_000
/**
 * After a second connection that died over a request, answers may take so many times as long: on a line of 40 kbit/s the longest message alone takes 12 s,
 * behind which nothing else is heard.
 */
const SLOW_LINE_PATIENCE = 2

export interface ConnectionOptions {
  /** As `parseRelayUrl` made it. */
  url: string
  token: string
  /** The relay that this profile belongs to: any other one ends the connection before anything of it is seen [S10.4]. */
  relayId?: string
  /** Which relay is at an address now; by REST unless said otherwise. Asked without a token. */
  relayIdAt?: (url: string) => Promise<string>
  clock?: Clock
  random?: () => number
  surroundings?: Surroundings
  /** Socket.IO's way to open a socket; tests may wrap it. */
  io?: typeof socketIo
  /** Told of whatever came in and could not be parsed; it was dropped as a whole. */
  onProblem?: (problem: Error) => void
}

type WaitingReason = Extract<ConnectionStatus, { name: 'waiting' }>['reason']

/**
 * Connects at once and keeps trying until `stop`. `status` and `welcomed` tell a late subscriber how things stand: the latter replays
 * the welcome of the connection that is up. After `ended`, `connectNow` tries once more, unless the session has ended (a new one
 * is a new connection). Another relay at the address may give way to the right one again: it is asked who it is now and then, and when the
 * device wakes, and hears nothing else of us.
 */
export function startConnection(options: ConnectionOptions): Connection {
  const { url, token, relayId, clock = systemClock, random = Math.random } = options
  const surroundings = options.surroundings ?? windowSurroundings
  const relayIdAt = options.relayIdAt ?? (async (at: string) => (await relayInfo(at)).relay.id)
  const onProblem = options.onProblem ?? (() => {})
  const status = new BehaviorSubject<ConnectionStatus>({ name: 'connecting' })
  const welcomes = new Subject<Welcome>()
  const changed = new Subject<Changed>()
  const typing = new Subject<TypingTold>()
  const people = new Subject<PeopleTold>()

  let session: Session | null = null
  let welcome: Welcome | null = null
  let attempts = 0
  /** How the try under way began; null: there is none. */
  let tried: { at: number; online: boolean } | null = null
  let failures = 0
  let stopped = false
  let pollingFirst = false
  /** So many connections in a row have died over a request. */
  let silent = 0
  /** [S10.4] Another relay was met at the address. */
  let isOther = false
  let cancelWait = (): void => {}
  const remarks = createRemarks(clock, tellConnected)

  function tell(next: ConnectionStatus): void {
    if (JSON.stringify(next) !== JSON.stringify(status.value)) status.next(next)
  }

  /** A try has come to its end, this way or that. */
  function settle(how: ConnectionStatus): void {
    tried = null
    tell(how)
  }

  function connect(): void {
    cancelWait()
    closeSession()
    remarks.forget()
    attempts += 1
    if (isOther) void askWhoIsThere(open)
    else open()
  }

  function noteTry(): void {
    tried = { at: clock.now(), online: surroundings.isOnline() }
  }

  function open(): void {
    noteTry()
    session = openSession({
      url,
      token,
      clock,
      pollingFirst,
      patience: silent < 2 ? 1 : SLOW_LINE_PATIENCE,
      io: options.io ?? socketIo,
      onProblem,
      onWelcome: welcomeCame,
      onChanged: (hint) => changed.next(hint),
      onNotice: (notice) => remarks.hear(notice),
      onTyping: (told) => typing.next(told),
      onPeople: (told) => people.next(told),
      onEnd: ended
    })
    tell({ name: 'connecting' })
  }

  function closeSession(): void {
    session?.close()
    session = null
    welcome = null
  }

  function welcomeCame(greeting: Welcome): void {
    if (relayId !== undefined && greeting.relay.id !== relayId) {
      metOther()
      return
    }
    failures = 0
    welcome = greeting
    settle({ name: 'connected', ...remarks.ofConnected() })
    welcomes.next(greeting)
  }

  function tellConnected(): void {
    if (welcome !== null) tell({ name: 'connected', ...remarks.ofConnected() })
  }

  function ended(how: SessionEnd): void {
    if (welcome !== null) silent = how.name === 'silent' ? silent + 1 : 0
    session = null
    welcome = null
    const code = how.name === 'refused' ? how.code : ''
    const ending = endingOf(code, token !== '')
    if (ending === null) {
      // Something between here and the relay may swallow WebSockets without a word: begin with plain requests next time.
      pollingFirst = how.name === 'timed-out' ? !pollingFirst : pollingFirst
      wait(code === 'relay-stopping' ? 'relay-stopping' : 'unreachable')
      return
    }
    // [S10.4] A relay that does not know the token may be another one, that knows nobody of ours.
    if (code === 'unauthorized' && relayId !== undefined) void askWhoIsThere(() => settle(ending))
    else settle(ending)
  }

  /** [S10.4] Another relay learns nothing of ours by this. */
  async function askWhoIsThere(ours: () => void): Promise<void> {
    noteTry()
    if (status.value.name !== 'ended') tell({ name: 'connecting' })
    const mine = attempts
    const there = await relayIdAt(url).catch(() => null)
    if (stopped || mine !== attempts) return
    isOther = there === null ? isOther : there !== relayId
    if (there === null) wait('unreachable')
    else if (isOther) metOther()
    else ours()
  }

  /** [S10.4] The right one may come back without anybody touching this window. */
  function metOther(): void {
    isOther = true
    closeSession()
    settle({ name: 'ended', reason: 'other-relay' })
    cancelWait = clock.after(backoffMs(failures++, random, OTHER_RELAY_CAP_MS), connect)
  }

  function wait(reason: WaitingReason): void {
    const ms = backoffMs(failures++, random)
    settle({
      name: 'waiting',
      reason: surroundings.isOnline() ? reason : 'network',
      retryAt: clock.now() + ms,
      ...remarks.ofWaiting()
    })
    cancelWait = clock.after(ms, connect)
  }

  function connectNow(): void {
    const signedOut = status.value.name === 'ended' && status.value.reason === 'signed-out'
    if (stopped || signedOut) return
    if (session !== null && welcome !== null) session.probe()
    else if (tried === null) connect()
    else tryAnew(tried)
  }

  /** What the packets of the try under way went into may not be there any more, and it would not hear of that for long. */
  function tryAnew({ at, online }: { at: number; online: boolean }): void {
    const networkChanged = online !== surroundings.isOnline()
    const age = clock.now() - at
    // A clock that went back says nothing of a try.
    if (!networkChanged && age >= 0 && age < YOUNG_TRY_MS) {
      // Should it fail all the same, nobody waits long for the next one.
      failures = 0
      return
    }
    // On the same network it hangs, and is tried the other way, as after its time.
    if (session !== null && !networkChanged) pollingFirst = !pollingFirst
    connect()
  }

  function woken(): void {
    const now = status.value
    if (now.name !== 'ended' || now.reason === 'other-relay') connectNow()
  }

  const stopWaking = surroundings.onWake(woken)
  const stopWatchingSleep = startWatchingSleep(clock, woken)

  function up(): Session {
    if (session === null || welcome === null) throw new ConnectionLostError('not connected')
    return session
  }

  connect()
  return {
    status: status.asObservable(),
    welcomed: new Observable((subscriber) => {
      if (welcome !== null) subscriber.next(welcome)
      return welcomes.subscribe(subscriber)
    }),
    changed: changed.asObservable(),
    typing: typing.asObservable(),
    people: people.asObservable(),
    push: async (push) => {
      const result = await up().push(push)
      if (result.answers.length > 0) remarks.canStore(true)
      if (result.stopped?.code === 'storage-unavailable') remarks.canStore(false)
      // Who subscribes to `welcomed` later is told what the relay has answered by now.
      if (welcome !== null) {
        const answered = result.answers.reduce((highest, { n }) => Math.max(highest, n), welcome.answered)
        welcome = { ...welcome, answered }
      }
      return result
    },
    pull: async (pull) => up().pull(pull),
    answers: async (request) => up().answers(request),
    tellTyping: async (said) => up().tellTyping(said),
    tellPresence: async (said) => up().tellPresence(said),
    connectNow,
    stop: () => {
      stopped = true
      stopWaking()
      stopWatchingSleep()
      cancelWait()
      remarks.forget()
      closeSession()
    }
  }
}
