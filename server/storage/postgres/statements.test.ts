// Which index a statement goes by, with plans made for any values: a cost that grows with the relay shows in the plan [S16].
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Statement } from './connection.ts'
import * as statements from './statements.ts'
import { openPostgresStorage } from './storage.ts'
import { usePostgres } from './testing/database.ts'

describe('on PostgreSQL', () => {
  const database = usePostgres()
  let client: Client
  beforeEach(async () => {
    const url = await database().place()
    await (await openPostgresStorage({ url })).close()
    client = new Client({ connectionString: url })
    await client.connect()
  })
  afterEach(() => client.end())

  async function planOf({ text }: Statement, types: string, values: string): Promise<string> {
    await client.query('SET enable_seqscan = off')
    await client.query('SET plan_cache_mode = force_generic_plan')
    await client.query(`PREPARE asked (${types}) AS ${text}`)
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ANALYZE EXECUTE asked (${values})`)
    await client.query('DEALLOCATE asked')
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  it('[S16] rooms of a kind are found by their index, in its order, and no more of them than are asked for', async () => {
    await client.query(
      `INSERT INTO records SELECT 'room:' || n, 'room:' || n, 'room', n, 1,
         json_build_object('kind', CASE WHEN n % 100 = 0 THEN 'open' ELSE 'direct' END)
       FROM generate_series(10000, 30000) AS n`
    )
    await client.query('ANALYZE records')
    const plan = await planOf(statements.rooms, 'text[], text, bigint', `ARRAY['open'], 'room:15000', 7`)
    expect(plan).toMatch(/Index Scan using rooms_by_kind on records .*rows=7 /)
    expect(plan).not.toMatch(/Seq Scan|Rows Removed/)
  }, 30_000)

  it('[S11.8] [S16] blocks are counted among those of their user', async () => {
    await client.query(
      `INSERT INTO records SELECT 'user:' || n % 20, 'block:' || n, 'block', n, 1, json_build_object('set', n % 40 < 20)
       FROM generate_series(1, 20000) AS n`
    )
    await client.query('ANALYZE records')
    const plan = await planOf(statements.blockCount, 'text', `'user:7'`)
    expect(plan).toMatch(/Index Cond: \(+stream = \$1/)
    expect(plan).not.toMatch(/Seq Scan/)
    const { rows } = await client.query(statements.blockCount.text, ['user:7'])
    expect(rows).toEqual([{ blocks: '500' }])
  }, 30_000)
})
