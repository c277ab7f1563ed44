// Lets an HTTP server hear TLS on the port on which it hears plain http: the first byte of a connection says which it is. Knows no routes and no
// certificates' lives.
import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** What a TLS connection begins with: a record of the handshake (RFC 8446, 5.1). No HTTP method begins so. */
const TLS_HANDSHAKE = 0x16

export interface TlsSide {
  /** Ends the connections that are heard by nobody yet: those that have said nothing, and those that are in their handshake. */
  closeUnheard(): void
}

/**
 * To be called before anybody else listens for the server's connections. Requests of both kinds come to the one server; those that came by TLS have
 * an `encrypted` socket.
 * @param pem key and certificate
 * @param patienceMs how long a connection may say nothing, and how long a handshake may take
 */
export function hearTlsToo(http: HttpServer, pem: string, patienceMs: number): TlsSide {
  const hear = http.listeners('connection')[0]
  if (hear === undefined) throw new Error('an HTTP server listens for its connections')
  http.removeAllListeners('connection')
  const unheard = new Map<string, Socket>()

  const tls = createTlsServer({ key: pem, cert: pem, ALPNProtocols: ['http/1.1'], handshakeTimeout: patienceMs })
  tls.on('secureConnection', (socket) => {
    unheard.delete(endsOf(socket))
    hear.call(http, socket)
  })
  tls.on('tlsClientError', (_error, socket) => socket.destroy())

  http.on('connection', (socket: Socket) => {
    const ends = endsOf(socket)
    unheard.set(ends, socket)
    const stop = firstByteOf(socket, patienceMs, (byte) => {
      if (byte !== TLS_HANDSHAKE) {
        unheard.delete(ends)
        return hear.call(http, socket)
      }
      // As https servers have it: who goes in the middle of a handshake has gone.
      socket.allowHalfOpen = false
      tls.emit('connection', socket)
    })
    socket.once('close', () => {
      stop()
      if (unheard.get(ends) === socket) unheard.delete(ends)
    })
  })
  return {
    closeUnheard() {
      for (const socket of unheard.values()) socket.destroy()
    }
  }
}

/** No two connections have the same at one time; a TLS socket has those of the connection that it is made of. */
function endsOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return [localAddress, localPort, remoteAddress, remotePort].join(' ')
}

/** Calls back with the first byte, which stays unread. A connection that says nothing in time, or ends without a word, is ended. @returns its stop */
function firstByteOf(socket: Socket, patienceMs: number, heard: (byte: number) => void): () => void {
  const patience = setTimeout(() => socket.destroy(), patienceMs)
  const end = (): void => void socket.destroy()
  const stop = (): void => {
    clearTimeout(patience)
    socket.off('readable', look).off('end', end).off('error', end)
  }
  const look = (): void => {
    const bytes = socket.read(1) as Buffer | null
    const byte = bytes?.[0]
    if (bytes === null || byte === undefined) return
    stop()
    socket.unshift(bytes)
    heard(byte)
  }
  socket.on('readable', look).on('end', end).on('error', end)
  return stop
}
