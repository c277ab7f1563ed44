import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TOKEN_LIFETIME_MS } from '../../protocol/limits.ts'
import type { UserRecord } from '../../protocol/records.ts'
import type { NewInviteAnswer, RelayAnswer, SessionEntry } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import type { Registration } from '../config.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

const HOUR_MS = 60 * 60 * 1000
const START_MS = Date.parse('2026-11-20T12:00:00.000Z')

let relay: TestRelay
let nowMs: number
const start = async (registration: Registration): Promise<void> => {
  relay = await TestRelay.start({ config: { registration }, now: () => nowMs })
}
beforeEach(() => {
  nowMs = START_MS
})
afterEach(() => relay.stop())

const signUp = (username: string, invite?: string): Promise<RestAnswer<Person & { code?: string; field?: string }>> =>
  relay.rest('POST', 'accounts', {
    json: { username, password: `password of ${username}`, displayName: ` ${username} `, ...(invite ? { invite } : {}) }
  })
const signIn = (username: string, more: object = {}): Promise<RestAnswer<Person & { code?: string }>> =>
  relay.rest('POST', 'sessions', { json: { username, password: `password of ${username}`, ...more } })
const about = async (): Promise<RelayAnswer> => (await relay.rest<RelayAnswer>('GET', 'relay')).body

describe('signing up', () => {
  it('with a colour: it is in the record for everybody and outlives a restart; another colour is refused, none is fine', async () => {
    await start('open')
    const account = (username: string, more: object): Promise<RestAnswer<Person & { field?: string }>> =>
      relay.rest('POST', 'accounts', { json: { username, password: 'long enough', displayName: username, ...more } })
    const kim = (await account('kim', { color: 'teal' })).body
    expect(kim.user.color).toBe('teal')
    expect(await account('lee', { color: '#123456' })).toMatchObject({ status: 400, body: { field: 'color' } })
    expect((await account('lee', {})).body.user).not.toHaveProperty('color')
    await relay.restart()
    const { users } = (await relay.rest<{ users: UserRecord[] }>('GET', 'users', { token: kim.token })).body
    expect(users.map(({ username, color }) => [username, color])).toEqual([
      ['kim', 'teal'],
      ['lee', undefined]
    ])
  })

  it('by invitation: the first account needs the owner code, once, and owns the relay', async () => {
    await start('invite')
    expect(await about()).toMatchObject({ protocol: 1, registration: 'invite', hasOwner: false })
    const { ownerCode } = relay.relay
    expect(ownerCode).toMatch(/^[2-9A-Z]{4}(-[2-9A-Z]{4}){3}$/)
    expect(await signUp('kim')).toMatchObject({ status: 403, body: { code: 'invite-required', field: 'invite' } })
    expect(await signUp('kim', 'ABCD-EFGH-JKLM-NPQR')).toMatchObject({ status: 403, body: { code: 'wrong-invite' } })
    const early = await relay.relay.invite()
    expect(await signUp('kim', early.code)).toMatchObject({ status: 403, body: { code: 'wrong-invite' } })

    const first = await signUp('kim', ownerCode?.toLowerCase().replaceAll('-', ' '))
    expect(first).toMatchObject({ status: 201, body: { user: { username: 'kim', displayName: 'kim', role: 'owner' } } })
    expect(await about()).toMatchObject({ hasOwner: true })
    expect(await signUp('lee', ownerCode)).toMatchObject({ status: 403, body: { code: 'wrong-invite' } })
    expect((await signUp('lee', early.code)).body.user.role).toBe('member')
    await relay.restart()
    expect(relay.relay.ownerCode).toBeUndefined()
  })

  it('the owner code is another one at each start', async () => {
    await start('invite')
    const { ownerCode } = relay.relay
    await relay.restart()
    expect(relay.relay.ownerCode).not.toBe(ownerCode)
    expect((await signUp('kim', ownerCode)).status).toBe(403)
    expect((await signUp('kim', relay.relay.ownerCode)).status).toBe(201)
  })

  it('two first accounts at once: one owner', async () => {
    await start('open')
    const both = await Promise.all([signUp('kim'), signUp('lee')])
    expect(both.map(({ body }) => body.user.role).toSorted()).toEqual(['member', 'owner'])
  })

  it('invites are the owner’s to give, can be used so often and so long', async () => {
    await start('invite')
    const owner = (await signUp('kim', relay.relay.ownerCode)).body
    const made = await relay.rest<NewInviteAnswer>('POST', 'invites', { token: owner.token, json: { uses: 2 } })
    expect(made).toMatchObject({ status: 201, body: { uses: 2, expiresAt: '2026-11-27T12:00:00.000Z' } })
    const { code } = made.body
    const lee = await signUp('lee', code)
    expect(lee.status).toBe(201)
    const permitted = await relay.rest('POST', 'invites', { token: lee.body.token, json: {} })
    expect(permitted).toMatchObject({ status: 403, body: { code: 'not-permitted' } })
    expect((await signUp('kim', code)).body.code).toBe('username-taken')
    expect((await signUp('park', code)).status).toBe(201)
    expect((await signUp('choi', code)).body.code).toBe('wrong-invite')

    const short = await relay.rest<NewInviteAnswer>('POST', 'invites', {
      token: owner.token,
      json: { expiresInHours: 1 }
    })
    expect(short.body.uses).toBe(20)
    nowMs += HOUR_MS
    expect((await signUp('choi', short.body.code)).body.code).toBe('wrong-invite')
    nowMs -= 1
    expect((await signUp('choi', short.body.code)).status).toBe(201)
  })

  it('the last use of an invite goes to one of two who come at once', async () => {
    await start('invite')
    const owner = (await signUp('kim', relay.relay.ownerCode)).body
    const { body } = await relay.rest<NewInviteAnswer>('POST', 'invites', { token: owner.token, json: { uses: 1 } })
    const both = await Promise.all([signUp('lee', body.code), signUp('park', body.code)])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 403]))
  })

  it('open asks for nothing; closed refuses all, also the first', async () => {
    await start('open')
    expect(relay.relay.ownerCode).toBeUndefined()
    expect((await signUp('kim')).body.user.role).toBe('owner')
    expect((await signUp('lee')).body.user.role).toBe('member')
    await relay.stop()
    await start('closed')
    expect(relay.relay.ownerCode).toBeUndefined()
    expect(await signUp('kim', 'ABCD')).toMatchObject({ status: 403, body: { code: 'registration-closed' } })
  })

  it('names are unique in their folded form, also when two want one at once', async () => {
    await start('open')
    const both = await Promise.all([signUp('kim'), signUp('ＫＩＭ')])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]))
    expect((await signUp('Kim')).body).toMatchObject({ code: 'username-taken', field: 'username' })
  })
})

describe('sessions', () => {
  beforeEach(() => start('open'))

  it('wrong name and wrong password are the same answer', async () => {
    await signUp('kim')
    const wrongPassword = await signIn('kim', { password: 'not it' })
    const wrongName = await signIn('nobody')
    expect(wrongPassword).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } })
    expect(wrongName.body).toEqual(wrongPassword.body)
  })

  it('[S2.7] a device keeps its id for its own user only', async () => {
    const { body: kim } = await signUp('kim')
    await signUp('lee')
    const again = await signIn('KIM', { password: 'password of kim', deviceId: kim.deviceId, deviceName: 'Laptop' })
    expect(again).toMatchObject({ status: 201, body: { user: kim.user, deviceId: kim.deviceId } })
    expect((await relay.rest('GET', 'users', { token: kim.token })).status).toBe(401)
    expect((await signIn('lee', { deviceId: kim.deviceId })).body.deviceId).not.toBe(kim.deviceId)
    expect((await signIn('kim', { deviceId: newId() })).body.deviceId).not.toBe(kim.deviceId)
    const { body } = await relay.rest<{ sessions: SessionEntry[] }>('GET', 'sessions', { token: again.body.token })
    expect(body.sessions.find(({ current }) => current)).toMatchObject({ deviceId: kim.deviceId, deviceName: 'Laptop' })
  })

  it('are listed and can be revoked, others’ devices not', async () => {
    const { body: kim } = await signUp('kim')
    const { body: lee } = await signUp('lee')
    const { body: second } = await signIn('kim')
    const list = async (token: string): Promise<string[]> => {
      const { body } = await relay.rest<{ sessions: SessionEntry[] }>('GET', 'sessions', { token })
      return body.sessions.map(({ deviceId }) => deviceId)
    }
    expect((await list(kim.token)).toSorted()).toEqual([kim.deviceId, second.deviceId].toSorted())
    for (const deviceId of [lee.deviceId, newId(), 'no-id']) {
      const answer = await relay.rest('DELETE', `sessions/${deviceId}`, { token: kim.token })
      expect(answer).toMatchObject({ status: 404, body: { code: 'device-not-found' } })
    }
    for (let twice = 0; twice < 2; twice++) {
      expect((await relay.rest('DELETE', `sessions/${second.deviceId}`, { token: kim.token })).status).toBe(204)
    }
    expect(await list(kim.token)).toEqual([kim.deviceId])
    expect((await relay.rest('GET', 'users', { token: second.token })).body.code).toBe('unauthorized')
    expect(await list(lee.token)).toEqual([lee.deviceId])
  })

  it('end so long after their last use, which is written down at most once an hour', async () => {
    const { body: kim } = await signUp('kim')
    const ask = async (): Promise<string | undefined> =>
      (await relay.rest('GET', 'users', { token: kim.token })).body.code
    const lastUsed = async (): Promise<string | undefined> =>
      (await relay.relay.storage.device(kim.deviceId))?.lastUsedAt
    nowMs += HOUR_MS - 1
    expect(await ask()).toBeUndefined()
    expect(await lastUsed()).toBe('2026-11-20T12:00:00.000Z')
    nowMs += TOKEN_LIFETIME_MS - HOUR_MS
    expect(await ask()).toBeUndefined()
    // The touch is not waited for; whatever is committed after it has it.
    await relay.relay.invite()
    expect(await lastUsed()).toBe(new Date(nowMs).toISOString())
    nowMs += TOKEN_LIFETIME_MS
    expect(await ask()).toBeUndefined()
    await relay.relay.invite()
    nowMs += TOKEN_LIFETIME_MS + 1
    expect(await ask()).toBe('token-expired')
    expect((await signIn('kim', { deviceId: kim.deviceId })).body.deviceId).toBe(kim.deviceId)
  })

  it('nothing secret is stored as it is', async () => {
    const { body: kim } = await signUp('kim')
    const { code } = await relay.relay.invite()
    const account = await relay.relay.storage.account('kim')
    expect(account?.passwordHash).toMatch(/^scrypt\$/)
    const device = await relay.relay.storage.device(kim.deviceId)
    expect(device?.tokenHash).toMatch(/^[0-9a-f]{64}$/)
    expect(await relay.relay.storage.invite(code)).toBeUndefined()
  })
})
