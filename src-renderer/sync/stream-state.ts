// Arithmetic of one stream's state: what a hint, an answer or a page does to it, and which records of it are to be stored.
// Pure: knows neither store nor connection. SPEC S7, S9, S10.
import { DEFAULT_PAGE_MESSAGES } from '../../protocol/limits.ts'
import type { MessageRecord, ReactionRecord, StreamRecord } from '../../protocol/records.ts'
import type { Changed, Changes, Page } from '../../protocol/socket.ts'
import { roomOfStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { OutboxEntry, StreamState } from '../store/sync-store.ts'
import { addRange, addRanges, addSeqs, highestSeq, holdsSeq } from './seq-ranges.ts'

/** [S9.2] A room with more than this many revs left after an answer jumps to its newest page … */
export const JUMP_REVS = 500
/** … and already with more than this, if it is one of many that are not looked at. */
export const SHORT_JUMP_REVS = DEFAULT_PAGE_MESSAGES

/** What to store, and the state that is true once it is stored [S10]. */
export interface Step {
  state: StreamState
  records: readonly StreamRecord[]
  /** To be stored as the whole truth about its seqs [S8.1], beside the records. */
  page?: Page
}

/** Of a stream that the device knows nothing of. */
export function unknownStream(stream: StreamId, parentId?: string): StreamState {
  return { stream, epoch: 0, checkpoint: 0, ranges: [], headSeq: 0, ...(parentId === undefined ? {} : { parentId }) }
}

/** Up to where hints have been applied: J while catching up after a jump, else C. */
export function positionOf(state: StreamState): number {
  return state.jump?.position ?? state.checkpoint
}

/**
 * [S7.1, S7.2] What to do with a hint for a stream that is not being pulled.
 * `ignore`: old. `wait`: its predecessor has not come. `pull`: it brings no records, or is of another epoch.
 */
export function decideHint(state: StreamState, hint: Changed): 'apply' | 'ignore' | 'wait' | 'pull' {
  if (hint.epoch !== state.epoch) return 'pull'
  const position = positionOf(state)
  if (hint.through <= position) return 'ignore'
  if (hint.records === undefined) return 'pull'
  return hint.from > position ? 'wait' : 'apply'
}

/**
 * [S7.1] For a hint that `decideHint` says to apply.
 * @param base messages above this seq are held once they come: the highest that is held, but after a short jump
 * @param keepAll store even messages that are not held: a page that may hold them, older, is on its way [S9.4]
 */
export function applyHint(state: StreamState, hint: Changed, base: number, keepAll: boolean): Step {
  const { records, held } = sift(state, hint.records ?? [], base, keepAll)
  return { records, state: advance(holding(state, held), hint.through, state.epoch) }
}

/**
 * [S7] The answer to "what changed since the position", in full.
 * @param base messages above this seq belong to the run of pulls that this answer is part of: a later answer may bring a lower seq than
 *   an earlier one, when that message was changed again
 */
export function applyChanges(
  state: StreamState,
  epoch: number,
  changes: Changes,
  base: number,
  keepAll: boolean
): Step {
  const { records, held } = sift(state, changes.records, base, keepAll)
  return { records, state: advance(holding(state, held), Math.max(changes.through, positionOf(state)), epoch) }
}

/** [S9.2] J = T = the page's head; C stays. The page must be the newest, and not one left out for want of room. */
export function jumpTo(state: StreamState, epoch: number, page: Page): Step {
  const step = applyPage(state, epoch, page)
  const jump = { position: page.head, target: page.head }
  return { ...step, state: reached({ ...step.state, epoch, jump }) }
}

/**
 * [S9.3] The answer to "what changed since C" while a jump is being caught up. Above the `heldSeq` it was asked with it says nothing.
 * @param base after a short jump: messages above this seq, up to the page that was jumped to, come with it. What is newer comes from J on.
 */
export function applyCatchUp(state: StreamState, changes: Changes, base: number, keepAll: boolean): Step {
  const newest = highestSeq(state.ranges)
  const old = changes.records.filter((record) => !hasPlace(record) || record.seq <= newest)
  const { records, held } = sift(state, old, base, keepAll)
  const { jump, ...rest } = holding(state, held)
  if (jump === undefined) return { records, state }
  if (changes.through >= jump.target) return { records, state: { ...rest, checkpoint: jump.position } }
  return { records, state: { ...rest, jump, checkpoint: Math.max(changes.through, state.checkpoint) } }
}

/** [S9.5] A page of history, or the newest one beside the changes: its messages are held now. */
export function applyPage(state: StreamState, epoch: number, page: Page): Step {
  const first = page.messages[0]
  const last = page.messages.at(-1)
  const ranges = first && last ? addRange(state.ranges, first.seq, last.seq) : state.ranges
  const headSeq = Math.max(state.headSeq, page.headSeq)
  const seen = epoch === state.epoch ? { seen: Math.max(page.head, state.seen ?? 0) } : {}
  const { floor: _, ...rest } = reached({ ...state, ranges, headSeq, ...seen, ...activity(state, page.messages) })
  const now = page.floor === 0 ? rest : { ...rest, floor: page.floor }
  // Of a room that nothing is known of, there is nothing that the page could lack.
  const isNew = state.epoch === 0 && state.ranges.length === 0 && state.lostUpTo === undefined
  return isNew ? { records: [...page.messages, ...page.reactions], state: now } : { records: [], page, state: now }
}

/** How much of a room's history is held, and how much there is to hold: from the floor on [S11.4]. */
export function historyOf({ ranges, headSeq, floor = 0 }: StreamState): { held: number; total: number } {
  const above = ranges.filter(([, to]) => to > floor).map(([from, to]) => to - Math.max(from, floor + 1) + 1)
  return { held: above.reduce((sum, count) => sum + count, 0), total: Math.max(0, headSeq - floor) }
}

/** [S10.5] Nothing of this stream is missing, so that nothing more of it can turn out to be lost. */
export function withoutLosses(state: StreamState): StreamState {
  if (state.lostUpTo === undefined || state.jump !== undefined || state.epoch === 0) return state
  const { held, total } = historyOf(state)
  if (roomOfStream(state.stream) !== undefined && held < total) return state
  const { lostUpTo: _, heldBefore: __, ...rest } = state
  return rest
}

/** [S9.2] Whether a room has more than `revs` left, so that its newest page comes first. Other streams are read through in order. */
export function shouldJump(changes: Changes, revs = JUMP_REVS): boolean {
  return changes.more && roomOfStream(changes.stream) !== undefined && changes.head - changes.through > revs
}

/**
 * Whether the stream shows the effect of an accepted entry, so that it may leave the outbox. After a jump, what was sent is on the
 * newest page or not held; the effect of anything else on held messages comes with the catching up.
 */
export function showsEffect(state: StreamState, entry: OutboxEntry): boolean {
  const accepted = entry.accepted
  if (accepted === undefined || state.epoch < accepted.epoch) return false
  if (accepted.rev <= state.checkpoint) return true
  const { jump } = state
  if (jump === undefined || accepted.rev > jump.position) return false
  return accepted.rev > jump.target || entry.operation.type === 'message.send'
}

function advance(state: StreamState, through: number, epoch: number): StreamState {
  if (state.jump !== undefined) return reached({ ...state, epoch, jump: { ...state.jump, position: through } })
  return reached({ ...state, epoch, checkpoint: through })
}

/** Without `seen` once the position is there too. */
function reached(state: StreamState): StreamState {
  if (state.seen === undefined || state.seen > positionOf(state)) return state
  const { seen: _, ...rest } = state
  return rest
}

/** [S9.4] Messages and what hangs on them are stored when they are held or above `base`; all others only with `keepAll`, without being held. */
function sift(
  state: StreamState,
  records: readonly StreamRecord[],
  base: number,
  keepAll: boolean
): { records: readonly StreamRecord[]; held: readonly MessageRecord[] } {
  const held: MessageRecord[] = []
  const kept = records.filter((record) => {
    if (!hasPlace(record)) return true
    const isHeld = record.seq > base || holdsSeq(state.ranges, record.seq)
    if (isHeld && record.type === 'message') held.push(record)
    return isHeld || keepAll
  })
  return { records: kept, held }
}

function hasPlace(record: StreamRecord): record is MessageRecord | ReactionRecord {
  return record.type === 'message' || record.type === 'reaction'
}

/** The relay's time of the newest of these messages, if it is later than what is known. */
function activity(state: StreamState, messages: readonly MessageRecord[]): { activeAt?: string } {
  const newest = messages.reduce((latest, { acceptedAt }) => (acceptedAt > latest ? acceptedAt : latest), '')
  return newest > (state.activeAt ?? '') ? { activeAt: newest } : {}
}

function holding(state: StreamState, messages: readonly MessageRecord[]): StreamState {
  if (messages.length === 0) return state
  const seqs = messages.map((message) => message.seq)
  const headSeq = seqs.reduce((highest, seq) => Math.max(highest, seq), state.headSeq)
  return { ...state, ranges: addSeqs(state.ranges, seqs), headSeq, ...activity(state, messages) }
}

/**
 * [S10.2] Of a stream of which the relay went back: as if nothing were known of it, but for what may be lost [S10.5]: what was held until now,
 * and what was held when the relay went back before. What is to be deleted stays so [S13].
 */
export function wentBack(state: StreamState): StreamState {
  const { stream, epoch, ranges, lostUpTo = 0, activeAt, parentId, unmetDeletions } = state
  const heldBefore = state.lostUpTo === undefined ? ranges : state.heldBefore && addRanges(state.heldBefore, ranges)
  return {
    ...unknownStream(stream, parentId),
    ...(activeAt === undefined ? {} : { activeAt }),
    ...(unmetDeletions ? { unmetDeletions } : {}),
    lostUpTo: Math.max(epoch, lostUpTo),
    ...(roomOfStream(stream) === undefined || heldBefore === undefined ? {} : { heldBefore })
  }
}

/** Whether nothing is to be stored: ranges are the same object when they are the same. */
export function sameState(a: StreamState, b: StreamState): boolean {
  return (
    a.epoch === b.epoch &&
    a.checkpoint === b.checkpoint &&
    a.jump?.position === b.jump?.position &&
    a.jump?.target === b.jump?.target &&
    a.ranges === b.ranges &&
    a.headSeq === b.headSeq &&
    a.floor === b.floor &&
    a.seen === b.seen &&
    a.lostUpTo === b.lostUpTo &&
    a.heldBefore === b.heldBefore &&
    a.unmetDeletions === b.unmetDeletions &&
    a.parentId === b.parentId
  )
}
