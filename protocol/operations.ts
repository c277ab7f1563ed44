// The operations of version 1 (SPEC §3). REST builds the same values, and one function applies them.
import { z } from 'zod'
import * as limits from './limits.ts'
import { availabilitySchema } from './live.ts'
import { memberRoleSchema } from './records.ts'
import {
  avatarColorSchema,
  avatarSchema,
  bodySchema,
  counterSchema,
  displayNameSchema,
  emojiSchema,
  idSchema,
  placeSchema,
  roomNameSchema,
  statusSchema,
  timeSchema,
  topicSchema
} from './values.ts'

const userIds = z.array(idSchema).max(limits.MAX_USERS_PER_OPERATION)
/** Whose `@name` stands in the text. The relay leaves out who is not a joined member. */
const mentions = z.array(idSchema).max(limits.MAX_MENTIONS).optional()
/** Who alone may write; null: everybody. */
const writers = z.literal('admins').nullable()

/** Direct rooms and notes to self are named after their people by clients. */
function isNamed(kind: string): boolean {
  return kind === 'group' || kind === 'open'
}

export const operationSchema = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('room.create'),
      roomId: idSchema,
      /** `direct` and `notes`: `roomId` is the derived one (derived-ids.ts), there is no name and nothing to settle. */
      kind: z.enum(['group', 'open', 'direct', 'notes']),
      name: roomNameSchema.optional(),
      /** Whom else to take in; the actor is a member anyway. */
      memberIds: userIds,
      history: z.literal('from-joining').optional(),
      topic: topicSchema.optional(),
      writers: writers.optional()
    })
    .refine((room) => isNamed(room.kind) === (room.name !== undefined), {
      message: 'rooms of this kind have a name, or have none',
      path: ['name']
    }),
  z.object({ type: z.literal('room.rename'), roomId: idSchema, name: roomNameSchema }),
  /** What is absent stays, null takes away. */
  z.object({
    type: z.literal('room.change'),
    roomId: idSchema,
    topic: topicSchema.nullable().optional(),
    avatar: avatarSchema.nullable().optional(),
    writers: writers.optional()
  }),
  /** For good: nobody writes there any more. */
  z.object({ type: z.literal('room.close'), roomId: idSchema }),
  /** By oneself, into an open room. */
  z.object({ type: z.literal('room.join'), roomId: idSchema }),
  /** Of the actor alone; what is absent stays, null takes away. */
  z.object({
    type: z.literal('room.settings'),
    roomId: idSchema,
    mutedUntil: timeSchema.nullable().optional(),
    pinned: z.boolean().optional(),
    unreadFrom: placeSchema.nullable().optional()
  }),
  z.object({ type: z.literal('member.add'), roomId: idSchema, userIds: userIds.min(1) }),
  /** With one's own id: leaving; `quietly`, without a line about it. */
  z.object({
    type: z.literal('member.remove'),
    roomId: idSchema,
    userId: idSchema,
    quietly: z.literal(true).optional()
  }),
  /** Removes and keeps out; or lets in again. */
  z.object({ type: z.literal('member.ban'), roomId: idSchema, userId: idSchema, set: z.boolean() }),
  /** `owner` hands the room over: the actor is an admin from then on. */
  z.object({ type: z.literal('member.role'), roomId: idSchema, userId: idSchema, role: memberRoleSchema }),
  z.object({
    type: z.literal('message.send'),
    roomId: idSchema,
    messageId: idSchema,
    body: bodySchema,
    sentAt: timeSchema,
    replyTo: idSchema.optional(),
    mentions,
    /** [S11.5] Only these hear it: it goes into the aside of this room and these people. */
    to: z.array(idSchema).min(1).max(limits.MAX_ASIDE_RECIPIENTS).optional()
  }),
  z.object({ type: z.literal('message.edit'), roomId: idSchema, messageId: idSchema, body: bodySchema, mentions }),
  z.object({ type: z.literal('message.delete'), roomId: idSchema, messageId: idSchema }),
  /** Set or taken away, never toggled: a repetition changes nothing. */
  z.object({
    type: z.literal('reaction.set'),
    roomId: idSchema,
    messageId: idSchema,
    emoji: emojiSchema,
    set: z.boolean()
  }),
  /** For everybody in the room; as a reaction, never toggled. */
  z.object({ type: z.literal('message.pin'), roomId: idSchema, messageId: idSchema, set: z.boolean() }),
  z.object({ type: z.literal('read.mark'), roomId: idSchema, seq: counterSchema }),
  /** What is absent stays, null takes away. */
  z.object({
    type: z.literal('profile.change'),
    displayName: displayNameSchema.optional(),
    color: avatarColorSchema.optional(),
    avatar: avatarSchema.nullable().optional(),
    status: statusSchema.nullable().optional(),
    /** [S12.6] */
    receipts: z.boolean().optional()
  }),
  /** [S14.3] Of the actor alone. What is absent stays; `auto` takes away. */
  z.object({ type: z.literal('preferences.change'), availability: availabilitySchema.optional() }),
  /** [S11.8] Of the actor alone. */
  z.object({ type: z.literal('block.set'), userId: idSchema, set: z.boolean() })
])

export type Operation = z.infer<typeof operationSchema>
/** Operations on a room; the others concern the actor alone. */
export type RoomOperation = Extract<Operation, { roomId: string }>
export type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>
