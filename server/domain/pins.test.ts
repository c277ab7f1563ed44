import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_PINS } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'

const NOW = '2026-11-20T12:00:00.000Z'

describe('pins and former texts [SPEC §3, S13.1]', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let kims: TestDevice
  let lees: TestDevice
  let roomId: string
  beforeEach(async () => {
    relay = await TestRelay.start({ now: () => Date.parse(NOW) })
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    ;[kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    roomId = await kims.createRoom(lee)
  })
  afterEach(() => relay.stop())

  const say = async (body: string, device = kims): Promise<string> => {
    const messageId = newId()
    await device.accepted({ type: 'message.send', roomId, messageId, body, sentAt: NOW })
    return messageId
  }
  const pin = (messageId: string, set = true): Operation => ({ type: 'message.pin', roomId, messageId, set })
  const pins = async () => (await relay.relay.storage.room(roomId))?.pins
  const headSeq = () => relay.relay.storage.headSeq(roomId)
  const rest = (person: Person, method: string, path: string) =>
    relay.rest<{ edits?: unknown; code?: string }>(method, `rooms/${roomId}/${path}`, { token: person.token })

  it('the one pinned last is at the end; a line tells it, and none that it was unpinned', async () => {
    const [one, two] = [await say('one'), await say('two')]
    await kims.accepted(pin(one))
    const { rev } = await lees.accepted(pin(two))
    expect(await pins()).toEqual([one, two])
    const page = await relay.relay.storage.page(roomId, { limit: 1, maxBytes: 100_000 })
    const event = { name: 'message-pinned', userIds: [], messageId: two }
    expect(page.messages).toMatchObject([{ rev, kind: 'system', authorId: lee.user.id, event }])
    const before = await headSeq()
    await kims.accepted(pin(two))
    await kims.accepted(pin(one, false))
    await kims.accepted(pin(one, false))
    expect([await pins(), await headSeq()]).toEqual([[two], before])
    await kims.accepted(pin(two, false))
    expect(await relay.relay.storage.room(roomId)).not.toHaveProperty('pins')
  })

  it('a deleted message, a system line and an unknown one are not pinned; deleting takes the pin away', async () => {
    const messageId = await say('soon gone')
    await lees.accepted(pin(messageId))
    await kims.accepted({ type: 'message.delete', roomId, messageId })
    expect(await pins()).toBeUndefined()
    expect(await kims.refused(pin(messageId))).toBe('message-deleted')
    expect(await kims.refused(pin(newId()))).toBe('message-not-found')
    const [line] = (await relay.relay.storage.page(roomId, { before: 2, limit: 1, maxBytes: 100_000 })).messages
    expect(await kims.refused(pin(line!.id))).toBe('not-permitted')
  })

  it('a room holds MAX_PINS, no more', async () => {
    for (let n = 0; n < MAX_PINS; n++) await kims.accepted(pin(await say(`${n}`)))
    const more = await say('one more')
    expect(await kims.refused(pin(more))).toBe('too-many-pins')
    await kims.accepted(pin((await pins())![0]!, false))
    await kims.accepted(pin(more))
    expect(await pins()).toHaveLength(MAX_PINS)
  })

  it('who may shape the room may pin; nobody in a closed one', async () => {
    const messageId = await say('hello')
    await kims.accepted({ type: 'room.change', roomId, writers: 'admins' })
    expect(await lees.refused(pin(messageId))).toBe('not-permitted')
    await kims.accepted(pin(messageId))
    await kims.accepted({ type: 'room.close', roomId })
    expect(await kims.refused(pin(messageId, false))).toBe('room-closed')
  })

  it('[S13.1] former texts are kept with their times; the same text adds none; deleting erases them', async () => {
    const messageId = await say('one')
    const edit = (body: string): Operation => ({ type: 'message.edit', roomId, messageId, body })
    for (const body of ['two', 'two', 'three']) await kims.accepted(edit(body))
    const edits = [
      { body: 'one', writtenAt: NOW },
      { body: 'two', writtenAt: NOW }
    ]
    const path = `messages/${messageId}/edits`
    expect(await rest(lee, 'GET', path)).toMatchObject({ status: 200, body: { edits } })
    const stranger = await relay.signUp('stranger')
    expect(await rest(stranger, 'GET', path)).toMatchObject({ status: 404, body: { code: 'room-not-found' } })
    expect(await rest(lee, 'GET', `messages/${newId()}/edits`)).toMatchObject({ body: { code: 'message-not-found' } })
    await kims.accepted({ type: 'message.delete', roomId, messageId })
    expect(await rest(lee, 'GET', path)).toMatchObject({ status: 200, body: { edits: [] } })
  })

  it('REST pins and unpins', async () => {
    const messageId = await say('hello')
    for (let times = 0; times < 2; times++) expect((await rest(kim, 'PUT', `pins/${messageId}`)).status).toBe(204)
    expect(await pins()).toEqual([messageId])
    expect((await rest(kim, 'DELETE', `pins/${messageId}`)).status).toBe(204)
    expect(await pins()).toBeUndefined()
    expect((await rest(kim, 'GET', `pins/${messageId}`)).status).toBe(405)
  })
})
