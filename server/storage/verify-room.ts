// What has to be true of one room and its messages. Keeps a bit for each rev and some bytes for each message. Knows no driver.
import { createHash } from 'node:crypto'
import { MAX_KEPT_EDITS } from '../../protocol/limits.ts'
import type { MessageRecord, ReactionRecord } from '../../protocol/records.ts'
import type { FormerText } from '../../protocol/rest.ts'
import { RELAY_AUTHOR_ID } from '../../protocol/values.ts'
import { checkHead } from './verified-facts.ts'
import type { Counts, Report, RoomFacts } from './verified-facts.ts'

interface Parts {
  where: string
  readsWhere: string
  facts: RoomFacts
  counts: Counts
  users: ReadonlySet<string>
  report: Report
}

export class RoomVerification {
  readonly #parts: Parts
  readonly #revs: Uint8Array
  #highest = 0
  #lastSeq = 0
  /** Of the ids of messages. */
  readonly #prints = new Numbers()
  /** Of the ids of messages that others reply to, and the seqs of those others. */
  readonly #repliedTo = new Numbers()
  readonly #replies = new Numbers()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#revs = new Uint8Array(Math.floor(Math.min(parts.facts.head, 2 ** 33) / 8) + 1)
    this.#room()
    this.#members()
    this.#reads()
  }

  #room(): void {
    const { where, facts, report } = this.#parts
    if (!facts.room) return report({ where, what: 'there is no room record' })
    if (facts.room.id !== facts.id) {
      report({ where, what: 'id of the room record', expected: facts.id, found: facts.room.id })
    }
    this.#rev(where, 'the room record', facts.room.rev)
  }

  #members(): void {
    const { where, facts, users, report } = this.#parts
    const known = new Set<string>()
    for (const { userId, roomId, rev, joinedSeq } of facts.members) {
      const what = `member ${userId}`
      if (known.has(userId)) report({ where, what: `${what} is there twice` })
      known.add(userId)
      if (!users.has(userId)) report({ where, what: `${what} is no user of this relay` })
      if (roomId !== facts.id) report({ where, what: `room of ${what}`, expected: facts.id, found: roomId })
      if (joinedSeq > facts.headSeq) {
        report({ where, what: `joinedSeq of ${what}`, expected: `at most ${facts.headSeq}`, found: `${joinedSeq}` })
      }
      this.#rev(where, what, rev)
    }
  }

  #reads(): void {
    const { readsWhere: where, facts, report } = this.#parts
    const members = new Set(facts.members.map(({ userId }) => userId))
    const revs = new Set<number>()
    for (const { userId, seq, rev } of facts.reads) {
      if (!members.has(userId)) report({ where, what: `${userId} has read, but was never a member` })
      if (seq > facts.headSeq) {
        report({ where, what: `[S12] read by ${userId}`, expected: `at most ${facts.headSeq}`, found: `${seq}` })
      }
      if (revs.has(rev)) report({ where, what: `[S3] rev ${rev} of the stream reads:${facts.id} is there twice` })
      revs.add(rev)
    }
    checkHead(report, where, `reads:${facts.id}`, facts.readsHead, Math.max(0, ...revs))
  }

  /** The messages up to this seq cannot be had, which somebody reports; the room cannot be ended then. */
  lack(throughSeq: number): void {
    this.#lastSeq = throughSeq
  }

  /** The next messages in order of seq, and the reactions to them. */
  messages(where: string, messages: readonly MessageRecord[], reactions: readonly ReactionRecord[]): void {
    const seqs = new Map<string, number>()
    for (const message of messages) {
      this.#message(where, message)
      seqs.set(message.id, message.seq)
    }
    const known = new Set<string>()
    for (const reaction of reactions) {
      const { messageId, userId, emoji, seq, rev } = reaction
      const what = `reaction ${emoji} of ${userId} to ${messageId}`
      this.#parts.counts.reactions += 1
      const key = `${messageId} ${userId} ${emoji}`
      if (known.has(key)) this.#parts.report({ where, what: `${what} is there twice` })
      known.add(key)
      if (seqs.get(messageId) !== seq) {
        const expected = seqs.has(messageId) ? `${seqs.get(messageId)}` : 'a message here'
        this.#parts.report({ where, what: `seq of the ${what}`, expected, found: `${seq}` })
      }
      this.#author(where, what, userId)
      this.#rev(where, what, rev)
    }
  }

  /** [S13.1] The former texts of `messages`, each message once. */
  edits(
    where: string,
    messages: readonly MessageRecord[],
    edits: readonly { messageId: string; texts: readonly FormerText[] }[]
  ): void {
    const { report } = this.#parts
    const byId = new Map(messages.map((message) => [message.id, message]))
    const known = new Set<string>()
    for (const { messageId, texts } of edits) {
      const what = `[S13.1] former texts of message ${messageId}`
      const message = byId.get(messageId)
      if (known.has(messageId)) report({ where, what: `${what} are there twice` })
      known.add(messageId)
      if (!message) report({ where, what: `${what}, which is not here` })
      else if (message.deletedAt !== undefined) report({ where, what: `${what}, which was deleted` })
      else if (message.editedAt === undefined) report({ where, what: `${what}, which was never edited` })
      if (texts.length === 0 || texts.length > MAX_KEPT_EDITS) {
        report({ where, what: `number of ${what}`, expected: `1 to ${MAX_KEPT_EDITS}`, found: `${texts.length}` })
      }
    }
  }

  #message(where: string, message: MessageRecord): void {
    const { facts, report, counts } = this.#parts
    const { id, seq, rev, roomId, authorId, kind, body, deletedAt, event, replyTo } = message
    const what = `message ${id}`
    counts.messages += 1
    if (seq !== this.#lastSeq + 1) {
      report({ where, what: `[S4] seq of ${what}`, expected: `${this.#lastSeq + 1}`, found: `${seq}` })
    }
    this.#lastSeq = seq
    if (roomId !== facts.id) report({ where, what: `room of ${what}`, expected: facts.id, found: roomId })
    if (body !== '' && (kind === 'system' || deletedAt !== undefined)) {
      report({ where, what: `body of ${what}, a ${kind === 'system' ? 'system line' : 'tombstone'}, is not empty` })
    }
    if ((kind === 'system') !== (event !== undefined)) {
      report({
        where,
        what: `event of ${what}`,
        expected: kind === 'system' ? 'one' : 'none',
        found: event ? 'one' : 'none'
      })
    }
    this.#author(where, what, authorId)
    for (const userId of message.mentions ?? []) {
      if (!this.#parts.users.has(userId))
        report({ where, what: `who is mentioned in ${what}`, expected: 'a user of this relay', found: userId })
    }
    this.#rev(where, what, rev)
    this.#prints.add(printOf(id))
    if (replyTo === undefined) return
    this.#repliedTo.add(printOf(replyTo))
    this.#replies.add(seq)
  }

  #author(where: string, what: string, userId: string): void {
    if (userId === RELAY_AUTHOR_ID || this.#parts.users.has(userId)) return
    this.#parts.report({ where, what: `who made ${what}`, expected: 'a user of this relay', found: userId })
  }

  /** [S3] Each rev once, and none above the head. */
  #rev(where: string, what: string, rev: number): void {
    const { report, facts } = this.#parts
    this.#highest = Math.max(this.#highest, rev)
    if (rev > facts.head || rev < 1) {
      return report({ where, what: `[S3] rev of ${what}`, expected: `1 to ${facts.head}`, found: `${rev}` })
    }
    const [at, bit] = [rev >>> 3, 1 << (rev & 7)]
    if (((this.#revs[at] ?? 0) & bit) !== 0)
      report({ where, what: `[S3] rev ${rev} of ${what} is another record's too` })
    this.#revs[at] = (this.#revs[at] ?? 0) | bit
  }

  /** After the last message. */
  end(): void {
    const { where, facts, report } = this.#parts
    if (this.#lastSeq !== facts.headSeq) {
      report({ where, what: '[S4] headSeq', expected: `${this.#lastSeq}, its last message`, found: `${facts.headSeq}` })
    }
    checkHead(report, where, `room:${facts.id}`, facts.head, this.#highest)
    const sorted = this.#prints.all.toSorted()
    const doubles = sorted.filter((print, index) => index > 0 && sorted[index - 1] === print).length
    if (doubles > 0) report({ where, what: `message ids that are there twice`, expected: '0', found: `${doubles}` })
    const replies = this.#replies.all
    for (const [index, print] of this.#repliedTo.all.entries()) {
      if (contains(sorted, print)) continue
      report({ where, what: `message with seq ${replies[index]} is a reply to one that is not in the room` })
    }
  }
}

/** A list of numbers, 8 bytes each. */
class Numbers {
  #list = new Float64Array(64)
  #count = 0

  add(value: number): void {
    if (this.#count === this.#list.length) {
      const grown = new Float64Array(this.#count * 2)
      grown.set(this.#list)
      this.#list = grown
    }
    this.#list[this.#count] = value
    this.#count += 1
  }

  get all(): Float64Array {
    return this.#list.subarray(0, this.#count)
  }
}

/** 52 bits of a hash: two different ids of a room of a million messages have the same one with a chance of 1 to 9,000. */
function printOf(id: string): number {
  const bytes = createHash('md5').update(id).digest()
  return bytes.readUInt32LE(0) * 2 ** 20 + (bytes.readUInt32LE(4) >>> 12)
}

function contains(sorted: Float64Array, value: number): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1
    else high = middle
  }
  return sorted[low] === value
}
