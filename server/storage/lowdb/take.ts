// How a journal entry becomes memory: the same way when it was just committed and when it is replayed. Reads and writes no file
// but segments through `Segments`.
import type { MessageRecord, ReactionRecord } from '../../../protocol/records.ts'
import { roomOfReads, roomOfStream, userOfStream } from '../../../protocol/streams.ts'
import { DamagedFileError } from './atomic-json-file.ts'
import { firstSeqOf, runOf, safeName, segmentOf } from './documents.ts'
import type { Avatars } from './avatars.ts'
import type { Entry } from './entry.ts'
import type { LateState } from './late-changes.ts'
import type { Log } from '../../log.ts'
import type { MessageIndex } from './message-index.ts'
import { entryOf, namingRoom, revsOf } from './segments.ts'
import type { Segment, Segments } from './segments.ts'
import type { RoomState, State } from './state.ts'
import type { WriteBack } from './write-back.ts'

/** The segments that an entry writes to, by `<roomId>/<number>`. */
export type HeldSegments = Map<string, Segment>

/** @throws Error if an id cannot name a file; to be found before the journal has it. */
export function checkIds({ changes, accounts, devices, avatars }: Entry): void {
  for (const { stream, records } of changes) {
    const id = roomOfStream(stream) ?? roomOfReads(stream) ?? userOfStream(stream)
    if (id !== undefined) safeName(id)
    else for (const record of records) if (record.type === 'user') safeName(record.id)
  }
  for (const { userId } of [...accounts, ...devices]) safeName(userId)
  for (const { ownerId } of avatars) safeName(ownerId)
}

/**
 * Loads and keeps the segments that `entry` writes to; the caller releases them.
 * @throws DamagedRoomError if a segment is damaged or holds less than the index says.
 */
export async function holdSegments(segments: Segments, entry: Entry, known: State): Promise<HeldSegments> {
  const held: HeldSegments = new Map()
  try {
    for (const record of [...messagesOf(entry), ...reactionsOf(entry)]) {
      const key = keyOf(record)
      if (held.has(key)) continue
      const number = segmentOf(record.seq)
      const count = known.rooms.get(record.roomId)?.segments[number - 1]?.count ?? 0
      const hold = () => segments.hold(record.roomId, number, count)
      held.set(key, await namingRoom(record.roomId, hold))
    }
  } catch (error) {
    for (const segment of held.values()) segments.release(segment)
    throw error
  }
  return held
}

/**
 * The same in a replay, where a segment that is damaged or lacks what comes before the entry keeps nobody from starting: it is made again
 * from the journal if all of it is there, and else it becomes one of `unreadable`.
 */
export async function holdReadable(
  segments: Segments,
  entry: Entry,
  { state, unreadable, log }: { state: State; unreadable: Set<string>; log: Log }
): Promise<HeldSegments> {
  const held: HeldSegments = new Map()
  for (const record of [...messagesOf(entry).toSorted((a, b) => a.seq - b.seq), ...reactionsOf(entry)]) {
    const key = keyOf(record)
    const number = segmentOf(record.seq)
    const place = record.seq - firstSeqOf(number)
    if (!held.has(key) && !unreadable.has(key)) {
      const segment = await holdOrMake(segments, record, place === 0 && record.type === 'message', log)
      if (segment instanceof DamagedFileError) unreadable.add(key)
      else held.set(key, segment)
    }
    if (unreadable.has(key)) indexUnreadable(state.roomState(record.roomId), number, record)
  }
  return held
}

async function holdOrMake(
  segments: Segments,
  { roomId, seq }: MessageRecord | ReactionRecord,
  isFirst: boolean,
  log: Log
): Promise<Segment | DamagedFileError> {
  const number = segmentOf(seq)
  try {
    const segment = await segments.hold(roomId, number, 0)
    const { firstSeq, messages } = segment.low.data
    if (seq - firstSeq <= messages.length) return segment
    segments.release(segment)
    throw new DamagedFileError(segment.path, `is missing, or holds ${messages.length} messages where ${seq} follows`)
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error
    if (!isFirst) {
      log.error(`${error.message}; its messages cannot be served until it is restored, and the journal is kept`)
      return error
    }
    log.warn(`${error.message}; it is made again from the journal`)
    return segments.holdEmpty(roomId, number)
  }
}

/** So that whoever asks for the segment hears that it is damaged, and not that there is nothing. */
function indexUnreadable(room: RoomState, number: number, { seq, rev }: MessageRecord | ReactionRecord): void {
  const firstSeq = firstSeqOf(number)
  const former = room.segments[number - 1]
  const count = Math.max(former?.count ?? 0, seq - firstSeq + 1)
  room.index({ number, firstSeq, count, minRev: former?.minRev ?? rev, maxRev: Math.max(former?.maxRev ?? 0, rev) })
}

/**
 * Takes entry `number` into memory, in one go. What a document includes already (`covers`) is left as it is, so that a
 * replay may repeat what is stored.
 * @param unreadable in a replay, the segments that cannot take anything: `holdReadable`
 */
export function takeEntry(
  into: { state: State; segments: Segments; index: MessageIndex; avatars: Avatars; writeBack: WriteBack },
  entry: Entry,
  number: number,
  held: HeldSegments,
  unreadable: ReadonlySet<string> = new Set()
): void {
  const { state, segments, index, avatars, writeBack } = into
  const isNew = (covers: number) => number > covers
  /** The revs of what is replaced, by those of what replaces it. */
  const formers = new Map<MessageRecord | ReactionRecord, number | undefined>()
  // By seq: a message that was appended and edited in one commit has a higher rev than those appended after it.
  const isHeld = (record: MessageRecord | ReactionRecord) => !unreadable.has(keyOf(record))
  const messages = messagesOf(entry)
    .filter(isHeld)
    .toSorted((a, b) => a.seq - b.seq)
  for (const message of messages) {
    const segment = heldFor(held, message)
    if (!isNew(segment.low.data.covers)) continue
    const former = segments.set(segment, message)
    if (!former) index.added(message)
    formers.set(message, former?.rev)
  }
  const reactions = reactionsOf(entry).filter(isHeld)
  for (const reaction of reactions) {
    const segment = heldFor(held, reaction)
    if (isNew(segment.low.data.covers)) formers.set(reaction, segments.setReaction(segment, reaction)?.rev)
  }
  for (const change of entry.edits) {
    const segment = held.get(keyOf(change))
    if (segment && isNew(segment.low.data.covers)) segments.setEdits(segment, change)
  }
  for (const segment of held.values()) {
    const room = state.roomState(segment.roomId)
    const isHere = ({ roomId, seq }: MessageRecord | ReactionRecord) =>
      roomId === segment.roomId && segmentOf(seq) === segment.number
    const records = [...messages.filter(isHere), ...reactions.filter(isHere)]
    if (isNew(room.covers)) indexSegment(room, segment, records)
    const late = takeLate(room, segment, records, { isNew, formers })
    if (late) writeBack.mark(late)
    writeBack.mark(segment)
  }
  for (const change of entry.changes) {
    const readsOf = roomOfReads(change.stream)
    if (readsOf !== undefined) {
      writeBack.mark(state.takeReads(readsOf, change, entry.epoch, isNew))
      continue
    }
    const roomId = roomOfStream(change.stream)
    if (roomId === undefined) {
      for (const user of state.takeUsers(change, entry.epoch, isNew)) writeBack.mark(user)
      continue
    }
    writeBack.mark(state.takeRoom(roomId, change, entry.epoch, isNew))
  }
  takePeople({ state, writeBack }, entry, isNew)
  // Each as a whole, so that it does not matter which of them the file has: the last one of the journal is written again.
  for (const { ownerId, avatar } of entry.avatars) writeBack.mark(avatars.take(ownerId, avatar))
}

/** Accounts, devices and invites; what is removed first. */
function takePeople(
  { state, writeBack }: { state: State; writeBack: WriteBack },
  entry: Entry,
  isNew: (covers: number) => boolean
): void {
  const { removed } = entry
  for (const userId of removed.accounts) {
    const user = state.userState(userId)
    if (isNew(user.covers)) state.removeAccount(user)
    writeBack.mark(user)
  }
  for (const { id, userId } of removed.devices) {
    const user = state.userState(userId)
    if (isNew(user.covers)) state.removeDevice(user, id)
    writeBack.mark(user)
  }
  for (const codeHash of removed.invites) {
    if (isNew(state.invites.covers)) state.invites.invites.delete(codeHash)
    writeBack.mark(state.invites)
  }
  for (const account of entry.accounts) {
    const user = state.userState(account.userId)
    if (isNew(user.covers)) state.takeAccount(account)
    writeBack.mark(user)
  }
  for (const device of entry.devices) {
    const user = state.userState(device.userId)
    if (isNew(user.covers)) state.takeDevice(device)
    writeBack.mark(user)
  }
  for (const invite of entry.invites) {
    if (isNew(state.invites.covers)) state.invites.invites.set(invite.codeHash, invite)
    writeBack.mark(state.invites)
  }
}

/** Brings the index up to date, before the room itself: in a replay a segment may hold messages that the room is still to hear of. */
function indexSegment(room: RoomState, segment: Segment, records: readonly (MessageRecord | ReactionRecord)[]): void {
  const former = room.segments[segment.number - 1]
  const added = records.filter(({ type, seq }) => type === 'message' && seq > room.headSeq).map(({ rev }) => rev)
  const appended = added.length > 0 ? Math.max(...added) : former?.appended
  room.index({ ...entryOf(segment), ...(appended !== undefined && { appended }) })
}

/** @returns what is behind now, if anything is. */
function takeLate(
  room: RoomState,
  segment: Segment,
  records: readonly (MessageRecord | ReactionRecord)[],
  { isNew, formers }: { isNew: (covers: number) => boolean; formers: ReadonlyMap<object, number | undefined> }
): LateState | undefined {
  const { number } = segment
  const appended = room.segments[number - 1]?.appended
  if (appended === undefined) return undefined
  const known = room.late.get(runOf(number))
  const isStored = !isNew(segment.low.data.covers)
  const later = records.filter(({ rev }) => rev > appended)
  if (!known && later.length === 0 && !isStored) return undefined
  const late = room.lateState(number)
  if (!isNew(late.covers)) return late
  // A replay onto a segment that is newer than this entry does not learn what was replaced.
  if (isStored) late.set(number, revsOf(segment), appended)
  else {
    late.forgetThrough(number, appended)
    for (const record of later.toSorted((a, b) => a.rev - b.rev)) late.note(number, record.rev, formers.get(record))
  }
  return late
}

function messagesOf(entry: Entry): MessageRecord[] {
  return entry.changes.flatMap(({ records }) => records.filter((record) => record.type === 'message'))
}

function reactionsOf(entry: Entry): ReactionRecord[] {
  return entry.changes.flatMap(({ records }) => records.filter((record) => record.type === 'reaction'))
}

function heldFor(held: HeldSegments, record: MessageRecord | ReactionRecord): Segment {
  const segment = held.get(keyOf(record))
  if (!segment) throw new Error(`segment ${keyOf(record)} is not held`)
  return segment
}

function keyOf({ roomId, seq }: { roomId: string; seq: number }): string {
  return `${roomId}/${segmentOf(seq)}`
}
