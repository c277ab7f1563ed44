// Puts a relay together and starts it. Runs in any process; knows no arguments and no signals.
import { createServer } from 'node:http'
import type { Server as HttpServer, ServerOptions } from 'node:http'
import { HEADERS_TIMEOUT_MS, MAX_HEADER_BYTES, REQUEST_TIMEOUT_MS } from '../protocol/limits.ts'
import type { NewInviteAnswer } from '../protocol/rest.ts'
import { createAddresses } from './addresses.ts'
import { announceAdminDoor, openAdminDoor } from './admin-door.ts'
import { assemble } from './assembly.ts'
import { createGuard } from './auth/guard.ts'
import { createPasswords } from './auth/passwords.ts'
import type { Passwords } from './auth/passwords.ts'
import { startTimer } from './clock.ts'
import type { Clock, Timer } from './clock.ts'
import { StartError } from './config.ts'
import type { Config } from './config.ts'
import type { AdminConnections } from './domain/administration.ts'
import { OPERATOR } from './domain/audit.ts'
import { createCommitLine } from './domain/commit-line.ts'
import { createLiveFacts } from './domain/live-facts.ts'
import { createPushes } from './domain/push.ts'
import { createReading } from './domain/reading.ts'
import { createWriting } from './domain/writing.ts'
import { createApp } from './http/app.ts'
import { createMemoryEntries } from './live/memory-entries.ts'
import { createLog } from './log.ts'
import type { Log } from './log.ts'
import { openStorage } from './open-storage.ts'
import { createOriginCheck } from './origins.ts'
import { rememberErrors } from './recent-errors.ts'
import type { RecentError } from './recent-errors.ts'
import { createSocketServer } from './socket/server.ts'
import type { SocketServer } from './socket/server.ts'
import type { Storage } from './storage/port.ts'
import { hearTlsToo } from './tls/both-on-one-port.ts'
import type { OwnCertificate } from './tls/own-certificate.ts'
import { ownCertificate } from './tls/own-certificate.ts'
import { relayVersion } from './version.ts'

/** How long connections get to take what was written to them. */
const CLOSE_GRACE_MS = 2_000
/** Whoever runs the relay wants to know whether somebody is there, not a list of all. */
const MAX_NAMES_OF_CONNECTED = 20
/** Who sends a request slowly, or too much of it, is not waited for. */
export const HTTP_BOUNDS: ServerOptions = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 5_000
}

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
  /** Smaller ones for a test. */
  httpBounds?: ServerOptions
}

/** Who is connected now. */
export interface Connected {
  people: number
  devices: number
  /** Display names of those who may be seen [S14.2], as many as asked for at most. */
  names: string[]
}

export interface Relay {
  /** Where it listens; for people rather `url`. */
  address: string
  port: number
  /** What people open, with a slash at the end. */
  url: string
  /** While there is no account, in registration mode `invite`. */
  ownerCode?: string
  /** Of its own certificate, if it has one. */
  fingerprint?: string
  storage: Storage
  hasOwner(): Promise<boolean>
  connected(): Promise<Connected>
  /** An invite from whoever runs the relay. */
  invite(): Promise<NewInviteAnswer>
  /** Says goodbye, finishes what is in line, stores it and lets go of port and data. May be called again. */
  stop(): Promise<void>
}

/** Resolves when the relay serves. @throws StartError with a sentence for whoever starts it */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { config, now = Date.now } = options
  const { log, recent } = rememberErrors(options.log ?? createLog(config.logLevel), now)
  if (!config.rateLimit) log.warn('rate limits are off: for load tests on loopback only')
  const storage = await (options.openStorage ?? (() => openStorage(config, now, log)))()
  try {
    return await serve(storage, { ...options, now, log, recentErrors: recent })
  } catch (error) {
    await storage.close()
    throw error
  }
}

type ServeOptions = RelayOptions & { now: Clock; log: Log; recentErrors: () => RecentError[] }

async function serve(storage: Storage, options: ServeOptions): Promise<Relay> {
  const { config, now, log, webRoot, recentErrors, passwords = createPasswords() } = options
  let socket: SocketServer | undefined
  const line = createCommitLine(storage, async (changes) => socket?.told(changes), log)
  const connections: AdminConnections = {
    end: (deviceIds, why) => socket?.end(deviceIds, why),
    disconnect: (userId) => socket?.disconnect(userId),
    isOnline: (deviceId) => socket?.isOnline(deviceId) ?? false,
    count: () => socket?.count() ?? { devices: 0, users: 0 }
  }
  const guard = createGuard(config.rateLimit, now)
  const domain = await assemble({ config, storage, line, passwords, guard, connections, recentErrors, now, log })
  const { desk, invites } = domain
  const { addressOf, isProxy } = createAddresses(config.trustedProxies)
  const reading = createReading(storage, log)
  const shared = {
    relay: { id: storage.relayId, version: relayVersion() },
    sessions: domain.sessions,
    reading,
    guard,
    addressOf,
    isAllowedOrigin: createOriginCheck(config),
    rateLimit: config.rateLimit,
    trouble: () => storage.trouble,
    now,
    timer: options.timer ?? startTimer,
    log
  }
  const app = createApp({
    ...domain,
    ...shared,
    isSecure: config.publicUrl?.startsWith('https:') ?? false,
    writing: createWriting(domain.context),
    present: async (userIds) => (await socket?.present(userIds)) ?? [],
    ...(webRoot === undefined ? {} : { webRoot })
  })
  const bounds = { ...HTTP_BOUNDS, ...options.httpBounds }
  const http = createServer(bounds, app)
  const certificate = config.tls === 'own' ? await certificateOf(config, now) : undefined
  const tls = certificate && hearTlsToo(http, certificate.pem, bounds.headersTimeout ?? HEADERS_TIMEOUT_MS)
  const pushes = createPushes(domain.context)
  socket = createSocketServer(http, {
    ...shared,
    isProxy,
    epoch: storage.epoch,
    pushes,
    facts: createLiveFacts(storage),
    entries: createMemoryEntries(shared)
  })
  const unwatch = storage.watchTrouble(() => socket?.announceStorage())
  const { address, port } = await listen(http, config)
  const door = await openAdminDoor(domain, log)
  const hideDoor = await announceAdminDoor(config.dataDir, door, log)

  let stopped: Promise<void> | undefined
  const stop = async (server: SocketServer): Promise<void> => {
    server.announceStop()
    // Before anything is waited for: nothing is taken into the line from here on.
    const done = line.stop()
    unwatch()
    await hideDoor()
    await door.close()
    const closed = new Promise((resolve) => http.close(resolve))
    tls?.closeUnheard()
    await done
    // Who is in the middle of a request is not waited for any longer than the others.
    const patience = setTimeout(() => http.closeAllConnections(), CLOSE_GRACE_MS)
    await server.closeConnections(CLOSE_GRACE_MS)
    clearTimeout(patience)
    http.closeAllConnections()
    await closed
    await storage.close()
  }
  return {
    address,
    port,
    url: config.publicUrl ?? `${certificate ? 'https' : 'http'}://${openableHost(config.host)}:${port}/`,
    ...(desk.ownerCode === undefined ? {} : { ownerCode: desk.ownerCode }),
    ...(certificate === undefined ? {} : { fingerprint: certificate.fingerprint }),
    storage,
    hasOwner: () => desk.hasOwner(),
    connected: () => connectedTo(socket, storage),
    invite: () => invites.make(OPERATOR),
    stop: () => (stopped ??= stop(socket))
  }
}

function certificateOf({ dataDir, host, publicUrl }: Config, now: Clock): Promise<OwnCertificate> {
  const wildcard = host === '0.0.0.0' || host === '::'
  const names = [...(wildcard ? [] : [host]), ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])]
  return ownCertificate({ dataDir, names, now })
}

async function connectedTo(socket: SocketServer, storage: Storage): Promise<Connected> {
  const { devices, users } = socket.count()
  const seen = await socket.present(socket.userIds())
  const people = await Promise.all(seen.slice(0, MAX_NAMES_OF_CONNECTED).map(({ userId }) => storage.user(userId)))
  return { people: users, devices, names: people.flatMap((user) => user?.displayName ?? []).toSorted() }
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
      return new StartError(
        `Port ${port} of ${host} is in use by another program: set PORT to a free one.`,
        'port-in-use'
      )
    case 'EACCES':
      return new StartError(`Port ${port} of ${host} may not be used by this user: set PORT to one above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`HOST is ${host}, which is no address of this machine.`, 'address-gone')
    default:
      return new StartError(`The relay cannot listen on port ${port} of ${host}: ${error.message}.`)
  }
}

/** An address that a browser on this machine opens: the wildcards are none. */
function openableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
