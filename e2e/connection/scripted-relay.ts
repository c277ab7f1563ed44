// A Socket.IO server that behaves or misbehaves as a test wants a relay to, and the client's connection to it.
import { createServer } from 'node:http'
import type { AddressInfo, Socket as NetSocket } from 'node:net'
import { filter, firstValueFrom } from 'rxjs'
import { Server } from 'socket.io'
import type { Socket } from 'socket.io'
import type { Welcome } from '../../protocol/socket.ts'
import type { Connection, ConnectionStatus } from '../../src-renderer/connection/connection.ts'
import { startConnection } from '../../src-renderer/connection/socket-connection.ts'
import type { ConnectionOptions } from '../../src-renderer/connection/socket-connection.ts'
import type { Surroundings } from '../../src-renderer/connection/surroundings.ts'

export const welcome: Welcome = {
  protocol: 1,
  relay: { id: 'relay-1', version: 'test' },
  epoch: 3,
  user: {
    type: 'user',
    rev: 1,
    id: '01a1f000-0000-7000-8000-000000000001',
    username: 'anna',
    displayName: 'Anna',
    role: 'owner',
    createdAt: '2026-01-01T00:00:00.000Z'
  },
  deviceId: 'device-1',
  answered: 0,
  serverTime: '2026-01-01T00:00:00.000Z'
}
const ends: (() => void | Promise<void>)[] = []

/** To be called after each test: ends its relays and connections. */
export async function endAll(): Promise<void> {
  for (const end of ends.splice(0).toReversed()) await end()
}

/** @param end what a test has begun besides */
export function atEnd(end: () => void | Promise<void>): void {
  ends.push(end)
}

export interface ScriptedRelay {
  url: string
  server: Server
  /** Transport of each connection, in order. */
  transports: string[]
  /** Raw connections, to stop carrying anything. */
  cables: Set<NetSocket>
  /** Until `stop`, whoever asks for a WebSocket hears nothing, as of a host that is not there. */
  swallowUpgrades: () => { readonly count: number; stop: () => void }
  stop: () => Promise<void>
}

/** A server that welcomes everybody, unless told otherwise. Short pings, so that tests need not wait. */
export async function startRelay(
  options: {
    onSocket?: (socket: Socket) => void
    refuse?: { code: string; message: string }
    upgrades?: boolean
    pings?: { pingInterval: number; pingTimeout: number }
  } = {}
): Promise<ScriptedRelay> {
  const http = createServer()
  const cables = new Set<NetSocket>()
  http.on('connection', (cable) => cables.add(cable))
  const server = new Server(http, { pingInterval: 50, pingTimeout: 50, ...options.pings, serveClient: false })
  // A network that lets no WebSocket through.
  if (options.upgrades === false) {
    http.removeAllListeners('upgrade')
    http.on('upgrade', (_request, cable: NetSocket) => cable.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
  }
  const transports: string[] = []
  server.use((_socket, next) => {
    if (options.refuse) next(Object.assign(new Error(options.refuse.message), { data: options.refuse }))
    else next()
  })
  server.on('connection', (socket) => {
    transports.push(socket.conn.transport.name)
    if (options.onSocket) options.onSocket(socket)
    else socket.emit('relay:welcome', welcome)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const swallowUpgrades: ScriptedRelay['swallowUpgrades'] = () => {
    const upgrades = http.listeners('upgrade') as ((...args: unknown[]) => void)[]
    const swallowed = {
      count: 0,
      stop: () => {
        http.removeAllListeners('upgrade')
        for (const upgrade of upgrades) http.on('upgrade', upgrade)
      }
    }
    http.removeAllListeners('upgrade')
    http.on('upgrade', () => (swallowed.count += 1))
    return swallowed
  }
  const stop = async (): Promise<void> => {
    for (const cable of cables) cable.destroy()
    await server.close()
  }
  ends.push(stop)
  return { url: `http://127.0.0.1:${port}`, server, transports, cables, swallowUpgrades, stop }
}

/** `seen`: every status so far, in words. */
export function connect(
  url: string,
  options: Partial<ConnectionOptions> = {}
): { connection: Connection; seen: string[] } {
  const connection = startConnection({ url, token: 'token-1', random: () => 0, ...options })
  const seen: string[] = []
  connection.status.subscribe((status) =>
    seen.push('reason' in status ? `${status.name} ${status.reason}` : status.name)
  )
  ends.push(() => connection.stop())
  return { connection, seen }
}

/** Resolves with the first status of this name. */
export const reached = async (connection: Connection, name: ConnectionStatus['name']): Promise<ConnectionStatus> =>
  firstValueFrom(connection.status.pipe(filter((status) => status.name === name)))

/** Surroundings that a test wakes. */
export function wakeable(): Surroundings & { online: boolean; wake: () => void } {
  const all = new Set<() => void>()
  const surroundings = {
    online: true,
    isOnline: () => surroundings.online,
    onWake: (run: () => void) => {
      all.add(run)
      return () => all.delete(run)
    },
    wake: () => {
      for (const run of all) run()
    }
  }
  return surroundings
}
