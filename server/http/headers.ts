// Security headers and CORS. Fit for plain http on a LAN: nothing here asks for https.
import cors from 'cors'
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { IncomingMessage } from 'node:http'
import { ProtocolError } from '../../protocol/errors.ts'
import { isLoopback } from '../config.ts'
import type { OriginCheck } from '../origins.ts'

/** Not every browser takes 'self' to cover web sockets of the same host. */
function ownSockets(request: IncomingMessage): string {
  const host = request.headers.host ?? ''
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host) ? `ws://${host} wss://${host}` : "'self'"
}

/** What no page of ours needs, and nothing that got into one is to have. */
const PERMISSIONS = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking'
]
  .map((feature) => `${feature}=()`)
  .join(', ')

/**
 * helmet without what breaks a page on a LAN address: upgrade-insecure-requests and HSTS. What browsers heed on secure pages alone (isolation
 * from windows that opened this one) is said where the page is one.
 * @param isSecure whether what is served is opened as https by everybody
 */
export function securityHeaders(isSecure: boolean): RequestHandler[] {
  const common = {
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
    originAgentCluster: false,
    // Of what is fetched without CORS, pictures in foreign pages for example; the desktop app asks with CORS.
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' }
  } as const
  const plain = helmet({ ...common, crossOriginOpenerPolicy: false })
  const isolated = helmet({ ...common, crossOriginOpenerPolicy: { policy: 'same-origin' } })
  const permissions: RequestHandler = (_request, response, next) => {
    response.setHeader('Permissions-Policy', PERMISSIONS)
    next()
  }
  const bySecurity: RequestHandler = (request, response, next) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '')
    const cameByTls = 'encrypted' in request.socket
    const helmeted = isSecure || cameByTls || isLoopback(name.replace(/^\[|\]$/g, '')) ? isolated : plain
    helmeted(request, response, next)
  }
  return [permissions, bySecurity]
}

/** Refuses pages of foreign origins and tells browsers which may read the answers. */
export function crossOrigin(isAllowed: OriginCheck): RequestHandler[] {
  const refuse: RequestHandler = (request, _response, next) => {
    if (isAllowed(request)) next()
    else
      next(
        new ProtocolError(
          'origin-not-allowed',
          'pages from there may not use this relay: see PUBLIC_URL and CORS_ORIGINS'
        )
      )
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
