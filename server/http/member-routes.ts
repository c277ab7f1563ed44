// REST of who is in a room, who is kept out, and whom one blocks [SPEC §5]: builds operations and reads; decides nothing itself.
import type { IRouter, RequestHandler } from 'express'
import { parse } from '../../protocol/parse.ts'
import { addMembersSchema, changeMemberSchema, leaveSchema } from '../../protocol/rest.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function memberRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { sessions, writing } = parts
  const session = [authenticated(sessions), limits.perSession]

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
    patch: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const userId = pathId(request, 'userId', 'user-not-found')
        const { role } = parse(changeMemberSchema, bodyOf(request))
        const changed = await writing.write(user.id, { type: 'member.role', roomId, userId, role }, (after) =>
          after.member(roomId, userId)
        )
        response.json({ member: changed.value })
      })
    ],
    delete: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        const userId = pathId(request, 'userId', 'user-not-found')
        const quietly = parse(leaveSchema, request.query).quietly === 'true' ? ({ quietly: true } as const) : {}
        await writing.write(user.id, { type: 'member.remove', roomId, userId, ...quietly }, async () => true)
        response.status(204).end()
      })
    ]
  })

  const ban = (set: boolean): RequestHandler[] => [
    ...session,
    asUser(async ({ user }, request, response) => {
      const roomId = pathId(request, 'roomId', 'room-not-found')
      const userId = pathId(request, 'userId', 'user-not-found')
      await writing.write(user.id, { type: 'member.ban', roomId, userId, set }, async () => true)
      response.status(204).end()
    })
  ]
  endpoint(router, '/rooms/:roomId/bans/:userId', { put: ban(true), delete: ban(false) })

  const block = (set: boolean): RequestHandler[] => [
    ...session,
    asUser(async ({ user }, request, response) => {
      const userId = pathId(request, 'userId', 'user-not-found')
      await writing.write(user.id, { type: 'block.set', userId, set }, async () => true)
      response.status(204).end()
    })
  ]
  endpoint(router, '/users/me/blocks/:userId', { put: block(true), delete: block(false) })
}
