// Who is there, over all connections of each user, and telling those who watch [S14.2, S14.3]. Time comes by what it is handed. Knows connections by
// their ids and what they hear.
import { PRESENCE_TELL_MS } from '../../protocol/limits.ts'
import type { PersonPresence, Presence, PresentMember } from '../../protocol/live.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { Timer } from '../clock.ts'
import { grouped } from '../grouped.ts'
import type { Log } from '../log.ts'
import type { People } from './people.ts'
import { personPresence, presenceKey } from './person-state.ts'
import type { PresenceEntries, PresenceEntry, Seen } from './port.ts'
import { Watchers } from './watchers.ts'

export interface PresenceParts {
  entries: PresenceEntries
  people: People
  /** What a connection hears now: of rooms, those that its user may read. */
  streamsOf: (connectionId: string) => ReadonlySet<string>
  tell: (connectionIds: readonly string[], people: PersonPresence[]) => void
  timer: Timer
  log: Log
}

interface Connection extends PresenceEntry {
  /** Whether it hears its rooms already; before, it does not count. */
  isIn: boolean
  /** Requests that are being answered: what is told meanwhile waits, so that it arrives behind the answer. */
  answering: number
}

export class PresenceDesk {
  readonly #parts: PresenceParts
  readonly #watchers = new Watchers()
  readonly #connections = new Map<string, Connection>()
  readonly #ofUser = new Map<string, Set<string>>()
  /** Users of whom something is to be told. */
  #changed = new Set<string>()
  #cancel: (() => void) | undefined
  #telling: Promise<void> | undefined
  readonly #unwatch: () => void

  constructor(parts: PresenceParts) {
    this.#parts = parts
    this.#unwatch = parts.entries.watch((userIds) => this.#change(userIds))
  }

  /** A connection came; it is in none of its rooms yet. */
  opened({ connectionId, userId, deviceId }: Omit<PresenceEntry, 'active'>): void {
    this.#connections.set(connectionId, { connectionId, userId, deviceId, active: true, isIn: false, answering: 0 })
  }

  /** From here on the connection counts. */
  async joined(connectionId: string): Promise<void> {
    const connection = this.#connections.get(connectionId)
    if (!connection) return
    connection.isIn = true
    this.#ofUser.set(connection.userId, (this.#ofUser.get(connection.userId) ?? new Set()).add(connectionId))
    this.#change(this.#watchers.untold(connectionId))
    await this.#parts.entries.put(entryOf(connection))
  }

  /** The connection was heard of. */
  async heard(connectionId: string): Promise<void> {
    const connection = this.#connections.get(connectionId)
    if (connection?.isIn) await this.#parts.entries.put(entryOf(connection))
  }

  async ended(connectionId: string): Promise<void> {
    const connection = this.#connections.get(connectionId)
    if (!connection) return
    this.#connections.delete(connectionId)
    this.#watchers.watch(connectionId, [])
    const others = this.#ofUser.get(connection.userId)
    others?.delete(connectionId)
    if (others?.size === 0) this.#ofUser.delete(connection.userId)
    await this.#parts.entries.remove(connection)
  }

  /** What a connection says of itself and asks. @returns everybody it watches now whom it may know of */
  async say(connectionId: string, { active, watch }: Presence): Promise<PersonPresence[]> {
    const connection = this.#connections.get(connectionId)
    if (!connection) return []
    connection.answering += 1
    try {
      if (watch !== undefined) this.#watchers.watch(connectionId, watch)
      if (active !== undefined && active !== connection.active) {
        connection.active = active
        if (connection.isIn) await this.#parts.entries.put(entryOf(connection))
      }
      const watched = this.#watchers.watched(connectionId)
      const seen = await this.#load(watched, (userId) => this.#share(connection, userId))
      return watched.flatMap((userId) => this.#news(connection, userId, seen) ?? [])
    } finally {
      connection.answering -= 1
    }
  }

  /** The user joined or left a room, and the connections have been moved. */
  moved(userId: string): void {
    const watches = [...(this.#ofUser.get(userId) ?? [])].flatMap((id) => this.#watchers.watched(id))
    this.#change([userId, ...watches])
  }

  /** What the user is to others is another now. */
  chose(userId: string): void {
    this.#change([userId])
  }

  /** Those of these users who are connected, without those who are invisible. */
  async present(userIds: readonly string[]): Promise<PresentMember[]> {
    const seen = await this.#parts.entries.of(userIds)
    const connected = userIds.filter((userId) => (seen.get(userId)?.connections.length ?? 0) > 0)
    await this.#parts.people.loadAvailability(connected)
    return connected.flatMap((userId) => {
      const { connections } = seen.get(userId) ?? NEVER_SEEN
      const { state } = this.#person(userId, seen)
      const deviceCount = new Set(connections.map(({ deviceId }) => deviceId)).size
      return state === 'offline' ? [] : { userId, deviceCount, state }
    })
  }

  /** Tells nothing any more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#unwatch()
    this.#cancel?.()
    // Nothing is set going any more.
    this.#cancel = () => undefined
    await this.#telling
  }

  #change(userIds: Iterable<string>): void {
    for (const userId of userIds) if (this.#watchers.isWatched(userId)) this.#changed.add(userId)
    this.#tellSoon()
  }

  #tellSoon(): void {
    if (this.#changed.size === 0 || this.#cancel || this.#telling) return
    this.#cancel = this.#parts.timer(PRESENCE_TELL_MS, () => {
      this.#cancel = undefined
      const changed = this.#changed
      this.#changed = new Set()
      this.#telling = this.#tell([...changed])
        .catch((error: unknown) => {
          // What could not be asked now is told with what changes next.
          this.#parts.log.warn('who is there could not be told', { error })
          for (const userId of changed) this.#changed.add(userId)
        })
        .then(() => {
          this.#telling = undefined
          this.#tellSoon()
        })
    })
  }

  async #tell(changed: readonly string[]): Promise<void> {
    const isKnownToAny = (userId: string): boolean =>
      [...this.#watchers.watchersOf(userId)].some((id) => {
        const watcher = this.#connections.get(id)
        return watcher !== undefined && this.#share(watcher, userId)
      })
    const seen = await this.#load(changed, isKnownToAny)
    const frames: { connectionId: string; people: PersonPresence[] }[] = []
    const ofConnection = new Map<string, PersonPresence[]>()
    for (const userId of changed) {
      for (const connectionId of this.#watchers.watchersOf(userId)) {
        const connection = this.#connections.get(connectionId)
        if (!connection) continue
        if (connection.answering > 0) {
          this.#changed.add(userId)
          continue
        }
        const before = this.#watchers.told(connectionId, userId)
        const person = this.#news(connection, userId, seen)
        if (!person || presenceKey(person) === before) continue
        const people = ofConnection.get(connectionId) ?? []
        if (people.length === 0) frames.push({ connectionId, people })
        ofConnection.set(connectionId, people)
        people.push(person)
      }
    }
    // Those who are told the same are told together.
    for (const same of grouped(frames, ({ people }) => people.map(({ userId }) => userId).join()).values()) {
      const [first] = same
      if (first)
        this.#parts.tell(
          same.map(({ connectionId }) => connectionId),
          first.people
        )
    }
  }

  /** Asks all that is to be known to say how these are; what follows it without waiting says what is true now. */
  async #load(userIds: readonly string[], isWanted: (userId: string) => boolean): Promise<Map<string, Seen>> {
    const { entries, people } = this.#parts
    await people.loadRooms(userIds.filter((userId) => !this.#ofUser.has(userId)))
    const wanted = userIds.filter(isWanted)
    await people.loadAvailability(wanted)
    const before = await entries.of(wanted)
    await people.loadLastUse(
      wanted.filter((userId) => {
        const { connections, lastSeenMs } = before.get(userId) ?? NEVER_SEEN
        return connections.length === 0 && lastSeenMs === undefined
      })
    )
    // Answers that are ready go out before what is told next.
    await new Promise(setImmediate)
    return entries.of(wanted)
  }

  /** What the connection may know of the user; remembers that it was told. */
  #news(connection: Connection, userId: string, seen: Map<string, Seen>): PersonPresence | undefined {
    const isKnown = seen.has(userId) && this.#parts.people.availability(userId) !== undefined
    const person = isKnown && this.#share(connection, userId) ? this.#person(userId, seen) : undefined
    this.#watchers.setTold(connection.connectionId, userId, person && presenceKey(person))
    return person
  }

  #person(userId: string, seen: Map<string, Seen>): PersonPresence {
    const { people } = this.#parts
    // Of whom it is not known what they chose, nothing is said but that.
    const availability = people.availability(userId) ?? 'invisible'
    return personPresence(userId, seen.get(userId) ?? NEVER_SEEN, availability, people.lastUsedAt(userId))
  }

  /** [S14.2] Whether both are joined in one room now. Costs as much as the one who is in fewer rooms has rooms. */
  #share({ connectionId }: Connection, userId: string): boolean {
    const { streamsOf, people } = this.#parts
    const mine = streamsOf(connectionId)
    const [other] = this.#ofUser.get(userId) ?? []
    const theirs = (other === undefined ? people.rooms(userId) : streamsOf(other)) ?? new Set<string>()
    const [fewer, more] = mine.size < theirs.size ? [mine, theirs] : [theirs, mine]
    for (const stream of fewer) if (more.has(stream) && stream.startsWith(ROOM_STREAMS)) return true
    return false
  }
}

/** What the names of the streams of rooms begin with. */
const ROOM_STREAMS = roomStream('')
const NEVER_SEEN: Seen = { connections: [], lastSeenMs: undefined }

function entryOf({ connectionId, userId, deviceId, active }: Connection): PresenceEntry {
  return { connectionId, userId, deviceId, active }
}
