// The list of rooms: records and own operations as one, in order of activity.
import { filter, firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { MemberState, MessageRecord } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { RoomSummary } from './chat-store.ts'
import type { Store } from './open-store.ts'
import { refused } from './sync-store.contract.ts'
import { testDevice } from './testing/device.ts'

const me = newId()
const mina = newId()
let rev = 0

function at(minute: number): string {
  return new Date(Date.UTC(2026, 1, 10, 6, minute)).toISOString()
}

async function addRoom({ sync }: Store, name: string, state: MemberState = 'joined', id = newId()): Promise<string> {
  await sync.applyRecords(roomStream(id), 1, [
    { type: 'room', rev: ++rev, id, kind: 'group', name, createdBy: mina, createdAt: at(0) }
  ])
  await sync.applyRecords(userStream(me), 1, [{ type: 'membership', rev: ++rev, roomId: id, state, changedAt: at(0) }])
  return id
}

function message(roomId: string, seq: number, minute: number, fields: Partial<MessageRecord> = {}): MessageRecord {
  const common = { type: 'message', rev: ++rev, id: newId(), roomId, seq, kind: 'text' } as const
  return { ...common, authorId: mina, body: `message ${seq}`, sentAt: at(minute), acceptedAt: at(minute), ...fields }
}

/** Stores messages as sync does: the records, then what is held of the room. */
async function hold({ sync }: Store, roomId: string, messages: readonly MessageRecord[]): Promise<void> {
  const stream = roomStream(roomId)
  await sync.applyRecords(stream, 1, messages)
  const headSeq = Math.max(...messages.map(({ seq }) => seq))
  await sync.saveStreams([{ stream, epoch: 1, checkpoint: rev, ranges: [[1, headSeq]], headSeq }])
}

describe('rooms', () => {
  let device = testDevice(me)
  afterEach(async () => {
    await device.close()
    device = testDevice(me)
  })

  const now = ({ chat }: Store): Promise<readonly RoomSummary[]> => firstValueFrom(chat.queries.watchRooms())
  const only = async (store: Store): Promise<RoomSummary> => {
    const rooms = await now(store)
    expect(rooms).toHaveLength(1)
    return rooms[0]!
  }

  it('is empty at once on a new device', async () => {
    expect(await now(await device.open())).toEqual([])
  })

  it('[S5] stands by latest activity of the relay’s clock, with the newest message, also after a restart', async () => {
    const store = await device.open()
    const quiet = await addRoom(store, 'quiet')
    const [old, busy] = [await addRoom(store, 'old'), await addRoom(store, 'busy')]
    await hold(store, old, [message(old, 1, 5)])
    await hold(store, busy, [message(busy, 2, 9, { body: 'newest' }), message(busy, 1, 8)])
    const before = await now(store)
    expect(before.map(({ id }) => id)).toEqual([busy, old, quiet])
    expect(before[0]).toMatchObject({ joined: true, last: { body: 'newest', seq: 2 }, activityAt: at(9) })
    await device.close()
    expect(await now(await device.open())).toEqual(before)
  })

  it('an edit of the newest message shows, one of an older message does not', async () => {
    const store = await device.open()
    const room = await addRoom(store, 'hall')
    const [one, two] = [message(room, 1, 1), message(room, 2, 2)]
    await hold(store, room, [one, two])
    await store.sync.applyRecords(roomStream(room), 1, [{ ...one, rev: ++rev, body: 'old, edited' }])
    expect((await only(store)).last!.body).toBe('message 2')
    await store.sync.applyRecords(roomStream(room), 1, [{ ...two, rev: ++rev, body: '', deletedAt: at(3) }])
    expect((await only(store)).last).toMatchObject({ body: '', deletedAt: at(3) })
  })

  it('[S11.1] an ended membership keeps the room, read-only', async () => {
    const store = await device.open()
    await addRoom(store, 'gone', 'removed')
    expect(await only(store)).toMatchObject({ name: 'gone', joined: false })
  })

  it('a membership whose room has not arrived is not shown without a name', async () => {
    const store = await device.open()
    await store.sync.applyRecords(userStream(me), 1, [
      { type: 'membership', rev: 1, roomId: newId(), state: 'joined', changedAt: at(0) }
    ])
    expect(await now(store)).toEqual([])
  })

  it('a room made offline is there at once, takes messages, and becomes the record under the same id', async () => {
    const store = await device.open({ now: () => Date.parse(at(30)) })
    await addRoom(store, 'other')
    const id = await store.chat.commands.createRoom('  대청마루 ', [mina, mina, me])
    await store.chat.commands.sendMessage(id, 'first words')
    const [first] = await now(store)
    expect(first).toMatchObject({ id, name: '대청마루', room: null, joined: true, waiting: 2, activityAt: at(30) })
    expect(first!.last).toMatchObject({ body: 'first words', seq: null, state: { name: 'waiting' } })
    const [creation, words] = await store.sync.loadOutbox()
    expect(creation!.operation).toMatchObject({ type: 'room.create', name: '대청마루', memberIds: [mina] })
    expect(words!.dependsOn).toEqual([creation!.id])
    await addRoom(store, '대청마루', 'joined', id)
    const [same] = await now(store)
    expect(same).toMatchObject({ id, joined: true })
    expect(same!.room).not.toBeNull()
  })

  it('[S6] counts what waits and what was refused; an old refused message does not hide newer ones', async () => {
    const store = await device.open()
    const room = await addRoom(store, 'hall')
    await store.chat.commands.sendMessage(room, 'refused')
    const [entry] = await store.sync.numberPending(1)
    await store.sync.storeAnswers(1, [refused(entry!)])
    await hold(store, room, [message(room, 1, 1, { body: 'newest' })])
    await store.chat.commands.saveDraft(room, 'unfinished')
    expect(await only(store)).toMatchObject({ waiting: 0, refused: 1, draft: 'unfinished', last: { body: 'newest' } })
    await store.chat.commands.sendMessage(room, 'waits')
    expect(await only(store)).toMatchObject({ waiting: 1, refused: 1, last: { body: 'waits' } })
    await store.chat.commands.saveDraft(room, '')
    expect((await only(store)).draft).toBe('')
  })

  it('leaving shows at once and comes back if it is refused', async () => {
    const store = await device.open()
    const room = await addRoom(store, 'hall')
    await store.chat.commands.leaveRoom(room)
    expect((await only(store)).joined).toBe(false)
    const [entry] = await store.sync.numberPending(1)
    await store.sync.storeAnswers(1, [refused(entry!)])
    expect((await only(store)).joined).toBe(true)
  })

  it('own commands show without waiting for the pace, and unchanged rooms stay the same objects', async () => {
    const store = await device.open({ paceMs: 60_000 })
    const room = await addRoom(store, 'hall')
    const other = await addRoom(store, 'other')
    const seen: (readonly RoomSummary[])[] = []
    const subscription = store.chat.queries.watchRooms().subscribe((rooms) => seen.push(rooms))
    await firstValueFrom(store.chat.queries.watchRooms().pipe(filter((rooms) => rooms.length === 2)))
    await store.chat.commands.sendMessage(room, 'at once')
    expect(seen).toHaveLength(2)
    const of = (rooms: readonly RoomSummary[], id: string): RoomSummary => rooms.find((each) => each.id === id)!
    expect(of(seen[1]!, room).last!.body).toBe('at once')
    expect(of(seen[1]!, other)).toBe(of(seen[0]!, other))
    await store.sync.applyRecords(roomStream(other), 1, [message(other, 1, 1)])
    expect(seen).toHaveLength(2)
    subscription.unsubscribe()
  })
})
