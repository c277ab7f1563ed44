// Data of an earlier format opens as it is and is of this one from then on: the first one knew no reactions and no reads, the second nothing of
// blocks, pictures, what is removed, and by what name and into which rooms an invite is.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readsStream, userStream } from '../../../protocol/streams.ts'
import { idSchema } from '../../../protocol/values.ts'
import * as fixtures from '../contract/fixtures.ts'
import { edit, reactionRecord, readChanges, readPages, ROOM, ROOM_STREAM, send, uuid } from '../contract/fixtures.ts'
import { picture } from '../contract/pictures.ts'
import { documentAt } from './atomic-json-file.ts'
import { FORMAT } from './documents.ts'
import type { RelayDocument, UserDocument } from './documents.ts'
import { nodeFiles } from './files.ts'
import { journalLine, parseJournalLine } from './journal.ts'
import { rewrite } from './testing/damage.ts'
import { TestDirectory } from './testing/directory.ts'
import { findingsIn } from './testing/relay-left.ts'

const PAGE = { limit: 200, maxBytes: 10_000_000 }

describe('data of format 1', () => {
  let directory: TestDirectory
  const at = (...path: string[]) => join(directory.path, ...path)
  const formatOf = async (path: string) =>
    (JSON.parse(await readFile(path, 'utf8')) as { data: { format: number } }).data.format

  /** Makes a document what the relay of format 1 wrote. */
  async function asBefore(path: string, change: (data: Record<string, unknown>) => void): Promise<void> {
    const low = documentAt<Record<string, unknown>>(nodeFiles, path, {})
    await low.read()
    change(low.data)
    await low.write()
  }

  beforeEach(async () => {
    directory = await TestDirectory.make()
    const storage = await directory.open()
    await storage.commit([ROOM_STREAM, 'users'], async (draft) => {
      await draft.put(ROOM_STREAM, fixtures.roomRecord(ROOM))
      await draft.put('users', fixtures.userRecord(fixtures.ALICE, 'alice'))
    })
    await send(storage, ROOM, 1, 700)
    await storage.close()
    for (const segment of ['000001.json', '000002.json'])
      await asBefore(at('rooms', ROOM, segment), (data) => void delete data['reactions'])
    await rm(at('rooms', ROOM, 'reads.json'), { force: true })
    await asBefore(at('relay.json'), (data) => void (data['format'] = 1))
  })
  afterEach(() => directory.dispose())

  it('opens with all that it holds, and takes reactions and reads from then on', async () => {
    const storage = await directory.open()
    expect(await formatOf(at('relay.json'))).toBe(FORMAT)
    expect((await readPages(storage, ROOM, PAGE)).flat()).toHaveLength(700)
    expect((await storage.page(ROOM, PAGE)).reactions).toEqual([])
    expect(await storage.head(readsStream(ROOM))).toBe(0)
    const stream = readsStream(ROOM)
    await storage.commit([ROOM_STREAM, stream], async (draft) => {
      await draft.put(ROOM_STREAM, reactionRecord(ROOM, 7, 7, fixtures.ALICE, '👍'))
      await draft.put(stream, { type: 'read', roomId: ROOM, userId: fixtures.ALICE, seq: 9 })
    })
    await edit(storage, ROOM, 600, 'edited')
    const copy = directory.crash()
    await storage.close()
    for (const dataDir of [copy, directory.path]) {
      const later = await directory.open({ dataDir })
      expect(await later.reactionsBy(ROOM, uuid('message', 7), fixtures.ALICE)).toMatchObject([{ emoji: '👍' }])
      expect(await later.read(ROOM, fixtures.ALICE)).toMatchObject({ seq: 9, rev: 1 })
      expect((await readChanges(later, ROOM_STREAM, 701)).map(({ type }) => type)).toEqual(['reaction', 'message'])
    }
  })
})

describe('data of format 2', () => {
  let directory: TestDirectory
  const OLD = { createdBy: null, usesLeft: 3, createdAt: fixtures.TIME, expiresAt: fixtures.TIME }
  const [inDocument, inJournal] = ['d', 'f'].map((digit) => digit.repeat(64))

  beforeEach(async () => {
    directory = await TestDirectory.make()
  })
  afterEach(() => directory.dispose())

  it('opens with its invites, from documents and from the journal, and takes all that is new from then on', async () => {
    const storage = await directory.open()
    await storage.commit(['users', userStream(fixtures.ALICE)], async (draft) => {
      await draft.put('users', fixtures.userRecord(fixtures.ALICE, 'alice'))
      draft.putAccount({ userId: fixtures.ALICE, username: 'alice', passwordHash: 'x' })
      draft.putDevice(fixtures.device(1))
      draft.putInvite({ ...fixtures.invite(1), ...OLD, codeHash: inDocument ?? '' })
    })
    await storage.writeBack()
    await storage.commit([], async (draft) =>
      draft.putInvite({ ...fixtures.invite(2), ...OLD, codeHash: inJournal ?? '' })
    )
    const dataDir = directory.crash()
    await storage.close()
    // As the relay of format 2 wrote it.
    await rewrite(join(dataDir, 'relay.json'), (relay: Partial<RelayDocument>) => {
      relay.format = 2
      delete relay.reads
      delete relay.invites
    })
    await rm(join(dataDir, 'avatars'), { recursive: true })
    await rewrite(join(dataDir, 'users', `${fixtures.ALICE}.json`), (user: UserDocument) => void delete user.blocks)
    await rewrite(join(dataDir, 'invites.json'), (document: { invites: object[] }) => {
      document.invites = [{ codeHash: inDocument, ...OLD }]
    })
    const journal = directory.journal(dataDir).at(-1) ?? ''
    const [header = '', line = ''] = (await readFile(journal, 'utf8')).split('\n')
    const { number = 0, json = '' } = parseJournalLine(line) ?? {}
    const entry = { ...(JSON.parse(json) as object), invites: [{ codeHash: inJournal, ...OLD }] }
    await writeFile(journal, `${header}\n${journalLine(number, JSON.stringify(entry)).toString('utf8')}`)
    expect((await findingsIn(dataDir)).findings).toEqual([])

    const made = (codeHash: string, digit: string) => {
      const id = 'xxxxxxxx-xxxx-8xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', digit)
      return { codeHash, ...OLD, id, uses: 3, roomIds: [] }
    }
    const expected = [made(inDocument ?? '', 'd'), made(inJournal ?? '', 'f')]
    const stream = userStream(fixtures.ALICE)
    const later = await directory.open({ dataDir })
    expect(await later.invites()).toEqual(expected)
    expect(expected.every(({ id }) => idSchema.safeParse(id).success)).toBe(true)
    await later.commit([stream], async (draft) => {
      await draft.put(stream, { type: 'block', userId: uuid('user', 2), set: true })
      await draft.put(stream, { type: 'preferences', availability: 'dnd' })
      draft.putAvatar(fixtures.ALICE, picture(1))
      draft.removeDevice(uuid('device', 1))
      draft.removeInvite(inJournal ?? '')
    })
    for (const copy of [directory.crash(dataDir), dataDir]) {
      if (copy === dataDir) await later.close()
      const last = await directory.open({ dataDir: copy })
      expect(await last.invites()).toEqual(expected.slice(0, 1))
      expect(await last.blockCount(fixtures.ALICE)).toBe(1)
      expect((await last.avatar(fixtures.ALICE))?.hash).toBe(picture(1).hash)
      expect(await last.device(uuid('device', 1))).toBeUndefined()
    }
    const relay = JSON.parse(await readFile(join(dataDir, 'relay.json'), 'utf8')) as { data: RelayDocument }
    expect(relay.data.format).toBe(FORMAT)
  })
})
