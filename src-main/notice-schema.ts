// What a notification looks like that the page hands over: its shape and how much of it there may be.
import { z } from 'zod'
import type { Notice } from '../src-renderer/platform/bridge.ts'

/** More than any system shows, and than the page makes. */
const MAX_TITLE_CHARS = 1_000
const MAX_BODY_CHARS = 4_000
const MAX_ID_CHARS = 500
const MAX_COVERED = 100_000

const idSchema = z.string().min(1).max(MAX_ID_CHARS)
const seqSchema = z.number().int().nonnegative()

export const tagSchema = idSchema
export const noticeSchema: z.ZodType<Notice> = z.strictObject({
  tag: tagSchema,
  title: z.string().max(MAX_TITLE_CHARS),
  body: z.string().max(MAX_BODY_CHARS),
  place: z.strictObject({ relayId: idSchema.optional(), roomId: idSchema, seq: seqSchema.nullable() }).nullable(),
  covers: z.record(idSchema, seqSchema).refine((covers) => Object.keys(covers).length <= MAX_COVERED),
  count: seqSchema,
  alert: z.boolean(),
  mayReply: z.boolean()
})
