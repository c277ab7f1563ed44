// Fills a relay's storage before it starts, through its driver: people with tokens, a room with all of them, messages.
import { createHash, randomBytes } from 'node:crypto'
import { silentLog } from '../server/log.ts'
import { openStorage } from '../server/open-storage.ts'
import type { Storage } from '../server/storage/port.ts'
import type { StreamId } from '../protocol/streams.ts'
import { roomStream, USERS_STREAM, userStream } from '../protocol/streams.ts'
import { newId } from '../protocol/values.ts'
import type { Seat } from './plan.ts'

const AT = '2026-01-01T00:00:00.000Z'
const PER_COMMIT = 500

export interface Seeded {
  roomId: string
  seats: Seat[]
}

/** Where a relay of the benchmark keeps its data. */
export interface Place {
  dataDir: string
  databaseUrl?: string
}

export interface SeedOptions {
  people: number
  /** Half of them in the first room, the rest spread over `otherRooms`, whose only member is the first person. */
  messages?: number
  otherRooms?: number
  bodyChars: number
}

/** Everybody is a member of the room, and has a device with a token. */
export async function seed(
  place: Place,
  { people, messages = 0, otherRooms = 0, bodyChars }: SeedOptions
): Promise<Seeded> {
  const storage = await openStorage(place, Date.now, silentLog)
  const seats = Array.from({ length: people }, () => ({
    userId: newId(),
    deviceId: newId(),
    token: randomBytes(32).toString('base64url')
  }))
  const roomId = newId()
  for (let at = 0; at < seats.length; at += PER_COMMIT) await putPeople(storage, seats.slice(at, at + PER_COMMIT), at)
  await putRoom(storage, roomId, seats)
  const others = Array.from({ length: otherRooms }, () => newId())
  for (const other of others) await putRoom(storage, other, seats.slice(0, 1))

  const author = seats[0]?.userId ?? ''
  const rooms = [roomId, ...others]
  for (let done = 0; done < messages;) {
    const group = Math.min(PER_COMMIT, messages - done)
    const commit = done / PER_COMMIT
    const room = (commit % 2 === 0 ? roomId : rooms[1 + (Math.floor(commit / 2) % Math.max(1, otherRooms))]) ?? roomId
    await storage.commit([roomStream(room)], async (draft) => {
      for (let nth = 0; nth < group; nth++) {
        const body = `message ${done + nth} `.padEnd(bodyChars, 'x')
        await draft.append({
          type: 'message',
          id: newId(),
          roomId: room,
          kind: 'text',
          authorId: author,
          body,
          sentAt: AT,
          acceptedAt: AT
        })
      }
    })
    done += group
  }
  await storage.close()
  return { roomId, seats }
}

/** People with an account nobody can sign in to by password, and a device with a token each. */
export async function putPeople(storage: Storage, seats: readonly Seat[], first: number): Promise<void> {
  await storage.commit([USERS_STREAM], async (draft) => {
    for (const [index, { userId, deviceId, token }] of seats.entries()) {
      const username = `person${first + index}`
      const role = first + index === 0 ? 'owner' : 'member'
      await draft.put(USERS_STREAM, { type: 'user', id: userId, username, displayName: username, role, createdAt: AT })
      draft.putAccount({ userId, username, passwordHash: 'none' })
      const lastUsedAt = new Date().toISOString()
      const tokenHash = createHash('sha256').update(token).digest('hex')
      const counters = { answered: 0, settled: 0, answers: [] }
      draft.putDevice({ id: deviceId, userId, name: 'bench', tokenHash, createdAt: AT, lastUsedAt, ...counters })
    }
  })
}

async function putRoom(storage: Storage, roomId: string, seats: readonly Seat[]): Promise<void> {
  const stream = roomStream(roomId)
  const own: StreamId[] = seats.map(({ userId }) => userStream(userId))
  const createdBy = seats[0]?.userId ?? ''
  await storage.commit([stream, ...own], async (draft) => {
    await draft.put(stream, { type: 'room', id: roomId, kind: 'group', name: 'Bench', createdBy, createdAt: AT })
    for (const { userId } of seats) {
      const role = userId === createdBy ? 'owner' : 'member'
      await draft.put(stream, { type: 'member', roomId, userId, role, state: 'joined', joinedAt: AT, joinedSeq: 0 })
      await draft.put(userStream(userId), { type: 'membership', roomId, state: 'joined', changedAt: AT })
    }
  })
}
