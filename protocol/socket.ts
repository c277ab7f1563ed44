// The socket's packets and events (SPEC §4): schemas for what comes in, and the event maps that type both ends.
import { z } from 'zod'
import * as limits from './limits.ts'
import type { Presence, PresenceResult, PresenceTold, Typing, TypingResult, TypingTold } from './live.ts'
import type { Operation } from './operations.ts'
import { messageRecordSchema, reactionRecordSchema, streamRecordSchema, userRecordSchema } from './records.ts'
import { counterSchema, idSchema, placeSchema, streamSchema } from './values.ts'
import { wireErrorSchema } from './wire-error.ts'
import type { WireError } from './wire-error.ts'

export const handshakeSchema = z.object({
  token: z.string().min(1).max(limits.MAX_TOKEN_CHARS),
  protocol: z.number().int()
})
export type Handshake = z.infer<typeof handshakeSchema>

// ── push ──

/** [S6.1] The envelope alone; `operation` is parsed apart, so that a malformed one is refused alone. */
export const operationEnvelopeSchema = z.object({
  id: idSchema,
  n: placeSchema,
  dependsOn: z.array(idSchema).max(limits.MAX_DEPENDENCIES).optional(),
  operation: z.unknown().optional()
})
export const pushSchema = z.object({
  settled: counterSchema,
  operations: z.array(operationEnvelopeSchema).max(limits.MAX_PUSH_OPERATIONS)
})
/** As the device builds it. */
export type Push = {
  settled: number
  operations: { id: string; n: number; dependsOn?: string[]; operation: Operation }[]
}
/** As the relay has parsed it. */
export type ParsedPush = z.infer<typeof pushSchema>

export const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('accepted'),
    n: placeSchema,
    id: z.string(),
    stream: streamSchema,
    rev: counterSchema,
    /** Of the message that was sent. */
    seq: placeSchema.optional()
  }),
  z.object({ status: z.literal('refused'), n: placeSchema, id: z.string(), error: wireErrorSchema })
])
export type Answer = z.infer<typeof answerSchema>

export const stoppedSchema = z.object({
  code: z.string(),
  message: z.string(),
  retryAfterMs: z.number().min(0)
})
export type Stopped = z.infer<typeof stoppedSchema>

export const pushResultSchema = z.object({
  ok: z.literal(true),
  epoch: placeSchema,
  answers: z.array(answerSchema),
  stopped: stoppedSchema.optional()
})
export type PushResult = z.infer<typeof pushResultSchema>

export const answersRequestSchema = z.object({ deviceId: idSchema, after: counterSchema })
export type AnswersRequest = z.infer<typeof answersRequestSchema>
export const answersResultSchema = z.object({
  ok: z.literal(true),
  answered: counterSchema,
  answers: z.array(answerSchema)
})
export type AnswersResult = z.infer<typeof answersResultSchema>

// ── pull ──

export const changesWantSchema = z.object({
  kind: z.literal('changes'),
  stream: streamSchema,
  since: counterSchema,
  /** The epoch in which `since` was learnt; 0 with since 0. */
  epoch: counterSchema,
  heldSeq: counterSchema.optional(),
  limit: z.number().int().min(1).max(limits.MAX_PULL_RECORDS).optional()
})
export const pageWantSchema = z.object({
  kind: z.literal('page'),
  roomId: idSchema,
  before: placeSchema.optional(),
  limit: z.number().int().min(1).max(limits.MAX_PAGE_MESSAGES).optional()
})
export const wantSchema = z.discriminatedUnion('kind', [changesWantSchema, pageWantSchema])
export type Want = z.infer<typeof wantSchema>
export type ChangesWant = z.infer<typeof changesWantSchema>
export type PageWant = z.infer<typeof pageWantSchema>

export const pullSchema = z.object({ wants: z.array(wantSchema).min(1).max(limits.MAX_PULL_WANTS) })
export type Pull = z.infer<typeof pullSchema>

export const changesSchema = z.object({
  ok: z.literal(true),
  kind: z.literal('changes'),
  stream: streamSchema,
  records: z.array(streamRecordSchema),
  through: counterSchema,
  head: counterSchema,
  more: z.boolean(),
  /** [S10.2] */
  reset: z.literal(true).optional()
})
export type Changes = z.infer<typeof changesSchema>
export const pageSchema = z.object({
  ok: z.literal(true),
  kind: z.literal('page'),
  roomId: z.string(),
  messages: z.array(messageRecordSchema),
  /** [S8.1] All that are set on these messages. */
  reactions: z.array(reactionRecordSchema),
  head: counterSchema,
  headSeq: counterSchema,
  /** [S11.4] Seqs up to this one are not for this reader; 0: everything is. */
  floor: counterSchema,
  more: z.boolean()
})
export type Page = z.infer<typeof pageSchema>
export const failureSchema = z.object({ ok: z.literal(false), error: wireErrorSchema })
export type Failure = z.infer<typeof failureSchema>

export const pullResultSchema = z.object({
  ok: z.literal(true),
  epoch: placeSchema,
  results: z.array(z.union([changesSchema, pageSchema, failureSchema]))
})
export type PullResult = z.infer<typeof pullResultSchema>

// ── what the relay says by itself ──

export const changedSchema = z.object({
  epoch: placeSchema,
  stream: streamSchema,
  from: counterSchema,
  through: placeSchema,
  records: z.array(streamRecordSchema).optional()
})
export type Changed = z.infer<typeof changedSchema>

export const welcomeSchema = z.object({
  protocol: z.number().int(),
  relay: z.object({ id: z.string(), version: z.string() }),
  epoch: placeSchema,
  user: userRecordSchema,
  deviceId: z.string(),
  answered: counterSchema,
  serverTime: z.string()
})
export type Welcome = z.infer<typeof welcomeSchema>

export const noticeSchema = z.object({ code: z.string(), message: z.string() })
export type Notice = z.infer<typeof noticeSchema>

// ── event maps ──

export type Ack<T> = (answer: T | Failure) => void
export type { WireError }

export interface ClientToRelayEvents {
  'sync:push': (push: Push, ack: Ack<PushResult>) => void
  'sync:answers': (request: AnswersRequest, ack: Ack<AnswersResult>) => void
  'sync:pull': (pull: Pull, ack: Ack<PullResult>) => void
  'live:typing': (typing: Typing, ack: Ack<TypingResult>) => void
  'live:presence': (presence: Presence, ack: Ack<PresenceResult>) => void
}

export interface RelayToClientEvents {
  'relay:welcome': (welcome: Welcome) => void
  'relay:notice': (notice: Notice) => void
  'sync:changed': (changed: Changed) => void
  'live:typing': (told: TypingTold) => void
  'live:presence': (told: PresenceTold) => void
}
