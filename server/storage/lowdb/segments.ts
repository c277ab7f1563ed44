// The segments of all rooms: lowdb documents of 500 messages and the reactions to them, of which memory holds those that are being written to and a bounded
// number of others. Knows no stream and no rule.
import type { Low } from 'lowdb'
import type { MessageRecord, ReactionRecord } from '../../../protocol/records.ts'
import { MAX_KEPT_EDITS } from '../../../protocol/limits.ts'
import { DamagedRoomError } from '../port.ts'
import { AtomicJsonFile, DamagedFileError, documentAt } from './atomic-json-file.ts'
import { firstSeqOf, SEGMENT_MESSAGES } from './documents.ts'
import type { EditsChange } from '../draft.ts'
import type { Layout, SegmentDocument, SegmentEdits, SegmentEntry } from './documents.ts'
import type { Files } from './files.ts'
import { SegmentReactions } from './segment-reactions.ts'

/** A segment in memory. There is never more than one of the same segment. */
export interface Segment {
  readonly roomId: string
  readonly number: number
  readonly path: string
  readonly low: Low<SegmentDocument>
  readonly reactions: SegmentReactions
  /** By message; the same objects as in the document. */
  readonly edits: Map<string, SegmentEdits>
  /** Roughly, of its text. */
  bytes: number
  /** Held by a commit, or newer than its file: not to be forgotten. */
  holds: number
  /** Whether its fingerprints are on the disk, as far as is known. */
  fingerprinted: boolean
}

/** A message costs about this much beside its body. */
const BYTES_PER_MESSAGE = 450
const BYTES_PER_REACTION = 300
const BYTES_PER_FORMER_TEXT = 60

export class Segments {
  readonly #files: Files
  readonly #layout: Layout
  readonly #maxBytes: number
  /** In the order of their last use. */
  readonly #loaded = new Map<string, Segment>()
  readonly #loading = new Map<string, Promise<Segment>>()
  #bytes = 0

  constructor(files: Files, layout: Layout, maxBytes: number) {
    this.#files = files
    this.#layout = layout
    this.#maxBytes = maxBytes
  }

  /** Segments in memory. */
  get count(): number {
    return this.#loaded.size
  }

  /**
   * The messages of a segment, as of now or newer; not to be changed.
   * @throws DamagedRoomError if the file is damaged, or holds fewer than `entry` says.
   */
  async read(roomId: string, entry: Pick<SegmentEntry, 'number' | 'count'>): Promise<readonly MessageRecord[]> {
    return (await this.open(roomId, entry)).low.data.messages
  }

  /** The same, with its reactions. It is not held: what is taken from it later is newer, or not part of the room any more. */
  async open(roomId: string, entry: Pick<SegmentEntry, 'number' | 'count'>): Promise<Segment> {
    return namingRoom(roomId, async () => {
      const segment = await this.#get(roomId, entry.number)
      checkCount(segment, entry.count)
      return segment
    })
  }

  /** Whether it is in memory. */
  has(roomId: string, number: number): boolean {
    return this.#loaded.has(`${roomId}/${number}`)
  }

  /** Whether the fingerprints of a full segment are not on the disk yet, or may be those of another life of it. */
  isUnfingerprinted(roomId: string, number: number): boolean {
    return this.#loaded.get(`${roomId}/${number}`)?.fingerprinted === false
  }

  /**
   * The segment, kept in memory until `release`; an empty one if there is no file.
   * @throws DamagedFileError if it holds fewer than `count` messages.
   */
  async hold(roomId: string, number: number, count: number): Promise<Segment> {
    for (;;) {
      const segment = await this.#get(roomId, number)
      checkCount(segment, count)
      // It may have been forgotten again between its arrival and now.
      if (this.#loaded.get(`${roomId}/${number}`) !== segment) continue
      segment.holds += 1
      return segment
    }
  }

  /** An empty segment in place of one whose file is damaged, to be filled from the journal and kept until `release`. */
  holdEmpty(roomId: string, number: number): Segment {
    const segment = this.#keep(
      roomId,
      number,
      documentAt(this.#files, this.#layout.segment(roomId, number), emptySegment(roomId, number))
    )
    segment.holds += 1
    return segment
  }

  release(segment: Segment): void {
    segment.holds -= 1
    this.#forget()
  }

  /** Sets a message at its place. Only on a segment that is held. @returns the version it replaces. */
  set(segment: Segment, message: MessageRecord): MessageRecord | undefined {
    const { firstSeq, messages } = segment.low.data
    const index = message.seq - firstSeq
    if (index > messages.length)
      throw new DamagedFileError(
        segment.path,
        `ends before seq ${firstSeq + messages.length}, and ${message.seq} follows`
      )
    const former = messages[index]
    messages[index] = message
    this.#grow(segment, message.body.length - (former ? former.body.length : -BYTES_PER_MESSAGE))
    return former
  }

  /** The same for a reaction, after the message that it is to. */
  setReaction(segment: Segment, reaction: ReactionRecord): ReactionRecord | undefined {
    const { firstSeq, messages } = segment.low.data
    if (!messages[reaction.seq - firstSeq])
      throw new DamagedFileError(segment.path, `has no message with seq ${reaction.seq} to react to`)
    const former = segment.reactions.set(reaction)
    if (!former) this.#grow(segment, BYTES_PER_REACTION)
    return former
  }

  /** [S13.1] The same for former texts of a message. */
  setEdits(segment: Segment, { messageId, dropped, kept }: EditsChange): void {
    const former = segment.edits.get(messageId)
    const texts = [...(dropped ? [] : (former?.texts ?? [])), ...kept].slice(-MAX_KEPT_EDITS)
    if (texts.length > 0) segment.edits.set(messageId, { messageId, texts })
    else segment.edits.delete(messageId)
    if (segment.edits.size > 0) segment.low.data.edits = [...segment.edits.values()]
    else delete segment.low.data.edits
    this.#grow(segment, bytesOf(texts) - bytesOf(former?.texts ?? []))
  }

  #grow(segment: Segment, bytes: number): void {
    segment.bytes += bytes
    this.#bytes += bytes
  }

  async #get(roomId: string, number: number): Promise<Segment> {
    const key = `${roomId}/${number}`
    const known = this.#loaded.get(key)
    if (known) {
      this.#loaded.delete(key)
      this.#loaded.set(key, known)
      return known
    }
    const loading = this.#loading.get(key)
    if (loading) return loading
    const made = this.#load(roomId, number).finally(() => this.#loading.delete(key))
    this.#loading.set(key, made)
    return made
  }

  async #load(roomId: string, number: number): Promise<Segment> {
    const path = this.#layout.segment(roomId, number)
    const low = documentAt(this.#files, path, emptySegment(roomId, number))
    await low.read()
    const { data } = low
    if (data.roomId !== roomId || data.number !== number)
      throw new DamagedFileError(path, `is segment ${data.number} of room ${data.roomId}`)
    return this.#keep(roomId, number, low)
  }

  #keep(roomId: string, number: number, low: Low<SegmentDocument>): Segment {
    const path = this.#layout.segment(roomId, number)
    const bytes = low.adapter instanceof AtomicJsonFile ? low.adapter.bytes : 0
    const fingerprinted = low.data.messages.length === SEGMENT_MESSAGES
    const reactions = new SegmentReactions((low.data.reactions ??= []))
    const edits = new Map(low.data.edits?.map((one) => [one.messageId, one]))
    const segment: Segment = { roomId, number, path, low, reactions, edits, bytes, holds: 0, fingerprinted }
    this.#loaded.set(`${roomId}/${number}`, segment)
    this.#bytes += bytes
    this.#forget(segment)
    return segment
  }

  /** Forgets the segments that were not used for longest, but for those that are held and the one just asked for. */
  #forget(asked?: Segment): void {
    if (this.#bytes <= this.#maxBytes) return
    for (const [key, segment] of this.#loaded) {
      if (segment.holds > 0 || segment === asked) continue
      this.#loaded.delete(key)
      this.#bytes -= segment.bytes
      if (this.#bytes <= this.#maxBytes) return
    }
  }
}

function bytesOf(texts: SegmentEdits['texts']): number {
  return texts.reduce((sum, { body }) => sum + body.length + BYTES_PER_FORMER_TEXT, 0)
}

function emptySegment(roomId: string, number: number): SegmentDocument {
  return { covers: 0, roomId, number, firstSeq: firstSeqOf(number), messages: [], reactions: [] }
}

/** @throws DamagedRoomError where `work` throws that a file is damaged */
export async function namingRoom<T>(roomId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof DamagedFileError ? new DamagedRoomError(roomId, error.message, { cause: error }) : error
  }
}

function checkCount({ path, low }: Segment, count: number): void {
  const { length } = low.data.messages
  if (length < count) throw new DamagedFileError(path, `holds ${length} messages instead of ${count}`)
}

/** The revs that the messages and reactions of a segment have; in no order. */
export function revsOf({ low, reactions }: Segment): number[] {
  return [...low.data.messages, ...reactions.above(0)].map(({ rev }) => rev)
}

/** What the index says of a segment, from its messages and reactions. */
export function entryOf(segment: Segment): SegmentEntry {
  const { number, firstSeq, messages } = segment.low.data
  let { minRev, maxRev } = segment.reactions
  for (const { rev } of messages) {
    if (rev < minRev) minRev = rev
    if (rev > maxRev) maxRev = rev
  }
  return { number, firstSeq, count: messages.length, minRev, maxRev }
}
