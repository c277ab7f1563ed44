// Tells devices what was stored, and keeps each connection in the streams that its user may hear [S11]. Telling may be lost: pulls repair that.
import { MAX_HINT_BYTES } from '../../protocol/limits.ts'
import type { MemberRecord } from '../../protocol/records.ts'
import type { Changed } from '../../protocol/socket.ts'
import { readsStream, roomOfReads, roomOfStream, roomStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { jsonBytes } from '../bytes.ts'
import type { Timer } from '../clock.ts'
import type { Told } from '../domain/commit-line.ts'
import type { Reading } from '../domain/reading.ts'
import { grouped } from '../grouped.ts'
import type { Log } from '../log.ts'
import { Floors, lateJoins } from './floors.ts'
import { gatherReads } from './gathered-reads.ts'
import { KnownAsides, movesOf } from './moves.ts'
import type { Move } from './moves.ts'
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
  /** Per user, for each connection that is still joining, the rooms that opened or closed meanwhile: newer than what it reads. */
  const joining = new Map<string, Set<Map<string, boolean>>>()
  const asides = new KnownAsides()
  const floors = new Floors()
  const reads = gatherReads(timer, tell)

  function move({ userId, roomId, parentId, in: isIn, hears }: Move): void {
    for (const moved of joining.get(userId) ?? []) moved.set(roomId, isIn)
    if (parentId !== undefined) asides.add(userId, { roomId, parentId })
    const streams = [roomId, ...asides.of(userId, roomId)].flatMap(streamsOf)
    if (hears) {
      io.in(userStream(userId)).socketsJoin(streams)
    } else if (!isIn) {
      io.in(userStream(userId)).socketsLeave(streams)
      floors.set(roomId, userId, 0)
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

  /** Who is not connected has nothing to be moved out of. */
  function forgetIfGone(userId: string): void {
    if (listeners(userStream(userId)).size === 0 && !joining.has(userId)) asides.forget(userId)
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
      const moves = movesOf(changes)
      for (const each of moves) if (!each.in) move(each)
      const late = lateJoins(changes)
      if (late.length > 0) await setFloors(late)
      for (const each of moves) if (each.in) move(each)
      for (const change of changes) {
        if (roomOfReads(change.stream) === undefined) tell(change)
        // Also while nobody listens: what is told together must have no gap for who comes meanwhile.
        else reads.add(change)
      }
    },

    async join(socket) {
      const { user, deviceId } = socket.data
      const moved = new Map<string, boolean>()
      const others = joining.get(user.id) ?? new Set()
      joining.set(user.id, others.add(moved))
      try {
        const own: StreamId[] = [USERS_STREAM, userStream(user.id)]
        await socket.join([...own, deviceRoom(deviceId)])
        const rooms = await reading.joinedRooms(user.id)
        const joined = new Set(rooms.map(({ roomId }) => roomId))
        const isIn = (roomId: string): boolean => moved.get(roomId) ?? joined.has(roomId)
        for (const { roomId, parentId, floor } of rooms) {
          if (!moved.has(roomId)) floors.set(roomId, user.id, floor)
          if (parentId !== undefined) asides.add(user.id, { roomId, parentId })
        }
        const heard = rooms.filter(({ roomId, parentId = roomId }) => isIn(roomId) && isIn(parentId))
        await socket.join(heard.flatMap(({ roomId }) => streamsOf(roomId)))
      } finally {
        others.delete(moved)
        if (others.size === 0) joining.delete(user.id)
        socket.once('disconnect', () => forgetIfGone(user.id))
        if (socket.disconnected) forgetIfGone(user.id)
      }
    },

    stop: () => reads.stop()
  }
}

function streamsOf(roomId: string): StreamId[] {
  return [roomStream(roomId), readsStream(roomId)]
}
