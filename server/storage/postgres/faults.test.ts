// What the PostgreSQL driver does when the connection, or the answer to a commit, is lost [S1, S2].
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../protocol/errors.ts'
import type { MessageRecord } from '../../../protocol/records.ts'
import { silentLog } from '../../log.ts'
import { message, roomRecord, ROOM, ROOM_STREAM, send, upTo, uuid } from '../contract/fixtures.ts'
import type { StreamChange } from '../port.ts'
import { seededRandom } from '../contract/seeded-random.ts'
import { firstSeed, sizeOf } from '../testing/test-size.ts'
import type { PostgresStorage } from './postgres-storage.ts'
import { openPostgresStorage } from './storage.ts'
import type { PostgresOptions } from './storage.ts'
import { schemaOf, usePostgres } from './testing/database.ts'
import { DatabaseProxy } from './testing/proxy.ts'

describe('on PostgreSQL', () => {
  const database = usePostgres()
  let url: string
  let proxy: DatabaseProxy
  let storage: PostgresStorage
  const opened: PostgresStorage[] = []
  const open = async (options: Partial<PostgresOptions> = {}) => {
    const made = await openPostgresStorage({ url, log: silentLog, lockPatienceMs: 100, ...options })
    opened.push(made)
    return made
  }
  beforeEach(async () => {
    url = await database().place()
    proxy = await DatabaseProxy.start(database().server.folder)
    storage = await open({ url: proxy.through(url) })
    await storage.commit([ROOM_STREAM], (draft) => draft.put(ROOM_STREAM, roomRecord(ROOM)))
    await send(storage, ROOM, 1, 3)
  })
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close()
    await proxy.close()
  })

  const append = (n: number, into = storage) => into.commit([ROOM_STREAM], (draft) => draft.append(message(ROOM, n)))
  const seqsIn = async (from: PostgresStorage) =>
    (await from.page(ROOM, { limit: 1_000, maxBytes: 1e9 })).messages.map(({ seq, id }) => [seq, id])
  const expected = (last: number) => upTo(last).map((n) => [n, uuid('message', n)])
  /** Polls from outside, as an administrator would: nothing tells us when the server has done something. */
  const until = async (sql: string, isSo: (row: Record<string, unknown>) => boolean) => {
    for (;;) {
      const [row] = await database().ask(sql)
      if (row && isSo(row)) return
      await pause(5)
    }
  }
  const committed = (number: number) =>
    until(`SELECT commits FROM ${schemaOf(url)}.relay`, ({ commits }) => Number(commits) === number)
  const commitsNow = async () =>
    Number((await database().ask<{ commits: string }>(`SELECT commits FROM ${schemaOf(url)}.relay`))[0]?.commits)

  it('an idle connection that was lost is made again, and the next commit does not notice', async () => {
    proxy.cut()
    expect((await append(4)).value.seq).toBe(4)
    await database().ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'maru' AND pid <> pg_backend_pid()`
    )
    expect((await append(5)).value.seq).toBe(5)
    expect(await seqsIn(storage)).toEqual(expected(5))
  })

  it('[S1] a commit whose answer was lost is found stored: its caller hears so, and it is there once', async () => {
    const before = await commitsNow()
    proxy.losesAnswers = true
    const waiting = append(4)
    await committed(before + 1)
    proxy.losesAnswers = false
    proxy.cut()
    const { value, changes } = await waiting
    expect([value.seq, value.rev]).toEqual([4, 5])
    expect(changes.map(({ from, through }) => [from, through])).toEqual([[4, 5]])
    expect(await seqsIn(storage)).toEqual(expected(4))
    expect((await append(5)).value.seq).toBe(5)
    expect(await commitsNow()).toBe(before + 2)
  })

  it('[S1] a commit that was cut off before it was stored is stored by the next session, once', async () => {
    const holder = await holdTable('messages')
    const waiting = append(4)
    await until(waitingForLock, ({ waiting }) => Number(waiting) === 1)
    await database().ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'maru' AND wait_event_type = 'Lock'`
    )
    await holder.release()
    expect((await waiting).value.seq).toBe(4)
    expect(await seqsIn(storage)).toEqual(expected(4))
  })

  it('[S1] what a session left running at the server is ended before a new one goes on', async () => {
    const holder = await holdTable('messages')
    const waiting = append(4)
    await until(waitingForLock, ({ waiting }) => Number(waiting) === 1)
    // The database does not notice: its half of the connection stays, with the lock of the relay and the commit that waits.
    proxy.cut({ halves: false })
    await until(waitingForLock, ({ waiting }) => Number(waiting) === 1)
    await holder.release()
    expect((await waiting).value.seq).toBe(4)
    expect((await append(5)).value.seq).toBe(5)
    expect(await seqsIn(storage)).toEqual(expected(5))
  })

  it('[S6.2] a database that does not come back soon stops commits; what was stored after all is told later, before anything else', async () => {
    await storage.close()
    storage = await open({ url: proxy.through(url), lossPatienceMs: 50 })
    const late: StreamChange[][] = []
    storage.whenFoundStored((changes) => void late.push(changes))
    const before = await commitsNow()
    proxy.losesAnswers = true
    const waiting = append(4)
    const stopped = waiting.catch((error: unknown) => error)
    await committed(before + 1)
    proxy.refuses = true
    proxy.cut()
    expect(await stopped).toMatchObject({ code: 'storage-unavailable' })
    await expect(append(5)).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(storage.trouble).toMatch(/cannot be reached/)
    expect(late).toEqual([])
    const back = new Promise<void>((resolve) => storage.watchTrouble(resolve))
    proxy.refuses = false
    proxy.losesAnswers = false
    await back
    expect(storage.trouble).toBeUndefined()
    expect(late.flat().flatMap(({ records }) => records)).toMatchObject([{ id: uuid('message', 4), seq: 4 }])
    expect(await storage.message(ROOM, uuid('message', 4))).toMatchObject({ seq: 4 })
    expect((await append(5)).value.seq).toBe(5)
    expect(await seqsIn(storage)).toEqual(expected(5))
  })

  it('[S1] a commit that was given up while it went on at the server: everybody says the same of it afterwards', async () => {
    await storage.close()
    storage = await open({ url: proxy.through(url), lossPatienceMs: 50 })
    const holder = await holdTable('messages')
    const waiting = append(4)
    const stopped = waiting.catch((error: unknown) => error)
    await until(waitingForLock, ({ waiting }) => Number(waiting) === 1)
    proxy.refuses = true
    proxy.cut({ halves: false })
    expect(await stopped).toMatchObject({ code: 'storage-unavailable' })
    await holder.release()
    await until(waitingForLock, ({ waiting }) => Number(waiting) === 0)
    const back = new Promise<void>((resolve) => storage.watchTrouble(resolve))
    proxy.refuses = false
    await back
    const there = (await seqsIn(storage)).length
    // The server may have finished it by itself: then it is known now. Either way everybody says the same.
    expect(await storage.headSeq(ROOM)).toBe(there)
    expect((await append(5)).value.seq).toBe(there + 1)
  })

  it('reads of what is not in memory fail as storage-unavailable while the database is away, and go on after', async () => {
    proxy.refuses = true
    proxy.cut()
    const asked = { limit: 10, maxBytes: 1_000 }
    await expect(storage.page(ROOM, asked)).rejects.toMatchObject({ code: 'storage-unavailable' })
    await expect(storage.message(ROOM, uuid('message', 1))).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(await storage.headSeq(ROOM)).toBe(3)
    proxy.refuses = false
    expect((await storage.page(ROOM, asked)).messages.length).toBeGreaterThan(0)
  })

  it('one relay at a time has the database: a second one is refused, and may start when the first has closed', async () => {
    const attempt = open({ url })
    await expect(attempt).rejects.toThrow(/another relay/)
    await storage.close()
    const second = await open({ url })
    expect(second.epoch).toBeGreaterThan(storage.epoch)
    expect(await seqsIn(second)).toEqual(expected(3))
  })

  it('[S3] a relay that lost the database to another one stores nothing any more', async () => {
    proxy.refuses = true
    proxy.cut()
    const second = await open({ url, lockPatienceMs: 5_000 })
    expect((await append(4, second)).value.seq).toBe(4)
    await second.close()
    const known = new Promise<void>((resolve) => {
      storage.watchTrouble(() => /somebody else/.test(storage.trouble ?? '') && resolve())
    })
    proxy.refuses = false
    await known
    await expect(append(5)).rejects.toMatchObject({ code: 'storage-unavailable' })
    const third = await open({ url })
    expect(await seqsIn(third)).toEqual(expected(4))
  })

  it('[S3] a commit that knows another head than the database stores nothing, whoever was first', async () => {
    await database().ask(`UPDATE ${schemaOf(url)}.streams SET head = head + 1 WHERE stream = '${ROOM_STREAM}'`)
    await expect(append(4)).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect((await seqsIn(await reopened())).length).toBe(3)
  })

  it('[S6.3] what the database refuses of one operation is an error of its own, and the next is stored', async () => {
    const poisoned = storage.commit([ROOM_STREAM], (draft) =>
      draft.append({ ...message(ROOM, 4), id: 'not a uuid at all' })
    )
    await expect(poisoned).rejects.not.toMatchObject({ code: 'storage-unavailable' })
    await expect(
      storage.commit([], async (draft) =>
        draft.putAccount({ userId: uuid('user', 1), username: 'nul \u0000 byte', passwordHash: 'x' })
      )
    ).rejects.not.toMatchObject({ code: 'storage-unavailable' })
    expect((await append(4)).value.seq).toBe(4)
  })

  it('[S1] [S3] [S4] cut at random moments: what was acknowledged is there once, in order, and nothing else is', async () => {
    const seed = firstSeed()
    const rounds = sizeOf('MARU_CUTS', { usual: 25, long: 500 })
    const random = seededRandom(seed)
    const pick = (below: number) => Math.floor(random() * below)
    const acknowledged = new Map<string, MessageRecord>()
    const sending = { goesOn: true }
    let n = 3
    const decide = async (own: number): Promise<MessageRecord | undefined> => {
      const committing = storage.commit([ROOM_STREAM], async (draft) => {
        return (await draft.message(ROOM, uuid('message', own))) ?? draft.append(message(ROOM, own))
      })
      return committing.then(
        ({ value }) => value,
        (error: unknown) => {
          const mayPass = !/somebody else/.test(storage.trouble ?? '')
          if (error instanceof ProtocolError && error.code === 'storage-unavailable' && mayPass) return undefined
          throw new Error(`MARU_SEED=${seed}`, { cause: error })
        }
      )
    }
    const writer = async () => {
      while (sending.goesOn) {
        const own = ++n
        let value = await decide(own)
        while (!value) value = await decide(own)
        acknowledged.set(value.id, value)
      }
    }
    const writing = Promise.all(upTo(4).map(writer)).finally(() => (sending.goesOn = false))
    writing.catch(() => undefined)
    for (let round = 0; round < rounds; round++) {
      const goal = acknowledged.size + pick(12)
      while (sending.goesOn && acknowledged.size < goal) await new Promise((resolve) => setImmediate(resolve))
      for (let ticks = pick(40); ticks > 0; ticks--) await new Promise((resolve) => setImmediate(resolve))
      if (pick(2) === 0) proxy.losesAnswers = true
      for (let ticks = pick(40); ticks > 0; ticks--) await new Promise((resolve) => setImmediate(resolve))
      proxy.cut({ halves: pick(3) > 0 })
      proxy.losesAnswers = false
    }
    sending.goesOn = false
    await writing
    const stored = (await readAll(await reopened())).filter(({ seq }) => seq > 3)
    expect(
      stored.map(({ seq }) => seq),
      `MARU_SEED=${seed}`
    ).toEqual(stored.map((_, at) => at + 4))
    expect(new Set(stored.map(({ id }) => id)), `MARU_SEED=${seed}`).toEqual(new Set(acknowledged.keys()))
    for (const record of stored) expect(acknowledged.get(record.id), `MARU_SEED=${seed}`).toEqual(record)
  }, 60_000)

  async function reopened(): Promise<PostgresStorage> {
    await storage.close()
    return open({ url, lockPatienceMs: 5_000 })
  }

  async function readAll(from: PostgresStorage): Promise<MessageRecord[]> {
    return (await from.page(ROOM, { limit: 1_000_000, maxBytes: 1e9 })).messages
  }

  const waitingForLock = `SELECT count(*) AS waiting FROM pg_stat_activity WHERE application_name = 'maru' AND wait_event_type = 'Lock'`

  /** So that a commit gets as far as this table and waits. */
  async function holdTable(table: string): Promise<{ release(): Promise<void> }> {
    return database().hold(`LOCK TABLE ${schemaOf(url)}.${table} IN SHARE MODE`)
  }
})
