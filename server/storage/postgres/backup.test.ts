// A database that was backed up by PostgreSQL's own programs, as docs/operations.md says, and restored: the relay went back, and knows it [S10].
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findPostgres } from '../../../scripts/postgres.mjs'
import { ROOM, ROOM_STREAM, send, upTo } from '../contract/fixtures.ts'
import { openPostgresStorage } from './storage.ts'
import { usePostgres } from './testing/database.ts'

describe('on PostgreSQL', () => {
  const database = usePostgres()

  it('[S10.1] [S10.2] a dump of a running relay is restored as one moment, with a new epoch', async () => {
    const { server } = database()
    for (const name of ['before', 'after']) await database().ask(`CREATE DATABASE ${name}`)
    const file = join(server.folder, 'maru.dump')
    const storage = await openPostgresStorage({ url: server.url('before') })
    await send(storage, ROOM, 1, 5)
    const { bin, libraries } = findPostgres() ?? { bin: '' }
    const run = (program: string, args: string[]) => {
      const env = { LC_ALL: 'C', ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }) }
      return spawnSync(join(bin, program), args, { env, encoding: 'utf8' })
    }
    expect(run('pg_dump', ['--format=custom', `--file=${file}`, server.url('before')])).toMatchObject({ status: 0 })
    await send(storage, ROOM, 6, 8)
    await storage.close()
    const restoring = ['--exit-on-error', '--no-owner', `--dbname=${server.url('after')}`, file]
    expect(run('pg_restore', restoring)).toMatchObject({ status: 0, stderr: '' })

    const restored = await openPostgresStorage({ url: server.url('after') })
    expect(restored.relayId).toBe(storage.relayId)
    expect(restored.epoch).toBeGreaterThan(storage.epoch)
    const { messages } = await restored.page(ROOM, { limit: 100, maxBytes: 1e9 })
    expect(messages.map(({ seq }) => seq)).toEqual(upTo(5))
    expect(await restored.wentBack(ROOM_STREAM, { epoch: storage.epoch, rev: 5 })).toBe(false)
    expect(await restored.wentBack(ROOM_STREAM, { epoch: storage.epoch, rev: 6 })).toBe(true)
    await send(restored, ROOM, 6, 10)
    expect(await restored.wentBack(ROOM_STREAM, { epoch: storage.epoch, rev: 8 })).toBe(true)
    await restored.close()
  })
})
