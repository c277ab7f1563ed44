import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_WATCHED_USERS, PRESENCE_TELL_MS, PRESENCE_TTL_MS, TYPING_TELL_MS } from '../../protocol/limits.ts'
import type { Availability, PersonPresence, TypingTold } from '../../protocol/live.ts'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { Failure } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { HandClock } from '../live/testing/hand-clock.ts'
import { gate, overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

/** What a device hears of the live lane. */
class Ear {
  readonly device: TestDevice

  constructor(device: TestDevice) {
    this.device = device
  }

  get id(): string {
    return this.device.userId
  }

  types(roomId: string, typing = true): Promise<{ ok: true } | Failure> {
    return this.device.ask('live:typing', { roomId, typing })
  }

  async watches(...userIds: string[]): Promise<PersonPresence[]> {
    return (await this.device.ask<{ people: PersonPresence[] }>('live:presence', { watch: userIds })).people
  }

  /** What was heard since the last time, when all that was told has arrived. */
  async heardTyping(): Promise<TypingTold[]> {
    await this.device.caughtUp()
    return this.device.typingHeard.splice(0)
  }

  async heardPresence(): Promise<PersonPresence[]> {
    await this.device.caughtUp()
    return this.device.presenceHeard.splice(0)
  }
}

let relay: TestRelay
let clock: HandClock
beforeEach(async () => {
  clock = new HandClock()
  relay = await TestRelay.start({ now: clock.now, timer: clock.timer })
})
afterEach(() => relay.stop())

const listen = async (person: Person, transports?: ('websocket' | 'polling')[]): Promise<Ear> =>
  new Ear(await relay.connect(person, transports))
const again = async (name: string): Promise<Person> => {
  const json = { username: name, password: `password of ${name}` }
  return (await relay.rest<Person>('POST', 'sessions', { json })).body
}

describe('typing by socket [S14.1]', () => {
  it('the others in the room hear it, no device of the one who types and nobody else does', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const [kims, lees, parks] = [await listen(kim), await listen(lee, ['polling']), await listen(park)]
    const phone = await listen(await again('kim'))
    const roomId = await kims.device.createRoom(lee)
    expect(await kims.types(roomId)).toEqual({ ok: true })
    expect(await lees.heardTyping()).toEqual([{ roomId, userIds: [kim.user.id], count: 1 }])
    await clock.pass(TYPING_TELL_MS)
    await lees.types(roomId)
    expect(await kims.heardTyping()).toEqual([{ roomId, userIds: [lee.user.id], count: 1 }])
    expect(await phone.heardTyping()).toEqual([{ roomId, userIds: [lee.user.id], count: 1 }])
    expect(await lees.heardTyping()).toEqual([{ roomId, userIds: [kim.user.id], count: 1 }])
    expect(await parks.heardTyping()).toEqual([])
  })

  it('ends when the message is stored, when the connection ends, and when its author leaves the room', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await listen(kim), await listen(lee)]
    const roomId = await lees.device.createRoom(kim)
    const messageId = newId()
    const ends: (() => Promise<unknown>)[] = [
      () => kims.types(roomId, false),
      () => kims.device.send(roomId, 'so', messageId),
      () => kims.device.accepted({ type: 'member.remove', roomId, userId: kim.user.id }),
      () => lees.device.accepted({ type: 'member.remove', roomId, userId: kim.user.id }),
      async () => kims.device.disconnect()
    ]
    for (const end of ends) {
      await lees.device.accepted({ type: 'member.add', roomId, userIds: [kim.user.id] })
      await kims.types(roomId)
      expect((await lees.heardTyping()).at(-1)).toMatchObject({ roomId, count: 1 })
      // What was said before ends nothing.
      if (end === ends.at(-1)) await kims.device.accepted({ type: 'message.edit', roomId, messageId, body: 'or so' })
      await clock.pass(TYPING_TELL_MS)
      expect(await lees.heardTyping()).toEqual([])
      await end()
      await expect.poll(async () => (await lees.heardTyping()).at(-1)?.count).toBe(0)
      await clock.pass(2 * TYPING_TELL_MS)
      expect(await lees.heardTyping()).toEqual([])
    }
  })

  it('[S11] it is refused where one is not joined, in the words of every refusal there', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const [kims, lees, parks] = [await listen(kim), await listen(lee), await listen(park)]
    const roomId = await kims.device.createRoom(lee)
    await kims.device.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    for (const typing of [true, false]) {
      expect(await parks.types(roomId, typing)).toEqual(await parks.types(newId(), typing))
      expect(await parks.types(roomId, typing)).toMatchObject({ ok: false, error: { code: 'room-not-found' } })
      expect(await lees.types(roomId, typing)).toMatchObject({ ok: false, error: { code: 'not-a-member' } })
    }
    expect(await kims.heardTyping()).toEqual([])
  })

  it('[S11.5] in an aside its members hear it, and who left the parent says and hears nothing there', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const [kims, lees, parks] = [await listen(kim), await listen(lee), await listen(park)]
    const parentId = await kims.device.createRoom(lee, park)
    const [messageId, sentAt] = [newId(), '2026-01-01T00:00:00.000Z']
    await kims.device.accepted({
      type: 'message.send',
      roomId: parentId,
      messageId,
      body: 'psst',
      sentAt,
      to: [lee.user.id]
    })
    const roomId = asideRoomId(parentId, [kim.user.id, lee.user.id])
    await kims.types(roomId)
    expect(await lees.heardTyping()).toEqual([{ roomId, userIds: [kim.user.id], count: 1 }])
    expect(await parks.heardTyping()).toEqual([])
    expect(await parks.types(roomId)).toMatchObject({ error: { code: 'room-not-found' } })
    await kims.device.accepted({ type: 'member.remove', roomId: parentId, userId: kim.user.id })
    await clock.pass(TYPING_TELL_MS)
    expect(await lees.heardTyping()).toEqual([{ roomId, userIds: [], count: 0 }])
    expect(await kims.types(roomId)).toMatchObject({ error: { code: 'not-a-member' } })
  })
})

describe('presence by socket [S14.2]', () => {
  it('who watches is answered with those of a shared room, and told of changes; others neither', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const [kims, lees, parks] = [await listen(kim), await listen(lee), await listen(park)]
    await kims.device.createRoom(lee)
    const everybody = [kim, lee, park].map(({ user }) => user.id)
    expect(await kims.watches(...everybody, newId())).toEqual([
      { userId: kim.user.id, state: 'online' },
      { userId: lee.user.id, state: 'online' }
    ])
    expect(await parks.watches(...everybody)).toEqual([])
    const answer = await lees.device.ask<{ people: unknown[] }>('live:presence', { active: false })
    expect(answer.people).toEqual([])
    await clock.pass(PRESENCE_TELL_MS - 1)
    expect(await kims.heardPresence()).toEqual([])
    await clock.pass(1)
    expect(await kims.heardPresence()).toEqual([{ userId: lee.user.id, state: 'away' }])
    expect([...(await parks.heardPresence()), ...(await lees.heardPresence())]).toEqual([])
  })

  it('two devices of one user: one is enough; the last one’s end is the time at which the user was seen', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees, phone] = [await listen(kim), await listen(lee), await listen(await again('lee'), ['polling'])]
    await kims.device.createRoom(lee)
    await kims.watches(lee.user.id)
    await lees.device.ask('live:presence', { active: false })
    lees.device.disconnect()
    await kims.device.caughtUp()
    await clock.pass(PRESENCE_TELL_MS)
    expect(await kims.heardPresence()).toEqual([])
    phone.device.disconnect()
    const told: PersonPresence[] = []
    await expect
      .poll(async () => {
        await clock.pass(PRESENCE_TELL_MS)
        told.push(...(await kims.heardPresence()))
        return told.length
      })
      .toBe(1)
    expect(told[0]).toMatchObject({ userId: lee.user.id, state: 'offline' })
    expect(Date.parse(told[0]?.lastSeenAt ?? '')).toBeLessThanOrEqual(clock.ms)
    const back = await listen(lee)
    await back.device.caughtUp()
    await clock.pass(PRESENCE_TELL_MS)
    expect(await kims.heardPresence()).toEqual([{ userId: lee.user.id, state: 'online' }])
  })

  it('a connection that is not heard of any more is offline within PRESENCE_TTL_MS', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims] = [await listen(kim), await listen(lee)]
    const began = clock.ms
    await kims.device.createRoom(lee)
    await kims.watches(lee.user.id)
    await clock.pass(PRESENCE_TTL_MS)
    await clock.pass(PRESENCE_TELL_MS)
    const lastSeenAt = new Date(began).toISOString()
    expect(await kims.heardPresence()).toEqual([{ userId: lee.user.id, state: 'offline', lastSeenAt }])
    expect((await kims.watches(lee.user.id)).map(({ state }) => state)).toEqual(['offline'])
  })

  it('an answered ping is a sign of life: it counts for another PRESENCE_TTL_MS', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await listen(kim), await listen(lee)]
    await kims.device.createRoom(lee)
    await kims.watches(lee.user.id)
    for (let beat = 0; beat < 3; beat++) {
      await clock.pass(PRESENCE_TTL_MS - 1)
      ;(lees.device.socket.io.engine as unknown as { _sendPacket(type: 'pong'): void })._sendPacket('pong')
      await lees.device.caughtUp()
    }
    await clock.pass(PRESENCE_TELL_MS)
    expect(await kims.heardPresence()).toEqual([])
    await clock.pass(PRESENCE_TTL_MS)
    expect(await kims.heardPresence()).toMatchObject([{ userId: lee.user.id, state: 'offline' }])
  })

  it('who was not there since the start was seen when a device was last used; a new start forgets nothing of that', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const signedUp = new Date(clock.ms).toISOString()
    await clock.pass(60_000)
    const kims = await listen(kim)
    await kims.device.createRoom(lee)
    expect(await kims.watches(lee.user.id, park.user.id)).toEqual([
      { userId: lee.user.id, state: 'offline', lastSeenAt: signedUp }
    ])
  })

  it('who leaves the room is known of no more, who joins is told of, without asking again', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const [kims, lees] = [await listen(kim), await listen(lee)]
    const roomId = await kims.device.createRoom(lee)
    await kims.watches(lee.user.id, park.user.id)
    await lees.watches(kim.user.id)
    await kims.device.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    await lees.device.ask('live:presence', { active: false })
    await kims.device.ask('live:presence', { active: false })
    await clock.pass(PRESENCE_TELL_MS)
    expect([...(await kims.heardPresence()), ...(await lees.heardPresence())]).toEqual([])
    expect(await lees.watches(kim.user.id)).toEqual([])
    await kims.device.accepted({ type: 'member.add', roomId, userIds: [lee.user.id, park.user.id] })
    await clock.pass(PRESENCE_TELL_MS)
    expect((await kims.heardPresence()).toSorted((a, b) => (a.userId < b.userId ? -1 : 1))).toMatchObject([
      { userId: lee.user.id, state: 'away' },
      { userId: park.user.id, state: 'offline' }
    ])
    expect(await lees.heardPresence()).toEqual([{ userId: kim.user.id, state: 'away' }])
  })

  it('who is disconnected, disabled or deleted is gone: the last of them for everybody', async () => {
    const [owner, lee, park] = await relay.signUpAll(['owner', 'lee', 'park'])
    const [owners, lees, parks] = [await listen(owner), await listen(lee), await listen(park)]
    await owners.device.createRoom(lee, park)
    await owners.watches(lee.user.id, park.user.id)
    const admin = { token: owner.token }
    await relay.rest('POST', `admin/users/${lee.user.id}/disconnect`, admin)
    await lees.device.ended()
    await relay.rest('DELETE', 'users/me', { token: park.token, json: { password: 'password of park' } })
    await parks.device.ended()
    await clock.pass(PRESENCE_TELL_MS)
    await expect
      .poll(async () => (await owners.heardPresence()).map(({ userId, state }) => [userId, state]))
      .toEqual([[lee.user.id, 'offline']])
    expect((await owners.watches(lee.user.id, park.user.id)).map(({ userId }) => userId)).toEqual([lee.user.id])
    const back = await listen(lee)
    await clock.pass(PRESENCE_TELL_MS)
    expect((await owners.heardPresence()).at(-1)?.state).toBe('online')
    await relay.rest('PATCH', `admin/users/${lee.user.id}`, { ...admin, json: { disabled: true } })
    await back.device.ended()
    await clock.pass(PRESENCE_TELL_MS)
    expect((await owners.heardPresence()).at(-1)?.state).toBe('offline')
  })

  it('what is malformed is refused with its field, and the connection lives', async () => {
    const kim = await relay.signUp('kim')
    const kims = await listen(kim)
    const wrong: [string, unknown, string | undefined][] = [
      ['live:typing', { roomId: newId() }, 'typing'],
      ['live:typing', { roomId: 'hall', typing: true }, 'roomId'],
      ['live:typing', null, undefined],
      ['live:presence', { active: 'yes' }, 'active'],
      ['live:presence', { watch: [newId(), 'kim'] }, 'watch[1]'],
      ['live:presence', { watch: Array.from({ length: MAX_WATCHED_USERS + 1 }, newId) }, 'watch']
    ]
    for (const [event, payload, field] of wrong) {
      const answer = await kims.device.ask(event, payload)
      expect([event, answer.ok, answer.error.code, answer.error.field]).toEqual([event, false, 'invalid', field])
    }
    expect(await kims.watches(...Array.from({ length: MAX_WATCHED_USERS }, newId))).toEqual([])
    expect(kims.device.socket.connected).toBe(true)
  })
})

describe('what somebody chose to be [S14.3]', () => {
  const choose = (ear: Ear, availability: Availability) =>
    ear.device.accepted({ type: 'preferences.change', availability })

  it('dnd is shown instead of online and away, not instead of offline', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await listen(kim), await listen(lee)]
    const roomId = await kims.device.createRoom(lee)
    await choose(lees, 'dnd')
    expect(await kims.watches(lee.user.id)).toEqual([{ userId: lee.user.id, state: 'dnd' }])
    await lees.device.ask('live:presence', { active: false })
    await clock.pass(PRESENCE_TELL_MS)
    expect(await kims.heardPresence()).toEqual([])
    const path = `rooms/${roomId}/presence`
    const { body } = await relay.rest<{ online: { state: string }[] }>('GET', path, { token: kim.token })
    expect(body.online.map(({ state }) => state).toSorted()).toEqual(['dnd', 'online'])
    await choose(lees, 'auto')
    await clock.pass(PRESENCE_TELL_MS)
    expect(await kims.heardPresence()).toEqual([{ userId: lee.user.id, state: 'away' }])
    await choose(lees, 'dnd')
    lees.device.disconnect()
    await expect
      .poll(async () => {
        await clock.pass(PRESENCE_TELL_MS)
        return (await kims.heardPresence()).at(-1)?.state
      })
      .toBe('offline')
  })

  it('who is invisible is offline without a time, in no list, and types for nobody, from that moment on', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await listen(kim), await listen(lee)]
    const roomId = await kims.device.createRoom(lee)
    await kims.watches(lee.user.id)
    await lees.types(roomId)
    expect(await kims.heardTyping()).toMatchObject([{ count: 1 }])
    await choose(lees, 'invisible')
    await clock.pass(TYPING_TELL_MS)
    expect(await kims.heardTyping()).toMatchObject([{ count: 0 }])
    expect(await kims.heardPresence()).toEqual([{ userId: lee.user.id, state: 'offline' }])
    expect(await lees.types(roomId)).toEqual({ ok: true })
    await lees.device.ask('live:presence', { active: false })
    await clock.pass(2 * TYPING_TELL_MS)
    expect([await kims.heardTyping(), await kims.heardPresence()]).toEqual([[], []])
    const path = `rooms/${roomId}/presence`
    for (const { token } of [kim, lee]) {
      const { body } = await relay.rest<{ online: { userId: string }[] }>('GET', path, { token })
      expect(body.online.map(({ userId }) => userId)).toEqual([kim.user.id])
    }
    lees.device.disconnect()
    await listen(lee)
    await clock.pass(PRESENCE_TELL_MS)
    expect(await kims.heardPresence()).toEqual([])
    expect(await kims.watches(lee.user.id)).toEqual([{ userId: lee.user.id, state: 'offline' }])
  })

  it('[S14.1] what was chosen while it was asked for is what counts', async () => {
    const asked = gate()
    let isAsked = false
    const slow = await TestRelay.start({
      now: clock.now,
      timer: clock.timer,
      wrapStorage: (storage) =>
        overlay(storage, {
          preferences: async (userId) => {
            const held = await storage.preferences(userId)
            isAsked = true
            await asked.opened
            return held
          }
        })
    })
    const [kim, lee] = await slow.signUpAll(['kim', 'lee'])
    const [kims, lees] = [new Ear(await slow.connect(kim)), new Ear(await slow.connect(lee))]
    const roomId = await kims.device.createRoom(lee)
    const answered = lees.types(roomId)
    const watched = kims.watches(lee.user.id)
    await expect.poll(() => isAsked).toBe(true)
    await choose(lees, 'invisible')
    asked.open()
    expect(await answered).toEqual({ ok: true })
    expect(await watched).toEqual([{ userId: lee.user.id, state: 'offline' }])
    await clock.pass(TYPING_TELL_MS)
    expect(await kims.heardTyping()).toEqual([])
    await slow.stop()
  })
})

describe('GET /rooms/:id/presence [S14.2]', () => {
  it('lists the joined members who are connected, with their devices, to those who may read the room', async () => {
    const [kim, lee, park, min] = await relay.signUpAll(['kim', 'lee', 'park', 'min'])
    const [kims, lees] = [await listen(kim), await listen(lee)]
    await listen(await again('kim'))
    await listen(kim, ['polling'])
    await listen(min)
    await lees.device.ask('live:presence', { active: false })
    const roomId = await kims.device.createRoom(lee, park)
    const path = `rooms/${roomId}/presence`
    const { status, body } = await relay.rest<{ online: { userId: string }[] }>('GET', path, { token: park.token })
    expect(status).toBe(200)
    expect(body.online).toHaveLength(2)
    expect(body.online).toEqual(
      expect.arrayContaining([
        { userId: kim.user.id, deviceCount: 2, state: 'online' },
        { userId: lee.user.id, deviceCount: 1, state: 'away' }
      ])
    )
    await kims.device.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    expect((await relay.rest('GET', path, { token: lee.token })).body.code).toBe('not-a-member')
    expect((await relay.rest('GET', path, { token: min.token })).body.code).toBe('room-not-found')
    expect((await relay.rest<typeof body>('GET', path, { token: kim.token })).body.online).toHaveLength(1)
  })
})
