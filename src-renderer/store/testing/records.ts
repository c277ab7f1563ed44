// Records as a relay would send them, for tests of what the store makes of them.
import type {
  MemberRecord,
  MembershipRecord,
  MessageRecord,
  ReactionRecord,
  RoomRecord,
  UserRecord
} from '../../../protocol/records.ts'
import { roomStream, userStream } from '../../../protocol/streams.ts'
import { newId } from '../../../protocol/values.ts'
import type { Answer } from '../../../protocol/socket.ts'
import type { Store } from '../open-store.ts'
import type { OutboxEntry } from '../sync-store.ts'

export const TIME = '2026-02-10T06:05:00.000Z'

export function messageOf(roomId: string, seq: number, fields: Partial<MessageRecord> = {}): MessageRecord {
  const common = { type: 'message', rev: seq, id: newId(), roomId, seq, kind: 'text', authorId: 'someone' } as const
  return { ...common, body: `message ${seq}`, sentAt: TIME, acceptedAt: TIME, ...fields }
}

export function reactionOf(
  { roomId, id, seq }: MessageRecord,
  userId: string,
  emoji: string,
  fields: Partial<ReactionRecord> = {}
): ReactionRecord {
  return { type: 'reaction', rev: 1, roomId, messageId: id, seq, userId, emoji, set: true, ...fields }
}

export function roomOf(id: string, fields: Partial<RoomRecord> = {}): RoomRecord {
  return { type: 'room', rev: 1, id, kind: 'group', name: 'hall', createdBy: 'someone', createdAt: TIME, ...fields }
}

export function memberOf(roomId: string, userId: string, fields: Partial<MemberRecord> = {}): MemberRecord {
  const common = { type: 'member', rev: 1, roomId, userId, role: 'member', state: 'joined' } as const
  return { ...common, joinedAt: TIME, joinedSeq: 0, ...fields }
}

export function membershipOf(roomId: string, fields: Partial<MembershipRecord> = {}): MembershipRecord {
  return { type: 'membership', rev: 1, roomId, state: 'joined', changedAt: TIME, ...fields }
}

export function userOf(id: string, fields: Partial<UserRecord> = {}): UserRecord {
  return { type: 'user', rev: 1, id, username: 'mina', displayName: '미나', role: 'member', createdAt: TIME, ...fields }
}

/** Stores a room with its messages as sync does: records, then what is held. */
export async function holdRoom(
  { sync }: Pick<Store, 'sync'>,
  userId: string,
  roomId: string,
  messages: readonly MessageRecord[] = [],
  fields: { room?: Partial<RoomRecord>; membership?: Partial<MembershipRecord>; headSeq?: number } = {}
): Promise<void> {
  const stream = roomStream(roomId)
  await sync.applyRecords(stream, 1, [roomOf(roomId, fields.room), memberOf(roomId, userId), ...messages])
  await sync.applyRecords(userStream(userId), 1, [membershipOf(roomId, fields.membership)])
  const seqs = messages.map(({ seq }) => seq)
  const ranges = seqs.length === 0 ? [] : [[Math.min(...seqs), Math.max(...seqs)] as const]
  const headSeq = fields.headSeq ?? Math.max(0, ...seqs)
  await sync.saveStreams([{ stream, epoch: 1, checkpoint: 1_000, ranges, headSeq }])
}

export function refusal({ id, n }: OutboxEntry, code = 'not-permitted'): Answer {
  return { status: 'refused', id, n: n ?? 0, error: { code, message: code } }
}

/** Numbers everything that waits and refuses it. */
export async function refuseAll({ sync }: Pick<Store, 'sync'>, code?: string): Promise<void> {
  const numbered = await sync.numberPending(100)
  await sync.storeAnswers(
    1,
    numbered.map((entry) => refusal(entry, code))
  )
}
