// A whole relay on PostgreSQL that is stopped and started again under load: clients wait, and nothing is lost, doubled or out of order.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../protocol/values.ts'
import { silentLog } from './log.ts'
import { openStorage } from './open-storage.ts'
import { usePostgres } from './storage/postgres/testing/database.ts'
import { openPostgresStorage } from './storage/postgres/storage.ts'
import { isLong } from './storage/testing/test-size.ts'
import { TestRelay } from './testing/relay-kit.ts'
import type { TestDevice } from './testing/test-device.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const SENT_AT = '2026-01-01T00:00:00.000Z'

describe('a relay on PostgreSQL', () => {
  const database = usePostgres()
  let url: string
  beforeEach(async () => {
    url = await database().place()
  })

  /** Sends until told to stop; what was stopped is sent again, until it is answered [S6.2]. */
  async function keepSending(device: TestDevice, roomId: string, load: Load): Promise<void> {
    while (load.goesOn) {
      const messageIds = [newId(), newId()]
      const push = device.number(
        ...messageIds.map((messageId) => {
          return { type: 'message.send', roomId, messageId, body: `${device.n}`, sentAt: SENT_AT } as const
        })
      )
      for (let answered = 0; answered < messageIds.length;) {
        const result = await device.push(push)
        if (!result.ok) throw new Error(`refused as a whole: ${JSON.stringify(result)}`)
        if (result.stopped) load.stops += 1
        answered = result.answers.length
        for (const [index, answer] of result.answers.entries()) {
          if (answer.status !== 'accepted') throw new Error(`refused: ${JSON.stringify(answer)}`)
          load.acknowledged.set(messageIds[index] ?? '', answer.seq ?? 0)
        }
        device.settled = push.operations[answered - 1]?.n ?? device.settled
        push.settled = device.settled
        if (answered < messageIds.length) await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  it('[S1] [S2] [S4] [S6.2] is cut off from it in every way, and goes on without a restart when it is back', async () => {
    const relay = await TestRelay.start({
      openStorage: () => openPostgresStorage({ url, log: silentLog, lossPatienceMs: 200 })
    })
    const people = await relay.signUpAll(['ann', 'ben', 'cho'])
    const devices = await Promise.all(people.map((person) => relay.connect(person)))
    const [first] = devices
    if (!first) throw new Error('no device')
    const roomId = await first.createRoom(...people.slice(1))
    const load: Load = { goesOn: true, acknowledged: new Map(), stops: 0 }
    const sending = devices.map((device) => keepSending(device, roomId, load))

    for (let round = 0; round < (isLong ? 20 : 2); round++)
      for (const mode of ['fast', 'immediate', 'kill'] as const) {
        await passed(load, () => load.acknowledged.size, 40)
        await database().server.stop(mode)
        await passed(load, () => load.stops, 3)
        const pulled = await first.pull({ kind: 'page', roomId })
        expect(pulled.results).toMatchObject([{ ok: false, error: { code: 'storage-unavailable' } }])
        expect((await relay.rest('GET', '/readyz')).status).toBe(503)
        await database().server.start()
      }
    await passed(load, () => load.acknowledged.size, 40)
    expect((await relay.rest('GET', '/readyz')).status).toBe(200)
    load.goesOn = false
    await Promise.all(sending)
    await first.caughtUp()

    const { messages } = await relay.relay.storage.page(roomId, { limit: 1_000_000, maxBytes: 1e9 })
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, at) => at + 1))
    const texts = messages.filter(({ kind }) => kind === 'text')
    expect(new Map(texts.map(({ id, seq }) => [id, seq]))).toEqual(
      new Map([...load.acknowledged].toSorted(([, a], [, b]) => a - b))
    )
    // Each device's own messages are in the order in which it sent them.
    for (const { userId } of devices) {
      const bodies = texts.filter(({ authorId }) => authorId === userId).map(({ body }) => Number(body))
      expect(bodies).toEqual(bodies.toSorted((a, b) => a - b))
    }
    // Everybody was told everything, once and in order, also what turned out to be stored only later.
    for (const device of devices.slice(1)) {
      const hints = device.heard.filter(({ stream }) => stream === `room:${roomId}`)
      expect(hints.slice(1).map(({ from }) => from)).toEqual(hints.slice(0, -1).map(({ through }) => through))
      expect(hints.at(-1)?.through).toBe(await relay.relay.storage.head(`room:${roomId}`))
    }
    await relay.stop()
  }, 120_000)

  it('says in one sentence what keeps it from the database, without the password', async () => {
    const start = (databaseUrl: string) => openStorage({ dataDir: '/nowhere', databaseUrl }, Date.now, silentLog)
    const nowhere = url.replace(/^postgres:\/\/maru@[^/]*/, 'postgres://maru:secret@127.0.0.1:1')
    await expect(start(nowhere)).rejects.toThrow(
      /^DATABASE_URL is for 127\.0\.0\.1:1\/postgres, which cannot be used: ECONNREFUSED\.$/
    )
    await expect(start(url.replace('/postgres?', '/missing?'))).rejects.toThrow(/there is no such database\.$/)
    await database().ask("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    await expect(start(database().server.url('latin'))).rejects.toThrow(/has the encoding LATIN1/)
    const storage = await start(url)
    const migrations = `${new URL(url).searchParams.get('options')?.split('=')[1]}.migrations`
    await database().ask(`UPDATE ${migrations} SET number = 99 WHERE number = (SELECT max(number) FROM ${migrations})`)
    await storage.close()
    await expect(start(url)).rejects.toThrow(/cannot be used: the tables have version 99, of a newer relay/)
  })

  it('is a process that starts with DATABASE_URL, and ends with 0 when it is asked to', async () => {
    const env = { DATABASE_URL: url, PORT: '0', REGISTRATION: 'open', LOG_LEVEL: 'silent' }
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    const [line = ''] = await firstLine(child.stdout)
    const base = /http:\S+/.exec(line)?.[0] ?? ''
    const account = { username: 'ann', password: 'long enough', displayName: 'Ann' }
    const headers = { 'content-type': 'application/json' }
    const signUp = () => fetch(`${base}api/v1/accounts`, { method: 'POST', headers, body: JSON.stringify(account) })
    expect((await signUp()).status).toBe(201)
    await database().server.stop('fast')
    await database().server.start()
    expect((await signUp()).status).toBe(409)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  }, 30_000)
})

interface Load {
  goesOn: boolean
  /** Message id → seq. */
  acknowledged: Map<string, number>
  stops: number
}

/** Resolves when a number has grown by `more`. */
async function passed(load: Load, value: () => number, more: number): Promise<void> {
  const goal = value() + more
  while (value() < goal && load.goesOn) await new Promise((resolve) => setImmediate(resolve))
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string[]> {
  const lines = createInterface({ input: stream })
  return new Promise((resolve) => lines.once('line', (line) => resolve([line])))
}
