// Puts a relay together and starts it. Runs in any process; knows no arguments and no signals.
import { createServer } from 'node:http'
import type { Server as HttpServer } from 'node:http'
import { createPasswords } from './auth/passwords.ts'
import type { Passwords } from './auth/passwords.ts'
import { secrets } from './auth/secrets.ts'
import { startTimer } from './clock.ts'
import type { Clock, Timer } from './clock.ts'
import { StartError } from './config.ts'
import type { Config } from './config.ts'
import { createAccounts } from './domain/accounts.ts'
import { createCommitLine } from './domain/commit-line.ts'
import type { RelayContext } from './domain/context.ts'
import { createPushes } from './domain/push.ts'
import { createReading } from './domain/reading.ts'
import { openRegistration } from './domain/registration.ts'
import type { NewInvite } from './domain/registration.ts'
import { createSessions } from './domain/sessions.ts'
import { createWriting } from './domain/writing.ts'
import { createApp } from './http/app.ts'
import { createLog } from './log.ts'
import type { Log } from './log.ts'
import { openStorage } from './open-storage.ts'
import { createOriginCheck } from './origins.ts'
import { createSocketServer } from './socket/server.ts'
import type { SocketServer } from './socket/server.ts'
import type { Storage } from './storage/port.ts'
import { relayVersion } from './version.ts'

/** How long connections get to take what was written to them. */
const CLOSE_GRACE_MS = 2_000

export interface RelayOptions {
  config: Config
  now?: Clock
  timer?: Timer
  log?: Log
  /** The folder of the built web client. */
  webRoot?: string
  /** Instead of what `config` asks for. */
  openStorage?: () => Promise<Storage>
  /** Instead of hashes that cost an attacker something. */
  passwords?: Passwords
}

export interface Relay {
  /** Where it listens; for people rather `url`. */
  address: string
  port: number
  /** What people open, with a slash at the end. */
  url: string
  /** While there is no account, in registration mode `invite`. */
  ownerCode?: string
  storage: Storage
  hasOwner(): Promise<boolean>
  /** An invite from whoever runs the relay. */
  invite(): Promise<NewInvite>
  /** Says goodbye, finishes what is in line, stores it and lets go of port and data. May be called again. */
  stop(): Promise<void>
}

/** Resolves when the relay serves. @throws StartError with a sentence for whoever starts it */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { config, now = Date.now, log = createLog(config.logLevel) } = options
  if (!config.rateLimit) log.warn('rate limits are off: for load tests on loopback only')
  const storage = await (options.openStorage ?? (() => openStorage(config, now, log)))()
  try {
    return await serve(storage, { ...options, now, log })
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function serve(storage: Storage, options: RelayOptions & { now: Clock; log: Log }): Promise<Relay> {
  const { config, now, log, webRoot, passwords = createPasswords() } = options
  let socket: SocketServer | undefined
  const line = createCommitLine(storage, async (changes) => socket?.told(changes), log)
  const context: RelayContext = { storage, line, passwords, secrets, now, log }

  const desk = await openRegistration(context, config.registration)
  const sessions = createSessions(context, (deviceId) => socket?.endSession(deviceId))
  const reading = createReading(storage, log)
  const shared = {
    relay: { id: storage.relayId, version: relayVersion() },
    sessions,
    reading,
    isAllowedOrigin: createOriginCheck(config),
    rateLimit: config.rateLimit,
    trouble: () => storage.trouble,
    now,
    timer: options.timer ?? startTimer,
    log
  }
  const app = createApp({
    ...shared,
    trustedProxies: config.trustedProxies,
    accounts: createAccounts(context, desk),
    desk,
    writing: createWriting(context),
    ...(webRoot === undefined ? {} : { webRoot })
  })
  const http = createServer(app)
  socket = createSocketServer(http, { ...shared, epoch: storage.epoch, pushes: createPushes(context) })
  const unwatch = storage.watchTrouble(() => socket?.announceStorage())
  const { address, port } = await listen(http, config)

  let stopped: Promise<void> | undefined
  const stop = async (server: SocketServer): Promise<void> => {
    server.announceStop()
    unwatch()
    const closed = new Promise((resolve) => http.close(resolve))
    await line.stop()
    await server.closeConnections(CLOSE_GRACE_MS)
    http.closeAllConnections()
    await closed
    await storage.close()
  }
  return {
    address,
    port,
    url: config.publicUrl ?? `http://${openableHost(config.host)}:${port}/`,
    ...(desk.ownerCode === undefined ? {} : { ownerCode: desk.ownerCode }),
    storage,
    hasOwner: () => desk.hasOwner(),
    invite: () => desk.inviteFromRelay(),
    stop: () => (stopped ??= stop(socket))
  }
}

async function listen(http: HttpServer, { host, port }: Config): Promise<{ address: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    http.listen(port, host, () => resolve())
  })
  const bound = http.address()
  if (bound === null || typeof bound === 'string') throw new Error('an HTTP server listens on an address')
  return { address: bound.address, port: bound.port }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): StartError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${port} of ${host} is in use by another program: set PORT to a free one.`)
    case 'EACCES':
      return new StartError(`Port ${port} of ${host} may not be used by this user: set PORT to one above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`HOST is ${host}, which is no address of this machine.`)
    default:
      return new StartError(`The relay cannot listen on port ${port} of ${host}: ${error.message}.`)
  }
}

/** An address that a browser on this machine opens: the wildcards are none. */
function openableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
