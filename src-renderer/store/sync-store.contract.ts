// What every SyncStore must do, whatever it is made of: each driver's test calls this with a way to open one.
import { filter, firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../protocol/operations.ts'
import type {
  MemberRecord,
  MessageRecord,
  ReactionRecord,
  ReadRecord,
  RoomRecord,
  StreamRecord,
  UserRecord
} from '../../protocol/records.ts'
import type { Answer, Page } from '../../protocol/socket.ts'
import { readsStream, roomStream, userStream, USERS_STREAM } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { OutboxEntry, StreamState, SyncStore } from './sync-store.ts'

/** One device as the contract sees it. */
export interface Device {
  store: SyncStore
  /** Puts an operation into the outbox, as a command does; resolves with the entry's id. */
  append: (operation: Operation, dependsOn?: string[]) => Promise<string>
  /** What the command `discard` does. */
  cancel: (id: string) => Promise<boolean>
  /** Every stored record of a stream with the epoch that served it, in any order. */
  records(stream: StreamId): Promise<{ epoch: number; record: StreamRecord }[]>
  /** Closes it without warning and starts again on the same disk. */
  restart(): Promise<Device>
  close(): Promise<void>
}

export const roomId = newId()
export const userId = newId()
const time = '2026-02-10T06:05:00.000Z'

export function send(body = 'hello', room = roomId): Operation {
  return { type: 'message.send', roomId: room, messageId: newId(), body, sentAt: time }
}

export function messageRecord(seq: number, rev = seq, body = `message ${seq}`, id = newId()): MessageRecord {
  return { type: 'message', rev, id, roomId, seq, kind: 'text', authorId: userId, body, sentAt: time, acceptedAt: time }
}

export function reactionRecord(to: MessageRecord, emoji: string, set: boolean): ReactionRecord {
  return { type: 'reaction', rev: 1, roomId: to.roomId, messageId: to.id, seq: to.seq, userId, emoji, set }
}

export function accepted(entry: Pick<OutboxEntry, 'id' | 'n'>, rev = 1): Answer {
  return { status: 'accepted', id: entry.id, n: entry.n ?? 0, stream: roomStream(roomId), rev, seq: rev }
}

export function refused(entry: Pick<OutboxEntry, 'id' | 'n'>, code = 'not-a-member'): Answer {
  return { status: 'refused', id: entry.id, n: entry.n ?? 0, error: { code, message: code } }
}

/** Runs the contract on what `open` opens: each time a new device with nothing on it. */
export function syncStoreContract(name: string, open: () => Promise<Device>): void {
  describe(`SyncStore contract: ${name}`, () => {
    let device: Device | undefined

    const fresh = async (): Promise<Device> => (device = await open())
    const restarted = async (): Promise<Device> => {
      if (!device) throw new Error('nothing was opened')
      return (device = await device.restart())
    }
    const numbers = (entries: readonly OutboxEntry[]): (number | null)[] => entries.map(({ n }) => n)
    const ids = (entries: readonly OutboxEntry[]): string[] => entries.map(({ id }) => id)

    afterEach(async () => {
      await device?.close()
      device = undefined
    })

    describe('records', () => {
      const only = async (stream: StreamId) => {
        const all = await device!.records(stream)
        expect(all).toHaveLength(1)
        return all[0]!
      }

      it('[S8] replaces a record by a newer rev and never by an older one, in either order', async () => {
        const { store } = await fresh()
        const id = newId()
        const stream = roomStream(roomId)
        await store.applyRecords(stream, 1, [messageRecord(1, 5, 'edited', id)])
        await store.applyRecords(stream, 1, [messageRecord(1, 1, 'first', id)])
        expect((await only(stream)).record).toMatchObject({ rev: 5, body: 'edited' })
        await store.applyRecords(stream, 1, [messageRecord(1, 9, 'edited again', id)])
        expect((await only(stream)).record).toMatchObject({ rev: 9, body: 'edited again' })
      })

      it('keeps every field of kinds and roles of rooms, asides, mentions, pictures and blocks, also over a restart', async () => {
        const { store } = await fresh()
        const asideId = newId()
        const hash = 'a'.repeat(32)
        const person: UserRecord = {
          ...({ type: 'user', rev: 1, id: userId, username: '', displayName: '', role: 'member' } as const),
          createdAt: time,
          avatar: hash,
          status: 'away',
          receipts: false,
          deletedAt: time
        }
        const room: RoomRecord = {
          ...({ type: 'room', rev: 1, id: asideId, kind: 'aside', name: '', createdBy: userId } as const),
          createdAt: time,
          ...({ topic: 'all', avatar: hash, writers: 'admins', closedAt: time, parentId: roomId } as const)
        }
        const member: MemberRecord = {
          ...({ type: 'member', rev: 2, roomId: asideId, userId, role: 'admin', state: 'removed' } as const),
          ...({ banned: true, parentId: roomId, joinedAt: time, joinedSeq: 0 } as const)
        }
        const message = { ...messageRecord(1, 3), roomId: asideId, mentions: [userId], anchorSeq: 0 }
        const own: StreamRecord[] = [
          { type: 'membership', rev: 1, roomId: asideId, state: 'joined', changedAt: time, parentId: roomId },
          { type: 'block', rev: 2, userId, set: true },
          { type: 'preferences', rev: 4, availability: 'invisible' }
        ]
        await store.applyRecords(USERS_STREAM, 1, [person])
        await store.applyRecords(roomStream(asideId), 1, [room, member, message])
        await store.applyRecords(userStream(userId), 1, own)
        const state = { epoch: 1, checkpoint: 3, ranges: [[1, 1]], headSeq: 1, parentId: roomId } as const
        await store.saveStreams([{ ...state, stream: roomStream(asideId) }])
        const again = await restarted()
        const inStream = async (stream: StreamId) => (await again.records(stream)).map(({ record }) => record)
        expect(await inStream(USERS_STREAM)).toEqual([person])
        expect(await inStream(roomStream(asideId))).toEqual(expect.arrayContaining([room, member, message]))
        expect(await inStream(userStream(userId))).toEqual(expect.arrayContaining(own))
        expect(await again.store.loadStreams()).toMatchObject([{ parentId: roomId }])
        await again.store.applyRecords(userStream(userId), 1, [{ type: 'block', rev: 3, userId, set: false }])
        expect(await inStream(userStream(userId))).toContainEqual({ type: 'block', rev: 3, userId, set: false })
      })

      it('[S8] [S10.2] a later epoch replaces what an earlier one served, even at a lower rev, and never the reverse', async () => {
        const { store } = await fresh()
        const id = newId()
        const stream = roomStream(roomId)
        await store.applyRecords(stream, 1, [messageRecord(1, 50, 'before the relay went back', id)])
        await store.applyRecords(stream, 2, [messageRecord(1, 3, 'after', id)])
        await store.applyRecords(stream, 1, [messageRecord(1, 60, 'late packet of the old epoch', id)])
        expect(await only(stream)).toMatchObject({ epoch: 2, record: { rev: 3, body: 'after' } })
      })

      it('[S8] applies the same packet twice without a difference, and the newest of one key within a packet', async () => {
        const { store } = await fresh()
        const id = newId()
        const packet = [messageRecord(1, 7, 'newest', id), messageRecord(1, 2, 'old', id)]
        await store.applyRecords(roomStream(roomId), 1, packet)
        const once = await only(roomStream(roomId))
        await store.applyRecords(roomStream(roomId), 1, packet)
        expect(await only(roomStream(roomId))).toEqual(once)
        expect(once.record).toMatchObject({ rev: 7, body: 'newest' })
      })

      it('[S8] applies packets that arrive at the same moment as if they came one after the other', async () => {
        const { store } = await fresh()
        const id = newId()
        const revs = [3, 1, 9, 4, 8, 2]
        await Promise.all(
          revs.map((rev) => store.applyRecords(roomStream(roomId), 1, [messageRecord(1, rev, `rev ${rev}`, id)]))
        )
        expect((await only(roomStream(roomId))).record).toMatchObject({ rev: 9, body: 'rev 9' })
      })

      it('keeps every type of record whole, also across a restart', async () => {
        const { store } = await fresh()
        const user: UserRecord = {
          type: 'user',
          rev: 1,
          id: userId,
          username: 'mina',
          displayName: '미나',
          color: 'teal',
          role: 'owner',
          createdAt: time
        }
        const membership: StreamRecord = {
          type: 'membership',
          rev: 1,
          roomId,
          state: 'joined',
          changedAt: time,
          readSeq: 7,
          unreadFrom: 5,
          mutedUntil: time,
          pinned: true
        }
        const room: RoomRecord = {
          type: 'room',
          rev: 1,
          id: roomId,
          kind: 'group',
          name: '마루',
          createdBy: userId,
          createdAt: time
        }
        const member: MemberRecord = {
          type: 'member',
          rev: 2,
          roomId,
          userId,
          role: 'owner',
          state: 'joined',
          joinedAt: time,
          joinedSeq: 0
        }
        const line: MessageRecord = {
          ...messageRecord(1, 3, ''),
          kind: 'system',
          event: { name: 'room-created', userIds: [] }
        }
        const reply: MessageRecord = { ...messageRecord(2, 4, '안녕 👋'), replyTo: newId(), editedAt: time }
        await store.applyRecords(USERS_STREAM, 1, [user])
        await store.applyRecords(userStream(userId), 1, [membership])
        const reaction: ReactionRecord = { ...reactionRecord(reply, '👩‍👩‍👧', true), rev: 5 }
        const read: ReadRecord = { type: 'read', rev: 1, roomId, userId, seq: 2 }
        await store.applyRecords(roomStream(roomId), 1, [room, member, line, reply, reaction])
        await store.applyRecords(readsStream(roomId), 1, [read])
        const again = await restarted()
        const stored = async (stream: StreamId) => (await again.records(stream)).map(({ record }) => record)
        expect(await stored(USERS_STREAM)).toEqual([user])
        expect(await stored(userStream(userId))).toEqual([membership])
        const inRoom = await stored(roomStream(roomId))
        expect(inRoom).toHaveLength(5)
        expect(inRoom).toEqual(expect.arrayContaining([room, member, line, reply, reaction]))
        expect(await stored(readsStream(roomId))).toEqual([read])
      })

      it('[S8] a reaction is one by message, user and emoji, and what was taken away does not come back by an old page', async () => {
        const { store } = await fresh()
        const message = messageRecord(1)
        const stream = roomStream(roomId)
        const set = { ...reactionRecord(message, '👍', true), rev: 2 }
        const others = [
          { ...reactionRecord(message, '❤️', true), rev: 3 },
          { ...reactionRecord(message, '👍', true), rev: 4, userId: newId() },
          { ...reactionRecord(messageRecord(2), '👍', true), rev: 5 }
        ]
        await store.applyRecords(stream, 1, [set, ...others])
        await store.applyRecords(stream, 1, [{ ...set, rev: 6, set: false }])
        await store.applyRecords(stream, 1, [set, ...others])
        const held = (await device!.records(stream)).map(({ record }) => record)
        expect(held).toHaveLength(4)
        expect(held).toEqual(expect.arrayContaining([{ ...set, rev: 6, set: false }, ...others]))
      })

      it('[S8] [S12] read marks are one by user, and the newest of each', async () => {
        const { store } = await fresh()
        const stream = readsStream(roomId)
        const read = (rev: number, seq: number, user = userId): ReadRecord => {
          return { type: 'read', rev, roomId, userId: user, seq }
        }
        const other = newId()
        await store.applyRecords(stream, 1, [read(1, 4), read(2, 9, other)])
        await store.applyRecords(stream, 1, [read(5, 8), read(3, 6)])
        await store.applyRecords(stream, 1, [read(1, 4), read(2, 9, other)])
        await store.applyRecords(stream, 2, [read(1, 3, other)])
        const state: StreamState = { stream, epoch: 2, checkpoint: 5, ranges: [], headSeq: 0 }
        await store.saveStreams([state])
        await store.applyRecords(stream, 2, [read(6, 10)])
        await device!.close()
        const again = await restarted()
        expect(await again.store.loadStreams()).toEqual([state])
        const held = await again.records(stream)
        expect(held).toHaveLength(2)
        expect(held).toEqual(
          expect.arrayContaining([
            { epoch: 2, record: read(6, 10) },
            { epoch: 2, record: read(1, 3, other) }
          ])
        )
      })
    })

    describe('pages', () => {
      const stream = roomStream(roomId)
      const page = (messages: MessageRecord[], more: Partial<Page> = {}): Page => {
        const headSeq = messages.at(-1)?.seq ?? 0
        return {
          ok: true,
          kind: 'page',
          roomId,
          messages,
          reactions: [],
          head: 100,
          headSeq,
          floor: 0,
          more: true,
          ...more
        }
      }
      const held = async (): Promise<StreamRecord[]> => (await device!.records(stream)).map(({ record }) => record)
      const at = <R extends StreamRecord>(record: R, rev: number): R => ({ ...record, rev })

      it('[S8.1] what a page lacks of the reactions to its messages is gone, unless it is newer than the page', async () => {
        const { store } = await fresh()
        const [below, first, last, above] = [messageRecord(1), messageRecord(2), messageRecord(3), messageRecord(4)]
        const react = (to: MessageRecord, emoji: string, rev: number) => at(reactionRecord(to, emoji, true), rev)
        const stay = [react(below, '👍', 5), react(above, '👍', 6), react(first, '🎉', 101), react(last, '❤️', 7)]
        const goes = [react(first, '👍', 8), react(last, '👍', 100)]
        await store.applyRecords(stream, 1, [...stay, ...goes])
        const added = react(first, '🙂', 9)
        for (let times = 0; times < 2; times++) {
          await store.applyPage(stream, 1, page([first, last], { reactions: [react(last, '❤️', 7), added] }))
          expect((await held()).filter(({ type }) => type === 'reaction')).toHaveLength(5)
        }
        expect(await held()).toEqual(expect.arrayContaining([...stay, added, first, last]))
        await store.applyRecords(stream, 1, [react(first, '👍', 120)])
        expect(await held()).toContainEqual(react(first, '👍', 120))
      })

      it('[S8.1] [S11.4] a page without messages, at the floor of what one may read, says nothing about those above', async () => {
        const { store } = await fresh()
        const message = messageRecord(8, 3)
        const reaction = at(reactionRecord(message, '👍', true), 4)
        await store.applyRecords(stream, 1, [message, reaction])
        await store.applyPage(stream, 1, page([], { headSeq: 10, floor: 6, more: false }))
        expect((await held()).toSorted((a, b) => a.rev - b.rev)).toEqual([message, reaction])
      })

      it('[S8] [S8.1] a late page of an earlier epoch takes nothing away and replaces nothing', async () => {
        const { store } = await fresh()
        const message = messageRecord(2, 3, 'now')
        const reaction = at(reactionRecord(message, '👍', true), 4)
        await store.applyRecords(stream, 2, [message, reaction])
        await store.applyPage(stream, 1, page([{ ...message, rev: 90, body: 'then' }]))
        expect((await held()).toSorted((a, b) => a.rev - b.rev)).toEqual([message, reaction])
      })

      it('[S10.5] finds what the relay has lost, and changes nothing by that', async () => {
        const { store } = await fresh()
        const [kept, lost, beyond] = [messageRecord(1, 1), messageRecord(2, 2, 'lost'), messageRecord(3, 3, 'beyond')]
        const edited = { ...kept, rev: 9, body: 'edited' }
        const reaction = at(reactionRecord(kept, '👍', true), 10)
        await store.applyRecords(stream, 5, [edited, lost, beyond, reaction])
        const before = await held()
        const place = messageRecord(2, 2, 'in its place')
        const served = page([kept, place], { head: 2 })
        const found = await store.findLost(stream, 7, 5, { records: [kept, place], page: served })
        expect(found.messages).toEqual([lost, beyond])
        expect(found.versions).toHaveLength(2)
        expect(found.versions).toEqual(
          expect.arrayContaining([
            { held: edited, served: kept },
            { held: reaction, served: null }
          ])
        )
        expect(await held()).toEqual(before)
        expect(await store.findLost(stream, 7, 4, { records: [kept, place], page: served })).toEqual({
          messages: [],
          versions: []
        })
      })

      it('[S13] finds that a deletion is lost whatever others have done to the message since', async () => {
        const { store } = await fresh()
        const tombstone = { ...messageRecord(1, 9, ''), deletedAt: time }
        await store.applyRecords(stream, 5, [tombstone])
        const served = { ...messageRecord(1, 20, 'edited'), id: tombstone.id }
        const found = await store.findLost(stream, 7, 5, { records: [served] })
        expect(found).toEqual({ messages: [], versions: [{ held: tombstone, served }] })
        const deleted = { ...tombstone, rev: 20 }
        expect(await store.findLost(stream, 7, 5, { records: [deleted] })).toEqual({ messages: [], versions: [] })
      })

      it('[S10.5] gives up what is in the outbox again, keeps other people’s words beside what has their seq now', async () => {
        const { store } = await fresh()
        const [mine, theirs, old] = [messageRecord(2, 2, 'mine'), messageRecord(3, 3, 'theirs'), messageRecord(1, 1)]
        const line = { ...messageRecord(4, 4, ''), kind: 'system' as const }
        const deleted = { ...messageRecord(5, 5, ''), deletedAt: time }
        const onTheirs = at(reactionRecord(theirs, '👍', true), 6)
        await store.applyRecords(stream, 5, [old, mine, theirs, line, deleted, onTheirs])
        const place = messageRecord(2, 2, 'in its place')
        const lost = { upTo: 5, givenUp: new Set([mine.id]) }
        for (let times = 0; times < 2; times++) {
          await store.applyPage(stream, 7, page([place], { head: 2 }), lost)
          expect((await held()).toSorted((a, b) => (a as MessageRecord).seq - (b as MessageRecord).seq)).toEqual([
            old,
            place,
            theirs
          ])
        }
        const again = { ...theirs, rev: 3, seq: 3 }
        await store.applyRecords(stream, 7, [again])
        expect(await held()).toHaveLength(3)
        await store.applyPage(stream, 7, page([place, again], { head: 3 }), lost)
        expect(await held()).toHaveLength(3)
      })

      it('[S13] erases a message that is held from before, keeps its place, and says when it is there again', async () => {
        const { store } = await fresh()
        const message = {
          ...messageRecord(2, 7, 'regretted'),
          editedAt: time,
          replyTo: newId(),
          replySeq: 1,
          mentions: [userId]
        }
        const { editedAt: _at, replyTo: _replyTo, replySeq: _seq, mentions: _mentions, ...rest } = message
        const tombstone = { ...rest, body: '', deletedAt: time }
        await store.applyRecords(stream, 5, [message])
        expect(await store.eraseMessage(roomId, message.id, 5, time)).toBe(true)
        expect(await store.eraseMessage(roomId, message.id, 6, undefined)).toBe(false)
        expect(await held()).toEqual([message])
        for (let times = 0; times < 2; times++) {
          expect(await store.eraseMessage(roomId, message.id, 6, time)).toBe(false)
          expect(await held()).toEqual([tombstone])
        }
        expect(await store.eraseMessage(roomId, newId(), 6, time)).toBe(false)
        await restarted()
        expect(await device!.records(stream)).toEqual([{ epoch: 5, record: tombstone }])
        await device!.store.applyRecords(stream, 5, [message])
        expect(await held()).toEqual([tombstone])
        const back = { ...message, rev: 3 }
        await device!.store.applyRecords(stream, 6, [back])
        expect(await device!.store.eraseMessage(roomId, message.id, 6, time)).toBe(true)
        expect(await held()).toEqual([back])
      })

      it.for([time, undefined])('[S13] lets go of a message that is only here, at %s', async (deletedAt) => {
        const { store } = await fresh()
        const message = messageRecord(2, 2, 'regretted')
        await store.applyRecords(stream, 5, [message])
        await store.applyPage(stream, 6, page([], { head: 1 }), { upTo: 5, givenUp: new Set() })
        expect(await held()).toEqual([message])
        expect(await store.eraseMessage(roomId, message.id, 6, deletedAt)).toBe(false)
        expect(await held()).toEqual([])
      })

      it('[S10.5] knows a room and who is in it, to make it again', async () => {
        const { store } = await fresh()
        expect(await store.heldRoom(roomId)).toBeUndefined()
        const room: RoomRecord = {
          ...({
            type: 'room',
            rev: 1,
            id: roomId,
            kind: 'group',
            name: '마루',
            createdBy: userId,
            createdAt: time
          } as const)
        }
        const member = (user: string, state: MemberRecord['state'], rev: number): MemberRecord => {
          return { type: 'member', rev, roomId, userId: user, role: 'member', state, joinedAt: time, joinedSeq: 0 }
        }
        const other = newId()
        await store.applyRecords(stream, 1, [room, member(userId, 'joined', 2), member(newId(), 'left', 3)])
        await store.applyRecords(stream, 1, [member(other, 'joined', 4)])
        const found = await store.heldRoom(roomId)
        expect(found?.room).toEqual(room)
        expect(found?.memberIds.toSorted()).toEqual([userId, other].toSorted())
      })

      it('tells a message as it is held, and that it is not', async () => {
        const { store } = await fresh()
        const message = { ...messageRecord(3, 5), mentions: [userId], replyTo: newId(), replySeq: 1 }
        expect(await store.heldMessage(roomId, message.id)).toBeUndefined()
        await store.applyRecords(stream, 1, [message, reactionRecord(message, '👍', true)])
        expect(await store.heldMessage(roomId, message.id)).toEqual(message)
        expect(await store.heldMessage(newId(), message.id)).toBeUndefined()
        const edited = { ...message, rev: 7.5, body: 'edited' }
        await store.applyRecords(stream, 1, [edited])
        expect(await (await restarted()).store.heldMessage(roomId, message.id)).toEqual(edited)
      })

      it('[S10.5] repeats operations once, in order, and what they need before them', async () => {
        const { store } = await fresh()
        const create: Operation = { type: 'room.create', roomId, kind: 'group', name: 'hall', memberIds: [] }
        const [one, two] = [send('one'), send('two')]
        await store.repeatOperations([create, one])
        await store.repeatOperations([create, one, two])
        const entries = await (await restarted()).store.loadOutbox()
        expect(entries.map(({ operation }) => operation)).toEqual([create, one, two])
        expect(entries.map(({ dependsOn }) => dependsOn)).toEqual([[], [entries[0]!.id], [entries[0]!.id]])
        expect(entries.every(({ state, n }) => state === 'pending' && n === null)).toBe(true)
      })

      it('[S13] repeats a deletion that a relay without the message may have decided, and none that waits', async () => {
        const { store, append } = await fresh()
        const deletion: Operation = { type: 'message.delete', roomId, messageId: newId() }
        await append(deletion)
        await store.repeatOperations([deletion])
        expect(await store.loadOutbox()).toHaveLength(1)
        const [entry] = await store.numberPending(1)
        await store.repeatOperations([deletion])
        await store.repeatOperations([deletion])
        expect(await store.loadOutbox()).toMatchObject([{ n: 1 }, { n: null }])
        await store.storeAnswers(1, [refused(entry!, 'room-not-found')])
        await store.repeatOperations([deletion])
        expect((await store.loadOutbox()).filter(({ state }) => state === 'pending')).toHaveLength(1)
      })

      it('[S10.5] puts what two calls of one moment repeat there once', async () => {
        const { store } = await fresh()
        const sentAt = '2026-01-01T00:00:00.000Z'
        const lost = { type: 'message.send', roomId, messageId: newId(), body: 'lost', sentAt } as const
        await Promise.all([store.repeatOperations([lost]), store.repeatOperations([lost])])
        expect((await store.loadOutbox()).map(({ operation }) => operation)).toEqual([lost])
      })
    })

    describe('streams', () => {
      const state: StreamState = {
        stream: roomStream(roomId),
        epoch: 1,
        checkpoint: 10,
        jump: { position: 40, target: 38 },
        ranges: [
          [1, 5],
          [30, 38]
        ],
        headSeq: 38
      }

      it('[S9.1] [S10] keeps checkpoint, ranges and jump across a restart', async () => {
        const { store } = await fresh()
        expect(await store.loadStreams()).toEqual([])
        await store.applyRecords(state.stream, 1, [messageRecord(1)])
        await store.saveStreams([
          state,
          { stream: readsStream(roomId), epoch: 1, checkpoint: 4, ranges: [], headSeq: 0 }
        ])
        const loaded = await (await restarted()).store.loadStreams()
        expect(loaded).toHaveLength(2)
        expect(loaded).toEqual(expect.arrayContaining([state]))
      })

      it('[S9.3] the end of a jump leaves no trace of it', async () => {
        const { store } = await fresh()
        await store.saveStreams([state])
        const { jump: _, ...done } = { ...state, checkpoint: 40 }
        await store.saveStreams([done])
        expect(await store.loadStreams()).toEqual([done])
      })
    })

    describe('outbox', () => {
      it('[S2] gives 1, 2, 3 … in order of writing, at most so many at a time, and goes on where it was', async () => {
        const { store, append } = await fresh()
        const written = [await append(send('a')), await append(send('b')), await append(send('c'))]
        expect(ids(await store.loadOutbox())).toEqual(written)
        const first = await store.numberPending(2)
        expect([ids(first), numbers(first)]).toEqual([written.slice(0, 2), [1, 2]])
        const all = await store.numberPending(2)
        expect([ids(all), numbers(all)]).toEqual([written, [1, 2, 3]])
        expect(numbers(await store.numberPending(100))).toEqual([1, 2, 3])
      })

      it('[S2] numbers are on the disk before they leave: a restart finds them and goes on behind them', async () => {
        const { store, append } = await fresh()
        await append(send('a'))
        const before = await store.numberPending(10)
        const again = await restarted()
        expect(await again.store.loadOutbox()).toEqual(before)
        await again.append(send('b'))
        expect(numbers(await again.store.numberPending(10))).toEqual([1, 2])
      })

      it('[S2] what would go out at once is on the disk with its number, and with nothing before it', async () => {
        const { store, append, cancel } = await fresh()
        let due = true
        const asked: string[] = []
        const end = store.numberNew(({ id }) => {
          asked.push(id)
          return due
        })
        await firstValueFrom(store.watchOutbox())
        const a = await append(send('a'))
        expect(numbers(await store.loadOutbox())).toEqual([1])
        expect(await cancel(a)).toBe(false)
        // Something is pending.
        const b = await append(send('b'))
        expect(numbers(await store.loadOutbox())).toEqual([1, null])
        expect(await cancel(b)).toBe(true)
        await store.storeAnswers(1, [accepted({ id: a, n: 1 })])
        await append(send('c'), [a])
        expect(numbers(await store.loadOutbox())).toEqual([1, null])
        expect(numbers(await store.numberPending(1))).toEqual([2])
        await store.storeAnswers(
          1,
          (await store.numberPending(0)).map((entry) => accepted(entry))
        )
        await store.removeEntries([a])
        due = false
        const d = await append(send('d'))
        expect((await store.loadOutbox()).find(({ id }) => id === d)?.n).toBe(null)
        expect(await cancel(d)).toBe(true)
        due = true
        const e = await append(send('e'))
        expect((await store.loadOutbox()).find(({ id }) => id === e)?.n).toBe(3)
        expect([ids(await store.numberPending(0)), numbers(await store.numberPending(0))]).toEqual([[e], [3]])
        expect(asked).toContain(a)
        await store.storeAnswers(1, [accepted({ id: e, n: 3 })])
        end()
        const f = await append(send('f'))
        expect((await store.loadOutbox()).find(({ id }) => id === f)?.n).toBe(null)
      })

      it('[S2] of several that are written in one moment only the first has its number with it', async () => {
        const { store, append } = await fresh()
        store.numberNew(() => true)
        await firstValueFrom(store.watchOutbox())
        const written = await Promise.all([append(send('a')), append(send('b')), append(send('c'))])
        expect(numbers(await store.loadOutbox())).toEqual([1, null, null])
        const numbered = await store.numberPending(10)
        expect([ids(numbered), numbers(numbered)]).toEqual([written, [1, 2, 3]])
      })

      it('[S2] an entry that was cancelled leaves no gap', async () => {
        const { store, append, cancel } = await fresh()
        const [a, b, c] = [await append(send('a')), await append(send('b')), await append(send('c'))]
        expect(await cancel(b)).toBe(true)
        const numbered = await store.numberPending(10)
        expect([ids(numbered), numbers(numbered)]).toEqual([
          [a, c],
          [1, 2]
        ])
        expect(await cancel(a)).toBe(false)
      })

      it('[S2] cancelling while numbers are given ends in one of two ways for each entry, and never in a gap', async () => {
        const { store, append, cancel } = await fresh()
        const written: string[] = []
        for (let i = 0; i < 12; i++) written.push(await append(send(`${i}`)))
        const [numbered, ...cancelled] = await Promise.all([
          store.numberPending(8),
          ...written.filter((_, index) => index % 3 === 1).map(async (id) => ((await cancel(id)) ? id : ''))
        ])
        expect(numbers(numbered)).toEqual(numbered.map((_, index) => index + 1))
        const rest = await store.numberPending(100)
        expect(numbers(rest)).toEqual(rest.map((_, index) => index + 1))
        expect(ids(rest)).toEqual(written.filter((id) => !cancelled.includes(id)))
      })

      it('[S2.2] answers are settled when they are stored, contiguously, and survive a restart', async () => {
        const { store, append } = await fresh()
        for (const body of ['a', 'b', 'c']) await append(send(body))
        const [a, b, c] = await store.numberPending(10)
        expect(await store.loadAnswered()).toBe(0)
        await store.storeAnswers(1, [accepted(a!), accepted(c!)])
        expect(await store.loadAnswered()).toBe(1)
        await store.storeAnswers(1, [refused(b!)])
        const again = (await restarted()).store
        expect(await again.loadAnswered()).toBe(3)
        const entries = await again.loadOutbox()
        expect(entries.map(({ state }) => state)).toEqual(['accepted', 'refused', 'accepted'])
        expect(entries[0]!.accepted).toEqual({ stream: roomStream(roomId), rev: 1, epoch: 1, seq: 1 })
        expect(entries[1]!.error).toEqual({ code: 'not-a-member', message: 'not-a-member' })
      })

      it.each(['accepted', 'message-not-found', 'not-allowed'])(
        '[S13] what a deletion would undo is not sent while it stands, goes when it is settled, and goes on if it is refused: %s',
        async (answer) => {
          const { store, append } = await fresh()
          const messageId = newId()
          await append({ type: 'message.edit', roomId, messageId, body: 'words that nobody shall read' })
          await append({ type: 'reaction.set', roomId, messageId, emoji: '👍', set: true })
          await append({ type: 'message.edit', roomId, messageId: newId(), body: 'other words' })
          await append({ type: 'message.delete', roomId, messageId })
          const [other, deletion] = await store.numberPending(10)
          expect([other!, deletion!].map(({ operation }) => operation)).toMatchObject([
            { body: 'other words' },
            { type: 'message.delete' }
          ])
          const answers = [answer === 'accepted' ? accepted(deletion!) : refused(deletion!, answer)]
          await store.storeAnswers(1, [accepted(other!), ...answers])
          const rest = (await store.numberPending(10)).map(({ operation }) => operation.type)
          expect(rest).toEqual(answer === 'not-allowed' ? ['message.edit', 'reaction.set'] : [])
          const left = (await store.loadOutbox()).filter(({ state }) => state === 'pending')
          expect(left).toHaveLength(rest.length)
        }
      )

      it('[S2.1] the same answers again change nothing; answers to entries that are gone still count', async () => {
        const { store, append } = await fresh()
        await append(send('a'))
        const [a] = await store.numberPending(10)
        const answers = [accepted(a!), accepted({ id: newId(), n: 2 }), refused({ id: newId(), n: 3 })]
        await store.storeAnswers(1, answers)
        const once = await store.loadOutbox()
        await store.storeAnswers(2, answers)
        expect(await store.loadOutbox()).toEqual(once)
        expect(await store.loadAnswered()).toBe(3)
        await append(send('b'))
        expect(numbers(await store.numberPending(10))).toEqual([4])
      })

      it('[S2.2] an answer to an entry that is gone waits for the one before it', async () => {
        const { store, append } = await fresh()
        await append(send('a'))
        const [a] = await store.numberPending(10)
        await store.storeAnswers(1, [accepted({ id: newId(), n: 2 })])
        expect(await store.loadAnswered()).toBe(0)
        const again = (await restarted()).store
        await again.storeAnswers(1, [accepted(a!)])
        expect(await again.loadAnswered()).toBe(2)
      })

      it('[S6] a refusal refuses what depends on it and was not transmitted, and nothing else', async () => {
        const { store, append } = await fresh()
        const room = await append({ type: 'room.create', roomId, kind: 'group', name: 'hall', memberIds: [] })
        const [creation] = await store.numberPending(1)
        const one = await append(send('first words'), [room])
        const two = await append({ type: 'message.edit', roomId, messageId: newId(), body: 'x' }, [one])
        const free = await append(send('elsewhere', newId()))
        await store.storeAnswers(1, [refused(creation!, 'user-not-found')])
        const entries = new Map((await store.loadOutbox()).map((entry) => [entry.id, entry]))
        expect(entries.get(one)).toMatchObject({ state: 'refused', n: null, error: { code: 'depends-on-refused' } })
        expect(entries.get(one)!.operation).toMatchObject({ body: 'first words' })
        expect(entries.get(two)!.error!.code).toBe('depends-on-refused')
        expect(entries.get(free)!.state).toBe('pending')
        expect(ids(await store.numberPending(10))).toEqual([free])
      })

      it('removes accepted entries and no others; the numbers go on behind them', async () => {
        const { store, append } = await fresh()
        for (const body of ['a', 'b', 'c']) await append(send(body))
        const [a, b, c] = await store.numberPending(10)
        await store.storeAnswers(1, [accepted(a!), refused(b!)])
        await store.removeEntries([a!.id, b!.id, c!.id, newId()])
        expect(ids(await store.loadOutbox())).toEqual([b!.id, c!.id])
        await store.storeAnswers(1, [accepted(c!)])
        await store.removeEntries([c!.id])
        const again = await restarted()
        expect(await again.store.loadAnswered()).toBe(3)
        await again.append(send('d'))
        expect(numbers(await again.store.numberPending(10))).toEqual([4])
      })

      it('tells of every change, at once and in order', async () => {
        const { store, append, cancel } = await fresh()
        const seen: number[] = []
        const subscription = store.watchOutbox().subscribe((entries) => seen.push(entries.length))
        const [a, b] = [await append(send('a')), await append(send('b'))]
        expect(ids(await firstValueFrom(store.watchOutbox()))).toEqual([a, b])
        await store.numberPending(1)
        await firstValueFrom(store.watchOutbox().pipe(filter((entries) => entries[0]?.n === 1)))
        await cancel(b)
        await firstValueFrom(store.watchOutbox().pipe(filter((entries) => entries.length === 1)))
        subscription.unsubscribe()
        expect(seen.at(-1)).toBe(1)
        expect(Math.max(...seen)).toBe(2)
      })
    })

    describe('another counter', () => {
      it('[S2.4] a copied profile goes on as a new device: the open operations are numbered anew in their order', async () => {
        const { store, append } = await fresh()
        for (const body of ['a', 'b', 'c']) await append(send(body))
        const [a, b, c] = await store.numberPending(10)
        const d = await append(send('d'))
        await store.storeAnswers(1, [refused(a!)])
        await store.restartCounter(0)
        expect(await store.loadAnswered()).toBe(0)
        const numbered = await store.numberPending(10)
        expect([ids(numbered), numbers(numbered)]).toEqual([
          [b!.id, c!.id, d],
          [1, 2, 3]
        ])
      })

      it('[S10.3] after the relay went back it counts on from what the relay has answered, also after a restart', async () => {
        const { store, append } = await fresh()
        for (const body of ['a', 'b', 'c']) await append(send(body))
        const [a, b, c] = await store.numberPending(10)
        await store.storeAnswers(1, [accepted(a!, 1), accepted(b!, 2), refused(c!)])
        await store.restartCounter(1)
        const again = await restarted()
        expect(await again.store.loadAnswered()).toBe(1)
        const next = await again.append(send('d'))
        const numbered = await again.store.numberPending(10)
        expect(numbers(numbered)).toEqual([2, 3])
        expect(ids(numbered)).toEqual([b!.id, next])
        expect((await again.store.loadOutbox()).find(({ id }) => id === c!.id)!.state).toBe('refused')
      })

      it('[S10.5] everything that a relay accepted and lost by going back becomes pending again, in its order', async () => {
        const { store, append } = await fresh()
        const edit: Operation = { type: 'message.edit', roomId, messageId: newId(), body: 'x' }
        const written = [await append(send('a')), await append(edit), await append(send('b'))]
        const [a, b, c] = await store.numberPending(10)
        await store.storeAnswers(1, [accepted(a!, 1), accepted(b!, 2), accepted(c!, 3)])
        await store.restartCounter(1, true)
        const numbered = await store.numberPending(10)
        expect([ids(numbered), numbers(numbered)]).toEqual([written.slice(1), [2, 3]])
      })

      it('[S10.3] a message that the relay accepted and forgot is sent again under its own id', async () => {
        const { store, append } = await fresh()
        const operation = send('accepted, then lost with the relay’s disk')
        await append(operation)
        const [entry] = await store.numberPending(1)
        await store.storeAnswers(1, [accepted(entry!)])
        await store.restartCounter(0)
        const [again] = await store.numberPending(1)
        expect(again).toMatchObject({ n: 1, state: 'pending', operation })
        expect(again!.accepted).toBeUndefined()
      })
    })
  })
}
