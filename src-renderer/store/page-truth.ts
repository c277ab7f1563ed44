// What a page means for what is held of its seqs: it is the whole truth about them [S8.1], also about what the relay has lost [S10.5].
// Plain functions; knows no database.
import type { Operation } from '../../protocol/operations.ts'
import { recordKey } from '../../protocol/records.ts'
import type { MessageRecord, ReactionRecord, StreamRecord } from '../../protocol/records.ts'
import type { Page } from '../../protocol/socket.ts'
import { dependenciesOf, isUnmet } from './outbox-rules.ts'
import type { Lost, LostInPage, OutboxEntry } from './sync-store.ts'

/** A record with the epoch that served it [S8]. */
export interface HeldRecord<R extends StreamRecord = StreamRecord> {
  epoch: number
  record: R
  /** [S10.5] The relay has lost it. */
  onlyHere?: true
}

/** The seqs that a page speaks of, both ends included; none if from > to. One without messages speaks of none: it does not say before which. */
export function seqsOf({ messages }: Page): { from: number; to: number } {
  const [first, last] = [messages[0], messages.at(-1)]
  return first && last ? { from: first.seq, to: last.seq } : { from: 1, to: 0 }
}

/** The seqs in which a page tells what is lost [S10.5]: those that it speaks of, and of the newest page all above them. */
export function lostSeqsOf(page: Page): { from: number; to: number } {
  const { from, to } = seqsOf(page)
  return from <= to && to < page.headSeq ? { from, to } : { from: Math.min(from, page.headSeq + 1), to: HIGHEST_SEQ }
}

const HIGHEST_SEQ = Number.MAX_SAFE_INTEGER

/** [S8.1] Whether a held reaction is not set any more: one in the page's seqs, or on a message that the relay has lost. */
export function isTakenAway(
  { epoch, record }: HeldRecord<ReactionRecord>,
  pageEpoch: number,
  page: Page,
  upTo = 0
): boolean {
  if (epoch > pageEpoch || (epoch === pageEpoch && record.rev > page.head)) return false
  const { from, to } = seqsOf(page)
  const covered = from <= record.seq && record.seq <= to
  if (!covered && (epoch > upTo || record.seq <= page.headSeq)) return false
  const key = recordKey(record)
  return !page.reactions.some((reaction) => recordKey(reaction) === key)
}

/** [S10.5] Whether the relay that serves this page has lost a held message, which lies in the page's seqs or above all. */
export function isLost({ epoch, record }: HeldRecord<MessageRecord>, upTo: number, page: Page): boolean {
  const { from, to } = seqsOf(page)
  const covered = (from <= record.seq && record.seq <= to) || record.seq > page.headSeq
  return covered && epoch <= upTo && !page.messages.some(({ id }) => id === record.id)
}

/** Whether a lost message is not kept: it waits in the outbox again, was deleted, or holds nobody's words. */
export function isNotKept({ id, kind, deletedAt }: MessageRecord, { givenUp }: LostInPage): boolean {
  return givenUp.has(id) || kind === 'system' || deletedAt !== undefined
}

/** [S13] As the relay leaves a message that was deleted. */
export function tombstoneOf<M extends MessageRecord>(message: M, deletedAt: string): M {
  const { editedAt: _at, replyTo: _replyTo, replySeq: _replySeq, mentions: _mentions, ...rest } = message
  return { ...rest, body: '', deletedAt } as M
}

/** [S10.5] By the versions that are held of what is served, and by what is held in the page's seqs or above its headSeq. */
export function lostOf(
  { epoch, upTo, page }: { epoch: number; upTo: number; page?: Page | undefined },
  served: readonly { held: HeldRecord; now: StreamRecord }[],
  inSeqs: { messages: readonly HeldRecord<MessageRecord>[]; reactions: readonly HeldRecord<ReactionRecord>[] }
): Lost {
  const before = served.filter(({ held }) => held.epoch <= upTo && held.epoch < epoch)
  const older = before.filter(({ held, now }) => held.record.rev > now.rev || isUndeleted(held.record, now))
  const messages = page ? inSeqs.messages.filter((held) => isLost(held, upTo, page)) : []
  const unset = page
    ? inSeqs.reactions.filter((held) => {
        const there = page.messages.some(({ id }) => id === held.record.messageId)
        return there && held.record.set && held.epoch <= upTo && isTakenAway(held, epoch, page, upTo)
      })
    : []
  return {
    messages: messages.map(({ record }) => record).toSorted((a, b) => a.seq - b.seq),
    versions: [
      ...older.map(({ held, now }) => ({ held: held.record, served: now })),
      ...unset.map(({ record }) => ({ held: record, served: null }))
    ]
  }
}

/** [S13] Nobody undoes a deletion: what has its text again had it when the copy was made, and may have been changed by others since. */
function isUndeleted(held: StreamRecord, now: StreamRecord): boolean {
  return (
    held.type === 'message' && held.deletedAt !== undefined && now.type === 'message' && now.deletedAt === undefined
  )
}

/**
 * The entries that repeat these operations, but for those that have the same effect as one that is in the outbox: before what was not
 * transmitted yet, because it was done later and may rely on them.
 */
export function entriesToRepeat(
  operations: readonly Operation[],
  entries: readonly OutboxEntry[],
  make: () => Pick<OutboxEntry, 'id' | 'place' | 'createdAt'>
): OutboxEntry[] {
  const known = entries.filter((entry) => !mayBeUnmet(entry))
  const added: OutboxEntry[] = []
  for (const operation of operations) {
    if (known.some((entry) => hasSameEffect(entry.operation, operation))) continue
    const dependsOn = dependenciesOf(operation, known)
    const entry: OutboxEntry = { ...make(), n: null, dependsOn, operation, state: 'pending' }
    known.push(entry)
    added.push(entry)
  }
  const repeats = (entry: OutboxEntry): boolean => operations.some((each) => hasSameEffect(entry.operation, each))
  const waiting = entries.filter((entry) => entry.n === null && entry.state === 'pending')
  const next = Math.min(...waiting.filter((entry) => !repeats(entry)).map(({ place }) => place))
  const last = Math.max(...waiting.filter(repeats).map(({ place }) => place))
  if (next === Infinity || last >= next) return added
  const from = last === -Infinity ? next - added.length - 1 : last
  return added.map((entry, index) => ({ ...entry, place: from + ((next - from) * (index + 1)) / (added.length + 1) }))
}

/** A deletion that the relay has decided, or may have, when it had not got the message: it does nothing to one that comes back [S13]. */
function mayBeUnmet(entry: OutboxEntry): boolean {
  return isUnmet(entry) || (entry.operation.type === 'message.delete' && entry.state === 'pending' && entry.n !== null)
}

function hasSameEffect(a: Operation, b: Operation): boolean {
  if (a.type === 'message.send' && b.type === 'message.send') {
    return a.roomId === b.roomId && a.messageId === b.messageId
  }
  if (a.type === 'room.create' && b.type === 'room.create') return a.roomId === b.roomId
  if (a.type === 'read.mark' && b.type === 'read.mark') return a.roomId === b.roomId && a.seq >= b.seq
  return fieldsOf(a) === fieldsOf(b)
}

function fieldsOf(operation: Operation): string {
  return JSON.stringify(Object.entries(operation).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
