// Security headers and CORS. Fit for plain http on a LAN: nothing here asks for https.
import cors from 'cors'
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { IncomingMessage } from 'node:http'
import { ProtocolError } from '../../protocol/errors.ts'
import type { OriginCheck } from '../origins.ts'

/** Not every browser takes 'self' to cover web sockets of the same host. */
function ownSockets(request: IncomingMessage): string {
  const host = request.headers.host ?? ''
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host) ? `ws://${host} wss://${host}` : "'self'"
}

/** helmet without what breaks a page on a LAN address: upgrade-insecure-requests, HSTS, isolation that needs https. */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'script-src': ["'self'"],
      'worker-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:', 'blob:'],
      'connect-src': ["'self'", ownSockets],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"]
    }
  },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  // The desktop app's pages come from another origin.
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  referrerPolicy: { policy: 'no-referrer' }
})

/** Refuses pages of foreign origins and tells browsers which may read the answers. */
export function crossOrigin(isAllowed: OriginCheck): RequestHandler[] {
  const refuse: RequestHandler = (request, _response, next) => {
    if (isAllowed(request)) next()
    else next(new ProtocolError('origin-not-allowed', 'pages from there may not use this relay: see CORS_ORIGINS'))
  }
  return [
    refuse,
    // Whoever comes this far is allowed: the origin is told back.
    cors({
      origin: true,
      maxAge: 600,
      exposedHeaders: ['Retry-After'],
      allowedHeaders: ['Authorization', 'Content-Type']
    })
  ]
}

/** Answers of the API are nobody's to keep. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store')
  next()
}
