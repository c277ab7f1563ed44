// REST of rooms and members [SPEC §5]: builds operations and reads; decides nothing itself.
import type { IRouter } from 'express'
import { parse } from '../../protocol/parse.ts'
import { addMembersSchema, createRoomSchema, renameRoomSchema } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { requireJoined } from '../domain/access.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function roomRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { sessions, reading, writing } = parts
  const session = [authenticated(sessions), limits.perSession]

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
        const { id = newId(), kind, name, memberIds = [], history } = parse(createRoomSchema, bodyOf(request))
        const settled = { kind, name, memberIds, ...(history === undefined ? {} : { history }) }
        const operation = { type: 'room.create', roomId: id, ...settled } as const
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
        const { name } = parse(renameRoomSchema, bodyOf(request))
        const renamed = await writing.write(user.id, { type: 'room.rename', roomId, name }, (after) =>
          after.room(roomId)
        )
        response.json({ room: renamed.value })
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

  endpoint(router, '/rooms/:roomId/members', {
    post: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const { userIds } = parse(addMembersSchema, bodyOf(request))
        const added = await writing.write(user.id, { type: 'member.add', roomId, userIds }, (after) =>
          after.members(roomId)
        )
        response.json({ members: added.value })
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/members/:userId', {
    delete: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const userId = pathId(request, 'userId', 'user-not-found')
        await writing.write(user.id, { type: 'member.remove', roomId, userId }, async () => true)
        response.status(204).end()
      })
    ]
  })
}
