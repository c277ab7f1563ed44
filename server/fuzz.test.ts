import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../protocol/values.ts'
import { TestRelay } from './testing/relay-kit.ts'
import type { Person, TestDevice } from './testing/test-device.ts'

/** In the name of the tests and in every failure; put it here to look at one again. */
const seed = Date.now() % 2 ** 31
const RUNS = { numRuns: 1_500, seed, endOnFailure: true }

describe(`whatever is sent, the relay answers (seed ${seed})`, () => {
  let relay: TestRelay
  let kim: Person
  let device: TestDevice
  let roomId: string
  beforeAll(async () => {
    relay = await TestRelay.start()
    kim = await relay.signUp('kim')
    device = await relay.connect(kim)
    roomId = await device.createRoom()
  })
  afterAll(() => relay.stop())

  const id = fc.oneof(
    fc.uuid(),
    fc.constant('').map(() => roomId),
    fc.constant('').map(() => kim.user.id),
    fc.string(),
    fc.anything()
  )
  const count = fc.oneof(fc.nat(20), fc.integer(), fc.double(), fc.anything())
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', ' ', '\0', '\ud800', 'ㄱ'.repeat(21_000)),
    fc.anything()
  )
  const operation = fc.oneof(
    fc.record(
      {
        type: fc.constantFrom(
          'room.create',
          'member.add',
          'member.remove',
          'message.send',
          'message.edit',
          'message.delete',
          'x'
        ),
        roomId: id,
        messageId: id,
        userId: id,
        userIds: fc.oneof(fc.array(id, { maxLength: 3 }), fc.anything()),
        memberIds: fc.oneof(fc.array(id, { maxLength: 3 }), fc.anything()),
        kind: fc.constantFrom('group', 'direct', 7),
        name: text,
        body: text,
        sentAt: fc.oneof(fc.constantFrom('2026-01-01T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z'), text),
        replyTo: id
      },
      { requiredKeys: [] }
    ),
    fc.anything()
  )
  const stream = id.map((each) => `room:${String(each)}`)
  const payload = fc.oneof(
    fc.record({ settled: count, operations: fc.array(fc.record({ id, n: count, operation }), { maxLength: 5 }) }),
    fc.record({ settled: count, operations: fc.array(fc.record({ id: fc.uuid(), n: fc.nat(20), operation })) }),
    fc.record({
      wants: fc.array(
        fc.oneof(
          fc.record({
            kind: fc.constant('changes'),
            stream: fc.oneof(stream, text),
            since: count,
            epoch: count,
            heldSeq: count
          }),
          fc.record({ kind: fc.constant('page'), roomId: id, before: count, limit: count }),
          fc.anything()
        )
      )
    }),
    fc.record({ deviceId: id, after: count }),
    fc.anything()
  )

  /** What JSON and Socket.IO can carry. */
  const sendable = (value: unknown): unknown => {
    const json = JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))
    return json === undefined ? undefined : JSON.parse(json)
  }

  it('by socket: every event is acknowledged, none ends the connection or is a fault of the relay', async () => {
    const names = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('sync:push', 'sync:pull', 'sync:answers') },
      { weight: 1, arbitrary: fc.string().filter((name) => !reserved.has(name)) }
    )
    await fc.assert(
      fc.asyncProperty(names, payload, async (name, value) => {
        const answer = await device.ask<{ ok: boolean; error?: { code: string }; stopped?: unknown }>(
          name,
          sendable(value)
        )
        expect(typeof answer.ok).toBe('boolean')
        expect(answer.error?.code).not.toBe('relay-error')
        expect(answer.stopped).toBeUndefined()
        expect(device.socket.connected).toBe(true)
      }),
      RUNS
    )
    device.n = (await device.connect()).answered
    expect(await device.send(roomId, 'still here', newId())).toMatchObject({ status: 'accepted' })
  }, 60_000)

  it('by REST: no answer is a 5xx, every error is a problem', async () => {
    const part = fc.oneof(
      id.map(String),
      fc.constantFrom('rooms', 'messages', 'members', 'sessions', 'users', '..', '%')
    )
    const path = fc.oneof(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.map(encodeURIComponent).join('/')),
      fc
        .tuple(fc.constantFrom('', '/members', '/messages', `/messages/${newId()}`), fc.string())
        .map(([end, query]) => {
          return `rooms/${roomId}${end}?limit=${encodeURIComponent(query)}`
        })
    )
    const body = fc.oneof(
      operation.map(sendable).map((value) => JSON.stringify(value) ?? ''),
      fc.string()
    )
    const type = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-16',
      'text/plain',
      'application/json-not'
    )
    const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS')
    await fc.assert(
      fc.asyncProperty(method, path, body, type, async (method, path, body, type) => {
        const request = method === 'GET' ? {} : { text: body, headers: { 'content-type': type } }
        const { status, body: answer } = await relay.rest(method, `/api/v1/${path}`, { token: kim.token, ...request })
        expect(status).toBeLessThan(500)
        // `/` is the one address that is a page for people.
        const isPage = new URL(`/api/v1/${path}`, relay.url).pathname === '/'
        expect(status < 400 || isPage || answer.type.startsWith('urn:maru:error:')).toBe(true)
        expect(answer.code).not.toBe('unauthorized')
      }),
      RUNS
    )
  }, 60_000)
})

/** Names that Socket.IO's own protocol forbids: whoever sends them breaks the protocol below ours. */
const reserved = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'])
