import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_ROOM_MEMBERS, MAX_USERS_PER_OPERATION } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { MemberRecord, MessageRecord, StreamRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'
const NOW_MS = Date.parse('2026-11-20T12:00:00.000Z')
const NOW = '2026-11-20T12:00:00.000Z'

describe('operations [SPEC §3]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let park: Person
  let kims: TestDevice
  let lees: TestDevice
  beforeEach(async () => {
    relay = await TestRelay.start({ now: () => NOW_MS })
    ;[kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    ;[kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
  })
  afterEach(() => relay.stop())

  const storage = () => relay.relay.storage
  const send = (roomId: string, body: string, more: { messageId?: string; replyTo?: string } = {}): Operation => {
    return { type: 'message.send', roomId, messageId: newId(), body, sentAt: SENT_AT, ...more }
  }
  const roomRecords = async (roomId: string): Promise<StreamRecord[]> => {
    const { records } = await storage().changes(`room:${roomId}`, 0, { limit: 100, maxBytes: 1_000_000 })
    return records
  }
  const member = async (roomId: string, { user }: Person): Promise<MemberRecord | undefined> =>
    storage().member(roomId, user.id)
  const message = async (roomId: string, id: string): Promise<MessageRecord | undefined> =>
    storage().message(roomId, id)
  const lastLine = async (roomId: string): Promise<MessageRecord | undefined> =>
    (await storage().page(roomId, { limit: 1, maxBytes: 100_000 })).messages[0]

  describe('room.create', () => {
    it('makes the room, its members and their memberships, and one system line', async () => {
      const roomId = newId()
      const memberIds = [lee.user.id, kim.user.id, lee.user.id]
      const answer = await kims.accepted({ type: 'room.create', roomId, kind: 'group', name: 'Hall', memberIds })
      expect(answer).toEqual({ n: 1, id: answer.id, status: 'accepted', stream: `room:${roomId}`, rev: 4 })
      const joined = { type: 'member', roomId, state: 'joined', joinedAt: NOW, joinedSeq: 0 }
      expect(await roomRecords(roomId)).toMatchObject([
        { type: 'room', rev: 1, id: roomId, kind: 'group', name: 'Hall', createdBy: kim.user.id, createdAt: NOW },
        { ...joined, rev: 2, userId: kim.user.id, role: 'owner' },
        { ...joined, rev: 3, userId: lee.user.id, role: 'member' },
        {
          type: 'message',
          rev: 4,
          seq: 1,
          kind: 'system',
          authorId: kim.user.id,
          body: '',
          event: { name: 'room-created', userIds: [lee.user.id] }
        }
      ])
      for (const person of [kim, lee]) {
        expect(await storage().memberships(person.user.id)).toEqual([
          { type: 'membership', rev: 1, roomId, state: 'joined', changedAt: NOW }
        ])
      }
    })

    it('again by the same user changes nothing, also after leaving; by another it is an id-conflict', async () => {
      const roomId = newId()
      const create: Operation = { type: 'room.create', roomId, kind: 'group', name: 'Hall', memberIds: [lee.user.id] }
      await kims.accepted(create)
      expect(await kims.accepted(create)).toMatchObject({ stream: `room:${roomId}`, rev: 1 })
      expect(await storage().head(`room:${roomId}`)).toBe(4)
      expect(await lees.refused(create)).toBe('id-conflict')
      await kims.accepted({ type: 'member.remove', roomId, userId: kim.user.id })
      expect(await kims.accepted(create)).toMatchObject({ stream: `user:${kim.user.id}`, rev: 2 })
      expect(await member(roomId, kim)).toMatchObject({ state: 'left' })
    })

    it('with an unknown member is refused, names it, and makes nothing', async () => {
      const roomId = newId()
      const [answer] = await kims.apply({
        type: 'room.create',
        roomId,
        kind: 'group',
        name: 'Hall',
        memberIds: [lee.user.id, newId()]
      })
      expect(answer).toMatchObject({ status: 'refused', error: { code: 'user-not-found', field: 'memberIds[1]' } })
      expect(await storage().head(`room:${roomId}`)).toBe(0)
      expect(await storage().memberships(lee.user.id)).toEqual([])
    })
  })

  describe('member.add', () => {
    it('takes in those who are not in yet, with one system line; nobody new changes nothing', async () => {
      const roomId = await kims.createRoom(lee)
      await kims.send(roomId, 'two')
      const answer = await lees.accepted({ type: 'member.add', roomId, userIds: [kim.user.id, park.user.id] })
      expect(answer).toMatchObject({ stream: `room:${roomId}`, rev: 7 })
      expect(await member(roomId, park)).toMatchObject({ rev: 6, role: 'member', state: 'joined', joinedSeq: 2 })
      expect(await lastLine(roomId)).toMatchObject({
        seq: 3,
        authorId: lee.user.id,
        event: { name: 'member-added', userIds: [park.user.id] }
      })
      const again = await lees.accepted({ type: 'member.add', roomId, userIds: [park.user.id, kim.user.id] })
      expect(again).toMatchObject({ stream: `room:${roomId}`, rev: 6 })
      expect(await storage().head(`room:${roomId}`)).toBe(7)
    })

    it('takes in again who was removed; who is a member no more may add nobody [S11]', async () => {
      const roomId = await kims.createRoom(lee)
      await kims.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
      expect(await lees.refused({ type: 'member.add', roomId, userIds: [lee.user.id] })).toBe('not-a-member')
      await kims.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
      expect(await member(roomId, lee)).toMatchObject({ state: 'joined', role: 'member' })
      await lees.send(roomId, 'back')
    })

    it('beyond the limit of the room is refused with room-full', async () => {
      const users = MAX_ROOM_MEMBERS + 1
      await storage().commit(['users'], async (draft) => {
        for (let index = 0; index < users; index++) {
          const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
          const shown = { username: `u${index}`, displayName: `u${index}`, role: 'member', createdAt: NOW } as const
          await draft.put('users', { type: 'user', id, ...shown })
        }
      })
      const ids = Array.from(
        { length: users },
        (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
      )
      const roomId = await kims.createRoom()
      const add = (from: number, to: number): Operation => ({
        type: 'member.add',
        roomId,
        userIds: ids.slice(from, to)
      })
      await kims.accepted(add(0, MAX_USERS_PER_OPERATION))
      await kims.accepted(add(MAX_USERS_PER_OPERATION, MAX_ROOM_MEMBERS - 2))
      expect(await kims.refused(add(MAX_ROOM_MEMBERS - 2, MAX_ROOM_MEMBERS))).toBe('room-full')
      await kims.accepted(add(MAX_ROOM_MEMBERS - 2, MAX_ROOM_MEMBERS - 1))
      expect(await storage().memberCount(roomId)).toBe(MAX_ROOM_MEMBERS)
    })
  })

  describe('member.remove', () => {
    it('removes, by the owner only, and tells it in a system line', async () => {
      const roomId = await kims.createRoom(lee, park)
      expect(await lees.refused({ type: 'member.remove', roomId, userId: park.user.id })).toBe('not-permitted')
      const answer = await kims.accepted({ type: 'member.remove', roomId, userId: park.user.id })
      expect(answer).toMatchObject({ stream: `room:${roomId}`, rev: 7 })
      expect(await member(roomId, park)).toMatchObject({ state: 'removed' })
      expect(await storage().memberships(park.user.id)).toMatchObject([{ state: 'removed', rev: 2 }])
      const event = { name: 'member-removed', userIds: [park.user.id] }
      expect(await lastLine(roomId)).toMatchObject({ authorId: kim.user.id, event })
      expect(await kims.accepted({ type: 'member.remove', roomId, userId: park.user.id })).toMatchObject({ rev: 6 })
      expect(await kims.refused({ type: 'member.remove', roomId, userId: newId() })).toBe('user-not-found')
    })

    it('leaving is answered in the own stream; leaving again changes nothing', async () => {
      const roomId = await kims.createRoom(lee)
      const leave: Operation = { type: 'member.remove', roomId, userId: lee.user.id }
      expect(await lees.accepted(leave)).toMatchObject({ stream: `user:${lee.user.id}`, rev: 2 })
      expect(await lastLine(roomId)).toMatchObject({ event: { name: 'member-left', userIds: [lee.user.id] } })
      const head = await storage().head(`room:${roomId}`)
      expect(await lees.accepted(leave)).toMatchObject({ stream: `user:${lee.user.id}`, rev: 2 })
      expect(await storage().head(`room:${roomId}`)).toBe(head)
    })

    it('when the owner leaves, the member who joined first becomes owner [S5: by seq, not by clock]', async () => {
      const roomId = await kims.createRoom()
      await kims.accepted({ type: 'member.add', roomId, userIds: [park.user.id] })
      await kims.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
      await kims.accepted({ type: 'member.remove', roomId, userId: kim.user.id })
      expect(await member(roomId, kim)).toMatchObject({ state: 'left', role: 'member' })
      expect(await member(roomId, park)).toMatchObject({ role: 'owner' })
      expect(await member(roomId, lee)).toMatchObject({ role: 'member' })
      const parks = await relay.connect(park)
      await parks.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
      await parks.accepted({ type: 'member.remove', roomId, userId: park.user.id })
      expect(await storage().memberCount(roomId)).toBe(0)
    })
  })

  describe('message.send', () => {
    it('[S4] gives seqs without a gap, [S17] the author and acceptedAt of the relay', async () => {
      const roomId = await kims.createRoom(lee)
      const messageId = newId()
      const lie = { authorId: lee.user.id, acceptedAt: SENT_AT, seq: 99, rev: 99 }
      const operation = { ...send(roomId, 'one', { messageId }), ...lie }
      expect(await kims.accepted(operation)).toMatchObject({ stream: `room:${roomId}`, rev: 5, seq: 2 })
      expect(await message(roomId, messageId)).toEqual({
        type: 'message',
        rev: 5,
        id: messageId,
        roomId,
        seq: 2,
        kind: 'text',
        authorId: kim.user.id,
        body: 'one',
        sentAt: SENT_AT,
        acceptedAt: NOW
      })
      expect((await lees.send(roomId, 'two')).seq).toBe(3)
    })

    it('[S5] takes a device clock that is years off as it is', async () => {
      const roomId = await kims.createRoom()
      const early = newId()
      const sentAt = '1999-12-31T23:59:59.999+09:00'
      await kims.accepted({ type: 'message.send', roomId, messageId: early, body: 'old', sentAt })
      expect(await message(roomId, early)).toMatchObject({ sentAt: '1999-12-31T14:59:59.999Z', acceptedAt: NOW })
    })

    it('again by its author changes nothing; with another text or author it is an id-conflict', async () => {
      const roomId = await kims.createRoom(lee)
      const messageId = newId()
      const first = await kims.send(roomId, 'text', messageId)
      expect(await kims.send(roomId, 'text', messageId)).toMatchObject({ rev: first.rev, seq: first.seq })
      expect(await kims.refused(send(roomId, 'other text', { messageId }))).toBe('id-conflict')
      expect(await lees.refused(send(roomId, 'text', { messageId }))).toBe('id-conflict')
      const line = await storage().page(roomId, { before: 2, limit: 1, maxBytes: 10_000 })
      expect(await kims.refused(send(roomId, 'x', { messageId: line.messages[0]?.id ?? '' }))).toBe('id-conflict')

      const edited = await kims.accepted({ type: 'message.edit', roomId, messageId, body: 'edited' })
      expect(await kims.send(roomId, 'text', messageId)).toMatchObject({ rev: edited.rev, seq: first.seq })
      expect(await storage().head(`room:${roomId}`)).toBe(edited.rev)
    })

    it('the same id in another room is another message', async () => {
      const [one, two] = [await kims.createRoom(), await kims.createRoom()]
      const messageId = newId()
      await kims.send(one, 'here', messageId)
      await kims.send(two, 'there', messageId)
      expect(await message(two, messageId)).toMatchObject({ body: 'there' })
    })

    it('replies only to a message of the room', async () => {
      const [roomId, other] = [await kims.createRoom(), await kims.createRoom()]
      const [target, elsewhere, reply] = [newId(), newId(), newId()]
      await kims.send(roomId, 'target', target)
      await kims.send(other, 'elsewhere', elsewhere)
      await kims.accepted(send(roomId, 'reply', { messageId: reply, replyTo: target }))
      expect(await message(roomId, reply)).toMatchObject({
        replyTo: target,
        replySeq: (await message(roomId, target))?.seq
      })
      expect(await kims.refused(send(roomId, 'x', { replyTo: elsewhere }))).toBe('message-not-found')
      expect(await kims.refused(send(roomId, 'x', { replyTo: newId() }))).toBe('message-not-found')
    })
  })

  describe('message.edit and message.delete', () => {
    it('belong to the author; system lines belong to nobody', async () => {
      const roomId = await kims.createRoom(lee)
      const messageId = newId()
      await kims.send(roomId, 'text', messageId)
      const line = (await storage().page(roomId, { before: 2, limit: 1, maxBytes: 10_000 })).messages[0]?.id ?? ''
      expect(await lees.refused({ type: 'message.edit', roomId, messageId, body: 'x' })).toBe('not-permitted')
      expect(await lees.refused({ type: 'message.delete', roomId, messageId })).toBe('not-permitted')
      expect(await kims.refused({ type: 'message.edit', roomId, messageId: line, body: 'x' })).toBe('not-permitted')
      expect(await kims.refused({ type: 'message.delete', roomId, messageId: line })).toBe('not-permitted')
      const unknown = newId()
      expect(await kims.refused({ type: 'message.edit', roomId, messageId: unknown, body: 'x' })).toBe(
        'message-not-found'
      )
      expect(await kims.refused({ type: 'message.delete', roomId, messageId: unknown })).toBe('message-not-found')
    })

    it('an edit takes a rev and keeps the seq; one to the same text changes nothing', async () => {
      const roomId = await kims.createRoom()
      const messageId = newId()
      const { rev, seq } = await kims.send(roomId, 'text', messageId)
      const edit: Operation = { type: 'message.edit', roomId, messageId, body: 'better' }
      expect(await kims.accepted(edit)).toMatchObject({ rev: rev + 1 })
      expect(await message(roomId, messageId)).toMatchObject({ rev: rev + 1, seq, body: 'better', editedAt: NOW })
      expect(await kims.accepted(edit)).toMatchObject({ rev: rev + 1 })
    })

    it('a deletion empties the text, keeps the place, is final', async () => {
      const roomId = await kims.createRoom()
      const [target, messageId] = [newId(), newId()]
      await kims.send(roomId, 'target', target)
      const sent = await kims.accepted(send(roomId, 'secret', { messageId, replyTo: target }))
      await kims.accepted({ type: 'message.edit', roomId, messageId, body: 'secret too' })
      const deletion: Operation = { type: 'message.delete', roomId, messageId }
      const deleted = await kims.accepted(deletion)
      expect(deleted.rev).toBe(sent.rev + 2)
      const tombstone = await message(roomId, messageId)
      expect(tombstone).toMatchObject({ body: '', deletedAt: NOW, seq: sent.seq })
      expect(tombstone).not.toHaveProperty('editedAt')
      expect(tombstone).not.toHaveProperty('replyTo')
      expect(tombstone).not.toHaveProperty('replySeq')
      expect(await kims.accepted(deletion)).toMatchObject({ rev: deleted.rev })
      expect(await kims.refused({ type: 'message.edit', roomId, messageId, body: 'x' })).toBe('message-deleted')
      expect(await kims.accepted(send(roomId, 'secret', { messageId }))).toMatchObject({ seq: sent.seq })
    })

    it('[S11] end with the membership', async () => {
      const roomId = await kims.createRoom(lee)
      const messageId = newId()
      await lees.send(roomId, 'mine', messageId)
      await kims.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
      expect(await lees.refused({ type: 'message.edit', roomId, messageId, body: 'x' })).toBe('not-a-member')
      expect(await lees.refused({ type: 'message.delete', roomId, messageId })).toBe('not-a-member')
      expect(await lees.refused(send(roomId, 'x'))).toBe('not-a-member')
    })
  })
})
