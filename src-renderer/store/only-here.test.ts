// [S10.5] What a relay that went back has lost, as a person sees it.
import { filter, firstValueFrom } from 'rxjs'
import { afterEach, expect, it } from 'vitest'
import type { MembershipRecord, MessageRecord, RoomRecord } from '../../protocol/records.ts'
import type { Page } from '../../protocol/socket.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { Store } from './open-store.ts'
import { testDevice } from './testing/device.ts'

const roomId = newId()
const [me, mina] = [newId(), newId()]
const stream = roomStream(roomId)
const time = '2026-02-10T06:05:00.000Z'
let device = testDevice(me)
afterEach(async () => {
  await device.close()
  device = testDevice(me)
})

function message(seq: number, body: string, authorId = mina): MessageRecord {
  const common = { type: 'message', rev: seq, id: newId(), roomId, seq, kind: 'text' } as const
  return { ...common, authorId, body, sentAt: time, acceptedAt: time }
}

const page = (messages: MessageRecord[]): Page => ({
  ...({ ok: true, kind: 'page', roomId, messages, reactions: [], floor: 0, more: false } as const),
  head: 100,
  headSeq: messages.at(-1)?.seq ?? 0
})

async function lastSaid({ chat }: Store, body: string): Promise<void> {
  await firstValueFrom(chat.queries.watchRooms().pipe(filter(([room]) => room?.last?.body === body)))
}

it('stands beside what has its seq now, hides nothing, and is missed by nobody’s arithmetic', async () => {
  const store = await device.open({ paceMs: 0 })
  const { sync, chat } = store
  const [kept, mine, theirs, beyond] = [
    message(1, 'kept'),
    message(2, 'mine', me),
    message(3, 'theirs'),
    message(9, 'beyond')
  ]
  const membership: MembershipRecord = { type: 'membership', rev: 1, roomId, state: 'joined', changedAt: time }
  const room: RoomRecord = {
    type: 'room',
    rev: 1,
    id: roomId,
    kind: 'group',
    name: 'R',
    createdBy: me,
    createdAt: time
  }
  await sync.applyRecords(userStream(me), 1, [membership])
  await sync.applyRecords(stream, 1, [room, kept, mine, theirs, beyond])
  await sync.saveStreams([{ stream, epoch: 1, checkpoint: 9, ranges: [[1, 9]], headSeq: 9 }])
  await lastSaid(store, 'beyond')

  const place = message(2, 'in its place')
  await sync.saveStreams([{ stream, epoch: 0, checkpoint: 0, ranges: [], headSeq: 0 }])
  await sync.applyPage(stream, 2, page([kept, place]), { upTo: 1, givenUp: new Set([mine.id]) })
  const timeline = await firstValueFrom(
    chat.queries.watchTimeline(roomId, 1).pipe(filter(({ items }) => items.some(({ onlyHere }) => onlyHere)))
  )
  expect(timeline.items.map(({ body, onlyHere }) => [body, onlyHere])).toEqual([
    ['kept', undefined],
    ['in its place', undefined],
    ['theirs', true],
    ['beyond', true]
  ])
  expect(timeline).toMatchObject({ fromSeq: 1, headSeq: 2, complete: true })
  await lastSaid(store, 'in its place')

  await sync.applyRecords(stream, 2, [{ ...theirs, rev: 7 }])
  await lastSaid(store, 'theirs')
  const again = await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
  expect(again.items.filter(({ id }) => id === theirs.id).map(({ onlyHere }) => onlyHere)).toEqual([undefined])
})

it('is one line, not two, while an own message that was lost waits to be sent again', async () => {
  const store = await device.open({ paceMs: 0 })
  const { sync, chat } = store
  const [kept, later] = [message(1, 'kept'), message(3, 'later')]
  await sync.applyRecords(stream, 1, [kept])
  const seen: string[][] = []
  const watching = chat.queries.watchTimeline(roomId, 1).subscribe(({ items }) => seen.push(items.map(({ id }) => id)))
  const id = await chat.commands.sendMessage(roomId, 'mine')
  const [entry] = await sync.numberPending(1)
  if (!entry) throw new Error('nothing was numbered')
  await sync.storeAnswers(1, [{ id: entry.id, n: 1, status: 'accepted', stream, rev: 2, seq: 2 }])
  await sync.applyRecords(stream, 1, [{ ...message(2, 'mine', me), id }])
  await sync.removeEntries([entry.id])

  await sync.repeatOperations([entry.operation])
  await sync.applyPage(stream, 2, page([kept]), { upTo: 1, givenUp: new Set([id]) })
  await sync.applyRecords(stream, 2, [later])
  await expect.poll(() => seen.at(-1)).toEqual([kept.id, later.id, id])
  expect(seen.filter((ids) => new Set(ids).size < ids.length)).toEqual([])
  watching.unsubscribe()
})
