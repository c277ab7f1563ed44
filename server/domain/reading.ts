// Reads for pull and REST: who may read what [S11], how much one answer may hold. Changes nothing.
import { ProtocolError } from '../../protocol/errors.ts'
import * as limits from '../../protocol/limits.ts'
import type { MemberRecord, MessageRecord, RoomRecord, UserRecord } from '../../protocol/records.ts'
import type { FormerText, OpenRoom, PreferencesAnswer } from '../../protocol/rest.ts'
import type { Changes, ChangesWant, Failure, Page, PageWant, Pull, PullResult, Want } from '../../protocol/socket.ts'
import { roomOfReads, roomOfStream, roomStream, USERS_STREAM, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Log } from '../log.ts'
import { DamagedRoomError } from '../storage/port.ts'
import type { MessagePage, Storage } from '../storage/port.ts'
import { requireJoined, requireReadable, roomDamaged, roomNotFound } from './access.ts'
import { avatarOf } from './avatars.ts'
import { fitting, isSpent, spend } from './budget.ts'
import type { Budget } from './budget.ts'
import { openRooms } from './open-rooms.ts'
import { preferencesOf } from './own.ts'

/** As `GET /rooms` lists it. `rev` is the head of the room's stream: a `since` for its messages. */
export interface RoomEntry {
  id: string
  kind: RoomRecord['kind']
  name: string
  rev: number
  headSeq: number
}

export interface MessageChanges {
  messages: MessageRecord[]
  rev: number
  more: boolean
}

/** A room that a user is joined in, and the highest seq in it that is not for this user [S11.4]. */
export interface JoinedRoom {
  roomId: string
  /** [S11.5] Of an aside: it may be heard only by who is joined in this one. */
  parentId?: string
  floor: number
}

/** Methods about a room throw ProtocolError `room-not-found` or `not-a-member` [S11], `room-damaged`. */
export interface Reading {
  /** A want that may not be read, or that storage cannot read, fails alone: the others are answered [SPEC §4]. */
  pull(userId: string, pull: Pull): Promise<PullResult>
  users(): Promise<UserRecord[]>
  /** [S14.3] Of the user alone. */
  preferences(userId: string): Promise<PreferencesAnswer['preferences']>
  rooms(userId: string): Promise<RoomEntry[]>
  room(userId: string, roomId: string): Promise<{ room: RoomRecord; members: MemberRecord[] }>
  page(userId: string, roomId: string, options: { before?: number; limit?: number }): Promise<MessagePage>
  /** The messages with the lowest revs above `since`. */
  messagesSince(userId: string, roomId: string, options: { since: number; limit?: number }): Promise<MessageChanges>
  /** [S13.1] What a message said before, the oldest first. @throws ProtocolError `message-not-found` */
  edits(userId: string, roomId: string, messageId: string): Promise<FormerText[]>
  /** The rooms that the user is joined in now. */
  joinedRooms(userId: string): Promise<JoinedRoom[]>
  /** Open rooms that are not closed, in order of id; `query`: a part of the name. `next` is the `after` of the next page. */
  openRooms(
    userId: string,
    options: { after?: string; query?: string }
  ): Promise<{ rooms: OpenRoom[]; next: string | null }>
  /** A user's picture, as PNG. @throws ProtocolError `avatar-not-found` */
  userAvatar(userId: string, hash: string): Promise<Uint8Array>
  /** A room's picture, for who is joined, of an open room for everybody. @throws ProtocolError `avatar-not-found` */
  roomAvatar(userId: string, roomId: string, hash: string): Promise<Uint8Array>
  /** [S11.4] Whether who joins the room later reads only what comes after. */
  isFromJoining(roomId: string): Promise<boolean>
}

/** Wants that are answered before others get their turn. */
const WANTS_IN_A_ROW = 16
/** Rooms of which memory holds whether they are read from joining on. */
const KNOWN_HISTORIES = 10_000

export function createReading(storage: Storage, log: Log): Reading {
  /** A room's history is settled when it is made, so it is asked once. */
  const fromJoining = new Map<string, boolean>()

  async function isFromJoining(roomId: string): Promise<boolean> {
    const known = fromJoining.get(roomId)
    if (known !== undefined) return known
    const room = await storage.room(roomId)
    if (!room) return false
    if (fromJoining.size >= KNOWN_HISTORIES) fromJoining.clear()
    fromJoining.set(roomId, room.history === 'from-joining')
    return room.history === 'from-joining'
  }

  async function floorIn(roomId: string, userId: string): Promise<number> {
    const { joinedSeq } = await requireJoined(storage, roomId, userId)
    return joinedSeq > 0 && (await isFromJoining(roomId)) ? joinedSeq : 0
  }

  /**
   * Asked again after reading: who is removed while it goes on gets nothing of what came with or after that [S11.1]; who came back
   * meanwhile, nothing of what is below the new floor [S11.4].
   */
  async function inRoom<T>(userId: string, roomId: string, read: (floor: number) => Promise<T>): Promise<T> {
    try {
      for (;;) {
        const floor = await floorIn(roomId, userId)
        const value = await read(floor)
        if ((await floorIn(roomId, userId)) === floor) return value
      }
    } catch (error) {
      if (!(error instanceof DamagedRoomError)) throw error
      log.error('a room is damaged', { error, roomId })
      throw roomDamaged(error)
    }
  }

  async function mayRead<T>(userId: string, stream: StreamId, read: (floor: number) => Promise<T>): Promise<T> {
    const roomId = roomOfStream(stream) ?? roomOfReads(stream)
    if (roomId !== undefined) return inRoom(userId, roomId, read)
    if (stream === USERS_STREAM || stream === userStream(userId)) return read(0)
    throw new ProtocolError('not-permitted', 'this stream is another user’s', { field: 'stream' })
  }

  async function changes(want: ChangesWant, floor: number, budget: Budget): Promise<Changes> {
    const { stream, since, epoch, heldSeq, limit = limits.MAX_PULL_RECORDS } = want
    const common = { ok: true, kind: 'changes', stream } as const
    if (await storage.wentBack(stream, { epoch, rev: since })) {
      const head = await storage.head(stream)
      return { ...common, records: [], through: 0, head, more: head > 0, reset: true }
    }
    if (isSpent(budget)) {
      const head = await storage.head(stream)
      return { ...common, records: [], through: since, head, more: since < head }
    }
    const page = await storage.changes(stream, since, {
      limit: Math.min(limit, budget.records),
      maxBytes: budget.bytes,
      ...(heldSeq === undefined ? {} : { heldSeq }),
      ...(floor === 0 ? {} : { afterSeq: floor })
    })
    spend(budget, page.records)
    const { records, through, head, more } = page
    return { ...common, records, through, head, more }
  }

  async function page(want: PageWant, floor: number, budget: Budget): Promise<Page> {
    const { roomId, before, limit = limits.DEFAULT_PAGE_MESSAGES } = want
    const common = { ok: true, kind: 'page', roomId, floor } as const
    if (isSpent(budget)) {
      const head = await storage.head(roomStream(roomId))
      const headSeq = await storage.headSeq(roomId)
      return { ...common, messages: [], reactions: [], head, headSeq, more: (before ?? headSeq + 1) > floor + 1 }
    }
    const found = await storage.page(roomId, {
      limit: Math.min(limit, budget.records),
      maxBytes: budget.bytes,
      ...(before === undefined ? {} : { before }),
      ...(floor === 0 ? {} : { afterSeq: floor })
    })
    const { messages, reactions, head, headSeq, more } = fitting(found, budget)
    spend(budget, [...messages, ...reactions])
    return { ...common, messages, reactions, head, headSeq, more }
  }

  async function resultOf(userId: string, want: Want, budget: Budget): Promise<Changes | Page | Failure> {
    try {
      return want.kind === 'page'
        ? await inRoom(userId, want.roomId, (floor) => page(want, floor, budget))
        : await mayRead(userId, want.stream, (floor) => changes(want, floor, budget))
    } catch (error) {
      if (error instanceof ProtocolError) return { ok: false, error: error.toWire() }
      log.error('a stream could not be read', {
        error,
        stream: want.kind === 'page' ? roomStream(want.roomId) : want.stream
      })
      return { ok: false, error: new ProtocolError('relay-error', 'the relay failed on this want').toWire() }
    }
  }

  return {
    async pull(userId, { wants }) {
      const budget = { records: limits.MAX_PULL_RECORDS, bytes: limits.MAX_PULL_BYTES }
      const results: PullResult['results'] = []
      for (const [index, want] of wants.entries()) {
        // What is in memory is read without an event between: a pull of hundreds of wants would keep all others waiting.
        if (index % WANTS_IN_A_ROW === WANTS_IN_A_ROW - 1) await new Promise(setImmediate)
        results.push(await resultOf(userId, want, budget))
      }
      return { ok: true, epoch: storage.epoch, results }
    },

    preferences: (userId) => preferencesOf(storage, userId),

    async users() {
      const users: UserRecord[] = []
      for (let since = 0, more = true; more;) {
        const page = await storage.changes(USERS_STREAM, since, {
          limit: limits.MAX_PULL_RECORDS,
          maxBytes: limits.MAX_PULL_BYTES
        })
        users.push(...page.records.filter((record) => record.type === 'user'))
        ;({ through: since, more } = page)
      }
      return users
    },

    async rooms(userId) {
      const entries: RoomEntry[] = []
      for (const { roomId, state, parentId } of await storage.memberships(userId)) {
        const room = state === 'joined' && parentId === undefined ? await storage.room(roomId) : undefined
        if (!room) continue
        const rev = await storage.head(roomStream(roomId))
        entries.push({ id: room.id, kind: room.kind, name: room.name, rev, headSeq: await storage.headSeq(roomId) })
      }
      return entries
    },

    room: (userId, roomId) =>
      inRoom(userId, roomId, async () => {
        const room = await storage.room(roomId)
        if (!room) throw roomNotFound()
        return { room, members: await storage.members(roomId) }
      }),

    page: (userId, roomId, { before, limit = limits.DEFAULT_PAGE_MESSAGES }) =>
      inRoom(userId, roomId, async (floor) => {
        const from = before === undefined ? {} : { before }
        const found = await storage.page(roomId, { ...from, afterSeq: floor, limit, maxBytes: limits.MAX_PULL_BYTES })
        return fitting(found, { records: limits.MAX_PULL_RECORDS, bytes: limits.MAX_PULL_BYTES })
      }),

    messagesSince: (userId, roomId, { since, limit = limits.DEFAULT_PAGE_MESSAGES }) =>
      inRoom(userId, roomId, async (floor) => {
        const options = { types: ['message'], afterSeq: floor, limit, maxBytes: limits.MAX_PULL_BYTES } as const
        let page = await storage.changes(roomStream(roomId), since, options)
        while (page.records.length === 0 && page.more) {
          page = await storage.changes(roomStream(roomId), page.through, options)
        }
        const messages = page.records.filter((record) => record.type === 'message')
        return { messages, rev: messages.at(-1)?.rev ?? since, more: page.more }
      }),

    edits: (userId, roomId, messageId) =>
      inRoom(userId, roomId, async () => {
        await requireReadable(storage, await requireJoined(storage, roomId, userId), messageId)
        return storage.edits(roomId, messageId)
      }),

    async joinedRooms(userId) {
      const memberships = await storage.memberships(userId)
      const joined = memberships.filter(({ state }) => state === 'joined')
      return Promise.all(
        joined.map(async ({ roomId, parentId }) => {
          if (parentId !== undefined) return { roomId, parentId, floor: 0 }
          const member = (await isFromJoining(roomId)) ? await storage.member(roomId, userId) : undefined
          return { roomId, floor: member?.joinedSeq ?? 0 }
        })
      )
    },

    openRooms: (userId, options) => openRooms(storage, userId, options),

    async userAvatar(userId, hash) {
      // Rooms have pictures under their ids too, and not everybody may see those.
      if (!(await storage.user(userId)))
        throw new ProtocolError('avatar-not-found', 'there is no such user', { field: 'hash' })
      return avatarOf(storage, userId, hash)
    },

    async roomAvatar(userId, roomId, hash) {
      if ((await storage.room(roomId))?.kind !== 'open') await requireJoined(storage, roomId, userId)
      return avatarOf(storage, roomId, hash)
    },

    isFromJoining
  }
}
