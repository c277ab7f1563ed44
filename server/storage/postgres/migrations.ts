// Brings the tables to the shape that this program knows, one numbered step after the other, each once. Knows no record.
import type { Client } from 'pg'
import { UnfitDatabaseError } from './errors.ts'
import { tables } from './migrations/0001-tables.ts'
import { people } from './migrations/0002-people.ts'
import { edits } from './migrations/0003-edits.ts'

/** A table of millions may be rewritten. */
const MIGRATION_TIMEOUT_MS = 6 * 3_600_000

/** In order; the first is number 1. What was released is never changed, only followed. */
export const MIGRATIONS: readonly { name: string; sql: string }[] = [
  { name: 'tables', sql: tables },
  { name: 'people', sql: people },
  { name: 'edits', sql: edits }
]

/**
 * Applies what is missing, all or nothing. The caller holds the lock that keeps others from doing the same.
 * @throws UnfitDatabaseError if a newer program has been here
 */
export async function migrate(client: Client, migrations = MIGRATIONS): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(
      `CREATE TABLE IF NOT EXISTS migrations (
         number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`
    )
    const { rows } = await client.query<{ last: number }>('SELECT coalesce(max(number), 0) AS last FROM migrations')
    const last = rows[0]?.last ?? 0
    if (last > migrations.length)
      throw new UnfitDatabaseError(
        `the tables have version ${last}, of a newer relay; this one knows up to ${migrations.length}`
      )
    for (const [index, { name, sql }] of migrations.entries()) {
      if (index < last) continue
      const step = { text: sql, query_timeout: MIGRATION_TIMEOUT_MS }
      await client.query(step)
      await client.query('INSERT INTO migrations (number, name) VALUES ($1, $2)', [index + 1, name])
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}
