// The records of version 1 (SPEC §2): the relay's truth, the same shape on the wire, in storage and in REST answers.
import { z } from 'zod'
import { availabilitySchema } from './live.ts'
import { avatarColorSchema, avatarHashSchema, counterSchema, emojiSchema, placeSchema } from './values.ts'

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
  /** Hash of the picture (`avatarHashSchema`), to ask for it by. */
  avatar: avatarHashSchema.optional(),
  /** A line about themselves. */
  status: z.string().optional(),
  /** [S12.6] This user's read marks are told to nobody. */
  receipts: z.literal(false).optional(),
  /** Of the relay. */
  role: z.enum(['owner', 'member']),
  createdAt: time,
  /** The account is gone: no name, no picture, no status any more. */
  deletedAt: time.optional()
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
  pinned: z.literal(true).optional(),
  /** [S11.5] Of an aside: the room that it belongs to. */
  parentId: id.optional()
})
export type MembershipRecord = z.infer<typeof membershipRecordSchema>

/** [S11.8] In the user's own stream: whose direct messages and mentions stay away. */
export const blockRecordSchema = z.object({
  type: z.literal('block'),
  rev: placeSchema,
  userId: id,
  set: z.boolean()
})
export type BlockRecord = z.infer<typeof blockRecordSchema>

/** In the user's own stream, one per user: what is the same on all of the user's devices, and nobody else's business. */
export const preferencesRecordSchema = z.object({
  type: z.literal('preferences'),
  rev: placeSchema,
  /** [S14.3] Absent: `auto`. */
  availability: availabilitySchema.exclude(['auto']).optional()
})
export type PreferencesRecord = z.infer<typeof preferencesRecordSchema>

export const roomKindSchema = z.enum(['group', 'open', 'direct', 'notes', 'aside'])
export type RoomKind = z.infer<typeof roomKindSchema>
export const roomRecordSchema = z.object({
  type: z.literal('room'),
  rev: placeSchema,
  id,
  kind: roomKindSchema,
  /** Empty in kinds `direct`, `notes` and `aside`: clients name them after the people. */
  name: z.string(),
  topic: z.string().optional(),
  /** Hash of the picture, to ask for it by. */
  avatar: avatarHashSchema.optional(),
  /** Who alone may write: owner and admins; absent: everybody. */
  writers: z.literal('admins').optional(),
  /** [S11.4] What those who join later may read; absent: all. */
  history: z.literal('from-joining').optional(),
  /** Ids of the messages that are held up for everybody, the one pinned last at the end; absent: none. */
  pins: z.array(id).optional(),
  createdBy: id,
  createdAt: time,
  /** [S11.6] Read-only since then. */
  closedAt: time.optional(),
  /** [S11.5] Of an aside: the room that it belongs to. */
  parentId: id.optional()
})
export type RoomRecord = z.infer<typeof roomRecordSchema>

export const memberRoleSchema = z.enum(['owner', 'admin', 'member'])
export type MemberRole = z.infer<typeof memberRoleSchema>

export const memberRecordSchema = z.object({
  type: z.literal('member'),
  rev: placeSchema,
  roomId: id,
  userId: id,
  role: memberRoleSchema,
  state: memberStateSchema,
  /** [S11.7] Kept out: neither joins nor is added. */
  banned: z.literal(true).optional(),
  /** [S11.5] Of an aside: the room that it belongs to. */
  parentId: id.optional(),
  joinedAt: time,
  /** The room's highest seq when the user joined (last). */
  joinedSeq: counterSchema
})
export type MemberRecord = z.infer<typeof memberRecordSchema>

/** What a system line tells; the actor is the message's author, the wording the client's. */
export const systemEventSchema = z.object({
  name: z.enum([
    'room-created',
    'room-renamed',
    'room-topic-set',
    'room-avatar-set',
    'room-writers-set',
    'room-closed',
    'message-pinned',
    'member-joined',
    'member-added',
    'member-left',
    'member-removed',
    'member-banned',
    'member-role-set'
  ]),
  userIds: z.array(id),
  /** The new name, of a room that was renamed. */
  roomName: z.string().optional(),
  /** Of `room-topic-set`; absent: taken away. */
  topic: z.string().optional(),
  /** Of `room-writers-set`; absent: everybody. */
  writers: z.literal('admins').optional(),
  /** Of `member-role-set`. */
  role: memberRoleSchema.optional(),
  /** Of `message-pinned`. */
  messageId: id.optional()
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
  /** Of the message that `replyTo` names: a device that does not hold it finds it by this. Absent in what was said before there was this field. */
  replySeq: placeSchema.optional(),
  mentions: z.array(id).optional(),
  /** [S11.5] In an aside: the highest seq of the parent when this was accepted; it is shown behind that. */
  anchorSeq: counterSchema.optional(),
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
  blockRecordSchema,
  preferencesRecordSchema,
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
    case 'block':
      return `block:${record.userId}`
    case 'preferences':
      return 'preferences'
    case 'member':
      return `member:${record.userId}`
    case 'reaction':
      return `reaction:${record.messageId}:${record.userId}:${record.emoji}`
    case 'read':
      return `read:${record.userId}`
  }
}
