import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { READS_TELL_MS } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { StreamRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { gate, overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const AT = '2026-01-01T00:00:00.000Z'

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

  it('[S11.5] who whispers, leaves in the same breath and is let in again hears that aside', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const [kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    const roomId = await kims.createRoom(lee)
    const whisper = (body: string, { user }: Person): Operation => {
      return { type: 'message.send', roomId, messageId: newId(), body, sentAt: AT, to: [user.id] }
    }
    await lees.apply(whisper('between us', kim), { type: 'member.remove', roomId, userId: lee.user.id })
    await kims.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
    await lees.caughtUp()
    lees.heard.length = 0
    const { stream } = await kims.accepted(whisper('still between us', lee))
    await lees.caughtUp()
    expect(lees.heard.filter((hint) => hint.stream === stream).flatMap(({ records }) => bodies(records))).toEqual([
      'still between us'
    ])
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

describe('telling in rooms with history from-joining [S11.4]', () => {
  let relay: TestRelay
  let kims: TestDevice
  let lees: TestDevice
  let lee: Person
  let roomId: string
  const messages: Record<number, string> = {}

  beforeEach(async () => {
    relay = await TestRelay.start()
    let kim: Person
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    ;[kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    roomId = newId()
    const settled = { kind: 'open', name: 'Hall', history: 'from-joining' } as const
    await kims.accepted({ type: 'room.create', roomId, memberIds: [], ...settled })
    for (const seq of [2, 3]) await kims.send(roomId, `secret ${seq}`, (messages[seq] = newId()))
    await lees.accepted({ type: 'room.join', roomId })
    await kims.send(roomId, 'public', (messages[5] = newId()))
    for (const device of [kims, lees]) await forget(device)
  })
  afterEach(() => relay.stop())

  const forget = async (device: TestDevice): Promise<void> => {
    await device.caughtUp()
    device.heard.length = 0
  }
  const edit = (seq: number, body: string) =>
    ({ type: 'message.edit', roomId, messageId: messages[seq] ?? '', body }) as const
  const told = async (device: TestDevice) => {
    await device.caughtUp()
    return device.heard.map(({ from, through, records }) => [through - from, records?.map(textOf)])
  }
  const textOf = (record: StreamRecord): string =>
    record.type === 'message' ? record.body : record.type === 'reaction' ? record.emoji : record.type

  it('who joined later hears of earlier messages only that the room went on; others hear them', async () => {
    await kims.accepted(edit(2, 'still secret'))
    await kims.accepted({ type: 'reaction.set', roomId, messageId: messages[3] ?? '', emoji: '👍', set: true })
    await kims.apply(edit(3, 'secret too'), edit(5, 'public too'))
    await kims.accepted({ type: 'reaction.set', roomId, messageId: messages[5] ?? '', emoji: '🎉', set: true })
    expect(await told(kims)).toEqual([
      [1, ['still secret']],
      [1, ['👍']],
      [2, ['secret too', 'public too']],
      [1, ['🎉']]
    ])
    expect(await told(lees)).toEqual([
      [1, []],
      [1, []],
      [2, ['public too']],
      [1, ['🎉']]
    ])
  })

  it('also on a connection made later, and after coming back', async () => {
    const later = await relay.connect(lee)
    await kims.accepted(edit(2, 'still secret'))
    expect(await told(later)).toEqual([[1, []]])
    await lees.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    await kims.send(roomId, 'secret 7', (messages[7] = newId()))
    await kims.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
    await forget(later)
    await kims.accepted(edit(7, 'still secret'))
    await kims.send(roomId, 'public')
    expect(await told(later)).toMatchObject([
      [1, []],
      [1, ['public']]
    ])
  })

  it('an ordinary room tells who joined later everything', async () => {
    const ordinary = await kims.createRoom()
    const messageId = newId()
    await kims.send(ordinary, 'before', messageId)
    await kims.accepted({ type: 'member.add', roomId: ordinary, userIds: [lee.user.id] })
    await forget(lees)
    await kims.accepted({ type: 'message.edit', roomId: ordinary, messageId, body: 'edited' })
    expect(await told(lees)).toEqual([[1, ['edited']]])
  })

  it('when what one may read cannot be asked, nothing is told that might be too much: the devices come again', async () => {
    let failing = false
    const broken = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          async room(id) {
            if (failing) throw new Error('no answer')
            return storage.room(id)
          }
        })
    })
    const [min, park] = await broken.signUpAll(['min', 'park'])
    const [mins, parks] = [await broken.connect(min), await broken.connect(park)]
    const id = newId()
    const settled = { kind: 'group', name: 'Hall', history: 'from-joining' } as const
    await mins.accepted({ type: 'room.create', roomId: id, memberIds: [], ...settled })
    failing = true
    await mins.accepted({ type: 'member.add', roomId: id, userIds: [park.user.id] })
    await parks.ended()
    failing = false
    await parks.connect()
    await mins.send(id, 'public')
    await parks.caughtUp()
    expect(parks.heard.at(-1)?.records).toMatchObject([{ body: 'public', seq: 3 }])
    await broken.stop()
  })
})

describe('telling how far people have read [S12.3]', () => {
  let relay: TestRelay
  let timers: { ms: number; run: () => void; cancelled: boolean }[]
  beforeEach(async () => {
    timers = []
    relay = await TestRelay.start({
      timer: (ms, run) => {
        const timer = { ms, run, cancelled: false }
        // The connections' own are none of this test's.
        if (ms === READS_TELL_MS) timers.push(timer)
        return () => void (timer.cancelled = true)
      }
    })
  })
  afterEach(() => relay.stop())
  const reads = (device: TestDevice) => device.heard.filter(({ stream }) => stream.startsWith('reads:'))
  const mark = (roomId: string, seq: number) => ({ type: 'read.mark', roomId, seq }) as const

  it('gathers the marks of a room, and tells the latest of each member after READS_TELL_MS', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const [kims, lees, parks] = [await relay.connect(kim), await relay.connect(lee), await relay.connect(park)]
    const roomId = await kims.createRoom(lee)
    const other = await kims.createRoom(lee)
    for (const body of ['2', '3', '4']) await kims.send(roomId, body)
    await kims.accepted(mark(roomId, 2))
    await lees.accepted(mark(roomId, 4))
    await kims.accepted(mark(roomId, 3))
    await lees.accepted(mark(other, 1))
    for (const device of [kims, lees, parks]) await device.caughtUp()
    expect([...reads(kims), ...reads(lees)]).toEqual([])
    expect(timers.map(({ ms }) => ms)).toEqual([READS_TELL_MS, READS_TELL_MS])

    timers[0]?.run()
    for (const device of [kims, lees]) {
      await device.caughtUp()
      const [hint, ...more] = reads(device)
      expect(more).toEqual([])
      expect(hint).toMatchObject({ stream: `reads:${roomId}`, from: 0, through: 3 })
      expect(hint?.records).toEqual([
        { type: 'read', rev: 2, roomId, userId: lee.user.id, seq: 4 },
        { type: 'read', rev: 3, roomId, userId: kim.user.id, seq: 3 }
      ])
    }
    await kims.accepted(mark(roomId, 4))
    timers.at(-1)?.run()
    await lees.caughtUp()
    expect(reads(lees).at(-1)).toMatchObject({ from: 3, through: 4, records: [{ userId: kim.user.id, seq: 4 }] })
    await parks.caughtUp()
    expect(parks.heard).toEqual([])
  })

  it('the author’s other devices learn it at once, from the own stream', async () => {
    const kim = await relay.signUp('kim')
    const [one, two] = [await relay.connect(kim), await relay.connect(kim)]
    const roomId = await one.createRoom()
    await one.accepted(mark(roomId, 1))
    await two.caughtUp()
    expect(two.heard.at(-1)).toMatchObject({ stream: `user:${kim.user.id}`, records: [{ roomId, readSeq: 1 }] })
  })

  it('[S11.1] who left the room meanwhile hears nothing of it, who joined does; the end of the relay drops it', async () => {
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const [kims, lees, parks] = [await relay.connect(kim), await relay.connect(lee), await relay.connect(park)]
    const roomId = await kims.createRoom(lee)
    await kims.accepted(mark(roomId, 1))
    await kims.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    await kims.accepted({ type: 'member.add', roomId, userIds: [park.user.id] })
    timers[0]?.run()
    await lees.caughtUp()
    await parks.caughtUp()
    expect(reads(lees)).toEqual([])
    expect(reads(parks)).toHaveLength(1)
    await kims.accepted(mark(roomId, 2))
    await relay.relay.stop()
    expect(timers.at(-1)?.cancelled).toBe(true)
  })
})
