import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { MessageRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { gate, overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const NOW = '2026-11-20T12:00:00.000Z'
const SENT_AT = '2026-01-01T00:00:00.000Z'

describe('asides [S11.5]', () => {
  let relay: TestRelay
  let [kim, lee, park]: Person[] = []
  let [kims, lees, parks]: TestDevice[] = []
  let roomId: string
  let asideId: string
  /** Held back while a test wants it. */
  let reading: { hasRead: () => void; mayGoOn: Promise<void> } | undefined

  beforeEach(async () => {
    reading = undefined
    relay = await TestRelay.start({
      now: () => Date.parse(NOW),
      wrapStorage: (storage) =>
        overlay(storage, {
          async memberships(userId) {
            const old = await storage.memberships(userId)
            reading?.hasRead()
            await reading?.mayGoOn
            return old
          }
        })
    })
    ;[kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    ;[kims, lees, parks] = [await relay.connect(kim), await relay.connect(lee), await relay.connect(park)]
    roomId = newId()
    const memberIds = [lee.user.id, park.user.id]
    await kims.accepted({ type: 'room.create', roomId, kind: 'open', name: 'Hall', memberIds })
    asideId = asideRoomId(roomId, [kim.user.id, lee.user.id])
  })
  afterEach(() => relay.stop())

  const storage = () => relay.relay.storage
  const whisper = (body: string, to: (Person | undefined)[], more: object = {}): Operation => {
    const userIds = to.map((person) => person?.user.id ?? '')
    return { type: 'message.send', roomId, messageId: newId(), body, sentAt: SENT_AT, to: userIds, ...more }
  }
  const say = (body: string, inRoom = asideId, more: object = {}): Operation => {
    return { type: 'message.send', roomId: inRoom, messageId: newId(), body, sentAt: SENT_AT, ...more }
  }
  const message = (operation: Operation, inRoom = asideId): Promise<MessageRecord | undefined> =>
    storage().message(inRoom, 'messageId' in operation ? operation.messageId : '')
  const leave = (person: Person | undefined): Operation => {
    return { type: 'member.remove', roomId, userId: person?.user.id ?? '' }
  }
  const heardIn = async (device: TestDevice | undefined, stream = `room:${asideId}`) => {
    await device?.caughtUp()
    return (device?.heard ?? []).filter((hint) => hint.stream === stream)
  }
  const forget = async (): Promise<void> => {
    for (const device of [kims, lees, parks]) {
      await device?.caughtUp()
      device?.heard.splice(0)
    }
  }

  it('the first message makes it, without a line, with its author and those whom it is for; the next ones go there too', async () => {
    const first = whisper('psst', [lee])
    expect(await kims?.accepted(first)).toMatchObject({ stream: `room:${asideId}`, rev: 4, seq: 1 })
    expect(await storage().room(asideId)).toEqual({
      type: 'room',
      rev: 1,
      id: asideId,
      kind: 'aside',
      name: '',
      parentId: roomId,
      createdBy: kim?.user.id,
      createdAt: NOW
    })
    for (const person of [kim, lee]) {
      const userId = person?.user.id ?? ''
      const standing = { state: 'joined', parentId: roomId }
      expect(await storage().member(asideId, userId)).toMatchObject({ ...standing, role: 'member', joinedSeq: 0 })
      expect(await storage().membership(userId, asideId)).toMatchObject(standing)
    }
    expect(await message(first)).toMatchObject({ seq: 1, kind: 'text', body: 'psst', anchorSeq: 1 })
    await parks?.send(roomId, 'meanwhile')
    // From the other side, named twice, and by the aside itself: the same place.
    expect(await lees?.accepted(whisper('what?', [kim, kim]))).toMatchObject({ stream: `room:${asideId}`, seq: 2 })
    const third = say('nothing', asideId, { mentions: [lee?.user.id, park?.user.id] })
    expect(await kims?.accepted(third)).toMatchObject({ stream: `room:${asideId}`, seq: 3 })
    expect(await message(third)).toMatchObject({ anchorSeq: 2, mentions: [lee?.user.id] })
    expect(await storage().head(`room:${asideId}`)).toBe(6)
    expect(await storage().headSeq(roomId)).toBe(2)
  })

  it('those whom it is for hear it at once, nobody else gets a frame', async () => {
    await forget()
    await kims?.accepted(whisper('psst', [lee]))
    await lees?.accepted({ type: 'read.mark', roomId: asideId, seq: 1 })
    const [hint] = await heardIn(lees)
    expect(hint?.records?.map(({ type }) => type)).toEqual(['room', 'member', 'member', 'message'])
    expect(await heardIn(kims)).toHaveLength(1)
    await parks?.caughtUp()
    expect(parks?.heard).toEqual([])
  })

  it('the same message again is the same one; of another author or text it is an id-conflict', async () => {
    const first = whisper('psst', [lee])
    await kims?.accepted(first)
    expect(await kims?.accepted(first)).toMatchObject({ seq: 1 })
    expect(await lees?.refused({ ...first, to: [kim?.user.id] } as Operation)).toBe('id-conflict')
    expect(await kims?.refused({ ...first, body: 'other' } as Operation)).toBe('id-conflict')
  })

  it('is for joined members alone: others are recipient-left with their place in the list; the author is invalid', async () => {
    await lees?.accepted(leave(lee))
    for (const userId of [lee?.user.id, newId()]) {
      const [answer] = (await kims?.apply({ ...whisper('x', []), to: [park?.user.id, userId] } as Operation)) ?? []
      expect(answer).toMatchObject({ status: 'refused', error: { code: 'recipient-left', field: 'to[1]' } })
    }
    const [answer] = (await kims?.apply(whisper('x', [park, kim]))) ?? []
    expect(answer).toMatchObject({ status: 'refused', error: { code: 'invalid', field: 'to[1]' } })
    expect(await kims?.refused(whisper('x', [park], { replyTo: newId() }))).toBe('message-not-found')
    expect(await storage().room(asideRoomId(roomId, [kim?.user.id ?? '', park?.user.id ?? '']))).toBeUndefined()
  })

  it('replies are to what was said in it; what was said in the parent is not found there', async () => {
    const { messageId } = whisper('psst', [lee]) as Operation & { messageId: string }
    await kims?.accepted(whisper('psst', [lee], { messageId }))
    const [aloud, reply] = [newId(), whisper('yes', [kim], { replyTo: messageId })]
    await kims?.send(roomId, 'aloud', aloud)
    await lees?.accepted(reply)
    expect(await message(reply)).toMatchObject({ replyTo: messageId })
    expect(await lees?.refused(whisper('no', [kim], { replyTo: aloud }))).toBe('message-not-found')
    expect(await lees?.refused(say('no', roomId, { replyTo: messageId }))).toBe('message-not-found')
  })

  it('who leaves the parent leaves it: no hint, no read, no word; who comes back hears and reads it again', async () => {
    await kims?.accepted(whisper('psst', [lee]))
    await lees?.accepted(leave(lee))
    await forget()
    const messageId = (await storage().page(asideId, { limit: 1, maxBytes: 9_999 })).messages[0]?.id ?? ''
    expect(await kims?.refused(say('are you there?'))).toBe('recipient-left')
    expect(await kims?.refused(whisper('are you there?', [lee]))).toBe('recipient-left')
    expect(await kims?.refused({ type: 'message.edit', roomId: asideId, messageId, body: 'x' })).toBe('recipient-left')
    await kims?.accepted({ type: 'reaction.set', roomId: asideId, messageId, emoji: '👍', set: true })
    expect(await heardIn(kims)).toHaveLength(1)
    expect(await heardIn(lees)).toEqual([])
    expect((await lees?.pull({ kind: 'page', roomId: asideId }))?.results).toMatchObject([
      { error: { code: 'not-a-member' } }
    ])
    expect(await lees?.refused({ type: 'read.mark', roomId: asideId, seq: 1 })).toBe('not-a-member')
    // Own settings outlive leaving, and do not let the aside be heard again.
    await lees?.accepted({ type: 'room.settings', roomId: asideId, pinned: true })
    await kims?.accepted({ type: 'reaction.set', roomId: asideId, messageId, emoji: '👍', set: false })
    expect(await heardIn(lees)).toEqual([])

    await lees?.accepted({ type: 'room.join', roomId })
    await kims?.accepted(say('welcome back'))
    expect(await heardIn(lees)).toHaveLength(1)
    expect((await lees?.pull({ kind: 'page', roomId: asideId }))?.results).toMatchObject([
      { ok: true, headSeq: 2, floor: 0 }
    ])
  })

  it('a connection made later hears asides while in the parent, and moves with it', async () => {
    await kims?.accepted(whisper('psst', [lee]))
    await lees?.connect()
    await forget()
    await kims?.accepted(say('one'))
    expect(await heardIn(lees)).toHaveLength(1)
    await lees?.accepted(leave(lee))
    await lees?.connect()
    await forget()
    const messageId = (await storage().page(asideId, { limit: 1, maxBytes: 9_999 })).messages[0]?.id ?? ''
    await kims?.accepted({ type: 'reaction.set', roomId: asideId, messageId, emoji: '👍', set: true })
    expect(await heardIn(lees)).toEqual([])
    await lees?.accepted({ type: 'room.join', roomId })
    await kims?.accepted(say('two'))
    expect(await heardIn(lees)).toHaveLength(1)
  })

  it.each(['leaves', 'comes back'] as const)(
    'a connection that reads its rooms while its user %s ends up right in the asides too',
    async (what) => {
      await kims?.accepted(whisper('psst', [lee]))
      if (what === 'comes back') await lees?.accepted(leave(lee))
      lees?.disconnect()
      const [hasRead, mayGoOn] = [gate(), gate()]
      reading = { hasRead: hasRead.open, mayGoOn: mayGoOn.opened }
      const connecting = lees?.connect()
      await hasRead.opened
      reading = undefined
      if (what === 'leaves') await kims?.accepted(leave(lee))
      else await kims?.accepted({ type: 'member.add', roomId, userIds: [lee?.user.id ?? ''] })
      mayGoOn.open()
      await connecting
      await forget()
      const messageId = (await storage().page(asideId, { limit: 1, maxBytes: 9_999 })).messages[0]?.id ?? ''
      await kims?.accepted({ type: 'reaction.set', roomId: asideId, messageId, emoji: '👍', set: true })
      expect(await heardIn(lees)).toHaveLength(what === 'leaves' ? 0 : 1)
    }
  )

  it('where admins alone write in the parent, they alone write in its asides; a closed parent closes them [S11.6]', async () => {
    await kims?.accepted(whisper('psst', [lee]))
    await kims?.accepted({ type: 'room.change', roomId, writers: 'admins' })
    expect(await lees?.refused(whisper('x', [kim]))).toBe('not-permitted')
    expect(await lees?.refused(say('x'))).toBe('not-permitted')
    await kims?.accepted(say('y'))
    await kims?.accepted({ type: 'room.close', roomId })
    expect(await kims?.refused(say('z'))).toBe('room-closed')
    expect((await lees?.pull({ kind: 'page', roomId: asideId }))?.results).toMatchObject([{ ok: true, headSeq: 2 }])
  })

  it('by REST: sent, read, and in no list of rooms', async () => {
    const json = { id: newId(), body: 'psst', to: [lee?.user.id] }
    const token = kim?.token ?? ''
    const first = await relay.rest<{ message: MessageRecord }>('POST', `rooms/${roomId}/messages`, { token, json })
    expect(first).toMatchObject({ status: 201, body: { message: { roomId: asideId, seq: 1 } } })
    expect((await relay.rest('POST', `rooms/${roomId}/messages`, { token, json })).status).toBe(200)
    const { body } = await relay.rest<{ rooms: { id: string }[] }>('GET', 'rooms', { token })
    expect(body.rooms.map(({ id }) => id)).toEqual([roomId])
    expect(await relay.rest('GET', `rooms/${asideId}/messages`, { token: lee?.token ?? '' })).toMatchObject({
      status: 200,
      body: { messages: [{ body: 'psst' }] }
    })
    expect((await relay.rest('GET', `rooms/${asideId}/messages`, { token: park?.token ?? '' })).status).toBe(404)
  })
})
