// What the contract's tests are made of: ids, records, rooms with messages. Knows no driver.
import type {
  MemberRecord,
  MessageRecord,
  ReactionRecord,
  RoomRecord,
  StreamRecord,
  UserRecord
} from '../../../protocol/records.ts'
import { roomStream } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import type { ChangesOptions, Device, Invite, NewMessage, Storage, Unrevised } from '../port.ts'

/** A storage under test; `reopen` closes it and opens the same data again. */
export interface Opened {
  storage: Storage
  reopen(): Promise<Storage>
  dispose(): Promise<void>
}
export type Open = () => Promise<Opened>

export const TIME = '2026-11-20T12:00:00.000Z'

/** The n-th UUID of a kind; the same at each run. */
export function uuid(kind: 'user' | 'room' | 'message' | 'device' | 'invite', n: number): string {
  const tag = { user: '1', room: '2', message: '3', device: '4', invite: '5' }[kind]
  return `0000000${tag}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

export const ROOM = uuid('room', 1)
export const ROOM_STREAM = roomStream(ROOM)
export const ALICE = uuid('user', 1)

export function roomRecord(roomId: string, name = 'Kitchen'): Unrevised<RoomRecord> {
  return { type: 'room', id: roomId, kind: 'group', name, createdBy: ALICE, createdAt: TIME }
}

export function memberRecord(roomId: string, userId: string, state: MemberRecord['state']): Unrevised<MemberRecord> {
  return { type: 'member', roomId, userId, role: 'member', state, joinedAt: TIME, joinedSeq: 0 }
}

export function userRecord(userId: string, username: string): Unrevised<UserRecord> {
  return { type: 'user', id: userId, username, displayName: username, role: 'member', createdAt: TIME }
}

export function message(roomId: string, n: number, body = `message ${n}`): NewMessage {
  const id = uuid('message', n)
  return { type: 'message', id, roomId, kind: 'text', authorId: ALICE, body, sentAt: TIME, acceptedAt: TIME }
}

/** To message n, which has `seq`. */
export function reactionRecord(
  roomId: string,
  n: number,
  seq: number,
  userId: string,
  emoji: string,
  set = true
): Unrevised<ReactionRecord> {
  return { type: 'reaction', roomId, messageId: uuid('message', n), seq, userId, emoji, set }
}

export function device(n: number, more: Partial<Device> = {}): Device {
  const id = uuid('device', n)
  const known = { id, userId: ALICE, name: 'Laptop', tokenHash: `hash ${n}`, createdAt: TIME, lastUsedAt: TIME }
  return { ...known, answered: 0, settled: 0, answers: [], ...more }
}

export function invite(n: number, more: Partial<Invite> = {}): Invite {
  const id = uuid('invite', n)
  const known = { id, codeHash: `code ${n}`, createdBy: null, uses: 5, usesLeft: 5, roomIds: [] }
  return { ...known, createdAt: TIME, expiresAt: TIME, ...more }
}

/** A record as it would be put again. */
export function withoutRev<R extends StreamRecord>(record: R): Unrevised<R> {
  const copy: Partial<R> = { ...record }
  delete copy.rev
  return copy as unknown as Unrevised<R>
}

/** Appends messages first … last, `perCommit` at a time. */
export async function send(
  storage: Storage,
  roomId: string,
  first: number,
  last: number,
  perCommit = 100
): Promise<MessageRecord[]> {
  const sent: MessageRecord[] = []
  for (let n = first; n <= last; n += perCommit) {
    const { value } = await storage.commit([roomStream(roomId)], async (draft) => {
      const made: MessageRecord[] = []
      for (let at = n; at < n + perCommit && at <= last; at++) made.push(await draft.append(message(roomId, at)))
      return made
    })
    sent.push(...value)
  }
  return sent
}

/** Gives a message another body. */
export async function edit(storage: Storage, roomId: string, n: number, body: string): Promise<MessageRecord> {
  const { value } = await storage.commit([roomStream(roomId)], async (draft) => {
    const standing = await draft.message(roomId, uuid('message', n))
    if (!standing) throw new Error(`no message ${n}`)
    return draft.put<MessageRecord>(roomStream(roomId), { ...withoutRev(standing), body, editedAt: TIME })
  })
  return value
}

export const ALL: ChangesOptions = { limit: 1_000, maxBytes: 500_000 }

/** Every change above `since`, page by page, as a device would ask for them. */
export async function readChanges(
  storage: Storage,
  stream: StreamId,
  since = 0,
  options: ChangesOptions = ALL
): Promise<StreamRecord[]> {
  const records: StreamRecord[] = []
  for (let from = since; ;) {
    const page = await storage.changes(stream, from, options)
    records.push(...page.records)
    if (page.more !== page.through < page.head)
      throw new Error(`more is ${page.more} at ${page.through} of ${page.head}`)
    if (!page.more) return records
    if (page.through <= from) throw new Error(`the answer after ${from} goes no further`)
    from = page.through
  }
}

/** A whole room, page by page from its newest message to its first; pages in the order of seq. */
export async function readPages(
  storage: Storage,
  roomId: string,
  options: { limit: number; maxBytes: number }
): Promise<MessageRecord[][]> {
  const pages: MessageRecord[][] = []
  for (let before: number | undefined; ;) {
    const page = await storage.page(roomId, before === undefined ? options : { ...options, before })
    if (page.messages.length > 0) pages.unshift(page.messages)
    if (!page.more) return pages
    const first = page.messages[0]
    if (!first) throw new Error(`no message before ${before}, and yet there are more`)
    before = first.seq
  }
}

/** 1 … n. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1)
}
