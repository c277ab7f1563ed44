// Reads a room's messages and reactions from its segments: pages by seq, changes by rev. Changes nothing.
import type { MessageRecord, ReactionRecord, StreamRecord } from '../../../protocol/records.ts'
import type { ChangesOptions, ChangesPage, MessagePage } from '../port.ts'
import { runOf, segmentOf } from './documents.ts'
import type { SegmentEntry } from './documents.ts'
import type { Segments } from './segments.ts'
import type { RoomState } from './state.ts'

/** [SPEC §4] See `Storage.page`. Reads only the segments that the page lies in. */
export async function readPage(
  segments: Segments,
  room: RoomState,
  options: { before?: number; afterSeq?: number; limit: number; maxBytes: number }
): Promise<MessagePage> {
  const { head, headSeq } = room
  const { afterSeq = 0 } = options
  const newestFirst: MessageRecord[] = []
  const reactions: ReactionRecord[] = []
  let bytes = 0
  let seq = Math.min(headSeq, (options.before ?? Infinity) - 1)
  fill: while (seq > afterSeq && newestFirst.length < options.limit) {
    const entry = room.segments[segmentOf(seq) - 1]
    if (!entry) throw new Error(`room ${room.id} has no segment for seq ${seq}`)
    const segment = await segments.open(room.id, entry)
    for (; seq >= entry.firstSeq && seq > afterSeq && newestFirst.length < options.limit; seq--) {
      const message = segment.low.data.messages[seq - entry.firstSeq]
      if (!message) throw new Error(`room ${room.id} has no message with seq ${seq}`)
      bytes += jsonBytes(message)
      if (newestFirst.length > 0 && bytes > options.maxBytes) break fill
      newestFirst.push(message)
      for (const reaction of segment.reactions.setOn(message.id)) reactions.push(reaction)
    }
  }
  reactions.sort((a, b) => a.rev - b.rev)
  return { messages: newestFirst.toReversed(), reactions, head, headSeq, more: seq > afterSeq }
}

/**
 * [S7] Cuts an answer out of `candidates`: records with rev above `since`, ascending, of which none is missing below the last one here; if
 * there are at most `options.limit`, then none at all up to `known`.
 */
export function cutChanges(
  candidates: readonly StreamRecord[],
  head: number,
  options: ChangesOptions,
  known = head
): ChangesPage {
  const fits = countFitting(candidates, options)
  const records = candidates.slice(0, fits)
  const through = fits < candidates.length ? (records.at(-1)?.rev ?? known) : known
  return { records, through, head, more: through < head }
}

/** So many segments are read from the disk for one answer, if it holds anything by then: the next answer goes on. */
const MAX_READ_SEGMENTS = 32

/** [S7] See `Storage.changes`, for a room. Reads segments in the order of the lowest rev that they add, and no more than needed. */
export async function readRoomChanges(
  segments: Segments,
  room: RoomState,
  since: number,
  options: ChangesOptions
): Promise<ChangesPage> {
  const { head } = room
  const wanted = wants(options)
  let candidates: StreamRecord[] = room.byRev.above(since, Infinity).filter(wanted)
  const { types, heldSeq = Infinity, afterSeq = 0 } = options
  if (types && !types.includes('message') && !types.includes('reaction')) return cutChanges(candidates, head, options)
  const unread = room.segments
    .filter(({ maxRev, firstSeq, count }) => maxRev > since && firstSeq <= heldSeq && firstSeq + count - 1 > afterSeq)
    .map((entry) => ({ entry, floor: floorOf(room, entry, since) }))
    .filter(({ floor }) => floor <= head)
    .toSorted((a, b) => a.floor - b.floor)
  let reads = 0
  for (const { entry, floor } of unread) {
    const fits = countFitting(candidates, options)
    const last = fits === options.limit ? candidates[fits - 1] : candidates[fits]
    if (last && last.rev < floor) return cutChanges(candidates, head, options, last.rev)
    if (!segments.has(room.id, entry.number)) reads += 1
    if (reads > MAX_READ_SEGMENTS && (candidates[0]?.rev ?? Infinity) < floor) {
      const known = candidates.filter(({ rev }) => rev < floor)
      return cutChanges(known, head, options, floor - 1)
    }
    const { low, reactions } = await segments.open(room.id, entry)
    // What was changed again while this reads has a rev above `head` now, and comes with the next answer.
    const changed = [...low.data.messages.filter(({ rev }) => rev > since), ...reactions.above(since)].filter(
      (record) => record.rev <= head && wanted(record)
    )
    candidates = [...candidates, ...changed].toSorted((a, b) => a.rev - b.rev)
    const enough = countFitting(candidates, options) + 1
    if (candidates.length > enough) candidates.length = enough
  }
  return cutChanges(candidates, head, options)
}

/** The lowest rev above `since` that a segment can have, Infinity for none. */
function floorOf(room: RoomState, { number, minRev, appended }: SegmentEntry, since: number): number {
  if (appended === undefined || appended > since) return Math.max(minRev, since + 1)
  return room.late.get(runOf(number))?.firstAbove(number, since) ?? Infinity
}

/** Whether a record is asked for; the revs of others count as covered. */
export function wants(options: ChangesOptions): (record: StreamRecord) => boolean {
  const { types, heldSeq = Infinity, afterSeq = 0 } = options
  return (record) => {
    if (types && !types.includes(record.type)) return false
    const hangsOnSeq = record.type === 'message' || record.type === 'reaction'
    return !hangsOnSeq || (record.seq <= heldSeq && record.seq > afterSeq)
  }
}

/** How many records from the start fit into the answer; at least one, if there is one. */
function countFitting(records: readonly StreamRecord[], { limit, maxBytes }: ChangesOptions): number {
  let bytes = 0
  let count = 0
  for (const record of records) {
    if (count === limit) break
    bytes += jsonBytes(record)
    if (count > 0 && bytes > maxBytes) break
    count += 1
  }
  return count
}

const sizes = new WeakMap<object, number>()

/** Bytes of a record's JSON; records never change, so it is worked out once. */
function jsonBytes(record: StreamRecord): number {
  const known = sizes.get(record)
  if (known !== undefined) return known
  const size = Buffer.byteLength(JSON.stringify(record))
  sizes.set(record, size)
  return size
}
