// The Socket.IO server: connections come in, are welcomed into their streams, are told and ended. What they ask is answered in requests.ts.
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import { Server } from 'socket.io'
import { ProtocolError } from '../../protocol/errors.ts'
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_PACKET_BYTES,
  PING_INTERVAL_MS,
  PRESENCE_TTL_MS,
  PROTOCOL_VERSION
} from '../../protocol/limits.ts'
import type { PresentMember } from '../../protocol/live.ts'
import { userStream } from '../../protocol/streams.ts'
import type { AddressOf } from '../addresses.ts'
import { tooOften } from '../auth/guard.ts'
import type { Guard } from '../auth/guard.ts'
import type { Notice } from '../../protocol/socket.ts'
import { timeText } from '../clock.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Told } from '../domain/commit-line.ts'
import type { LiveFacts } from '../domain/live-facts.ts'
import type { Pushes } from '../domain/push.ts'
import type { Reading } from '../domain/reading.ts'
import type { SessionEnd, Sessions } from '../domain/sessions.ts'
import type { PresenceEntries } from '../live/port.ts'
import type { Log } from '../log.ts'
import type { OriginCheck } from '../origins.ts'
import { createDoorkeeper } from './doorkeeper.ts'
import { checkHandshake, HandshakeError } from './handshake.ts'
import { deviceRoom } from './io.ts'
import type { RelayIo, RelaySocket } from './io.ts'
import { createSocketLive } from './live.ts'
import type { SocketLive } from './live.ts'
import { createOutflow } from './outflow.ts'
import { createSocketRateLimits } from './rate-limits.ts'
import { createRequestLines } from './request-line.ts'
import { answerRequests } from './requests.ts'
import { createTelling } from './telling.ts'
import type { Telling } from './telling.ts'

/** Ping and answer may each wait behind a long message on a slow line. After both times one counts as absent anyway. */
const PING_TIMEOUT_MS = PRESENCE_TTL_MS - PING_INTERVAL_MS

const STORAGE_UNAVAILABLE = {
  code: 'storage-unavailable',
  message: 'the relay cannot store anything at the moment: what is sent waits'
}
const ENDINGS: Record<SessionEnd, string> = {
  'session-ended': 'the session was ended: sign in again',
  'account-disabled': 'this account may not be used now',
  'account-deleted': 'this account was deleted'
}
const STORAGE_AVAILABLE = { code: 'storage-available', message: 'the relay stores again what is sent' }

export interface SocketParts {
  relay: { id: string; version: string }
  epoch: number
  sessions: Sessions
  pushes: Pushes
  reading: Reading
  facts: LiveFacts
  entries: PresenceEntries
  isAllowedOrigin: OriginCheck
  /** Why nothing can be stored now; undefined while it can. */
  trouble: () => string | undefined
  guard: Guard
  addressOf: AddressOf
  /** Whether a connection from this address speaks for many. */
  isProxy: (remoteAddress: string | undefined) => boolean
  rateLimit: boolean
  now: Clock
  timer: Timer
  log: Log
}

export interface SocketServer {
  /** Tells the streams' devices of a commit; to be called with one after the other. */
  told(changes: Told): Promise<void>
  /** Ends the connections of these devices with a notice of why their sessions have ended. */
  end(deviceIds: readonly string[], why: SessionEnd): void
  /** Ends a user's connections with a notice; the devices may come again. */
  disconnect(userId: string): void
  isOnline(deviceId: string): boolean
  /** [S14.2] Of these users, those who are connected to be seen. */
  present(userIds: readonly string[]): Promise<PresentMember[]>
  /** Of those that are connected now. */
  count(): { devices: number; users: number }
  /** Whose connections there are now. */
  userIds(): string[]
  /** Says to all whether what they send can be stored; to be called when that changed. */
  announceStorage(): void
  /** Refuses new connections and says so to those that are there. */
  announceStop(): void
  /** Closes all connections after what they asked is answered and sent; resolves when they are closed, at the latest after `graceMs`. */
  closeConnections(graceMs: number): Promise<void>
}

/** Of long-polling: as the answers of REST. */
const ANSWER_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'"
}

/** Attaches to the HTTP server; listening is somebody else's. */
export function createSocketServer(http: HttpServer, parts: SocketParts): SocketServer {
  const { sessions, reading, epoch, isAllowedOrigin, log } = parts
  const io: RelayIo = new Server(http, {
    serveClient: false,
    maxHttpBufferSize: MAX_PACKET_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: HANDSHAKE_TIMEOUT_MS,
    perMessageDeflate: false,
    cors: (request, callback) => callback(null, { origin: isAllowedOrigin(request) }),
    allowRequest: (request, callback) => {
      const asker = { headers: request.headers, remoteAddress: request.socket.remoteAddress }
      if (!isAllowedOrigin(request)) callback('origin-not-allowed', false)
      else if (!doorkeeper.mayCome(asker)) callback('rate-limited', false)
      else callback(null, true)
    }
  })
  const doorkeeper = createDoorkeeper(http, io, { ...parts, on: parts.rateLimit })
  // Before the request is looked at: refusals carry them too.
  io.engine.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    for (const [name, value] of Object.entries(ANSWER_HEADERS)) response.setHeader(name, value)
    next()
  })
  const telling = createTelling(io, { epoch, reading, timer: parts.timer, log })
  const live = createSocketLive(io, parts)
  const outflow = createOutflow(io, log)
  const { lineOfConnection, allEnded } = createRequestLines()
  const requestParts = {
    ...parts,
    live,
    limits: createSocketRateLimits(parts.rateLimit, parts.now),
    lineOfConnection,
    outflow
  }
  let stopping = false

  const admit = async (socket: RelaySocket): Promise<HandshakeError | undefined> => {
    const { conn, handshake } = socket
    const address = parts.addressOf({ headers: conn.request.headers, remoteAddress: conn.remoteAddress })
    try {
      if (stopping) throw new ProtocolError('relay-stopping', 'the relay is stopping')
      const session = await checkHandshake(handshake.auth, sessions)
      doorkeeper.admitted(socket, session.user.id)
      parts.guard.known(session.user.username, address)
      Object.assign(socket.data, session)
      return undefined
    } catch (error) {
      if (error instanceof ProtocolError) return new HandshakeError(tooManyTokens(error, address) ?? error)
      log.error('a handshake failed', { error })
      return new HandshakeError(new ProtocolError('relay-error', 'the relay failed on this request'))
    }
  }
  /** What is answered to who tries one token after the other. */
  const tooManyTokens = ({ code }: ProtocolError, address: string): ProtocolError | undefined => {
    const isWrong = code === 'unauthorized' || code === 'token-expired'
    const waitMs = isWrong ? parts.guard.tokenFailed(address) : 0
    return waitMs > 0 ? tooOften(waitMs) : undefined
  }
  io.use((socket, next) => {
    void (async () => next(await admit(socket)))()
  })

  io.on('connection', (socket) => {
    live.opened(socket)
    answerRequests(socket, requestParts)
    welcome(socket, { telling, live }, parts).catch((error: unknown) => {
      if (!(error instanceof ProtocolError)) log.error('a connection could not be welcomed', { error })
      // Without a packet that says goodbye: the device comes again by itself and hears the reason from the handshake.
      socket.conn.close()
    })
  })

  function endConnections(rooms: string[], notice: Notice): void {
    const connections = io.in(rooms)
    connections.emit('relay:notice', notice)
    connections.disconnectSockets(true)
  }

  return {
    async told(changes) {
      await telling.told(changes)
      live.told(changes)
    },
    end(deviceIds, code) {
      if (deviceIds.length > 0) endConnections(deviceIds.map(deviceRoom), { code, message: ENDINGS[code] })
    },
    disconnect(userId) {
      endConnections([userStream(userId)], { code: 'disconnected', message: 'this connection was ended' })
    },
    isOnline: (deviceId) => (io.sockets.adapter.rooms.get(deviceRoom(deviceId))?.size ?? 0) > 0,
    present: (userIds) => live.present(userIds),
    count() {
      const all = [...io.sockets.sockets.values()].map(({ data }) => data)
      const distinct = (ids: string[]): number => new Set(ids).size
      return {
        devices: distinct(all.map(({ deviceId }) => deviceId)),
        users: distinct(all.map(({ user }) => user.id))
      }
    },
    userIds: () => [...new Set([...io.sockets.sockets.values()].map(({ data }) => data.user.id))],
    announceStorage() {
      io.emit('relay:notice', parts.trouble() === undefined ? STORAGE_AVAILABLE : STORAGE_UNAVAILABLE)
    },
    announceStop() {
      stopping = true
      io.emit('relay:notice', { code: 'relay-stopping', message: 'the relay is stopping' })
    },
    async closeConnections(graceMs) {
      telling.stop()
      await live.stop()
      let timer: NodeJS.Timeout | undefined
      const patience = new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))
      await Promise.race([allEnded(), patience])
      const closed = [...io.sockets.sockets.values()].map(
        (socket) => new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
      )
      // Closing the transport alone lets clients come back by themselves.
      for (const socket of io.sockets.sockets.values()) socket.conn.close()
      await Promise.race([Promise.all(closed), patience])
      clearTimeout(timer)
      outflow.stop()
      await io.close()
    }
  }
}

async function welcome(
  socket: RelaySocket,
  { telling, live }: { telling: Telling; live: SocketLive },
  { relay, epoch, sessions, pushes, trouble, now }: SocketParts
): Promise<void> {
  const { user, deviceId } = socket.data
  await telling.join(socket)
  // The session may have been ended between the handshake and joining; from here on its end finds the connection.
  await sessions.stillRuns(deviceId)
  live.joined(socket)
  const { answered } = await pushes.answers({ userId: user.id, deviceId }, { deviceId, after: Number.MAX_SAFE_INTEGER })
  const serverTime = timeText(now())
  socket.emit('relay:welcome', { protocol: PROTOCOL_VERSION, relay, epoch, user, deviceId, answered, serverTime })
  if (trouble() !== undefined) socket.emit('relay:notice', STORAGE_UNAVAILABLE)
}
