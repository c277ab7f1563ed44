// How the relay connects to its database: settings of a session, statements with names, reads that try again once. Knows no table.
import { Pool, types } from 'pg'
import type { ClientConfig, CustomTypesConfig, QueryResultRow } from 'pg'
import type { Log } from '../../log.ts'
import { endsSession, isPassing, unavailable } from './errors.ts'

/** A statement that every connection prepares once. */
export interface Statement {
  name: string
  text: string
}

const CONNECT_TIMEOUT_MS = 5_000
/** An answer that takes longer will not come. */
const QUERY_TIMEOUT_MS = 20_000
const READERS = 8

/**
 * Acknowledged is on the disk, whatever the database's own settings say [S1]. Every statement goes by an index, and one that was planned while a table
 * was small has to go on so [S16]. The server drops a dead relay's sessions soon.
 */
const SESSION_SETTINGS = {
  synchronous_commit: 'on',
  enable_seqscan: 'off',
  jit: 'off',
  tcp_keepalives_idle: '20',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '4'
}

const INT8 = 20
/** Revs, seqs and epochs are safe integers, which pg would give as text. */
const parsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser
}

/** @param url as `readConfig` has checked it */
export function clientConfig(url: string): ClientConfig {
  const parsed = new URL(url)
  const own = Object.entries(SESSION_SETTINGS).map(([name, value]) => `-c ${name}=${value}`)
  parsed.searchParams.set('options', [...own, parsed.searchParams.get('options') ?? ''].join(' ').trim())
  return {
    connectionString: parsed.href,
    application_name: 'maru',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    types: parsers
  }
}

/** Where the database is, for logs and errors: never with a password. */
export function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = decodeURIComponent(hostname) || searchParams.get('host') || 'localhost'
  return `${host}${port ? `:${port}` : ''}${pathname}`
}

/** Connections for what is only read. */
export class Readers {
  readonly #pool: Pool

  constructor(config: ClientConfig, log: Log) {
    this.#pool = new Pool({ ...config, max: READERS, idleTimeoutMillis: 60_000, allowExitOnIdle: true })
    // An idle connection that is lost is replaced by the next read; without a listener it would end the process.
    this.#pool.on('error', (error) => log.debug('an idle connection to the database was lost', { error }))
  }

  /**
   * All rows. A connection that was lost meanwhile is tried once more, on another one.
   * @throws ProtocolError `storage-unavailable`; and what the server refuses as it is
   */
  async rows<R extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<R[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#pool.query<R>({ ...statement, values })).rows
      } catch (error) {
        if (!isPassing(error)) throw error
        if (attempt > 1 || !endsSession(error)) throw unavailable(error)
      }
    }
  }

  async row<R extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<R | undefined> {
    return (await this.rows<R>(statement, values))[0]
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}
