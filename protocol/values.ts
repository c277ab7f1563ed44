// The small values that records, operations and requests are made of: ids, texts, times, counters.
import { z } from 'zod'
import * as limits from './limits.ts'
import { USERS_STREAM } from './streams.ts'
import type { StreamId } from './streams.ts'

export { newId } from './new-id.ts'

/** Any RFC 9562 UUID; upper case is folded, so that one id has one spelling. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'must be a UUID')
  .transform((id) => id.toLowerCase())

/** The author of what no user did, but whoever runs the relay. Derived from nothing, so nobody's id ever (SPEC §3.1). */
export const RELAY_AUTHOR_ID = '00000000-0000-8000-8000-000000000000'

/** Text that every storage can hold: well-formed Unicode without U+0000. */
const soundText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without U+0000')

const notBlank = (text: string): boolean => text.trim() !== ''

/** The text of a message, kept as it is. */
export const bodySchema = soundText.max(limits.MAX_BODY_CHARS).refine(notBlank, 'must not be blank')

/** What nobody sees: spaces, formatting characters, Hangul fillers and the blank Braille pattern. */
const UNSEEN = /^[\p{Z}\p{Cf}\u115f\u1160\u3164\uffa0\u2800]*$/u

/** A picture, a flag or a key, and what may follow it: tones, joiners with more pictures, tags, how it is to be presented. */
const EMOJI =
  /^(?:\p{Extended_Pictographic}|\p{RI}\p{RI}|[0-9#*]\ufe0f?\u20e3)(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0e|\ufe0f|[\u{e0020}-\u{e007f}])*$/u
/** Made when it is first needed: it takes longer than everything else here. */
let graphemes: Intl.Segmenter | undefined
const isOneGrapheme = (text: string): boolean => {
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return [...graphemes.segment(text)].length === 1
}

/** One emoji as people see it, with all its modifiers. Newer ones than this program knows are taken too. */
export const emojiSchema = soundText
  .min(1)
  .max(limits.MAX_EMOJI_CHARS)
  .refine((text) => EMOJI.test(text) && isOneGrapheme(text), 'must be one emoji')

/** A name that people see in one line: trimmed and NFC, 1 to `max` code units. */
function shownName(max: number) {
  return soundText
    .transform((text) => text.trim().normalize('NFC'))
    .pipe(
      z
        .string()
        .min(1, 'must not be blank')
        .max(max)
        .refine((name) => !UNSEEN.test(name), 'must not be blank')
        .refine((name) => !/\p{Cc}/u.test(name), 'must not hold control characters')
    )
}
export const roomNameSchema = shownName(limits.MAX_ROOM_NAME_CHARS)
export const displayNameSchema = shownName(limits.MAX_DISPLAY_NAME_CHARS)
export const deviceNameSchema = shownName(limits.MAX_DEVICE_NAME_CHARS)

/** A line about a room or about oneself: as `shownName`. */
export const topicSchema = shownName(limits.MAX_TOPIC_CHARS)
export const statusSchema = shownName(limits.MAX_STATUS_CHARS)

/**
 * A picture as it is sent: a PNG in base64. The relay looks at what it really is, and keeps what it makes of it anew, at most
 * MAX_AVATAR_SIDE pixels wide and high.
 */
export const avatarSchema = z
  .string()
  .max(Math.ceil(limits.MAX_AVATAR_BYTES / 3) * 4)
  .regex(/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'must be base64')
/** The first 128 bits of the SHA-256 of the picture that the relay keeps, in hex. */
export const avatarHashSchema = z.string().regex(/^[0-9a-f]{32}$/)

/** What somebody may choose as the ground of their sign. Names, not values: each theme of a client has its own for them. */
export const AVATAR_COLORS = ['amber', 'moss', 'teal', 'sky', 'indigo', 'plum', 'rose', 'clay'] as const
export const avatarColorSchema = z.enum(AVATAR_COLORS)
export type AvatarColor = z.infer<typeof avatarColorSchema>

/** NFKC and lower case; letters and digits of any script, and `.`, `_`, `-`. */
export const usernameSchema = soundText
  .transform((text) => text.trim().normalize('NFKC').toLowerCase())
  .pipe(
    z
      .string()
      .min(limits.MIN_USERNAME_CHARS)
      .max(limits.MAX_USERNAME_CHARS)
      .regex(/^[\p{L}\p{M}\p{N}._-]+$/u, 'may hold letters, digits, ".", "_" and "-"')
  )

/** ISO 8601 with any offset in, UTC with milliseconds out. */
export const timeSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())

/** A rev, seq or n that may still be 0. */
export const counterSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
/** A rev, seq or n that was given. */
export const placeSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

/** The name of a stream (streams.ts). */
export const streamSchema = z.string().refine((name): name is StreamId => {
  if (name === USERS_STREAM) return true
  const match = /^(?:user|room|reads):(.+)$/.exec(name)
  return match !== null && idSchema.safeParse(match[1]).success && name === name.toLowerCase()
}, 'must be users, user:<id>, room:<id> or reads:<id>')
