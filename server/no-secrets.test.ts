// A whole life of a relay with its log as loud as it gets: nothing that opens anything, and nothing that anybody wrote, is in the log, in the audit
// log, or in the list of errors.
import { Writable } from 'node:stream'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { AdminOverview, NewInviteAnswer } from '../protocol/rest.ts'
import { newId } from '../protocol/values.ts'
import { createLog } from './log.ts'
import { openLowdbStorage } from './storage/lowdb/storage.ts'
import { cheapPasswords, overlay, TestRelay } from './testing/relay-kit.ts'
import type { RestRequest } from './testing/relay-kit.ts'
import type { Person } from './testing/test-device.ts'

describe('secrets and words', () => {
  let relay: TestRelay
  afterEach(() => relay.stop())

  it('are in no log, no audit entry and no list of errors, whatever happens to them', async () => {
    let logged = ''
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged += chunk.toString()
        done()
      }
    })
    const log = createLog('trace', sink)
    let breaks = false
    let nowMs = Date.parse('2026-11-20T12:00:00.000Z')
    relay = await TestRelay.start({
      log,
      now: () => nowMs,
      openStorage: (dataDir) => openLowdbStorage({ dataDir, log }),
      config: { rateLimit: true },
      passwords: cheapPasswords,
      wrapStorage: (storage) =>
        overlay(storage, {
          memberships: (userId) =>
            breaks ? Promise.reject(new TypeError('broken inside')) : storage.memberships(userId),
          page: (roomId, options) =>
            breaks ? Promise.reject(new SyntaxError('broken inside')) : storage.page(roomId, options),
          rooms: (options) => (breaks ? Promise.reject(new RangeError('broken inside')) : storage.rooms(options))
        })
    })
    const secrets: string[] = []
    const secret = <T extends string>(text: T): T => {
      secrets.push(text)
      return text
    }
    /** Every request, right and wrong, carries something that may not be seen again. */
    const ask = <T = Record<string, unknown>>(method: string, path: string, request: RestRequest = {}) =>
      relay.rest<T & { code?: string }>(method, path, request)

    const ownerCode = secret(relay.relay.ownerCode ?? '')
    const account = (username: string, invite: string) => ({
      username,
      password: secret(`Secret-Password-of-${username}`),
      displayName: secret(`Shown-Name-of-${username}`),
      invite
    })
    await ask('POST', 'accounts', { json: account('early', secret('wrong-owner-code')) })
    const owner = (await ask<Person>('POST', 'accounts', { json: account('owner', ownerCode) })).body
    secret(owner.token)
    const invite = (await ask<NewInviteAnswer>('POST', 'invites', { token: owner.token, json: {} })).body
    secret(invite.code)
    const lee = (await ask<Person>('POST', 'accounts', { json: account('lee', invite.code) })).body
    secret(lee.token)
    await ask('POST', 'accounts', { json: account('lee', invite.code) })

    // Signing in, wrongly and rightly, until it is refused.
    for (let guess = 0; guess < 8; guess++) {
      await ask('POST', 'sessions', { json: { username: 'lee', password: secret(`Wrong-Guess-${guess}`) } })
    }
    const json = { username: 'owner', password: 'Secret-Password-of-owner', deviceName: secret('Device-of-owner') }
    secret((await ask<Person>('POST', 'sessions', { json })).body.token)
    await ask('POST', 'sessions', {
      text: `{"username":"owner","password":"${secret('Broken-Json-Password')}"`,
      headers: { 'content-type': 'application/json' }
    })
    await ask('GET', 'rooms', { token: secret('a-token-that-is-none-0123456789') })
    secret((await ask<Person>('POST', 'sessions/renew', { token: lee.token, json: { asNewDevice: true } })).body.token)

    // Words: by socket and by REST, accepted, refused and malformed.
    const lees = await relay.connect(lee)
    const roomId = newId()
    await lees.apply({ type: 'room.create', roomId, kind: 'group', name: secret('Name-of-the-Room'), memberIds: [] })
    await lees.send(roomId, secret('Body-by-Socket'))
    await lees.apply({
      type: 'message.send',
      roomId: newId(),
      messageId: newId(),
      body: secret('Body-Refused'),
      sentAt: '2026-11-20T12:00:00Z'
    })
    await lees.ask('sync:push', { settled: 0, operations: [{ body: secret('Body-Malformed') }] })
    await lees.ask(secret('Event-Of-No-Name'), { password: secret('Payload-Of-No-Event') })
    lees.socket.emit('sync:push', { body: secret('Body-Without-Ack') })
    await ask('POST', `rooms/${roomId}/messages`, {
      token: lee.token,
      json: { id: newId(), body: secret('Body-by-REST') }
    })
    await ask('PATCH', 'users/me', { token: lee.token, json: { status: secret('Status-of-Lee') } })
    await lees.caughtUp()

    // What was guessed is forgotten by then.
    nowMs += 4 * 60 * 60 * 1000
    // Codes in addresses, resets, changes of passwords, faults of the relay.
    for (const path of [`/join/${invite.code}`, `/reset/lee/${invite.code}`, `/join/${secret('code-in-the-path')}/x`])
      await ask('GET', path)
    const reset = (
      await ask<{ code: string }>('POST', `admin/users/${lee.user.id}/password-reset`, { token: owner.token })
    ).body
    secret(reset.code)
    await ask('POST', 'password-resets', {
      json: { username: 'lee', code: secret('wrong-reset-code'), newPassword: secret('New-Password-Wrong') }
    })
    breaks = true
    expect((await ask('GET', 'rooms', { token: lee.token })).status).toBe(500)
    expect((await ask('GET', `rooms/${roomId}/messages`, { token: lee.token })).status).toBe(500)
    const search = `open-rooms?query=${secret('Searched-For')}`
    expect((await ask('GET', search, { token: lee.token })).status).toBe(500)
    breaks = false
    await ask('POST', 'users/me/password', {
      token: lee.token,
      json: { currentPassword: 'Secret-Password-of-lee', newPassword: secret('Changed-Password') }
    })
    const again = (
      await ask<{ code: string }>('POST', `admin/users/${lee.user.id}/password-reset`, { token: owner.token })
    ).body
    secret(again.code)
    await ask('POST', 'password-resets', {
      json: { username: 'lee', code: again.code, newPassword: secret('Reset-Password') }
    })
    await ask('PATCH', `admin/users/${lee.user.id}`, { token: owner.token, json: { disabled: true } })
    await ask('DELETE', 'users/me', { token: owner.token, json: { password: secret('Wrong-To-Delete') } })

    const overview = (await ask<AdminOverview>('GET', 'admin', { token: owner.token })).body
    const audit = (await ask<{ entries: unknown[] }>('GET', 'admin/audit', { token: owner.token })).body
    expect(logged).toContain('broken inside')
    expect(overview.errors.map(({ message }) => message)).toContain('a request failed (TypeError)')
    expect(audit.entries.length).toBeGreaterThan(4)
    const said = { log: logged, errors: JSON.stringify(overview.errors), audit: JSON.stringify(audit) }
    const found = Object.entries(said).flatMap(([where, text]) =>
      [...secrets, ...secrets.map(asStored)]
        .filter((each) => text.toLowerCase().includes(each.toLowerCase()))
        .map((each) => `${where}: ${each}`)
    )
    expect(found).toEqual([])
    expect(new Set(secrets).size).toBeGreaterThan(25)

    // On the disk: what opens something is there as a hash alone.
    await relay.relay.stop()
    const files = await readdir(relay.dataDir, { recursive: true, withFileTypes: true })
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1'))
    )
    const opening = secrets.filter((each) => /assword|Guess|code|^[\w-]{43}$|^([a-z]+-){5}[a-z]+$/.test(each))
    expect(opening.length).toBeGreaterThan(15)
    expect(opening.filter((each) => texts.some((text) => text.includes(each)))).toEqual([])
  }, 30_000)
})

/** A code without what does not matter. */
function asStored(text: string): string {
  return text.replaceAll('-', ' ')
}
