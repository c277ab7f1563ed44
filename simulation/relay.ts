// The real relay without its network: domain, telling and storage over a disk in memory, which can crash at any await, start again and be
// put back to an older copy. What it stores and sends is shown to a witness.
import { checkHandshake } from '../server/socket/handshake.ts'
import { createTelling } from '../server/socket/telling.ts'
import type { Telling } from '../server/socket/telling.ts'
import { assemble } from '../server/assembly.ts'
import { createGuard } from '../server/auth/guard.ts'
import type { Passwords } from '../server/auth/passwords.ts'
import type { Accounts } from '../server/domain/accounts.ts'
import { createCommitLine } from '../server/domain/commit-line.ts'
import { createPushes } from '../server/domain/push.ts'
import type { Pushes } from '../server/domain/push.ts'
import { createReading } from '../server/domain/reading.ts'
import type { Reading } from '../server/domain/reading.ts'
import type { Session, Sessions } from '../server/domain/sessions.ts'
import { createWriting } from '../server/domain/writing.ts'
import type { Writing } from '../server/domain/writing.ts'
import { timeText } from '../server/clock.ts'
import type { Log } from '../server/log.ts'
import { openLowdbStorage } from '../server/storage/lowdb/storage.ts'
import type { Storage } from '../server/storage/port.ts'
import { ProtocolError } from '../protocol/errors.ts'
import { PROTOCOL_VERSION } from '../protocol/limits.ts'
import { parse } from '../protocol/parse.ts'
import { answersRequestSchema, pullSchema, pushSchema } from '../protocol/socket.ts'
import type { Pull } from '../protocol/socket.ts'
import type { SimulatedDisk } from '../server/storage/lowdb/testing/simulated-disk.ts'
import { copyDisk, createRelayDisk, DATA_DIR, mortalFiles } from './relay-disk.ts'
import type { DiskWeather, Life } from './relay-disk.ts'
import { SimulatedIo } from './relay-io.ts'
import type { Acknowledge, Outlet } from './relay-io.ts'
import type { Trace } from './trace.ts'
import type { Scheduler } from './scheduler.ts'
import type { Witness } from './witness.ts'

/** How long a start that failed waits for the next one. */
const START_AGAIN_MS = 500
/** So small that documents are written behind the journal all the time. */
const STORAGE_LIMITS = { journalBytes: 30_000, segments: 3, quietMs: 400, segmentBytes: 100_000 }

/** What a relay is while it runs. */
interface Running {
  life: Life
  storage: Storage
  io: SimulatedIo
  telling: Telling
  sessions: Sessions
  pushes: Pushes
  accounts: Accounts
  reading: Reading
  writing: Writing
}

/** What a device can do to its connection. */
export interface Inlet {
  receive(event: string, payload: unknown, acknowledge: Acknowledge): void
  /** The relay notices that the device has gone. */
  gone(): void
}

export interface SimulatedRelay {
  readonly running: Running | null
  readonly weather: DiskWeather
  /** How far the relay's clock is from the world's, in ms. */
  skewMs: number
  /** The most records of one answer or hint: a relay may be stricter than the limits say. */
  maxRecords: number
  relayId: string
  /** Begins to start; `running` says when it is done. */
  start(): void
  /** Everything in memory is gone. `power`: and what the disk had not synced. */
  crash(power: boolean): void
  /** A copy of the disk as it is at this moment, which `restore` can put in its place. */
  backup(): Promise<SimulatedDisk>
  restore(copy: SimulatedDisk): void
  /** A device connects. Null if nobody listens. `refused` hears what the handshake said. */
  connect(auth: unknown, outlet: Outlet & { refused(error: unknown): void }): Inlet | null
}

/** Hashes that cost nothing and keep nothing secret. */
const plainPasswords: Passwords = {
  hash: async (password) => `plain:${password}`,
  verify: async (password, hash) => hash === `plain:${password}`,
  isCurrent: () => true
}

export function createRelay(world: {
  scheduler: Scheduler
  trace: Trace
  witness: Witness
  weather: DiskWeather
  /** As `Math.random`: decides the numbers of the relay's epochs. */
  epochs: () => number
}): SimulatedRelay {
  const { scheduler, trace, witness, weather, epochs } = world
  let disk = createRelayDisk(weather)
  let running: Running | null = null
  let life: Life = { over: true }

  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: (text, details) => trace.add('relay', `warns: ${text} ${errorText(details?.error)}`),
    error: (text, details) => {
      trace.add('relay', `error: ${text} ${errorText(details?.error)}`)
      witness.relayError(text, details?.error)
    }
  }

  async function open(mine: Life): Promise<Running> {
    const now = (): number => scheduler.now() + relay.skewMs
    const inner = await openLowdbStorage({
      dataDir: DATA_DIR,
      now,
      log,
      files: mortalFiles(disk.files, mine, weather),
      limits: STORAGE_LIMITS,
      random: epochs,
      lock: async () => async () => {},
      timer: (ms, run) => scheduler.after(ms, () => (mine.over ? undefined : run()))
    })
    const storage = witness.watch(inner)
    await witness.started(storage)
    const io = new SimulatedIo()
    const line = createCommitLine(storage, (changes) => telling.told(changes), log)
    const { context, accounts, sessions } = await assemble({
      config: { registration: 'open' },
      storage,
      line,
      passwords: plainPasswords,
      guard: createGuard(false, now),
      connections: {
        end: () => {},
        disconnect: () => {},
        isOnline: () => false,
        count: () => ({ devices: 0, users: 0 })
      },
      recentErrors: () => [],
      now,
      log
    })
    const reading = createReading(storage, log)
    const telling = createTelling(io.asRelayIo, {
      epoch: storage.epoch,
      reading,
      timer: (ms, run) => scheduler.after(ms, () => (mine.over ? undefined : run())),
      log
    })
    const pushes = createPushes(context)
    return { life: mine, storage, io, telling, sessions, pushes, accounts, reading, writing: createWriting(context) }
  }

  function start(): void {
    if (!life.over) return
    const mine: Life = { over: false }
    life = mine
    open(mine).then(
      (opened) => {
        if (mine.over) return
        running = opened
        relay.relayId = opened.storage.relayId
        trace.add('relay', 'is up')
      },
      (error: unknown) => {
        if (mine.over) return
        witness.startFailed(error)
        mine.over = true
        scheduler.after(START_AGAIN_MS, () => {
          if (life === mine) start()
        })
      }
    )
  }

  function crash(power: boolean): void {
    life.over = true
    const sockets = running?.io.sockets.sockets.values() ?? []
    running = null
    for (const socket of sockets) socket.end()
    if (power) disk.crash()
    else disk.kill()
    witness.crashed()
  }

  /** As `server/socket/server.ts` does it. */
  async function admit(on: Running, auth: unknown, outlet: Parameters<SimulatedRelay['connect']>[1]): Promise<Inlet> {
    const session = await checkHandshake(auth, on.sessions)
    const { user, deviceId } = session
    const socket = on.io.open({
      send: (event, payload) => {
        const said = event === 'sync:changed' ? trimmed(payload as { records?: unknown[] }, relay.maxRecords) : payload
        witness.sent(user.id, event, said)
        outlet.send(event, said)
      },
      closed: () => outlet.closed()
    })
    Object.assign(socket.data, session)
    const welcome = async (): Promise<void> => {
      await on.telling.join(socket.asRelaySocket)
      await on.sessions.stillRuns(deviceId)
      const { answered } = await on.pushes.answers(
        { userId: user.id, deviceId },
        { deviceId, after: Number.MAX_SAFE_INTEGER }
      )
      const relayInfo = { id: on.storage.relayId, version: 'simulated' }
      const serverTime = timeText(scheduler.now() + relay.skewMs)
      const { epoch } = on.storage
      socket.emit('relay:welcome', {
        protocol: PROTOCOL_VERSION,
        relay: relayInfo,
        epoch,
        user,
        deviceId,
        answered,
        serverTime
      })
    }
    welcome().catch(() => socket.end())
    return {
      receive: (event, payload, acknowledge) => {
        if (on.life.over) return
        if (event === 'sync:push') witness.pushed(user.id, deviceId, payload)
        if (socket.ended) return
        void answerTo(on, session, event, payload).then((answer) => {
          if (on.life.over || socket.ended) return
          witness.answered(user.id, deviceId, event, answer)
          acknowledge(answer)
        })
      },
      gone: () => socket.end()
    }
  }

  /** As `server/socket/requests.ts` does it. */
  async function answerTo(on: Running, session: Session, event: string, payload: unknown): Promise<unknown> {
    const { user, deviceId } = session
    const pusher = { userId: user.id, deviceId }
    try {
      await on.sessions.stillRuns(deviceId)
      if (event === 'sync:push') return await on.pushes.push(pusher, parse(pushSchema, payload))
      if (event === 'sync:answers') return await on.pushes.answers(pusher, parse(answersRequestSchema, payload))
      return await on.reading.pull(user.id, limited(parse(pullSchema, payload), relay.maxRecords))
    } catch (error) {
      if (!(error instanceof ProtocolError)) log.error('a request failed', { error })
      return { ok: false, error: asProtocolError(error).toWire() }
    }
  }

  const relay: SimulatedRelay = {
    get running() {
      return running
    },
    weather,
    skewMs: 0,
    maxRecords: Infinity,
    relayId: '',
    start,
    crash,
    backup: async () => copyDisk(disk, weather),
    restore: (copy) => {
      crash(false)
      witness.restored()
      const mine: Life = { over: false }
      life = mine
      void copyDisk(copy, weather).then((fresh) => {
        if (mine.over) return
        disk = fresh
        mine.over = true
        start()
      })
    },
    connect: (auth, outlet) => {
      const on = running
      if (on === null) return null
      const early: (() => void)[] = []
      let inlet: Inlet | null = null
      let left = false
      admit(on, auth, outlet).then(
        (opened) => {
          inlet = opened
          if (left) opened.gone()
          for (const receive of early) receive()
        },
        (error: unknown) => {
          if (!on.life.over) outlet.refused(asProtocolError(error).toWire())
        }
      )
      return {
        receive: (...packet) => {
          if (inlet === null) early.push(() => inlet?.receive(...packet))
          else inlet.receive(...packet)
        },
        gone: () => {
          left = true
          inlet?.gone()
        }
      }
    }
  }
  return relay
}

/** A hint with more records goes out without them. */
function trimmed<T extends { records?: unknown[] }>(hint: T, most: number): T {
  if ((hint.records?.length ?? 0) <= most) return hint
  const { records: _, ...rest } = hint
  return rest as T
}

function limited(pull: Pull, most: number): Pull {
  if (most === Infinity) return pull
  return { wants: pull.wants.map((want) => ({ ...want, limit: Math.min(want.limit ?? most, most, 200) })) }
}

function asProtocolError(error: unknown): ProtocolError {
  return error instanceof ProtocolError ? error : new ProtocolError('relay-error', String(error))
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.message}${error.cause ? ` (${errorText(error.cause)})` : ''}` : ''
}
