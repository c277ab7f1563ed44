import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UserRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

describe('REST of names, joining, reactions, reads and profiles [SPEC §5]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let roomId: string
  let messageId: string
  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    roomId = newId()
    messageId = newId()
    await as(kim, 'POST', 'rooms', { id: roomId, kind: 'open', name: 'Hall', history: 'from-joining' })
    await as(kim, 'POST', `rooms/${roomId}/messages`, { id: messageId, body: 'hello' })
  })
  afterEach(() => relay.stop())

  const as = <T>(person: Person, method: string, path: string, json?: unknown): Promise<RestAnswer<T>> =>
    relay.rest<T>(method, path, { token: person.token, ...(json === undefined ? {} : { json }) })
  const reaction = (emoji: string, id = messageId) =>
    `rooms/${roomId}/messages/${id}/reactions/${encodeURIComponent(emoji)}`

  it('a room is made with its history, renamed, and joined by whoever may', async () => {
    const renamed = await as(kim, 'PATCH', `rooms/${roomId}`, { name: ' Attic ' })
    expect(renamed).toMatchObject({
      status: 200,
      body: { room: { id: roomId, name: 'Attic', kind: 'open', history: 'from-joining' } }
    })
    expect(await as(lee, 'PATCH', `rooms/${roomId}`, { name: 'x' })).toMatchObject({ status: 404 })
    for (let times = 0; times < 2; times++) {
      expect(await as(lee, 'POST', `rooms/${roomId}/join`)).toMatchObject({ status: 200, body: renamed.body })
    }
    expect((await as<{ members: unknown[] }>(lee, 'GET', `rooms/${roomId}`)).body.members).toHaveLength(2)
    expect(await as(kim, 'PATCH', `rooms/${roomId}`, {})).toMatchObject({ status: 200, body: renamed.body })
    expect(await as(lee, 'PATCH', `rooms/${roomId}`, {})).toMatchObject({
      status: 403,
      body: { code: 'not-permitted' }
    })
    const group = newId()
    await as(kim, 'POST', 'rooms', { id: group, kind: 'group', name: 'Closed' })
    for (const id of [group, newId(), 'none'])
      expect(await as(lee, 'POST', `rooms/${id}/join`)).toMatchObject({ status: 404, body: { code: 'room-not-found' } })
  })

  it('reactions are set and taken away, each once, and come with the page', async () => {
    const set = await as(kim, 'PUT', reaction('👩‍🚀'))
    const record = { messageId, userId: kim.user.id, emoji: '👩‍🚀', seq: 2, set: true }
    expect(set).toMatchObject({ status: 200, body: { reaction: record } })
    expect(await as(kim, 'PUT', reaction('👩‍🚀'))).toEqual({ ...set, headers: expect.anything() })
    const page = async () => (await as<{ reactions: unknown[] }>(kim, 'GET', `rooms/${roomId}/messages`)).body.reactions
    expect(await page()).toMatchObject([record])
    for (let times = 0; times < 2; times++) expect((await as(kim, 'DELETE', reaction('👩‍🚀'))).status).toBe(204)
    expect(await page()).toEqual([])
    expect(await as(kim, 'PUT', reaction('text'))).toMatchObject({ status: 400, body: { field: 'emoji' } })
    expect(await as(kim, 'PUT', reaction('👍', newId()))).toMatchObject({ status: 404 })
    expect(await as(lee, 'PUT', reaction('👍'))).toMatchObject({ status: 404, body: { code: 'room-not-found' } })
    expect(await as(kim, 'POST', reaction('👍'))).toMatchObject({ status: 405 })
  })

  it('[S12.1] a read mark moves the own watermark', async () => {
    const marked = await as(kim, 'PUT', `rooms/${roomId}/read`, { seq: 99 })
    expect(marked).toMatchObject({ status: 200, body: { membership: { roomId, state: 'joined', readSeq: 2 } } })
    const again = await as(kim, 'PUT', `rooms/${roomId}/read`, { seq: 1 })
    expect(again.body).toEqual(marked.body)
    for (const seq of [-1, 1.5, '1', null])
      expect(await as(kim, 'PUT', `rooms/${roomId}/read`, { seq })).toMatchObject({ status: 400 })
    expect(await as(lee, 'PUT', `rooms/${roomId}/read`, { seq: 1 })).toMatchObject({ status: 404 })
  })

  it('[S14.3] preferences are read and changed by their user', async () => {
    const availability = async (): Promise<unknown> => (await as(kim, 'GET', 'users/me/preferences')).body
    expect(await availability()).toEqual({ preferences: { availability: 'auto' } })
    for (const chosen of ['dnd', 'invisible', 'auto']) {
      const changed = await as(kim, 'PATCH', 'users/me/preferences', { availability: chosen })
      expect(changed).toMatchObject({ status: 200, body: { preferences: { availability: chosen } } })
      expect((await as(kim, 'PATCH', 'users/me/preferences', {})).body).toEqual(changed.body)
      expect(await availability()).toEqual(changed.body)
    }
    expect(await as(kim, 'PATCH', 'users/me/preferences', { availability: 'away' })).toMatchObject({ status: 400 })
    expect((await relay.rest('GET', 'users/me/preferences')).status).toBe(401)
  })

  it('[S17] a profile is changed by its user alone', async () => {
    const lie = { id: lee.user.id, role: 'owner', username: 'lee2' }
    const changed = await as<{ user: UserRecord }>(kim, 'PATCH', 'users/me', { displayName: ' Kim ', ...lie })
    expect(changed).toMatchObject({ status: 200, body: { user: { ...kim.user, rev: 3, displayName: 'Kim' } } })
    await as(kim, 'PATCH', 'users/me', { color: 'rose' })
    const { users } = (await as<{ users: UserRecord[] }>(lee, 'GET', 'users')).body
    expect(users).toEqual([lee.user, { ...kim.user, rev: 4, displayName: 'Kim', color: 'rose' }])
    expect(await as(kim, 'PATCH', 'users/me', {})).toMatchObject({ status: 200, body: { user: { rev: 4 } } })
    for (const receipts of [false, true]) {
      const { body } = await as<{ user: UserRecord }>(kim, 'PATCH', 'users/me', { receipts })
      expect(body.user.receipts).toBe(receipts ? undefined : false)
    }
    for (const body of [{ color: 'pink' }, { displayName: '\u200b' }, { receipts: 'off' }])
      expect(await as(kim, 'PATCH', 'users/me', body)).toMatchObject({ status: 400 })
    expect((await relay.rest('PATCH', 'users/me', { json: { color: 'rose' } })).status).toBe(401)
  })
})
