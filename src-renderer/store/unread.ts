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
  /** [S11.8] */
  blocked: ReadonlySet<string>
}

/** Rooms that are counted at one time. */
const AT_ONCE = 4
/** While many are counted, so many changes are told at once. */
const TOLD_TOGETHER = 50
/** Rows that are read of one room at most, in steps of UNREAD_CAP; what lies behind is taken for unread. */
const MAX_ROWS = 4 * UNREAD_CAP

/** Of one room; each at most UNREAD_CAP, which means that many or more. */
export interface Unread {
  unread: number
  /** Those of them that mention the person, by somebody who is not blocked. */
  mentions: number
}

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
 * whenever a count has changed; with `countFirst` not before all are counted. Missing seqs count as unread. The emitted map is one object that goes on changing.
 */
export function watchUnread(
  records: Pick<RecordCollections, 'messages' | 'members'>,
  userId: string,
  parts: Observable<UnreadParts>,
  countFirst = false
): Observable<ReadonlyMap<string, Unread>> {
  return new Observable((subscriber) => {
    const counts = new Map<string, Unread>()
    let blocked: ReadonlySet<string> = new Set()
    /** Rooms in which the person was mentioned since they were counted. */
    const mentioned = new Set<string>()
    /** What the count of each room was made of. */
    const counted = new Map<string, string>()
    const due = new Map<string, Wanted>()
    const latest = new Map<string, Wanted>()
    let busy = 0
    let untold = 0
    let told = false

    const count = async (wanted: Wanted): Promise<void> => {
      const now = await countUnread(records, { userId, blocked }, wanted)
      const before = counts.get(wanted.roomId)
      if (before?.unread === now.unread && before.mentions === now.mentions) return
      counts.set(wanted.roomId, now)
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
        const isOther = now.blocked.size !== blocked.size || [...now.blocked].some((id) => !blocked.has(id))
        if (isOther) counted.clear()
        blocked = now.blocked
        for (const wanted of wantedOf(now, userId)) {
          const { roomId, from } = wanted
          const key = JSON.stringify(wanted)
          if (counted.get(roomId) === key) continue
          // Once there are too many, more of them change nothing.
          const isFull = counts.get(roomId)?.unread === UNREAD_CAP && latest.get(roomId)?.from === from
          counted.set(roomId, key)
          if (isFull && !isOther && !mentioned.delete(roomId)) latest.set(roomId, wanted)
          else want(wanted)
        }
        if (!told && (!countFirst || due.size === 0)) tell()
        work()
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete()
    })
    // A message that was deleted is not unread any more, and an edit may mention somebody; new ones come with their stream's state.
    const events = records.messages.eventBulks$.subscribe(({ events }) => {
      for (const { documentData } of events) {
        const { roomId, seq, deletedAt, editedAt, mentions } = documentData as MessageRow
        const wanted = latest.get(roomId)
        if (mentions?.includes(userId)) mentioned.add(roomId)
        if ((deletedAt ?? editedAt) !== undefined && wanted && seq >= wanted.from) want(wanted)
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
    // [S11.5] Who has left a room reads nothing of its asides.
    const parent = membership?.parentId === undefined ? membership : memberships.get(membership.parentId)
    const head = membership?.state === 'joined' && parent?.state === 'joined' ? state.headSeq : 0
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
  who: Reader,
  wanted: Wanted
): Promise<Unread> {
  const { roomId, head } = wanted
  let { from } = wanted
  if (from > head) return { unread: 0, mentions: 0 }
  if (wanted.isNew) {
    const [member] = await members.storageInstance.findDocumentsById([`${roomId}|${who.userId}`], false)
    from = Math.max(from, (member?.joinedSeq ?? 0) + 1)
  }
  const held = wanted.held.reduce((sum, [first, last]) => sum + Math.max(0, last - Math.max(first, from) + 1), 0)
  let unread = Math.max(0, head - from + 1 - held)
  let mentions = 0
  let next = from
  for (let rows = 0; unread < UNREAD_CAP && rows < MAX_ROWS && next <= head;) {
    const found = await readSome(messages, roomId, next, head)
    const theirs = found.filter((row) => isUnread(row, who.userId))
    unread += theirs.length
    mentions += theirs.filter((row) => isMention(row, who)).length
    rows += found.length
    const last = found.at(-1)
    next = last && found.length === UNREAD_CAP ? last.seq + 1 : head + 1
  }
  if (next <= head && unread < UNREAD_CAP) unread += head - next + 1
  // Of what lies behind that, the newest end may still mention the person.
  for (next = Math.max(next, head - MAX_ROWS + 1); mentions < UNREAD_CAP && next <= head;) {
    const found = await readSome(messages, roomId, next, head)
    mentions += found.filter((row) => isUnread(row, who.userId) && isMention(row, who)).length
    const last = found.at(-1)
    next = last && found.length === UNREAD_CAP ? last.seq + 1 : head + 1
  }
  return { unread: Math.min(UNREAD_CAP, unread), mentions: Math.min(UNREAD_CAP, mentions) }
}

/** Whose unread messages are counted, and whose mentions are not [S11.8]. */
interface Reader {
  userId: string
  blocked: ReadonlySet<string>
}

async function readSome(
  messages: RecordCollections['messages'],
  roomId: string,
  from: number,
  to: number
): Promise<MessageRow[]> {
  return read(messages, { ...inSeqs<MessageRow>(roomId, { from, to }), limit: UNREAD_CAP })
}

function isUnread({ kind, authorId, deletedAt, ext }: MessageRow, userId: string): boolean {
  return kind === 'text' && authorId !== userId && deletedAt === undefined && !ext?.onlyHere
}

function isMention({ mentions, authorId }: MessageRow, { userId, blocked }: Reader): boolean {
  return mentions !== undefined && mentions.includes(userId) && !blocked.has(authorId)
}
