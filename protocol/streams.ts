// The names of streams (SPEC §2).

export type StreamId = 'users' | `user:${string}` | `room:${string}` | `reads:${string}`

export const USERS_STREAM = 'users' satisfies StreamId

export function userStream(userId: string): StreamId {
  return `user:${userId}`
}

export function roomStream(roomId: string): StreamId {
  return `room:${roomId}`
}

export function readsStream(roomId: string): StreamId {
  return `reads:${roomId}`
}

/** The room of a `reads:` stream, else undefined. */
export function roomOfReads(stream: StreamId): string | undefined {
  return stream.startsWith('reads:') ? stream.slice('reads:'.length) : undefined
}

/** The room of a `room:` stream, else undefined. */
export function roomOfStream(stream: StreamId): string | undefined {
  return stream.startsWith('room:') ? stream.slice('room:'.length) : undefined
}

/** The user of a `user:` stream, else undefined. */
export function userOfStream(stream: StreamId): string | undefined {
  return stream.startsWith('user:') ? stream.slice('user:'.length) : undefined
}
