// How somebody is to others [S14.2, S14.3]. Knows nobody who asks.
import type { Availability, PersonPresence } from '../../protocol/live.ts'
import { timeText } from '../clock.ts'
import type { Seen } from './port.ts'

/** @param lastUsedAt what is said of who was not connected since the start */
export function personPresence(
  userId: string,
  seen: Seen,
  availability: Availability,
  lastUsedAt: string | undefined
): PersonPresence {
  if (availability === 'invisible') return { userId, state: 'offline' }
  const { connections, lastSeenMs } = seen
  if (connections.length === 0) {
    const lastSeenAt = lastSeenMs === undefined ? lastUsedAt : timeText(lastSeenMs)
    return { userId, state: 'offline', ...(lastSeenAt === undefined ? {} : { lastSeenAt }) }
  }
  if (availability === 'dnd') return { userId, state: 'dnd' }
  return { userId, state: connections.some(({ active }) => active) ? 'online' : 'away' }
}

/** The same for what looks the same. */
export function presenceKey({ state, lastSeenAt = '' }: PersonPresence): string {
  return `${state} ${lastSeenAt}`
}
