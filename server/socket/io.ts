// The types of the relay's Socket.IO server, said once.
import type { DefaultEventsMap, Server, Socket } from 'socket.io'
import type { ClientToRelayEvents, RelayToClientEvents } from '../../protocol/socket.ts'
import type { UserRecord } from '../../protocol/records.ts'

/** Whose connection it is, since the handshake [S17]. */
export interface SocketData {
  user: UserRecord
  deviceId: string
}

export type RelayIo = Server<ClientToRelayEvents, RelayToClientEvents, DefaultEventsMap, SocketData>
export type RelaySocket = Socket<ClientToRelayEvents, RelayToClientEvents, DefaultEventsMap, SocketData>

/** The Socket.IO room of a device's connections. Streams are rooms under their own names. */
export function deviceRoom(deviceId: string): string {
  return `device:${deviceId}`
}
