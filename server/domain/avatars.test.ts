import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_AVATAR_BYTES } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

/** One pixel each. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const OTHER = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII='

describe('pictures of users and rooms [SPEC §3, §5]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let kims: TestDevice
  let roomId: string
  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    kims = await relay.connect(kim)
    roomId = await kims.createRoom()
  })
  afterEach(() => relay.stop())

  const hashOf = async (): Promise<string | undefined> => (await relay.relay.storage.user(kim.user.id))?.avatar
  const get = (path: string, by = kim) => relay.rest<string & { code: string }>('GET', path, { token: by.token })

  it('a user’s is kept as the relay encodes it, shown by its hash to everybody, and taken away again', async () => {
    await kims.accepted({ type: 'profile.change', avatar: PIXEL })
    const first = (await hashOf()) ?? ''
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    const answer = await get(`users/${kim.user.id}/avatar/${first}`, lee)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff'
    })
    const { rev } = await kims.accepted({ type: 'profile.change', avatar: PIXEL })
    expect((await relay.relay.storage.user(kim.user.id))?.rev).toBe(rev)
    expect(await hashOf()).toBe(first)
    await kims.accepted({ type: 'profile.change', avatar: OTHER, status: 'on holiday' })
    expect(await hashOf()).not.toBe(first)
    expect(await get(`users/${kim.user.id}/avatar/${first}`)).toMatchObject({
      status: 404,
      body: { code: 'avatar-not-found' }
    })
    await kims.accepted({ type: 'profile.change', avatar: null })
    expect(await relay.relay.storage.avatar(kim.user.id)).toBeUndefined()
    expect(await relay.relay.storage.user(kim.user.id)).toMatchObject({ status: 'on holiday' })
    expect(await hashOf()).toBeUndefined()
    await kims.accepted({ type: 'profile.change', status: null })
    expect(await relay.relay.storage.user(kim.user.id)).not.toHaveProperty('status')
  })

  it('a room’s is for its members; of an open room for everybody', async () => {
    await kims.accepted({ type: 'room.change', roomId, avatar: PIXEL })
    const { avatar } = (await relay.relay.storage.room(roomId)) ?? {}
    const { messages } = await relay.relay.storage.page(roomId, { limit: 1, maxBytes: 9_999 })
    expect(messages).toMatchObject([{ event: { name: 'room-avatar-set' } }])
    expect((await get(`rooms/${roomId}/avatar/${avatar}`)).status).toBe(200)
    expect(await get(`rooms/${roomId}/avatar/${avatar}`, lee)).toMatchObject({
      status: 404,
      body: { code: 'room-not-found' }
    })
    // Nor by the address of a user's, for who kept the hash: the same picture, or one who was in the room.
    expect((await get(`users/${roomId}/avatar/${avatar}`, lee)).status).toBe(404)
    expect((await get(`rooms/${roomId}/avatar/${'0'.repeat(32)}`)).status).toBe(404)
    const open = newId()
    await kims.accepted({ type: 'room.create', roomId: open, kind: 'open', name: 'Hall', memberIds: [] })
    await kims.accepted({ type: 'room.change', roomId: open, avatar: PIXEL })
    expect((await get(`rooms/${open}/avatar/${avatar}`, lee)).status).toBe(200)
    await kims.accepted({ type: 'room.change', roomId: open, avatar: null })
    expect((await get(`rooms/${open}/avatar/${avatar}`, lee)).status).toBe(404)
  })

  it('what is no picture is refused with its field, alone, and changes nothing', async () => {
    const jpeg = Buffer.from('ffd8ffe000104a46494600010100', 'hex').toString('base64')
    const behind = Buffer.concat([Buffer.from(PIXEL, 'base64'), Buffer.from('<script/>')]).toString('base64')
    const cut = Buffer.from(PIXEL, 'base64').subarray(0, 33).toString('base64')
    const zeros = deflateSync(Buffer.alloc(20_000_000)).toString('base64')
    const large = Buffer.alloc(MAX_AVATAR_BYTES + 1).toString('base64')
    for (const avatar of [jpeg, behind, cut, zeros, large]) {
      const [first, second] = await kims.apply(
        { type: 'profile.change', avatar, displayName: 'Somebody' },
        { type: 'profile.change', color: 'teal' }
      )
      expect(first).toMatchObject({ status: 'refused', error: { code: 'invalid', field: 'avatar' } })
      expect(second).toMatchObject({ status: 'accepted' })
    }
    expect(await relay.relay.storage.user(kim.user.id)).toMatchObject({ displayName: 'kim' })
    const rest = await relay.rest('PATCH', 'users/me', { token: kim.token, json: { avatar: jpeg } })
    expect(rest).toMatchObject({ status: 400, body: { code: 'invalid', field: 'avatar' } })
  })

  it('who may not change a room hears that, whatever the picture is', async () => {
    const lees = await relay.connect(lee)
    const change: Operation = { type: 'room.change', roomId, avatar: 'AAAA' }
    expect(await lees.refused(change)).toBe('room-not-found')
    expect(await kims.refused(change)).toBe('invalid')
  })
})
