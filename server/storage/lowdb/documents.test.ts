// Documents as files: damage is named, nothing is read as empty, what people open is readable; and how much of it is in memory.
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../log.ts'
import * as fixtures from '../contract/fixtures.ts'
import { edit, readChanges, readPages, ROOM, ROOM_STREAM, send, uuid } from '../contract/fixtures.ts'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { FORMAT } from './documents.ts'
import { nodeFiles } from './files.ts'
import { TestDirectory } from './testing/directory.ts'
import { watchedFiles } from './testing/watched-files.ts'

const LARGE = { limit: 200, maxBytes: 10_000_000 }

let directory: TestDirectory
let paths: { relay: string; user: string; invites: string; room: string; segment: string; ids: string }

beforeEach(async () => {
  directory = await TestDirectory.make()
  const storage = await directory.open()
  await storage.commit([ROOM_STREAM, 'users'], async (draft) => {
    await draft.put(ROOM_STREAM, fixtures.roomRecord(ROOM))
    await draft.put('users', fixtures.userRecord(fixtures.ALICE, 'alice'))
    draft.putInvite(fixtures.invite(1))
  })
  await send(storage, ROOM, 1, 1_100)
  await storage.close()
  const room = join(directory.path, 'rooms', ROOM)
  paths = {
    relay: join(directory.path, 'relay.json'),
    user: join(directory.path, 'users', `${fixtures.ALICE}.json`),
    invites: join(directory.path, 'invites.json'),
    room: join(room, 'room.json'),
    segment: join(room, '000001.json'),
    ids: join(room, '000001.ids.json')
  }
})
afterEach(() => directory.dispose())

const damages: [string, (path: string) => Promise<void>][] = [
  ['cut short', async (path) => truncate(path, (await readFile(path)).length - 20)],
  ['emptied', (path) => truncate(path, 0)],
  [
    'changed by a letter',
    async (path) => writeFile(path, (await readFile(path, 'utf8')).replace(/"data":\n([^]*?)e/, '"data":\n$1E'))
  ],
  ['replaced by other JSON', (path) => writeFile(path, '{}')]
]

describe('a damaged document', () => {
  it.each(damages)('%s keeps the relay from starting, and is named', async (_, damage) => {
    for (const path of [paths.relay, paths.user, paths.invites, paths.room]) {
      const whole = await readFile(path)
      await damage(path)
      await expect(directory.open()).rejects.toThrow(path)
      await expect(directory.open()).rejects.toBeInstanceOf(DamagedFileError)
      await writeFile(path, whole)
    }
    expect((await readChanges(await directory.open(), ROOM_STREAM)).length).toBe(1_101)
  })

  it.each(damages)('%s, if a segment, is named when somebody asks for it; the rest is served', async (_, damage) => {
    await damage(paths.segment)
    const storage = await directory.open()
    await expect(storage.page(ROOM, { ...LARGE, before: 300 })).rejects.toThrow(paths.segment)
    await expect(edit(storage, ROOM, 7, 'edited')).rejects.toThrow(paths.segment)
    expect((await storage.page(ROOM, LARGE)).messages).toHaveLength(200)
    expect((await send(storage, ROOM, 1_101, 1_101))[0]?.seq).toBe(1_101)
  })

  it('that is missing is named: a segment, relay.json', async () => {
    await rm(paths.segment)
    const storage = await directory.open()
    await expect(storage.page(ROOM, { ...LARGE, before: 300 })).rejects.toThrow(paths.segment)
    await storage.close()
    await rm(paths.relay)
    await expect(directory.open()).rejects.toThrow(`${paths.relay}: is missing`)
  })

  it('of a newer relay is not touched', async () => {
    const low = documentAt(nodeFiles, paths.relay, { format: 0 })
    await low.read()
    low.data.format = FORMAT + 1
    await low.write()
    const written = await readFile(paths.relay)
    await expect(directory.open()).rejects.toThrow(`format ${FORMAT + 1}, that of a newer relay`)
    expect(await readFile(paths.relay)).toEqual(written)
  })

  it('of fingerprints is made again from its segment if it is missing', async () => {
    await rm(paths.ids)
    const storage = await directory.open()
    expect((await storage.message(ROOM, uuid('message', 77)))?.seq).toBe(77)
    expect(await storage.message(ROOM, uuid('message', 9_999))).toBeUndefined()
  })

  it.each(damages)('%s, if of fingerprints, is named in the log and made again from its segment', async (_, damage) => {
    await damage(paths.ids)
    const named: unknown[] = []
    const log = { ...silentLog, warn: (_text: string, details?: object) => void named.push(details) }
    const storage = await directory.open({ log })
    expect((await storage.message(ROOM, uuid('message', 77)))?.seq).toBe(77)
    expect((await send(storage, ROOM, 1_101, 1_101))[0]?.seq).toBe(1_101)
    expect(named).toEqual([{ path: paths.ids }])
  })
})

describe('fingerprints', () => {
  it('of another life of a segment (a copy put over newer files) are not believed', async () => {
    const stale = documentAt(nodeFiles, paths.ids, { number: 0 })
    await stale.read()
    stale.data.number = 3
    await documentAt(nodeFiles, paths.ids.replace('000001.ids', '000003.ids'), stale.data).write()
    await send(await directory.open(), ROOM, 1_101, 1_500)
    const dataDir = directory.crash()
    const storage = await directory.open({ dataDir })
    for (const n of [1_001, 1_100, 1_101, 1_500]) expect((await storage.message(ROOM, uuid('message', n)))?.seq).toBe(n)
    await storage.writeBack()
    const later = await directory.open({ dataDir: directory.crash(dataDir) })
    expect((await later.message(ROOM, uuid('message', 1_400)))?.seq).toBe(1_400)
  })
})

describe('the data directory', () => {
  it('has JSON that people can read, a message a line', async () => {
    const text = await readFile(paths.segment, 'utf8')
    expect((JSON.parse(text) as { data: { messages: unknown[] } }).data.messages).toHaveLength(500)
    expect(text.split('\n').filter((line) => line.includes('"body":"message 42"'))).toHaveLength(1)
    expect(JSON.parse(await readFile(paths.room, 'utf8'))).toMatchObject({
      data: { headSeq: 1_100, begins: [{ head: 0 }], segments: [{ count: 500 }, { count: 500 }, { count: 100 }] }
    })
  })

  it('may hold what others put there', async () => {
    await writeFile(join(directory.path, 'rooms', '.DS_Store'), 'x')
    await writeFile(join(directory.path, 'users', 'Thumbs.db'), 'x')
    await mkdir(join(directory.path, 'lost+found'))
    expect((await readChanges(await directory.open(), ROOM_STREAM)).length).toBe(1_101)
  })

  it('is rid of what a write left that did not end', async () => {
    await writeFile(`${paths.room}.next`, 'half a docu')
    await writeFile(`${paths.user}.next.123456`, 'half a docu')
    const storage = await directory.open()
    await send(storage, ROOM, 2_000, 2_000)
    await storage.close()
    const names = await readdir(directory.path, { recursive: true })
    expect(names.filter((name) => name.includes('.next'))).toEqual([])
  })

  it('refuses ids that are no file names', async () => {
    const storage = await directory.open()
    const evil = '../../etc/passwd'
    await expect(storage.commit([`room:${evil}`], (draft) => draft.append(fixtures.message(evil, 1)))).rejects.toThrow(
      'could not store'
    )
    await expect(
      storage.commit([`room:${evil}`], (draft) => draft.put(`room:${evil}`, fixtures.roomRecord(evil)))
    ).rejects.toThrow('could not store')
    await expect(
      storage.commit([], async (draft) => draft.putDevice(fixtures.device(1, { userId: evil })))
    ).rejects.toThrow('could not store')
    await storage.writeBack()
    expect(await readdir(join(directory.path, 'rooms'))).toEqual([ROOM])
  })
})

describe('[S16] what a relay reads and keeps', () => {
  it('is at start the index, not the history', async () => {
    const read: string[] = []
    await directory.open({ files: watchedFiles((operation, path) => void (operation === 'read' && read.push(path))) })
    expect(read).toContain(paths.room)
    expect(read.filter((path) => /\/\d{6}\.(ids\.)?json$/.test(path))).toEqual([])
  })

  it('is for the newest page, new changes and an unknown id only what they need', async () => {
    const read: string[] = []
    const files = watchedFiles((operation, path) => void (operation === 'read' && read.push(path)))
    const storage = await directory.open({ files, limits: { segmentBytes: 1 } })
    const reading = async (work: () => Promise<unknown>) => {
      read.length = 0
      await work()
      return read.map((path) => path.slice(-'000000.json'.length)).filter((name) => /\d{6}\.json/.test(name))
    }
    expect(await reading(() => storage.page(ROOM, { ...LARGE, limit: 50 }))).toEqual(['000003.json'])
    expect(await reading(() => storage.changes(ROOM_STREAM, 1_095, fixtures.ALL))).toEqual([])
    expect(await reading(() => storage.changes(ROOM_STREAM, 0, { ...fixtures.ALL, limit: 40 }))).toEqual([
      '000001.json'
    ])
    expect(await reading(() => storage.changes(ROOM_STREAM, 1_101, fixtures.ALL))).toEqual([])
    expect(await reading(() => storage.message(ROOM, uuid('message', 1)))).not.toContain('000002.json')
    expect(await reading(() => storage.message(ROOM, uuid('message', 9_999)))).toEqual([])
    expect(await reading(() => storage.message(ROOM, uuid('message', 600)))).toEqual(['000002.json'])
  })

  it('is bounded, however much is read and written', async () => {
    const storage = await directory.open({ limits: { segmentBytes: 300_000, segments: 2 } })
    for (let round = 0; round < 3; round++) {
      await send(storage, uuid('room', 50 + round), 1, 1_600)
      for (const n of [1, 501, 1_001]) await edit(storage, ROOM, n, `round ${round}`)
      await readPages(storage, ROOM, LARGE)
      await storage.writeBack()
    }
    expect(storage.segmentsInMemory).toBeLessThan(4)
    expect((await readPages(storage, ROOM, LARGE)).flat()).toHaveLength(1_100)
  })

  it('is bounded in bytes, however few segments they are: commits wait until documents are written', async () => {
    const storage = await directory.open({ limits: { segmentBytes: 1, heldBytes: 1 } })
    for (const n of [1, 501, 1_001]) await edit(storage, ROOM, n, 'edited')
    expect(storage.segmentsInMemory).toBeLessThan(3)
    const edited = (await readPages(storage, ROOM, LARGE)).flat().filter(({ body }) => body === 'edited')
    expect(edited.map(({ seq }) => seq)).toEqual([1, 501, 1_001])
  })
})
