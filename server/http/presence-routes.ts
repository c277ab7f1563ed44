// REST of who is there [SPEC §5, S14.2]: of a room one may read, without those who do not want to be seen.
import type { IRouter } from 'express'
import type { RoomPresence } from '../../protocol/live.ts'
import type { Reading } from '../domain/reading.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, endpoint, pathId } from './routing.ts'

export function presenceRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  endpoint(router, '/rooms/:roomId/presence', {
    get: [
      authenticated(parts.sessions),
      limits.perSession,
      asUser(async ({ user }, request, response) => {
        const readers = await readersOf(parts.reading, user.id, pathId(request, 'roomId', 'room-not-found'))
        const answer: RoomPresence = { online: await parts.present(readers) }
        response.json(answer)
      })
    ]
  })
}

/** [S11.5] In an aside, those who are joined in its parent too. */
async function readersOf(reading: Reading, userId: string, roomId: string): Promise<string[]> {
  const { room, members } = await reading.room(userId, roomId)
  const joined = members.flatMap((member) => (member.state === 'joined' ? member.userId : []))
  if (room.parentId === undefined) return joined
  const inParent = new Set(await readersOf(reading, userId, room.parentId))
  return joined.filter((each) => inParent.has(each))
}
