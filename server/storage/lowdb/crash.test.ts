// The relay dies between any two operations on the file system: everything that was acknowledged is there, once, and what is there is a
// state that the relay had.
import { afterEach, describe, expect, it } from 'vitest'
import type { MessageRecord } from '../../../protocol/records.ts'
import type { Answer } from '../../../protocol/socket.ts'
import { roomStream } from '../../../protocol/streams.ts'
import * as fixtures from '../contract/fixtures.ts'
import { message, readChanges, readPages, upTo, uuid } from '../contract/fixtures.ts'
import type { LowdbStorage } from './lowdb-storage.ts'
import { TestDirectory } from './testing/directory.ts'
import { watchedFiles } from './testing/watched-files.ts'

const ROOMS = upTo(3).map((n) => uuid('room', n))
const LARGE = { limit: 200, maxBytes: 10_000_000 }

interface Crash {
  dataDir: string
  /** What had been acknowledged then, and what had been begun. */
  acknowledged: number
  begun: number
}

let directory: TestDirectory
afterEach(() => directory.dispose())

function answerTo(k: number): Answer {
  return { status: 'accepted', n: k, id: uuid('message', k), stream: `room:${uuid('room', 1)}`, rev: 2 * k - 1, seq: k }
}

/** Commit k appends message k to every room, edits message ⌈k/2⌉ of it to say `k`, and remembers an answer. */
async function commit(storage: LowdbStorage, k: number): Promise<void> {
  await storage.commit(ROOMS.map(roomStream), async (draft) => {
    for (const roomId of ROOMS) {
      await draft.append(message(roomId, k))
      const old = await draft.message(roomId, uuid('message', Math.ceil(k / 2)))
      if (old) await draft.put<MessageRecord>(roomStream(roomId), { ...fixtures.withoutRev(old), body: `${k}` })
    }
    const standing = (await draft.device(uuid('device', 1))) ?? fixtures.device(1)
    const settled = Math.max(0, k - 9)
    const kept = standing.answers.filter(({ n }) => n > settled)
    draft.putDevice({ ...standing, answered: k, settled, answers: [...kept, answerTo(k)] })
  })
}

/** How many commits a storage holds, if it holds all of each of them, once. */
async function commitsIn(storage: LowdbStorage): Promise<number> {
  const device = await storage.device(uuid('device', 1))
  const answered = device?.answered ?? 0
  expect(device?.answers ?? []).toEqual(upTo(answered).slice(device?.settled).map(answerTo))
  for (const roomId of ROOMS) {
    const messages = (await readPages(storage, roomId, LARGE)).flat()
    expect(messages.map(({ id }) => id)).toEqual(upTo(answered).map((n) => uuid('message', n)))
    expect(messages.map(({ seq }) => seq)).toEqual(upTo(answered))
    const lastEdit = (n: number) =>
      2 * n <= answered ? `${2 * n}` : 2 * n - 1 <= answered ? `${2 * n - 1}` : `message ${n}`
    expect(messages.map(({ body }) => body)).toEqual(upTo(answered).map(lastEdit))
    expect(await storage.head(roomStream(roomId))).toBe(2 * answered)
    expect(await readChanges(storage, roomStream(roomId))).toEqual(messages.toSorted((a, b) => a.rev - b.rev))
    for (const n of [1, answered, answered + 1].filter((each) => each > 0))
      expect((await storage.message(roomId, uuid('message', n)))?.seq).toBe(n <= answered ? n : undefined)
  }
  return answered
}

describe('[S1] [S2] [S3] a relay that dies', () => {
  it('has every acknowledged commit, each once, whatever it was doing', async () => {
    directory = await TestDirectory.make()
    const crashes: Crash[] = []
    let operations = 0
    let acknowledged = 0
    let begun = 0
    const storage = await directory.open({
      limits: { journalBytes: 6_000, segments: 2, segmentBytes: 1 },
      files: watchedFiles(() => {
        operations += 1
        // Odd steps, so that in time every kind of operation is hit.
        if (operations > 20 && operations % 13 === 0) {
          const state = { acknowledged, begun }
          crashes.push({ dataDir: directory.crash(), ...state })
        }
      })
    })
    for (let k = 1; k <= 130; k += 2) {
      begun = k + 1
      await Promise.all(
        [k, k + 1].map((n) => commit(storage, n).then(() => (acknowledged = Math.max(acknowledged, n))))
      )
    }
    await storage.close()
    expect(crashes.length).toBeGreaterThan(20)
    for (const { dataDir, ...then } of crashes) {
      const survivor = await directory.open({ dataDir })
      const held = await commitsIn(survivor)
      expect(held).toBeGreaterThanOrEqual(then.acknowledged)
      expect(held).toBeLessThanOrEqual(then.begun)
      await commit(survivor, held + 1)
      await survivor.close()
      expect(await commitsIn(await directory.open({ dataDir }))).toBe(held + 1)
    }
  }, 60_000)

  it('while it writes documents leaves nothing behind that a later start would take for them', async () => {
    directory = await TestDirectory.make()
    let crashed: string | undefined
    const storage = await directory.open({
      files: watchedFiles((operation, path) => {
        if (operation !== 'rename' || !path.endsWith('room.json') || crashed) return
        crashed = directory.crash()
      })
    })
    for (const k of upTo(10)) await commit(storage, k)
    await storage.writeBack()
    expect(await commitsIn(await directory.open({ dataDir: crashed ?? '' }))).toBe(10)
    expect(await commitsIn(storage)).toBe(10)
  })

  it('[S1] keeps serving from the journal when documents cannot be written, and writes them later', async () => {
    directory = await TestDirectory.make()
    let full = false
    let written = 0
    const storage = await directory.open({
      files: watchedFiles((operation, path) => {
        if (full && operation === 'rename' && path.includes('rooms') && written++ > 0) throw new Error('ENOSPC')
      })
    })
    for (const k of upTo(10)) await commit(storage, k)
    full = true
    await expect(storage.writeBack()).rejects.toThrow('ENOSPC')
    expect(await commitsIn(await directory.open({ dataDir: directory.crash() }))).toBe(10)
    full = false
    await storage.writeBack()
    expect(directory.journal()).toHaveLength(1)
    expect(await commitsIn(await directory.open({ dataDir: directory.crash() }))).toBe(10)
    full = true
    await commit(storage, 11)
    await expect(storage.writeBack()).rejects.toThrow('ENOSPC')
    await commit(storage, 12)
    expect(await commitsIn(await directory.open({ dataDir: directory.crash() }))).toBe(12)
  })
})
