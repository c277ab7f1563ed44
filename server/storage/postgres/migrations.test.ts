// Numbered steps from one shape of the tables to the next: each once, all or nothing, never backwards.
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { message, ROOM, ROOM_STREAM } from '../contract/fixtures.ts'
import { migrate, MIGRATIONS } from './migrations.ts'
import { openPostgresStorage } from './storage.ts'
import { usePostgres } from './testing/database.ts'

describe('on PostgreSQL', () => {
  const database = usePostgres()
  let url: string
  let client: Client
  beforeEach(async () => {
    url = await database().place()
    client = new Client({ connectionString: url })
    await client.connect()
  })
  afterEach(() => client.end())

  const later = { name: 'colours', sql: 'CREATE TABLE colours (name text); INSERT INTO colours VALUES (1)' }
  const applied = async () => (await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY number')).rows

  it('applies what is missing, once, and keeps the data', async () => {
    const storage = await openPostgresStorage({ url })
    await storage.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, 1)))
    await storage.close()
    for (let start = 0; start < 2; start++) await migrate(client, [...MIGRATIONS, later])
    expect(await applied()).toEqual([...MIGRATIONS, later].map(({ name }) => ({ name })))
    expect((await client.query('SELECT FROM colours')).rowCount).toBe(1)
    expect((await client.query('SELECT FROM messages')).rowCount).toBe(1)
  })

  it('leaves everything as it was if a step fails', async () => {
    const broken = { name: 'broken', sql: 'CREATE TABLE half (name text); SELECT 1 / 0' }
    await expect(migrate(client, [...MIGRATIONS, later, broken])).rejects.toThrow('division by zero')
    await expect(client.query('SELECT FROM half')).rejects.toThrow('does not exist')
    await migrate(client, MIGRATIONS)
    expect(await applied()).toEqual(MIGRATIONS.map(({ name }) => ({ name })))
  })

  it('refuses tables of a newer relay, and changes nothing', async () => {
    await migrate(client, [...MIGRATIONS, later])
    await expect(openPostgresStorage({ url })).rejects.toThrow(
      `the tables have version ${MIGRATIONS.length + 1}, of a newer relay`
    )
    expect(await applied()).toHaveLength(MIGRATIONS.length + 1)
  })
})
