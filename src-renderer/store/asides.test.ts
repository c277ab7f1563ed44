// [S11.5] What is said aside, as its few see it: in its room's timeline, marked, in nobody's list of rooms.
import { filter, firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { MessageRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { inAsideOrder } from './asides.ts'
import type { Timeline } from './chat-store.ts'
import type { Store } from './open-store.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, memberOf, membershipOf, messageOf, reactionOf, roomOf } from './testing/records.ts'

const [me, mina, jun] = [newId(), newId(), newId()]
const room = newId()
const withMina = asideRoomId(room, [me, mina])
const withJun = asideRoomId(room, [me, jun])
let device = testDevice(me)
afterEach(async () => {
  await device.close()
  device = testDevice(me)
})

const at = (minute: number): string => `2026-02-10T06:${String(minute).padStart(2, '0')}:00.000Z`

async function holdAside(store: Store, other: string, messages: readonly MessageRecord[]): Promise<void> {
  const id = asideRoomId(room, [me, other])
  const members = [me, other].map((userId) => memberOf(id, userId, { parentId: room }))
  const aside = roomOf(id, { kind: 'aside', name: '', parentId: room })
  await store.sync.applyRecords(roomStream(id), 1, [aside, ...members, ...messages])
  await store.sync.applyRecords(userStream(me), 1, [membershipOf(id, { parentId: room, rev: 7 })])
  const head = Math.max(0, ...messages.map(({ seq }) => seq))
  const ranges = head === 0 ? [] : [[1, head] as const]
  await store.sync.saveStreams([{ stream: roomStream(id), epoch: 1, checkpoint: 99, ranges, headSeq: head }])
}

const said = (id: string, seq: number, anchorSeq: number, more: Partial<MessageRecord> = {}): MessageRecord =>
  messageOf(id, seq, { anchorSeq, authorId: mina, ...more })

const lines = ({ items }: Timeline): string[] =>
  items.map(({ body, seq, aside }) => `${seq ?? (aside?.anchorSeq == null ? '–' : `·${aside.anchorSeq}`)} ${body}`)

const timelineOf = (store: Store, isThere: (timeline: Timeline) => boolean, fromSeq = 1): Promise<Timeline> =>
  firstValueFrom(store.chat.queries.watchTimeline(room, fromSeq).pipe(filter(isThere)))

describe('the timeline', () => {
  it('shows each behind its anchor, of several asides by when they came, and own ones that wait at the end', async () => {
    const store = await device.open({ paceMs: 0 })
    await holdRoom(
      store,
      me,
      room,
      [1, 2, 3].map((seq) => messageOf(room, seq))
    )
    await holdAside(store, mina, [
      said(withMina, 1, 2, { body: 'm1', acceptedAt: at(1) }),
      said(withMina, 2, 2, { body: 'm2', acceptedAt: at(4) }),
      said(withMina, 3, 3, { body: 'm3', acceptedAt: at(6) })
    ])
    await holdAside(store, jun, [
      said(withJun, 1, 0, { body: 'j1', authorId: jun, acceptedAt: at(0) }),
      said(withJun, 2, 2, { body: 'j2', authorId: jun, acceptedAt: at(3) })
    ])
    await store.chat.commands.sendMessage(room, 'to all')
    await store.chat.commands.sendMessage(room, 'to mina', { to: [mina, mina, me] })
    const timeline = await timelineOf(store, ({ items }) => items.length === 10)
    expect(lines(timeline)).toEqual([
      '·0 j1',
      '1 message 1',
      '2 message 2',
      '·2 m1',
      '·2 j2',
      '·2 m2',
      '3 message 3',
      '·3 m3',
      '– to all',
      '– to mina'
    ])
    const [first, , , marked] = timeline.items
    expect(first).toMatchObject({ roomId: withJun, aside: { userIds: [me, jun].toSorted(), unread: true, seq: 1 } })
    expect(marked).toMatchObject({ roomId: withMina, own: false })
    expect(timeline.items.at(-1)).toMatchObject({ roomId: withMina, aside: { unread: false, seq: null } })
    expect(timeline).toMatchObject({ fromSeq: 1, headSeq: 3, complete: true })

    const window = await timelineOf(store, ({ items }) => items.length === 4, 3)
    expect(lines(window)).toEqual(['3 message 3', '·3 m3', '– to all', '– to mina'])
  })

  it('keeps the order of one aside whatever its anchors and clocks say, as behind a relay that went back', () => {
    const rows = [
      said(withMina, 1, 9, { acceptedAt: at(9) }),
      said(withMina, 2, 4, { acceptedAt: at(2) }),
      said(withJun, 1, 9, { acceptedAt: at(5) })
    ].map((record) => ({ ...record, key: record.id, epoch: 1 }))
    const seqs = inAsideOrder(rows).map(({ row, anchorSeq }) => [row.roomId, row.seq, anchorSeq])
    expect(seqs).toEqual([
      [withJun, 1, 9],
      [withMina, 1, 9],
      [withMina, 2, 9]
    ])
  })

  it('an answer, a reaction and an edit in it show there; a waiting one is edited in place', async () => {
    const store = await device.open({ paceMs: 0 })
    const first = said(withMina, 1, 1, { body: 'shall we?' })
    await holdRoom(store, me, room, [messageOf(room, 1)])
    await holdAside(store, mina, [first, said(withMina, 2, 1, { authorId: me, body: 'mine' })])
    await store.sync.applyRecords(roomStream(withMina), 1, [reactionOf(first, mina, '👍')])
    const { commands } = store.chat
    await commands.setReaction(withMina, first.id, '🎉', true)
    await commands.sendMessage(withMina, 'yes', { replyTo: first.id })
    const waiting = await commands.sendMessage(room, 'tomorow', { to: [mina] })
    await commands.editMessage(withMina, waiting, 'tomorrow')
    await commands.setReaction(withMina, waiting, '👍', true)
    const timeline = await timelineOf(store, ({ items }) => items.at(-1)?.reactions !== undefined)
    expect(timeline.items.map(({ body }) => body)).toEqual(['message 1', 'shall we?', 'mine', 'yes', 'tomorrow'])
    expect(timeline.items[1]?.reactions?.map(({ emoji }) => emoji)).toEqual(['👍', '🎉'])
    expect(timeline.items[3]).toMatchObject({
      roomId: withMina,
      replyTo: { id: first.id, message: { excerpt: 'shall we?' } },
      aside: { userIds: [me, mina].toSorted() }
    })
    const [, reply, send, reaction] = await store.sync.loadOutbox()
    expect(reply?.operation).toMatchObject({ type: 'message.send', roomId: withMina, replyTo: first.id })
    expect(send?.operation).toMatchObject({ type: 'message.send', roomId: room, to: [mina], body: 'tomorrow' })
    expect(reaction?.dependsOn).toEqual([send?.id])

    const listed = await firstValueFrom(store.chat.queries.watchOutbox())
    expect(new Set(listed.map(({ roomId, roomName }) => `${roomId} ${roomName}`))).toEqual(new Set([`${room} hall`]))
    expect(await commands.deleteMessage(withMina, waiting)).toBeUndefined()
    expect((await store.sync.loadOutbox()).map(({ operation }) => operation.type)).not.toContain('message.delete')
  })

  it('a message that waited becomes the record without being there twice or missing', async () => {
    const store = await device.open({ paceMs: 0 })
    await holdRoom(store, me, room, [messageOf(room, 1)])
    const id = await store.chat.commands.sendMessage(room, 'psst', { to: [mina] })
    const seen: string[][] = []
    store.chat.queries.watchTimeline(room, 1).subscribe((timeline) => seen.push(lines(timeline)))
    const [entry] = await store.sync.numberPending(1)
    const stream = roomStream(withMina)
    await store.sync.storeAnswers(1, [{ status: 'accepted', id: entry!.id, n: 1, stream, rev: 3, seq: 1 }])
    await holdAside(store, mina, [said(withMina, 1, 1, { id, authorId: me, body: 'psst' })])
    await store.sync.removeEntries([entry!.id])
    await expect.poll(() => seen.at(-1)).toEqual(['1 message 1', '·1 psst'])
    const words = seen.slice(1).map((each) => each.filter((line) => line.endsWith('psst')).length)
    expect(new Set(words)).toEqual(new Set([1]))
  })
})

describe('the list of rooms', () => {
  it('has no asides; their unread messages, mentions, last words and waiting operations are the room’s', async () => {
    const store = await device.open({ paceMs: 0 })
    await holdRoom(store, me, room, [messageOf(room, 1, { acceptedAt: at(1) })], { membership: { readSeq: 1 } })
    await holdAside(store, mina, [
      said(withMina, 1, 1, { acceptedAt: at(2) }),
      said(withMina, 2, 1, { acceptedAt: at(3), body: 'you', mentions: [me] })
    ])
    const { queries, commands } = store.chat
    const [listed, ...others] = await firstValueFrom(
      queries.watchRooms().pipe(filter(([first]) => first?.unread === 2 && first.last?.aside?.userIds.length === 2))
    )
    expect(others).toEqual([])
    expect(listed).toMatchObject({ id: room, unread: 2, mentions: 1, activityAt: at(3), last: { body: 'you' } })
    await commands.markRead(withMina, 2)
    const [read] = await firstValueFrom(queries.watchRooms().pipe(filter(([first]) => first?.unread === 0)))
    expect(read).toMatchObject({ mentions: 0, readSeq: 1 })
    await commands.sendMessage(room, 'me too', { to: [mina] })
    const [own] = await firstValueFrom(queries.watchRooms().pipe(filter(([first]) => first?.last?.body === 'me too')))
    expect(own).toMatchObject({ waiting: 1, last: { roomId: withMina, aside: { anchorSeq: null } } })
    expect(Date.parse(own!.activityAt)).toBeGreaterThan(Date.parse(at(3)))
  })

  it('who has left the room has nothing unread in its asides, but keeps what was said', async () => {
    const store = await device.open({ paceMs: 0 })
    await holdRoom(store, me, room, [messageOf(room, 1)], { membership: { readSeq: 1 } })
    await holdAside(store, mina, [said(withMina, 1, 1)])
    await firstValueFrom(store.chat.queries.watchRooms().pipe(filter(([first]) => first?.unread === 1)))
    await store.sync.applyRecords(userStream(me), 1, [membershipOf(room, { rev: 9, state: 'left' })])
    const [left] = await firstValueFrom(store.chat.queries.watchRooms().pipe(filter(([first]) => !first?.joined)))
    expect(left).toMatchObject({ unread: 0, role: null })
    expect(lines(await timelineOf(store, ({ items }) => items.length === 2))).toEqual(['1 message 1', '·1 message 1'])
  })
})

it('tells which room each aside belongs to that the person is in, and no longer once they have left', async () => {
  const store = await device.open({ paceMs: 0 })
  await holdRoom(store, me, room, [])
  await holdAside(store, mina, [])
  await holdAside(store, jun, [])
  const seen: string[][] = []
  const watching = store.chat.queries.watchAsideRooms().subscribe((rooms) => {
    expect([...rooms.values()].every((each) => each === room)).toBe(true)
    seen.push([...rooms.keys()])
  })
  await expect.poll(() => seen.at(-1)?.toSorted()).toEqual([withMina, withJun].toSorted())
  const ended = membershipOf(withMina, { parentId: room, rev: 8, state: 'removed' })
  await store.sync.applyRecords(userStream(me), 1, [ended])
  await expect.poll(() => seen.at(-1)).toEqual([withJun])
  watching.unsubscribe()
})
