// Data of an earlier format opens as it is and is of this one from then on: the first one knew no reactions and no reads.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readsStream } from '../../../protocol/streams.ts'
import * as fixtures from '../contract/fixtures.ts'
import { edit, reactionRecord, readChanges, readPages, ROOM, ROOM_STREAM, send, uuid } from '../contract/fixtures.ts'
import { documentAt } from './atomic-json-file.ts'
import { FORMAT } from './documents.ts'
import { nodeFiles } from './files.ts'
import { TestDirectory } from './testing/directory.ts'

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
