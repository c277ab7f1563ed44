// Who has read a message and who has not [S12.7], from members and read records. Plain: the app and the benchmark derive it here alike.
import type { MemberRecord } from '../../protocol/records.ts'

export interface ReadNumbersParts {
  /** Of one room, those who left included. */
  members: Iterable<Pick<MemberRecord, 'userId' | 'state' | 'joinedSeq'>>
  /** The `seq` of somebody's read record; undefined for none. */
  readSeq: (userId: string) => number | undefined
  /** [S12.6] Whether somebody counts at all: receipts are on, and of an aside, who is still joined in its parent [S11.5]. */
  counts: (userId: string) => boolean
}

/** As of one moment. The author of a message is never counted for it. */
export interface ReadNumbers {
  /** The number beside a message. O(log members). */
  unread(seq: number, authorId: string): number
  /** Of how many it is: those who have read it and those who have not. O(log members). */
  asked(seq: number, authorId: string): number
  /** Ids, in no order; together as many as `asked`. O(members). */
  names(seq: number, authorId: string): { read: string[]; unread: string[] }
}

interface Counted {
  joinedSeq: number
  /** The highest seq whose message does not wait for this member: read, or from before joining. */
  doneSeq: number
}

/** O(members · log members). */
export function buildReadNumbers({ members, readSeq, counts }: ReadNumbersParts): ReadNumbers {
  const counted = new Map<string, Counted>()
  for (const { userId, state, joinedSeq } of members) {
    if (state !== 'joined' || !counts(userId)) continue
    counted.set(userId, { joinedSeq, doneSeq: Math.max(joinedSeq, readSeq(userId) ?? 0) })
  }
  const joined = sorted(counted, ({ joinedSeq }) => joinedSeq)
  const done = sorted(counted, ({ doneSeq }) => doneSeq)

  const isAsked = (one: Counted | undefined, seq: number): boolean => one !== undefined && one.joinedSeq < seq
  const isUnread = (one: Counted | undefined, seq: number): boolean => one !== undefined && one.doneSeq < seq
  return {
    unread: (seq, authorId) => countBelow(done, seq) - Number(isUnread(counted.get(authorId), seq)),
    asked: (seq, authorId) => countBelow(joined, seq) - Number(isAsked(counted.get(authorId), seq)),
    names(seq, authorId) {
      const found = { read: [] as string[], unread: [] as string[] }
      for (const [userId, one] of counted) {
        if (userId === authorId || !isAsked(one, seq)) continue
        found[isUnread(one, seq) ? 'unread' : 'read'].push(userId)
      }
      return found
    }
  }
}

function sorted(counted: ReadonlyMap<string, Counted>, seqOf: (one: Counted) => number): Float64Array {
  return Float64Array.from(counted.values(), seqOf).toSorted()
}

/** How many of the ascending `seqs` are lower than `seq`. */
function countBelow(seqs: Float64Array, seq: number): number {
  let [low, high] = [0, seqs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((seqs[middle] ?? Infinity) < seq) low = middle + 1
    else high = middle
  }
  return low
}
