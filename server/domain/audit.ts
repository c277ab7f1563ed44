// The audit log: what owners of the relay, and whoever runs it, did to people, rooms and invites. Each entry is in the commit of its act, so
// there is no act without one [decision 14]. Holds ids, never what people wrote.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_ADMIN_PAGE, MAX_PULL_BYTES } from '../../protocol/limits.ts'
import type { RoomRecord } from '../../protocol/records.ts'
import type { AuditEntry } from '../../protocol/rest.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { newId, RELAY_AUTHOR_ID } from '../../protocol/values.ts'
import { timeText } from '../clock.ts'
import type { Draft } from '../storage/port.ts'
import type { RelayContext } from './context.ts'
import { isOwner } from './owners.ts'

/**
 * The room that holds the log: nobody is in it, so nobody can read it as a room [S11]. No operation can make a room of this id (SPEC §3.1). Who
 * acted stands in the entry; the author of all of it is the relay.
 */
export const AUDIT_ROOM_ID = RELAY_AUTHOR_ID

/** Who acts. Null: whoever runs the relay, by a command. */
export interface Actor {
  userId: string | null
}

export const OPERATOR: Actor = { userId: null }

/** What is noted; ids alone, and in `detail` one word. */
export type Act = Omit<AuditEntry, 'seq' | 'at' | 'actorId'>

export interface ActRequest<T> {
  /** What `work` may write to. */
  streams?: readonly StreamId[]
  /** As `CommitRequest.work`. What it passes to `note` is written down with what it does. */
  work: (draft: Draft, note: (act: Act) => void) => Promise<T>
}

export interface Audit {
  /** Does something in an owner's name, in one commit with its entries. @throws ProtocolError `not-permitted` if the actor owns the relay no more */
  perform<T>(actor: Actor, request: ActRequest<T>): Promise<T>
  /** As `perform`, of an act that is the actor's own to do. */
  record<T>(actor: Actor, request: ActRequest<T>): Promise<T>
  /** The newest first. */
  list(options: { before?: number | undefined }): Promise<{ entries: AuditEntry[]; olderCursor: number | null }>
}

export function createAudit({ storage, line, now }: Pick<RelayContext, 'storage' | 'line' | 'now'>): Audit {
  const record = <T>(actor: Actor, { streams = [], work }: ActRequest<T>): Promise<T> =>
    line.submit({
      streams: [...streams, roomStream(AUDIT_ROOM_ID)],
      work: async (draft) => {
        const acts: Act[] = []
        const value = await work(draft, (act) => acts.push(act))
        for (const act of acts) await append(draft, actor, act, timeText(now()))
        return value
      }
    })

  return {
    record,
    perform: (actor, { work, ...request }) =>
      record(actor, {
        ...request,
        work: async (draft, note) => {
          await requireOwner(draft, actor)
          return work(draft, note)
        }
      }),

    async list({ before }) {
      const from = before === undefined ? {} : { before }
      const page = await storage.page(AUDIT_ROOM_ID, { ...from, limit: MAX_ADMIN_PAGE, maxBytes: MAX_PULL_BYTES })
      const entries = page.messages.map(({ seq, acceptedAt, body }) => ({
        ...(JSON.parse(body) as Omit<AuditEntry, 'seq' | 'at'>),
        seq,
        at: acceptedAt
      }))
      return { entries: entries.toReversed(), olderCursor: page.more ? (page.messages[0]?.seq ?? null) : null }
    }
  }
}

async function append(draft: Draft, { userId }: Actor, act: Act, at: string): Promise<void> {
  if (!(await draft.room(AUDIT_ROOM_ID))) {
    await draft.put<RoomRecord>(roomStream(AUDIT_ROOM_ID), {
      type: 'room',
      id: AUDIT_ROOM_ID,
      kind: 'notes',
      name: '',
      createdBy: RELAY_AUTHOR_ID,
      createdAt: at
    })
  }
  await draft.append({
    type: 'message',
    id: newId(),
    roomId: AUDIT_ROOM_ID,
    kind: 'text',
    authorId: RELAY_AUTHOR_ID,
    body: JSON.stringify({ actorId: userId, ...act }),
    sentAt: at,
    acceptedAt: at
  })
}

/** @throws ProtocolError `not-permitted`, also for an owner whose account was disabled meanwhile */
export async function requireOwner(draft: Pick<Draft, 'user' | 'accountOf'>, { userId }: Actor): Promise<void> {
  if (userId === null) return
  const account = await draft.accountOf(userId)
  if (!account || account.disabledAt !== undefined || !isOwner(await draft.user(userId))) {
    throw new ProtocolError('not-permitted', 'only an owner of the relay may do that')
  }
}
