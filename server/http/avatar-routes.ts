// The pictures of users and rooms [SPEC §5]: an address names one for ever, by its hash.
import type { IRouter, Request, Response } from 'express'
import { ProtocolError } from '../../protocol/errors.ts'
import { avatarHashSchema } from '../../protocol/values.ts'
import type { HttpParts } from './parts.ts'
import type { RateLimits } from './rate-limits.ts'
import { asUser, authenticated, endpoint, pathId } from './routing.ts'

const FOR_EVER = 'private, max-age=31536000, immutable'

export function avatarRoutes(router: IRouter, { sessions, reading }: HttpParts, limits: RateLimits): void {
  const session = [authenticated(sessions), limits.perSession]

  endpoint(router, '/users/:userId/avatar/:hash', {
    get: [
      ...session,
      asUser(async (_session, request, response) => {
        send(response, await reading.userAvatar(pathId(request, 'userId', 'user-not-found'), hashIn(request)))
      })
    ]
  })

  endpoint(router, '/rooms/:roomId/avatar/:hash', {
    get: [
      ...session,
      asUser(async ({ user }, request, response) => {
        const roomId = pathId(request, 'roomId', 'room-not-found')
        send(response, await reading.roomAvatar(user.id, roomId, hashIn(request)))
      })
    ]
  })
}

function hashIn(request: Request): string {
  const hash = avatarHashSchema.safeParse(request.params['hash'])
  if (!hash.success) throw new ProtocolError('avatar-not-found', 'there is no such picture', { field: 'hash' })
  return hash.data
}

/** The type is said and may not be guessed; opened by itself it runs nothing. */
function send(response: Response, png: Uint8Array): void {
  response.setHeader('Cache-Control', FOR_EVER)
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.type('image/png').send(Buffer.from(png))
}
