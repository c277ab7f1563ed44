// REST of rooms [SPEC §5]: builds operations and reads; decides nothing itself.
import type { IRouter } from 'express'
import { directRoomId, notesRoomId } from '../../protocol/derived-ids.ts'
import type { Operation } from '../../protocol/operations.ts'
import { parse } from '../../protocol/parse.ts'
import type { RoomKind } from '../../protocol/records.ts'
import { changeRoomSchema, createRoomSchema, listOpenRoomsSchema } from '../../protocol/rest.ts'
import type { OpenRoomsAnswer } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { requireJoined } from '../domain/access.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function roomRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { sessions, reading, writing } = parts
  const session = [authenticated(sessions), limits.perSession]

  endpoint(router, '/open-rooms', {
    get: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const { after, query } = parse(listOpenRoomsSchema, request.query)
        const asked = { ...(after === undefined ? {} : { after }), ...(query === undefined ? {} : { query }) }
        const answer: OpenRoomsAnswer = await reading.openRooms(user.id, asked)
        response.json(answer)
      })
    ]
  })

  endpoint(router, '/rooms', {
    get: [
      ...session,
      asUser(async ({ user }, _request, response) => {
        response.json({ rooms: await reading.rooms(user.id) })
      })
    ],
    post: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const { id: asked, memberIds = [], ...room } = parse(createRoomSchema, bodyOf(request))
        const id = asked ?? newRoomId(room.kind, user.id, memberIds)
        const operation = { type: 'room.create', roomId: id, memberIds, ...room } as const
        const made = await writing.write(user.id, operation, async (after) => {
          await requireJoined(after, id, user.id)
          return after.room(id)
        })
        response.status(made.changed ? 201 : 200).json({ room: made.value })
      })
    ]
  })

  endpoint(router, '/rooms/:roomId', {
    get: [
      ...session,
      asUser(async ({ user }, request, response) => {
        response.json(await reading.room(user.id, pathId(request, 'roomId', 'room-not-found')))
      })
    ],
    patch: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const { name, topic, avatar, writers } = parse(changeRoomSchema, bodyOf(request))
        const operations: Operation[] = name === undefined ? [] : [{ type: 'room.rename', roomId, name }]
        const asksChange = topic !== undefined || avatar !== undefined || writers !== undefined
        // Whoever may change the rest may also rename it: only the first of the two can be refused.
        if (asksChange || operations.length === 0) {
          operations.unshift({ type: 'room.change', roomId, topic, avatar, writers })
        }
        const changed = await writing.writeAll(user.id, operations, (after) => after.room(roomId))
        response.json({ room: changed.value })
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/close', {
    post: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const closed = await writing.write(user.id, { type: 'room.close', roomId }, (after) => after.room(roomId))
        response.json({ room: closed.value })
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/join', {
    post: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const joined = await writing.write(user.id, { type: 'room.join', roomId }, (after) => after.room(roomId))
        response.json({ room: joined.value })
      })
    ]
  })
}

/** [SPEC §3.1] Where the id follows from who is in the room, that one. */
function newRoomId(kind: RoomKind, userId: string, memberIds: readonly string[]): string {
  const [otherId] = memberIds
  if (kind === 'notes') return notesRoomId(userId)
  return kind === 'direct' && otherId !== undefined ? directRoomId(userId, otherId) : newId()
}
