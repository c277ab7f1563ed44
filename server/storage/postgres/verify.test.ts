// Rows of each table spoiled: the verification of a database names them, and finds nothing where nothing is wrong.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whyNoPostgres } from '../../../scripts/postgres.mjs'
import { userStream } from '../../../protocol/streams.ts'
import { newId } from '../../../protocol/values.ts'
import { runDataCommand } from '../../commands/data-commands.ts'
import type { Config } from '../../config.ts'
import { TestRelay } from '../../testing/relay-kit.ts'
import { invite, withoutRev } from '../contract/fixtures.ts'
import { picture } from '../contract/pictures.ts'
import type { Finding } from '../verified-facts.ts'
import { openPostgresStorage } from './storage.ts'
import { schemaOf, usePostgres } from './testing/database.ts'
import { verifyDatabase } from './verify.ts'

describe('a verification of a database', () => {
  const database = usePostgres()
  let url: string
  let relay: TestRelay | undefined

  beforeAll(async () => {
    if (whyNoPostgres() !== undefined) return
    url = await database().place()
    const started = await TestRelay.start({ openStorage: () => openPostgresStorage({ url }) })
    relay = started
    const [kim, lee] = await started.signUpAll(['kim', 'lee'])
    const device = await started.connect(kim)
    const roomId = await device.createRoom(lee)
    const first = newId()
    await device.send(roomId, 'first', first)
    const sentAt = '2026-01-01T00:00:00.000Z'
    const send = { type: 'message.send', roomId, body: 'x', sentAt, replyTo: first } as const
    await device.apply(...Array.from({ length: 20 }, () => ({ ...send, messageId: newId() })))
    await device.accepted({ type: 'message.edit', roomId, messageId: first, body: 'edited' })
    await device.accepted({ type: 'reaction.set', roomId, messageId: first, emoji: '👍', set: true })
    await device.accepted({ type: 'read.mark', roomId, seq: 10 })
    await started.relay.storage.commit(['users', userStream(kim.user.id)], async (draft) => {
      const face = picture(1)
      await draft.put('users', { ...withoutRev(kim.user), avatar: face.hash })
      draft.putAvatar(kim.user.id, face)
      await draft.put(userStream(kim.user.id), { type: 'block', userId: lee.user.id, set: true })
      await draft.put(userStream(kim.user.id), { type: 'preferences', availability: 'dnd' })
      draft.putInvite(invite(1, { createdBy: kim.user.id, roomIds: [roomId] }))
    })
  })
  afterAll(() => relay?.stop())

  /** The same data in a place of its own. */
  async function copy(): Promise<string> {
    const place = await database().place()
    const [from, to] = [schemaOf(url), schemaOf(place)]
    const tables = await database().ask<{ name: string }>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1',
      [from]
    )
    for (const { name } of tables) await database().ask(`CREATE TABLE ${to}.${name} AS TABLE ${from}.${name}`)
    return place
  }

  async function findings(place: string): Promise<string[]> {
    const found: Finding[] = []
    await verifyDatabase({ url: place, report: (finding) => void found.push(finding) })
    return found.map(({ where, what, found: is }) => `${where}: ${what} ${is ?? ''}`)
  }

  it('finds nothing wrong while the relay runs, and counts', async () => {
    const say: string[] = []
    const config = { databaseUrl: url, dataDir: '/nowhere' } as Config
    const parts = { config, now: Date.now, say: (line: string) => void say.push(line), progress: () => undefined }
    expect(await runDataCommand({ name: 'verify' }, parts)).toBe(0)
    expect(say).toHaveLength(1)
    expect(say[0]).toMatch(
      /^Verified the database .* \(2 users, 2 devices, 2 rooms, 23 messages, 1 reaction\): nothing is wrong\.$/
    )
    await expect(runDataCommand({ name: 'backup', directory: 'x' }, parts)).rejects.toThrow(/pg_dump/)
  })

  it('says that there is no data, without a password', async () => {
    const empty = await database().place()
    const config = { databaseUrl: empty, dataDir: '/nowhere' } as Config
    const parts = { config, now: Date.now, say: () => undefined, progress: () => undefined }
    await expect(runDataCommand({ name: 'verify' }, parts)).rejects.toThrow(
      /cannot be used: there is no data of a relay/
    )
  })

  it('finds nothing wrong with a copy', async () => {
    expect(await findings(await copy())).toEqual([])
  })

  const spoils: [name: string, sql: string, expected: RegExp][] = [
    ['a message that is gone', 'DELETE FROM messages WHERE seq = 7', /\[S4\] seq of message/],
    ['the last message gone', 'DELETE FROM messages WHERE seq = 22', /\[S4\] headSeq/],
    [
      'a head that is too high',
      `UPDATE streams SET head = head + 1 WHERE stream LIKE 'room:%'`,
      /\[S3\] head of the stream room:/
    ],
    ['a rev beside another record', 'UPDATE messages SET rev = 1000 WHERE seq = 9', /messages: rows whose columns/],
    ['a size beside another record', 'UPDATE messages SET size = 1 WHERE seq = 9', /messages: rows whose columns/],
    ['an edited message marked as unchanged', 'UPDATE messages SET moved = false', /seq 3 is marked as unchanged/],
    ['a membership that is gone', `DELETE FROM records WHERE stream LIKE 'user:%'`, /that user has no membership/],
    ['a member that is gone', `DELETE FROM records WHERE type = 'member'`, /there is a membership in room/],
    ['a user that is gone', `DELETE FROM records WHERE type = 'user'`, /there is no user record/],
    ['an account that is gone', 'DELETE FROM accounts', /there is no account/],
    [
      'answers with a gap',
      `UPDATE devices SET device = jsonb_set(device::jsonb, '{answered}', '999')::json`,
      /\[S2\] answers of device/
    ],
    ['a token beside another device', `UPDATE devices SET token_hash = id::text`, /devices: rows whose columns/],
    ['a key of another record', `UPDATE records SET key = 'room:x' WHERE type = 'room'`, /records: rows whose columns/],
    ['a picture that is gone', 'DELETE FROM avatars', /users?.*the picture .* is not there/],
    ['a picture of other bytes', `UPDATE avatars SET png = 'x'`, /hash of the picture/],
    ['a picture of nobody', 'UPDATE avatars SET owner_id = gen_random_uuid()', /no record names it/],
    [
      'preferences under another key',
      `UPDATE records SET key = 'preferences:' WHERE type = 'preferences'`,
      /records: rows whose columns/
    ],
    [
      'a block and preferences that are gone',
      `DELETE FROM records WHERE type IN ('block', 'preferences')`,
      /\[S3\] head of the stream user:/
    ],
    ['an invite of another code', `UPDATE invites SET code_hash = 'x'`, /invites: rows whose columns/],
    ['an epoch that is gone', 'DELETE FROM epochs', /\[S10\.1\]/],
    ['a reaction to nothing', 'UPDATE reactions SET seq = 5', /reactions: rows whose columns/],
    [
      'a reply to nothing',
      `UPDATE messages SET record = jsonb_set(record::jsonb, '{replyTo}', '"${newId()}"')::json WHERE seq = 9`,
      /message with seq 9 is a reply to one that is not in the room/
    ]
  ]
  it.each(spoils)('names %s', async (_name, sql, expected) => {
    const place = await copy()
    await database().ask(sql.replace(/(FROM|UPDATE) (\w+)/, `$1 ${schemaOf(place)}.$2`))
    expect((await findings(place)).join('\n')).toMatch(expected)
  })
})
