// Which web pages may use the relay: its own, the desktop app, and those that CORS_ORIGINS names. One decision for REST and socket.
import type { IncomingMessage } from 'node:http'
import type { Config } from './config.ts'

/** Where the desktop app's pages come from. */
const DESKTOP_ORIGIN = 'app://maru'

/**
 * Whether a request may come from where it says. One without an Origin comes from no foreign page: programs send none, and
 * browsers leave it out only for the page's own server.
 */
export type OriginCheck = (request: Pick<IncomingMessage, 'headers'>) => boolean

export function createOriginCheck({ corsOrigins, publicUrl }: Pick<Config, 'corsOrigins' | 'publicUrl'>): OriginCheck {
  const named = new Set([
    DESKTOP_ORIGIN,
    ...corsOrigins,
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).origin])
  ])
  return ({ headers: { origin, host } }) => {
    if (origin === undefined || named.has(origin)) return true
    return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
  }
}
