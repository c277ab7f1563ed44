// Stands in for the relay's Socket.IO server: rooms, sockets, emitting, as far as the relay uses them. Packets go to whoever holds the other end.
import type { SocketData } from '../server/socket/io.ts'
import type { RelayIo, RelaySocket } from '../server/socket/io.ts'

/** What the relay can do to one connection. */
export interface Outlet {
  send(event: string, payload: unknown): void
  /** The relay has closed it. */
  closed(): void
}

export type Acknowledge = (answer: unknown) => void

export class SimulatedSocket {
  readonly id: string
  readonly data = {} as SocketData
  readonly rooms = new Set<string>()
  readonly conn = { close: (): void => this.end() }
  readonly #io: SimulatedIo
  readonly #outlet: Outlet
  readonly #left: (() => void)[] = []
  #ended = false

  constructor(id: string, io: SimulatedIo, outlet: Outlet) {
    this.id = id
    this.#io = io
    this.#outlet = outlet
  }

  join(rooms: string | readonly string[]): void {
    if (this.#ended) return
    for (const room of typeof rooms === 'string' ? [rooms] : rooms) {
      this.rooms.add(room)
      const members = this.#io.sockets.adapter.rooms.get(room) ?? new Set<string>()
      this.#io.sockets.adapter.rooms.set(room, members.add(this.id))
    }
  }

  leave(room: string): void {
    this.rooms.delete(room)
    const members = this.#io.sockets.adapter.rooms.get(room)
    members?.delete(this.id)
    if (members?.size === 0) this.#io.sockets.adapter.rooms.delete(room)
  }

  emit(event: string, payload: unknown): void {
    if (!this.#ended) this.#outlet.send(event, payload)
  }

  disconnect(): void {
    this.end()
  }

  once(_event: 'disconnect', listener: () => void): void {
    this.#left.push(listener)
  }

  /** From either end; the other one hears of it, or not, by itself. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    for (const room of this.rooms) this.leave(room)
    this.#io.sockets.sockets.delete(this.id)
    for (const tell of this.#left.splice(0)) tell()
    this.#outlet.closed()
  }

  get ended(): boolean {
    return this.#ended
  }

  get asRelaySocket(): RelaySocket {
    return this as unknown as RelaySocket
  }
}

export class SimulatedIo {
  readonly sockets = {
    adapter: { rooms: new Map<string, Set<string>>() },
    sockets: new Map<string, SimulatedSocket>()
  }
  #last = 0

  open(outlet: Outlet): SimulatedSocket {
    this.#last += 1
    const socket = new SimulatedSocket(`socket-${this.#last}`, this, outlet)
    this.sockets.sockets.set(socket.id, socket)
    return socket
  }

  in(rooms: string | readonly string[]) {
    return this.#select(new Set(typeof rooms === 'string' ? [rooms] : rooms), new Set())
  }

  to(rooms: string | readonly string[]) {
    return this.in(rooms)
  }

  get asRelayIo(): RelayIo {
    return this as unknown as RelayIo
  }

  #select(rooms: ReadonlySet<string>, but: ReadonlySet<string>) {
    const chosen = (): SimulatedSocket[] =>
      [...this.sockets.sockets.values()].filter(
        (socket) => intersect(socket.rooms, rooms) && !intersect(socket.rooms, but)
      )
    const each = (act: (socket: SimulatedSocket) => void): void => {
      for (const socket of chosen()) act(socket)
    }
    return {
      except: (others: string | readonly string[]) =>
        this.#select(rooms, new Set([...but, ...(typeof others === 'string' ? [others] : others)])),
      emit: (event: string, payload: unknown): boolean => {
        each((socket) => socket.emit(event, payload))
        return true
      },
      socketsJoin: (room: string | readonly string[]): void => each((socket) => socket.join(room)),
      socketsLeave: (room: string | readonly string[]): void =>
        each((socket) => {
          for (const one of typeof room === 'string' ? [room] : room) socket.leave(one)
        }),
      disconnectSockets: (): void => each((socket) => socket.disconnect()),
      fetchSockets: async (): Promise<SimulatedSocket[]> => chosen()
    }
  }
}

function intersect(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const one of b) if (a.has(one)) return true
  return false
}
