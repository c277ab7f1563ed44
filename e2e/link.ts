// The cable between a device and the relay: a TCP proxy that can be cut, or lose what the relay says, for real.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

export class Link {
  port = 0
  readonly #targetPort: () => number
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #deaf = false
  #lostBytes = 0

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

  /** From now on the relay hears the device, but nothing that it says arrives, until `cut`. */
  loseAnswers(): void {
    this.#deaf = true
    this.#lostBytes = 0
  }

  /** Bytes from the relay that were lost since `loseAnswers`. */
  get lostBytes(): number {
    return this.#lostBytes
  }

  /** Listens again, on the same port as before. */
  async heal(): Promise<void> {
    this.#deaf = false
    if (this.#server) return
    const server = createServer((near) => this.#join(near))
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the link has no port')
    this.port = address.port
    this.#server = server
  }

  #join(near: Socket): void {
    const far = connect(this.#targetPort(), '127.0.0.1')
    const track = (socket: Socket, other: Socket) => {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
    track(near, far)
    track(far, near)
    near.pipe(far)
    far.on('data', (bytes) => {
      if (this.#deaf) this.#lostBytes += bytes.length
      else if (!near.write(bytes)) {
        far.pause()
        near.once('drain', () => far.resume())
      }
    })
    far.on('end', () => near.end())
  }
}
