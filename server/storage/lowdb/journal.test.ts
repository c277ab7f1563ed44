// What the journal promises when things go wrong: torn tails, damage, flushes that fail.
import { appendFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../../protocol/socket.ts'
import { device, message, readChanges, ROOM, ROOM_STREAM, send, upTo, uuid } from '../contract/fixtures.ts'
import { DamagedFileError } from './atomic-json-file.ts'
import type { LowdbStorage } from './lowdb-storage.ts'
import { TestDirectory } from './testing/directory.ts'
import { gate } from './testing/gate.ts'
import { watchedFiles } from './testing/watched-files.ts'
import type { Operation } from './testing/watched-files.ts'

let directory: TestDirectory

beforeEach(async () => {
  directory = await TestDirectory.make()
})
afterEach(() => directory.dispose())

const seqs = async (storage: LowdbStorage) =>
  (await storage.page(ROOM, { limit: 200, maxBytes: 1_000_000 })).messages.map(({ seq }) => seq)

async function crashed(messages: number): Promise<string> {
  await send(await directory.open(), ROOM, 1, messages, 1)
  return directory.crash()
}

describe('a tail that a crash tore', () => {
  it.each([1, 2, 40, 200])(
    '[S1] of %d bytes less is dropped, said by file and line, and never comes back',
    async (less) => {
      const dataDir = await crashed(5)
      const [journal = ''] = directory.journal(dataDir)
      const before = await readFile(journal)
      await truncate(journal, before.length - less)
      for (const round of [1, 2]) {
        const storage = await directory.open({ dataDir })
        expect(await seqs(storage)).toEqual(round === 1 ? upTo(4) : upTo(5))
        if (round === 1) await send(storage, ROOM, 50, 50)
        expect(await storage.message(ROOM, uuid('message', 5))).toBeUndefined()
        await storage.close()
      }
      expect(directory.warnings).toEqual([expect.stringContaining(`${journal}: line 6 `)])
    }
  )

  it('is dropped too if its last bytes reached the disk and those before did not', async () => {
    const dataDir = await crashed(5)
    const [journal = ''] = directory.journal(dataDir)
    const bytes = await readFile(journal)
    bytes.fill(0, bytes.length - 100, bytes.length - 10)
    await writeFile(journal, bytes)
    expect(await seqs(await directory.open({ dataDir }))).toEqual(upTo(4))
  })

  it('may be anything that lay on the disk, and is said by file and line', async () => {
    const dataDir = await crashed(2)
    const [journal = ''] = directory.journal(dataDir)
    await appendFile(journal, '\n\nwhat is this\nand this\n')
    expect(await seqs(await directory.open({ dataDir }))).toEqual(upTo(2))
    expect(directory.warnings).toEqual([expect.stringContaining(`${journal}: line 4 `)])
  })

  it('stays dropped when the next start dies before it wrote documents', async () => {
    const dataDir = await crashed(3)
    const [journal = ''] = directory.journal(dataDir)
    const torn = await readFile(journal)
    await truncate(journal, torn.length - 1)
    const storage = await directory.open({ dataDir })
    await send(storage, ROOM, 10, 11, 1)
    // As if the disk had had the last byte after all: the later file says where it goes on.
    await writeFile(journal, torn)
    const second = new Set(directory.journal(dataDir))
    expect(second.size).toBe(2)
    await storage.close()
    const again = await directory.open({ dataDir })
    expect((await again.page(ROOM, { limit: 50, maxBytes: 100_000 })).messages.map(({ id }) => id)).toEqual(
      [1, 2, 10, 11].map((n) => uuid('message', n))
    )
  })

  it('may be a whole file without a first line', async () => {
    const dataDir = await crashed(3)
    await writeFile(`${dataDir}/journal/00000002.jsonl`, '')
    await writeFile(`${dataDir}/journal/00000003.jsonl`, '{"number":0,"chec')
    const storage = await directory.open({ dataDir })
    expect(await seqs(storage)).toEqual(upTo(3))
    expect(directory.journal(dataDir).at(-1)).toContain('00000004.jsonl')
    expect(directory.warnings).toHaveLength(2)
  })
})

describe('damage', () => {
  /** Why the relay does not start. */
  const refusal = async (dataDir: string): Promise<string> => {
    const opening = directory.open({ dataDir })
    return opening.then(
      () => 'it started',
      (error: unknown) => (error instanceof DamagedFileError ? error.message : `another error: ${String(error)}`)
    )
  }

  it('in the middle of the journal is named by file and line, and the relay does not start', async () => {
    const dataDir = await crashed(5)
    const [journal = ''] = directory.journal(dataDir)
    const damaged = (await readFile(journal, 'utf8')).replace('message 3', 'message 4')
    await writeFile(journal, damaged)
    expect(await refusal(dataDir)).toContain(`${journal}: line 4 is damaged`)
    expect(await readFile(journal, 'utf8')).toBe(damaged)
  })

  it('by a line that is gone or doubled is named', async () => {
    const dataDir = await crashed(5)
    const [journal = ''] = directory.journal(dataDir)
    const lines = (await readFile(journal, 'utf8')).split('\n')
    await writeFile(journal, lines.toSpliced(3, 1).join('\n'))
    expect(await refusal(dataDir)).toContain('line 4 has entry 4 instead of 3')
    await writeFile(journal, lines.toSpliced(3, 0, lines[2] ?? '').join('\n'))
    expect(await refusal(dataDir)).toContain('line 4 has entry 2 instead of 3')
  })

  it('in the last two lines is named, and not taken for a tail that a crash tore', async () => {
    const dataDir = await crashed(5)
    const [journal = ''] = directory.journal(dataDir)
    const text = await readFile(journal, 'utf8')
    await writeFile(journal, text.replace('message 4', 'message 9').replace('message 5', 'message 9'))
    expect(await refusal(dataDir)).toContain(`${journal}: line 5 is damaged`)
  })

  it('by a file that is missing is named', async () => {
    const first = await crashed(2)
    await send(await directory.open({ dataDir: first }), ROOM, 3, 4, 1)
    const second = directory.crash(first)
    await send(await directory.open({ dataDir: second }), ROOM, 5, 5)
    const third = directory.crash(second)
    const [oldest = '', middle = ''] = directory.journal(third)
    const whole = await readFile(middle)
    await rm(middle)
    expect(await refusal(third)).toContain('entries 3 to 3 of the journal are missing')
    await writeFile(middle, whole)
    await rm(oldest)
    expect(await refusal(third)).toContain('entries 1 to 1 of the journal are missing')
  })

  it('by a journal that is gone altogether is named', async () => {
    const storage = await directory.open()
    await send(storage, ROOM, 1, 2, 1)
    await storage.close()
    for (const journal of directory.journal()) await rm(journal)
    expect(await refusal(directory.path)).toContain('is missing, or has lost its beginning')
  })
})

describe('a flush that fails', () => {
  let fails: Operation | undefined

  const failing = () =>
    directory.open({
      files: watchedFiles((operation, path) => {
        if (operation !== fails || !path.includes('journal')) return
        fails = undefined
        throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
      })
    })

  it.each(['append', 'datasync'] as const)(
    '[S1] (%s) leaves memory as it was; the next commit works; the failed one never comes back',
    async (operation) => {
      const storage = await failing()
      await send(storage, ROOM, 1, 3, 1)
      fails = operation
      const failed = storage.commit([ROOM_STREAM, 'users'], async (draft) => {
        await draft.append(message(ROOM, 4))
        draft.putDevice(device(1))
      })
      await expect(failed).rejects.toMatchObject({ name: 'ProtocolError', code: 'storage-unavailable' })
      expect(await storage.head(ROOM_STREAM)).toBe(3)
      expect(await storage.message(ROOM, uuid('message', 4))).toBeUndefined()
      expect(await storage.device(uuid('device', 1))).toBeUndefined()
      expect(await readChanges(storage, ROOM_STREAM)).toHaveLength(3)

      const died = await directory.open({ dataDir: directory.crash() })
      expect(await seqs(died)).toEqual(upTo(3))

      const [next] = await send(storage, ROOM, 5, 5)
      expect([next?.rev, next?.seq]).toEqual([4, 4])
      const later = await directory.open({ dataDir: directory.crash() })
      expect(await readChanges(later, ROOM_STREAM)).toEqual(await readChanges(storage, ROOM_STREAM))
      await storage.close()
      expect(await seqs(await directory.open())).toEqual(upTo(4))
    }
  )

  it('[S1] is tried again by the next commit if a new file cannot be begun either', async () => {
    let broken = false
    const storage = await directory.open({
      files: watchedFiles((operation, path) => {
        if (broken && path.includes('journal') && operation !== 'append') throw new Error('ENOSPC')
      })
    })
    await send(storage, ROOM, 1, 2, 1)
    broken = true
    for (const n of [3, 4]) await expect(send(storage, ROOM, n, n)).rejects.toThrow('could not store')
    broken = false
    await send(storage, ROOM, 5, 5)
    const later = await directory.open({ dataDir: directory.crash() })
    expect(await readChanges(later, ROOM_STREAM)).toEqual(await readChanges(storage, ROOM_STREAM))
    expect(await seqs(later)).toEqual(upTo(3))
  })

  it('[S1] lets nobody see a commit whose flush is not done', async () => {
    const flush = gate()
    const reached = gate()
    let held = false
    const storage = await directory.open({
      files: watchedFiles((operation, path) => {
        if (!held || operation !== 'datasync' || !path.includes('journal')) return undefined
        reached.open()
        return flush.opened
      })
    })
    await send(storage, ROOM, 1, 1)
    held = true
    const sending = send(storage, ROOM, 2, 2)
    await reached.opened
    expect(await storage.head(ROOM_STREAM)).toBe(1)
    expect(await storage.message(ROOM, uuid('message', 2))).toBeUndefined()
    expect(await readChanges(storage, ROOM_STREAM)).toHaveLength(1)
    flush.open()
    await sending
    expect(await storage.head(ROOM_STREAM)).toBe(2)
  })

  it('[S16] writes of a device with many answers only those that are new', async () => {
    const storage = await directory.open()
    const answer = (n: number): Answer => ({
      status: 'accepted',
      n,
      id: uuid('message', n),
      stream: ROOM_STREAM,
      rev: n
    })
    const put = (answered: number, settled: number) =>
      storage.commit([], async (draft) => {
        const standing = (await draft.device(uuid('device', 1))) ?? device(1)
        const kept = standing.answers.filter(({ n }) => n > settled)
        const added = upTo(answered).slice(standing.answered).map(answer)
        draft.putDevice({ ...standing, answered, settled, answers: [...kept, ...added] })
      })
    await put(900, 0)
    const [journal = ''] = directory.journal()
    const before = (await stat(journal)).size
    for (let n = 901; n <= 950; n++) await put(n, n - 850)
    expect((await stat(journal)).size - before).toBeLessThan(50 * 1_000)
    const died = await directory.open({ dataDir: directory.crash() })
    expect(await died.device(uuid('device', 1))).toEqual(await storage.device(uuid('device', 1)))
    expect((await died.device(uuid('device', 1)))?.answers.map(({ n }) => n)).toEqual(upTo(950).slice(100))
  })

  it('[S1] leaves no heap of empty files on a full disk', async () => {
    let full = false
    const storage = await directory.open({
      files: watchedFiles((operation) => {
        if (full && operation === 'append') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
      })
    })
    await send(storage, ROOM, 1, 1)
    full = true
    for (let n = 2; n < 12; n++) await expect(send(storage, ROOM, n, n)).rejects.toThrow('could not store')
    expect(directory.journal()).toHaveLength(1)
    full = false
    await send(storage, ROOM, 2, 2)
    expect(await seqs(await directory.open({ dataDir: directory.crash() }))).toEqual([1, 2])
  })

  it('[S15] is one for a commit, however much is in it', async () => {
    const flushed: string[] = []
    const storage = await directory.open({
      files: watchedFiles((operation, path) => void (operation === 'datasync' && flushed.push(path)))
    })
    flushed.length = 0
    const rooms = upTo(50).map((n) => uuid('room', n))
    await storage.commit(
      rooms.map((roomId) => `room:${roomId}` as const),
      async (draft) => {
        for (const roomId of rooms) await draft.append(message(roomId, 1))
      }
    )
    expect(flushed).toHaveLength(1)
  })
})
