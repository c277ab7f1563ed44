import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberRecord, MessageRecord, RoomRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer, RestRequest } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

type Messages = { messages: MessageRecord[]; olderCursor: number | null }
type Since = { messages: MessageRecord[]; rev: number; more: boolean }

describe('REST of rooms and messages [SPEC §5]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  beforeEach(async () => {
    relay = await TestRelay.start({ now: () => Date.parse('2026-11-20T12:00:00.000Z') })
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
  })
  afterEach(() => relay.stop())

  const as = <T>(person: Person, method: string, path: string, json?: unknown): Promise<RestAnswer<T>> => {
    const request: RestRequest = { token: person.token, ...(json === undefined ? {} : { json }) }
    return relay.rest<T>(method, path, request)
  }
  const createRoom = async (memberIds: string[] = []): Promise<string> => {
    const { body } = await as<{ room: RoomRecord }>(kim, 'POST', 'rooms', { kind: 'group', name: ' Hall ', memberIds })
    return body.room.id
  }
  const send = (roomId: string, body: string, id = newId()) =>
    as<{ message: MessageRecord }>(kim, 'POST', `rooms/${roomId}/messages`, { id, body })

  it('a room is made 201, repeated 200, and listed with its members', async () => {
    const id = newId()
    const json = { id, kind: 'group', name: 'Hall', memberIds: [lee.user.id] }
    const made = await as<{ room: RoomRecord }>(kim, 'POST', 'rooms', json)
    expect(made).toMatchObject({ status: 201, body: { room: { id, name: 'Hall', createdBy: kim.user.id } } })
    expect(await as(kim, 'POST', 'rooms', json)).toMatchObject({ status: 200, body: made.body })
    const rooms = [{ id, kind: 'group', name: 'Hall', rev: 4, headSeq: 1 }]
    expect((await as(lee, 'GET', 'rooms')).body).toEqual({ rooms })
    const { body } = await as<{ room: RoomRecord; members: MemberRecord[] }>(lee, 'GET', `rooms/${id}`)
    expect(body.room).toEqual(made.body.room)
    expect(body.members.map(({ userId }) => userId).toSorted()).toEqual([kim.user.id, lee.user.id].toSorted())
  })

  it('members come and go', async () => {
    const roomId = await createRoom()
    const added = await as<{ members: MemberRecord[] }>(kim, 'POST', `rooms/${roomId}/members`, {
      userIds: [lee.user.id]
    })
    expect(added.status).toBe(200)
    expect(added.body.members).toHaveLength(2)
    expect((await as(kim, 'DELETE', `rooms/${roomId}/members/${lee.user.id}`)).status).toBe(204)
    expect(await as(lee, 'GET', `rooms/${roomId}`)).toMatchObject({ status: 403, body: { code: 'not-a-member' } })
    expect((await as(lee, 'GET', 'rooms')).body).toEqual({ rooms: [] })
  })

  it('a message is made 201, repeated 200 as the same, changed and deleted', async () => {
    const roomId = await createRoom([lee.user.id])
    const id = newId()
    const made = await send(roomId, 'hello', id)
    expect(made).toMatchObject({
      status: 201,
      body: {
        message: {
          id,
          roomId,
          seq: 2,
          rev: 5,
          authorId: kim.user.id,
          body: 'hello',
          sentAt: '2026-11-20T12:00:00.000Z'
        }
      }
    })
    expect(await send(roomId, 'hello', id)).toMatchObject({ status: 200, body: made.body })
    expect(await send(roomId, 'else', id)).toMatchObject({ status: 409, body: { code: 'id-conflict' } })
    const path = `rooms/${roomId}/messages/${id}`
    const edited = await as(kim, 'PATCH', path, { body: 'better' })
    expect(edited).toMatchObject({ status: 200, body: { message: { body: 'better', rev: 6, seq: 2 } } })
    expect(await as(lee, 'PATCH', path, { body: 'mine' })).toMatchObject({
      status: 403,
      body: { code: 'not-permitted' }
    })
    expect((await as(kim, 'DELETE', path)).status).toBe(204)
    expect((await as(kim, 'DELETE', path)).status).toBe(204)
    expect(await as(kim, 'PATCH', path, { body: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'message-deleted' }
    })
  })

  it('what is sent by REST is heard by socket', async () => {
    const roomId = await createRoom([lee.user.id])
    const lees = await relay.connect(lee)
    await send(roomId, 'by REST')
    await lees.caughtUp()
    expect(lees.heard).toMatchObject([{ stream: `room:${roomId}`, records: [{ body: 'by REST' }] }])
  })

  it('pages go back by the cursor, ascending and without a gap, to the first message', async () => {
    const roomId = await createRoom()
    for (let index = 2; index <= 12; index++) await send(roomId, `m${index}`)
    const seqs: number[][] = []
    let query = 'limit=5'
    for (;;) {
      const { body } = await as<Messages>(kim, 'GET', `rooms/${roomId}/messages?${query}`)
      seqs.push(body.messages.map(({ seq }) => seq))
      if (body.olderCursor === null) break
      query = `limit=5&before=${body.olderCursor}`
    }
    expect(seqs).toEqual([
      [8, 9, 10, 11, 12],
      [3, 4, 5, 6, 7],
      [1, 2]
    ])
  })

  it('since gives the messages that changed after a rev, lowest first, and ends', async () => {
    const roomId = await createRoom()
    const first = newId()
    await send(roomId, 'first', first)
    for (let index = 0; index < 4; index++) await send(roomId, `m${index}`)
    await as(kim, 'POST', `rooms/${roomId}/members`, { userIds: [lee.user.id] })
    await as(kim, 'PATCH', `rooms/${roomId}/messages/${first}`, { body: 'edited' })
    const bodies: string[] = []
    let since = 0
    for (let more = true; more;) {
      const { body } = await as<Since>(kim, 'GET', `rooms/${roomId}/messages?since=${since}&limit=2`)
      expect(body.rev).toBe(body.messages.at(-1)?.rev ?? since)
      bodies.push(...body.messages.map((message) => message.body || (message.event?.name ?? '')))
      ;({ rev: since, more } = body)
    }
    expect(bodies).toEqual(['room-created', 'm0', 'm1', 'm2', 'm3', 'member-added', 'edited'])
    const nothing = await as<Since>(kim, 'GET', `rooms/${roomId}/messages?since=${since}`)
    expect(nothing.body).toEqual({ messages: [], rev: since, more: false })
  })

  it('[S11] an unknown room, a foreign one and an id that is none are the same 404 on every path', async () => {
    const roomId = await createRoom()
    const messageId = newId()
    await send(roomId, 'hello', messageId)
    const problems = new Set<string>()
    for (const id of [roomId, newId(), 'does-not-exist']) {
      const answers = [
        await as(lee, 'GET', `rooms/${id}`),
        await as(lee, 'GET', `rooms/${id}/messages`),
        await as(lee, 'GET', `rooms/${id}/messages?since=0`),
        await as(lee, 'POST', `rooms/${id}/messages`, { id: newId(), body: 'x' }),
        await as(lee, 'PATCH', `rooms/${id}/messages/${messageId}`, { body: 'x' }),
        await as(lee, 'DELETE', `rooms/${id}/messages/${messageId}`),
        await as(lee, 'POST', `rooms/${id}/members`, { userIds: [lee.user.id] }),
        await as(lee, 'DELETE', `rooms/${id}/members/${lee.user.id}`)
      ]
      for (const { status, body } of answers) {
        expect(status).toBe(404)
        problems.add(JSON.stringify(body))
      }
    }
    expect([...problems]).toHaveLength(1)
    expect(problems.values().next().value).toContain('room-not-found')
  })

  it('[S17] what a client says about author, place and time of acceptance is not listened to', async () => {
    const roomId = await createRoom()
    const lie = { authorId: lee.user.id, seq: 99, rev: 99, acceptedAt: '2000-01-01T00:00:00.000Z', kind: 'system' }
    const { body } = await as<{ message: MessageRecord }>(kim, 'POST', `rooms/${roomId}/messages`, {
      id: newId(),
      body: 'x',
      ...lie
    })
    expect(body.message).toMatchObject({ authorId: kim.user.id, seq: 2, rev: 4, kind: 'text' })
    expect(body.message.acceptedAt).toBe('2026-11-20T12:00:00.000Z')
  })
})
