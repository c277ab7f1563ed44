import { describe, expect, it } from 'vitest'
import {
  MAX_WAITING_REQUEST_CHARS,
  MAX_WAITING_REQUEST_CHARS_OF_ALL,
  MAX_WAITING_REQUESTS
} from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { PushResult } from '../../protocol/socket.ts'
import { gate, overlay, TestRelay } from '../testing/relay-kit.ts'
import { createRequestLines } from './request-line.ts'

describe('the requests of a connection', () => {
  it('have one request in hand at a time, in their order, and a read does not wait for a push', async () => {
    const line = createRequestLines().lineOfConnection()
    const done: string[] = []
    const [first, reads, pushes] = [gate(), gate(), gate()]
    const note = (name: string, until?: Promise<void>) => async () => {
      await until
      done.push(name)
    }
    line.enter('pushes', 1, note('push 1', first.opened))
    line.enter('pushes', 1, async () => {
      await note('push 2')()
      pushes.open()
    })
    line.enter('reads', 1, note('read 1'))
    line.enter('reads', 1, async () => {
      await note('read 2')()
      reads.open()
    })
    await reads.opened
    expect(done).toEqual(['read 1', 'read 2'])
    first.open()
    await pushes.opened
    expect(done).toEqual(['read 1', 'read 2', 'push 1', 'push 2'])
  })

  it('have ended when none waits any more, on all connections', async () => {
    const { lineOfConnection, allEnded } = createRequestLines()
    await allEnded()
    const [one, two] = [gate(), gate()]
    const order: string[] = []
    lineOfConnection().enter('pushes', 1, () => one.opened)
    lineOfConnection().enter('reads', 1, async () => {
      await two.opened
      order.push('answered')
    })
    const ended = allEnded().then(() => order.push('ended'))
    one.open()
    two.open()
    await ended
    expect(order).toEqual(['answered', 'ended'])
  })

  it('are bounded in number and size, for each connection and for all; what was answered makes room', async () => {
    const { lineOfConnection } = createRequestLines()
    const open = gate()
    const ran: Promise<void>[] = []
    const enter = (line = lineOfConnection(), chars = 0): boolean => {
      const ended = gate()
      const entered = line.enter('reads', chars, async () => {
        await open.opened
        ended.open()
      })
      if (entered) ran.push(ended.opened)
      return entered
    }
    const many = lineOfConnection()
    for (let count = 0; count < MAX_WAITING_REQUESTS; count++) expect(enter(many)).toBe(true)
    expect(enter(many)).toBe(false)

    const large = lineOfConnection()
    expect(enter(large, MAX_WAITING_REQUEST_CHARS)).toBe(true)
    expect(enter(large, 1)).toBe(false)
    for (let chars = MAX_WAITING_REQUEST_CHARS; chars < MAX_WAITING_REQUEST_CHARS_OF_ALL;) {
      expect(enter(lineOfConnection(), MAX_WAITING_REQUEST_CHARS)).toBe(true)
      chars += MAX_WAITING_REQUEST_CHARS
    }
    expect(enter(lineOfConnection(), 1)).toBe(false)
    open.open()
    await Promise.all(ran)
    await Promise.resolve()
    expect(enter(many)).toBe(true)
    expect(enter(large, MAX_WAITING_REQUEST_CHARS)).toBe(true)
  })

  it.each([
    ['text', (chars: number) => 'x'.repeat(chars)],
    ['binary parts', (bytes: number) => Buffer.alloc(bytes)]
  ])('with large %s count as they came, also with small ones between', async (_kind, padding) => {
    const [held, mayCommit] = [gate(), gate()]
    let holding = false
    const relay = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          async commit(streams, work) {
            if (holding) {
              held.open()
              await mayCommit.opened
            }
            return storage.commit(streams, work)
          }
        })
    })
    try {
      const device = await relay.connect(await relay.signUp('kim'))
      const push = device.number({ type: 'profile.change', displayName: 'Kim' })
      holding = true
      const large = 900_000
      const results = Array.from({ length: 6 }, () => [
        device.ask<PushResult>('sync:push', { ...push, more: padding(large) }),
        device.push(push)
      ]).flat()
      await held.opened
      await results.at(-2)
      mayCommit.open()
      const answered = await Promise.all(results)
      const taken = answered.map(({ stopped }) => stopped === undefined)
      const fit = Math.floor(MAX_WAITING_REQUEST_CHARS / large)
      expect(taken).toEqual(taken.map((_each, index) => index % 2 === 1 || index / 2 < fit))
    } finally {
      mayCommit.open()
      await relay.stop()
    }
  })

  it('[S6.2] a flood of pushes is slowed, not dropped: each gets its answers or is stopped, and sent again is accepted', async () => {
    const [held, mayCommit] = [gate(), gate()]
    let holding = false
    const relay = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          async commit(streams, work) {
            if (holding) {
              held.open()
              await mayCommit.opened
            }
            return storage.commit(streams, work)
          }
        })
    })
    try {
      const device = await relay.connect(await relay.signUp('kim'))
      const roomId = await device.createRoom()
      holding = true
      const send = (body: string): Operation => {
        const messageId = crypto.randomUUID()
        return { type: 'message.send', roomId, messageId, body, sentAt: '2026-01-01T00:00:00.000Z' }
      }
      const pushes = Array.from({ length: MAX_WAITING_REQUESTS + 20 }, (_, index) => device.number(send(`${index}`)))
      const results = pushes.map((push) => device.push(push))
      await held.opened
      const stopped = await results.at(-1)
      expect(stopped).toMatchObject({ ok: true, answers: [], stopped: { code: 'rate-limited' } })
      expect(stopped?.stopped?.retryAfterMs).toBeGreaterThan(0)
      mayCommit.open()
      const answered = await Promise.all(results)
      const wasStopped = ({ stopped: stop }: PushResult): boolean => stop !== undefined
      expect(answered.filter((result) => !wasStopped(result))).toHaveLength(MAX_WAITING_REQUESTS)
      for (const [index, push] of pushes.entries()) {
        const first = answered[index]
        const result = first && !wasStopped(first) ? first : await device.push(push)
        expect(result.answers).toMatchObject([{ n: index + 2, status: 'accepted', seq: index + 2 }])
      }
    } finally {
      await relay.stop()
    }
  })
})
