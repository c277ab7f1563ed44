// Requests that began before their session ended: what they say comes too late [SPEC §5, S17].
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roomStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { Draft, Storage } from '../storage/port.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

describe('a request whose body is held back until its session has ended', () => {
  let relay: TestRelay
  let owner: Person
  let lee: Person
  let kim: Person
  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[owner, lee, kim] = await relay.signUpAll(['owner', 'lee', 'kim'])
  })
  afterEach(() => relay.stop())

  /** Sends all but the body, waits until the relay has read that, and says how to go on: resolves with the status. */
  async function held(method: string, path: string, json: object, { token }: Person): Promise<() => Promise<number>> {
    const body = JSON.stringify(json)
    const socket = connect(relay.relay.port, '127.0.0.1').setEncoding('utf8')
    let said = ''
    socket.on('data', (part: string) => (said += part))
    const continued = once(socket, 'data')
    socket.write(
      [
        `${method} /api/v1/${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        `Authorization: Bearer ${token}`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Expect: 100-continue',
        'Connection: close',
        '\r\n'
      ].join('\r\n')
    )
    // The relay says `100 Continue` when it has the headers.
    await continued
    // A request of another connection is answered behind it: by then the token was looked at.
    await relay.rest('GET', 'users', { token: owner.token })
    return async () => {
      const closed = once(socket, 'close')
      socket.write(body)
      await closed
      return Number(/HTTP\/1\.1 ((?!100)\d{3})/.exec(said)?.[1])
    }
  }
  const asOwner = (method: string, path: string, json?: object): Promise<unknown> =>
    relay.rest(method, path, { token: owner.token, ...(json === undefined ? {} : { json }) })

  it('[S17] of a revoked device: nothing is made', async () => {
    const goOn = await held('POST', 'rooms', { id: newId(), kind: 'group', name: 'late' }, lee)
    await relay.rest('DELETE', `sessions/${lee.deviceId}`, { token: lee.token })
    expect(await goOn()).toBe(401)
    expect(await relay.relay.storage.memberships(lee.user.id)).toEqual([])
  })

  it('[S11.9] of a deleted account: it makes no room and comes into none', async () => {
    const roomId = newId()
    await relay.rest('POST', 'rooms', { token: kim.token, json: { id: roomId, kind: 'open', name: 'open' } })
    const goOn = await held('POST', 'rooms', { id: newId(), kind: 'group', name: 'late' }, lee)
    await relay.rest('DELETE', 'users/me', { token: lee.token, json: { password: 'password of lee' } })
    expect(await goOn()).toBe(401)
    expect(await relay.relay.storage.memberships(lee.user.id)).toEqual([])
  })

  it('of an owner whose account was disabled: they do not let themselves in again', async () => {
    await asOwner('PATCH', `admin/users/${lee.user.id}`, { role: 'owner' })
    const goOn = await held('PATCH', `admin/users/${lee.user.id}`, { disabled: false }, lee)
    await asOwner('PATCH', `admin/users/${lee.user.id}`, { disabled: true })
    expect(await goOn()).toBe(401)
    expect((await relay.relay.storage.accountOf(lee.user.id))?.disabledAt).toBeDefined()
  })
})

describe('what waited in line while the session ended', () => {
  let relay: TestRelay
  let lee: Person
  const roomId = newId()
  /** What is stored just before the next commit that concerns the room. */
  let before: ((draft: Draft) => Promise<void>) | undefined
  const wrapStorage = (storage: Storage): Storage =>
    overlay(storage, {
      async commit(streams, work, options) {
        const first = Array.from(streams).includes(roomStream(roomId)) ? before : undefined
        if (first) before = undefined
        if (first) await storage.commit(new Set(), first)
        return storage.commit(streams, work, options)
      }
    })
  beforeEach(async () => {
    relay = await TestRelay.start({ wrapStorage })
    const [owner, person] = await relay.signUpAll(['owner', 'lee'])
    lee = person
    await relay.rest('POST', 'rooms', { token: owner.token, json: { id: roomId, kind: 'open', name: 'open' } })
  })
  afterEach(() => relay.stop())

  const disable = async (draft: Draft): Promise<void> => {
    const account = await draft.accountOf(lee.user.id)
    if (account) draft.putAccount({ ...account, disabledAt: '2026-11-21T00:00:00.000Z' })
  }

  it('by REST is not done for an account that was disabled', async () => {
    before = disable
    const { status, body } = await relay.rest('POST', `rooms/${roomId}/join`, { token: lee.token })
    expect([status, body.code]).toEqual([401, 'unauthorized'])
    expect(await relay.relay.storage.member(roomId, lee.user.id)).toBeUndefined()
  })

  it('by socket is not decided for a device that was signed out, and is decided once it is back', async () => {
    const device = await relay.connect(lee)
    before = async (draft) => {
      const known = await draft.device(lee.deviceId)
      if (known) draft.putDevice({ ...known, tokenHash: null })
    }
    const push = device.number({ type: 'room.join', roomId })
    expect(await device.push(push)).toMatchObject({ ok: false, error: { code: 'unauthorized' } })
    const signIn = { username: 'lee', password: 'password of lee', deviceId: lee.deviceId }
    const { body } = await relay.rest<Person>('POST', 'sessions', { json: signIn })
    const back = await relay.connect(body)
    expect(await back.push(push)).toMatchObject({ ok: true, answers: [{ status: 'accepted' }] })
  })
})
