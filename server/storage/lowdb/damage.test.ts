// Files that somebody deletes or that rot: what the journal still has is made again, the rest is named and hurts only its own room, and nothing is
// ever taken for empty.
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { userStream } from '../../../protocol/streams.ts'
import { silentLog } from '../../log.ts'
import * as fixtures from '../contract/fixtures.ts'
import { edit, message, readChanges, readPages, ROOM, ROOM_STREAM, send, upTo, uuid } from '../contract/fixtures.ts'
import { DamagedRoomError } from '../port.ts'
import type { LowdbStorage } from './lowdb-storage.ts'
import { TestDirectory } from './testing/directory.ts'

const LARGE = { limit: 200, maxBytes: 10_000_000 }
const OTHER = uuid('room', 2)

let directory: TestDirectory
let said: string[]
const log = {
  ...silentLog,
  warn: (text: string) => void said.push(`warn ${text}`),
  error: (text: string) => void said.push(`error ${text}`)
}

beforeEach(async () => {
  directory = await TestDirectory.make()
  said = []
})
afterEach(() => directory.dispose())

const ids = async (storage: LowdbStorage, roomId = ROOM) =>
  (await readPages(storage, roomId, LARGE)).flat().map(({ id }) => id)
const sent = (count: number) => upTo(count).map((n) => uuid('message', n))
const segment = (dataDir: string, number = 1) => join(dataDir, 'rooms', ROOM, `00000${number}.json`)

const damages: [string, (path: string) => Promise<void>][] = [
  ['deleted', (path) => rm(path)],
  ['emptied', (path) => truncate(path, 0)],
  ['cut short', async (path) => truncate(path, (await readFile(path)).length - 3)],
  [
    'changed by a bit',
    async (path) => {
      const bytes = await readFile(path)
      const at = Math.floor(bytes.length / 2)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      await writeFile(path, bytes)
    }
  ]
]

describe('a segment that is damaged when its relay died', () => {
  it.each(damages)('(%s) is made again if the journal has all of it, and that is said', async (_, damage) => {
    const first = await directory.open()
    await send(first, ROOM, 1, 30, 1)
    await edit(first, ROOM, 4, 'edited')
    // The documents are written, and the relay dies before it can let go of the journal.
    const journal = directory.crash()
    await first.writeBack()
    const dataDir = directory.crash()
    for (const file of ['relay.json', ...directory.journal(journal).map((path) => path.slice(journal.length + 1))])
      await writeFile(join(dataDir, file), await readFile(join(journal, file)))
    for (const path of directory.journal(dataDir).slice(directory.journal(journal).length)) await rm(path)
    await damage(segment(dataDir))
    const storage = await directory.open({ dataDir, log })
    expect(await readChanges(storage, ROOM_STREAM)).toEqual(await readChanges(first, ROOM_STREAM))
    await storage.writeBack()
    const next = await directory.open({ dataDir: directory.crash(dataDir), log })
    expect(await ids(next)).toEqual(sent(30))
    const warning = said.filter((line) => line.includes(segment(dataDir)))
    expect(warning).toHaveLength(damage === damages[0]?.[1] ? 0 : 1)
  })

  it.each(damages)(
    '(%s) and was older hurts its room alone; nothing of the journal is lost until it is restored',
    async (_, damage) => {
      const first = await directory.open()
      await send(first, ROOM, 1, 600)
      await send(first, OTHER, 1, 10)
      await first.writeBack()
      await edit(first, ROOM, 7, 'edited')
      await send(first, ROOM, 601, 620, 1)
      await send(first, OTHER, 11, 20, 1)
      const dataDir = directory.crash()
      const whole = await readFile(segment(dataDir))
      await damage(segment(dataDir))
      for (let start = 0; start < 2; start++) {
        const storage = await directory.open({ dataDir, log })
        expect(said.filter((line) => line.startsWith(`error ${segment(dataDir)}`))).toHaveLength(1)
        expect(await ids(storage, OTHER)).toEqual(sent(20 + start))
        expect((await storage.page(ROOM, { ...LARGE, limit: 50 })).messages.at(-1)?.seq).toBe(620)
        await expect(storage.page(ROOM, { ...LARGE, before: 400 })).rejects.toThrow(DamagedRoomError)
        await expect(edit(storage, ROOM, 9, 'edited')).rejects.toThrow(DamagedRoomError)
        await send(storage, OTHER, 21 + start, 21 + start)
        await storage.close()
        said.length = 0
      }
      await writeFile(segment(dataDir), whole)
      const restored = await directory.open({ dataDir, log })
      expect(await ids(restored)).toEqual(sent(620))
      expect((await restored.message(ROOM, uuid('message', 7)))?.body).toBe('edited')
      expect(await ids(restored, OTHER)).toEqual(sent(22))
      await restored.close()
      expect(directory.journal(dataDir)).toHaveLength(1)
      expect(said).toEqual([])
    },
    30_000
  )
})

describe('a file that is deleted', () => {
  beforeEach(async () => {
    const storage = await directory.open()
    const bob = uuid('user', 2)
    await storage.commit([ROOM_STREAM, 'users', userStream(bob)], async (draft) => {
      await draft.put(ROOM_STREAM, fixtures.roomRecord(ROOM))
      await draft.put(ROOM_STREAM, fixtures.memberRecord(ROOM, bob, 'joined'))
      await draft.put('users', fixtures.userRecord(fixtures.ALICE, 'alice'))
      await draft.put('users', fixtures.userRecord(bob, 'bob'))
      await draft.put(userStream(bob), { type: 'membership', roomId: ROOM, state: 'joined', changedAt: fixtures.TIME })
      await draft.append(message(ROOM, 1))
    })
    await storage.close()
  })

  it.each([
    ['a room', `rooms/${ROOM}/room.json`, `rooms/${ROOM}/room.json: is missing, but there is 000001.json`],
    ['a room with all of its messages', `rooms/${ROOM}`, `rooms/${ROOM}/room.json: is missing: of 1 rooms there are 0`],
    ['a user', `users/${uuid('user', 2)}.json`, `users/${uuid('user', 2)}.json: is missing: of 2 users there are 1`],
    ['the newest journal file', 'journal/00000002.jsonl', 'journal/00000002.jsonl: is missing']
  ])('(%s) is named, and the relay does not start without it', async (_, path, text) => {
    await rm(join(directory.path, path), { recursive: true })
    for (let start = 0; start < 2; start++) await expect(directory.open({ log })).rejects.toThrow(text)
  })

  it('(a room) is named also if the journal goes on from it', async () => {
    const storage = await directory.open()
    await send(storage, ROOM, 2, 3)
    const dataDir = directory.crash()
    await rm(join(dataDir, 'rooms', ROOM, 'room.json'))
    const text = `rooms/${ROOM}/room.json: is missing or old: it knows 0 revs, and entry 2 follows 3`
    await expect(directory.open({ dataDir, log })).rejects.toThrow(text)
  })

  it('(a directory that never was a room) is no matter', async () => {
    await mkdir(join(directory.path, 'rooms', uuid('room', 77)))
    const storage = await directory.open({ log })
    expect(await storage.room(uuid('room', 77))).toBeUndefined()
    await storage.close()
    await directory.open({ log })
  })
})
