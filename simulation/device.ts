// A device in the world: the real sync engine and connection over a store that survives crashes, and a line that does not always hold.
import { startConnection } from '../src-renderer/connection/socket-connection.ts'
import type { Clock } from '../src-renderer/connection/clock.ts'
import type { Connection } from '../src-renderer/connection/connection.ts'
import type { ChatCommands } from '../src-renderer/store/chat-store.ts'
import type { MemoryDisk } from '../src-renderer/store/memory-sync-store.ts'
import type { OutboxEntry, StreamState } from '../src-renderer/store/sync-store.ts'
import { startSync } from '../src-renderer/sync/start-sync.ts'
import type { Sync } from '../src-renderer/sync/start-sync.ts'
import type { StreamRecord } from '../protocol/records.ts'
import type { StreamId } from '../protocol/streams.ts'
import { crashableStore, pauseOf } from './crashable-store.ts'
import type { StoreWeather } from './crashable-store.ts'
import { createLink } from './link.ts'
import type { Link } from './link.ts'
import type { Kept, Opened } from './kept.ts'
import type { SimulatedRelay } from './relay.ts'
import type { Life } from './relay-disk.ts'
import type { Scheduler } from './scheduler.ts'
import type { Trace } from './trace.ts'
import { Violation } from './violation.ts'

/** How long a person needs to sign in again, at most. */
const SIGN_IN_MS = 5_000

export interface SignedIn {
  deviceId: string
  token: string
}

export interface SimulatedDevice {
  readonly name: string
  readonly userId: string
  readonly deviceId: string
  readonly link: Link
  readonly weather: StoreWeather
  readonly kept: Kept
  /** Null while it is off. */
  readonly running: { commands: ChatCommands; sync: Sync; connection: Connection } | null
  /** Neither running nor about to. */
  readonly isOff: boolean
  /** How far its clock is from the world's, in ms. */
  skewMs: number
  now(): number
  start(): void
  /** Ends everything in the middle of whatever it was doing. What its store holds stays. */
  crash(): void
  /**
   * Crashes right after its store has done so many more calls, each in the middle of others; or, where a call is many writes, before one of them.
   * `crashed` hears of it.
   */
  crashAfter(calls: number, crashed: () => void): void
  state(stream: StreamId): StreamState | undefined
  /** What the relay has or has had; not what is only here [S10.5]. */
  records(stream: StreamId): StreamRecord[]
  /** [S10.5] What the relay has lost. */
  onlyHere(stream: StreamId): StreamRecord[]
  outbox(): OutboxEntry[]
  /**
   * Records that were stored while the checkpoint that covers them was not, when the device died: stream and key. Should the relay go back to
   * between the two, neither side can know that they are lost [S10.2].
   */
  readonly ahead: ReadonlySet<string>
  readonly problems: unknown[]
}

export interface DeviceParts {
  name: string
  userId: string
  username: string
  signedIn: SignedIn
  kept: Kept
  relay: SimulatedRelay
  scheduler: Scheduler
  random: () => number
  trace: Trace
  /** Told of what sync has done to the store. */
  stored: (device: SimulatedDevice, method: string) => void
  /** Told of what is found in the store at a start: some of it nobody may have heard the end of. */
  opened: (device: SimulatedDevice) => void
  /** Told of each command of a person, before. */
  asked: (device: SimulatedDevice, command: keyof ChatCommands, about: readonly unknown[]) => void
  /** Told of what a person's command has done to the outbox. */
  acted: (device: SimulatedDevice) => void
  failed: (violation: Violation) => void
}

export function createDevice(parts: DeviceParts): SimulatedDevice {
  const { name, userId, kept, relay, scheduler, random, trace } = parts
  const disk = (): MemoryDisk => kept.disk
  const link = createLink({ name, scheduler, random, trace, relay })
  let session = parts.signedIn
  let life: Life = { over: true }
  let running: SimulatedDevice['running'] = null
  const ahead = new Set<string>()
  let doomed: { calls: number; die: () => void } | null = null

  function held(stream: StreamId, onlyHere: boolean): StreamRecord[] {
    const all = [...(disk().records.get(stream)?.values() ?? [])]
    return all.flatMap((each) => ((each.onlyHere ?? false) === onlyHere ? [each.record] : []))
  }

  function clockOf(mine: Life): Clock {
    return {
      now: () => device.now(),
      after: (ms, run) => scheduler.after(ms, () => (mine.over ? undefined : run()))
    }
  }

  function lookAhead(): void {
    for (const [stream, records] of kept.disk.records) {
      const { checkpoint = 0, jump } = kept.disk.streams.get(stream) ?? {}
      for (const [key, { record }] of records)
        if (record.rev > (jump?.position ?? checkpoint)) ahead.add(`${stream} ${key}`)
    }
  }

  function start(): void {
    lookAhead()
    const mine: Life = { over: false }
    life = mine
    const pause = pauseOf({ life, clock: clockOf(mine), random, weather: device.weather })
    kept.open({ userId, now: () => device.now(), pause, changed: () => parts.acted(device) }).then(
      (opened) => {
        if (mine.over) return
        lookAhead()
        parts.opened(device)
        begin(mine, opened)
      },
      (error: unknown) =>
        mine.over ||
        parts.failed(
          new Violation('store', `${name} does not open: ${String(error)}: ${String((error as Error).cause)}`)
        )
    )
  }

  function begin(mine: Life, opened: Opened): void {
    const clock = clockOf(mine)
    const onProblem = (problem: unknown): void => {
      device.problems.push(problem)
      trace.add(name, `problem: ${problem instanceof Error ? problem.stack : String(problem)}`)
    }
    const connection = startConnection({
      url: 'http://relay.example',
      token: session.token,
      relayId: relay.relayId,
      relayIdAt: async () => {
        if (relay.running === null || !link.online) throw new Error('nobody answers')
        return relay.relayId
      },
      clock,
      random,
      surroundings: { isOnline: () => true, onWake: () => () => {} },
      io: link.io,
      onProblem
    })
    connection.status.subscribe((status) => {
      if (mine.over) return
      trace.add(name, `is ${status.name}${'reason' in status ? ` (${status.reason})` : ''}`)
      if (status.name === 'ended' && status.reason === 'signed-out') signInLater(mine, opened)
    })
    const sync = startSync({
      store: crashableStore(opened.sync, {
        life: mine,
        clock,
        random,
        weather: device.weather,
        called: (method) => {
          parts.stored(device, method)
          if (doomed === null || doomed.calls-- > 0) return
          doomed.die()
        }
      }),
      connection,
      userId,
      clock,
      random,
      onCopiedProfile: () => renewLater(mine, opened),
      onProblem
    })
    running = { commands: heard(opened.commands), sync, connection }
  }

  function heard(commands: ChatCommands): ChatCommands {
    return new Proxy(commands, {
      get: (target, name: keyof ChatCommands) => {
        const command = target[name] as (...about: unknown[]) => unknown
        return (...about: unknown[]) => {
          parts.asked(device, name, about)
          return command.apply(target, about)
        }
      }
    })
  }

  /** As the app does it with another token: the old connection and sync end, new ones begin on the same store. */
  function goOnWith(mine: Life, opened: Opened, next: SignedIn): void {
    const before = running
    trace.add(name, `goes on as device ${next.deviceId}`)
    session = next
    before?.connection.stop()
    void before?.sync.stop().then(() => {
      if (!mine.over && before) begin(mine, opened)
    })
  }

  /** The relay is asked by REST; what it does not answer is asked again. */
  function ask(mine: Life, ask: () => Promise<SignedIn>, opened: Opened, again: () => void): void {
    scheduler.after(random() * SIGN_IN_MS, () => {
      if (mine.over) return
      if (relay.running === null || !link.online) return again()
      ask().then(
        (next) => (mine.over ? undefined : goOnWith(mine, opened, next)),
        (error: unknown) => {
          trace.add(name, `could not sign in: ${String(error)}`)
          if (!mine.over) again()
        }
      )
    })
  }

  function signInLater(mine: Life, opened: Opened): void {
    const signIn = async (): Promise<SignedIn> => {
      const on = relay.running
      if (on === null) throw new Error('nobody answers')
      return on.accounts.signIn(
        { username: parts.username, password: 'secret', deviceId: session.deviceId },
        '127.0.0.1'
      )
    }
    ask(mine, signIn, opened, () => signInLater(mine, opened))
  }

  function renewLater(mine: Life, opened: Opened): void {
    const renew = async (): Promise<SignedIn> => {
      const on = relay.running
      if (on === null) throw new Error('nobody answers')
      return on.sessions.renew(await on.sessions.authenticate(session.token), { asNewDevice: true })
    }
    // The engine calls again at each connection until it is done.
    ask(mine, renew, opened, () => {})
  }

  const device: SimulatedDevice = {
    name,
    userId,
    get deviceId() {
      return session.deviceId
    },
    link,
    weather: { callMs: 0, failures: 0 },
    kept,
    get running() {
      return running
    },
    get isOff() {
      return life.over
    },
    skewMs: 0,
    now: () => scheduler.now() + device.skewMs,
    start,
    crash: () => {
      trace.add(name, 'crashes')
      life.over = true
      running = null
      doomed = null
      kept.kill()
      link.vanish()
    },
    crashAfter: (calls, crashed) => {
      const die = (): void => {
        device.crash()
        crashed()
      }
      if (kept.dieAfter) kept.dieAfter(calls, die)
      else doomed = { calls, die }
    },
    state: (stream) => disk().streams.get(stream),
    records: (stream) => held(stream, false),
    onlyHere: (stream) => held(stream, true),
    outbox: () => [...disk().outbox.values()],
    ahead,
    problems: []
  }
  return device
}
