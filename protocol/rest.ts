// REST request and answer shapes (SPEC §5).
import { z } from 'zod'
import * as limits from './limits.ts'
import { roomKindSchema, userRecordSchema } from './records.ts'
import {
  avatarColorSchema,
  bodySchema,
  counterSchema,
  deviceNameSchema,
  displayNameSchema,
  emojiSchema,
  idSchema,
  placeSchema,
  roomNameSchema,
  timeSchema,
  usernameSchema
} from './values.ts'

/** Not trimmed, not normalised but for NFKC at hashing: a password is what was typed. */
const newPasswordSchema = z.string().min(limits.MIN_PASSWORD_CHARS).max(limits.MAX_PASSWORD_CHARS)

export const createAccountSchema = z.object({
  username: usernameSchema,
  password: newPasswordSchema,
  displayName: displayNameSchema,
  color: avatarColorSchema.optional(),
  deviceName: deviceNameSchema.optional(),
  invite: z.string().max(limits.MAX_INVITE_CODE_CHARS).optional()
})
export type CreateAccount = z.infer<typeof createAccountSchema>

export const createSessionSchema = z.object({
  username: usernameSchema,
  password: z.string().min(1).max(limits.MAX_PASSWORD_CHARS),
  deviceId: idSchema.optional(),
  deviceName: deviceNameSchema.optional()
})
export type CreateSession = z.infer<typeof createSessionSchema>

export const renewSessionSchema = z.object({
  asNewDevice: z.boolean().optional(),
  deviceName: deviceNameSchema.optional()
})

export const sessionAnswerSchema = z.object({ user: userRecordSchema, deviceId: z.string(), token: z.string() })
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>

export const relayAnswerSchema = z.object({
  relay: z.object({ id: z.string(), version: z.string() }),
  protocol: z.number().int(),
  registration: z.enum(['open', 'invite', 'closed']),
  hasOwner: z.boolean()
})
export type RelayAnswer = z.infer<typeof relayAnswerSchema>

export const createInviteSchema = z.object({
  uses: z.number().int().min(1).max(limits.MAX_INVITE_USES).optional(),
  expiresInHours: z.number().int().min(1).max(limits.MAX_INVITE_HOURS).optional()
})

export const createRoomSchema = z.object({
  id: idSchema.optional(),
  kind: roomKindSchema,
  name: roomNameSchema,
  memberIds: z.array(idSchema).max(limits.MAX_USERS_PER_OPERATION).optional(),
  history: z.literal('from-joining').optional()
})
export const renameRoomSchema = z.object({ name: roomNameSchema })
export const addMembersSchema = z.object({ userIds: z.array(idSchema).min(1).max(limits.MAX_USERS_PER_OPERATION) })

export const sendMessageSchema = z.object({
  id: idSchema,
  body: bodySchema,
  sentAt: timeSchema.optional(),
  replyTo: idSchema.optional()
})
export const editMessageSchema = z.object({ body: bodySchema })
/** In the address of a reaction. */
export const reactionPathSchema = z.object({ emoji: emojiSchema })
export const markReadSchema = z.object({ seq: counterSchema })
export const changeProfileSchema = z.object({
  displayName: displayNameSchema.optional(),
  color: avatarColorSchema.optional()
})

/** Numbers of a query string: `?limit=50`. */
const queryNumber = z
  .string()
  .regex(/^\d{1,16}$/, 'must be a whole number')
  .transform(Number)
export const listMessagesSchema = z
  .object({
    before: queryNumber.pipe(placeSchema).optional(),
    since: queryNumber.pipe(counterSchema).optional(),
    limit: queryNumber.pipe(z.number().int().min(1).max(limits.MAX_PAGE_MESSAGES)).optional()
  })
  .refine((query) => query.before === undefined || query.since === undefined, {
    message: 'before and since exclude each other',
    path: ['since']
  })
