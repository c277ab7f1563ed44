// What a person sees of a room: records and own pending operations as one, through every step of a message's way.
import { filter, firstValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { MessageRecord } from '../../protocol/records.ts'
import { roomStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { Timeline } from './chat-store.ts'
import type { Store, StoreOptions } from './open-store.ts'
import type { OutboxEntry } from './sync-store.ts'
import { testDevice } from './testing/device.ts'

const roomId = newId()
const [me, mina] = [newId(), newId()]
const stream = roomStream(roomId)
const time = '2026-02-10T06:05:00.000Z'

function message(seq: number, fields: Partial<MessageRecord> = {}): MessageRecord {
  const common = { type: 'message', rev: seq, id: newId(), roomId, seq, kind: 'text' } as const
  return { ...common, authorId: mina, body: `message ${seq}`, sentAt: time, acceptedAt: time, ...fields }
}

describe('timeline', () => {
  let device = testDevice(me)
  const open = (options: Partial<StoreOptions> = {}): Promise<Store> => {
    device = testDevice(me)
    return device.open(options)
  }
  afterEach(() => device.close())

  const lines = ({ items }: Timeline): string[] =>
    items.map(({ seq, body, state }) => `${seq ?? '–'} ${body}${state ? ` (${state.name})` : ''}`)
  const when = (timelines: Observable<Timeline>, holds: (timeline: Timeline) => boolean): Promise<Timeline> =>
    firstValueFrom(timelines.pipe(filter(holds)))
  const sent = async ({ sync }: Store, limit = 100): Promise<OutboxEntry[]> => sync.numberPending(limit)
  const record = ({ operation }: OutboxEntry, seq: number, fields: Partial<MessageRecord> = {}): MessageRecord => {
    if (operation.type !== 'message.send') throw new Error('not a message')
    return message(seq, { authorId: me, id: operation.messageId, body: operation.body, ...fields })
  }

  it('an empty room is complete at once', async () => {
    const { chat } = await open()
    const timeline = await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    expect(timeline).toEqual({ items: [], fromSeq: 0, headSeq: 0, complete: true })
  })

  it('[S4] stands in order of seq, whatever the order of arrival, from the asked seq on', async () => {
    const { chat, sync } = await open()
    await sync.applyRecords(stream, 1, [message(4), message(2), message(1), message(3)])
    const timeline = await firstValueFrom(chat.queries.watchTimeline(roomId, 2))
    expect(lines(timeline)).toEqual(['2 message 2', '3 message 3', '4 message 4'])
    expect(timeline).toMatchObject({ fromSeq: 2, headSeq: 4, complete: true })
  })

  it('tells when something between is missing, or newer is known of', async () => {
    const { chat, sync } = await open()
    await sync.applyRecords(stream, 1, [message(1), message(3)])
    const timelines = chat.queries.watchTimeline(roomId, 1)
    expect((await firstValueFrom(timelines)).complete).toBe(false)
    await sync.applyRecords(stream, 1, [message(2)])
    expect((await firstValueFrom(timelines)).complete).toBe(true)
    await sync.saveStreams([{ stream, epoch: 1, checkpoint: 3, ranges: [[1, 3]], headSeq: 9 }])
    expect(await when(timelines, ({ headSeq }) => headSeq === 9)).toMatchObject({ complete: false })
  })

  it('an own message shows at once, and keeps its place and id while it is answered, stored and leaves the outbox', async () => {
    const { chat, sync } = await open({ paceMs: 0 })
    await sync.applyRecords(stream, 1, [message(1)])
    const seen: string[][] = []
    const ids = new Set<string>()
    const subscription = chat.queries.watchTimeline(roomId, 1).subscribe((timeline) => {
      seen.push(lines(timeline))
      for (const { id, own } of timeline.items) if (own) ids.add(id)
    })
    await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    const messageId = await chat.commands.sendMessage(roomId, 'hello')
    const [entry] = await sent({ sync } as Store)
    await sync.storeAnswers(1, [{ status: 'accepted', id: entry!.id, n: 1, stream, rev: 2, seq: 2 }])
    await when(chat.queries.watchTimeline(roomId, 1), ({ items }) => items.at(-1)?.state?.name === 'accepted')
    await sync.applyRecords(stream, 1, [record(entry!, 2)])
    await sync.removeEntries([entry!.id])
    await when(chat.queries.watchTimeline(roomId, 1), ({ items }) => items.at(-1)?.seq === 2)
    subscription.unsubscribe()
    expect([...ids]).toEqual([messageId])
    expect(seen.every((each) => each.length <= 2)).toBe(true)
    const first = seen.findIndex((each) => each.length === 2)
    expect(seen.slice(first).every((each) => each.length === 2 && each[1]!.includes('hello'))).toBe(true)
    expect(await sync.loadOutbox()).toEqual([])
  })

  it('[S2] a hint that comes before the answer does not double the message', async () => {
    const { chat, sync } = await open()
    await chat.commands.sendMessage(roomId, 'hello')
    const [entry] = await sync.numberPending(1)
    await sync.applyRecords(stream, 1, [record(entry!, 1)])
    const timeline = await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    expect(lines(timeline)).toEqual(['1 hello (accepted)'])
  })

  it('pending ones stand at the end in order of writing, numbered first, behind everybody else’s', async () => {
    const { chat, sync } = await open({ now: () => 1000 })
    for (const body of ['a', 'b', 'c']) await chat.commands.sendMessage(roomId, body)
    await sync.numberPending(1)
    await sync.applyRecords(stream, 1, [message(1)])
    const timeline = await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    expect(lines(timeline)).toEqual(['1 message 1', '– a (waiting)', '– b (waiting)', '– c (waiting)'])
    expect(timeline.fromSeq).toBe(1)
  })

  it('[S6] a refused message stays with its reason and its words', async () => {
    const { chat, sync } = await open()
    await chat.commands.sendMessage(roomId, 'too late')
    const [entry] = await sync.numberPending(1)
    const error = { code: 'not-a-member', message: 'removed' }
    await sync.storeAnswers(1, [{ status: 'refused', id: entry!.id, n: 1, error }])
    const { items } = await when(
      chat.queries.watchTimeline(roomId, 1),
      ({ items }) => items[0]?.state?.name === 'refused'
    )
    expect(items).toMatchObject([{ body: 'too late', entryId: entry!.id, state: { error, entryId: entry!.id } }])
  })

  it('an accepted message whose record lies above the window is not shown again at the end', async () => {
    const { chat, sync } = await open()
    await chat.commands.sendMessage(roomId, 'long ago')
    const [entry] = await sync.numberPending(1)
    await sync.storeAnswers(1, [{ status: 'accepted', id: entry!.id, n: 1, stream, rev: 1, seq: 1 }])
    await sync.applyRecords(stream, 1, [record(entry!, 1), message(2), message(3)])
    expect(lines(await firstValueFrom(chat.queries.watchTimeline(roomId, 3)))).toEqual(['3 message 3'])
  })

  it('[S8] an edit changes one line and leaves the others the same objects', async () => {
    const { chat, sync } = await open()
    const [one, two] = [message(1), message(2)]
    await sync.applyRecords(stream, 1, [one, two])
    const timelines = chat.queries.watchTimeline(roomId, 1)
    const seen: Timeline[] = []
    const subscription = timelines.subscribe((timeline) => seen.push(timeline))
    await firstValueFrom(timelines)
    await sync.applyRecords(stream, 1, [{ ...two, rev: 3, body: 'edited', editedAt: time }])
    await when(timelines, ({ items }) => items[1]?.body === 'edited')
    await sync.applyRecords(stream, 1, [one])
    await chat.commands.saveDraft(roomId, 'passes whatever waits')
    subscription.unsubscribe()
    expect(seen).toHaveLength(2)
    expect(seen[1]!.items[0]).toBe(seen[0]!.items[0])
    expect(seen[1]!.items[1]).toMatchObject({ body: 'edited', editedAt: time })
  })

  it('other rooms’ messages and outbox entries do not appear, nor make it emit', async () => {
    const { chat, sync } = await open({ paceMs: 0 })
    const other = newId()
    const seen: Timeline[] = []
    const subscription = chat.queries.watchTimeline(roomId, 1).subscribe((timeline) => seen.push(timeline))
    await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    await sync.applyRecords(roomStream(other), 1, [message(1, { roomId: other })])
    await chat.commands.sendMessage(other, 'elsewhere')
    subscription.unsubscribe()
    expect(seen).toHaveLength(1)
  })
})
