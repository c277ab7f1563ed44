// The relay's log: JSON lines on stderr. What goes in is chosen here, so that no secret and no message gets there.
import { pino } from 'pino'
import type { DestinationStream } from 'pino'
import type { LogLevel } from './config.ts'

/** `details` are few and harmless by choice of the caller: ids, counts, durations. Never bodies, tokens or names. */
export interface Log {
  debug(text: string, details?: LogDetails): void
  info(text: string, details?: LogDetails): void
  warn(text: string, details?: LogDetails): void
  error(text: string, details?: LogDetails): void
}
type LogDetails = Readonly<Record<string, unknown>> & { readonly error?: unknown }

/** A log that drops everything. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A log on stderr. @param to elsewhere, for a test */
export function createLog(level: LogLevel, to: DestinationStream = pino.destination({ fd: 2, sync: true })): Log {
  const redact = { paths: ['token', 'password', 'invite', 'code', 'body', 'authorization'], remove: true }
  const lines = pino({ level, base: null, redact }, to)
  const write = (name: 'debug' | 'info' | 'warn' | 'error') => (text: string, details?: LogDetails) =>
    lines[name](details?.error === undefined ? { ...details } : { ...details, error: plainError(details.error) }, text)
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** Only these of an error: libraries hang requests, bodies and the like on theirs. */
function plainError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error
  const { name, message, stack, cause } = error
  return { name, message, stack, ...(cause === undefined || depth > 3 ? {} : { cause: plainError(cause, depth + 1) }) }
}
