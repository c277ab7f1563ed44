// Who is connected, in the memory of the one relay that there is. See port.ts.
import { MAX_REMEMBERED_KEYS, PRESENCE_TTL_MS } from '../../protocol/limits.ts'
import type { Clock, Timer } from '../clock.ts'
import { Remembered } from '../remembered.ts'
import type { PresenceEntries, PresenceEntry, Seen } from './port.ts'

interface Held {
  entry: PresenceEntry
  /** In ms since 1970. */
  heardAt: number
}

export function createMemoryEntries({ now, timer }: { now: Clock; timer: Timer }): PresenceEntries {
  /** By connection; the one that was not heard of for longest is the first. */
  const all = new Map<string, Held>()
  const ofUser = new Map<string, Map<string, PresenceEntry>>()
  const lastSeen = new Remembered<number>(MAX_REMEMBERED_KEYS)
  const listeners = new Set<(userIds: readonly string[]) => void>()
  let cancel: (() => void) | undefined

  function tell(userIds: readonly string[]): void {
    if (userIds.length > 0) for (const listener of listeners) listener(userIds)
  }

  function drop({ connectionId, userId }: Pick<PresenceEntry, 'connectionId' | 'userId'>, seenAt: number): boolean {
    if (!all.delete(connectionId)) return false
    const connections = ofUser.get(userId)
    connections?.delete(connectionId)
    if (connections?.size === 0) {
      ofUser.delete(userId)
      lastSeen.set(userId, seenAt)
    }
    return true
  }

  /** Costs as much as there is to be dropped. */
  function dropExpired(): void {
    const dropped: string[] = []
    for (const { entry, heardAt } of all.values()) {
      // After a clock was set back they get their time again.
      if (heardAt > now()) all.set(entry.connectionId, { entry, heardAt: now() })
      else if (now() - heardAt < PRESENCE_TTL_MS) break
      else if (drop(entry, heardAt)) dropped.push(entry.userId)
    }
    tell(dropped)
  }

  function watchNext(): void {
    const [next] = all.values()
    if (cancel || !next) return
    cancel = timer(Math.max(1, next.heardAt + PRESENCE_TTL_MS - now()), () => {
      cancel = undefined
      dropExpired()
      watchNext()
    })
  }

  function seenOf(userId: string): Seen {
    const connections = [...(ofUser.get(userId)?.values() ?? [])]
    return { connections, lastSeenMs: connections.length === 0 ? lastSeen.get(userId) : undefined }
  }

  return {
    async put(entry) {
      const { connectionId, userId, active } = entry
      const before = all.get(connectionId)?.entry
      all.delete(connectionId)
      all.set(connectionId, { entry, heardAt: now() })
      const connections = ofUser.get(userId) ?? new Map<string, PresenceEntry>()
      ofUser.set(userId, connections.set(connectionId, entry))
      watchNext()
      if (before?.active !== active) tell([userId])
    },

    async remove(entry) {
      if (drop(entry, now())) tell([entry.userId])
    },

    async of(userIds) {
      dropExpired()
      return new Map(userIds.map((userId) => [userId, seenOf(userId)]))
    },

    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    async close() {
      listeners.clear()
      cancel?.()
      all.clear()
      ofUser.clear()
    }
  }
}
