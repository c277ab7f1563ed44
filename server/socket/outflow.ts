// What waits to be sent on each connection: bounded, for each and for all together, by cutting off who does not take it. Knows nothing of what
// is sent; whoever was cut off comes back and pulls.
import { ServerResponse } from 'node:http'
import { MAX_WAITING_BYTES, MAX_WAITING_BYTES_OF_ALL, WAITING_BYTES_BEFORE_ANSWERS } from '../../protocol/limits.ts'
import type { Log } from '../log.ts'
import type { RelayIo, RelaySocket } from './io.ts'

/** How often all connections are looked at: between two looks they can grow by what the relay writes meanwhile, and by no more. */
const LOOK_INTERVAL_MS = 100
/** What an ended connection gets to take what was written to it, a last notice for example. */
const LAST_WORDS_MS = 2_000

export interface Outflow {
  /**
   * Resolves when the connection has taken so much of what waits for it that an answer may be added, at once if it has already, and also
   * when it has ended.
   */
  room(socket: RelaySocket): Promise<void>
  /** What the connection has not taken yet of all that was sent to it. */
  waitingBytes(conn: Connection): number
  /** Looks no more, and ends what has not ended: what was not taken by now never is. */
  stop(): void
}

type Connection = RelaySocket['conn']

/** What engine.io keeps to itself: the packets that its transport cannot take yet, and the WebSocket below. */
interface Insides {
  writeBuffer: { data?: unknown }[]
  transport: { socket?: { bufferedAmount: number; terminate(): void } }
}

/** @param bounds smaller ones for a test */
export function createOutflow(
  io: RelayIo,
  log: Log,
  bounds = { each: MAX_WAITING_BYTES, all: MAX_WAITING_BYTES_OF_ALL }
): Outflow {
  /** Answers to long-polling that were written and not taken yet, by Engine.IO session. */
  const polled = new Map<string, Set<ServerResponse>>()
  /** Cut off, or ended otherwise, with something still to be taken. */
  const ending = new Set<Connection>()
  /** Who waits for room, with the way to tell them. */
  const held = new Map<RelaySocket, (() => void)[]>()

  io.engine.use((request: { method: string; _query?: { sid?: string } }, response: unknown, next: () => void) => {
    const sid = request._query?.sid
    // The request that upgrades to a WebSocket comes here too; engine.io gives it something that only looks like a response.
    if (sid !== undefined && request.method === 'GET' && response instanceof ServerResponse) {
      const answers = polled.get(sid) ?? new Set()
      polled.set(sid, answers.add(response))
      response.once('close', () => {
        answers.delete(response)
        if (answers.size === 0 && polled.get(sid) === answers) polled.delete(sid)
      })
    }
    next()
  })

  function sid(conn: Connection): string {
    return conn.transport.sid
  }

  function waitingBytes(conn: Connection): number {
    const { writeBuffer, transport } = conn as unknown as Insides
    let bytes = transport.socket?.bufferedAmount ?? 0
    for (const { data } of writeBuffer) bytes += typeof data === 'string' ? data.length : 0
    for (const response of polled.get(sid(conn)) ?? []) bytes += response.writableLength
    return bytes
  }

  function end(conn: Connection): void {
    if (ending.has(conn)) return
    ending.add(conn)
    setTimeout(() => terminate(conn), LAST_WORDS_MS).unref()
  }

  function terminate(conn: Connection): void {
    ending.delete(conn)
    for (const response of polled.get(sid(conn)) ?? []) response.destroy()
    ;(conn as unknown as Insides).transport.socket?.terminate()
    conn.close(true)
  }

  function cutOff(socket: RelaySocket, waiting: number): void {
    const { conn } = socket
    log.warn('a connection that takes too little is cut off', { deviceId: socket.data.deviceId, waiting })
    // What the transport has not been given yet is let go now; the notice takes its place.
    ;(conn as unknown as Insides).writeBuffer.length = 0
    socket.emit('relay:notice', { code: 'too-slow', message: 'this connection took too little of what was sent to it' })
    conn.close()
    end(conn)
  }

  function release(socket: RelaySocket): void {
    const waiters = held.get(socket) ?? []
    held.delete(socket)
    for (const goOn of waiters) goOn()
  }

  function look(): void {
    const all: { socket: RelaySocket; waiting: number }[] = []
    let total = 0
    for (const socket of io.sockets.sockets.values()) {
      const waiting = waitingBytes(socket.conn)
      if (waiting <= WAITING_BYTES_BEFORE_ANSWERS && held.has(socket)) release(socket)
      if (waiting === 0 || ending.has(socket.conn)) continue
      if (waiting > bounds.each) {
        cutOff(socket, waiting)
        continue
      }
      total += waiting
      all.push({ socket, waiting })
    }
    if (total <= bounds.all) return
    for (const { socket, waiting } of all.toSorted((a, b) => b.waiting - a.waiting)) {
      cutOff(socket, waiting)
      total -= waiting
      if (total <= bounds.all) return
    }
  }

  io.on('connection', (socket) => {
    // A connection that ended for another reason, a ping that was not answered for example, does not keep what it did not take either.
    socket.once('disconnect', () => {
      release(socket)
      if (waitingBytes(socket.conn) > 0) end(socket.conn)
    })
  })
  const timer = setInterval(look, LOOK_INTERVAL_MS)
  timer.unref()

  return {
    room(socket) {
      if (!socket.connected || waitingBytes(socket.conn) <= WAITING_BYTES_BEFORE_ANSWERS) return Promise.resolve()
      return new Promise((goOn) => held.set(socket, [...(held.get(socket) ?? []), goOn]))
    },
    waitingBytes,

    stop() {
      clearInterval(timer)
      for (const conn of ending) terminate(conn)
      for (const { conn } of io.sockets.sockets.values()) terminate(conn)
    }
  }
}
