// The records of version 1 (SPEC §2): the relay's truth, the same shape on the wire, in storage and in REST answers.
import { z } from 'zod'
import { avatarColorSchema, counterSchema, emojiSchema, placeSchema } from './values.ts'

const id = z.string().min(1).max(64)
const time = z.string().max(40)

/** The ways in which somebody belongs to a room. */
export const memberStateSchema = z.enum(['joined', 'left', 'removed'])
export type MemberState = z.infer<typeof memberStateSchema>

export const userRecordSchema = z.object({
  type: z.literal('user'),
  rev: placeSchema,
  id,
  username: z.string(),
  displayName: z.string(),
  /** Absent when none was chosen: the client derives one from the id. */
  color: avatarColorSchema.optional(),
  role: z.enum(['owner', 'member']),
  createdAt: time
})
export type UserRecord = z.infer<typeof userRecordSchema>

/** In the user's own stream: one per room that this user is or was in, with what is this user's alone. */
export const membershipRecordSchema = z.object({
  type: z.literal('membership'),
  rev: placeSchema,
  roomId: id,
  state: memberStateSchema,
  changedAt: time,
  /** [S12] This user's own watermark: everything up to this seq was read. */
  readSeq: counterSchema.optional(),
  /** [S12.4] Shown as unread from this seq on, whatever was read. */
  unreadFrom: placeSchema.optional(),
  /** No notifications until then; far away for "always". */
  mutedUntil: time.optional(),
  pinned: z.literal(true).optional()
})
export type MembershipRecord = z.infer<typeof membershipRecordSchema>

export const roomKindSchema = z.enum(['group', 'open'])
export const roomRecordSchema = z.object({
  type: z.literal('room'),
  rev: placeSchema,
  id,
  kind: roomKindSchema,
  name: z.string(),
  /** [S11.4] What those who join later may read; absent: all. */
  history: z.literal('from-joining').optional(),
  createdBy: id,
  createdAt: time
})
export type RoomRecord = z.infer<typeof roomRecordSchema>

export const memberRecordSchema = z.object({
  type: z.literal('member'),
  rev: placeSchema,
  roomId: id,
  userId: id,
  role: z.enum(['owner', 'member']),
  state: memberStateSchema,
  joinedAt: time,
  /** The room's highest seq when the user joined (last). */
  joinedSeq: counterSchema
})
export type MemberRecord = z.infer<typeof memberRecordSchema>

/** What a system line tells; the actor is the message's author, the wording the client's. */
export const systemEventSchema = z.object({
  name: z.enum(['room-created', 'room-renamed', 'member-joined', 'member-added', 'member-left', 'member-removed']),
  userIds: z.array(id),
  /** The new name, of a room that was renamed. */
  roomName: z.string().optional()
})
export type SystemEvent = z.infer<typeof systemEventSchema>

export const messageRecordSchema = z.object({
  type: z.literal('message'),
  rev: placeSchema,
  id,
  roomId: id,
  /** [S4] */
  seq: placeSchema,
  kind: z.enum(['text', 'system']),
  authorId: id,
  /** Empty in system lines and tombstones. */
  body: z.string(),
  /** [S5] */
  sentAt: time,
  acceptedAt: time,
  editedAt: time.optional(),
  deletedAt: time.optional(),
  replyTo: id.optional(),
  event: systemEventSchema.optional()
})
export type MessageRecord = z.infer<typeof messageRecordSchema>

/** One user's one emoji on one message; taken away again it stays as a record that is not set. */
export const reactionRecordSchema = z.object({
  type: z.literal('reaction'),
  rev: placeSchema,
  roomId: id,
  messageId: id,
  /** The message's, so that a page and its reactions are one range. */
  seq: placeSchema,
  userId: id,
  emoji: emojiSchema,
  set: z.boolean()
})
export type ReactionRecord = z.infer<typeof reactionRecordSchema>

/** [S12] In `reads:<roomId>`: how far one member has read, for the others to know. */
export const readRecordSchema = z.object({
  type: z.literal('read'),
  rev: placeSchema,
  roomId: id,
  userId: id,
  seq: counterSchema
})
export type ReadRecord = z.infer<typeof readRecordSchema>

export const streamRecordSchema = z.discriminatedUnion('type', [
  userRecordSchema,
  membershipRecordSchema,
  roomRecordSchema,
  memberRecordSchema,
  messageRecordSchema,
  reactionRecordSchema,
  readRecordSchema
])
/** Any replicated row. */
export type StreamRecord = z.infer<typeof streamRecordSchema>

/** A record's key within its stream: `message:<id>`, `member:<userId>` … */
export function recordKey(record: StreamRecord): string {
  switch (record.type) {
    case 'user':
    case 'room':
    case 'message':
      return `${record.type}:${record.id}`
    case 'membership':
      return `membership:${record.roomId}`
    case 'member':
      return `member:${record.userId}`
    case 'reaction':
      return `reaction:${record.messageId}:${record.userId}:${record.emoji}`
    case 'read':
      return `read:${record.userId}`
  }
}
