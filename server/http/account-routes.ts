// REST of the relay itself, accounts, sessions and users [SPEC §5].
import type { IRouter } from 'express'
import { PROTOCOL_VERSION } from '../../protocol/limits.ts'
import { parse } from '../../protocol/parse.ts'
import {
  changePasswordSchema,
  changePreferencesSchema,
  changeProfileSchema,
  createAccountSchema,
  createSessionSchema,
  deleteAccountSchema,
  renewSessionSchema,
  signOutSchema
} from '../../protocol/rest.ts'
import type { PreferencesAnswer, RelayAnswer } from '../../protocol/rest.ts'
import { preferencesOf } from '../domain/own.ts'
import type { HttpParts } from './parts.ts'
import { askedFrom } from './rate-limits.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, bodyOf, endpoint, jsonBody, pathId } from './routing.ts'

export function accountRoutes(router: IRouter, parts: HttpParts, limits: RateLimits): void {
  const { accounts, deletion, sessions, desk, reading, writing, addressOf } = parts
  const session = [authenticated(sessions), limits.perSession]
  const door = [limits.door, jsonBody]

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
        const account = parse(createAccountSchema, bodyOf(request))
        response.status(201).json(await accounts.signUp(account, askedFrom(request, addressOf)))
      }
    ]
  })

  endpoint(router, '/sessions', {
    post: [
      ...door,
      async (request, response) => {
        const session = parse(createSessionSchema, bodyOf(request))
        response.status(201).json(await accounts.signIn(session, askedFrom(request, addressOf)))
      }
    ],
    get: [
      ...session,
      asUser(async ({ user, deviceId }, _request, response) => {
        response.json({ sessions: await sessions.list(user.id, deviceId) })
      })
    ],
    delete: [
      ...session,
      asUser(async ({ user, deviceId }, request, response) => {
        const { keep } = parse(signOutSchema, request.query)
        await sessions.revokeAll(user.id, keep === 'current' ? deviceId : undefined)
        response.status(204).end()
      })
    ]
  })

  endpoint(router, '/sessions/renew', {
    post: [
      ...session,
      jsonBody,
      limits.newDevice,
      asUser(async (session, request, response) => {
        response.status(201).json(await sessions.renew(session, parse(renewSessionSchema, bodyOf(request))))
      })
    ]
  })

  endpoint(router, '/sessions/:deviceId', {
    delete: [
      ...session,
      asUser(async ({ user }, request, response) => {
        await sessions.revoke(user.id, pathId(request, 'deviceId', 'device-not-found'))
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
    ],
    delete: [
      ...session,
      limits.door,
      jsonBody,
      asUser(async (session, request, response) => {
        const { password } = parse(deleteAccountSchema, bodyOf(request))
        await deletion.delete(session, password, askedFrom(request, addressOf))
        response.status(204).end()
      })
    ]
  })

  endpoint(router, '/users/me/preferences', {
    get: [
      ...session,
      asUser(async ({ user }, _request, response) => {
        response.json({ preferences: await reading.preferences(user.id) } satisfies PreferencesAnswer)
      })
    ],
    patch: [
      ...session,
      jsonBody,
      asUser(async ({ user }, request, response) => {
        const wanted = parse(changePreferencesSchema, bodyOf(request))
        const changed = await writing.write(user.id, { type: 'preferences.change', ...wanted }, (after) =>
          preferencesOf(after, user.id)
        )
        response.json({ preferences: changed.value } satisfies PreferencesAnswer)
      })
    ]
  })

  endpoint(router, '/users/me/password', {
    post: [
      ...session,
      limits.door,
      jsonBody,
      asUser(async (session, request, response) => {
        const passwords = parse(changePasswordSchema, bodyOf(request))
        await accounts.changePassword(session, passwords, askedFrom(request, addressOf))
        response.status(204).end()
      })
    ]
  })
}
