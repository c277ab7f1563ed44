// Direct rooms, notes, whom one blocks, who is there: as the person sees them, with own changes that are on their way.
import { filter, firstValueFrom, map } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { directRoomId, notesRoomId } from '../../protocol/derived-ids.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { RoomDetails, RoomSummary } from './chat-store.ts'
import type { Store } from './open-store.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, memberOf, membershipOf, messageOf, refuseAll, roomOf, userOf } from './testing/records.ts'

const [me, mina, jun] = [newId(), newId(), newId()]
const direct = directRoomId(me, mina)
let device = testDevice(me)
afterEach(async () => {
  await device.close()
  device = testDevice(me)
})

async function open(): Promise<Store> {
  const store = await device.open({ paceMs: 0 })
  const users = [userOf(me, { displayName: 'Me' }), userOf(mina, { displayName: 'Mina' }), userOf(jun)]
  await store.sync.applyRecords('users', 1, users)
  return store
}

/** Once the list has so many rooms. */
const listOf = ({ chat }: Store, isThere: (rooms: readonly RoomSummary[]) => boolean) =>
  firstValueFrom(chat.queries.watchRooms().pipe(filter(isThere)))
const detailsOf = ({ chat }: Store, roomId: string, isThere: (room: RoomDetails) => boolean = () => true) =>
  firstValueFrom(
    chat.queries.watchRoomDetails(roomId).pipe(
      filter((room) => room !== null),
      filter(isThere)
    )
  )

async function holdDirect(store: Store, { createdBy = mina, said = 0, ...membership } = {}): Promise<void> {
  const messages = Array.from({ length: said }, (_, index) => messageOf(direct, index + 1, { authorId: mina }))
  await holdRoom(store, me, direct, messages, { room: { kind: 'direct', name: '', createdBy }, membership })
  await store.sync.applyRecords(roomStream(direct), 1, [memberOf(direct, mina)])
}

describe('a direct room', () => {
  it('is made offline under its one id, once, and named after the other', async () => {
    const store = await open()
    const { commands } = store.chat
    expect(await Promise.all([commands.openDirect(mina), commands.openDirect(mina)])).toEqual([direct, direct])
    await commands.sendMessage(direct, 'hello')
    const [room, ...others] = await listOf(store, ([first]) => first?.last !== undefined && first.name !== '')
    expect(others).toEqual([])
    expect(room).toMatchObject({ id: direct, kind: 'direct', name: 'Mina', withUserId: mina, role: 'member' })
    expect(room?.may).toMatchObject({ write: true, add: false, leave: false, shape: false })
    const entries = await store.sync.loadOutbox()
    expect(entries.map(({ operation }) => operation.type)).toEqual(['room.create', 'message.send'])
    expect(entries[0]?.operation).toEqual({ type: 'room.create', roomId: direct, kind: 'direct', memberIds: [mina] })
    expect(entries[1]?.dependsOn).toEqual([entries[0]?.id])
    const [item] = await firstValueFrom(store.chat.queries.watchOutbox())
    expect(item?.roomName).toBe('Mina')
  })

  it('that is there is opened without an operation; one whose making was refused is tried anew', async () => {
    const store = await open()
    await holdDirect(store)
    await store.chat.commands.openDirect(mina)
    expect(await store.sync.loadOutbox()).toEqual([])
    await store.chat.commands.openDirect(jun)
    await refuseAll(store, 'user-not-found')
    await store.chat.commands.openDirect(jun)
    expect((await store.sync.loadOutbox()).map(({ state }) => state)).toEqual(['pending'])
  })

  it('that somebody else made shows when something is said or begun in it; an own one at once', async () => {
    const store = await open()
    await holdDirect(store)
    expect(await detailsOf(store, direct)).toMatchObject({ hidden: true, name: 'Mina', blocked: false })
    expect(await firstValueFrom(store.chat.queries.watchRooms())).toEqual([])
    await store.chat.commands.saveDraft(direct, 'dear')
    expect((await listOf(store, (rooms) => rooms.length === 1))[0]?.draft).toBe('dear')
    await store.chat.commands.saveDraft(direct, '')
    await listOf(store, (rooms) => rooms.length === 0)
    await store.sync.applyRecords(roomStream(direct), 1, [messageOf(direct, 1, { authorId: mina })])
    expect((await listOf(store, (rooms) => rooms.length === 1))[0]?.last?.body).toBe('message 1')
  })

  it('whose other has no account any more has no name, and nothing can be said', async () => {
    const store = await open()
    await holdDirect(store, { createdBy: me, said: 1 })
    const gone = { username: '', displayName: '', deletedAt: '2026-02-10T06:05:00.000Z', rev: 2 }
    await store.sync.applyRecords('users', 1, [userOf(mina, gone)])
    const [room] = await listOf(store, ([first]) => first?.name === '')
    expect(room).toMatchObject({ withUserId: mina, may: { write: false } })
    const people = await firstValueFrom(store.chat.queries.watchPeople())
    expect(people.map(({ user }) => user.id).toSorted()).toEqual([me, jun].toSorted())
  })

  it('[S11.8] with somebody who is blocked is in no list and counts for nothing, until the block is lifted', async () => {
    const store = await open()
    const { commands, queries } = store.chat
    await holdDirect(store, { said: 2 })
    expect((await listOf(store, ([first]) => first?.unread === 2)).length).toBe(1)
    await commands.setBlock(mina, true)
    await listOf(store, (rooms) => rooms.length === 0)
    expect(await detailsOf(store, direct, ({ blocked }) => blocked)).toMatchObject({ hidden: true, unread: 0 })
    const blockedOf = queries.watchPeople().pipe(map((all) => all.find(({ user }) => user.id === mina)?.blocked))
    expect(await firstValueFrom(blockedOf)).toBe(true)
    await commands.setBlock(mina, false)
    expect(await store.sync.loadOutbox()).toEqual([])
    await listOf(store, (rooms) => rooms.length === 1)
    const block = { type: 'block', rev: 3, userId: mina, set: true } as const
    await store.sync.applyRecords(userStream(me), 1, [block])
    await listOf(store, (rooms) => rooms.length === 0)
    expect([...(await firstValueFrom(queries.watchBlocked()))]).toEqual([mina])
    await store.sync.applyRecords(userStream(me), 1, [{ ...block, rev: 4, set: false }])
    await listOf(store, (rooms) => rooms.length === 1)
  })
})

it('[S14.3] [S12.6] what the person wants everywhere stands at once, is sent once, and can be undone', async () => {
  const store = await open()
  const { commands, queries } = store.chat
  const availability = async () => (await firstValueFrom(queries.watchPreferences())).availability
  const receipts = async () => (await firstValueFrom(queries.watchUsers())).get(me)?.receipts
  const waiting = async () => (await store.sync.loadOutbox()).map(({ operation }) => operation)
  await commands.setAvailability('auto')
  await commands.setReceipts(true)
  expect([await availability(), await receipts(), await waiting()]).toEqual(['auto', undefined, []])
  await commands.setAvailability('dnd')
  await commands.setAvailability('invisible')
  await commands.setReceipts(false)
  expect([await availability(), await receipts()]).toEqual(['invisible', false])
  expect(await waiting()).toEqual([
    { type: 'preferences.change', availability: 'invisible' },
    { type: 'profile.change', receipts: false }
  ])
  const numbered = await store.sync.numberPending(10)
  expect(await Promise.all(numbered.map(({ id }) => commands.cancel(id)))).toEqual(['undone', 'undone'])
  expect((await waiting()).slice(2)).toEqual([
    { type: 'preferences.change', availability: 'auto' },
    { type: 'profile.change', receipts: true }
  ])
  await store.sync.applyRecords(userStream(me), 1, [{ type: 'preferences', rev: 3, availability: 'dnd' }])
  await refuseAll(store)
  expect([await availability(), await receipts()]).toEqual(['dnd', undefined])
})

it('notes to self are one room of one’s own', async () => {
  const store = await open()
  expect(await store.chat.commands.openNotes()).toBe(notesRoomId(me))
  await store.chat.commands.openNotes()
  const [room] = await listOf(store, (rooms) => rooms.length === 1)
  expect(room).toMatchObject({ kind: 'notes', name: '', role: 'owner', may: { write: true, add: false, close: false } })
  const self = (await firstValueFrom(store.chat.queries.watchPeople())).find((person) => person.self)
  expect(self?.roomId).toBe(notesRoomId(me))
})

describe('mentions', () => {
  const room = newId()
  const said = (seq: number, mentions: string[], more: object = {}) => messageOf(room, seq, { mentions, ...more })
  const mentionsIn = (store: Store, count: number) => listOf(store, ([first]) => first?.mentions === count)

  it('[S11.8] are unread messages that name the person; not own ones, not by blocked people, not what was read', async () => {
    const store = await open()
    const messages = [
      said(1, [me]),
      said(2, [me, jun]),
      said(3, [jun]),
      said(4, [me], { authorId: mina }),
      said(5, [me], { authorId: me })
    ]
    await holdRoom(store, me, room, messages, { membership: { readSeq: 1 } })
    expect((await mentionsIn(store, 2))[0]?.unread).toBe(3)
    await store.chat.commands.setBlock(mina, true)
    expect((await mentionsIn(store, 1))[0]?.unread).toBe(3)
    await store.chat.commands.markRead(room, 3)
    await mentionsIn(store, 0)
    await store.sync.applyRecords(roomStream(room), 1, [said(5, [], { id: messages[4]!.id, rev: 9 }), said(6, [me])])
    await store.sync.saveStreams([{ stream: roomStream(room), epoch: 1, checkpoint: 20, ranges: [[1, 6]], headSeq: 6 }])
    await mentionsIn(store, 1)
  })

  it('are found behind more unread messages than are counted', async () => {
    const store = await open()
    const messages = Array.from({ length: 300 }, (_, index) => said(index + 1, index === 299 ? [me] : []))
    await holdRoom(store, me, room, messages)
    expect((await mentionsIn(store, 1))[0]?.unread).toBe(100)
    await store.sync.applyRecords(roomStream(room), 1, [said(301, [me])])
    await store.sync.saveStreams([
      { stream: roomStream(room), epoch: 1, checkpoint: 400, ranges: [[1, 301]], headSeq: 301 }
    ])
    await mentionsIn(store, 2)
  })
})

describe('what one may', () => {
  const room = newId()
  const holdWith = async (store: Store, role: 'owner' | 'admin' | 'member', more: object = {}) => {
    await store.sync.applyRecords(roomStream(room), 1, [roomOf(room, more), memberOf(room, mina, { rev: 3 })])
    await store.sync.applyRecords(roomStream(room), 1, [memberOf(room, me, { role, rev: 2 })])
    await store.sync.applyRecords(userStream(me), 1, [membershipOf(room)])
  }

  it('follows from role, writers and closing, with own changes that wait', async () => {
    const store = await open()
    const { commands } = store.chat
    await holdWith(store, 'owner')
    expect((await detailsOf(store, room, ({ role }) => role === 'owner')).may).toMatchObject({
      write: true,
      setRole: true,
      remove: 'anybody'
    })
    await commands.setRole(room, mina, 'owner')
    const handedOver = await detailsOf(store, room, ({ role }) => role === 'admin')
    expect(handedOver.may).toMatchObject({ setRole: false, remove: 'members', close: false })
    expect(handedOver.members.map(({ userId, role }) => [userId, role])).toContainEqual([mina, 'owner'])
    await store.sync.applyRecords(roomStream(room), 1, [roomOf(room, { rev: 8, writers: 'admins' })])
    await store.sync.applyRecords(roomStream(room), 1, [memberOf(room, me, { rev: 9 })])
    const [entry] = await store.sync.loadOutbox()
    await store.chat.commands.discard(entry!.id)
    const quiet = await detailsOf(store, room, ({ role }) => role === 'member')
    expect(quiet.may).toMatchObject({ write: false, react: true, shape: false, leave: true })
    await store.sync.applyRecords(roomStream(room), 1, [
      roomOf(room, { rev: 10, closedAt: '2026-03-01T00:00:00.000Z' })
    ])
    const closed = await detailsOf(store, room, ({ closedAt }) => closedAt !== null)
    expect(closed.may).toMatchObject({ write: false, react: false, leave: true, add: false })
  })

  it('[S11.6, S11.7] topic, picture, closing, banning show while they wait, and are rewritten in place', async () => {
    const store = await open()
    const { commands } = store.chat
    await holdWith(store, 'owner', { topic: 'old' })
    await commands.changeRoom(room, { topic: 'new' })
    await commands.changeRoom(room, { avatar: 'iVBORw0K', writers: 'admins' })
    await commands.setBan(room, mina, true)
    const changed = await detailsOf(store, room, ({ bannedIds }) => bannedIds.length === 1)
    expect(changed).toMatchObject({ topic: 'new', writers: 'admins', bannedIds: [mina] })
    expect(changed.avatar).toMatch(/^outbox:/)
    expect(changed.members.find(({ userId }) => userId === mina)?.pending).toBe('removing')
    expect((await store.sync.loadOutbox()).map(({ operation }) => operation)).toEqual([
      { type: 'room.change', roomId: room, topic: 'new' },
      { type: 'room.change', roomId: room, avatar: 'iVBORw0K', writers: 'admins' },
      { type: 'member.ban', roomId: room, userId: mina, set: true }
    ])
    await commands.setBan(room, mina, false)
    await commands.closeRoom(room)
    await commands.closeRoom(room)
    const closed = await detailsOf(store, room, ({ closedAt }) => closedAt !== null)
    expect(closed).toMatchObject({ bannedIds: [], may: { write: false } })
    expect((await store.sync.loadOutbox()).map(({ operation }) => operation.type)).toEqual([
      'room.change',
      'room.change',
      'room.close'
    ])
  })

  it('what was sent is undone by what was before; a room that was closed stays closed', async () => {
    const store = await open()
    const { commands } = store.chat
    await holdWith(store, 'owner', { topic: 'old' })
    await commands.changeRoom(room, { topic: 'new', writers: 'admins' })
    await commands.setRole(room, mina, 'admin')
    await commands.setBlock(mina, true)
    await commands.changeProfile({ status: 'away' })
    await commands.closeRoom(room)
    const numbered = await store.sync.numberPending(10)
    const outcomes = await Promise.all(numbered.map(({ id }) => commands.cancel(id)))
    expect(outcomes).toEqual(['undone', 'undone', 'undone', 'undone', 'too-late'])
    const undone = (await store.sync.loadOutbox()).slice(numbered.length).map(({ operation }) => operation)
    expect(undone).toEqual([
      { type: 'room.change', roomId: room, topic: 'old', writers: null },
      { type: 'member.role', roomId: room, userId: mina, role: 'member' },
      { type: 'block.set', userId: mina, set: false },
      { type: 'profile.change', status: null }
    ])
  })
})
