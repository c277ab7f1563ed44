import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberRecord, UserRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'
import type { Storage } from '../storage/port.ts'

describe('deleting an account [S11.9]', () => {
  let relay: TestRelay
  let owner: Person
  let lee: Person
  let kim: Person
  /** Something that happens in the middle of the next commit, before it is stored. */
  let interrupt: (() => void) | undefined
  beforeEach(async () => {
    interrupt = undefined
    relay = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          commit: ((streams, work, foreseen) =>
            storage.commit(
              streams,
              async (draft) => {
                const value = await work(draft)
                interrupt?.()
                return value
              },
              foreseen
            )) as Storage['commit']
        })
    })
    ;[owner, lee, kim] = await relay.signUpAll(['owner', 'lee', 'kim'])
  })
  afterEach(() => relay.stop())

  const remove = (
    person: Person,
    password = `password of ${person.user.username}`
  ): Promise<RestAnswer<{ code?: string }>> =>
    relay.rest('DELETE', 'users/me', { token: person.token, json: { password } })
  const users = async (): Promise<UserRecord[]> =>
    (await relay.rest<{ users: UserRecord[] }>('GET', 'users', { token: kim.token })).body.users
  const signIn = (username: string): Promise<RestAnswer<Person & { code?: string }>> =>
    relay.rest('POST', 'sessions', { json: { username, password: `password of ${username}` } })

  it('leaves an id without names; rooms are left with a line, sessions end with a notice, the name is free', async () => {
    const [lees, kims] = [await relay.connect(lee), await relay.connect(kim)]
    const roomId = await lees.createRoom(kim)
    const { seq } = await lees.send(roomId, 'stays')
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64'
    )
    await lees.accepted({ type: 'profile.change', avatar: png.toString('base64'), status: 'here' })
    const ended = lees.ended()
    expect(await remove(lee, 'wrong')).toMatchObject({ status: 403, body: { code: 'wrong-password' } })
    expect((await remove(lee)).status).toBe(204)
    await ended
    expect(lees.notices).toMatchObject([{ code: 'account-deleted' }])

    const gone = (await users()).find(({ id }) => id === lee.user.id)
    expect(gone).toEqual({
      type: 'user',
      rev: expect.any(Number),
      id: lee.user.id,
      username: '',
      displayName: '',
      role: 'member',
      createdAt: lee.user.createdAt,
      deletedAt: expect.any(String)
    })
    const { storage } = relay.relay
    expect(await storage.avatar(lee.user.id)).toBeUndefined()
    expect(await storage.devicesOf(lee.user.id)).toEqual([])
    expect(await storage.accountOf(lee.user.id)).toBeUndefined()
    expect((await relay.rest('GET', 'rooms', { token: lee.token })).body.code).toBe('unauthorized')
    await expect(lees.connect()).rejects.toMatchObject({ data: { code: 'unauthorized' } })
    expect((await signIn('lee')).body.code).toBe('wrong-credentials')

    const { body } = await relay.rest<{ members: MemberRecord[] }>('GET', `rooms/${roomId}`, { token: kim.token })
    expect(body.members.map(({ userId, state, role }) => [userId, state, role])).toEqual(
      expect.arrayContaining([
        [lee.user.id, 'left', 'member'],
        [kim.user.id, 'joined', 'owner']
      ])
    )
    await kims.caughtUp()
    const page = await storage.page(roomId, { limit: 10, maxBytes: 100_000 })
    expect(page.messages.find((message) => message.seq === seq)).toMatchObject({ body: 'stays', authorId: lee.user.id })
    expect(page.messages.at(-1)).toMatchObject({ authorId: lee.user.id, event: { name: 'member-left' } })

    const again = await relay.signUp('lee')
    expect(again.user.id).not.toBe(lee.user.id)
    expect((await relay.rest('GET', 'rooms', { token: again.token })).body).toEqual({ rooms: [] })
  })

  it('nobody takes a deleted user into a room', async () => {
    expect((await remove(lee)).status).toBe(204)
    const kims = await relay.connect(kim)
    const roomId = await kims.createRoom()
    expect(await kims.refused({ type: 'member.add', roomId, userIds: [lee.user.id] })).toBe('user-not-found')
    expect(
      await relay.rest('POST', 'rooms', { token: kim.token, json: { kind: 'direct', memberIds: [lee.user.id] } })
    ).toMatchObject({ status: 404, body: { code: 'user-not-found' } })
  })

  it('the last owner cannot while there are others, and can when alone; then the next account owns the relay', async () => {
    expect(await remove(owner)).toMatchObject({ status: 409, body: { code: 'last-owner' } })
    const role = (person: Person, json: object) =>
      relay.rest('PATCH', `admin/users/${person.user.id}`, { token: owner.token, json })
    expect((await role(kim, { role: 'owner' })).status).toBe(200)
    expect((await role(kim, { disabled: true })).status).toBe(200)
    expect((await remove(owner)).body.code).toBe('last-owner')
    expect((await role(kim, { disabled: false })).status).toBe(200)
    expect((await remove(owner)).status).toBe(204)
    kim = (await signIn('kim')).body
    expect((await remove(kim)).body.code).toBe('last-owner')
    expect((await remove(lee)).status).toBe(204)
    expect((await remove(kim)).status).toBe(204)
    expect((await relay.rest<{ hasOwner: boolean }>('GET', 'relay')).body.hasOwner).toBe(false)
    await relay.restart()
    expect(relay.relay.ownerCode).toBeDefined()
    const first = await relay.signUp('park')
    expect(first.user.role).toBe('owner')
    expect((await relay.signUp('choi')).user.role).toBe('member')
  })

  it('two owners who delete at once: one of them stays', async () => {
    const role = await relay.rest('PATCH', `admin/users/${kim.user.id}`, {
      token: owner.token,
      json: { role: 'owner' }
    })
    expect(role.status).toBe(200)
    const both = await Promise.all([remove(owner), remove(kim)])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 409]))
  })

  it('a relay that dies in the middle of it leaves all or nothing: the account goes on, or is gone with its rooms', async () => {
    const lees = await relay.connect(lee)
    const rooms: string[] = []
    for (let index = 0; index < 20; index++) rooms.push(await lees.createRoom(kim))
    const { storage } = relay.relay
    interrupt = () => {
      throw new Error('the process ends here')
    }
    expect((await remove(lee)).status).toBe(500)
    interrupt = undefined
    await relay.restart()
    expect((await relay.rest('GET', 'rooms', { token: lee.token })).body).toMatchObject({ rooms: { length: 20 } })
    expect(await storage.accountOf(lee.user.id)).toBeDefined()
    expect((await remove(lee)).status).toBe(204)
    await relay.restart()
    expect((await users()).find(({ id }) => id === lee.user.id)?.deletedAt).toBeDefined()
    for (const roomId of rooms) {
      expect(await relay.relay.storage.member(roomId, lee.user.id)).toMatchObject({ state: 'left' })
    }
  })

  it('who is taken into a room in that very moment leaves it too', async () => {
    const kims = await relay.connect(kim)
    const roomId = newId()
    const [answer] = await Promise.all([
      remove(lee),
      kims
        .accepted({ type: 'room.create', roomId, kind: 'group', name: 'Late', memberIds: [lee.user.id] })
        .catch(() => undefined)
    ])
    expect(answer.status).toBe(204)
    const { storage } = relay.relay
    expect((await storage.member(roomId, lee.user.id))?.state).not.toBe('joined')
    expect((await storage.memberships(lee.user.id)).filter(({ state }) => state === 'joined')).toEqual([])
  })

  it('what a deleted user’s open connection still sends changes nothing', async () => {
    const lees = await relay.connect(lee)
    const deleted = remove(lee)
    const change = lees.ask('sync:push', lees.number({ type: 'profile.change', displayName: 'ghost' }))
    await Promise.all([deleted, change.catch(() => undefined)])
    await relay.rest('PATCH', 'users/me', { token: lee.token, json: { displayName: 'ghost' } })
    expect((await users()).find(({ id }) => id === lee.user.id)?.displayName).toBe('')
  })
})
