// REST request and answer shapes (SPEC §5).
import { z } from 'zod'
import * as limits from './limits.ts'
import { availabilitySchema } from './live.ts'
import { memberRoleSchema, userRecordSchema } from './records.ts'
import {
  avatarColorSchema,
  avatarSchema,
  bodySchema,
  counterSchema,
  deviceNameSchema,
  displayNameSchema,
  emojiSchema,
  idSchema,
  placeSchema,
  roomNameSchema,
  statusSchema,
  timeSchema,
  topicSchema,
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
  expiresInHours: z.number().int().min(1).max(limits.MAX_INVITE_HOURS).optional(),
  /** Rooms of its maker that it leads into. */
  roomIds: z.array(idSchema).max(limits.MAX_INVITE_ROOMS).optional()
})
export const acceptInviteSchema = z.object({ code: z.string().min(1).max(limits.MAX_INVITE_CODE_CHARS) })

/** An invite as it is listed: its code was said once, when it was made. */
export const inviteEntrySchema = z.object({
  id: z.string(),
  createdBy: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
  uses: z.number().int(),
  usesLeft: z.number().int(),
  roomIds: z.array(z.string())
})
export type InviteEntry = z.infer<typeof inviteEntrySchema>
export const newInviteAnswerSchema = z.object({
  /** Six short words joined by `-`: enough by itself, and the end of the link. */
  code: z.string(),
  uses: z.number().int(),
  expiresAt: z.string(),
  invite: inviteEntrySchema
})
export type NewInviteAnswer = z.infer<typeof newInviteAnswerSchema>
export const invitesAnswerSchema = z.object({ invites: z.array(inviteEntrySchema) })

export const changePasswordSchema = z.object({
  currentPassword: z.string().min(1).max(limits.MAX_PASSWORD_CHARS),
  newPassword: newPasswordSchema
})
export const deleteAccountSchema = z.object({ password: z.string().min(1).max(limits.MAX_PASSWORD_CHARS) })
export const setPasswordSchema = z.object({
  username: usernameSchema,
  code: z.string().min(1).max(limits.MAX_INVITE_CODE_CHARS),
  newPassword: newPasswordSchema
})
export const resetAnswerSchema = z.object({ username: z.string(), code: z.string(), expiresAt: z.string() })

export const sessionEntrySchema = z.object({
  deviceId: z.string(),
  deviceName: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  /** The one that asks. */
  current: z.boolean(),
  /** Connected now. */
  online: z.boolean()
})
export type SessionEntry = z.infer<typeof sessionEntrySchema>
export const sessionsAnswerSchema = z.object({ sessions: z.array(sessionEntrySchema) })

export const listOpenRoomsSchema = z.object({
  after: idSchema.optional(),
  /** A part of the name; case does not matter. */
  query: z.string().max(limits.MAX_ROOM_NAME_CHARS).optional()
})
/** An open room as it is found. */
export const openRoomSchema = z.object({
  id: z.string(),
  name: z.string(),
  topic: z.string().optional(),
  avatar: z.string().optional(),
  memberCount: z.number().int(),
  /** Whether the asker is joined. */
  joined: z.boolean()
})
export type OpenRoom = z.infer<typeof openRoomSchema>
export const openRoomsAnswerSchema = z.object({
  rooms: z.array(openRoomSchema),
  /** The `after` of the next page, or null. */
  next: z.string().nullable()
})
export type OpenRoomsAnswer = z.infer<typeof openRoomsAnswerSchema>

// ── for owners of the relay ──

export const adminChangeUserSchema = z.object({
  role: z.enum(['owner', 'member']).optional(),
  disabled: z.boolean().optional()
})
export const adminUserSchema = z.object({
  user: userRecordSchema,
  disabled: z.boolean(),
  deviceCount: z.number().int(),
  onlineDeviceCount: z.number().int(),
  lastUsedAt: z.string().nullable()
})
export type AdminUser = z.infer<typeof adminUserSchema>
export const adminUsersAnswerSchema = z.object({ users: z.array(adminUserSchema), next: z.string().nullable() })
/** Kinds `group` and `open` alone: whom somebody talks to is not the owner's to know. */
export const adminRoomSchema = z.object({
  id: z.string(),
  kind: z.enum(['group', 'open']),
  name: z.string(),
  memberCount: z.number().int(),
  headSeq: z.number().int(),
  createdAt: z.string(),
  closedAt: z.string().optional()
})
export type AdminRoom = z.infer<typeof adminRoomSchema>
export const adminRoomsAnswerSchema = z.object({ rooms: z.array(adminRoomSchema), next: z.string().nullable() })
export const auditEntrySchema = z.object({
  seq: placeSchema,
  at: z.string(),
  /** Null: whoever runs the relay, by a command. */
  actorId: z.string().nullable(),
  /** `invite.made`, `user.disabled`, `room.closed` … */
  act: z.string(),
  /** What it was done to, by id. */
  userId: z.string().optional(),
  roomId: z.string().optional(),
  deviceId: z.string().optional(),
  inviteId: z.string().optional(),
  detail: z.string().optional()
})
export type AuditEntry = z.infer<typeof auditEntrySchema>
export const auditAnswerSchema = z.object({ entries: z.array(auditEntrySchema), olderCursor: z.number().nullable() })
export const adminOverviewSchema = z.object({
  version: z.string(),
  protocol: z.number().int(),
  registration: z.enum(['open', 'invite', 'closed']),
  startedAt: z.string(),
  epoch: z.number().int(),
  storage: z.object({
    driver: z.string(),
    bytes: z.number().nullable(),
    users: z.number().int(),
    rooms: z.number().int(),
    /** Why nothing can be stored now. */
    trouble: z.string().optional()
  }),
  connections: z.object({ devices: z.number().int(), users: z.number().int() }),
  /** The newest ones first, without what people wrote. */
  errors: z.array(z.object({ at: z.string(), message: z.string() }))
})
export type AdminOverview = z.infer<typeof adminOverviewSchema>

export const createRoomSchema = z.object({
  id: idSchema.optional(),
  kind: z.enum(['group', 'open', 'direct', 'notes']),
  name: roomNameSchema.optional(),
  memberIds: z.array(idSchema).max(limits.MAX_USERS_PER_OPERATION).optional(),
  history: z.literal('from-joining').optional(),
  topic: topicSchema.optional(),
  writers: z.literal('admins').nullable().optional()
})
export const changeRoomSchema = z.object({
  name: roomNameSchema.optional(),
  topic: topicSchema.nullable().optional(),
  avatar: avatarSchema.nullable().optional(),
  writers: z.literal('admins').nullable().optional()
})
export const changeMemberSchema = z.object({ role: memberRoleSchema })
export const leaveSchema = z.object({ quietly: z.enum(['true', 'false']).optional() })
export const addMembersSchema = z.object({ userIds: z.array(idSchema).min(1).max(limits.MAX_USERS_PER_OPERATION) })

export const sendMessageSchema = z.object({
  id: idSchema,
  body: bodySchema,
  sentAt: timeSchema.optional(),
  replyTo: idSchema.optional(),
  mentions: z.array(idSchema).max(limits.MAX_MENTIONS).optional(),
  to: z.array(idSchema).min(1).max(limits.MAX_ASIDE_RECIPIENTS).optional()
})
export const editMessageSchema = z.object({
  body: bodySchema,
  mentions: z.array(idSchema).max(limits.MAX_MENTIONS).optional()
})
/** What a message said before it was edited, the oldest first. */
export const formerTextSchema = z.object({ body: z.string(), writtenAt: z.string() })
export type FormerText = z.infer<typeof formerTextSchema>
export const editsAnswerSchema = z.object({ edits: z.array(formerTextSchema) })
/** In the address of a reaction. */
export const reactionPathSchema = z.object({ emoji: emojiSchema })
export const markReadSchema = z.object({ seq: counterSchema })
export const changeProfileSchema = z.object({
  displayName: displayNameSchema.optional(),
  color: avatarColorSchema.optional(),
  avatar: avatarSchema.nullable().optional(),
  status: statusSchema.nullable().optional(),
  receipts: z.boolean().optional()
})
export const changePreferencesSchema = z.object({ availability: availabilitySchema.optional() })
export const preferencesAnswerSchema = z.object({ preferences: z.object({ availability: availabilitySchema }) })
export type PreferencesAnswer = z.infer<typeof preferencesAnswerSchema>

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

/** Of `DELETE /sessions`: all others, or all. */
export const signOutSchema = z.object({ keep: z.literal('current').optional() })
export const pageOfUsersSchema = z.object({ after: queryNumber.pipe(counterSchema).optional() })
export const pageOfRoomsSchema = z.object({ after: idSchema.optional() })
export const auditQuerySchema = z.object({ before: queryNumber.pipe(placeSchema).optional() })
