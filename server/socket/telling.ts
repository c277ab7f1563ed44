// Tells devices what was stored, and keeps each connection in the streams that its user may hear [S11]. Telling may be lost: pulls repair that.
import { MAX_HINT_BYTES } from '../../protocol/limits.ts'
import type { MemberRecord } from '../../protocol/records.ts'
import type { Changed } from '../../protocol/socket.ts'
import {
  readsStream,
  roomOfReads,
  roomOfStream,
  roomStream,
  userOfStream,
  USERS_STREAM,
  userStream
} from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { jsonBytes } from '../bytes.ts'
import type { Timer } from '../clock.ts'
import type { Told } from '../domain/commit-line.ts'
import type { Reading } from '../domain/reading.ts'
import { grouped } from '../grouped.ts'
import type { Log } from '../log.ts'
import { Floors, lateJoins } from './floors.ts'
import { gatherReads } from './gathered-reads.ts'
import { deviceRoom } from './io.ts'
import type { RelayIo, RelaySocket } from './io.ts'

type Change = Told[number]

export interface Telling {
  /**
   * Moves connections into and out of the rooms that this commit opened or closed to them, then tells each stream once [S15]: who is
   * removed gets nothing of the room from this commit on, who is added hears it from here [S11.1, S11.2]. To be called with one commit
   * after the other. Done when it returns, unless somebody joined a room that was there before: what that one may read is asked first [S11.4].
   */
  told(changes: Told): Promise<void>
  /** Puts a new connection into all its streams; when it resolves, a pull after it misses nothing. */
  join(socket: RelaySocket): Promise<void>
  /** Drops what was gathered and not told yet. */
  stop(): void
}

export interface TellingParts {
  epoch: number
  reading: Pick<Reading, 'joinedRooms' | 'isFromJoining'>
  timer: Timer
  log: Log
}

export function createTelling(io: RelayIo, { epoch, reading, timer, log }: TellingParts): Telling {
  /** Per user, for each connection that is still joining, the rooms that were told meanwhile: newer than what it reads. */
  const joining = new Map<string, Set<Set<string>>>()
  const floors = new Floors()
  const reads = gatherReads(timer, tell)

  function move({ stream, records }: Change, way: 'in' | 'out'): void {
    const userId = userOfStream(stream)
    if (userId === undefined) return
    for (const record of records) {
      if (record.type !== 'membership' || (record.state === 'joined') !== (way === 'in')) continue
      for (const moved of joining.get(userId) ?? []) moved.add(record.roomId)
      const streams = [roomStream(record.roomId), readsStream(record.roomId)]
      if (way === 'in') {
        io.in(stream).socketsJoin(streams)
      } else {
        io.in(stream).socketsLeave(streams)
        floors.set(record.roomId, userId, 0)
      }
    }
  }

  /** [S11.4] Before they are moved in, so that nobody hears a room without it. */
  async function setFloors(late: readonly MemberRecord[]): Promise<void> {
    for (const [roomId, members] of grouped(late, (member) => member.roomId)) {
      const isFromJoining = await reading.isFromJoining(roomId).catch((error: unknown) => {
        log.error('who joined a room cannot be told of it; their devices come again', { error, roomId })
        for (const { userId } of members) closeConnections(userId)
        return true
      })
      for (const { userId, joinedSeq } of members) floors.set(roomId, userId, isFromJoining ? joinedSeq : 0)
    }
  }

  function closeConnections(userId: string): void {
    for (const socketId of listeners(userStream(userId))) io.sockets.sockets.get(socketId)?.conn.close()
  }

  /** One relay, one process: its own adapter knows everybody who listens. */
  function listeners(stream: StreamId): ReadonlySet<string> {
    return io.sockets.adapter.rooms.get(stream) ?? new Set()
  }

  function tell({ stream, from, through, records }: Change): void {
    if (listeners(stream).size === 0) return
    const changed: Changed = { epoch, stream, from, through }
    if (jsonBytes(records) > MAX_HINT_BYTES) {
      io.to(stream).emit('sync:changed', changed)
      return
    }
    const roomId = roomOfStream(stream)
    const below = roomId === undefined ? [] : floors.below(roomId, records)
    let others = io.to(stream)
    for (const { userIds, readable } of below) {
      others = others.except(userIds.map(userStream))
      io.to(userIds.map(userStream)).emit('sync:changed', { ...changed, records: readable })
    }
    others.emit('sync:changed', { ...changed, records })
  }

  return {
    async told(changes) {
      for (const change of changes) move(change, 'out')
      const late = lateJoins(changes)
      if (late.length > 0) await setFloors(late)
      for (const change of changes) move(change, 'in')
      for (const change of changes) {
        if (roomOfReads(change.stream) === undefined) tell(change)
        // Also while nobody listens: what is told together must have no gap for who comes meanwhile.
        else reads.add(change)
      }
    },

    async join(socket) {
      const { user, deviceId } = socket.data
      const moved = new Set<string>()
      const others = joining.get(user.id) ?? new Set()
      joining.set(user.id, others.add(moved))
      try {
        const own: StreamId[] = [USERS_STREAM, userStream(user.id)]
        await socket.join([...own, deviceRoom(deviceId)])
        const rooms = (await reading.joinedRooms(user.id)).filter(({ roomId }) => !moved.has(roomId))
        for (const { roomId, floor } of rooms) floors.set(roomId, user.id, floor)
        await socket.join(rooms.flatMap(({ roomId }) => [roomStream(roomId), readsStream(roomId)]))
      } finally {
        others.delete(moved)
        if (others.size === 0) joining.delete(user.id)
      }
    },

    stop: () => reads.stop()
  }
}
