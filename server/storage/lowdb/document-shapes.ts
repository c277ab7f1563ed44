// The shapes of the documents in the data directory, for a verification: a start takes them as they are, since the relay wrote them and
// their checksums match. What a newer relay added is let through.
import { z } from 'zod'
import {
  blockRecordSchema,
  memberRecordSchema,
  membershipRecordSchema,
  messageRecordSchema,
  preferencesRecordSchema,
  reactionRecordSchema,
  readRecordSchema,
  roomRecordSchema,
  streamRecordSchema,
  userRecordSchema
} from '../../../protocol/records.ts'
import { formerTextSchema } from '../../../protocol/rest.ts'
import { answerSchema } from '../../../protocol/socket.ts'
import { avatarHashSchema, counterSchema } from '../../../protocol/values.ts'
import type { FileKind } from './data-files.ts'

const begins = z.array(z.object({ epoch: counterSchema, head: counterSchema }))

const account = z.object({
  userId: z.string(),
  username: z.string(),
  passwordHash: z.string(),
  disabledAt: z.string().optional(),
  reset: z.object({ codeHash: z.string(), expiresAt: z.string(), madeBy: z.string().optional() }).optional()
})
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
/** `id`, `uses` and `roomIds` are absent from formats 1 and 2. */
const invite = z.object({
  id: z.string().optional(),
  codeHash: z.string(),
  createdBy: z.string().nullable(),
  uses: z.number().int().optional(),
  usesLeft: z.number().int(),
  roomIds: z.array(z.string()).optional(),
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
    reads: counterSchema.optional(),
    invites: counterSchema.optional(),
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
    memberships: z.array(membershipRecordSchema),
    blocks: z.array(blockRecordSchema).optional(),
    preferences: preferencesRecordSchema.optional()
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
    reactions: z.array(reactionRecordSchema).optional(),
    edits: z.array(z.object({ messageId: z.string(), texts: z.array(formerTextSchema) })).optional()
  }),
  fingerprints: z.object({ roomId: z.string(), number: z.number().int().min(1), fingerprints: z.string() }),
  run: z.object({ roomId: z.string(), number: z.number().int().min(1), fingerprints: z.string() }),
  late: z.object({
    covers: counterSchema,
    roomId: z.string(),
    number: z.number().int().min(1),
    segments: z.array(z.object({ number: z.number().int().min(1), revs: z.array(counterSchema) }))
  }),
  avatar: z.object({ covers: counterSchema, ownerId: z.string(), hash: avatarHashSchema, png: z.base64() }),
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
  edits: z
    .array(
      z.object({
        roomId: z.string(),
        messageId: z.string(),
        seq: z.number().int().min(1),
        dropped: z.boolean(),
        kept: z.array(formerTextSchema)
      })
    )
    .optional(),
  accounts: z.array(account),
  devices: z.array(device),
  invites: z.array(invite),
  avatars: z
    .array(z.object({ ownerId: z.string(), avatar: z.object({ hash: avatarHashSchema, png: z.base64() }).nullable() }))
    .optional(),
  removed: z
    .object({
      accounts: z.array(z.string()),
      devices: z.array(z.object({ id: z.string(), userId: z.string() })),
      invites: z.array(z.string())
    })
    .optional()
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
