import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../protocol/operations.ts'
import type { MemberRecord, MessageRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const NOW = '2026-11-20T12:00:00.000Z'

describe('roles, bans and closing [SPEC §3.1, S11.6, S11.7]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let park: Person
  let kims: TestDevice
  let lees: TestDevice
  let parks: TestDevice
  let roomId: string
  beforeEach(async () => {
    relay = await TestRelay.start({ now: () => Date.parse(NOW) })
    ;[kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    ;[kims, lees, parks] = [await relay.connect(kim), await relay.connect(lee), await relay.connect(park)]
    roomId = await kims.createRoom(lee, park)
  })
  afterEach(() => relay.stop())

  const member = (person: Person, inRoom = roomId): Promise<MemberRecord | undefined> =>
    relay.relay.storage.member(inRoom, person.user.id)
  const lines = async (): Promise<MessageRecord[]> =>
    (await relay.relay.storage.page(roomId, { limit: 50, maxBytes: 100_000 })).messages
  const lastLine = async (): Promise<MessageRecord | undefined> => (await lines()).at(-1)
  const role = (person: Person, to: MemberRecord['role']): Operation => {
    return { type: 'member.role', roomId, userId: person.user.id, role: to }
  }
  const ban = (person: Person, set: boolean): Operation => ({ type: 'member.ban', roomId, userId: person.user.id, set })
  const remove = (person: Person, more: object = {}): Operation => {
    return { type: 'member.remove', roomId, userId: person.user.id, ...more }
  }

  it('member.role tells a line with the role; the same again changes nothing', async () => {
    const { rev } = await kims.accepted(role(lee, 'admin'))
    expect(await member(lee)).toMatchObject({ role: 'admin', state: 'joined', joinedSeq: 0 })
    const event = { name: 'member-role-set', userIds: [lee.user.id], role: 'admin' }
    expect(await lastLine()).toMatchObject({ rev, authorId: kim.user.id, event })
    expect(await kims.accepted(role(lee, 'admin'))).toMatchObject({ rev: rev - 1 })
    expect(await relay.relay.storage.head(`room:${roomId}`)).toBe(rev)
  })

  it('handing over makes the other the owner and the former one an admin, in one line', async () => {
    const before = (await lines()).length
    await kims.accepted(role(lee, 'owner'))
    expect([(await member(lee))?.role, (await member(kim))?.role]).toEqual(['owner', 'admin'])
    expect((await lines()).length).toBe(before + 1)
    expect(await kims.refused(role(park, 'admin'))).toBe('not-permitted')
    await lees.accepted(role(kim, 'member'))
  })

  it('when the owner leaves, an admin who came later owns the room before a member who came first', async () => {
    const late = await relay.signUp('late')
    await kims.accepted({ type: 'member.add', roomId, userIds: [late.user.id] })
    await kims.accepted(role(late, 'admin'))
    await kims.accepted(remove(kim))
    expect([(await member(late))?.role, (await member(lee))?.role]).toEqual(['owner', 'member'])
  })

  it('who leaves quietly is told of by no line; removing somebody always is', async () => {
    const before = (await lines()).length
    await lees.accepted(remove(lee, { quietly: true }))
    expect(await member(lee)).toMatchObject({ state: 'left' })
    expect((await lines()).length).toBe(before)
    await kims.accepted(remove(park, { quietly: true }))
    expect(await lastLine()).toMatchObject({ event: { name: 'member-removed', userIds: [park.user.id] } })
  })

  it('[S11.7] who is banned is removed and stays out until the ban is lifted', async () => {
    await kims.accepted(ban(lee, true))
    expect(await member(lee)).toMatchObject({ state: 'removed', banned: true, role: 'member' })
    expect(await relay.relay.storage.membership(lee.user.id, roomId)).toMatchObject({ state: 'removed' })
    expect(await lastLine()).toMatchObject({ event: { name: 'member-banned', userIds: [lee.user.id] } })
    const add: Operation = { type: 'member.add', roomId, userIds: [park.user.id, lee.user.id] }
    expect((await kims.apply(add))[0]).toMatchObject({ error: { code: 'banned', field: 'userIds[1]' } })
    const { rev } = await kims.accepted(ban(lee, false))
    expect(await member(lee)).toMatchObject({ rev, state: 'removed' })
    expect(await member(lee)).not.toHaveProperty('banned')
    expect(await kims.accepted(ban(lee, false))).toMatchObject({ rev })
    await kims.accepted(add)
    expect(await member(lee)).toMatchObject({ state: 'joined' })
  })

  it('[S11.7] of a group only who has been in it is banned; of an open room anybody, who hears nothing of it', async () => {
    const stranger = await relay.signUp('stranger')
    const strangers = await relay.connect(stranger)
    expect(await kims.refused(ban(stranger, true))).toBe('user-not-found')
    const open = newId()
    await kims.accepted({ type: 'room.create', roomId: open, kind: 'open', name: 'Hall', memberIds: [] })
    await kims.accepted({ ...ban(stranger, true), roomId: open } as Operation)
    expect(await member(stranger, open)).toMatchObject({ state: 'removed', banned: true })
    expect(await strangers.refused({ type: 'room.join', roomId: open })).toBe('banned')
    expect(await kims.refused({ ...ban(stranger, true), roomId: open, userId: newId() } as Operation)).toBe(
      'user-not-found'
    )
    await strangers.caughtUp()
    expect(strangers.heard).toEqual([])
    await kims.accepted({ ...ban(stranger, false), roomId: open } as Operation)
    await strangers.accepted({ type: 'room.join', roomId: open })
    expect(await member(stranger, open)).toMatchObject({ state: 'joined' })
    expect(await member(stranger, open)).not.toHaveProperty('banned')
  })

  it('[S11.7] who left by themselves can be banned too, and is told of as banned', async () => {
    await lees.accepted(remove(lee))
    await kims.accepted(ban(lee, true))
    expect(await member(lee)).toMatchObject({ state: 'left', banned: true })
    expect(await relay.relay.storage.membership(lee.user.id, roomId)).toMatchObject({ state: 'left' })
  })

  it('[S11.6] a closed room is read, marked and left, its words are taken back, and nothing else', async () => {
    const messageId = newId()
    await lees.send(roomId, 'last words', messageId)
    const { rev } = await kims.accepted({ type: 'room.close', roomId })
    expect(await relay.relay.storage.room(roomId)).toMatchObject({ closedAt: NOW })
    expect(await lastLine()).toMatchObject({ rev, event: { name: 'room-closed' } })
    expect(await kims.accepted({ type: 'room.close', roomId })).toMatchObject({ rev: rev - 1 })
    const again = { type: 'message.send', roomId, messageId: newId(), body: 'x', sentAt: NOW } as const
    const refused: Operation[] = [
      again,
      { type: 'message.edit', roomId, messageId, body: 'x' },
      { type: 'reaction.set', roomId, messageId, emoji: '👍', set: true },
      { type: 'room.rename', roomId, name: 'x' },
      { type: 'room.change', roomId, topic: 'x' },
      { type: 'member.add', roomId, userIds: [park.user.id] }
    ]
    for (const operation of refused) expect(await lees.refused(operation)).toBe('room-closed')
    // What was accepted before is accepted when it is sent again, for who never heard the answer.
    await lees.accepted({ ...again, messageId, body: 'last words' })
    await lees.accepted({ type: 'read.mark', roomId, seq: 9 })
    await lees.accepted({ type: 'room.settings', roomId, pinned: true })
    await lees.accepted({ type: 'message.delete', roomId, messageId })
    expect((await lees.pull({ kind: 'page', roomId })).results).toMatchObject([{ ok: true }])
    await lees.accepted(remove(lee))
    expect(await parks.refused(again)).toBe('room-closed')
  })

  it('room.change tells a line for each that changed; what is absent stays, null takes away', async () => {
    await kims.accepted({ type: 'room.change', roomId, topic: 'news', writers: 'admins' })
    expect((await lines()).slice(-2).map(({ event }) => event)).toEqual([
      { name: 'room-topic-set', userIds: [], topic: 'news' },
      { name: 'room-writers-set', userIds: [], writers: 'admins' }
    ])
    expect(await lees.refused({ type: 'room.change', roomId, topic: 'mine' })).toBe('not-permitted')
    const { rev } = await kims.accepted({ type: 'room.change', roomId, writers: null })
    expect(await relay.relay.storage.room(roomId)).toMatchObject({ topic: 'news', rev: rev - 1 })
    expect(await relay.relay.storage.room(roomId)).not.toHaveProperty('writers')
    expect(await lees.refused({ type: 'room.change', roomId, topic: 'mine', writers: 'admins' })).toBe('not-permitted')
    expect(await relay.relay.storage.room(roomId)).toMatchObject({ topic: 'news' })
    await lees.accepted({ type: 'room.change', roomId, topic: null })
    expect(await lastLine()).toMatchObject({ event: { name: 'room-topic-set', userIds: [] } })
    expect(await relay.relay.storage.room(roomId)).not.toHaveProperty('topic')
    expect(await lees.accepted({ type: 'room.change', roomId })).toMatchObject({ rev: rev + 1 })
  })

  it('by REST: name, topic and writers together or not at all; roles, bans and leaving quietly', async () => {
    const token = kim.token
    const change = (json: object, by = token) =>
      relay.rest<{ room: object }>('PATCH', `rooms/${roomId}`, { token: by, json })
    expect(await change({ name: 'Hall', topic: 'news', writers: 'admins' })).toMatchObject({
      status: 200,
      body: { room: { name: 'Hall', topic: 'news', writers: 'admins' } }
    })
    await change({ writers: null })
    expect((await change({ name: 'Attic', writers: 'admins' }, lee.token)).status).toBe(403)
    expect(await change({ name: 'Attic', avatar: 'AAAA' })).toMatchObject({ status: 400, body: { field: 'avatar' } })
    expect(await relay.relay.storage.room(roomId)).toMatchObject({ name: 'Hall' })
    const put = (method: string, path: string, json?: object) =>
      relay.rest<object>(method, `rooms/${roomId}/${path}`, { token, ...(json ? { json } : {}) })
    expect(await put('PATCH', `members/${lee.user.id}`, { role: 'admin' })).toMatchObject({
      status: 200,
      body: { member: { userId: lee.user.id, role: 'admin' } }
    })
    for (const method of ['PUT', 'DELETE']) expect((await put(method, `bans/${park.user.id}`)).status).toBe(204)
    expect(
      (await relay.rest('DELETE', `rooms/${roomId}/members/${lee.user.id}?quietly=true`, { token: lee.token })).status
    ).toBe(204)
    expect(await lastLine()).toMatchObject({ event: { name: 'member-banned' } })
    expect(await put('POST', 'close')).toMatchObject({ status: 200, body: { room: { closedAt: NOW } } })
  })
})
