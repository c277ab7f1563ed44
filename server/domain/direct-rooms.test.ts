import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directRoomId, notesRoomId } from '../../protocol/derived-ids.ts'
import { MAX_BLOCKS } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { RoomRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'

describe('direct rooms, notes and blocks [SPEC §3.1, S11.8]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let kims: TestDevice
  let lees: TestDevice
  let roomId: string
  let blockCount: number | undefined
  beforeEach(async () => {
    blockCount = undefined
    relay = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          commit: (streams, work, foreseen) =>
            storage.commit(
              streams,
              (draft) => work(blockCount === undefined ? draft : manyBlocks(draft, blockCount)),
              foreseen
            )
        })
    })
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    ;[kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    roomId = directRoomId(kim.user.id, lee.user.id)
  })
  afterEach(() => relay.stop())

  function manyBlocks<T extends object>(draft: T, count: number): T {
    return new Proxy(draft, {
      get(target, name) {
        if (name === 'blockCount') return async () => count
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      }
    })
  }
  const direct = (other: Person, more: object = {}): Operation => {
    return { type: 'room.create', roomId, kind: 'direct', memberIds: [other.user.id], ...more }
  }
  const records = async (id = roomId) =>
    (await relay.relay.storage.changes(`room:${id}`, 0, { limit: 100, maxBytes: 1e6 })).records

  it('whoever of the two makes it second meets the first one’s; no line tells it', async () => {
    expect(await kims.accepted(direct(lee))).toMatchObject({ stream: `room:${roomId}`, rev: 3 })
    expect(await lees.accepted(direct(kim))).toMatchObject({ stream: `room:${roomId}`, rev: 3 })
    expect(await kims.accepted(direct(lee))).toMatchObject({ rev: 2 })
    expect(await records()).toMatchObject([
      { type: 'room', kind: 'direct', name: '', createdBy: kim.user.id },
      { type: 'member', userId: kim.user.id, role: 'member', joinedSeq: 0 },
      { type: 'member', userId: lee.user.id, role: 'member', joinedSeq: 0 }
    ])
    await lees.send(roomId, 'hello')
    expect(await relay.relay.storage.headSeq(roomId)).toBe(1)
  })

  it('has the id that follows from the two, exactly one other member, and nothing to settle', async () => {
    const stranger = await relay.signUp('stranger')
    const wrong: [Operation, string][] = [
      [direct(lee, { roomId: newId() }), 'roomId'],
      [direct(stranger), 'roomId'],
      [direct(lee, { memberIds: [] }), 'memberIds'],
      [direct(kim), 'memberIds'],
      [direct(lee, { memberIds: [lee.user.id, stranger.user.id] }), 'memberIds'],
      [direct(lee, { topic: 'x' }), 'topic'],
      [direct(lee, { writers: 'admins' }), 'writers'],
      [direct(lee, { history: 'from-joining' }), 'history'],
      [direct(lee, { name: 'x' }), 'name'],
      [{ type: 'room.create', roomId, kind: 'group', name: 'x', memberIds: [] }, 'roomId'],
      [{ type: 'room.create', roomId: newId(), kind: 'group', memberIds: [] }, 'name'],
      [{ type: 'room.create', roomId: notesRoomId(lee.user.id), kind: 'notes', memberIds: [] }, 'roomId'],
      [{ type: 'room.create', roomId: notesRoomId(kim.user.id), kind: 'notes', memberIds: [lee.user.id] }, 'memberIds']
    ]
    for (const [operation, field] of wrong) {
      const [answer] = await kims.apply(operation)
      expect([operation, answer]).toMatchObject([operation, { status: 'refused', error: { code: 'invalid', field } }])
    }
    const nobody = newId()
    const withNobody = { ...direct(lee), memberIds: [nobody], roomId: directRoomId(kim.user.id, nobody) } as Operation
    expect(await kims.refused(withNobody)).toBe('user-not-found')
  })

  it('notes are of their user alone', async () => {
    const notes = notesRoomId(kim.user.id)
    const create: Operation = { type: 'room.create', roomId: notes, kind: 'notes', memberIds: [] }
    expect(await kims.accepted(create)).toMatchObject({ rev: 2 })
    expect(await kims.accepted(create)).toMatchObject({ rev: 2 })
    expect(await records(notes)).toMatchObject([
      { kind: 'notes', name: '' },
      { userId: kim.user.id, role: 'owner' }
    ])
    await kims.send(notes, 'milk')
    expect(await lees.refused({ type: 'read.mark', roomId: notes, seq: 1 })).toBe('room-not-found')
  })

  it('by REST the id need not be said; made 201, met 200', async () => {
    const json = { kind: 'direct', memberIds: [lee.user.id] }
    const made = await relay.rest<{ room: RoomRecord }>('POST', 'rooms', { token: kim.token, json })
    expect(made).toMatchObject({ status: 201, body: { room: { id: roomId, kind: 'direct' } } })
    const other = { kind: 'direct', memberIds: [kim.user.id] }
    expect(await relay.rest('POST', 'rooms', { token: lee.token, json: other })).toMatchObject({
      status: 200,
      body: made.body
    })
    const notes = await relay.rest('POST', 'rooms', { token: kim.token, json: { kind: 'notes' } })
    expect(notes).toMatchObject({ status: 201, body: { room: { id: notesRoomId(kim.user.id) } } })
    expect((await relay.rest('POST', 'rooms', { token: kim.token, json: { kind: 'direct' } })).status).toBe(400)
  })

  it('[S11.8] with somebody whose account was deleted nothing is said any more, but read', async () => {
    await kims.accepted(direct(lee))
    await kims.send(roomId, 'hello')
    const gone = await relay.rest('DELETE', 'users/me', { token: lee.token, json: { password: 'password of lee' } })
    expect(gone.status).toBe(204)
    const messageId = (await relay.relay.storage.page(roomId, { limit: 1, maxBytes: 9_999 })).messages[0]?.id ?? ''
    const send = { type: 'message.send', roomId, messageId: newId(), body: 'are you there?', sentAt: SENT_AT } as const
    expect(await kims.refused(send)).toBe('recipient-left')
    expect(await kims.refused({ type: 'message.edit', roomId, messageId, body: 'x' })).toBe('recipient-left')
    await kims.accepted({ type: 'message.delete', roomId, messageId })
    await kims.accepted(direct(lee))
    expect((await kims.pull({ kind: 'page', roomId })).results).toMatchObject([{ ok: true, headSeq: 1 }])
  })

  it('[S11.8] a block is kept in the own stream and told to nobody else; nothing is refused to who is blocked', async () => {
    await kims.accepted(direct(lee))
    await lees.caughtUp()
    lees.heard.splice(0)
    const block = { type: 'block.set', userId: lee.user.id, set: true } as const
    const answer = await kims.accepted(block)
    expect(answer).toMatchObject({ stream: `user:${kim.user.id}` })
    expect(await relay.relay.storage.block(kim.user.id, lee.user.id)).toMatchObject({ set: true, rev: answer.rev })
    expect(await kims.accepted(block)).toMatchObject({ rev: answer.rev })
    await lees.caughtUp()
    expect(lees.heard).toEqual([])
    await lees.send(roomId, 'hello?')
    expect((await relay.rest('DELETE', `users/me/blocks/${lee.user.id}`, { token: kim.token })).status).toBe(204)
    expect(await relay.relay.storage.block(kim.user.id, lee.user.id)).toMatchObject({ set: false })
    expect((await relay.rest('PUT', `users/me/blocks/${lee.user.id}`, { token: kim.token })).status).toBe(204)
    expect(await relay.relay.storage.blockCount(kim.user.id)).toBe(1)
  })

  it('[S11.8] one blocks users, not oneself, and not more than MAX_BLOCKS', async () => {
    const block = (userId: string, set = true): Operation => ({ type: 'block.set', userId, set })
    expect(await kims.refused(block(kim.user.id))).toBe('invalid')
    expect(await kims.refused(block(newId()))).toBe('user-not-found')
    blockCount = MAX_BLOCKS
    expect((await kims.apply(block(lee.user.id)))[0]).toMatchObject({
      error: { code: 'too-many-blocks', limit: MAX_BLOCKS }
    })
    await kims.accepted(block(lee.user.id, false))
  })
})
