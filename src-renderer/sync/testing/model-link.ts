// A connection to the model relay over a link that a test can hurt: slow, losing hints, doubling them, losing answers, cut. For
// tests only.
import { BehaviorSubject, Observable, Subject } from 'rxjs'
import { ConnectionLostError } from '../../connection/connection.ts'
import type { Connection, ConnectionStatus } from '../../connection/connection.ts'
import { ProtocolError } from '../../../protocol/errors.ts'
import type { Changed, Pull, Welcome } from '../../../protocol/socket.ts'
import { REQUEST_TIMEOUT_MS } from '../../connection/socket-session.ts'
import type { ModelRelay } from './model-relay.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Chances from 0 to 1, and the longest delay in ms of anything that travels. Answers overtake hints and each other. */
export interface Faults {
  delayMs: number
  loseHint: number
  doubleHint: number
  loseRequest: number
  loseAnswer: number
}
export const NO_FAULTS: Faults = { delayMs: 0, loseHint: 0, doubleHint: 0, loseRequest: 0, loseAnswer: 0 }

export interface ModelLink {
  connection: Pick<Connection, 'status' | 'welcomed' | 'changed' | 'push' | 'pull' | 'answers'>
  faults: Faults
  /** Called for each hint that arrives; false holds it back for good. */
  filter: (changed: Changed) => boolean
  /** How much longer answers take than anything else. */
  answerDelayMs: number
  /** How much longer such a pull takes to the relay. */
  pullDelayMs: (pull: Pull) => number
  /** What the line carries, either way and one after the other; what takes longer than a connection waits breaks it. */
  bytesPerMs: number
  /** Answers to such pulls cannot be parsed. */
  unreadable: (pull: Pull) => boolean
  /** Hands a hint over, past the filter. */
  deliver: (changed: Changed) => void
  connect(): void
  /** The connection ends: what is under way is lost, requests reject. */
  cut(): void
  readonly isUp: boolean
  /** Connects again by itself this many ms after each cut by a fault; null: only by `connect`. */
  reconnectMs: number | null
}

export function createModelLink(
  relay: ModelRelay,
  device: { deviceId: string; userId: string },
  clock: VirtualClock,
  random: () => number
): ModelLink {
  const status = new BehaviorSubject<ConnectionStatus>({ name: 'connecting' })
  const welcomes = new Subject<Welcome>()
  const changed = new Subject<Changed>()
  let life = 0
  let welcome: Welcome | null = null
  /** When the line will have carried everything that it was given. */
  let lineFree = 0
  const open = new Set<(error: unknown) => void>()
  const hearer = { userId: device.userId, tell: hint }

  /** Runs `then` after a while, unless the connection of now has ended by then. */
  function travel(extraMs: number, then: () => void): void {
    const mine = life
    clock.after(extraMs + (link.faults.delayMs === 0 ? 0 : random() * link.faults.delayMs), () => {
      if (mine === life) then()
    })
  }

  function hint(changes: Changed): void {
    if (random() < link.faults.loseHint) return
    const arrive = (): void => {
      if (link.filter(changes)) changed.next(changes)
    }
    travel(0, arrive)
    if (random() < link.faults.doubleHint) travel(0, arrive)
  }

  /** How long the line needs until it has carried this too. */
  function carrying(value: unknown): number {
    lineFree = Math.max(lineFree, clock.now()) + JSON.stringify(value).length / link.bytesPerMs
    return lineFree - clock.now()
  }

  async function request<T>(asked: unknown, answer: () => T, delayMs = 0): Promise<T> {
    if (welcome === null) throw new ConnectionLostError('not connected')
    return new Promise<T>((resolve, reject) => {
      open.add(reject)
      const mine = life
      const giveUp = clock.after(REQUEST_TIMEOUT_MS, () => {
        if (mine === life) breakDown()
      })
      const finish = (settle: () => void, value?: unknown): void =>
        travel(link.answerDelayMs + (value === undefined ? 0 : carrying(value)), () => {
          giveUp()
          if (random() < link.faults.loseAnswer) return breakDown()
          open.delete(reject)
          settle()
        })
      travel(delayMs + carrying(asked), () => {
        if (random() < link.faults.loseRequest) return breakDown()
        try {
          const value = answer()
          finish(() => resolve(value), value)
        } catch (error) {
          finish(() => reject(error))
        }
        relay.tell()
      })
    })
  }

  function breakDown(): void {
    cut()
    if (link.reconnectMs !== null) clock.after(random() * link.reconnectMs, connect)
  }

  function cut(): void {
    life += 1
    lineFree = 0
    welcome = null
    relay.hearers.delete(hearer)
    status.next({ name: 'connecting' })
    for (const reject of open) reject(new ConnectionLostError('cut'))
    open.clear()
  }

  function connect(): void {
    if (welcome !== null) return
    life += 1
    welcome = relay.welcome(device.deviceId, device.userId)
    relay.hearers.add(hearer)
    status.next({ name: 'connected' })
    welcomes.next(welcome)
  }

  const link: ModelLink = {
    connection: {
      status,
      welcomed: new Observable((subscriber) => {
        if (welcome !== null) subscriber.next(welcome)
        return welcomes.subscribe(subscriber)
      }),
      changed,
      push: async (push) => request(push, () => relay.push(device.deviceId, push)),
      pull: async (pull) =>
        request(
          pull,
          () => {
            const result = relay.pull(device.userId, pull)
            if (link.unreadable(pull)) throw new ProtocolError('invalid', 'the answer cannot be read')
            return result
          },
          link.pullDelayMs(pull)
        ),
      answers: async (asked) => request(asked, () => relay.answers(asked))
    },
    faults: NO_FAULTS,
    filter: () => true,
    answerDelayMs: 0,
    pullDelayMs: () => 0,
    bytesPerMs: Infinity,
    unreadable: () => false,
    deliver: (hint) => changed.next(hint),
    connect,
    cut,
    get isUp() {
      return welcome !== null
    },
    reconnectMs: null
  }
  return link
}
