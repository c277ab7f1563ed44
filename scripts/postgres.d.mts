// The types of postgres.mjs, for tests that are checked without looking into JavaScript.

export interface Binaries {
  bin: string
  libraries?: string
}

export function findPostgres(): Binaries | undefined
export function findInPackages(): Binaries | undefined
export function whyNoPostgres(): string | undefined

export interface PostgresServer {
  readonly folder: string
  url(database?: string): string
  start(): Promise<void>
  stop(mode?: 'fast' | 'immediate' | 'kill'): Promise<void>
  dispose(): Promise<void>
}

export function startPostgres(options?: {
  durable?: boolean
  settings?: Record<string, string>
}): Promise<PostgresServer>
