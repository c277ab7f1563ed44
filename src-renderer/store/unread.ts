// How much was not read, per room [S12.5]: derived from what is held, never counted up. Reads at most a few hundred rows of a room, only when
// its watermark or its end has moved, and nothing of rooms that are read. Knows no screen.
import { Observable } from 'rxjs'
import { roomOfStream } from '../../protocol/streams.ts'
import { UNREAD_CAP } from './chat-store.ts'
import { byRoom } from './outbox-rules.ts'
import { standingSettings } from './outbox-standing.ts'
import { inSeqs, read } from './queries.ts'
import type { MembershipRow, MessageRow, RecordCollections, StreamRow } from './schemas.ts'
import type { OutboxEntry, SeqRange, StreamState } from './sync-store.ts'

export interface UnreadParts {
  streams: ReadonlyMap<string, StreamRow>
  memberships: ReadonlyMap<string, MembershipRow>
  entries: readonly OutboxEntry[]
}

/** Rooms that are counted at one time. */
const AT_ONCE = 4
/** While many are counted, so many changes are told at once. */
const TOLD_TOGETHER = 50
/** Rows that are read of one room at most, in steps of UNREAD_CAP; what lies behind is taken for unread. */
const MAX_ROWS = 4 * UNREAD_CAP

/** What of one room is to be counted. */
interface Wanted {
  roomId: string
  from: number
  head: number
  /** The held seqs between the two. */
  held: readonly SeqRange[]
  /** Nothing was ever read: it begins where the person has joined. */
  isNew: boolean
}

/**
 * Unread messages by joined room, UNREAD_CAP standing for that many or more. Emits at once (rooms that are not counted yet are missing) and
 * whenever a count has changed. Missing seqs count as unread. The emitted map is one object that goes on changing.
 */
export function watchUnread(
  records: Pick<RecordCollections, 'messages' | 'members'>,
  userId: string,
  parts: Observable<UnreadParts>
): Observable<ReadonlyMap<string, number>> {
  return new Observable((subscriber) => {
    const counts = new Map<string, number>()
    /** What the count of each room was made of. */
    const counted = new Map<string, string>()
    const due = new Map<string, Wanted>()
    const latest = new Map<string, Wanted>()
    let busy = 0
    let untold = 0
    let told = false

    const count = async (wanted: Wanted): Promise<void> => {
      const unread = await countUnread(records, userId, wanted)
      if (counts.get(wanted.roomId) === unread) return
      counts.set(wanted.roomId, unread)
      untold++
    }
    const tell = (): void => {
      untold = 0
      told = true
      subscriber.next(counts)
    }
    const work = (): void => {
      for (const [roomId, wanted] of due) {
        if (busy >= AT_ONCE) return
        due.delete(roomId)
        busy++
        count(wanted)
          .catch((error: unknown) => subscriber.error(error))
          .finally(() => {
            busy--
            work()
            if (untold > 0 && (busy === 0 || untold >= TOLD_TOGETHER)) tell()
          })
      }
    }
    const want = (wanted: Wanted): void => {
      latest.set(wanted.roomId, wanted)
      due.set(wanted.roomId, wanted)
    }

    const wishes = parts.subscribe({
      next: (now) => {
        for (const wanted of wantedOf(now, userId)) {
          const { roomId, from } = wanted
          const key = JSON.stringify(wanted)
          if (counted.get(roomId) === key) continue
          // Once there are too many, more of them change nothing.
          const isFull = counts.get(roomId) === UNREAD_CAP && latest.get(roomId)?.from === from
          counted.set(roomId, key)
          if (isFull) latest.set(roomId, wanted)
          else want(wanted)
        }
        if (!told) tell()
        work()
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete()
    })
    // A message that was deleted is not unread any more; new ones come with their stream's state.
    const events = records.messages.eventBulks$.subscribe(({ events }) => {
      for (const { documentData } of events) {
        const { roomId, seq, deletedAt } = documentData as MessageRow
        const wanted = latest.get(roomId)
        if (deletedAt !== undefined && wanted && seq >= wanted.from) want(wanted)
      }
      work()
    })
    return () => {
      wishes.unsubscribe()
      events.unsubscribe()
      due.clear()
    }
  })
}

/** The joined rooms, each with what is behind its watermark. */
function* wantedOf({ streams, memberships, entries }: UnreadParts, userId: string): Generator<Wanted> {
  const entriesOf = byRoom(entries)
  for (const { state } of streams.values()) {
    const roomId = state && roomOfStream(state.stream)
    const membership = roomId === undefined ? undefined : memberships.get(roomId)
    if (!state || roomId === undefined) continue
    const { readSeq, unreadFrom } = standingSettings(membership, entriesOf.get(roomId) ?? [], userId)
    const from = Math.max(Math.min(unreadFrom ?? Infinity, readSeq + 1), (state.floor ?? 0) + 1)
    const head = membership?.state === 'joined' ? state.headSeq : 0
    yield { roomId, from, head, held: between(state, from), isNew: readSeq === 0 && unreadFrom === null }
  }
}

function between({ ranges, headSeq }: StreamState, from: number): SeqRange[] {
  return ranges
    .map(([first, last]): SeqRange => [Math.max(first, from), Math.min(last, headSeq)])
    .filter(([first, last]) => first <= last)
}

async function countUnread(
  { messages, members }: Pick<RecordCollections, 'messages' | 'members'>,
  userId: string,
  wanted: Wanted
): Promise<number> {
  const { roomId, head } = wanted
  let { from } = wanted
  if (from > head) return 0
  if (wanted.isNew) {
    const [member] = await members.storageInstance.findDocumentsById([`${roomId}|${userId}`], false)
    from = Math.max(from, (member?.joinedSeq ?? 0) + 1)
  }
  const held = wanted.held.reduce((sum, [first, last]) => sum + Math.max(0, last - Math.max(first, from) + 1), 0)
  let unread = Math.max(0, head - from + 1 - held)
  for (let next = from, rows = 0; unread < UNREAD_CAP && next <= head;) {
    if (rows >= MAX_ROWS) return Math.min(UNREAD_CAP, unread + head - next + 1)
    const query = { ...inSeqs<MessageRow>(roomId, { from: next, to: head }), limit: UNREAD_CAP }
    const found = await read(messages, query)
    unread += found.filter((row) => isUnread(row, userId)).length
    rows += found.length
    const last = found.at(-1)
    if (!last || found.length < UNREAD_CAP) break
    next = last.seq + 1
  }
  return Math.min(UNREAD_CAP, unread)
}

function isUnread({ kind, authorId, deletedAt, ext }: MessageRow, userId: string): boolean {
  return kind === 'text' && authorId !== userId && deletedAt === undefined && !ext?.onlyHere
}
