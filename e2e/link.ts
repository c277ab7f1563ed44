// The cable between a device and the relay: a TCP proxy that can be cut for real.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

export class Link {
  port = 0
  readonly #targetPort: () => number
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  private constructor(targetPort: () => number) {
    this.#targetPort = targetPort
  }

  /** @param targetPort asked for each connection, so that the relay may be restarted. */
  static async to(targetPort: () => number): Promise<Link> {
    const link = new Link(targetPort)
    await link.heal()
    return link
  }

  /** Every connection breaks and new ones are refused. */
  async cut(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  /** Listens again, on the same port as before. */
  async heal(): Promise<void> {
    if (this.#server) return
    const server = createServer((near) => {
      const far = connect(this.#targetPort(), '127.0.0.1')
      for (const [socket, other] of [
        [near, far],
        [far, near]
      ] as const) {
        this.#sockets.add(socket)
        socket.on('error', () => other.destroy())
        socket.on('close', () => {
          this.#sockets.delete(socket)
          other.destroy()
        })
        socket.pipe(other)
      }
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the link has no port')
    this.port = address.port
    this.#server = server
  }
}
