// The relay's configuration: the only place that reads the environment. docs/operations.md lists the same variables.
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { HostProblem } from '../protocol/hosting.ts'

export type Registration = 'open' | 'invite' | 'closed'
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Config {
  /** The address to listen on. */
  host: string
  /** 0: any free port. */
  port: number
  /** An absolute path. */
  dataDir: string
  /** `postgres://…`, with the password in it: PostgreSQL instead of files in `dataDir`. */
  databaseUrl?: string
  registration: Registration
  /** What people type to get here, with a slash at the end; without it, host and port. */
  publicUrl?: string
  /** Origins of web pages that may use this relay, besides its own. */
  corsOrigins: readonly string[]
  /** Addresses and CIDR ranges of proxies whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[]
  rateLimit: boolean
  logLevel: LogLevel
  /** `own`: https by a certificate that the relay makes for itself, on the port that goes on speaking plain http. */
  tls?: 'own'
  /** Whether it tells its networks of itself (mDNS). */
  announced?: boolean
}

/** A start that cannot go on; `message` is one sentence for whoever starts the relay. */
export class StartError extends Error {
  override readonly name = 'StartError'

  constructor(
    message: string,
    /** What kind of fault it is, for an app that says it in the person's language. */
    readonly problem: HostProblem = 'other'
  ) {
    super(message)
  }
}

/** Every variable that the relay reads, what it is if unset, and what it is for: `--help` says it, docs/operations.md says more. */
export const SETTINGS = {
  HOST: { otherwise: '127.0.0.1', what: 'the address to listen on; 0.0.0.0 or :: for all of this machine' },
  PORT: { otherwise: '4100', what: '0: any free one' },
  DATA_DIR: { otherwise: './data', what: 'where everything is kept' },
  DATABASE_URL: { otherwise: '', what: 'keep it in PostgreSQL instead: postgres://user:password@host/database' },
  REGISTRATION: { otherwise: 'invite', what: 'who may make an account: open, invite or closed' },
  PUBLIC_URL: { otherwise: '', what: 'the address that people open, if it is not host and port' },
  CORS_ORIGINS: { otherwise: '', what: 'other web pages that may use this relay, separated by commas' },
  TRUSTED_PROXIES: { otherwise: '', what: 'addresses of proxies whose X-Forwarded-For is believed' },
  RATE_LIMIT: { otherwise: 'on', what: 'off for load tests on loopback' },
  LOG_LEVEL: { otherwise: 'info', what: 'fatal, error, warn, info, debug, trace or silent' },
  TLS: { otherwise: 'off', what: 'own: speaks https too, on the same port, with a certificate of its own' },
  ANNOUNCE: { otherwise: 'off', what: 'on: apps on the same network find the relay (mDNS)' }
} as const

type SettingName = keyof typeof SETTINGS | keyof typeof featuresToCome
type Environment = { readonly [name in SettingName]?: string | undefined }

/** Things that a later version will have: whoever sets them expects something that would silently not happen. */
const featuresToCome = {
  REDIS_URL: 'fan-out across relays',
  ASSISTANT_URL: 'assistant',
  ASSISTANT_MODEL: 'assistant',
  ASSISTANT_KEY: 'assistant'
} as const

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * Reads the configuration; an empty variable counts as unset.
 * @throws StartError with one sentence that names the variable, its fault and what is allowed; never with a secret.
 */
export function readConfig(env: Environment = process.env as Environment): Config {
  for (const [name, feature] of Object.entries(featuresToCome)) {
    if (env[name as keyof typeof featuresToCome])
      throw new StartError(`${name} is set, but this version has no ${feature}: unset it to start.`)
  }
  const host = env['HOST'] || '127.0.0.1'
  if (!/^[\w.:-]+$/.test(host)) {
    throw new StartError(`HOST is ${quoted(host)}; it must be an IP address or a host name without port or brackets.`)
  }
  const publicUrl = readPublicUrl(env['PUBLIC_URL'])
  const databaseUrl = readDatabaseUrl(env['DATABASE_URL'])
  return {
    host,
    port: readPort(env['PORT']),
    dataDir: resolve(env['DATA_DIR'] || './data'),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    registration: oneOf('REGISTRATION', env['REGISTRATION'], ['open', 'invite', 'closed'], 'invite'),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    corsOrigins: readOrigins(env['CORS_ORIGINS']),
    trustedProxies: readProxies(env['TRUSTED_PROXIES']),
    rateLimit: readRateLimit(env['RATE_LIMIT'], host),
    logLevel: oneOf('LOG_LEVEL', env['LOG_LEVEL'], LOG_LEVELS, 'info'),
    ...(oneOf('TLS', env['TLS'], ['own', 'off'], 'off') === 'own' ? { tls: 'own' } : {}),
    ...(oneOf('ANNOUNCE', env['ANNOUNCE'], ['on', 'off'], 'off') === 'on' ? { announced: true } : {})
  }
}

function readPort(text: string | undefined): number {
  const port = text ? Number(text) : 4100
  if (!/^\d{1,5}$/.test(text || '0') || port > 65_535) {
    throw new StartError(`PORT is ${quoted(text)}; it must be a whole number from 0 (any free port) to 65535.`)
  }
  return port
}

/** What it says is never repeated: a password may be anywhere in what is not an address. */
function readDatabaseUrl(text: string | undefined): string | undefined {
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !/^\/[^/]+$/.test(url.pathname)) {
    throw new StartError(
      'DATABASE_URL must be an address such as postgres://user:password@host:5432/database, with special characters of the password encoded (%40 for @).'
    )
  }
  if (!url.hostname && !url.searchParams.has('host')) {
    throw new StartError(
      'DATABASE_URL names no host: for a socket write its folder as host, as in postgres://user@%2Fvar%2Frun%2Fpostgresql/database.'
    )
  }
  return url.href
}

function readPublicUrl(text: string | undefined): string | undefined {
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new StartError('PUBLIC_URL must be a plain http:// or https:// address, such as https://chat.example.org/.')
  }
  if (url.pathname !== '/') {
    throw new StartError('PUBLIC_URL must not have a path: the relay serves from the root of its address.')
  }
  return url.href
}

function readOrigins(text: string | undefined): string[] {
  const origins = listOf(text)
  for (const origin of origins) {
    if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s*]+$/.test(origin)) {
      throw new StartError(
        `CORS_ORIGINS holds ${quoted(origin)}; it must be a comma-separated list of origins in lower case without path, such as https://chat.example.org.`
      )
    }
  }
  return origins
}

function readProxies(text: string | undefined): string[] {
  const proxies = listOf(text)
  for (const proxy of proxies) {
    if (!isAddressOrRange(proxy)) {
      throw new StartError(
        `TRUSTED_PROXIES holds ${quoted(proxy)}; it must be a comma-separated list of IP addresses or ranges of them, such as 127.0.0.1 or 10.0.0.0/8.`
      )
    }
  }
  return proxies
}

/** A range of everything is none: it would believe everybody. */
function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  if (bits === undefined) return true
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function readRateLimit(text: string | undefined, host: string): boolean {
  const on = oneOf('RATE_LIMIT', text, ['on', 'off'], 'on') === 'on'
  if (!on && !isLoopback(host)) {
    throw new StartError(
      `RATE_LIMIT is off, which is allowed only when HOST is a loopback address, not ${quoted(host)}.`
    )
  }
  return on
}

function oneOf<T extends string>(name: string, text: string | undefined, allowed: readonly T[], otherwise: T): T {
  if (!text) return otherwise
  const match = allowed.find((each) => each === text)
  if (match === undefined) throw new StartError(`${name} is ${quoted(text)}; it must be one of ${allowed.join(', ')}.`)
  return match
}

function quoted(text: string | undefined): string {
  return JSON.stringify((text ?? '').slice(0, 80))
}
