// What a person sees of a room: records and own pending operations as one, through every step of a message's way.
import { filter, firstValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../protocol/operations.ts'
import type { MemberRecord, MessageRecord, UserRecord } from '../../protocol/records.ts'
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

  it('is known without a subscription while somebody looks at it, as it was told last', async () => {
    const { chat, sync } = await open({ paceMs: 0 })
    await sync.applyRecords(stream, 1, [message(1)])
    const known = (): string[] | undefined => {
      const latest = chat.queries.watchTimeline(roomId, 1).latest?.()
      return latest && lines(latest.value)
    }
    expect(known()).toBeUndefined()
    const looking = chat.queries.watchTimeline(roomId, 1).subscribe()
    expect(known()).toBeUndefined()
    await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    expect(known()).toEqual(['1 message 1'])
    expect(chat.queries.watchTimeline(roomId, 2).latest?.()).toBeUndefined()
    const grown = when(chat.queries.watchTimeline(roomId, 1), ({ items }) => items.length === 2)
    await sync.applyRecords(stream, 1, [message(2)])
    await grown
    expect(known()).toEqual(['1 message 1', '2 message 2'])
    looking.unsubscribe()
    expect(known()).toBeUndefined()
  })

  it('a window further up ends where it is said, without what waits to be sent', async () => {
    const { chat, sync } = await open()
    await sync.applyRecords(
      stream,
      1,
      [1, 2, 3, 4, 5].map((seq) => message(seq))
    )
    await chat.commands.sendMessage(roomId, 'waits')
    const timeline = await firstValueFrom(chat.queries.watchTimeline(roomId, 2, 4))
    expect(lines(timeline)).toEqual(['2 message 2', '3 message 3', '4 message 4'])
    expect(timeline).toMatchObject({ fromSeq: 2, complete: true })
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

  it('a message whose leaving the outbox is heard before its record does not vanish in between', async () => {
    const { chat, sync } = await open({ paceMs: 0 })
    const second = await device.openOwnWindow()
    await chat.commands.sendMessage(roomId, 'hello')
    const [entry] = await sync.numberPending(1)
    await sync.storeAnswers(1, [{ status: 'accepted', id: entry!.id, n: 1, stream, rev: 1, seq: 1 }])
    const seen: string[][] = []
    const timelines = chat.queries.watchTimeline(roomId, 1)
    const subscription = timelines.subscribe((timeline) => seen.push(lines(timeline)))
    await firstValueFrom(timelines)
    const left = firstValueFrom(sync.watchOutbox().pipe(filter((entries) => entries.length === 0)))
    await second.sync.removeEntries([entry!.id])
    await left
    await sync.applyRecords(stream, 1, [record(entry!, 1)])
    await chat.commands.saveDraft(roomId, 'passes whatever waits')
    subscription.unsubscribe()
    expect(seen).toEqual([['– hello (accepted)'], ['1 hello (accepted)']])
  })

  it('own edits and deletions show before they are answered, on stored and on waiting messages, until their version is here', async () => {
    const { chat, sync } = await open()
    const second = await device.openOwnWindow()
    const append = (operation: Operation): Promise<void> =>
      second.outbox.append({
        id: newId(),
        place: second.outbox.nextPlace(),
        n: null,
        createdAt: time,
        dependsOn: [],
        operation,
        state: 'pending'
      })
    const [mine, gone] = [message(1, { authorId: me, body: 'mine' }), message(2, { authorId: me })]
    await sync.applyRecords(stream, 1, [mine, gone])
    await append({ type: 'message.edit', roomId, messageId: mine.id, body: 'edited' })
    await append({ type: 'message.delete', roomId, messageId: gone.id })
    const timelines = chat.queries.watchTimeline(roomId, 1)
    const before = await when(timelines, ({ items }) => items[1]?.deletedAt !== undefined)
    expect(lines(before)).toEqual(['1 edited (waiting)', '2  (waiting)'])
    const [edit] = await sync.numberPending(1)
    await sync.storeAnswers(1, [{ status: 'accepted', id: edit!.id, n: 1, stream, rev: 3 }])
    expect(lines(await firstValueFrom(timelines))[0]).toBe('1 edited (accepted)')
    await sync.applyRecords(stream, 1, [{ ...mine, rev: 4, body: 'edited elsewhere since', editedAt: time }])
    expect(lines(await firstValueFrom(timelines))[0]).toBe('1 edited elsewhere since (accepted)')
  })

  it('[S10.2] what an earlier life of the relay served under the same seq stays readable beside the new', async () => {
    const { chat, sync } = await open()
    await sync.applyRecords(stream, 1, [message(1), message(2, { body: 'only on this device' })])
    await sync.applyRecords(stream, 2, [message(2, { body: 'after the relay went back' })])
    const timeline = await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    expect(lines(timeline)).toEqual(['1 message 1', '2 only on this device', '2 after the relay went back'])
    expect(timeline.complete).toBe(true)
  })

  it('system lines have their event and no state, whoever did it', async () => {
    const { chat, sync } = await open()
    const event = { name: 'room-created', userIds: [mina] } as const
    await sync.applyRecords(stream, 1, [
      message(1, { kind: 'system', authorId: me, body: '', event: { ...event, userIds: [...event.userIds] } })
    ])
    const { items } = await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    expect(items[0]).toMatchObject({ kind: 'system', own: true, event })
    expect(items[0]!.state).toBeUndefined()
  })

  describe('beside it', () => {
    it('[S11.4] asks for nothing that came before one’s joining', async () => {
      const { chat, sync } = await open()
      const state = { stream, epoch: 1, checkpoint: 9, headSeq: 12, floor: 5 }
      const held = async (ranges: [number, number][]) => {
        await sync.saveStreams([{ ...state, ranges }])
        return (await firstValueFrom(chat.queries.watchHeld(roomId))).ranges
      }
      expect(await held([[9, 12]])).toEqual([[1, 5], [9, 12]]) // prettier-ignore
      expect(await held([[6, 12]])).toEqual([[1, 12]])
      expect(await held([[1, 3], [9, 12]])).toEqual([[1, 5], [9, 12]]) // prettier-ignore
      expect(await held([])).toEqual([[1, 5]])
    })

    it('[S9.1] tells what is held, and emits only when that changes', async () => {
      const { chat, sync } = await open()
      const seen: unknown[] = []
      const subscription = chat.queries.watchHeld(roomId).subscribe((held) => seen.push(held))
      await firstValueFrom(chat.queries.watchHeld(roomId))
      const state = { stream, epoch: 1, checkpoint: 9, ranges: [[3, 9]] as [number, number][], headSeq: 9 }
      await sync.saveStreams([state])
      await sync.saveStreams([state])
      await sync.saveStreams([{ ...state, stream: roomStream(newId()) }])
      subscription.unsubscribe()
      expect(seen).toEqual([
        { ranges: [], headSeq: 0 },
        { ranges: [[3, 9]], headSeq: 9 }
      ])
    })

    it('[S11] tells who is joined, by when they came, and who the users of the relay are', async () => {
      const { chat, sync } = await open({ paceMs: 0 })
      const member = (userId: string, day: number, state: 'joined' | 'left' = 'joined'): MemberRecord => ({
        type: 'member',
        rev: day,
        roomId,
        userId,
        role: 'member',
        state,
        joinedAt: `2026-01-0${day}T00:00:00.000Z`,
        joinedSeq: 0
      })
      const user: UserRecord = {
        type: 'user',
        rev: 1,
        id: mina,
        username: 'mina',
        displayName: '미나',
        role: 'member',
        createdAt: time
      }
      await sync.applyRecords(stream, 1, [member(mina, 2), member(me, 1), member(newId(), 3, 'left')])
      await sync.applyRecords('users', 1, [user])
      const members = await firstValueFrom(chat.queries.watchMembers(roomId))
      expect(members.map(({ userId }) => userId)).toEqual([me, mina])
      expect((await firstValueFrom(chat.queries.watchUsers())).get(mina)).toEqual(user)
      await sync.applyRecords(stream, 1, [{ ...member(mina, 2, 'left'), rev: 9 }])
      expect(await firstValueFrom(chat.queries.watchMembers(roomId))).toHaveLength(1)
      expect(await firstValueFrom(chat.queries.watchMembers(newId()))).toEqual([])
    })
  })
})
