// REST for owners of the relay [SPEC §5, ●]: also what its own commands ask (admin-door.ts).
import type { IRouter, RequestHandler } from 'express'
import { parse } from '../../protocol/parse.ts'
import { adminChangeUserSchema, auditQuerySchema, pageOfRoomsSchema, pageOfUsersSchema } from '../../protocol/rest.ts'
import type { AdminParts } from './parts.ts'
import { actorOf, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

/** @param owner finds out who asks, and lets nobody pass but who owns the relay */
export function adminRoutes(router: IRouter, parts: AdminParts, owner: readonly RequestHandler[]): void {
  const { administration, audit, resets, sessions } = parts

  endpoint(router, '/admin', {
    get: [
      ...owner,
      async (_request, response) => {
        response.json(await administration.overview())
      }
    ]
  })

  endpoint(router, '/admin/users', {
    get: [
      ...owner,
      async (request, response) => {
        response.json(await administration.users(parse(pageOfUsersSchema, request.query).after))
      }
    ]
  })

  endpoint(router, '/admin/users/:userId', {
    patch: [
      ...owner,
      jsonBody,
      async (request, response) => {
        const userId = pathId(request, 'userId', 'user-not-found')
        const change = parse(adminChangeUserSchema, bodyOf(request))
        response.json({ user: await administration.changeUser(actorOf(response), userId, change) })
      }
    ]
  })

  endpoint(router, '/admin/users/:userId/disconnect', {
    post: [
      ...owner,
      async (request, response) => {
        await administration.disconnect(actorOf(response), pathId(request, 'userId', 'user-not-found'))
        response.status(204).end()
      }
    ]
  })

  endpoint(router, '/admin/users/:userId/password-reset', {
    post: [
      ...owner,
      async (request, response) => {
        const userId = pathId(request, 'userId', 'user-not-found')
        response.status(201).json(await resets.make(actorOf(response), userId))
      }
    ]
  })

  endpoint(router, '/admin/users/:userId/sessions', {
    get: [
      ...owner,
      async (request, response) => {
        const userId = pathId(request, 'userId', 'user-not-found')
        await administration.requireUser(userId)
        response.json({ sessions: await sessions.list(userId) })
      }
    ]
  })

  endpoint(router, '/admin/users/:userId/sessions/:deviceId', {
    delete: [
      ...owner,
      async (request, response) => {
        const userId = pathId(request, 'userId', 'user-not-found')
        const deviceId = pathId(request, 'deviceId', 'device-not-found')
        await administration.endSession(actorOf(response), userId, deviceId)
        response.status(204).end()
      }
    ]
  })

  endpoint(router, '/admin/rooms', {
    get: [
      ...owner,
      async (request, response) => {
        response.json(await administration.rooms(parse(pageOfRoomsSchema, request.query).after))
      }
    ]
  })

  endpoint(router, '/admin/rooms/:roomId/close', {
    post: [
      ...owner,
      async (request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        response.json({ room: await administration.closeRoom(actorOf(response), roomId) })
      }
    ]
  })

  endpoint(router, '/admin/audit', {
    get: [
      ...owner,
      async (request, response) => {
        response.json(await audit.list(parse(auditQuerySchema, request.query)))
      }
    ]
  })
}
