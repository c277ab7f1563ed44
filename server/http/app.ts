// The Express application: REST under /api/v1, /healthz and /readyz, the web client. It is handed everything that it needs.
import express from 'express'
import type { Express } from 'express'
import { accountRoutes } from './account-routes.ts'
import { avatarRoutes } from './avatar-routes.ts'
import { crossOrigin, noStore, securityHeaders } from './headers.ts'
import { memberRoutes } from './member-routes.ts'
import { messageRoutes } from './message-routes.ts'
import type { HttpParts } from './parts.ts'
import { notFound, problemHandler } from './problems.ts'
import { createRateLimits } from './rate-limits.ts'
import { readinessRoute } from './readiness.ts'
import { roomRoutes } from './room-routes.ts'
import { endpoint } from './routing.ts'
import { webClient } from './web-client.ts'

/** Makes the application; listening is somebody else's. */
export function createApp(parts: HttpParts): Express {
  const app = express()
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.set('trust proxy', [...parts.trustedProxies])
  app.use(securityHeaders)

  endpoint(app, '/healthz', { get: [(_request, response) => void response.json({ status: 'ok' })] })
  readinessRoute(app, parts.trouble)

  const api = express.Router()
  const limits = createRateLimits(parts.rateLimit, parts.log)
  accountRoutes(api, parts, limits)
  roomRoutes(api, parts, limits)
  memberRoutes(api, parts, limits)
  messageRoutes(api, parts, limits)
  avatarRoutes(api, parts, limits)
  app.use('/api', noStore, crossOrigin(parts.isAllowedOrigin))
  app.use('/api/v1', api)
  app.use('/api', notFound)

  app.use(webClient(parts.webRoot))
  app.use(notFound)
  app.use(problemHandler(parts.log))
  return app
}
