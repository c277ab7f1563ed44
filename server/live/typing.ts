// Who types in which rooms, and when that is told [S14.1]. Time comes by what it is handed. Knows no connection but by its id, and nothing of who may
// hear.
import { TYPING_REFRESH_MS, TYPING_TELL_MS, TYPING_TTL_MS } from '../../protocol/limits.ts'
import type { Clock, Timer } from '../clock.ts'

/** A connection whose user types in a room. */
export interface TypingPlace {
  roomId: string
  userId: string
  connectionId: string
}

/** Who types in a room now and who did when it was told last, those who began first at the beginning. */
export interface TypingNews {
  roomId: string
  typers: readonly string[]
  before: readonly string[]
}

export interface TypingParts {
  now: Clock
  timer: Timer
  /** At once when somebody begins, then at most every TYPING_TELL_MS for each room, and every TYPING_REFRESH_MS while it lasts. */
  tell: (news: TypingNews) => void
}

interface RoomTyping {
  /** userId → connectionId → when it is forgotten, in ms since 1970. Those who began first are first. */
  typers: Map<string, Map<string, number>>
  told: readonly string[]
  toldAt: number | undefined
  wakeAt: number
  cancel: () => void
}

export class RoomsTyping {
  readonly #parts: TypingParts
  readonly #rooms = new Map<string, RoomTyping>()
  /** Where each connection types. */
  readonly #places = new Map<string, Map<string, TypingPlace>>()

  constructor(parts: TypingParts) {
    this.#parts = parts
  }

  /** How many rooms are remembered. */
  get size(): number {
    return this.#rooms.size
  }

  /** Of the connection; to be said again within TYPING_TTL_MS. */
  set(place: TypingPlace): void {
    const { roomId, userId, connectionId } = place
    const now = this.#parts.now()
    const room = this.#rooms.get(roomId) ?? emptyRoom()
    this.#rooms.set(roomId, room)
    const connections = room.typers.get(userId)
    if (connections) {
      connections.set(connectionId, now + TYPING_TTL_MS)
    } else {
      room.typers.set(userId, new Map([[connectionId, now + TYPING_TTL_MS]]))
    }
    const places = this.#places.get(connectionId) ?? new Map<string, TypingPlace>()
    this.#places.set(connectionId, places.set(roomId, place))
    if (!connections) this.#changed(roomId, room)
  }

  /** The connection's user types there no more, unless another connection of theirs does. */
  unset({ roomId, userId, connectionId }: TypingPlace): void {
    const room = this.#rooms.get(roomId)
    if (room && this.#drop(room, roomId, userId, connectionId)) this.#changed(roomId, room)
  }

  /** A user types in a room no more, by whatever connection. */
  end(roomId: string, userId: string): void {
    const room = this.#rooms.get(roomId)
    const connections = [...(room?.typers.get(userId)?.keys() ?? [])]
    for (const connectionId of connections) this.unset({ roomId, userId, connectionId })
  }

  /** Where a connection types now. */
  placesOf(connectionId: string): TypingPlace[] {
    return [...(this.#places.get(connectionId)?.values() ?? [])]
  }

  /** Tells nothing any more. */
  stop(): void {
    for (const room of this.#rooms.values()) room.cancel()
    this.#rooms.clear()
    this.#places.clear()
  }

  /** @returns whether the user types there no more */
  #drop(room: RoomTyping, roomId: string, userId: string, connectionId: string): boolean {
    const connections = room.typers.get(userId)
    if (!connections?.delete(connectionId)) return false
    const places = this.#places.get(connectionId)
    places?.delete(roomId)
    if (places?.size === 0) this.#places.delete(connectionId)
    return connections.size === 0 && room.typers.delete(userId)
  }

  /** Costs nothing while the room waits to be told anyway: a thousand who begin at once are looked at together. */
  #changed(roomId: string, room: RoomTyping): void {
    const waitMs = TYPING_TELL_MS - this.#sinceTold(room)
    if (waitMs <= 0) this.#look(roomId, room)
    else if (this.#parts.now() + waitMs < room.wakeAt) this.#wakeIn(waitMs, roomId, room)
  }

  #look(roomId: string, room: RoomTyping): void {
    const now = this.#parts.now()
    const next = this.#forgetExpired(room, roomId, now)
    const typers = [...room.typers.keys()]
    const isNews = !isSame(typers, room.told)
    const everyMs = isNews ? TYPING_TELL_MS : TYPING_REFRESH_MS
    if (this.#sinceTold(room) >= everyMs && (isNews || typers.length > 0)) {
      const before = room.told
      room.told = typers
      room.toldAt = now
      this.#parts.tell({ roomId, typers, before })
    }
    const sinceTold = this.#sinceTold(room)
    const isQuiet = typers.length === 0 && room.told.length === 0
    if (isQuiet && sinceTold >= TYPING_TELL_MS) {
      room.cancel()
      this.#rooms.delete(roomId)
      return
    }
    // A room that went quiet is remembered until it could be told again.
    const untilTold = (isQuiet || !isSame(typers, room.told) ? TYPING_TELL_MS : TYPING_REFRESH_MS) - sinceTold
    this.#wakeIn(Math.min(untilTold, next - now), roomId, room)
  }

  /** @returns when the next one is forgotten */
  #forgetExpired(room: RoomTyping, roomId: string, now: number): number {
    let next = Infinity
    for (const [userId, connections] of room.typers) {
      for (const [connectionId, forgetAt] of connections) {
        // One that would last longer than it may was said before the clock was set back.
        if (forgetAt <= now || forgetAt > now + TYPING_TTL_MS) this.#drop(room, roomId, userId, connectionId)
        else next = Math.min(next, forgetAt)
      }
    }
    return next
  }

  #sinceTold({ toldAt }: RoomTyping): number {
    const ms = toldAt === undefined ? Infinity : this.#parts.now() - toldAt
    return ms < 0 ? Infinity : ms
  }

  #wakeIn(ms: number, roomId: string, room: RoomTyping): void {
    room.cancel()
    room.wakeAt = this.#parts.now() + ms
    room.cancel = this.#parts.timer(ms, () => this.#look(roomId, room))
  }
}

function emptyRoom(): RoomTyping {
  return { typers: new Map(), told: [], toldAt: undefined, wakeAt: Infinity, cancel: () => undefined }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index])
}
