import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEVICE_OPERATIONS, MAX_PACKET_BYTES, MAX_PUSH_OPERATIONS, PICTURE_OPERATIONS } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { Stopped } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

describe('bad input by socket', () => {
  let relay: TestRelay
  let kim: Person
  let device: TestDevice
  beforeEach(async () => {
    relay = await TestRelay.start()
    kim = await relay.signUp('kim')
    device = await relay.connect(kim)
  })
  afterEach(() => relay.stop())

  const envelope = (operation: unknown) => ({ id: newId(), n: 1, operation })

  it.each([
    ['sync:push', undefined, undefined],
    ['sync:push', null, undefined],
    ['sync:push', 'text', undefined],
    ['sync:push', [], undefined],
    ['sync:push', {}, 'settled'],
    ['sync:push', { settled: '0', operations: [] }, 'settled'],
    ['sync:push', { settled: -1, operations: [] }, 'settled'],
    ['sync:push', { settled: 1.5, operations: [] }, 'settled'],
    ['sync:push', { settled: 0, operations: {} }, 'operations'],
    ['sync:push', { settled: 0, operations: [{}] }, 'operations[0].id'],
    ['sync:push', { settled: 0, operations: [{ id: newId(), n: 0, operation: {} }] }, 'operations[0].n'],
    ['sync:push', { settled: 0, operations: [{ id: 'x', n: 1, operation: {} }] }, 'operations[0].id'],
    ['sync:push', { settled: 0, operations: Array(MAX_PUSH_OPERATIONS + 1).fill(envelope({})) }, 'operations'],
    ['sync:pull', {}, 'wants'],
    ['sync:pull', { wants: [] }, 'wants'],
    ['sync:pull', { wants: [{ kind: 'all' }] }, 'wants[0].kind'],
    ['sync:pull', { wants: [{ kind: 'changes', stream: 'everything', since: 0, epoch: 0 }] }, 'wants[0].stream'],
    ['sync:pull', { wants: [{ kind: 'changes', stream: 'users', since: -1, epoch: 0 }] }, 'wants[0].since'],
    ['sync:pull', { wants: [{ kind: 'page', roomId: newId(), limit: 201 }] }, 'wants[0].limit'],
    ['sync:answers', { deviceId: 7, after: 0 }, 'deviceId']
  ])('[S6.1] %s %j is answered invalid, names the field, and the connection lives', async (event, payload, field) => {
    const answer = await device.ask(event, payload)
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid', ...(field === undefined ? {} : { field }) } })
    await device.createRoom()
  })

  it('an unknown event is answered unsupported, also one that Socket.IO knows', async () => {
    for (const event of ['sync:nothing', 'message', 'error', 'toString', '__proto__', '']) {
      expect(await device.ask(event, {})).toMatchObject({ ok: false, error: { code: 'unsupported' } })
    }
  })

  it('an event without an acknowledgement function is told by a notice and not looked at', async () => {
    const roomId = newId()
    const operation = { type: 'room.create', roomId, kind: 'group', name: 'x', memberIds: [] }
    device.socket.emit('sync:push', { settled: 0, operations: [envelope(operation)] })
    device.socket.emit('sync:push')
    await device.caughtUp()
    expect(device.notices).toMatchObject([{ code: 'invalid' }, { code: 'invalid' }])
    expect(await relay.relay.storage.room(roomId)).toBeUndefined()
  })

  it('payloads made to surprise are refused like any other', async () => {
    const surprises = [
      JSON.parse('{"__proto__": {"settled": 0, "operations": []}}') as unknown,
      { settled: 0, operations: [{ ...envelope(null), n: 2 ** 60 }] },
      { settled: 0, operations: [{ ...envelope(null), id: Buffer.from('binary') }] },
      Buffer.from('binary')
    ]
    for (const surprise of surprises) {
      expect(await device.ask('sync:push', surprise)).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
    await device.createRoom()
  })

  it('a packet above the limit ends the connection, and the device comes back', async () => {
    const ended = device.ended()
    device.socket.emit('sync:push', { large: 'x'.repeat(MAX_PACKET_BYTES + 1) }, () => {})
    expect(await ended).toBe('transport close')
    await device.connect()
    await device.createRoom()
  })

  it('[S11] unknown and foreign rooms are the same room-not-found, in a push and in a pull', async () => {
    const stranger = await relay.connect(await relay.signUp('stranger'))
    const roomId = await device.createRoom()
    const known = await device.send(roomId, 'hello')
    const unknownId = newId()
    for (const id of [roomId, unknownId]) {
      const operations: Operation[] = [
        { type: 'message.send', roomId: id, messageId: newId(), body: 'x', sentAt: '2026-01-01T00:00:00.000Z' },
        { type: 'message.edit', roomId: id, messageId: known.id, body: 'x' },
        { type: 'message.delete', roomId: id, messageId: known.id },
        { type: 'member.add', roomId: id, userIds: [stranger.userId] },
        { type: 'member.remove', roomId: id, userId: kim.user.id },
        { type: 'member.remove', roomId: id, userId: stranger.userId }
      ]
      for (const operation of operations) expect(await stranger.refused(operation)).toBe('room-not-found')
      const { results } = await stranger.pull(
        { kind: 'page', roomId: id },
        { kind: 'changes', stream: `room:${id}`, since: 0, epoch: 0 }
      )
      const failure = {
        ok: false,
        error: { code: 'room-not-found', message: 'there is no such room', field: 'roomId' }
      }
      expect(results).toEqual([failure, failure])
    }
  })

  it('[S11] the stream of another user is not for reading', async () => {
    const other = await relay.signUp('other')
    const { results } = await device.pull({ kind: 'changes', stream: `user:${other.user.id}`, since: 0, epoch: 0 })
    expect(results).toMatchObject([{ ok: false, error: { code: 'not-permitted' } }])
  })
})

describe('rate limits by socket', () => {
  it('[S6.2] a device above its share is stopped and told when to come again, others are not', async () => {
    const relay = await TestRelay.start({ config: { rateLimit: true } })
    try {
      const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
      const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
      // The same push again and again: repeats change nothing, but cost their share.
      const push = kims.number(...Array.from({ length: MAX_PUSH_OPERATIONS }, () => ({}) as Operation))
      let stopped: Stopped | undefined
      for (let round = 0; round < 40 && !stopped; round++) stopped = (await kims.push(push)).stopped
      expect(stopped).toMatchObject({ code: 'rate-limited' })
      expect(stopped?.retryAfterMs).toBeGreaterThan(0)
      await lees.createRoom()
      expect(kims.socket.connected).toBe(true)

      let refused: unknown
      for (let round = 0; round < 1_000 && !refused; round++) {
        const result = await kims.ask<{ ok: boolean }>('sync:pull', { wants: [{ kind: 'page', roomId: newId() }] })
        if (!result.ok) refused = result
      }
      expect(refused).toMatchObject({ ok: false, error: { code: 'rate-limited' } })
    } finally {
      await relay.stop()
    }
  })

  it('[S6.2] a picture takes as much of the share as many operations: a flood of them costs no more than others', async () => {
    const now = Date.parse('2026-11-21T00:00:00.000Z')
    const relay = await TestRelay.start({ config: { rateLimit: true }, now: () => now })
    try {
      const kim = await relay.signUp('kim')
      const kims = await relay.connect(kim)
      const most = Math.floor(DEVICE_OPERATIONS.burst / PICTURE_OPERATIONS)
      const pictures = Array.from({ length: most }, () => ({ type: 'profile.change', avatar: 'AAAA' }) as const)
      expect(await kims.push(kims.number(...pictures))).toMatchObject({ ok: true, answers: { length: most } })
      expect(await kims.push(kims.number({ type: 'profile.change', avatar: 'AAAA' }))).toMatchObject({
        stopped: { code: 'rate-limited', retryAfterMs: (PICTURE_OPERATIONS / DEVICE_OPERATIONS.perSecond) * 1_000 }
      })
    } finally {
      await relay.stop()
    }
  })
})
