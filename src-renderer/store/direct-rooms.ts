// Which room is the direct one with whom: by the ids, which follow from the two (protocol/derived-ids.ts), so that no member has to be read. Keeps what
// it has computed.
import { directRoomId } from '../../protocol/derived-ids.ts'
import type { OperationOf } from '../../protocol/operations.ts'

export interface DirectRooms {
  roomWith(otherId: string): string
  /** The other person of a direct room; undefined while nobody of that kind is known. */
  otherIn(
    roomId: string,
    createdBy: string | undefined,
    creation: OperationOf<'room.create'> | undefined,
    users: ReadonlyMap<string, unknown>
  ): string | undefined
}

export function createDirectRooms(userId: string): DirectRooms {
  const rooms = new Map<string, string>()
  const others = new Map<string, string>()

  const roomWith = (otherId: string): string => {
    const known = rooms.get(otherId)
    if (known !== undefined) return known
    const roomId = directRoomId(userId, otherId)
    rooms.set(otherId, roomId)
    others.set(roomId, otherId)
    return roomId
  }

  return {
    roomWith,
    otherIn(roomId, createdBy, creation, users) {
      const known = others.get(roomId)
      if (known !== undefined) return known
      for (const likely of [createdBy, creation?.memberIds[0]])
        if (likely !== undefined && likely !== userId && roomWith(likely) === roomId) return likely
      if (createdBy !== undefined && createdBy !== userId) return undefined
      for (const id of users.keys()) if (!rooms.has(id) && id !== userId && roomWith(id) === roomId) return id
      return undefined
    }
  }
}
