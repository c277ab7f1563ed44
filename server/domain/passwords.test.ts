// Passwords of accounts: changing one, and setting one anew with a code from the owner.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_DEVICES_PER_USER, RESET_LIFETIME_MS } from '../../protocol/limits.ts'
import type { AuditEntry, SessionEntry } from '../../protocol/rest.ts'
import { createPasswords } from '../auth/passwords.ts'
import type { Cost } from '../auth/passwords.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

const CHEAP: Cost = { N: 2 ** 4, r: 1, p: 1 }

let relay: TestRelay
let nowMs: number
let owner: Person
let lee: Person
let derived: Cost[]
beforeEach(async () => {
  nowMs = Date.parse('2026-11-20T12:00:00.000Z')
  derived = []
  relay = await TestRelay.start({ now: () => nowMs, passwords: createPasswords(CHEAP, (cost) => derived.push(cost)) })
  ;[owner, lee] = await relay.signUpAll(['owner', 'lee'])
})
afterEach(() => relay.stop())

const signIn = (password: string, more: object = {}): Promise<RestAnswer<Person & { code?: string }>> =>
  relay.rest('POST', 'sessions', { json: { username: 'lee', password, ...more } })
const sessionsOf = async (person: Person): Promise<SessionEntry[]> =>
  (await relay.rest<{ sessions: SessionEntry[] }>('GET', 'sessions', { token: person.token })).body.sessions

describe('changing a password', () => {
  const change = (currentPassword: string, newPassword: string): Promise<RestAnswer<{ code?: string }>> =>
    relay.rest('POST', 'users/me/password', { token: lee.token, json: { currentPassword, newPassword } })

  it('asks for the one there is, and signs all other devices out with a notice', async () => {
    const second = (await signIn('password of lee')).body
    const [lees, seconds] = [await relay.connect(lee), await relay.connect(second)]
    const ended = seconds.ended()
    expect(await change('wrong', 'a new password')).toMatchObject({ status: 403, body: { code: 'wrong-password' } })
    expect(await change('password of lee', 'short')).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect((await change('password of lee', 'a new password')).status).toBe(204)
    await ended
    expect(seconds.notices).toMatchObject([{ code: 'session-ended' }])
    await lees.caughtUp()
    expect(lees.notices).toEqual([])
    expect((await signIn('password of lee')).body.code).toBe('wrong-credentials')
    expect((await signIn('a new password')).status).toBe(201)
    expect((await sessionsOf(lee)).map(({ deviceId }) => deviceId)).not.toContain(second.deviceId)
  })

  it('a code that was given out before is worth nothing after it', async () => {
    const { code } = (
      await relay.rest<{ code: string }>('POST', `admin/users/${lee.user.id}/password-reset`, { token: owner.token })
    ).body
    expect((await change('password of lee', 'a new password')).status).toBe(204)
    const json = { username: 'lee', code, newPassword: 'from the thief' }
    expect((await relay.rest('POST', 'password-resets', { json })).body.code).toBe('wrong-reset')
  })

  it('of two changes at once, one is against a password that is there no more', async () => {
    const both = await Promise.all([
      change('password of lee', 'first new one'),
      change('password of lee', 'second new one')
    ])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 403]))
  })
})

describe('setting a password by a code', () => {
  const make = (by = owner): Promise<RestAnswer<{ username: string; code: string; expiresAt: string }>> =>
    relay.rest('POST', `admin/users/${lee.user.id}/password-reset`, { token: by.token })
  const use = (code: string, username = 'lee'): Promise<RestAnswer<{ code?: string; message?: string }>> =>
    relay.rest('POST', 'password-resets', { json: { username, code, newPassword: 'a new password' } })

  it('works once, signs all devices out, and is written down', async () => {
    const made = await make()
    expect(made).toMatchObject({ status: 201, body: { username: 'lee', expiresAt: '2026-11-21T12:00:00.000Z' } })
    expect(made.body.code).toMatch(/^([a-z]{3,8}-){5}[a-z]{3,8}$/)
    const lees = await relay.connect(lee)
    const ended = lees.ended()
    expect((await use(made.body.code.toUpperCase().replaceAll('-', ' '))).status).toBe(204)
    await ended
    expect(lees.notices).toMatchObject([{ code: 'session-ended' }])
    expect((await signIn('password of lee')).status).toBe(401)
    expect((await signIn('a new password')).status).toBe(201)
    expect((await use(made.body.code)).body.code).toBe('wrong-reset')
    const { body } = await relay.rest<{ entries: AuditEntry[] }>('GET', 'admin/audit', { token: owner.token })
    expect(body.entries.slice(0, 2)).toMatchObject([
      { act: 'password-reset.used', actorId: lee.user.id, userId: lee.user.id },
      { act: 'password-reset.made', actorId: owner.user.id, userId: lee.user.id }
    ])
    expect(JSON.stringify(body)).not.toContain(made.body.code)
  })

  it('a wrong code, one of before, one out of date and one for nobody are the same answer, and cost no hash', async () => {
    const [first, second] = [(await make()).body.code, (await make()).body.code]
    derived = []
    const answers = [
      await use('apple-river'),
      await use(first),
      await use(second, 'nobody'),
      await use(second, 'owner')
    ]
    nowMs += RESET_LIFETIME_MS
    answers.push(await use(second))
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([answers[0]?.status, answers[0]?.body])
      expect(body.code).toBe('wrong-reset')
    }
    expect(derived).toEqual([])
  })

  it('two who use it at once: one of them does', async () => {
    const { code } = (await make()).body
    const both = await Promise.all([use(code), use(code)])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 403]))
  })

  it('a disabled account stays disabled', async () => {
    const { code } = (await make()).body
    await relay.rest('PATCH', `admin/users/${lee.user.id}`, { token: owner.token, json: { disabled: true } })
    expect((await use(code)).status).toBe(204)
    expect((await signIn('a new password')).body.code).toBe('account-disabled')
  })
})

describe('the work of signing in', () => {
  it('is the same whether or not there is such a name, whether the password is wrong or the account disabled', async () => {
    await relay.rest('PATCH', `admin/users/${lee.user.id}`, { token: owner.token, json: { disabled: true } })
    const workOf = async (username: string, password: string): Promise<Cost[]> => {
      derived = []
      await relay.rest('POST', 'sessions', { json: { username, password } })
      return derived
    }
    const one = [CHEAP]
    expect(await workOf('owner', 'password of owner')).toEqual(one)
    for (let round = 0; round < 50; round++) {
      expect(await workOf('owner', `guess ${round}`)).toEqual(one)
      expect(await workOf(`nobody-${round}`, `guess ${round}`)).toEqual(one)
      expect(await workOf('lee', round % 2 === 0 ? 'password of lee' : 'guess')).toEqual(one)
    }
  }, 30_000)

  it('a password that was hashed with other costs is hashed anew when it is there, once', async () => {
    const { storage } = relay.relay
    const costlier = createPasswords({ N: 2 ** 5, r: 1, p: 1 })
    const stored = (await storage.account('lee'))?.passwordHash
    await relay.stop()
    relay = await TestRelay.start({ config: { registration: 'open' }, passwords: createPasswords(CHEAP) })
    await relay.signUp('owner')
    await relay.signUp('lee')
    const before = (await relay.relay.storage.account('lee'))?.passwordHash
    expect(before).toMatch(/^scrypt\$16\$/)
    expect(stored).not.toBe(before)
    await relay.restart({ passwords: costlier })
    expect((await signIn('wrong')).status).toBe(401)
    expect((await relay.relay.storage.account('lee'))?.passwordHash).toBe(before)
    expect((await signIn('password of lee')).status).toBe(201)
    const after = (await relay.relay.storage.account('lee'))?.passwordHash
    expect(after).toMatch(/^scrypt\$32\$/)
    expect((await signIn('password of lee')).status).toBe(201)
    expect((await relay.relay.storage.account('lee'))?.passwordHash).toBe(after)
  })
})

describe('devices', () => {
  it('are listed with last use and who is connected; signed out one by one, all others, or all', async () => {
    const [second, third] = [(await signIn('password of lee')).body, (await signIn('password of lee')).body]
    const lees = await relay.connect(lee)
    const online = (await sessionsOf(lee)).map(({ deviceId, online, current }) => [deviceId, online, current])
    expect(online).toEqual(
      expect.arrayContaining([
        [lee.deviceId, true, true],
        [second.deviceId, false, false],
        [third.deviceId, false, false]
      ])
    )
    expect((await relay.rest('DELETE', 'sessions?keep=others', { token: lee.token })).status).toBe(400)
    expect((await relay.rest('DELETE', 'sessions?keep=current', { token: lee.token })).status).toBe(204)
    expect((await sessionsOf(lee)).map(({ deviceId }) => deviceId)).toEqual([lee.deviceId])
    const ended = lees.ended()
    expect((await relay.rest('DELETE', 'sessions', { token: lee.token })).status).toBe(204)
    await ended
    expect(lees.notices).toMatchObject([{ code: 'session-ended' }])
    expect((await relay.rest('GET', 'sessions', { token: lee.token })).body.code).toBe('unauthorized')
    expect((await relay.rest('GET', 'sessions', { token: owner.token })).status).toBe(200)
  })

  it('who signs in on one more than the relay remembers loses the ended ones first, then the one that was not used for longest', async () => {
    const devices = [lee]
    while (devices.length < MAX_DEVICES_PER_USER) {
      nowMs += 60_000
      devices.push((await signIn('password of lee')).body)
    }
    const oldest = await relay.connect(lee)
    const ended = devices[10]
    await relay.rest('DELETE', `sessions/${ended?.deviceId}`, { token: lee.token })
    const known = async (deviceId = ''): Promise<boolean> => (await relay.relay.storage.device(deviceId)) !== undefined
    expect((await signIn('password of lee')).status).toBe(201)
    expect(await known(ended?.deviceId)).toBe(false)
    expect(await known(lee.deviceId)).toBe(true)
    const over = oldest.ended()
    expect((await signIn('password of lee')).status).toBe(201)
    await over
    expect(oldest.notices).toMatchObject([{ code: 'session-ended' }])
    expect(await known(lee.deviceId)).toBe(false)
    expect(await relay.relay.storage.devicesOf(lee.user.id)).toHaveLength(MAX_DEVICES_PER_USER)
  }, 30_000)
})
