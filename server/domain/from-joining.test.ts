import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_PULL_BYTES } from '../../protocol/limits.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { MessageRecord, StreamRecord } from '../../protocol/records.ts'
import { pullResultSchema } from '../../protocol/socket.ts'
import type { Changes, Page, Want } from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'
import { silentLog } from '../log.ts'
import { overlay, TestRelay } from '../testing/relay-kit.ts'
import type { Person, TestDevice } from '../testing/test-device.ts'
import { createReading } from './reading.ts'

const seqs = (records: readonly StreamRecord[]): (number | string)[] =>
  records.map((record) => (record.type === 'message' || record.type === 'reaction' ? record.seq : record.type))

describe('[S11.4] a room with history from-joining', () => {
  let relay: TestRelay
  let kim: Person
  let lee: Person
  let kims: TestDevice
  let lees: TestDevice
  let roomId: string
  /** By seq: 2, 3, 4 before lee joined, 6 and 7 after. */
  let messages: Record<number, string>

  beforeEach(async () => {
    relay = await TestRelay.start()
    ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
    ;[kims, lees] = [await relay.connect(kim), await relay.connect(lee)]
    roomId = newId()
    const settled = { kind: 'open', name: 'Hall', history: 'from-joining' } as const
    await kims.accepted({ type: 'room.create', roomId, memberIds: [], ...settled })
    messages = { 2: newId(), 3: newId(), 4: newId(), 6: newId(), 7: newId() }
    for (const seq of [2, 3, 4]) await kims.send(roomId, `secret ${seq}`, messages[seq])
    await lees.accepted({ type: 'room.join', roomId })
    for (const seq of [6, 7]) await kims.send(roomId, `public ${seq}`, messages[seq])
  })
  afterEach(() => relay.stop())

  const react = (seq: number): Operation => {
    return { type: 'reaction.set', roomId, messageId: messages[seq] ?? '', emoji: '👍', set: true }
  }
  const page = async (device: TestDevice, more: object = {}): Promise<Page> => {
    const result = pullResultSchema.parse(await device.pull({ kind: 'page', roomId, ...more }))
    const [first] = result.results
    if (!first?.ok || first.kind !== 'page') throw new Error(`no page: ${JSON.stringify(first)}`)
    return first
  }
  const changes = async (device: TestDevice, more: object = {}): Promise<Changes> => {
    const want: Want = { kind: 'changes', stream: `room:${roomId}`, since: 0, epoch: 0, ...more }
    const [first] = (await device.pull(want)).results
    if (!first?.ok || first.kind !== 'changes') throw new Error(`no changes: ${JSON.stringify(first)}`)
    return first
  }
  const rest = async (person: Person, query: string) => {
    const path = `rooms/${roomId}/messages?${query}`
    const { body } = await relay.rest<{ messages: MessageRecord[]; olderCursor?: number | null; more?: boolean }>(
      'GET',
      path,
      { token: person.token }
    )
    return body
  }

  it('pages end at the floor of who joined later, and have no more below it; others read on', async () => {
    expect(await page(lees)).toMatchObject({ floor: 4, more: false, headSeq: 7 })
    expect(seqs((await page(lees)).messages)).toEqual([5, 6, 7])
    expect(await page(lees, { limit: 3 })).toMatchObject({ more: false })
    expect(await page(lees, { limit: 2 })).toMatchObject({ more: true })
    expect(await page(lees, { before: 5 })).toMatchObject({ messages: [], more: false, floor: 4 })
    expect(seqs((await page(kims)).messages)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await page(kims)).toMatchObject({ floor: 0, more: false })
  })

  it('of earlier messages and their reactions, changes carry nothing but the advance of rev', async () => {
    await kims.accepted(react(3))
    await kims.accepted(react(6))
    await kims.accepted({ type: 'message.edit', roomId, messageId: messages[2] ?? '', body: 'still secret' })
    const seen = await changes(lees)
    expect(seqs(seen.records)).toEqual(['room', 'member', 'member', 5, 6, 7, 6])
    expect(seen).toMatchObject({ through: seen.head, more: false })
    expect(JSON.stringify([seen, await page(lees)])).not.toContain('secret')
    expect((await page(lees)).reactions).toMatchObject([{ seq: 6 }])
    expect(seqs((await changes(kims)).records).filter((seq) => seq === 2)).toHaveLength(1)
    const since = { since: seen.head - 1, epoch: relay.relay.storage.epoch }
    expect(await changes(lees, since)).toMatchObject({ records: [], through: seen.head, more: false })
  })

  it('REST reads from the floor too, pages and since', async () => {
    await kims.accepted({ type: 'message.edit', roomId, messageId: messages[2] ?? '', body: 'still secret' })
    expect(seqs((await rest(lee, 'limit=2')).messages)).toEqual([6, 7])
    const older = await rest(lee, 'limit=5')
    expect([seqs(older.messages), older.olderCursor]).toEqual([[5, 6, 7], null])
    const since = await rest(lee, 'since=0')
    expect([seqs(since.messages), since.more]).toEqual([[5, 6, 7], false])
    expect((await rest(kim, 'since=0')).messages).toHaveLength(7)
  })

  it('operations on earlier messages do not find them; their author, who was there, does', async () => {
    const messageId = messages[3] ?? ''
    expect(await lees.refused(react(3))).toBe('message-not-found')
    expect(await lees.refused({ type: 'message.edit', roomId, messageId, body: 'x' })).toBe('message-not-found')
    const reply = { type: 'message.send', roomId, messageId: newId(), body: 'x', replyTo: messageId } as const
    expect(await lees.refused({ ...reply, sentAt: '2026-01-01T00:00:00.000Z' })).toBe('message-not-found')
    await lees.accepted(react(6))
    await kims.accepted(react(3))
  })

  it('who is removed and taken in again while a page is read gets it by the new floor', async () => {
    const { storage } = relay.relay
    let pages = 0
    const slow = overlay(storage, {
      async page(...asked) {
        const page = await storage.page(...asked)
        pages += 1
        if (pages > 1) return page
        await kims.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
        await kims.accepted({ type: 'member.add', roomId, userIds: [lee.user.id] })
        return page
      }
    })
    const { results } = await createReading(slow, silentLog).pull(lee.user.id, { wants: [{ kind: 'page', roomId }] })
    expect(results).toMatchObject([{ ok: true, floor: 8, messages: [{ seq: 9 }] }])
    expect(pages).toBe(2)
  })

  it('who comes back reads from the last coming on', async () => {
    await lees.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    await kims.send(roomId, 'secret again')
    await lees.accepted({ type: 'room.join', roomId })
    await lees.send(roomId, 'back')
    expect(await page(lees)).toMatchObject({ floor: 9, messages: [{ seq: 10 }, { seq: 11 }] })
  })

  it('reads are for joined members alone [S11]', async () => {
    await lees.accepted({ type: 'read.mark', roomId, seq: 6 })
    const want: Want = { kind: 'changes', stream: `reads:${roomId}`, since: 0, epoch: 0 }
    const [first] = (await kims.pull(want)).results
    expect(first).toMatchObject({ records: [{ type: 'read', userId: lee.user.id, seq: 6 }], through: 1, more: false })
    const parks = await relay.connect(await relay.signUp('park'))
    expect((await parks.pull(want)).results).toMatchObject([{ ok: false, error: { code: 'room-not-found' } }])
    await lees.accepted({ type: 'member.remove', roomId, userId: lee.user.id })
    expect((await lees.pull(want)).results).toMatchObject([{ ok: false, error: { code: 'not-a-member' } }])
  })
})

describe('pages with reactions', () => {
  it('hold all that are set on their messages; with too many of them, they are shorter and have more', async () => {
    const relay = await TestRelay.start()
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim)
    const roomId = await device.createRoom()
    for (let n = 2; n <= 10; n++) await device.send(roomId, `message ${n}`)
    const { storage } = relay.relay
    const { messages } = await storage.page(roomId, { limit: 50, maxBytes: 1_000_000 })
    await storage.commit([`room:${roomId}`], async (draft) => {
      for (const { id: messageId, seq } of messages.slice(1))
        for (let n = 0; n < 250; n++) {
          const userId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
          const reaction = { type: 'reaction', roomId, messageId, seq, userId, emoji: '👍', set: n > 0 } as const
          await draft.put(`room:${roomId}`, reaction)
        }
    })
    const read: number[] = []
    let before: number | undefined
    for (let more = true; more;) {
      const [page] = (await device.pull({ kind: 'page', roomId, ...(before === undefined ? {} : { before }) })).results
      if (!page?.ok || page.kind !== 'page') throw new Error('no page')
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(MAX_PULL_BYTES)
      const shown = page.messages.map(({ seq }) => seq)
      expect(page.reactions).toHaveLength(249 * shown.filter((seq) => seq > 1).length)
      expect(page.reactions.every(({ seq, set }) => set && shown.includes(seq))).toBe(true)
      read.unshift(...shown)
      ;({ more } = page)
      before = shown[0]
    }
    expect(read).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const both = await device.pull({ kind: 'page', roomId }, { kind: 'page', roomId })
    expect(both.results).toMatchObject([{ more: true }, { messages: [], more: true }])
    await relay.stop()
  })
})
