// What age costs: looking up an id and asking for changes read what they need, however long the room is and however much of it was edited.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../log.ts'
import { ALL, edit, readChanges, ROOM, ROOM_STREAM, send, upTo, uuid } from '../contract/fixtures.ts'
import { RUN_SEGMENTS, SEGMENT_MESSAGES } from './documents.ts'
import { TestDirectory } from './testing/directory.ts'
import { watchedFiles } from './testing/watched-files.ts'

/** Three segments more than a run. */
const MESSAGES = (RUN_SEGMENTS + 3) * SEGMENT_MESSAGES

let made: TestDirectory
let directory: TestDirectory
let room: string
let read: string[]

beforeAll(async () => {
  made = await TestDirectory.make()
  const storage = await made.open()
  await send(storage, ROOM, 1, MESSAGES, 500)
  await storage.close()
})
afterAll(() => made.dispose())
afterEach(() => directory.dispose())

/** A storage on a copy, and which files of the room it reads from now on. */
async function openCopy(limits = {}) {
  directory = await TestDirectory.make()
  const dataDir = directory.crash(made.path)
  room = join(dataDir, 'rooms', ROOM)
  read = []
  const files = watchedFiles((operation, path) => {
    if (operation === 'read' && path.startsWith(room)) read.push(path.slice(room.length + 1))
  })
  const storage = await directory.open({ dataDir, files, limits })
  read.length = 0
  return storage
}

describe('[S16] a new id in a long room', () => {
  it('reads one file for a run of segments, and one for each segment after it, once', async () => {
    const storage = await openCopy()
    await send(storage, ROOM, MESSAGES + 1, MESSAGES + 1)
    expect(read.toSorted()).toEqual([
      '000065.ids.json',
      '000066.ids.json',
      '000067.ids.json',
      '000068.json',
      'ids-000001.json'
    ])
    read.length = 0
    await send(storage, ROOM, MESSAGES + 2, MESSAGES + 2)
    expect(read).toEqual([])
    expect((await storage.message(ROOM, uuid('message', 31_999)))?.seq).toBe(31_999)
    expect(read).toEqual(['000064.json'])
  })

  it.each<[string, () => Promise<void>]>([
    ['missing', () => rm(join(room, 'ids-000001.json'))],
    ['damaged', async () => writeFile(join(room, 'ids-000001.json'), 'x')],
    [
      'of another room',
      async () => writeFile(join(room, 'ids-000001.json'), await readFile(join(room, '000001.ids.json')))
    ]
  ])('finds all ids if the run is %s, and makes it again', async (_, spoil) => {
    const storage = await openCopy()
    const whole = await readFile(join(room, 'ids-000001.json'))
    await spoil()
    for (const n of [1, 500, 501, 16_000, 32_000, 32_001, MESSAGES])
      expect((await storage.message(ROOM, uuid('message', n)))?.seq).toBe(n)
    expect(await readFile(join(room, 'ids-000001.json'))).toEqual(whole)
  })

  it('is told from all others while runs become full, and after each reopen', async () => {
    const storage = await openCopy()
    await send(storage, ROOM, MESSAGES + 1, 64_100, 500)
    await storage.writeBack()
    expect(await readdir(room)).toContain('ids-000002.json')
    for (const n of [1, 32_000, 32_001, 64_000, 64_001, 64_100])
      expect((await storage.message(ROOM, uuid('message', n)))?.seq).toBe(n)
    expect(await storage.message(ROOM, uuid('message', 64_101))).toBeUndefined()
  })
})

describe('[S16] changes to old messages', () => {
  const late = upTo(60).map((at) => at * 500 - 7)

  it('are found by reading the segments that the answer lies in, also after a reopen', async () => {
    const first = await openCopy()
    for (const n of late) await edit(first, ROOM, n, 'edited')
    const dataDir = join(room, '../..')
    await first.close()
    const files = watchedFiles((operation, path) => void (operation === 'read' && read.push(path)))
    const storage = await directory.open({ dataDir, files, limits: { segmentBytes: 1 } })
    const asking = async (since: number, limit: number) => {
      read.length = 0
      const page = await storage.changes(ROOM_STREAM, since, { ...ALL, limit })
      return [page.records.map((record) => 'seq' in record && record.seq), page.more, read.length]
    }
    expect(await asking(MESSAGES, 1)).toEqual([late.slice(0, 1), true, 1])
    expect(await asking(MESSAGES + 41, 3)).toEqual([late.slice(41, 44), true, 3])
    expect(await asking(MESSAGES + 58, 100)).toEqual([late.slice(58), false, 2])
    expect(await asking(MESSAGES + 60, 100)).toEqual([[], false, 0])
  })

  it('come in several answers if they lie in very many segments, each once and in order', async () => {
    const storage = await openCopy({ segmentBytes: 1 })
    for (const n of late) await edit(storage, ROOM, n, 'edited')
    await storage.writeBack()
    read.length = 0
    const page = await storage.changes(ROOM_STREAM, MESSAGES, ALL)
    expect(read).toHaveLength(32)
    expect([page.records.length, page.through, page.more]).toEqual([32, MESSAGES + 32, true])
    const all = await readChanges(storage, ROOM_STREAM, MESSAGES)
    expect(all.map((record) => 'seq' in record && record.seq)).toEqual(late)
  })

  it('are found all the same if the list of them is missing or damaged, which is said', async () => {
    const first = await openCopy()
    for (const n of late) await edit(first, ROOM, n, 'edited')
    await first.close()
    const dataDir = join(room, '../..')
    for (const spoil of [
      () => rm(join(room, 'late-000001.json')),
      () => writeFile(join(room, 'late-000001.json'), 'x')
    ]) {
      await spoil()
      const warned: unknown[] = []
      const log = { ...silentLog, warn: (_text: string, details?: object) => void warned.push(details) }
      const storage = await directory.open({ dataDir, log })
      const changed = await readChanges(storage, ROOM_STREAM, MESSAGES)
      expect(changed.map((record) => 'seq' in record && record.seq)).toEqual(late)
      expect(warned).toEqual([{ path: join(room, 'late-000001.json') }])
      await storage.close()
    }
  })
})
