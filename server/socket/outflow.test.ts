import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import {
  MAX_BODY_CHARS,
  MAX_HINT_BYTES,
  MAX_PULL_BYTES,
  MAX_WAITING_BYTES,
  WAITING_BYTES_BEFORE_ANSWERS
} from '../../protocol/limits.ts'
import { newId } from '../../protocol/values.ts'
import { silentLog } from '../log.ts'
import type { Log } from '../log.ts'
import { gate, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'
import type { RelayIo } from './io.ts'
import { createOutflow } from './outflow.ts'

describe('a client that takes too little of what is sent to it', { timeout: 20_000 }, () => {
  let relay: TestRelay
  let cuts: { deviceId: string; waiting: number }[]
  let kim: Person
  let slow: Person
  beforeEach(async () => {
    cuts = []
    const log: Log = {
      ...silentLog,
      warn(message, details) {
        if (message.includes('cut off')) cuts.push(details as (typeof cuts)[number])
      }
    }
    relay = await TestRelay.start({ log })
    ;[kim, slow] = await relay.signUpAll(['kim', 'slow'])
  })
  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.terminate()
    await relay.stop()
  })

  const opened: WebSocket[] = []
  /** A device that speaks Engine.IO by hand, so that a test decides when it reads. */
  function stalling(person: Person): Promise<{ socket: WebSocket; frames: string[] }> {
    const socket = new WebSocket(`${relay.url.replace('http', 'ws')}socket.io/?EIO=4&transport=websocket`)
    opened.push(socket)
    const frames: string[] = []
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('message', (data: Buffer) => {
        const frame = data.toString()
        frames.push(frame)
        if (frame.startsWith('0')) socket.send(`40${JSON.stringify({ token: person.token, protocol: 1 })}`)
        if (frame.startsWith('42["relay:welcome"')) {
          socket.pause()
          resolve({ socket, frames })
        }
      })
    })
  }

  const sentAt = '2026-01-01T00:00:00.000Z'
  const hintful = (roomId: string) =>
    [1, 2, 3, 4].map(() => {
      const body = 'x'.repeat(MAX_BODY_CHARS)
      return { type: 'message.send', roomId, messageId: newId(), body, sentAt } as const
    })

  /** Sends until somebody is cut off; resolves with the number of messages. */
  async function sendUntilCut(device: TestDevice, roomId: string): Promise<number> {
    for (let sent = 0; sent < 4_000; sent += 4) {
      if (cuts.length > 0) return sent
      device.settled = device.n
      await device.apply(...hintful(roomId))
    }
    throw new Error('nobody was cut off')
  }

  async function pullAll(device: TestDevice, roomId: string): Promise<number[]> {
    const seqs: number[] = []
    for (let since = 0, more = true; more;) {
      const epoch = device.welcome?.epoch ?? 0
      const { results } = await device.pull({ kind: 'changes', stream: `room:${roomId}`, since, epoch })
      const [result] = results
      if (!result?.ok || result.kind !== 'changes') throw new Error(JSON.stringify(result))
      seqs.push(...result.records.flatMap((record) => (record.type === 'message' ? [record.seq] : [])))
      ;({ through: since, more } = result)
    }
    return seqs
  }

  it('is cut off within the bound while it reads nothing, hears why when it reads again, and pulls all; others miss nothing', async () => {
    const [kims, others] = [await relay.connect(kim), await relay.connect(kim)]
    const roomId = await kims.createRoom(slow)
    const { socket, frames } = await stalling(slow)
    const ended = new Promise((resolve) => socket.once('close', resolve))
    const sent = await sendUntilCut(kims, roomId)
    expect(cuts).toMatchObject([{ deviceId: slow.deviceId }])
    expect(cuts[0]?.waiting).toBeGreaterThan(MAX_WAITING_BYTES)
    // What a busy room adds between two looks.
    expect(cuts[0]?.waiting).toBeLessThan(MAX_WAITING_BYTES + 40 * MAX_HINT_BYTES)

    socket.resume()
    await ended
    expect(frames.at(-1)).toContain('"too-slow"')

    const back = await relay.connect(slow)
    expect(await pullAll(back, roomId)).toEqual(Array.from({ length: sent + 1 }, (_, index) => index + 1))
    await others.caughtUp()
    const heard = others.heard.flatMap(({ records }) => (records ?? []).filter(({ type }) => type === 'message'))
    expect(heard).toHaveLength(sent + 1)
    expect(cuts).toHaveLength(1)
  })

  it('is ended even if it never reads again', async () => {
    const kims = await relay.connect(kim)
    const roomId = await kims.createRoom(slow)
    const { socket } = await stalling(slow)
    await sendUntilCut(kims, roomId)
    // Paused, it learns of it only when it writes.
    let broken: Error | undefined
    socket.removeAllListeners('error').on('error', (error) => (broken = error))
    const write = (): void => {
      socket.send('3', (error) => {
        if (error) broken = error
      })
      expect(broken).toBeDefined()
    }
    await vi.waitFor(write, { timeout: 15_000, interval: 50 })
  })

  it('by long-polling, and never polls again: is cut off too', async () => {
    const kims = await relay.connect(kim)
    const roomId = await kims.createRoom(slow)
    const base = `${relay.url}socket.io/?EIO=4&transport=polling`
    const sid = /"sid":"([^"]+)"/.exec(await (await fetch(base)).text())?.[1]
    const auth = JSON.stringify({ token: slow.token, protocol: 1 })
    await fetch(`${base}&sid=${sid}`, { method: 'POST', body: `40${auth}` })
    let heard = ''
    while (!heard.includes('relay:welcome')) heard += await (await fetch(`${base}&sid=${sid}`)).text()
    await sendUntilCut(kims, roomId)
    expect(cuts).toMatchObject([{ deviceId: slow.deviceId }])
    // The session ends; who polls again is told to connect anew.
    const poll = async (): Promise<number> => (await fetch(`${base}&sid=${sid}`)).status
    let status = await poll()
    while (status === 200) status = await poll()
    expect(status).toBe(400)
    expect(await pullAll(await relay.connect(slow, ['polling']), roomId)).not.toEqual([])
  })

  it('that asks and asks without reading the answers gets no more than fit; when it reads, every request has one answer', async () => {
    const kims = await relay.connect(kim)
    const roomId = await kims.createRoom(slow)
    for (let round = 0; round < 10; round++) await kims.apply(...hintful(roomId))
    const { socket, frames } = await stalling(slow)
    const pull = { wants: [{ kind: 'changes', stream: `room:${roomId}`, since: 0, epoch: relay.relay.storage.epoch }] }
    const asked = 130
    for (let id = 0; id < asked; id++) socket.send(`42${id}${JSON.stringify(['sync:pull', pull])}`)
    // What others ask meanwhile is answered: the relay is done with all that it lets itself do for this one.
    for (let round = 0; round < 50; round++) await kims.caughtUp()
    expect(cuts).toEqual([])

    const all = new Promise<void>((resolve) => {
      socket.on('message', () => {
        if (frames.filter((frame) => frame.startsWith('43')).length === asked) resolve()
      })
    })
    socket.resume()
    await all
    const answers = frames.flatMap((frame) => {
      const [, id, body] = /^43(\d+)(.*)$/s.exec(frame) ?? []
      return id === undefined ? [] : [{ id: Number(id), answer: (JSON.parse(body ?? '') as [{ ok: boolean }])[0] }]
    })
    expect(answers.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(Array.from({ length: asked }, (_, id) => id))
    const served = answers.filter(({ answer }) => answer.ok).length
    expect(served).toBeGreaterThanOrEqual(100)
    expect(answers.filter(({ answer }) => !answer.ok).map(({ answer }) => answer)).toMatchObject(
      Array.from({ length: asked - served }, () => ({ ok: false, error: { code: 'rate-limited' } }))
    )
    expect(cuts).toEqual([])
    expect(WAITING_BYTES_BEFORE_ANSWERS + 2 * MAX_PULL_BYTES).toBeLessThan(MAX_WAITING_BYTES)
    socket.close()
  })
})

describe('what waits on all connections together', () => {
  it('is bounded by cutting off the one with most', async () => {
    const http = createServer().listen(0, '127.0.0.1')
    await once(http, 'listening')
    const io: RelayIo = new Server(http, { serveClient: false })
    const cuts: { deviceId: string; waiting: number }[] = []
    const cut = gate()
    const log: Log = {
      ...silentLog,
      warn(_message, details) {
        cuts.push(details as (typeof cuts)[number])
        cut.open()
      }
    }
    const bounds = { each: MAX_WAITING_BYTES, all: 6_000_000 }
    const outflow = createOutflow(io, log, bounds)
    const [names, joined] = [['a', 'most', 'c'], gate()]
    io.on('connection', (socket) => {
      socket.data.deviceId = socket.handshake.auth['name'] as string
      if (io.sockets.sockets.size === names.length) joined.open()
    })
    const { port } = http.address() as AddressInfo
    const clients = names.map((name) => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
      client.once('message', () => {
        client.send(`40${JSON.stringify({ name })}`)
        client.pause()
      })
      return client
    })
    await joined.opened
    // More than the sockets take below us, to the one with most a little more; none above the bound for each.
    for (const { conn, data } of io.sockets.sockets.values()) {
      const waiting = (): number => outflow.waitingBytes(conn)
      const wanted = data.deviceId === 'most' ? 3_000_000 : 2_000_000
      while (waiting() < wanted) {
        conn.write('x'.repeat(100_000))
        await new Promise(setImmediate)
      }
    }
    await cut.opened
    expect(cuts.map(({ deviceId }) => deviceId)).toEqual(['most'])
    expect(cuts[0]?.waiting).toBeLessThan(MAX_WAITING_BYTES)
    outflow.stop()
    for (const client of clients) client.terminate()
    await io.close()
  })
})
