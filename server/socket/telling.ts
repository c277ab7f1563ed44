// Tells devices what was stored, and keeps each connection in the streams that its user may hear [S11]. Telling is not waited for and may be
// lost: pulls repair that.
import { MAX_HINT_BYTES } from '../../protocol/limits.ts'
import type { Changed } from '../../protocol/socket.ts'
import { roomStream, userOfStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { jsonBytes } from '../bytes.ts'
import type { Told } from '../domain/commit-line.ts'
import { deviceRoom } from './io.ts'
import type { RelayIo, RelaySocket } from './io.ts'

export interface Telling {
  /**
   * Moves connections into and out of the rooms that this commit opened or closed to them, then tells each stream once [S15]: who is
   * removed gets nothing of the room from this commit on, who is added hears it from here [S11.1, S11.2]. Runs to its end
   * at once, so commits are told in their order.
   */
  told(changes: Told): void
  /** Puts a new connection into all its streams; when it resolves, a pull after it misses nothing. */
  join(socket: RelaySocket): Promise<void>
}

/** @param joinedRooms the rooms that a user is joined in, as stored now */
export function createTelling(
  io: RelayIo,
  { epoch, joinedRooms }: { epoch: number; joinedRooms: (userId: string) => Promise<string[]> }
): Telling {
  /** Per user, for each connection that is still joining, the rooms that were told meanwhile: newer than what it reads. */
  const joining = new Map<string, Set<Set<string>>>()

  function move({ stream, records }: Told[number]): void {
    const userId = userOfStream(stream)
    if (userId === undefined) return
    for (const record of records) {
      if (record.type !== 'membership') continue
      for (const moved of joining.get(userId) ?? []) moved.add(record.roomId)
      const connections = io.in(stream)
      if (record.state === 'joined') connections.socketsJoin(roomStream(record.roomId))
      else connections.socketsLeave(roomStream(record.roomId))
    }
  }

  function tell({ stream, from, through, records }: Told[number]): void {
    // One relay, one process: its own adapter knows everybody who listens.
    if (!io.sockets.adapter.rooms.has(stream)) return
    const changed: Changed = { epoch, stream, from, through }
    if (jsonBytes(records) <= MAX_HINT_BYTES) changed.records = records
    io.to(stream).emit('sync:changed', changed)
  }

  return {
    told(changes) {
      for (const change of changes) move(change)
      for (const change of changes) tell(change)
    },

    async join(socket) {
      const { user, deviceId } = socket.data
      const moved = new Set<string>()
      const others = joining.get(user.id) ?? new Set()
      joining.set(user.id, others.add(moved))
      try {
        const own: StreamId[] = [USERS_STREAM, userStream(user.id)]
        await socket.join([...own, deviceRoom(deviceId)])
        const rooms = await joinedRooms(user.id)
        await socket.join(rooms.filter((roomId) => !moved.has(roomId)).map(roomStream))
      } finally {
        others.delete(moved)
        if (others.size === 0) joining.delete(user.id)
      }
    }
  }
}
