// The operations of version 1 (SPEC §3). REST builds the same values, and one function applies them.
import { z } from 'zod'
import * as limits from './limits.ts'
import { roomKindSchema } from './records.ts'
import {
  avatarColorSchema,
  bodySchema,
  counterSchema,
  displayNameSchema,
  emojiSchema,
  idSchema,
  placeSchema,
  roomNameSchema,
  timeSchema
} from './values.ts'

const userIds = z.array(idSchema).max(limits.MAX_USERS_PER_OPERATION)

export const operationSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('room.create'),
    roomId: idSchema,
    kind: roomKindSchema,
    name: roomNameSchema,
    /** Whom else to take in; the actor is a member anyway. */
    memberIds: userIds,
    history: z.literal('from-joining').optional()
  }),
  z.object({ type: z.literal('room.rename'), roomId: idSchema, name: roomNameSchema }),
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
  /** With one's own id: leaving. */
  z.object({ type: z.literal('member.remove'), roomId: idSchema, userId: idSchema }),
  z.object({
    type: z.literal('message.send'),
    roomId: idSchema,
    messageId: idSchema,
    body: bodySchema,
    sentAt: timeSchema,
    replyTo: idSchema.optional()
  }),
  z.object({ type: z.literal('message.edit'), roomId: idSchema, messageId: idSchema, body: bodySchema }),
  z.object({ type: z.literal('message.delete'), roomId: idSchema, messageId: idSchema }),
  /** Set or taken away, never toggled: a repetition changes nothing. */
  z.object({
    type: z.literal('reaction.set'),
    roomId: idSchema,
    messageId: idSchema,
    emoji: emojiSchema,
    set: z.boolean()
  }),
  z.object({ type: z.literal('read.mark'), roomId: idSchema, seq: counterSchema }),
  /** What is absent stays. */
  z.object({
    type: z.literal('profile.change'),
    displayName: displayNameSchema.optional(),
    color: avatarColorSchema.optional()
  })
])

export type Operation = z.infer<typeof operationSchema>
/** Operations on a room; the others concern the actor alone. */
export type RoomOperation = Extract<Operation, { roomId: string }>
export type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>
