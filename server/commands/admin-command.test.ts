// The commands of whoever runs the relay, with a relay that runs on the data and with one that is stopped.
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_FILE } from '../admin-door.ts'
import { readConfig, StartError } from '../config.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { RestAnswer } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'
import { parseAdminArguments } from './admin-arguments.ts'
import { runAdminCommand } from './admin-command.ts'

describe('npm run relay -- admin …', () => {
  let relay: TestRelay
  let owner: Person
  let lee: Person
  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[owner, lee] = await relay.signUpAll(['owner', 'lee'])
  })
  afterEach(() => relay.stop())

  async function admin(line: string): Promise<string> {
    const said: string[] = []
    const config = readConfig({
      DATA_DIR: relay.dataDir,
      LOG_LEVEL: 'silent',
      PUBLIC_URL: 'https://chat.example.org'
    })
    const command = parseAdminArguments(line.split(' ').filter(Boolean))
    expect(await runAdminCommand(command, { config, now: Date.now, say: (text) => said.push(text) })).toBe(0)
    return said.join('\n')
  }
  const signIn = (password: string): Promise<RestAnswer<Person & { code?: string }>> =>
    relay.rest('POST', 'sessions', { json: { username: 'lee', password } })

  it('tells of a running relay, and of a stopped one', async () => {
    await relay.connect(lee)
    expect(await admin('')).toMatch(/^Running since 20.*Z$/m)
    expect(await admin('')).toMatch(/^Connected: 1 devices of 1 users$/m)
    expect(await admin('users')).toMatch(/^lee +lee +1 +now$/m)
    expect(await admin('users')).toMatch(/^owner +owner +owner +1 +20/m)
    expect(await admin('devices lee')).toMatch(/^test +[0-9a-f-]{36} .* now$/m)
    await relay.relay.stop()
    expect(await admin('')).toMatch(/^Stopped$/m)
    expect(await admin('users')).toMatch(/^lee +lee +1 +20/m)
    expect(await admin('errors')).toBe('The relay is stopped: what went wrong before is in its log.')
    await relay.restart()
    expect((await relay.rest('GET', 'users', { token: lee.token })).status).toBe(200)
  })

  it.each(['running', 'stopped'])('a forgotten password, with the relay %s', async (state) => {
    if (state === 'stopped') await relay.relay.stop()
    const said = await admin('reset-password LEE')
    const [, code = ''] = /^Code for lee: ([a-z-]+) \(once, until 20/.exec(said) ?? []
    expect(said).toContain(`Link: https://chat.example.org/reset/lee/${code}`)
    if (state === 'stopped') await relay.restart()
    const json = { username: 'lee', code, newPassword: 'a new password' }
    expect((await relay.rest('POST', 'password-resets', { json })).status).toBe(204)
    expect((await signIn('a new password')).status).toBe(201)
    expect(await admin('audit')).toMatch(/^20.* the relay +password-reset\.made +lee$/m)
    expect(await admin('audit')).not.toContain(code)
  })

  it.each(['running', 'stopped'])('people are kept out and let in, made owners, with the relay %s', async (state) => {
    if (state === 'stopped') await relay.relay.stop()
    expect(await admin('disable lee')).toBe('lee is signed out everywhere and cannot sign in.')
    await expect(admin('disable owner')).rejects.toThrow(/^The relay refuses: nobody else owns this relay/)
    expect(await admin('owner lee')).toBe('lee is an owner of the relay.')
    if (state === 'stopped') await relay.restart()
    expect((await relay.rest('GET', 'users', { token: lee.token })).status).toBe(401)
    expect((await signIn('password of lee')).body.code).toBe('account-disabled')
    expect(await admin('enable lee')).toBe('lee can sign in.')
    expect((await signIn('password of lee')).body.user.role).toBe('owner')
    expect(await admin('member lee')).toBe('lee is a member of the relay.')
  })

  it('invites are made, listed and revoked', async () => {
    const [, code = ''] = /^Invite: ([a-z-]+) \(3 uses, until/.exec(await admin('invite --uses 3 --hours 2')) ?? []
    const json = { username: 'park', password: 'a long password', displayName: 'Park', invite: code }
    expect((await relay.rest('POST', 'accounts', { json })).status).toBe(201)
    const [, id = ''] = /^([0-9a-f-]{36}) +2 of 3/m.exec(await admin('invites')) ?? []
    expect(await admin(`revoke ${id}`)).toBe('This invite can be used no more.')
    await expect(admin(`revoke ${id}`)).rejects.toThrow('The relay refuses: there is no such invite.')
  })

  it('a room is closed in front of its members; connections are ended', async () => {
    const lees = await relay.connect(lee)
    const roomId = await lees.createRoom(owner)
    expect(await admin('rooms')).toMatch(new RegExp(`^Room +group +2 +1 +${roomId}$`, 'm'))
    await admin(`close-room ${roomId}`)
    await lees.caughtUp()
    const lines = lees.heard.flatMap(({ records }) => records ?? [])
    expect(lines).toContainEqual(expect.objectContaining({ type: 'room', id: roomId, closedAt: expect.any(String) }))
    const ended = lees.ended()
    expect(await admin('disconnect lee')).toBe('The connections of lee were ended.')
    await ended
  })

  it('the door is in the data directory, for the relay’s own user alone, and gone with the relay', async () => {
    const path = join(relay.dataDir, ADMIN_FILE)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const { url, key } = JSON.parse(await readFile(path, 'utf8')) as { url: string; key: string }
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const ask = (authorization: string): Promise<Response> =>
      fetch(`${url}/api/v1/admin`, { headers: { authorization } })
    expect((await ask(`Bearer ${key}`)).status).toBe(200)
    for (const wrong of ['', 'Bearer x', `Bearer ${key}x`, `Bearer ${owner.token}`])
      expect((await ask(wrong)).status).toBe(401)
    // The key opens nothing at the door that the network has.
    expect((await relay.rest('GET', 'admin', { token: key })).status).toBe(401)
    await relay.relay.stop()
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('what a killed relay has left of its door leads nowhere, and the data is opened instead', async () => {
    await relay.relay.stop()
    const path = join(relay.dataDir, ADMIN_FILE)
    for (const left of ['{"url":"http://127.0.0.1:1","key":"x"}', '{', '{}', '']) {
      await writeFile(path, left)
      expect(await admin('')).toMatch(/^Stopped$/m)
    }
    await relay.restart()
    await writeFile(path, '{}')
    await expect(admin('')).rejects.toThrow(/^A relay is running on this data, but not reached from here/)
  })

  it('names of people cannot steer the terminal', async () => {
    await relay.rest('PATCH', 'users/me', { token: lee.token, json: { displayName: 'a\u202eb\u200b' } })
    expect(await admin('users')).toMatch(/^lee +ab +1/m)
  })

  it('what is wrong is said in a sentence', async () => {
    for (const line of [
      'frobnicate',
      'users all',
      'disable',
      'disable a b',
      'invite --uses',
      'invite --uses x',
      'invite x',
      '--all'
    ])
      expect(() => parseAdminArguments(line.split(' '))).toThrow(/npm run relay -- admin --help tells what there is\.$/)
    await expect(admin('disable nobody')).rejects.toThrow(new StartError('There is no user "nobody" on this relay.'))
    await expect(admin('close-room x')).rejects.toThrow('The relay refuses: there is no such room.')
    expect(await admin('users --help')).toContain('npm run relay -- admin reset-password <username>')
  })
})
