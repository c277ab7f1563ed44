// Fills a relay's storage before it starts with what the client's benchmark needs: two people in many rooms that both have read, and one
// long room that only the second one is in.
import { randomBytes } from 'node:crypto'
import { silentLog } from '../../server/log.ts'
import { openStorage } from '../../server/open-storage.ts'
import type { Storage } from '../../server/storage/port.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { Seat } from '../plan.ts'
import { putPeople } from '../seed.ts'
import type { Place } from '../seed.ts'

const AT = Date.parse('2026-01-01T00:00:00.000Z')
const PER_COMMIT = 500
const WORDS =
  'we met at the corner by the old bridge and walked along the river until it was dark, 내일 다시 만나요, see you there around six '

export interface SeededRoom {
  id: string
  name: string
  /** Where its messages begin: rev of a message is its seq and this. */
  revBefore: number
}

export interface SeededRooms {
  /** The one who is looked at, and the other. */
  seats: [Seat, Seat]
  rooms: SeededRoom[]
  archive: SeededRoom
}

/** What one message says: its place first, so that it can be found, then 20 to 140 characters. */
export function bodyOf(room: string, seq: number): string {
  const length = 20 + ((seq * 37) % 121)
  return `${markOf(room, seq)}${WORDS.slice(seq % 50)}${WORDS}`.slice(0, length).trimEnd()
}

/** How the message begins. */
export function markOf(room: string, seq: number): string {
  return `${room} · ${seq}. `
}

/** Made from its place, so that rows can be made again without asking for them. */
export function messageIdOf(room: string, seq: number): string {
  const number = room.replaceAll(/\D/g, '').padStart(4, '0').slice(-4)
  return `01930000-${number}-7000-8000-${seq.toString(16).padStart(12, '0')}`
}

export function timeOf(seq: number): string {
  return new Date(AT + seq * 60_000).toISOString()
}

/** The first one of the two writes every third message. */
export function authorOf(seats: readonly [Seat, Seat], seq: number): string {
  return seats[seq % 3 === 0 ? 0 : 1].userId
}

export interface RoomSizes {
  rooms: number
  perRoom: number
  /** Messages of the long room. */
  archived: number
  /** Who is on the relay besides the two, and in no room. */
  others?: number
}

export async function seedRooms(place: Place, sizes: RoomSizes): Promise<SeededRooms> {
  const storage = await openStorage(place, Date.now, silentLog)
  const seat = (): Seat => ({ userId: newId(), deviceId: newId(), token: randomBytes(32).toString('base64url') })
  const seats: [Seat, Seat] = [seat(), seat()]
  await putPeople(storage, seats, 0)
  await putPeople(storage, Array.from({ length: sizes.others ?? 0 }, seat), seats.length)
  const rooms: SeededRoom[] = []
  for (let number = 1; number <= sizes.rooms; number++) {
    rooms.push(await putRoom(storage, `Room ${number}`, seats, seats, sizes.perRoom))
  }
  const archive = await putRoom(storage, 'Archive 9999', seats, [seats[1]], sizes.archived)
  await storage.close()
  return { seats, rooms, archive }
}

async function putRoom(
  storage: Storage,
  name: string,
  seats: [Seat, Seat],
  members: readonly Seat[],
  messages: number
): Promise<SeededRoom> {
  const id = newId()
  const stream = roomStream(id)
  const own: StreamId[] = members.map(({ userId }) => userStream(userId))
  const createdBy = members[0]?.userId ?? ''
  const createdAt = timeOf(0)
  const { value: revBefore } = await storage.commit([stream], async (draft) => {
    await draft.put(stream, { type: 'room', id, kind: 'group', name, createdBy, createdAt })
    for (const { userId } of members) {
      const role = userId === createdBy ? 'owner' : 'member'
      const joined = { state: 'joined', joinedAt: createdAt, joinedSeq: 0 } as const
      await draft.put(stream, { type: 'member', roomId: id, userId, role, ...joined })
    }
    return draft.head(stream)
  })
  for (let done = 0; done < messages; done += PER_COMMIT) {
    await storage.commit([stream], async (draft) => {
      for (let seq = done + 1; seq <= Math.min(done + PER_COMMIT, messages); seq++) {
        const at = { sentAt: timeOf(seq), acceptedAt: timeOf(seq) }
        const [body, authorId] = [bodyOf(name, seq), authorOf(seats, seq)]
        await draft.append({
          type: 'message',
          id: messageIdOf(name, seq),
          roomId: id,
          kind: 'text',
          authorId,
          body,
          ...at
        })
      }
    })
  }
  await storage.commit(own, async (draft) => {
    for (const { userId } of members) {
      const read = { readSeq: messages }
      await draft.put(userStream(userId), {
        type: 'membership',
        roomId: id,
        state: 'joined',
        changedAt: createdAt,
        ...read
      })
    }
  })
  return { id, name, revBefore }
}
