import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_INVITES } from '../../protocol/limits.ts'
import type { InviteEntry, NewInviteAnswer } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { secrets } from '../auth/secrets.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

const HOUR_MS = 60 * 60 * 1000

describe('invites [SPEC §5, S11.10]', () => {
  let relay: TestRelay
  let nowMs: number
  let owner: Person
  let lee: Person
  beforeEach(async () => {
    nowMs = Date.parse('2026-11-20T12:00:00.000Z')
    relay = await TestRelay.start({ now: () => nowMs })
    ;[owner, lee] = await relay.signUpAll(['owner', 'lee'])
  })
  afterEach(() => relay.stop())

  const make = (json: object = {}, by = owner): Promise<RestAnswer<NewInviteAnswer & { code: string }>> =>
    relay.rest('POST', 'invites', { token: by.token, json })
  const list = async (): Promise<InviteEntry[]> =>
    (await relay.rest<{ invites: InviteEntry[] }>('GET', 'invites', { token: owner.token })).body.invites
  const signUp = (username: string, invite: string): Promise<RestAnswer<Person & { code?: string }>> =>
    relay.rest('POST', 'accounts', {
      json: { username, password: 'a long password', displayName: username, invite }
    })
  const accept = (by: Person, code: string): Promise<RestAnswer<{ rooms: { id: string }[]; code?: string }>> =>
    relay.rest('POST', 'invites/accept', { token: by.token, json: { code } })
  const makeRoom = async (by: Person, kind: 'group' | 'open', more: object = {}): Promise<string> => {
    const json = { id: newId(), kind, name: 'Room', ...more }
    const { status } = await relay.rest('POST', 'rooms', { token: by.token, json })
    expect(status).toBe(201)
    return json.id
  }
  const roomsOf = async (person: Person): Promise<string[]> => {
    const { body } = await relay.rest<{ rooms: { id: string }[] }>('GET', 'rooms', { token: person.token })
    return body.rooms.map(({ id }) => id)
  }

  it('are six words, said once, whatever their case, spaces and hyphens; the relay keeps a hash', async () => {
    const { status, body } = await make()
    expect(status).toBe(201)
    expect(body.code).toMatch(/^([a-z]{3,8}-){5}[a-z]{3,8}$/)
    expect(JSON.stringify(await list())).not.toContain(body.code)
    const spoken = ` ${body.code.toUpperCase().replaceAll('-', '  ')} `
    expect((await signUp('park', spoken)).status).toBe(201)
    expect((await signUp('choi', body.code.replaceAll('-', ''))).status).toBe(201)
    const stored = (await relay.relay.storage.invites()).find(({ id }) => id === body.invite.id)
    expect(stored).toMatchObject({ codeHash: secrets.hashCode(body.code), usesLeft: 18 })
    expect(JSON.stringify(stored)).not.toContain(body.code)
  })

  it('of an owner who is none any more, or may not sign in, open nothing while that is so', async () => {
    const change = async (json: object): Promise<void> => {
      const { status } = await relay.rest('PATCH', `admin/users/${lee.user.id}`, { token: owner.token, json })
      expect(status).toBe(200)
    }
    await change({ role: 'owner' })
    const { code } = (await make({}, lee)).body
    const reset = await relay.rest<{ code: string }>('POST', `admin/users/${owner.user.id}/password-reset`, {
      token: lee.token
    })
    const wrongInvite = { status: 403, body: { code: 'wrong-invite' } }
    await change({ role: 'member' })
    expect(await signUp('park', code)).toMatchObject(wrongInvite)
    expect(await accept(owner, code)).toMatchObject(wrongInvite)
    const json = { username: 'owner', code: reset.body.code, newPassword: 'another long password' }
    expect(await relay.rest('POST', 'password-resets', { json })).toMatchObject({ body: { code: 'wrong-reset' } })
    await change({ role: 'owner', disabled: true })
    expect(await signUp('park', code)).toMatchObject(wrongInvite)
    await change({ disabled: false })
    expect((await signUp('park', code)).status).toBe(201)
    expect((await relay.rest('POST', 'password-resets', { json })).status).toBe(204)
  })

  it('are the owner’s alone: made, listed, revoked', async () => {
    const refused = { status: 403, body: { code: 'not-permitted' } }
    const { invite } = (await make()).body
    expect(await make({}, lee)).toMatchObject(refused)
    expect(await relay.rest('GET', 'invites', { token: lee.token })).toMatchObject(refused)
    expect(await relay.rest('DELETE', `invites/${invite.id}`, { token: lee.token })).toMatchObject(refused)
    expect(await list()).toContainEqual(invite)
    expect((await relay.rest('DELETE', `invites/${invite.id}`, { token: owner.token })).status).toBe(204)
    expect(await list()).not.toContainEqual(invite)
    for (const id of [invite.id, newId(), 'none']) {
      expect(await relay.rest('DELETE', `invites/${id}`, { token: owner.token })).toMatchObject({
        status: 404,
        body: { code: 'invite-not-found' }
      })
    }
  })

  it('a revoked one, one used up and one out of date are the same wrong-invite, and the last two go at the next making', async () => {
    const [revoked, used, old, good] = [
      (await make()).body,
      (await make({ uses: 1 })).body,
      (await make({ expiresInHours: 1 })).body,
      (await make()).body
    ]
    await relay.rest('DELETE', `invites/${revoked.invite.id}`, { token: owner.token })
    expect((await signUp('park', used.code)).status).toBe(201)
    nowMs += HOUR_MS
    const answers = [revoked, used, old].map(({ code }) => signUp('choi', code))
    for (const { body } of await Promise.all(answers)) {
      expect(body).toMatchObject({ code: 'wrong-invite', message: 'this code is wrong, used up or out of date' })
    }
    expect((await list()).map(({ id }) => id)).toContain(good.invite.id)
    await make()
    const kept = (await relay.relay.storage.invites()).map(({ id }) => id)
    for (const { invite } of [revoked, used, old]) expect(kept).not.toContain(invite.id)
  })

  it('no more than so many at once; what the relay prints at its starts takes the place of its own oldest', async () => {
    const standing = (await list()).length
    const made = await Promise.all(Array.from({ length: MAX_INVITES - standing }, () => make()))
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]))
    expect(await make()).toMatchObject({ status: 409, body: { code: 'too-many-invites', limit: MAX_INVITES } })
    await relay.relay.invite()
    expect(await list()).toHaveLength(MAX_INVITES)
  }, 60_000)

  it('lead who signs up into their rooms, and who has an account too, who is told of it there', async () => {
    const [group, open] = [await makeRoom(owner, 'group'), await makeRoom(owner, 'open')]
    const { code, invite } = (await make({ roomIds: [group, open], uses: 3 })).body
    const park = (await signUp('park', code)).body
    expect((await roomsOf(park)).toSorted()).toEqual([group, open].toSorted())
    const lees = await relay.connect(lee)
    const { status, body } = await accept(lee, code)
    expect(status).toBe(200)
    expect(body.rooms).toEqual(
      expect.arrayContaining([
        { id: group, kind: 'group', name: 'Room' },
        { id: open, kind: 'open', name: 'Room' }
      ])
    )
    await lees.caughtUp()
    expect(lees.heard.map(({ stream }) => stream)).toContain(`user:${lee.user.id}`)
    const left = async (): Promise<number | undefined> => (await list()).find(({ id }) => id === invite.id)?.usesLeft
    expect(await left()).toBe(1)
    expect((await accept(lee, code)).body.rooms).toHaveLength(2)
    expect(await left()).toBe(1)
    expect(await accept(lee, 'no-such-code')).toMatchObject({ status: 403, body: { code: 'wrong-invite' } })
  })

  it('[S11.10] lead only where their maker may add somebody, when they are made and when they are used', async () => {
    const foreign = await makeRoom(lee, 'group')
    const direct = await relay.rest<{ room: { id: string } }>('POST', 'rooms', {
      token: owner.token,
      json: { kind: 'direct', memberIds: [lee.user.id] }
    })
    expect(direct.status).toBe(201)
    expect(await make({ roomIds: [foreign] })).toMatchObject({
      status: 404,
      body: { code: 'room-not-found', field: 'roomIds[0]' }
    })
    expect(await make({ roomIds: [direct.body.room.id] })).toMatchObject({
      status: 403,
      body: { code: 'not-permitted' }
    })

    const [left, closed, stays] = [
      await makeRoom(owner, 'group', { memberIds: [lee.user.id] }),
      await makeRoom(owner, 'group'),
      await makeRoom(owner, 'group')
    ]
    const { code } = (await make({ roomIds: [left, closed, stays] })).body
    await relay.rest('DELETE', `rooms/${left}/members/${owner.user.id}`, { token: owner.token })
    await relay.rest('POST', `rooms/${closed}/close`, { token: owner.token })
    const park = (await signUp('park', code)).body
    expect(await roomsOf(park)).toEqual([stays])
  })

  it('with open registration an invite is not asked for, but leads into its rooms', async () => {
    await relay.stop()
    relay = await TestRelay.start({ config: { registration: 'open' }, now: () => nowMs })
    owner = await relay.signUp('owner')
    const group = await makeRoom(owner, 'group')
    const { code } = (await make({ roomIds: [group] })).body
    expect(await roomsOf((await signUp('park', code)).body)).toEqual([group])
    expect((await signUp('choi', 'wrong')).body.code).toBe('wrong-invite')
  })
})
