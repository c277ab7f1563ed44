// How many connections there may be: of one address, before and after they have shown a token, and how much each may send. Knows no tokens and
// no streams.
import type { Server as HttpServer } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import {
  CONNECTION_PACKETS,
  MAX_ADDRESS_CONNECTIONS,
  MAX_ADDRESS_UNKNOWN_CONNECTIONS,
  MAX_USER_CONNECTIONS
} from '../../protocol/limits.ts'
import { userStream } from '../../protocol/streams.ts'
import { addressKey } from '../addresses.ts'
import type { Asker } from '../addresses.ts'
import { tooOften } from '../auth/guard.ts'
import { Shares } from '../auth/shares.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { RelayIo, RelaySocket } from './io.ts'

/** When somebody may come again who found no room. */
const FULL_RETRY_MS = 3_000

export interface Bounds {
  ofAddress: number
  unknownOfAddress: number
  ofUser: number
}
const BOUNDS: Bounds = {
  ofAddress: MAX_ADDRESS_CONNECTIONS,
  unknownOfAddress: MAX_ADDRESS_UNKNOWN_CONNECTIONS,
  ofUser: MAX_USER_CONNECTIONS
}

export interface Doorkeeper {
  /** Whether another connection of this address that has shown no token yet may come. */
  mayCome(asker: Asker): boolean
  /** @throws ProtocolError `rate-limited` if the user has too many already; the connection counts as known from here on */
  admitted(socket: RelaySocket, userId: string): void
}

export interface DoorkeeperParts {
  on: boolean
  addressOf: (asker: Asker) => string
  /** Whether the connection comes from a proxy, which speaks for many. */
  isProxy: (remoteAddress: string | undefined) => boolean
  now: Clock
  log: Log
}

/** @param bounds smaller ones for a test */
export function createDoorkeeper(http: HttpServer, io: RelayIo, parts: DoorkeeperParts, bounds = BOUNDS): Doorkeeper {
  const { on, addressOf, isProxy, now, log } = parts
  const connections = new Counts()
  const unknown = new Counts()
  /** Ends the counting of a connection as unknown. */
  const release = new WeakMap<object, () => void>()

  if (on) {
    http.on('connection', (socket: TcpSocket) => {
      if (isProxy(socket.remoteAddress)) return
      const key = addressKey(socket.remoteAddress ?? 'unknown')
      if (connections.of(key) >= bounds.ofAddress) return void socket.destroy()
      connections.add(key)
      socket.once('close', () => connections.remove(key))
    })
    io.engine.on('connection', (conn: RelaySocket['conn']) => {
      const key = addressKey(addressOf({ headers: conn.request.headers, remoteAddress: conn.remoteAddress }))
      unknown.add(key)
      let counted = true
      const end = (): void => {
        if (counted) unknown.remove(key)
        counted = false
      }
      release.set(conn, end)
      conn.once('close', end)
      watchPackets(conn)
    })
  }

  /** Ends a connection that sends too many packets, of whatever kind. */
  function watchPackets(conn: RelaySocket['conn']): void {
    const share = new Shares(CONNECTION_PACKETS, now, 1)
    let ended = false
    conn.on('packet', () => {
      if (ended || share.take('') === 0) return
      ended = true
      log.warn('a connection that sent too many packets is ended')
      for (const socket of io.sockets.sockets.values()) {
        if (socket.conn !== conn) continue
        socket.emit('relay:notice', { code: 'rate-limited', message: 'this connection sent too much: wait' })
      }
      conn.close()
    })
  }

  return {
    mayCome: (asker) => !on || unknown.of(addressKey(addressOf(asker))) < bounds.unknownOfAddress,
    admitted(socket, userId) {
      release.get(socket.conn)?.()
      const count = io.sockets.adapter.rooms.get(userStream(userId))?.size ?? 0
      if (on && count >= bounds.ofUser) throw tooOften(FULL_RETRY_MS)
    }
  }
}

/** How many there are of each key; nothing is kept of one that has none. */
class Counts {
  readonly #counts = new Map<string, number>()

  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1)
  }

  remove(key: string): void {
    const left = this.of(key) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
  }
}
