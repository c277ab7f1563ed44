// Which web pages may use the relay: its own, the desktop app, and those that CORS_ORIGINS names. One decision for REST and socket.
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { Config } from './config.ts'

/** Where the desktop app's pages come from. */
const DESKTOP_ORIGIN = 'app://maru'

/** Names that no public DNS answers for. */
const LOCAL_NAME = /^[^.]+$|\.(?:localhost|local|lan|home|internal|localdomain|home\.arpa)$/

/**
 * Whether a request may come from where it says. One without an Origin comes from no foreign page: programs send none, and
 * browsers leave it out only for the page's own server. What that server is called must then be a name of this relay: a foreign page whose own name was
 * made to lead here (DNS rebinding) takes itself for the relay's, and says so.
 */
export type OriginCheck = (request: Pick<IncomingMessage, 'headers'>) => boolean

export function createOriginCheck({ corsOrigins, publicUrl, host: listening }: OriginConfig): OriginCheck {
  const pages = [...corsOrigins, ...(publicUrl === undefined ? [] : [new URL(publicUrl).origin])]
  const named = new Set([DESKTOP_ORIGIN, ...pages])
  const names = new Set([hostname().toLowerCase(), listening.toLowerCase(), ...pages.map(nameOfOrigin)])

  const isOwnName = (host: string): boolean => {
    const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
    return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || LOCAL_NAME.test(name) || names.has(name)
  }

  return ({ headers: { origin, host } }) => {
    if (origin !== undefined && named.has(origin)) return true
    if (host === undefined) return origin === undefined
    if (!isOwnName(host)) return false
    return origin === undefined || origin === `http://${host}` || origin === `https://${host}`
  }
}

type OriginConfig = Pick<Config, 'corsOrigins' | 'publicUrl' | 'host'>

function nameOfOrigin(origin: string): string {
  return origin.replace(/^[a-z0-9+.-]+:\/\//, '').replace(/:\d+$/, '')
}
