// A PostgreSQL server for the tests of one file, and empty places in it. Tests that cannot have one are skipped with the reason.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { Client } from 'pg'
import type { QueryResultRow } from 'pg'
import { startPostgres, whyNoPostgres } from '../../../../scripts/postgres.mjs'
import type { PostgresServer } from '../../../../scripts/postgres.mjs'

export interface TestDatabase {
  readonly server: PostgresServer
  /** A new, empty schema, which goes with the server. @returns the address for a relay that is to use it */
  place(): Promise<string>
  /** Asks as an administrator would, from outside of the relay. */
  ask<R extends QueryResultRow>(sql: string, values?: unknown[]): Promise<R[]>
  /** Holds what a statement locks, until it is let go. */
  hold(sql: string): Promise<{ release(): Promise<void> }>
}

const START_TIMEOUT_MS = 60_000

/**
 * A server for the tests of the suite that calls this: started before them, ended after them. Where there can be none, they are skipped with the reason.
 * @param options of the server
 */
export function usePostgres(options: Parameters<typeof startPostgres>[0] = {}): () => TestDatabase {
  const reason = whyNoPostgres()
  let database: TestDatabase | undefined
  beforeAll(async () => {
    if (reason === undefined) database = testDatabase(await startPostgres(options))
  }, START_TIMEOUT_MS)
  beforeEach(({ skip }) => skip(reason !== undefined, reason))
  afterAll(() => database?.server.dispose())
  return () => {
    if (!database) throw new Error('the server runs while the tests do')
    return database
  }
}

function testDatabase(server: PostgresServer): TestDatabase {
  let places = 0
  let admin: Promise<Client> | undefined
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: server.url() })
    // Whoever stops the server ends this connection too; the next question makes another one.
    client.on('error', () => (admin = undefined))
    await client.connect()
    return client
  }
  const ask = async <R extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<R[]> => {
    const client = await (admin ??= connect())
    return (await client.query<R>(sql, values)).rows
  }
  return {
    server,
    ask,
    place: async () => {
      const schema = `place_${++places}`
      await ask(`CREATE SCHEMA ${schema}`)
      const url = new URL(server.url())
      url.searchParams.set('options', `-c search_path=${schema}`)
      return url.href
    },
    hold: async (sql) => {
      const client = await connect()
      await client.query('BEGIN')
      await client.query(sql)
      return { release: () => client.end() }
    }
  }
}

export function schemaOf(url: string): string {
  return new URL(url).searchParams.get('options')?.replace('-c search_path=', '') ?? 'public'
}
