// Numbered steps from one shape of the tables to the next: each once, all or nothing, never backwards.
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { message, ROOM, ROOM_STREAM, roomRecord, TIME } from '../contract/fixtures.ts'
import { picture } from '../contract/pictures.ts'
import { inviteOf } from '../older-invites.ts'
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

  it('names the invites of tables of version 1, which lead into no room, and takes what is new from then on', async () => {
    await migrate(client, MIGRATIONS.slice(0, 1))
    const old = { codeHash: 'd'.repeat(64), createdBy: null, usesLeft: 3, createdAt: TIME, expiresAt: TIME }
    await client.query('INSERT INTO invites VALUES ($1, $2)', [old.codeHash, JSON.stringify(old)])
    const record = { ...roomRecord(ROOM), kind: 'open', rev: 1 }
    await client.query(`INSERT INTO records VALUES ($1, $2, 'room', 1, 1, $3)`, [
      ROOM_STREAM,
      `room:${ROOM}`,
      JSON.stringify(record)
    ])
    const storage = await openPostgresStorage({ url })
    const named = { ...old, id: 'dddddddd-dddd-8ddd-8ddd-dddddddddddd', uses: 3, roomIds: [] }
    expect(await storage.invites()).toEqual([named])
    expect(inviteOf(old)).toEqual(named)
    expect(await storage.rooms({ kinds: ['open'], limit: 9 })).toEqual([record])
    await storage.commit([], async (draft) => {
      draft.putAvatar(ROOM, picture(1))
      draft.removeInvite(old.codeHash)
    })
    expect((await storage.avatar(ROOM))?.hash).toBe(picture(1).hash)
    expect(await storage.invites()).toEqual([])
    await storage.close()
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
