// What a notification carries with it, and what the service worker says of a click: parsed where it comes back, because another version may have
// made it.
import { z } from 'zod'
import type { Notice, NoticePlace } from './bridge.ts'
import type { NoticeClick } from './notifier.ts'

const placeSchema: z.ZodType<NoticePlace> = z.object({
  relayId: z.string().optional(),
  roomId: z.string(),
  seq: z.number().nullable()
})

const noticeSchema: z.ZodType<Notice> = z.object({
  tag: z.string(),
  title: z.string(),
  body: z.string(),
  place: placeSchema.nullable(),
  covers: z.record(z.string(), z.number()),
  count: z.number(),
  alert: z.boolean(),
  mayReply: z.boolean().default(false)
})

const clickSchema: z.ZodType<NoticeClick> = z.object({
  type: z.literal('maru-notice-click'),
  place: placeSchema.nullable()
})

/** Null for what is no notification of ours. */
export function parseNotice(data: unknown): Notice | null {
  return noticeSchema.safeParse(data).data ?? null
}

/** Null for what is said about something else. */
export function parseNoticeClick(data: unknown): NoticeClick | null {
  return clickSchema.safeParse(data).data ?? null
}
