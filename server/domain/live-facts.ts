// What the live lane asks of the storage [S14]: single facts, each of one user. Changes nothing.
import type { Availability } from '../../protocol/live.ts'
import type { Reader } from '../storage/port.ts'
import { requireJoined } from './access.ts'

export interface LiveFacts {
  /** Whether the user may read the room now. @throws ProtocolError `room-not-found`, `not-a-member` */
  requireReader(userId: string, roomId: string): Promise<void>
  availabilityOf(userId: string): Promise<Availability>
  /** The rooms that the user is joined in, without asides: who shares an aside shares its parent. */
  joinedRooms(userId: string): Promise<string[]>
  /** Coarse; undefined of who never had a device. */
  lastUsedAt(userId: string): Promise<string | undefined>
}

export function createLiveFacts(reader: Reader): LiveFacts {
  return {
    async requireReader(userId, roomId) {
      await requireJoined(reader, roomId, userId)
    },

    async availabilityOf(userId) {
      return (await reader.preferences(userId))?.availability ?? 'auto'
    },

    async joinedRooms(userId) {
      const memberships = await reader.memberships(userId)
      return memberships.flatMap(({ roomId, state, parentId }) =>
        state === 'joined' && parentId === undefined ? roomId : []
      )
    },

    async lastUsedAt(userId) {
      const used = (await reader.devicesOf(userId)).map(({ lastUsedAt }) => lastUsedAt)
      return used.toSorted().at(-1)
    }
  }
}
