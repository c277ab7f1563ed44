// The shapes of the documents in the data directory, for a verification: a start takes them as they are, since the relay wrote them and
// their checksums match. What a newer relay added is let through.
import { z } from 'zod'
import {
  memberRecordSchema,
  membershipRecordSchema,
  messageRecordSchema,
  reactionRecordSchema,
  readRecordSchema,
  roomRecordSchema,
  streamRecordSchema,
  userRecordSchema
} from '../../../protocol/records.ts'
import { answerSchema } from '../../../protocol/socket.ts'
import { counterSchema } from '../../../protocol/values.ts'
import type { FileKind } from './data-files.ts'

const begins = z.array(z.object({ epoch: counterSchema, head: counterSchema }))

const account = z.object({ userId: z.string(), username: z.string(), passwordHash: z.string() })
const device = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  tokenHash: z.string().nullable(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  answered: counterSchema,
  settled: counterSchema,
  answers: z.array(answerSchema)
})
const invite = z.object({
  codeHash: z.string(),
  createdBy: z.string().nullable(),
  usesLeft: z.number().int(),
  createdAt: z.string(),
  expiresAt: z.string()
})
const segmentEntry = z.object({
  number: z.number().int().min(1),
  firstSeq: z.number().int().min(1),
  count: counterSchema,
  minRev: z.number().nullable(),
  maxRev: counterSchema,
  appended: counterSchema.optional()
})

const documents = {
  relay: z.object({
    format: z.number().int().min(1),
    relayId: z.string().min(1),
    fingerprintKey: z.tuple([counterSchema, counterSchema]),
    epochs: z.array(counterSchema),
    writtenThrough: counterSchema,
    journal: counterSchema.optional(),
    users: counterSchema.optional(),
    rooms: counterSchema.optional(),
    usersBegins: begins
  }),
  invites: z.object({ covers: counterSchema, invites: z.array(invite) }),
  user: z.object({
    covers: counterSchema,
    user: userRecordSchema.nullable(),
    account: account.nullable(),
    head: counterSchema,
    begins,
    devices: z.array(device),
    memberships: z.array(membershipRecordSchema)
  }),
  room: z.object({
    covers: counterSchema,
    room: roomRecordSchema.nullable(),
    head: counterSchema,
    headSeq: counterSchema,
    begins,
    segments: z.array(segmentEntry),
    members: z.array(memberRecordSchema)
  }),
  reads: z.object({ covers: counterSchema, head: counterSchema, begins, reads: z.array(readRecordSchema) }),
  segment: z.object({
    covers: counterSchema,
    roomId: z.string(),
    number: z.number().int().min(1),
    firstSeq: z.number().int().min(1),
    messages: z.array(messageRecordSchema),
    reactions: z.array(reactionRecordSchema).optional()
  }),
  fingerprints: z.object({ roomId: z.string(), number: z.number().int().min(1), fingerprints: z.string() }),
  run: z.object({ roomId: z.string(), number: z.number().int().min(1), fingerprints: z.string() }),
  late: z.object({
    covers: counterSchema,
    roomId: z.string(),
    number: z.number().int().min(1),
    segments: z.array(z.object({ number: z.number().int().min(1), revs: z.array(counterSchema) }))
  }),
  backup: z.object({
    backupFormat: z.literal(1),
    madeAt: z.string(),
    relayId: z.string(),
    files: z.array(z.object({ path: z.string(), bytes: counterSchema, checksum: z.string() }))
  })
} satisfies Partial<Record<FileKind, z.ZodType>>

export type DocumentKind = keyof typeof documents

/** What a line of the journal carries. */
const entry = z.object({
  epoch: counterSchema,
  changes: z.array(
    z.object({ stream: z.string(), from: counterSchema, through: counterSchema, records: z.array(streamRecordSchema) })
  ),
  accounts: z.array(account),
  devices: z.array(device),
  invites: z.array(invite)
})
export type EntryShape = z.infer<typeof entry>

export function isDocument(kind: FileKind): kind is DocumentKind {
  return kind in documents
}

/** Where a document is not of its shape, in words; undefined if it is. */
export function shapeFault(kind: DocumentKind, document: unknown): string | undefined {
  const result = documents[kind].safeParse(document)
  return result.success ? undefined : faultText(result.error)
}

/** The entry, or what is wrong with it. */
export function parseEntry(json: string): EntryShape | string {
  const result = entry.safeParse(JSON.parse(json))
  return result.success ? result.data : faultText(result.error)
}

function faultText(error: z.ZodError): string {
  const [issue] = error.issues
  return issue ? `${issue.path.join('.')}: ${issue.message}` : error.message
}
