import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StreamRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { gate, overlay, TestRelay } from '../testing/relay-kit.ts'
import type { TestDevice } from '../testing/test-device.ts'

describe('telling', () => {
  let relay: TestRelay
  beforeEach(async () => {
    relay = await TestRelay.start()
  })
  afterEach(() => relay.stop())

  const streams = (device: TestDevice): string[] => device.heard.map(({ stream }) => stream)
  const bodies = (records: readonly StreamRecord[] | undefined): string[] =>
    (records ?? []).flatMap((record) => (record.type === 'message' ? [record.body] : []))

  it('[S11.3] who is not concerned gets no frame: not of the room, its members, its messages', async () => {
    const [kim, lee, stranger] = await relay.signUpAll(['kim', 'lee', 'stranger'])
    const [kims, lees, silent] = [await relay.connect(kim), await relay.connect(lee), await relay.connect(stranger)]
    const roomId = await kims.createRoom(lee)
    await kims.send(roomId, 'between us')
    await kims.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    await silent.caughtUp()
    await lees.caughtUp()
    expect(silent.heard).toEqual([])
    expect(lees.heard.length).toBeGreaterThan(0)
  })

  it('[S15] tells each stream of a commit once, with the latest state of all that changed in it', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    const roomId = await kims.createRoom(lee)
    await lees.caughtUp()
    lees.heard.length = 0
    const messages = ['a', 'b', 'c'].map(
      (body) => ({ type: 'message.send', roomId, messageId: newId(), body }) as const
    )
    await kims.apply(...messages.map((message) => ({ ...message, sentAt: '2026-01-01T00:00:00.000Z' })))
    await lees.caughtUp()
    expect(lees.heard).toHaveLength(1)
    const [hint] = lees.heard
    expect(hint).toMatchObject({ epoch: kims.welcome?.epoch, stream: `room:${roomId}`, from: 4, through: 7 })
    expect(bodies(hint?.records)).toEqual(['a', 'b', 'c'])
  })

  it('[S15] one commit of several rooms is one hint for each of them', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    const rooms = [await kims.createRoom(lee), await kims.createRoom(lee)]
    await lees.caughtUp()
    lees.heard.length = 0
    const send = (roomId: string, body: string) =>
      ({ type: 'message.send', roomId, messageId: newId(), body, sentAt: '2026-01-01T00:00:00.000Z' }) as const
    await kims.apply(...rooms.flatMap((roomId) => [send(roomId, 'x'), send(roomId, 'y')]))
    await lees.caughtUp()
    expect(streams(lees).toSorted()).toEqual(rooms.map((roomId) => `room:${roomId}`).toSorted())
  })

  it('[S7] a change that is too large for a hint is told without its records', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    const roomId = await kims.createRoom(lee)
    await lees.caughtUp()
    lees.heard.length = 0
    const large = Array.from({ length: 6 }, () => 'ㄱ'.repeat(20_000))
    await kims.apply(
      ...large.map((body) => {
        return { type: 'message.send', roomId, messageId: newId(), body, sentAt: '2026-01-01T00:00:00.000Z' } as const
      })
    )
    await lees.caughtUp()
    expect(lees.heard).toEqual([{ epoch: lees.welcome?.epoch, stream: `room:${roomId}`, from: 4, through: 10 }])
  })

  it('[S11.1] who is removed is told once, by the own stream, and hears nothing more of the room', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    const roomId = await kims.createRoom(lee)
    await lees.caughtUp()
    lees.heard.length = 0
    await kims.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    await kims.send(roomId, 'after')
    await lees.caughtUp()
    expect(streams(lees)).toEqual([`user:${lee.user.id}`])
    expect(lees.heard[0]?.records).toMatchObject([{ type: 'membership', roomId, state: 'removed' }])
    expect(streams(kims)).toContain(`room:${roomId}`)
  })

  it('[S11.2] who is added hears the room from that commit on, on all devices, and may read it all', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const kims = await relay.connect(kim)
    const lees = [await relay.connect(lee), await relay.connect(lee, ['polling'])]
    const roomId = await kims.createRoom()
    await kims.send(roomId, 'before')
    await kims.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
    await kims.send(roomId, 'after')
    for (const device of lees) {
      await device.caughtUp()
      expect(streams(device)).toEqual([`room:${roomId}`, `user:${lee.user.id}`, `room:${roomId}`])
      expect(device.heard[0]?.records?.map(({ type }) => type)).toEqual(['member', 'message'])
      expect(bodies(device.heard[2]?.records)).toEqual(['after'])
      const { results } = await device.pull({ kind: 'page', roomId })
      expect(results[0]).toMatchObject({ ok: true, more: false, headSeq: 4 })
    }
  })

  it('the author hears the own message like everybody, on every device', async () => {
    const kim = await relay.signUp('kim')
    const [one, two] = [await relay.connect(kim), await relay.connect(kim)]
    const roomId = await one.createRoom()
    await one.send(roomId, 'hello')
    for (const device of [one, two]) {
      await device.caughtUp()
      expect(device.heard.flatMap(({ records }) => bodies(records))).toContain('hello')
    }
  })

  it('a new account is told to everybody', async () => {
    const kim = await relay.signUp('kim')
    const kims = await relay.connect(kim)
    const lee = await relay.signUp('lee')
    await kims.caughtUp()
    expect(kims.heard).toMatchObject([{ stream: 'users', from: 1, through: 2, records: [lee.user] }])
  })

  it('[S11] a connection that reads its rooms while its user is added and removed ends up in the right ones', async () => {
    const [hasRead, mayGoOn] = [gate(), gate()]
    let holding = false
    const slow = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          async memberships(userId) {
            const old = await storage.memberships(userId)
            if (holding) {
              hasRead.open()
              await mayGoOn.opened
            }
            return old
          }
        })
    })
    const [kim, lee] = await slow.signUpAll(['kim', 'lee'])
    const kims = await slow.connect(kim)
    const [left, joined, kept] = [await kims.createRoom(lee), await kims.createRoom(), await kims.createRoom(lee)]
    const lees = slow.device(lee)
    holding = true
    const connecting = lees.connect()
    await hasRead.opened
    await kims.accepted({ type: 'member.remove', roomId: left, userId: lee.user.id })
    await kims.accepted({ type: 'member.add', roomId: joined, userIds: [lee.user.id] })
    mayGoOn.open()
    await connecting
    await lees.caughtUp()
    lees.heard.length = 0
    for (const roomId of [left, joined, kept]) await kims.send(roomId, 'who hears this?')
    await lees.caughtUp()
    expect(streams(lees)).toEqual([`room:${joined}`, `room:${kept}`])
    await slow.stop()
  })
})
