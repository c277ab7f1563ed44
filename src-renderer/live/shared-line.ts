// One live lane for all windows of a profile: the window that has the connection says what all of them want, and hands on what the relay tells.
// The same interface in all of them. Keeps nothing but how the watched people are, for windows that come later.
import { BehaviorSubject, distinctUntilChanged, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_WATCHED_USERS } from '../../protocol/limits.ts'
import type { PersonPresence, Presence, Typing, TypingTold } from '../../protocol/live.ts'
import { newId } from '../../protocol/values.ts'
import type { Clock } from '../connection/clock.ts'
import { ConnectionLostError } from '../connection/connection.ts'
import type { Connection, PeopleTold } from '../connection/connection.ts'
import type { LiveBus, LiveMessage } from './live-bus.ts'
import type { Wants } from './presence.ts'

/** So often the leading window asks who is there; who did not answer twice is gone. */
export const ASK_WANTS_MS = 10_000
const SILENT_ASKS = 2
/** After which the relay is asked again when it wanted to be asked less often. */
export const PRESENCE_RETRY_MS = 5_000

export type LiveConnection = Pick<Connection, 'typing' | 'people' | 'tellTyping' | 'tellPresence'>

export interface SharedLine {
  /** Whether there is a connection, in whatever window; emits at once. */
  readonly up: Observable<boolean>
  readonly typing: Observable<TypingTold>
  readonly people: Observable<PeopleTold>
  /** Lost without a connection. */
  tellTyping(typing: Typing): void
  /** Instead of what this window wanted before; said again to each new connection. */
  want(wants: Wants): void
  /** From now on this window has the connection, this one instead of any before. */
  lead(connection: LiveConnection): void
  stop(): void
}

interface OtherWindow extends Wants {
  /** Asks in a row without an answer. */
  silent: number
}

/** A new connection is active and watches nobody (SPEC §4). */
const SAID_NOTHING: Wants = { active: true, watch: [] }

/**
 * @param options.up whether the connection of the leading window is up
 * @param options.onProblem told of an answer that could not be read, or an error of ours
 */
export function startSharedLine(options: {
  bus: LiveBus
  up: Observable<boolean>
  clock: Clock
  onProblem: (problem: unknown) => void
}): SharedLine {
  const { bus, clock, onProblem } = options
  const up = new BehaviorSubject(false)
  const typing = new Subject<TypingTold>()
  const people = new Subject<PeopleTold>()
  const ownWindow = newId()
  let own: Wants = SAID_NOTHING
  let led: LiveConnection | null = null
  let stopped = false
  let unlead = (): void => {}
  /** Of the leading window: what the others want, who changed it last at the end. */
  const others = new Map<string, OtherWindow>()
  /** What the connection has been told; null: not sure. */
  let said: Wants | null = SAID_NOTHING
  const known = new Map<string, PersonPresence>()

  /** Whoever is stopped last may still have something to say. */
  function send(message: LiveMessage): void {
    if (!stopped) bus.send(message)
  }

  function hear(message: LiveMessage): void {
    if (led !== null) serve(led, message)
    else if (message.type === 'typing-told') typing.next(message.told)
    else if (message.type === 'people-told') people.next(message)
    else if (message.type === 'ask-wants') tellWants(false)
  }

  function serve(connection: LiveConnection, message: LiveMessage): void {
    if (message.type === 'typing') tellRelay(connection, message.typing)
    if (message.type === 'gone' && others.delete(message.window)) say()
    if (message.type !== 'wants') return
    const { window, active, watch, asks } = message
    // Only news move a window to the front.
    if (asks) others.delete(window)
    others.set(window, { active, watch, silent: 0 })
    const asked = say()
    if (asks && !asked && watch.length > 0) send({ type: 'people-told', people: [...known.values()], all: true })
  }

  function tellWants(asks: boolean): void {
    send({ type: 'wants', window: ownWindow, active: own.active, watch: [...own.watch], asks })
  }

  function tellRelay(connection: LiveConnection, said: Typing): void {
    if (up.value) connection.tellTyping(said).catch(overlook)
  }

  /** A live event may be lost: with its connection, or because the relay refuses it [S14]. */
  function overlook(error: unknown): void {
    if (!(error instanceof ConnectionLostError || error instanceof ProtocolError)) onProblem(error)
  }

  /** Tells the relay what has changed. False: nothing. */
  function say(): boolean {
    if (led === null || !up.value) return false
    const wants = merge([own, ...[...others.values()].toReversed()])
    const change: Presence = {
      ...(wants.active === said?.active ? {} : { active: wants.active }),
      ...(said && isSameList(wants.watch, said.watch) ? {} : { watch: [...wants.watch] })
    }
    if (Object.keys(change).length === 0) return false
    said = wants
    led.tellPresence(change).catch((error: unknown) => {
      overlook(error)
      if (error instanceof ProtocolError && error.code === 'rate-limited') sayLater()
    })
    return true
  }

  let cancelRetry = (): void => {}
  function sayLater(): void {
    said = null
    cancelRetry()
    cancelRetry = clock.after(PRESENCE_RETRY_MS, say)
  }

  function askAround(): () => void {
    let cancel = (): void => {}
    const ask = (): void => {
      const before = others.size
      for (const [window, other] of others) if (++other.silent > SILENT_ASKS) others.delete(window)
      if (others.size < before) say()
      send({ type: 'ask-wants' })
      cancel = clock.after(ASK_WANTS_MS, ask)
    }
    ask()
    return () => cancel()
  }

  function keep(told: PeopleTold): void {
    if (told.all) known.clear()
    for (const person of told.people) known.set(person.userId, person)
    send({ type: 'people-told', people: [...told.people], all: told.all })
    people.next(told)
  }

  function ended(): void {
    cancelRetry()
    said = SAID_NOTHING
    known.clear()
    up.next(false)
  }

  const connected = options.up.pipe(distinctUntilChanged()).subscribe((isUp) => {
    if (!isUp) {
      ended()
      return
    }
    up.next(true)
    if (led === null) tellWants(true)
    else say()
  })
  const stopListening = bus.listen(hear)

  return {
    up: up.pipe(distinctUntilChanged()),
    typing: typing.asObservable(),
    people: people.asObservable(),
    tellTyping: (said) => {
      if (led !== null) tellRelay(led, said)
      else if (up.value) send({ type: 'typing', typing: said })
    },
    want: (wants) => {
      own = wants
      if (led === null) tellWants(true)
      else say()
    },
    lead: (connection) => {
      unlead()
      led = connection
      // Whatever was up was another one.
      ended()
      const subscriptions = [
        connection.typing.subscribe((told) => {
          send({ type: 'typing-told', told })
          typing.next(told)
        }),
        connection.people.subscribe(keep)
      ]
      const stopAsking = askAround()
      unlead = () => {
        stopAsking()
        for (const subscription of subscriptions) subscription.unsubscribe()
      }
    },
    stop: () => {
      if (led === null) send({ type: 'gone', window: ownWindow })
      connected.unsubscribe()
      stopListening()
      unlead()
      cancelRetry()
      led = null
      stopped = true
      bus.close()
    }
  }
}

/** Active if one is; whom the first ones show comes first. */
function merge(windows: readonly Wants[]): Wants {
  const watch = new Set(windows.flatMap((window) => window.watch))
  return { active: windows.some(({ active }) => active), watch: [...watch].slice(0, MAX_WATCHED_USERS) }
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  const among = new Set(b)
  return a.length === among.size && a.every((each) => among.has(each))
}
