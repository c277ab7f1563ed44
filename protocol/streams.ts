// The names of streams (SPEC §2).
import { z } from 'zod'
import { idSchema } from './values.ts'

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

export const streamSchema = z.string().refine((name): name is StreamId => {
  if (name === USERS_STREAM) return true
  const match = /^(?:user|room|reads):(.+)$/.exec(name)
  return match !== null && idSchema.safeParse(match[1]).success && name === name.toLowerCase()
}, 'must be users, user:<id>, room:<id> or reads:<id>')
