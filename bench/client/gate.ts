// The address at which browsers find the relay: with the relay behind it, with nobody there, or a black hole that accepts connections and
// never answers.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

/** `open`: to the relay. `shut`: connections are ended at once. `silent`: they are accepted, and what comes is swallowed. */
export type GateState = 'open' | 'shut' | 'silent'

export interface Gate {
  port: number
  /** Breaks the connections that there are. */
  set(state: GateState): void
  close(): Promise<void>
}

export async function openGate(relayPort: number): Promise<Gate> {
  const sockets = new Set<Socket>()
  let state: GateState = 'open'

  function track(socket: Socket, end: () => void): void {
    sockets.add(socket)
    socket.setNoDelay(true)
    // What breaks a connection is followed by its closing.
    socket.on('error', end)
    socket.on('close', () => {
      sockets.delete(socket)
      end()
    })
  }

  const server = createServer((near) => {
    if (state === 'shut') {
      near.destroy()
      return
    }
    if (state === 'silent') {
      track(near, () => near.destroy())
      near.resume()
      return
    }
    const far = connect(relayPort, '127.0.0.1')
    track(near, () => far.destroy())
    track(far, () => near.destroy())
    near.pipe(far)
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gate has no port')
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    set(next) {
      state = next
      breakAll()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      breakAll()
      await closed
    }
  }
}
