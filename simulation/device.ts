// A device in the world: the real sync engine and connection over a store that survives crashes, and a line that does not always hold.
import { startConnection } from '../src-renderer/connection/socket-connection.ts'
import type { Clock } from '../src-renderer/connection/clock.ts'
import type { Connection } from '../src-renderer/connection/connection.ts'
import type { ChatCommands } from '../src-renderer/store/chat-store.ts'
import { createMemorySyncStore, emptyDisk } from '../src-renderer/store/memory-sync-store.ts'
import type { MemoryDisk, MemorySyncStore } from '../src-renderer/store/memory-sync-store.ts'
import type { OutboxEntry, StreamState } from '../src-renderer/store/sync-store.ts'
import { startSync } from '../src-renderer/sync/start-sync.ts'
import type { Sync } from '../src-renderer/sync/start-sync.ts'
import type { StreamRecord } from '../protocol/records.ts'
import type { StreamId } from '../protocol/streams.ts'
import { crashableStore, pauseOf } from './crashable-store.ts'
import type { StoreWeather } from './crashable-store.ts'
import { createLink } from './link.ts'
import type { Link } from './link.ts'
import { commandsOver } from './memory-outbox.ts'
import type { SimulatedRelay } from './relay.ts'
import type { Life } from './relay-disk.ts'
import type { Scheduler } from './scheduler.ts'
import type { Trace } from './trace.ts'

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
  readonly disk: MemoryDisk
  /** Null while it is off. */
  readonly running: { store: MemorySyncStore; commands: ChatCommands; sync: Sync; connection: Connection } | null
  /** How far its clock is from the world's, in ms. */
  skewMs: number
  now(): number
  start(): void
  /** Ends everything in the middle of whatever it was doing. What its store holds stays. */
  crash(): void
  /** Crashes right after its store has done so many more calls, each in the middle of others. `crashed` hears of it. */
  crashAfter(calls: number, crashed: () => void): void
  state(stream: StreamId): StreamState | undefined
  /** What the relay has or has had; not what is only here [S10.5]. */
  records(stream: StreamId): StreamRecord[]
  /** [S10.5] What the relay has lost. */
  onlyHere(stream: StreamId): StreamRecord[]
  outbox(): OutboxEntry[]
  readonly problems: unknown[]
}

export interface DeviceParts {
  name: string
  userId: string
  username: string
  signedIn: SignedIn
  relay: SimulatedRelay
  scheduler: Scheduler
  random: () => number
  trace: Trace
  /** Told of what sync has done to the store. */
  stored: (device: SimulatedDevice, method: string) => void
  /** Told of what a person's command has done to the outbox. */
  acted: (device: SimulatedDevice) => void
}

export function createDevice(parts: DeviceParts): SimulatedDevice {
  const { name, userId, relay, scheduler, random, trace } = parts
  const disk = emptyDisk()
  const link = createLink({ name, scheduler, random, trace, relay })
  let session = parts.signedIn
  let life: Life = { over: true }
  let running: SimulatedDevice['running'] = null
  let doomed: { calls: number; crashed: () => void } | null = null

  function held(stream: StreamId, onlyHere: boolean): StreamRecord[] {
    const all = [...(disk.records.get(stream)?.values() ?? [])]
    return all.flatMap((each) => ((each.onlyHere ?? false) === onlyHere ? [each.record] : []))
  }

  function clockOf(mine: Life): Clock {
    return {
      now: () => device.now(),
      after: (ms, run) => scheduler.after(ms, () => (mine.over ? undefined : run()))
    }
  }

  function start(): void {
    const mine: Life = { over: false }
    life = mine
    const store = createMemorySyncStore(disk)
    const pause = pauseOf({ life, clock: clockOf(mine), random, weather: device.weather })
    const commands = commandsOver({ store, userId, now: () => device.now(), pause, changed: () => parts.acted(device) })
    begin(mine, store, commands)
  }

  function begin(mine: Life, store: MemorySyncStore, commands: ChatCommands): void {
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
      if (status.name === 'ended' && status.reason === 'signed-out') signInLater(mine, store)
    })
    const sync = startSync({
      store: crashableStore(store, {
        life: mine,
        clock,
        random,
        weather: device.weather,
        called: (method) => {
          parts.stored(device, method)
          if (doomed === null || doomed.calls-- > 0) return
          const { crashed } = doomed
          device.crash()
          crashed()
        }
      }),
      connection,
      userId,
      clock,
      random,
      onCopiedProfile: () => renewLater(mine, store),
      onProblem
    })
    running = { store, commands, sync, connection }
  }

  /** As the app does it with another token: the old connection and sync end, new ones begin on the same store. */
  function goOnWith(mine: Life, store: MemorySyncStore, next: SignedIn): void {
    const before = running
    trace.add(name, `goes on as device ${next.deviceId}`)
    session = next
    before?.connection.stop()
    void before?.sync.stop().then(() => {
      if (!mine.over && before) begin(mine, store, before.commands)
    })
  }

  /** The relay is asked by REST; what it does not answer is asked again. */
  function ask(mine: Life, ask: () => Promise<SignedIn>, store: MemorySyncStore, again: () => void): void {
    scheduler.after(random() * SIGN_IN_MS, () => {
      if (mine.over) return
      if (relay.running === null || !link.online) return again()
      ask().then(
        (next) => (mine.over ? undefined : goOnWith(mine, store, next)),
        (error: unknown) => {
          trace.add(name, `could not sign in: ${String(error)}`)
          if (!mine.over) again()
        }
      )
    })
  }

  function signInLater(mine: Life, store: MemorySyncStore): void {
    const signIn = async (): Promise<SignedIn> => {
      const on = relay.running
      if (on === null) throw new Error('nobody answers')
      return on.accounts.signIn({ username: parts.username, password: 'secret', deviceId: session.deviceId })
    }
    ask(mine, signIn, store, () => signInLater(mine, store))
  }

  function renewLater(mine: Life, store: MemorySyncStore): void {
    const renew = async (): Promise<SignedIn> => {
      const on = relay.running
      if (on === null) throw new Error('nobody answers')
      return on.sessions.renew(await on.sessions.authenticate(session.token), { asNewDevice: true })
    }
    // The engine calls again at each connection until it is done.
    ask(mine, renew, store, () => {})
  }

  const device: SimulatedDevice = {
    name,
    userId,
    get deviceId() {
      return session.deviceId
    },
    link,
    weather: { callMs: 0, failures: 0 },
    disk,
    get running() {
      return running
    },
    skewMs: 0,
    now: () => scheduler.now() + device.skewMs,
    start,
    crash: () => {
      trace.add(name, 'crashes')
      life.over = true
      running = null
      doomed = null
      link.vanish()
    },
    crashAfter: (calls, crashed) => {
      doomed = { calls, crashed }
    },
    state: (stream) => disk.streams.get(stream),
    records: (stream) => held(stream, false),
    onlyHere: (stream) => held(stream, true),
    outbox: () => [...disk.outbox.values()],
    problems: []
  }
  return device
}
