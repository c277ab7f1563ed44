// The operations of version 1 (SPEC §3). REST builds the same values, and one function applies them.
import { z } from 'zod'
import * as limits from './limits.ts'
import { roomKindSchema } from './records.ts'
import { bodySchema, idSchema, roomNameSchema, timeSchema } from './values.ts'

const userIds = z.array(idSchema).max(limits.MAX_USERS_PER_OPERATION)

export const operationSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('room.create'),
    roomId: idSchema,
    kind: roomKindSchema,
    name: roomNameSchema,
    /** Whom else to take in; the actor is a member anyway. */
    memberIds: userIds
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
  z.object({ type: z.literal('message.delete'), roomId: idSchema, messageId: idSchema })
])

export type Operation = z.infer<typeof operationSchema>
export type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>
