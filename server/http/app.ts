// The Express application: REST under /api/v1, /healthz and /readyz, the web client. It is handed everything that it needs.
import express from 'express'
import type { Express } from 'express'
import { accountRoutes } from './account-routes.ts'
import { adminRoutes } from './admin-routes.ts'
import { avatarRoutes } from './avatar-routes.ts'
import { codeLinks } from './code-links.ts'
import { crossOrigin, noStore, securityHeaders } from './headers.ts'
import { inviteRoutes } from './invite-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { memberRoutes } from './member-routes.ts'
import type { HttpParts } from './parts.ts'
import { presenceRoutes } from './presence-routes.ts'
import { boundedUrl, notFound, problemHandler, wrongTokens } from './problems.ts'
import { createRateLimits } from './rate-limits.ts'
import { readinessRoute } from './readiness.ts'
import { roomRoutes } from './room-routes.ts'
import { asOwner, authenticated, endpoint } from './routing.ts'
import { webClient } from './web-client.ts'

/** Makes the application; listening is somebody else's. */
export function createApp(parts: HttpParts): Express {
  const app = express()
  app.set('etag', false)
  app.set('query parser', 'simple')
  // Whose word on the client's address is believed is said in one place (addresses.ts).
  app.set('trust proxy', false)
  const limits = createRateLimits(parts.rateLimit, parts.addressOf, parts.now)
  app.use(securityHeaders(parts.isSecure), limits.anything, boundedUrl)

  endpoint(app, '/healthz', { get: [(_request, response) => void response.json({ status: 'ok' })] })
  readinessRoute(app, parts.trouble)

  const api = express.Router()
  accountRoutes(api, parts, limits)
  inviteRoutes(api, parts, limits)
  adminRoutes(api, parts, [authenticated(parts.sessions), limits.perSession, asOwner])
  roomRoutes(api, parts, limits)
  memberRoutes(api, parts, limits)
  presenceRoutes(api, parts, limits)
  messageRoutes(api, parts, limits)
  avatarRoutes(api, parts, limits)
  app.use('/api', noStore, crossOrigin(parts.isAllowedOrigin))
  app.use('/api/v1', api, wrongTokens(parts.guard, parts.addressOf))
  app.use('/api', notFound)

  codeLinks(app)
  app.use(webClient(parts.webRoot))
  app.use(notFound)
  app.use(problemHandler(parts.log))
  return app
}
