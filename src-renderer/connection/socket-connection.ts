// The one connection to the relay, over Socket.IO: when to try, when it counts as connected, when it is over. Parsing and
// requests are in socket-session.ts; what travels means nothing here.
import { BehaviorSubject, Observable, Subject } from 'rxjs'
import { io as socketIo } from 'socket.io-client'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { TypingTold } from '../../protocol/live.ts'
import type { Changed, Notice, Welcome } from '../../protocol/socket.ts'
import { backoffMs } from './backoff.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { ConnectionLostError } from './connection.ts'
import type { Connection, ConnectionStatus, PeopleTold } from './connection.ts'
import { relayInfo } from './rest.ts'
import { openSession } from './socket-session.ts'
import type { Session, SessionEnd } from './socket-session.ts'
import { startWatchingSleep } from './sleep.ts'
import { windowSurroundings } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

export interface ConnectionOptions {
  /** As `parseRelayUrl` made it. */
  url: string
  token: string
  /** The relay that this profile belongs to: any other one ends the connection before anything of it is seen [S10.4]. */
  relayId?: string
  /** Which relay is at an address now; by REST unless said otherwise. */
  relayIdAt?: (url: string) => Promise<string>
  clock?: Clock
  random?: () => number
  surroundings?: Surroundings
  /** Socket.IO's way to open a socket; tests may wrap it. */
  io?: typeof socketIo
  /** Told of whatever came in and could not be parsed; it was dropped as a whole. */
  onProblem?: (problem: Error) => void
}

type EndedReason = Extract<ConnectionStatus, { name: 'ended' }>['reason']
type WaitingReason = Extract<ConnectionStatus, { name: 'waiting' }>['reason']

type EndedWhy = Extract<ConnectionStatus, { name: 'ended' }>['why']

/** Why somebody was signed out, by what the relay said; everything else: the session was ended. */
const WHY: { readonly [code: string]: EndedWhy } = {
  'token-expired': 'expired',
  'account-disabled': 'account-disabled',
  'account-deleted': 'account-deleted'
}

/** Errors of the handshake and of notices that trying again does not mend. */
const ENDING: { readonly [code in ErrorCode]?: EndedReason } = {
  unauthorized: 'signed-out',
  'token-expired': 'signed-out',
  'account-disabled': 'signed-out',
  'protocol-too-old': 'client-too-old',
  'protocol-too-new': 'relay-too-old'
}

/**
 * Connects at once and keeps trying until `stop`. `status` and `welcomed` tell a late subscriber how things stand: the latter replays
 * the welcome of the connection that is up. After `ended`, `connectNow` tries once more, unless the session has ended (a new one
 * is a new connection). Another relay at the address may give way to the right one again: waking tries that as well.
 */
export function startConnection(options: ConnectionOptions): Connection {
  const { url, token, relayId, clock = systemClock, random = Math.random } = options
  const surroundings = options.surroundings ?? windowSurroundings
  const relayIdAt = options.relayIdAt ?? (async (at: string) => (await relayInfo(at)).relay.id)
  const onProblem = options.onProblem ?? (() => {})
  const status = new BehaviorSubject<ConnectionStatus>({ name: 'connecting' })
  const welcomes = new Subject<Welcome>()
  const changed = new Subject<Changed>()
  const notices = new Subject<Notice>()
  const typing = new Subject<TypingTold>()
  const people = new Subject<PeopleTold>()

  let session: Session | null = null
  let welcome: Welcome | null = null
  let attempts = 0
  let failures = 0
  let stopped = false
  let pollingFirst = false
  /** The relay said so, of the connection that is up. */
  let cannotStore = false
  let tooSlow = false
  let byOwner = false
  let cancelWait = (): void => {}

  function connect(): void {
    cancelWait()
    attempts += 1
    session = openSession({
      url,
      token,
      clock,
      pollingFirst,
      io: options.io ?? socketIo,
      onProblem,
      onWelcome: welcomeCame,
      onChanged: (hint) => changed.next(hint),
      onNotice: noticed,
      onTyping: (told) => typing.next(told),
      onPeople: (told) => people.next(told),
      onEnd: ended
    })
    status.next({ name: 'connecting' })
  }

  function welcomeCame(greeting: Welcome): void {
    if (relayId !== undefined && greeting.relay.id !== relayId) {
      end('other-relay')
      return
    }
    failures = 0
    welcome = greeting
    cannotStore = false
    tooSlow = false
    byOwner = false
    status.next({ name: 'connected' })
    welcomes.next(greeting)
  }

  function noticed(notice: Notice): void {
    if (notice.code === 'too-slow') tooSlow = true
    if (notice.code === 'disconnected') byOwner = true
    if (notice.code === 'storage-unavailable') tellStorage(false)
    if (notice.code === 'storage-available') tellStorage(true)
    notices.next(notice)
  }

  function tellStorage(works: boolean): void {
    if (welcome === null || cannotStore !== works) return
    cannotStore = !works
    status.next(works ? { name: 'connected' } : { name: 'connected', relayCannotStore: true })
  }

  function ended(how: SessionEnd): void {
    session = null
    welcome = null
    if (how.name === 'refused' && how.code === 'unauthorized' && relayId !== undefined) {
      void askWhoRefused(relayId)
      return
    }
    if (how.name === 'refused') {
      const isNotice = how.code === 'session-ended' || how.code === 'account-deleted'
      const reason = isNotice ? 'signed-out' : ENDING[how.code as ErrorCode]
      if (reason !== undefined) {
        const why = ofEnded(how.code)
        status.next(reason === 'signed-out' ? { name: 'ended', reason, ...why } : { name: 'ended', reason })
        return
      }
    }
    // Something between here and the relay may swallow WebSockets without a word: begin with plain requests next time.
    pollingFirst = how.name === 'timed-out' ? !pollingFirst : pollingFirst
    wait(how.name === 'refused' && how.code === 'relay-stopping' ? 'relay-stopping' : 'unreachable')
  }

  /** A shell without a keyring keeps no token over a restart: then nobody has ended the session. */
  function ofEnded(code = ''): { why?: EndedWhy } {
    return token === '' ? {} : { why: WHY[code] ?? 'revoked' }
  }

  /** [S10.4] A relay that does not know the token may be another one, that knows nobody of ours. */
  async function askWhoRefused(expected: string): Promise<void> {
    const mine = attempts
    const there = await relayIdAt(url).catch(() => null)
    if (stopped || mine !== attempts) return
    if (there === null) wait('unreachable')
    else if (there === expected) status.next({ name: 'ended', reason: 'signed-out', ...ofEnded() })
    else status.next({ name: 'ended', reason: 'other-relay' })
  }

  function wait(reason: WaitingReason): void {
    const ms = backoffMs(failures, random)
    failures += 1
    status.next({
      name: 'waiting',
      reason: surroundings.isOnline() ? reason : 'network',
      retryAt: clock.now() + ms,
      ...(tooSlow ? { tooSlow: true } : {}),
      ...(byOwner ? { byOwner: true } : {})
    })
    cancelWait = clock.after(ms, connect)
  }

  function end(reason: EndedReason): void {
    session?.close()
    session = null
    welcome = null
    status.next({ name: 'ended', reason })
  }

  function connectNow(): void {
    const now = status.value
    const signedOut = now.name === 'ended' && now.reason === 'signed-out'
    if (session !== null) session.probe()
    else if (!stopped && !signedOut) connect()
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
    notices: notices.asObservable(),
    typing: typing.asObservable(),
    people: people.asObservable(),
    push: async (push) => {
      const result = await up().push(push)
      if (result.answers.length > 0) tellStorage(true)
      if (result.stopped?.code === 'storage-unavailable') tellStorage(false)
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
      session?.close()
      session = null
      welcome = null
    }
  }
}
