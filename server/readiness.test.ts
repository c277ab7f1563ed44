// A relay whose disk takes nothing more: probes and devices hear of it, what is sent waits, and it goes on by itself.
import { afterEach, expect, it } from 'vitest'
import { TestRelay } from './testing/relay-kit.ts'
import type { TestDevice } from './testing/test-device.ts'
import { openLowdbStorage } from './storage/lowdb/storage.ts'
import { watchedFiles } from './storage/lowdb/testing/watched-files.ts'

let relay: TestRelay
afterEach(() => relay.stop())

/** A relay on a disk that can be full, and the timers that its storage has set. */
async function startOnSmallDisk(): Promise<{ disk: { fault?: string }; timers: Map<number, () => void> }> {
  const disk: { fault?: string } = {}
  const timers = new Map<number, () => void>()
  const files = watchedFiles((operation) => {
    if (disk.fault && ['append', 'datasync', 'create'].includes(operation)) {
      throw Object.assign(new Error(`no ${operation}`), { code: disk.fault })
    }
  })
  const timer = (ms: number, run: () => void) => {
    timers.set(ms, run)
    return () => void (timers.get(ms) === run && timers.delete(ms))
  }
  relay = await TestRelay.start({ openStorage: (dataDir) => openLowdbStorage({ dataDir, files, timer }) })
  return { disk, timers }
}

const LOOK_AGAIN_MS = 5_000
const codes = (device: TestDevice) => device.notices.map(({ code }) => code)

function heard(device: TestDevice, code: string): Promise<void> {
  return new Promise((resolve) => {
    device.socket.on('relay:notice', (notice: { code: string }) => {
      if (notice.code === code) resolve()
    })
  })
}

async function stoppedCode(device: TestDevice, roomId: string): Promise<string | undefined> {
  const operation = { type: 'message.send', roomId, messageId: crypto.randomUUID(), body: 'x', sentAt: '' } as const
  const sent = { ...operation, sentAt: '2026-01-01T00:00:00.000Z' }
  const result = await device.push({
    settled: device.settled,
    operations: [{ id: crypto.randomUUID(), n: device.n + 1, operation: sent }]
  })
  return result.ok ? result.stopped?.code : 'failed'
}

it.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EROFS', 'the disk can only be read'],
  ['EIO', 'the disk reports an error'],
  ['EWEIRD', 'the data cannot be written']
])(
  '[S6.2] a disk that fails with %s: not ready, everybody is told once, and again when it is over',
  async (fault, why) => {
    const { disk, timers } = await startOnSmallDisk()
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [device, other] = [await relay.connect(kim), await relay.connect(lee)]
    const roomId = await device.createRoom(lee)
    expect(await relay.rest('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })

    disk.fault = fault
    const told = heard(other, 'storage-unavailable')
    expect(await stoppedCode(device, roomId)).toBe('storage-unavailable')
    expect(await stoppedCode(device, roomId)).toBe('storage-unavailable')
    await told
    expect(codes(device)).toEqual(['storage-unavailable'])
    const { status, body, headers } = await relay.rest('GET', '/readyz')
    expect(status).toBe(503)
    expect(headers.get('content-type')).toMatch(/problem\+json/)
    expect(headers.get('retry-after')).toMatch(/^\d+$/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      code: 'storage-unavailable',
      message: `the relay cannot store anything at the moment: ${why}`
    })
    expect((await relay.rest('GET', '/healthz')).status).toBe(200)

    // Who comes now is told too. A look at a disk that is still full changes nothing.
    const late = relay.device(lee)
    await late.connect()
    await late.caughtUp()
    expect(codes(late)).toEqual(['storage-unavailable'])
    timers.get(LOOK_AGAIN_MS)?.()
    await other.caughtUp()
    expect((await relay.rest('GET', '/readyz')).status).toBe(503)

    disk.fault = ''
    const over = heard(other, 'storage-available')
    const look = timers.get(LOOK_AGAIN_MS)
    expect(look).toBeDefined()
    look?.()
    await over
    expect(await relay.rest('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
    expect((await device.send(roomId, 'at last')).seq).toBe(2)
    expect(codes(other)).toEqual(['storage-unavailable', 'storage-available'])
  }
)

it('a commit that succeeds ends the trouble before any look', async () => {
  const { disk } = await startOnSmallDisk()
  const device = await relay.connect(await relay.signUp('kim'))
  const roomId = await device.createRoom()
  disk.fault = 'ENOSPC'
  expect(await stoppedCode(device, roomId)).toBe('storage-unavailable')
  disk.fault = ''
  await device.send(roomId, 'now')
  await device.caughtUp()
  expect(codes(device)).toEqual(['storage-unavailable', 'storage-available'])
  expect((await relay.rest('GET', '/readyz')).status).toBe(200)
})

it('only GET and HEAD of /readyz are answered', async () => {
  await startOnSmallDisk()
  expect((await relay.rest('POST', '/readyz')).status).toBe(405)
  expect((await fetch(new URL('/readyz', relay.url), { method: 'HEAD' })).status).toBe(200)
})
