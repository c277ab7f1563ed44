// REST of the relay itself, accounts, sessions, users and invites [SPEC §5].
import type { IRouter } from 'express'
import { PROTOCOL_VERSION } from '../../protocol/limits.ts'
import { parse } from '../../protocol/parse.ts'
import {
  changeProfileSchema,
  createAccountSchema,
  createInviteSchema,
  createSessionSchema,
  renewSessionSchema
} from '../../protocol/rest.ts'
import type { RelayAnswer } from '../../protocol/rest.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function accountRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { accounts, sessions, desk, reading, writing } = parts
  const session = [authenticated(sessions), limits.perSession]
  const door = [limits.perAddress, jsonBody, limits.perName]

  endpoint(router, '/relay', {
    get: [
      async (_request, response) => {
        const { relay } = parts
        const hasOwner = await desk.hasOwner()
        const answer: RelayAnswer = { relay, protocol: PROTOCOL_VERSION, registration: desk.mode, hasOwner }
        response.json(answer)
      }
    ]
  })

  endpoint(router, '/accounts', {
    post: [
      ...door,
      async (request, response) => {
        response.status(201).json(await accounts.signUp(parse(createAccountSchema, bodyOf(request))))
      }
    ]
  })

  endpoint(router, '/sessions', {
    post: [
      ...door,
      async (request, response) => {
        response.status(201).json(await accounts.signIn(parse(createSessionSchema, bodyOf(request))))
      }
    ],
    get: [
      ...session,
      asUser(async (session, _request, response) => {
        response.json({ sessions: await sessions.list(session) })
      })
    ]
  })

  endpoint(router, '/sessions/renew', {
    post: [
      ...session,
      jsonBody,
      asUser(async (session, request, response) => {
        response.status(201).json(await sessions.renew(session, parse(renewSessionSchema, bodyOf(request))))
      })
    ]
  })

  endpoint(router, '/sessions/:deviceId', {
    delete: [
      ...session,
      asUser(async (session, request, response) => {
        await sessions.revoke(session, pathId(request, 'deviceId', 'device-not-found'))
        response.status(204).end()
      })
    ]
  })

  endpoint(router, '/users', {
    get: [
      ...session,
      asUser(async (_session, _request, response) => {
        response.json({ users: await reading.users() })
      })
    ]
  })

  endpoint(router, '/users/me', {
    patch: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const shown = parse(changeProfileSchema, bodyOf(request))
        const changed = await writing.write(user.id, { type: 'profile.change', ...shown }, (after) =>
          after.user(user.id)
        )
        response.json({ user: changed.value })
      })
    ]
  })

  endpoint(router, '/invites', {
    post: [
      ...session,
      jsonBody,
      asUser(async (session, request, response) => {
        response.status(201).json(await desk.invite(session, parse(createInviteSchema, bodyOf(request))))
      })
    ]
  })
}
