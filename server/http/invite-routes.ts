// REST of invites and of setting a password by a code [SPEC §5].
import type { IRouter } from 'express'
import { parse } from '../../protocol/parse.ts'
import { acceptInviteSchema, createInviteSchema, setPasswordSchema } from '../../protocol/rest.ts'
import type { HttpParts } from './parts.ts'
import { askedFrom } from './rate-limits.ts'
import type { RateLimits } from './rate-limits.ts'
import { actorOf, asOwner, asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function inviteRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { invites, resets, sessions, addressOf } = parts
  const session = [authenticated(sessions), limits.perSession]
  const owner = [...session, asOwner]

  endpoint(router, '/invites', {
    post: [
      ...owner,
      jsonBody,
      async (request, response) => {
        response.status(201).json(await invites.make(actorOf(response), parse(createInviteSchema, bodyOf(request))))
      }
    ],
    get: [
      ...owner,
      async (_request, response) => {
        response.json({ invites: await invites.list() })
      }
    ]
  })

  endpoint(router, '/invites/accept', {
    post: [
      ...session,
      limits.door,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const { code } = parse(acceptInviteSchema, bodyOf(request))
        const rooms = await invites.accept(user.id, code, askedFrom(request, addressOf))
        response.json({ rooms: rooms.map(({ id, kind, name }) => ({ id, kind, name })) })
      })
    ]
  })

  endpoint(router, '/invites/:id', {
    delete: [
      ...owner,
      async (request, response) => {
        await invites.revoke(actorOf(response), pathId(request, 'id', 'invite-not-found'))
        response.status(204).end()
      }
    ]
  })

  endpoint(router, '/password-resets', {
    post: [
      limits.door,
      jsonBody,
      async (request, response) => {
        await resets.use(parse(setPasswordSchema, bodyOf(request)), askedFrom(request, addressOf))
        response.status(204).end()
      }
    ]
  })
}
