// A disk that is full, under a real relay: what is sent waits, what is there is served, the log says it once, and when there is space again it goes
// on by itself. Nothing that was answered is lost, and nobody sees what is not stored.
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { newId } from '../../../protocol/values.ts'
import { TestDevice } from '../../testing/test-device.ts'
import type { Person } from '../../testing/test-device.ts'
import { RelayProcess } from './testing/relay-process.ts'
import { SmallDisk } from './testing/small-disk.ts'

const obstacle = SmallDisk.obstacle
const TIME = '2026-11-20T12:00:00.000Z'

let disk: SmallDisk
let relay: RelayProcess
const devices: TestDevice[] = []

afterEach(async () => {
  for (const device of devices.splice(0)) device.disconnect()
  await relay.end('SIGKILL')
  disk.unmount()
})

const dataDir = () => join(disk.path, 'data')

async function connect(person: Person): Promise<TestDevice> {
  const device = new TestDevice(() => relay.url, person)
  devices.push(device)
  await device.connect()
  return device
}

async function signUp(username: string): Promise<Person> {
  const json = { username, password: `password of ${username}`, displayName: username }
  return (await relay.ask<Person>('POST', '/api/v1/accounts', { json })).body
}

interface Page {
  messages: { id: string; seq: number; kind: string; body: string }[]
}

async function texts(person: Person, roomId: string): Promise<string[]> {
  const { status, body } = await relay.ask<Page>('GET', `/api/v1/rooms/${roomId}/messages?limit=200`, person)
  expect(status).toBe(200)
  expect(body.messages.map(({ seq }) => seq)).toEqual(body.messages.map((_, at) => at + 1))
  return body.messages.filter(({ kind }) => kind === 'text').map(({ body }) => body)
}

/** Sends message after message until one is not answered. @returns the texts that were, and how the relay stopped */
async function sendUntilStopped(device: TestDevice, roomId: string, answered: string[]) {
  for (;;) {
    const body = `message ${answered.length + 1} ${'x'.repeat(300)}`
    const n = device.n + 1
    const operation = { type: 'message.send', roomId, messageId: newId(), body, sentAt: TIME } as const
    const push = { settled: device.settled, operations: [{ id: newId(), n, operation }] }
    const result = await device.push(push)
    if (!result.ok) throw new Error(JSON.stringify(result))
    if (result.stopped) return { stopped: result.stopped, push }
    device.n = n
    answered.push(body)
    if (answered.length === 150) throw new Error('the disk is never full')
  }
}

describe.skipIf(obstacle !== undefined)(`a full disk${obstacle === undefined ? '' : ` (${obstacle})`}`, () => {
  it('[S1] [S6.2] stops sends, serves what is there, and goes on when there is space', async () => {
    disk = SmallDisk.mount(8)
    relay = await RelayProcess.start(dataDir())
    const [minji, joon] = [await signUp('minji'), await signUp('joon')]
    const [device, other] = [await connect(minji), await connect(joon)]
    const roomId = await device.createRoom(joon)
    const answered: string[] = []
    for (; answered.length < 5;) {
      const body = `message ${answered.length + 1}`
      await device.send(roomId, body)
      answered.push(body)
    }

    await disk.fill()
    const { stopped, push } = await sendUntilStopped(device, roomId, answered)
    expect(stopped).toMatchObject({ code: 'storage-unavailable', retryAfterMs: expect.any(Number) as number })
    for (let again = 0; again < 10; again++) {
      const result = await device.push(push)
      expect(result).toMatchObject({ ok: true, answers: [], stopped: { code: 'storage-unavailable' } })
    }
    const byRest = { token: minji.token, json: { id: newId(), body: 'by REST', sentAt: TIME } }
    expect((await relay.ask('POST', `/api/v1/rooms/${roomId}/messages`, byRest)).status).toBe(503)
    expect((await relay.ask('GET', '/healthz')).status).toBe(200)
    expect((await relay.ask('GET', '/readyz')).status).toBe(503)
    expect(await texts(joon, roomId)).toEqual(answered)
    await other.caughtUp()
    const heard = other.heard.flatMap(({ records }) => records ?? []).filter(({ type }) => type === 'message')
    expect(heard).toHaveLength(answered.length + 1)
    const said = relay.log.filter((line) => line.includes('disk is full'))
    expect(said).toHaveLength(1)
    expect(relay.log.filter((line) => /"level":(50|60)/.test(line))).toEqual(said)

    await disk.empty()
    const result = await device.push(push)
    expect(result).toMatchObject({ ok: true, answers: [{ status: 'accepted' }] })
    answered.push((push.operations[0] as { operation: { body: string } }).operation.body)
    expect((await relay.ask('GET', '/readyz')).status).toBe(200)
    expect((await relay.ask('POST', `/api/v1/rooms/${roomId}/messages`, byRest)).status).toBe(201)
    answered.push('by REST')
    expect(relay.log.filter((line) => line.includes('storing works again'))).toHaveLength(1)
    for (const end of ['SIGKILL', 'SIGTERM'] as const) {
      await relay.end(end)
      relay = await RelayProcess.start(dataDir())
      expect(await texts(joon, roomId)).toEqual(answered)
    }
  }, 60_000)

  it('[S1] loses nothing of a relay that ends on it; the next one says why it does not start', async () => {
    disk = SmallDisk.mount(8)
    relay = await RelayProcess.start(dataDir())
    const minji = await signUp('minji')
    const device = await connect(minji)
    const roomId = await device.createRoom()
    const answered: string[] = []
    for (const end of ['SIGTERM', 'SIGKILL'] as const) {
      await disk.fill()
      await sendUntilStopped(device, roomId, answered)
      expect(await relay.end(end)).toBe(end === 'SIGTERM' ? 0 : null)
      await expect(RelayProcess.start(dataDir())).rejects.toThrow(/cannot be used: ENOSPC/)
      await disk.empty()
      relay = await RelayProcess.start(dataDir())
      await device.connect()
      expect(await texts(minji, roomId)).toEqual(answered)
    }
  }, 60_000)
})
