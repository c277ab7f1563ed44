// The directory of open rooms: which there are to join, found by a part of their name. Changes nothing.
import { MAX_OPEN_ROOMS_PAGE } from '../../protocol/limits.ts'
import type { OpenRoom } from '../../protocol/rest.ts'
import type { Reader } from '../storage/port.ts'
import { isJoined } from './access.ts'

/** Rooms that one answer looks at: with a rare name it may come back short, or empty, and still have a next page. */
const MAX_LOOKED_AT = 1_000

/** As `Reading.openRooms`. */
export async function openRooms(
  reader: Reader,
  userId: string,
  { after, query = '' }: { after?: string; query?: string }
): Promise<{ rooms: OpenRoom[]; next: string | null }> {
  const wanted = searchable(query)
  const limit = MAX_OPEN_ROOMS_PAGE
  const rooms: OpenRoom[] = []
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += limit) {
    const found = await reader.rooms({ kinds: ['open'], ...(after === undefined ? {} : { after }), limit })
    for (const { id, name, topic, avatar, closedAt } of found) {
      if (rooms.length === limit) return { rooms, next: after ?? null }
      after = id
      if (closedAt !== undefined || !searchable(name).includes(wanted)) continue
      rooms.push({
        id,
        name,
        ...(topic === undefined ? {} : { topic }),
        ...(avatar === undefined ? {} : { avatar }),
        memberCount: await reader.memberCount(id),
        joined: await isJoined(reader, id, userId)
      })
    }
    if (found.length < limit) return { rooms, next: null }
  }
  return { rooms, next: after ?? null }
}

/** Case and composition do not matter. */
function searchable(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
