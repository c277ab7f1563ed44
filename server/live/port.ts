// The port of who is connected [S14.2]: so that the relays of one address know of each other's connections. Knows nothing of who may hear of whom.
// Every implementation passes `contract.ts`.

/** A connection of a user, as its relay keeps it alive. */
export interface PresenceEntry {
  connectionId: string
  userId: string
  deviceId: string
  active: boolean
}

/** What is known of a user. */
export interface Seen {
  /** Those that count now. */
  connections: readonly Pick<PresenceEntry, 'deviceId' | 'active'>[]
  /** While there is none: when the last one was there, in ms since 1970, if that is known. */
  lastSeenMs: number | undefined
}

export interface PresenceEntries {
  /** Makes an entry, changes it, or says that it is still there: it counts for PRESENCE_TTL_MS from now. May repeat. */
  put(entry: PresenceEntry): Promise<void>
  /** The connection has ended; its user was seen until now. One that is not there stays so. */
  remove(entry: Pick<PresenceEntry, 'connectionId' | 'userId'>): Promise<void>
  /** Of each of these users. */
  of(userIds: readonly string[]): Promise<Map<string, Seen>>
  /** `listener` hears whose connections came, ended, expired or changed, on whatever relay; not of mere repeats. @returns ends that */
  watch(listener: (userIds: readonly string[]) => void): () => void
  /** Lets go of what it holds, tells nothing any more. */
  close(): Promise<void>
}
