// The live lane (SPEC §4, S14): typing and presence. Never stored, never numbered, may be lost; what was said expires by itself.
import { z } from 'zod'
import * as limits from './limits.ts'
import { counterSchema, idSchema } from './values.ts'

/** What a user has chosen to be to others; kept in the user's `preferences` record. */
export const availabilitySchema = z.enum(['auto', 'dnd', 'invisible'])
export type Availability = z.infer<typeof availabilitySchema>

// ── device → relay ──

export const typingSchema = z.object({
  /** An aside by its own id: only its members hear it [S11.5]. */
  roomId: idSchema,
  typing: z.boolean()
})
export type Typing = z.infer<typeof typingSchema>
export const typingResultSchema = z.object({ ok: z.literal(true) })
export type TypingResult = z.infer<typeof typingResultSchema>

/** What is absent stays as it was on this connection; a new connection is active and watches nobody. */
export const presenceSchema = z.object({
  /** Whether the device's user has done something within `AWAY_AFTER_MS`. */
  active: z.boolean().optional(),
  /** Of whom this connection wants to hear, instead of those before: the people on its screen. */
  watch: z.array(idSchema).max(limits.MAX_WATCHED_USERS).optional()
})
export type Presence = z.infer<typeof presenceSchema>

/** How a user is to others: `dnd` is one who is connected and wants no disturbance; somebody invisible is `offline`. */
export const presenceStateSchema = z.enum(['online', 'away', 'dnd', 'offline'])
export type PresenceState = z.infer<typeof presenceStateSchema>
export const personPresenceSchema = z.object({
  userId: z.string(),
  state: presenceStateSchema,
  /** Of somebody who is offline: when last seen, if the relay knows it; never of somebody invisible. */
  lastSeenAt: z.string().optional()
})
export type PersonPresence = z.infer<typeof personPresenceSchema>
/** Everybody who is watched now and shares a room with the user; nobody else is in it. */
export const presenceResultSchema = z.object({ ok: z.literal(true), people: z.array(personPresenceSchema) })
export type PresenceResult = z.infer<typeof presenceResultSchema>

// ── relay → device ──

/** Everybody who types in a room now, the receiver left out: it replaces what was said before. */
export const typingToldSchema = z.object({
  roomId: z.string(),
  /** At most `MAX_TYPING_NAMES`, the ones who began first. */
  userIds: z.array(z.string()).max(limits.MAX_TYPING_NAMES),
  /** How many they are; 0: nobody. */
  count: counterSchema
})
export type TypingTold = z.infer<typeof typingToldSchema>

/** Of those that the connection watches, who has changed. */
export const presenceToldSchema = z.object({ people: z.array(personPresenceSchema).max(limits.MAX_WATCHED_USERS) })
export type PresenceTold = z.infer<typeof presenceToldSchema>

// ── REST ──

/** `GET /rooms/:id/presence`: its members who are connected now and not invisible. */
export const presentMemberSchema = z.object({
  userId: z.string(),
  deviceCount: z.number().int().min(1),
  state: z.enum(['online', 'away', 'dnd'])
})
export type PresentMember = z.infer<typeof presentMemberSchema>
export const roomPresenceSchema = z.object({ online: z.array(presentMemberSchema) })
export type RoomPresence = z.infer<typeof roomPresenceSchema>
