// Where the relays of the benchmark keep their data: directories, or databases of a PostgreSQL that is started when first needed.
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { startPostgres } from '../scripts/postgres.mjs'
import type { PostgresServer } from '../scripts/postgres.mjs'
import type { StorageKind } from './row.ts'
import type { Place } from './seed.ts'

export interface Places {
  newPlace(storage?: StorageKind): Promise<Place>
  /** Ends the PostgreSQL, if one was started. */
  dispose(): Promise<void>
}

export function createPlaces(dataRoot: string): Places {
  let postgres: Promise<PostgresServer> | undefined
  let databases = 0
  return {
    async newPlace(storage = 'lowdb') {
      const dataDir = await mkdtemp(join(dataRoot, 'relay-'))
      if (storage === 'lowdb') return { dataDir }
      const server = await (postgres ??= startPostgres({ durable: true }))
      const name = `bench_${(databases += 1)}`
      const client = new Client({ connectionString: server.url() })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return { dataDir, databaseUrl: server.url(name) }
    },
    async dispose() {
      await (await postgres)?.dispose()
    }
  }
}
