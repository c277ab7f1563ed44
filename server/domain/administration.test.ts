import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RoomRecord } from '../../protocol/records.ts'
import type {
  AdminOverview,
  AdminRoom,
  AdminUser,
  AuditEntry,
  NewInviteAnswer,
  SessionEntry
} from '../../protocol/rest.ts'
import {
  adminOverviewSchema,
  adminRoomsAnswerSchema,
  adminUsersAnswerSchema,
  auditAnswerSchema
} from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { directRoomId } from '../../protocol/derived-ids.ts'
import type { Storage } from '../storage/port.ts'
import { gate, overlay, TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'
import { AUDIT_ROOM_ID } from './audit.ts'

describe('what an owner of the relay may do [SPEC §5, ●]', () => {
  let relay: TestRelay
  let owner: Person
  let lee: Person
  let kim: Person
  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[owner, lee, kim] = await relay.signUpAll(['owner', 'lee', 'kim'])
  })
  afterEach(() => relay.stop())

  const ask = <T>(
    method: string,
    path: string,
    json?: object,
    by = owner
  ): Promise<RestAnswer<T & { code?: string }>> =>
    relay.rest(method, path, { token: by.token, ...(json === undefined ? {} : { json }) })
  const audit = async (): Promise<AuditEntry[]> => {
    const { body } = await ask<{ entries: AuditEntry[] }>('GET', 'admin/audit')
    return auditAnswerSchema.parse(body).entries
  }
  const signIn = (password: string): Promise<RestAnswer<Person & { code?: string }>> =>
    relay.rest('POST', 'sessions', { json: { username: 'lee', password } })
  const adminUser = async (person: Person): Promise<AdminUser | undefined> => {
    const { body } = await ask<{ users: AdminUser[] }>('GET', 'admin/users')
    return adminUsersAnswerSchema.parse(body).users.find(({ user }) => user.id === person.user.id)
  }

  it('nobody else gets an answer from any of these, and nothing happens', async () => {
    const kims = await relay.connect(kim)
    const roomId = await kims.createRoom()
    const before = await audit()
    const routes: [string, string, object?][] = [
      ['GET', 'admin'],
      ['GET', 'admin/users'],
      ['PATCH', `admin/users/${kim.user.id}`, { disabled: true }],
      ['POST', `admin/users/${kim.user.id}/disconnect`],
      ['POST', `admin/users/${kim.user.id}/password-reset`],
      ['GET', `admin/users/${kim.user.id}/sessions`],
      ['DELETE', `admin/users/${kim.user.id}/sessions/${kim.deviceId}`],
      ['GET', 'admin/rooms'],
      ['POST', `admin/rooms/${roomId}/close`],
      ['GET', 'admin/audit'],
      ['POST', 'invites', {}],
      ['GET', 'invites'],
      ['DELETE', `invites/${newId()}`]
    ]
    for (const [method, path, json] of routes) {
      expect(await ask(method, path, json, lee)).toMatchObject({ status: 403, body: { code: 'not-permitted' } })
      expect((await relay.rest(method, path, json === undefined ? {} : { json })).status).toBe(401)
    }
    expect(kims.socket.connected).toBe(true)
    expect(await audit()).toEqual(before)
  })

  it('the overview: version, storage, connections, and recent errors without what anybody wrote', async () => {
    await relay.connect(lee)
    await relay.connect(lee)
    const { body } = await ask<AdminOverview>('GET', 'admin')
    expect(adminOverviewSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      protocol: 1,
      registration: 'invite',
      epoch: relay.relay.storage.epoch,
      storage: { driver: 'lowdb', users: 3, rooms: 0 },
      connections: { devices: 1, users: 1 },
      errors: [{ message: 'rate limits are off: for load tests on loopback only' }]
    })
  })

  it('people with their devices; who is disabled is signed out with a notice and told so after the right password alone', async () => {
    const lees = await relay.connect(lee)
    expect(await adminUser(lee)).toMatchObject({ disabled: false, deviceCount: 1, onlineDeviceCount: 1 })
    const ended = lees.ended()
    expect((await ask('PATCH', `admin/users/${lee.user.id}`, { disabled: true })).status).toBe(200)
    await ended
    expect(lees.notices).toMatchObject([{ code: 'account-disabled' }])
    expect(await adminUser(lee)).toMatchObject({
      disabled: true,
      deviceCount: 0,
      onlineDeviceCount: 0,
      lastUsedAt: null
    })
    await expect(lees.connect()).rejects.toMatchObject({ data: { code: 'unauthorized' } })
    expect(await signIn('password of lee')).toMatchObject({ status: 403, body: { code: 'account-disabled' } })
    expect(await signIn('wrong')).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } })

    expect((await ask('PATCH', `admin/users/${lee.user.id}`, { disabled: false })).status).toBe(200)
    expect((await signIn('password of lee')).status).toBe(201)
    expect((await audit()).map(({ act }) => act).slice(0, 2)).toEqual(['user.enabled', 'user.disabled'])
  })

  it('hands the relay over; the last owner who can sign in stays one', async () => {
    const change = (person: Person, json: object, by = owner) => ask('PATCH', `admin/users/${person.user.id}`, json, by)
    for (const json of [{ role: 'member' }, { disabled: true }])
      expect(await change(owner, json)).toMatchObject({ status: 409, body: { code: 'last-owner' } })
    expect(await change(lee, { role: 'owner' })).toMatchObject({ status: 200, body: { user: { role: 'owner' } } })
    expect((await change(lee, { disabled: true })).status).toBe(200)
    expect((await change(owner, { role: 'member' })).body.code).toBe('last-owner')
    expect((await change(lee, { disabled: false })).status).toBe(200)
    const again = (await signIn('password of lee')).body
    const both = await Promise.all([change(owner, { role: 'member' }), change(lee, { role: 'member' }, again)])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 409]))
  })

  it('closes connections, which may come again; ends sessions, which may not', async () => {
    const lees = await relay.connect(lee)
    const ended = lees.ended()
    expect((await ask('POST', `admin/users/${lee.user.id}/disconnect`)).status).toBe(204)
    await ended
    expect(lees.notices).toMatchObject([{ code: 'disconnected' }])
    await lees.connect()

    const { body } = await ask<{ sessions: SessionEntry[] }>('GET', `admin/users/${lee.user.id}/sessions`)
    expect(body.sessions).toMatchObject([{ deviceId: lee.deviceId, deviceName: 'test', current: false, online: true }])
    const endedAgain = lees.ended()
    expect((await ask('DELETE', `admin/users/${lee.user.id}/sessions/${lee.deviceId}`)).status).toBe(204)
    await endedAgain
    expect(lees.notices.at(-1)).toMatchObject({ code: 'session-ended' })
    await expect(lees.connect()).rejects.toMatchObject({ data: { code: 'unauthorized' } })
    expect((await ask('DELETE', `admin/users/${lee.user.id}/sessions/${kim.deviceId}`)).body.code).toBe(
      'device-not-found'
    )
    expect((await ask('POST', `admin/users/${newId()}/disconnect`)).body.code).toBe('user-not-found')
    expect((await ask('GET', `admin/users/${newId()}/sessions`)).body.code).toBe('user-not-found')
  })

  it('sees groups and open rooms, closes them with a line for their members; of people’s own rooms it learns nothing', async () => {
    const lees = await relay.connect(lee)
    const kims = await relay.connect(kim)
    const roomId = await lees.createRoom(kim)
    await relay.rest('POST', 'rooms', { token: lee.token, json: { kind: 'direct', memberIds: [kim.user.id] } })
    const direct = directRoomId(lee.user.id, kim.user.id)
    const { body } = await ask<{ rooms: AdminRoom[] }>('GET', 'admin/rooms')
    expect(adminRoomsAnswerSchema.parse(body).rooms).toMatchObject([{ id: roomId, kind: 'group', memberCount: 2 }])

    for (const id of [direct, AUDIT_ROOM_ID, newId(), 'none'])
      expect(await ask('POST', `admin/rooms/${id}/close`)).toMatchObject({
        status: 404,
        body: { code: 'room-not-found' }
      })
    const closed = await ask<{ room: RoomRecord }>('POST', `admin/rooms/${roomId}/close`)
    expect(closed).toMatchObject({ status: 200, body: { room: { id: roomId, closedAt: expect.any(String) } } })
    expect((await ask('POST', `admin/rooms/${roomId}/close`)).body).toEqual(closed.body)
    await kims.caughtUp()
    const lines = kims.heard.flatMap(({ records }) => records ?? []).filter(({ type }) => type === 'message')
    expect(lines.at(-1)).toMatchObject({ authorId: owner.user.id, event: { name: 'room-closed' } })
    expect(await lees.refused({ type: 'room.rename', roomId, name: 'x' })).toBe('room-closed')
    expect((await audit()).filter(({ act }) => act === 'room.closed')).toMatchObject([
      { actorId: owner.user.id, roomId }
    ])
  })

  it('each act is in the audit log once, by whom and to what; the newest first, page by page, after a restart too', async () => {
    const { invite } = (await ask<NewInviteAnswer>('POST', 'invites', {})).body
    await ask('DELETE', `invites/${invite.id}`)
    await ask('PATCH', `admin/users/${lee.user.id}`, { role: 'owner', disabled: true })
    await ask('PATCH', `admin/users/${lee.user.id}`, { role: 'owner', disabled: true })
    await ask('POST', `admin/users/${kim.user.id}/password-reset`)
    await relay.restart()
    const entries = await audit()
    expect(entries.slice(0, 5)).toMatchObject([
      { act: 'password-reset.made', actorId: owner.user.id, userId: kim.user.id },
      { act: 'user.disabled', userId: lee.user.id },
      { act: 'user.role-set', userId: lee.user.id, detail: 'owner' },
      { act: 'invite.revoked', inviteId: invite.id },
      { act: 'invite.made', actorId: owner.user.id, inviteId: invite.id }
    ])
    expect(entries.at(-1)).toMatchObject({ seq: 1, act: 'invite.made', actorId: null })
    const older = await ask<{ entries: AuditEntry[] }>('GET', `admin/audit?before=${entries[1]?.seq}`)
    expect(older.body.entries).toEqual(entries.slice(2))
  })

  it('the audit log is no room for anybody: in no list, not to be read, joined, made or written, and in no one’s stream', async () => {
    const owners = await relay.connect(owner)
    await ask('POST', 'invites', {})
    const { results } = await owners.pull(
      { kind: 'page', roomId: AUDIT_ROOM_ID },
      { kind: 'changes', stream: `room:${AUDIT_ROOM_ID}`, since: 0, epoch: 0 }
    )
    for (const result of results) expect(result).toMatchObject({ ok: false, error: { code: 'room-not-found' } })
    const sentAt = '2026-01-01T00:00:00.000Z'
    const roomId = AUDIT_ROOM_ID
    expect(await owners.refused({ type: 'message.send', roomId, messageId: newId(), body: 'x', sentAt })).toBe(
      'room-not-found'
    )
    expect(await owners.refused({ type: 'room.join', roomId })).toBe('room-not-found')
    for (const kind of ['group', 'open', 'notes'] as const) {
      const name = kind === 'notes' ? {} : { name: 'x' }
      expect(await owners.refused({ type: 'room.create', roomId, kind, memberIds: [], ...name })).toBe('invalid')
    }
    for (const path of ['rooms', 'open-rooms', 'admin/rooms']) {
      expect(JSON.stringify((await ask('GET', path)).body)).not.toContain(AUDIT_ROOM_ID)
    }
    expect((await ask('GET', `rooms/${AUDIT_ROOM_ID}/messages`)).status).toBe(404)
    await owners.caughtUp()
    expect(JSON.stringify(owners.heard)).not.toContain(AUDIT_ROOM_ID)
  })

  it('nobody can make the room of the audit log before the relay does', async () => {
    await relay.stop()
    relay = await TestRelay.start({ config: { registration: 'open' } })
    owner = await relay.signUp('owner')
    const owners = await relay.connect(owner)
    expect(
      await owners.refused({ type: 'room.create', roomId: AUDIT_ROOM_ID, kind: 'group', name: 'x', memberIds: [] })
    ).toBe('invalid')
    expect((await audit()).map(({ act }) => act)).toEqual([])
    await ask('POST', 'invites', {})
    expect((await audit()).map(({ act }) => act)).toEqual(['invite.made'])
  })

  it('who owns the relay no more in the moment of the commit does nothing', async () => {
    await relay.stop()
    const [reached, held] = [gate(), gate()]
    let holds = false
    const hold = async (): Promise<void> => {
      if (!holds) return
      holds = false
      reached.open()
      await held.opened
    }
    relay = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          commit: (async (...args) => {
            await hold()
            return storage.commit(...args)
          }) as Storage['commit']
        })
    })
    ;[owner, lee] = await relay.signUpAll(['owner', 'lee'])
    await ask('PATCH', `admin/users/${lee.user.id}`, { role: 'owner' })
    const before = (await audit()).length
    holds = true
    const demoted = ask('PATCH', `admin/users/${lee.user.id}`, { role: 'member' })
    await reached.opened
    // Lee is an owner still when these come to the door.
    const late = [
      ask('POST', 'invites', {}, lee),
      ask('PATCH', `admin/users/${owner.user.id}`, { disabled: true }, lee)
    ]
    await ask('GET', 'admin', undefined, lee)
    await ask('GET', 'admin', undefined, lee)
    held.open()
    expect((await demoted).status).toBe(200)
    for (const answer of await Promise.all(late))
      expect(answer).toMatchObject({ status: 403, body: { code: 'not-permitted' } })
    expect(await audit()).toHaveLength(before + 1)
  })
})
