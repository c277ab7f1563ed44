// The live lane's connections [S14]: who hears what is decided by the streams that a socket is in (telling.ts). Decides nothing about typing and
// presence itself.
import type { PersonPresence, Presence, PresentMember, Typing } from '../../protocol/live.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { Told } from '../domain/commit-line.ts'
import { createLive } from '../live/live.ts'
import type { Connected, Ears, LiveParts } from '../live/live.ts'
import type { RelayIo, RelaySocket } from './io.ts'
import { movesOf } from './moves.ts'

export interface SocketLive {
  /** To be called when a connection comes. */
  opened(socket: RelaySocket): void
  /** When it is in all its streams. */
  joined(socket: RelaySocket): void
  /** @throws ProtocolError `room-not-found`, `not-a-member` [S11] */
  typing(socket: RelaySocket, typing: Typing): Promise<void>
  presence(socket: RelaySocket, presence: Presence): Promise<PersonPresence[]>
  /** Of these users, those who are connected to be seen. */
  present(userIds: readonly string[]): Promise<PresentMember[]>
  /** To be called with one commit after the other, when the connections have been moved by it. */
  told(changes: Told): void
  stop(): Promise<void>
}

const NOTHING: ReadonlySet<string> = new Set()

export function createSocketLive(io: RelayIo, parts: Omit<LiveParts, 'ears'>): SocketLive {
  const ears: Ears = {
    streamsOf: (connectionId) => io.sockets.adapter.sids.get(connectionId) ?? NOTHING,
    connectionsOf: (userId) => io.sockets.adapter.rooms.get(userStream(userId)) ?? NOTHING,
    tellTyping(roomId, { others, own }) {
      const room = io.to(roomStream(roomId)).except(others.except.map(userStream))
      room.emit('live:typing', others.told)
      for (const { userIds, told } of own) io.to(userIds.map(userStream)).emit('live:typing', told)
    },
    tellPresence: (connectionIds, people) => void io.to([...connectionIds]).emit('live:presence', { people })
  }
  const live = createLive({ ...parts, ears })

  return {
    opened(socket) {
      const connected = connectedOf(socket)
      live.opened(connected)
      const heard = (): void => live.heard(connected)
      // Each time the other end has answered a ping.
      socket.conn.on('heartbeat', heard)
      socket.once('disconnect', () => {
        socket.conn.off('heartbeat', heard)
        live.ended(connected)
      })
    },
    joined: (socket) => live.joined(connectedOf(socket)),
    typing: (socket, typing) => live.typing(connectedOf(socket), typing),
    presence: (socket, presence) => live.presence(connectedOf(socket), presence),
    present: (userIds) => live.present(userIds),
    told: (changes) => live.told(changes, new Set(movesOf(changes).map(({ userId }) => userId))),
    stop: () => live.stop()
  }
}

function connectedOf({ id, data: { user, deviceId } }: RelaySocket): Connected {
  return { connectionId: id, userId: user.id, deviceId }
}
