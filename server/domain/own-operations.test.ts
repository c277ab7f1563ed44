import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_REACTIONS_EVER_PER_USER, MAX_REACTIONS_PER_USER, MAX_ROOM_MEMBERS } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { MembershipRecord, MessageRecord, ReactionRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'
const NOW = '2026-11-20T12:00:00.000Z'
const LATER = '2027-01-01T00:00:00.000Z'

describe('operations on rooms, reactions, reads and oneself [SPEC §3]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let park: Person
  let kims: TestDevice
  let lees: TestDevice
  beforeEach(async () => {
    relay = await TestRelay.start({ now: () => Date.parse(NOW) })
    ;[kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    ;[kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
  })
  afterEach(() => relay.stop())

  const storage = () => relay.relay.storage
  const create = async (more: Partial<Operation & { type: 'room.create' }> = {}, device = kims): Promise<string> => {
    const roomId = newId()
    await device.accepted({ type: 'room.create', roomId, kind: 'group', name: 'Hall', memberIds: [], ...more })
    return roomId
  }
  const lastLine = async (roomId: string): Promise<MessageRecord | undefined> =>
    (await storage().page(roomId, { limit: 1, maxBytes: 100_000 })).messages[0]
  const membership = (roomId: string, { user }: Person): Promise<MembershipRecord | undefined> =>
    storage().membership(user.id, roomId)
  const leave = (roomId: string, { user }: Person): Operation => ({ type: 'member.remove', roomId, userId: user.id })

  describe('room.create', () => {
    it('settles kind and history once and for all', async () => {
      const roomId = await create({ kind: 'open', history: 'from-joining' })
      expect(await storage().room(roomId)).toMatchObject({ kind: 'open', history: 'from-joining' })
      await kims.accepted({ type: 'room.rename', roomId, name: 'Attic' })
      expect(await storage().room(roomId)).toMatchObject({ kind: 'open', history: 'from-joining', name: 'Attic' })
      expect(await storage().room(await create())).not.toHaveProperty('history')
    })
  })

  describe('room.rename', () => {
    it('changes the name and tells it in one line; the name there is changes nothing', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      const answer = await lees.accepted({ type: 'room.rename', roomId, name: 'Attic' })
      expect(answer).toMatchObject({ stream: `room:${roomId}`, rev: 6 })
      expect(await storage().room(roomId)).toMatchObject({ name: 'Attic', rev: 5, createdBy: kim.user.id })
      const event = { name: 'room-renamed', userIds: [], roomName: 'Attic' }
      expect(await lastLine(roomId)).toMatchObject({ rev: 6, seq: 2, kind: 'system', authorId: lee.user.id, event })
      expect(await kims.accepted({ type: 'room.rename', roomId, name: 'Attic' })).toMatchObject({ rev: 5 })
      expect(await storage().head(`room:${roomId}`)).toBe(6)
    })

    it('is for members only [S11]', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      await lees.accepted(leave(roomId, lee))
      expect(await lees.refused({ type: 'room.rename', roomId, name: 'x' })).toBe('not-a-member')
      expect(await lees.refused({ type: 'room.rename', roomId: newId(), name: 'x' })).toBe('room-not-found')
      expect(await (await relay.connect(park)).refused({ type: 'room.rename', roomId, name: 'x' })).toBe(
        'room-not-found'
      )
    })
  })

  describe('room.join', () => {
    it('takes any user into an open room, with one line; again changes nothing', async () => {
      const roomId = await create({ kind: 'open' })
      await kims.send(roomId, 'two')
      const join: Operation = { type: 'room.join', roomId }
      expect(await lees.accepted(join)).toMatchObject({ stream: `room:${roomId}`, rev: 6 })
      expect(await storage().member(roomId, lee.user.id)).toMatchObject({ rev: 5, role: 'member', joinedSeq: 2 })
      expect(await membership(roomId, lee)).toMatchObject({ state: 'joined', changedAt: NOW })
      const event = { name: 'member-joined', userIds: [lee.user.id] }
      expect(await lastLine(roomId)).toMatchObject({ seq: 3, authorId: lee.user.id, event })
      expect(await lees.accepted(join)).toMatchObject({ rev: 5 })
      expect(await storage().head(`room:${roomId}`)).toBe(6)
      await lees.send(roomId, 'hello')
    })

    it('[S11] a group is not to be joined: unknown for who was never in it, ended for who was', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      const parks = await relay.connect(park)
      expect(await parks.refused({ type: 'room.join', roomId })).toBe('room-not-found')
      expect(await parks.refused({ type: 'room.join', roomId: newId() })).toBe('room-not-found')
      expect(await lees.accepted({ type: 'room.join', roomId })).toMatchObject({ rev: 3 })
      await lees.accepted(leave(roomId, lee))
      expect(await lees.refused({ type: 'room.join', roomId })).toBe('not-a-member')
    })

    it('who left or was removed may come back; who comes into an empty room owns it', async () => {
      const roomId = await create({ kind: 'open', memberIds: [lee.user.id] })
      await kims.accepted(leave(roomId, lee))
      await lees.accepted({ type: 'room.join', roomId })
      expect(await storage().member(roomId, lee.user.id)).toMatchObject({ state: 'joined', role: 'member' })
      await kims.accepted(leave(roomId, kim))
      await lees.accepted(leave(roomId, lee))
      await kims.accepted({ type: 'room.join', roomId })
      expect(await storage().member(roomId, kim.user.id)).toMatchObject({ state: 'joined', role: 'owner' })
    })

    it('beyond the limit of the room is refused with room-full', async () => {
      const roomId = await create({ kind: 'open' })
      await storage().commit([`room:${roomId}`], async (draft) => {
        for (let n = 1; n < MAX_ROOM_MEMBERS; n++) {
          const userId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
          const as = { role: 'member', state: 'joined', joinedAt: NOW, joinedSeq: 1 } as const
          await draft.put(`room:${roomId}`, { type: 'member', roomId, userId, ...as })
        }
      })
      expect(await lees.refused({ type: 'room.join', roomId })).toBe('room-full')
    })
  })

  describe('room.settings', () => {
    it('sets, keeps what is absent, takes away; nothing new changes nothing', async () => {
      const roomId = await create()
      const settings = (change: object): Operation => ({ type: 'room.settings', roomId, ...change })
      const answer = await kims.accepted(settings({ mutedUntil: LATER, pinned: true, unreadFrom: 1 }))
      expect(answer).toMatchObject({ stream: `user:${kim.user.id}`, rev: 2 })
      const set = { mutedUntil: LATER, pinned: true, unreadFrom: 1 }
      expect(await membership(roomId, kim)).toMatchObject({ rev: 2, state: 'joined', changedAt: NOW, ...set })
      for (const same of [{}, { pinned: true }, set])
        expect(await kims.accepted(settings(same))).toMatchObject({ rev: 2 })
      await kims.accepted(settings({ mutedUntil: null }))
      expect(await membership(roomId, kim)).toMatchObject({ rev: 3, pinned: true, unreadFrom: 1 })
      await kims.accepted(settings({ pinned: false, unreadFrom: null }))
      expect(await membership(roomId, kim)).toEqual({
        type: 'membership',
        rev: 4,
        roomId,
        state: 'joined',
        changedAt: NOW
      })
      expect(await kims.accepted(settings({ pinned: false, mutedUntil: null }))).toMatchObject({ rev: 4 })
    })

    it('[S12.4] outlive leaving and coming back, are for who was there too, and are told to nobody else', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      await lees.accepted({ type: 'room.settings', roomId, pinned: true })
      await lees.accepted({ type: 'read.mark', roomId, seq: 1 })
      await lees.accepted(leave(roomId, lee))
      expect(await membership(roomId, lee)).toMatchObject({ state: 'left', pinned: true, readSeq: 1 })
      await lees.accepted({ type: 'room.settings', roomId, mutedUntil: LATER })
      await kims.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
      const own = { state: 'joined', pinned: true, readSeq: 1, mutedUntil: LATER }
      expect(await membership(roomId, lee)).toMatchObject(own)
      await kims.accepted(leave(roomId, lee))
      expect(await membership(roomId, lee)).toMatchObject({ ...own, state: 'removed' })
      await kims.caughtUp()
      expect(JSON.stringify(kims.heard)).not.toMatch(/mutedUntil|pinned|readSeq/)
      expect(await (await relay.connect(park)).refused({ type: 'room.settings', roomId, pinned: true })).toBe(
        'room-not-found'
      )
    })
  })

  describe('reaction.set', () => {
    const text = async (roomId: string): Promise<string> => {
      const messageId = newId()
      await kims.send(roomId, 'text', messageId)
      return messageId
    }
    const react = (roomId: string, messageId: string, emoji = '👍', set = true): Operation => {
      return { type: 'reaction.set', roomId, messageId, emoji, set }
    }

    it('sets and takes away, each once', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      const messageId = await text(roomId)
      expect(await lees.accepted(react(roomId, messageId, '👍', false))).toMatchObject({ rev: 5 })
      const answer = await lees.accepted(react(roomId, messageId))
      expect(answer).toMatchObject({ stream: `room:${roomId}`, rev: 6 })
      const record: ReactionRecord = {
        type: 'reaction',
        rev: 6,
        roomId,
        messageId,
        seq: 2,
        userId: lee.user.id,
        emoji: '👍',
        set: true
      }
      expect(await storage().reactionsBy(roomId, messageId, lee.user.id)).toEqual([record])
      expect(await lees.accepted(react(roomId, messageId))).toMatchObject({ rev: 6 })
      expect(await lees.accepted(react(roomId, messageId, '👍', false))).toMatchObject({ rev: 7 })
      expect(await lees.accepted(react(roomId, messageId, '👍', false))).toMatchObject({ rev: 7 })
      expect(await storage().reactionsBy(roomId, messageId, lee.user.id)).toEqual([{ ...record, rev: 7, set: false }])
      await kims.accepted(react(roomId, messageId))
      expect(await storage().head(`room:${roomId}`)).toBe(8)
    })

    it('is for members, on texts that are not deleted', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      const messageId = await text(roomId)
      const line = (await storage().page(roomId, { before: 2, limit: 1, maxBytes: 10_000 })).messages[0]?.id ?? ''
      expect(await kims.refused(react(roomId, line))).toBe('not-permitted')
      expect(await kims.refused(react(roomId, newId()))).toBe('message-not-found')
      expect(await (await relay.connect(park)).refused(react(roomId, messageId))).toBe('room-not-found')
      await lees.accepted(leave(roomId, lee))
      expect(await lees.refused(react(roomId, messageId))).toBe('not-a-member')
      await kims.accepted(react(roomId, messageId))
      await kims.accepted({ type: 'message.delete', roomId, messageId })
      expect(await kims.refused(react(roomId, messageId, '🎉'))).toBe('message-deleted')
      expect(await kims.refused(react(roomId, messageId, '👍', false))).toBe('message-deleted')
      for (const emoji of ['a', '7', '', '👍 👍'])
        expect(await kims.refused(react(roomId, messageId, emoji))).toBe('invalid')
    })

    it('is limited per user and message by those that are set', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      const messageId = await text(roomId)
      const emoji = Array.from({ length: MAX_REACTIONS_PER_USER + 1 }, (_, n) => String.fromCodePoint(0x1f600 + n))
      const [first = '', ...others] = emoji
      await kims.apply(...others.map((each) => react(roomId, messageId, each)))
      const [refused] = await kims.apply(react(roomId, messageId, first))
      const error = { code: 'too-many-reactions', limit: MAX_REACTIONS_PER_USER }
      expect(refused).toMatchObject({ status: 'refused', error })
      await kims.accepted(react(roomId, messageId, others[0]))
      await lees.accepted(react(roomId, messageId, first))
      await kims.accepted(react(roomId, messageId, others[0], false))
      await kims.accepted(react(roomId, messageId, first))
    })

    it('[S16] is limited by all that there ever were, too; what one had may be set again', async () => {
      const roomId = await create()
      const messageId = await text(roomId)
      const emoji = Array.from({ length: MAX_REACTIONS_EVER_PER_USER }, (_, n) => String.fromCodePoint(0x1f400 + n))
      const toAndFro = emoji.flatMap((each) => [true, false].map((set) => react(roomId, messageId, each, set)))
      for (let at = 0; at < toAndFro.length; at += 50) await kims.apply(...toAndFro.slice(at, at + 50))
      const [refused] = await kims.apply(react(roomId, messageId, '🦦'))
      const error = { code: 'too-many-reactions', limit: MAX_REACTIONS_EVER_PER_USER }
      expect(refused).toMatchObject({ status: 'refused', error })
      await kims.accepted(react(roomId, messageId, emoji[7]))
    })
  })

  describe('read.mark', () => {
    const mark = (roomId: string, seq: number): Operation => ({ type: 'read.mark', roomId, seq })
    const read = async (roomId: string, { user }: Person) => (await storage().read(roomId, user.id))?.seq

    it('[S12.1] moves both watermarks to the highest seq, at most to the head; never back', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      for (const body of ['2', '3', '4']) await kims.send(roomId, body)
      expect(await lees.accepted(mark(roomId, 3))).toMatchObject({ stream: `user:${lee.user.id}`, rev: 2 })
      expect([await read(roomId, lee), (await membership(roomId, lee))?.readSeq]).toEqual([3, 3])
      expect(await lees.accepted(mark(roomId, 2))).toMatchObject({ rev: 2 })
      expect(await lees.accepted(mark(roomId, 3))).toMatchObject({ rev: 2 })
      expect(await lees.accepted(mark(roomId, Number.MAX_SAFE_INTEGER))).toMatchObject({ rev: 3 })
      expect([await read(roomId, lee), (await membership(roomId, lee))?.readSeq]).toEqual([4, 4])
      expect(await lees.accepted(mark(roomId, 99))).toMatchObject({ rev: 3 })
      expect(await storage().head(`reads:${roomId}`)).toBe(2)
      expect(await storage().head(`room:${roomId}`)).toBe(7)
      expect(await read(roomId, kim)).toBeUndefined()
    })

    it('[S12.4] takes unreadFrom away, whatever was read before', async () => {
      const roomId = await create()
      await kims.accepted(mark(roomId, 1))
      await kims.accepted({ type: 'room.settings', roomId, unreadFrom: 1, pinned: true })
      expect(await kims.accepted(mark(roomId, 0))).toMatchObject({ rev: 4 })
      expect(await membership(roomId, kim)).toMatchObject({ rev: 4, readSeq: 1, pinned: true })
      expect(await membership(roomId, kim)).not.toHaveProperty('unreadFrom')
      expect(await storage().head(`reads:${roomId}`)).toBe(1)
      expect(await kims.accepted(mark(roomId, 0))).toMatchObject({ rev: 4 })
    })

    it('of nothing changes nothing', async () => {
      const roomId = await create()
      expect(await kims.accepted(mark(roomId, 0))).toMatchObject({ rev: 1 })
      expect(await membership(roomId, kim)).not.toHaveProperty('readSeq')
      expect(await storage().head(`reads:${roomId}`)).toBe(0)
    })

    it('[S12.6] with receipts off moves the own membership alone, and is told again once they are on', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      for (const body of ['2', '3', '4']) await kims.send(roomId, body)
      const receipts = (on: boolean): Operation => ({ type: 'profile.change', receipts: on })
      await lees.accepted(mark(roomId, 2))
      await lees.accepted(receipts(false))
      expect(await storage().user(lee.user.id)).toMatchObject({ receipts: false })
      expect(await lees.accepted(receipts(false))).toMatchObject({ rev: (await storage().user(lee.user.id))?.rev })
      expect(await lees.accepted(mark(roomId, 4))).toMatchObject({ stream: `user:${lee.user.id}`, rev: 3 })
      expect([await read(roomId, lee), (await membership(roomId, lee))?.readSeq]).toEqual([2, 4])
      expect(await storage().head(`reads:${roomId}`)).toBe(1)
      await lees.accepted(receipts(true))
      expect(await storage().user(lee.user.id)).not.toHaveProperty('receipts')
      expect(await read(roomId, lee)).toBe(2)
      expect(await lees.accepted(mark(roomId, 4))).toMatchObject({ stream: `user:${lee.user.id}`, rev: 3 })
      expect([await read(roomId, lee), (await membership(roomId, lee))?.readSeq]).toEqual([4, 4])
    })

    it('[S12.5] sending moves no watermark; [S11] only members mark', async () => {
      const roomId = await create({ memberIds: [lee.user.id] })
      await lees.send(roomId, 'hello')
      expect(await read(roomId, lee)).toBeUndefined()
      await lees.accepted(leave(roomId, lee))
      expect(await lees.refused(mark(roomId, 1))).toBe('not-a-member')
      expect(await (await relay.connect(park)).refused(mark(roomId, 1))).toBe('room-not-found')
      expect(await kims.refused(mark(newId(), 1))).toBe('room-not-found')
    })
  })

  describe('profile.change', () => {
    it('changes what is named, for everybody to see; nothing new changes nothing', async () => {
      const answer = await kims.accepted({ type: 'profile.change', displayName: ' Kim Minji ', color: 'teal' })
      expect(answer).toMatchObject({ stream: 'users', rev: 4 })
      const shown = { ...kim.user, rev: 4, displayName: 'Kim Minji', color: 'teal' }
      expect(await storage().user(kim.user.id)).toEqual(shown)
      for (const same of [{}, { displayName: 'Kim Minji' }, { color: 'teal' } as const])
        expect(await kims.accepted({ type: 'profile.change', ...same })).toMatchObject({ rev: 4 })
      await kims.accepted({ type: 'profile.change', color: 'rose' })
      expect(await storage().user(kim.user.id)).toEqual({ ...shown, rev: 5, color: 'rose' })
      await lees.caughtUp()
      expect(lees.heard.flatMap(({ records }) => records)).toContainEqual(shown)
      const lie = { type: 'profile.change', id: lee.user.id, role: 'owner', username: 'lee2' } as Operation
      expect(await lees.accepted(lie)).toMatchObject({ rev: 2 })
      expect(await storage().user(lee.user.id)).toEqual(lee.user)
    })
  })

  describe('preferences.change', () => {
    it('[S14.3] is in the own stream, one record, told to nobody else; what is absent stays, auto takes away', async () => {
      const change = (availability?: 'auto' | 'dnd' | 'invisible'): Operation => ({
        type: 'preferences.change',
        ...(availability ? { availability } : {})
      })
      const stream = `user:${kim.user.id}`
      for (const nothing of [change(), change('auto')])
        expect(await kims.accepted(nothing)).toMatchObject({ stream, rev: 0 })
      expect(await storage().preferences(kim.user.id)).toBeUndefined()
      expect(await kims.accepted(change('dnd'))).toMatchObject({ stream, rev: 1 })
      for (const same of [change('dnd'), change()]) expect(await kims.accepted(same)).toMatchObject({ stream, rev: 1 })
      expect(await kims.accepted(change('invisible'))).toMatchObject({ stream, rev: 2 })
      expect(await storage().preferences(kim.user.id)).toEqual({
        type: 'preferences',
        rev: 2,
        availability: 'invisible'
      })
      expect(await kims.accepted(change('auto'))).toMatchObject({ stream, rev: 3 })
      expect(await storage().preferences(kim.user.id)).toEqual({ type: 'preferences', rev: 3 })
      expect(await kims.accepted(change('auto'))).toMatchObject({ stream, rev: 3 })
      await lees.caughtUp()
      expect(lees.heard.filter((each) => each.stream === stream)).toEqual([])
    })
  })

  it('[S6] [S15] many of them in one push are decided one after the other', async () => {
    const roomId = newId()
    const messageId = newId()
    const answers = await kims.apply(
      { type: 'room.create', roomId, kind: 'open', name: 'Hall', memberIds: [] },
      { type: 'message.send', roomId, messageId, body: 'x', sentAt: SENT_AT },
      { type: 'reaction.set', roomId, messageId, emoji: '👍', set: true },
      { type: 'reaction.set', roomId, messageId, emoji: '👍', set: true },
      { type: 'read.mark', roomId, seq: 2 },
      { type: 'room.settings', roomId, pinned: true },
      { type: 'room.rename', roomId, name: 'Hall' },
      { type: 'room.rename', roomId, name: 'Attic' }
    )
    expect(answers.map((answer) => (answer.status === 'accepted' ? answer.rev : answer.error))).toEqual([
      3, 4, 5, 5, 2, 3, 1, 7
    ])
  })
})
