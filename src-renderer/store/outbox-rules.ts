// The rules of the outbox as plain functions: order, numbers, answers, retries [S2, S6]. Knows no database and no clock.
import { asideRoomId } from '../../protocol/derived-ids.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import type { Operation, OperationOf } from '../../protocol/operations.ts'
import type { Answer } from '../../protocol/socket.ts'
import type { WireError } from '../../protocol/wire-error.ts'
import { isOf, isRemovable } from './outbox-standing.ts'
import type { OutboxEntry } from './sync-store.ts'

/** What a rule changes: the entry's id before → the entry after. */
export type EntryChanges = Map<string, OutboxEntry>

/** Which of this device's operations the relay has answered, as far as the answers are stored here. */
export interface Counter {
  /** Every n up to this one is answered. */
  answered: number
  /** Answered ones beyond it, for which an earlier answer is missing. */
  beyond: number[]
}

export const FRESH_COUNTER: Counter = { answered: 0, beyond: [] }

/** Numbered ones ascending by n, then the others by place. */
export function byOutboxOrder(a: OutboxEntry, b: OutboxEntry): number {
  return (a.n ?? Infinity) - (b.n ?? Infinity) || a.place - b.place || (a.id < b.id ? -1 : Number(a.id > b.id))
}

/** [S2.2] The counter after the answers that the entries hold and those of `ns`; the same object if that changes nothing. */
export function advanceCounter(counter: Counter, entries: readonly OutboxEntry[], ns: Iterable<number> = []): Counter {
  const known = new Set([...counter.beyond, ...ns])
  for (const { state, n } of entries) if (state !== 'pending' && n !== null) known.add(n)
  let answered = counter.answered
  while (known.has(answered + 1)) answered++
  const beyond = [...known].filter((n) => n > answered).toSorted((a, b) => a - b)
  const same = answered === counter.answered && beyond.join() === counter.beyond.join()
  return same ? counter : { answered, beyond }
}

/**
 * [S2] Gives the next numbers to the first `limit` pending entries without one. Numbers that do not follow each other (an entry was
 * cancelled in the moment it got its number) are set right too; such a number was never transmitted, because it leaves the
 * store only after this finds nothing to do.
 */
export function numberEntries(entries: readonly OutboxEntry[], { answered }: Counter, limit: number): EntryChanges {
  const held = heldBack(entries)
  const all = entries.filter(({ state }) => state === 'pending').toSorted(byOutboxOrder)
  const pending = all.filter(({ id }) => !held.has(id))
  const taken = new Set(entries.filter(({ state }) => state !== 'pending').map(({ n }) => n))
  const changes: EntryChanges = new Map(
    all.filter(({ id, n }) => n !== null && held.has(id)).map((entry) => [entry.id, { ...entry, n: null }])
  )
  let next = answered + 1
  let left = limit
  for (const entry of pending) {
    if (entry.n === null && left-- <= 0) break
    while (taken.has(next)) next++
    if (entry.n !== next) changes.set(entry.id, { ...entry, n: next })
    next++
  }
  return changes
}

/**
 * [S2] A new entry with the next number, if it would be the only one to push and depends on nothing; else as it is. What was seen of the outbox may
 * be old: the number counts once `numberEntries` has found nothing to set right.
 */
export function numberedAtOnce(entry: OutboxEntry, entries: readonly OutboxEntry[], counter: Counter): OutboxEntry {
  if (entry.dependsOn.length > 0 || entries.some(({ state }) => state === 'pending')) return entry
  return numberEntries([...entries, entry], advanceCounter(counter, entries), 1).get(entry.id) ?? entry
}

/**
 * Ids of what is not transmitted for now: what depends, directly or not, on an entry that is being taken back before it was transmitted, until it is
 * decided about; and what a deletion that stands would undo.
 */
function heldBack(entries: readonly OutboxEntry[]): ReadonlySet<string> {
  return new Set([...underDeletion(entries), ...underRemoval(entries)])
}

function underRemoval(entries: readonly OutboxEntry[]): Set<string> {
  const held = new Set(entries.filter((entry) => isTakenBack(entry) && entry.n === null).map(({ id }) => id))
  for (let before = -1; before < held.size;) {
    before = held.size
    if (before === 0) break
    for (const { id, dependsOn } of entries) if (dependsOn.some((each) => held.has(each))) held.add(id)
  }
  return held
}

/** [S6] Puts answers beside their entries; who depends on a refused one and was not transmitted yet is refused with it. */
export function answerEntries(
  entries: readonly OutboxEntry[],
  epoch: number,
  answers: readonly Answer[]
): EntryChanges {
  const changes: EntryChanges = new Map()
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const refused = new Set<string>()
  for (const answer of answers) {
    const entry = byId.get(answer.id)
    if (entry?.state !== 'pending') continue
    if (answer.status === 'refused') {
      changes.set(entry.id, { ...entry, state: 'refused', error: answer.error })
      refused.add(entry.id)
      continue
    }
    const { stream, rev, seq } = answer
    const accepted = { stream, rev, epoch, ...(seq === undefined ? {} : { seq }) }
    changes.set(entry.id, { ...entry, state: 'accepted', accepted })
  }
  return refuseDependents(entries, refused, changes)
}

/** Adds to `changes` everything not transmitted that hangs on one of `gone`, refused with `depends-on-refused`; its text is kept. */
export function refuseDependents(
  entries: readonly OutboxEntry[],
  gone: Set<string>,
  changes: EntryChanges
): EntryChanges {
  for (const id of gone) {
    for (const entry of entries) {
      if (entry.state !== 'pending' || entry.n !== null || changes.has(entry.id)) continue
      if (!entry.dependsOn.includes(id)) continue
      changes.set(entry.id, { ...entry, state: 'refused', error: DEPENDS_ON_REFUSED })
      gone.add(entry.id)
    }
  }
  return changes
}

export const DEPENDS_ON_REFUSED: WireError = new ProtocolError(
  'depends-on-refused',
  'what this operation depends on was refused or cancelled'
).toWire()

/** Beside an entry that is going, while what depends on it is decided about; nobody sees it. */
export const TAKEN_BACK: WireError = { code: 'taken-back', message: 'the person has taken it back' }

export function isTakenBack({ state, error }: OutboxEntry): boolean {
  return state === 'refused' && error?.code === TAKEN_BACK.code
}

/** [S13] Ids of edits, reactions and pins of messages whose deletion stands. They are never sent unless it is cancelled or refused. */
function underDeletion(
  entries: readonly OutboxEntry[],
  stands = ({ state }: OutboxEntry): boolean => state !== 'refused'
): Set<string> {
  const deleted = new Set(
    entries.filter((entry) => isOf(entry, 'message.delete') && stands(entry)).map((entry) => messageOf(entry))
  )
  if (deleted.size === 0) return deleted
  const idle = entries.filter((entry) => {
    return (
      isOf(entry, 'message.edit', 'reaction.set', 'message.pin') && isRemovable(entry) && deleted.has(messageOf(entry))
    )
  })
  return new Set(idle.map(({ id }) => id))
}

/** Ids of what goes for good with an answered deletion: the message is gone. */
export function erasedEntries(entries: readonly OutboxEntry[]): string[] {
  const isDone = (entry: OutboxEntry): boolean =>
    entry.state === 'accepted' || hasNoMessage(entry.error) || isUnmet(entry)
  return [...underDeletion(entries, isDone)]
}

/** What the person sees of the outbox: not what is being taken back, nor what a deletion that stands would undo. */
export function shownEntries(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  const idle = underDeletion(entries)
  return entries.filter((entry) => !isTakenBack(entry) && !idle.has(entry.id))
}

/** Refused because what it is about is not there. */
export function hasNoMessage(error: WireError | undefined): boolean {
  return error?.code === 'message-not-found' || error?.code === 'message-deleted'
}

function messageOf({ operation }: OutboxEntry): string {
  return `${roomIdOf(operation)} ${messageIdOf(operation)}`
}

/** [S13] Whether it was to delete what the relay has not got, as one that went back may not. */
export function isUnmet({ operation, error }: Pick<OutboxEntry, 'operation' | 'error'>): boolean {
  const { code } = error ?? {}
  return operation.type === 'message.delete' && (code === 'message-not-found' || code === 'room-not-found')
}

/**
 * [S2.4, S10.3] Pending entries lose their numbers and keep their order. What the relay accepted under a number that it no longer
 * knows of is gone there: messages and rooms among it become pending again, because repeating them under their own ids is harmless, and
 * everything else if it is known that the relay went back.
 */
export function restartEntries(entries: readonly OutboxEntry[], answered: number, wentBack: boolean): EntryChanges {
  const harmless = new Set<Operation['type']>(['message.send', 'room.create'])
  const changes: EntryChanges = new Map()
  const resumed: OutboxEntry[] = []
  for (const entry of entries.toSorted(byOutboxOrder)) {
    const forgotten = entry.n !== null && entry.n > answered
    const { type } = entry.operation
    if (entry.state === 'pending') resumed.push({ ...entry, n: null })
    else if (forgotten && entry.state === 'accepted' && (wentBack || harmless.has(type))) {
      const { accepted: _, ...rest } = entry
      resumed.push({ ...rest, state: 'pending', n: null })
    } else if (forgotten) changes.set(entry.id, { ...entry, n: null })
  }
  const places = resumed.map(({ place }) => place).toSorted((a, b) => a - b)
  resumed.forEach((entry, index) => changes.set(entry.id, { ...entry, place: places[index] ?? entry.place }))
  const before = new Map(entries.map((entry) => [entry.id, entry]))
  for (const [id, after] of changes) {
    const entry = before.get(id)
    if (entry && entry.state === after.state && entry.n === after.n && entry.place === after.place) changes.delete(id)
  }
  return changes
}

/** The room that an operation is about; null for one about the person alone. */
export function roomIdOf(operation: Operation): string | null {
  return 'roomId' in operation ? operation.roomId : null
}

/** [S11.5] The room in which what `userId` says will stand: the operation's, or the aside that it goes into. */
export function spokenIn({ roomId, to }: OperationOf<'message.send'>, userId: string): string {
  return to ? asideRoomId(roomId, [userId, ...to]) : roomId
}

/** The entries by room, in their order; null: about the person alone. */
export function byRoom(entries: readonly OutboxEntry[]): ReadonlyMap<string | null, readonly OutboxEntry[]> {
  const rooms = new Map<string | null, OutboxEntry[]>()
  for (const entry of entries) {
    const roomId = roomIdOf(entry.operation)
    const inRoom = rooms.get(roomId)
    if (inRoom) inRoom.push(entry)
    else rooms.set(roomId, [entry])
  }
  return rooms
}

/**
 * What a new operation has to name in `dependsOn`, while the relay has not accepted it: the entry that makes its room or joins it, and the
 * one that sends the message that it is about or answers.
 */
export function dependenciesOf(operation: Operation, entries: readonly OutboxEntry[]): string[] {
  const roomId = roomIdOf(operation)
  if (operation.type === 'room.create' || operation.type === 'room.join' || roomId === null) return []
  const about = operation.type === 'message.send' ? operation.replyTo : messageIdOf(operation)
  return entries
    .filter(({ state, operation: other }) => {
      if (state === 'accepted') return false
      if (other.type === 'message.send') return other.messageId === about && (other.roomId === roomId || other.to)
      if (roomIdOf(other) !== roomId) return false
      return other.type === 'room.create' || (other.type === 'room.join' && state === 'pending')
    })
    .map(({ id }) => id)
}

function messageIdOf(operation: Operation): string | undefined {
  return 'messageId' in operation ? operation.messageId : undefined
}

/**
 * [S6] Refused operations again, at the end and under new ids from `newId`: the one named, the refused ones that it depends on, and
 * those that were refused only because of any of these. A message whose quoted one is not there goes without the quote. Empty if
 * `entryId` is not a refused entry.
 */
export function retryEntries(
  entries: readonly OutboxEntry[],
  entryId: string,
  make: { newId: () => string; nextPlace: () => number }
): EntryChanges {
  const waiting = entries.filter((entry) => entry.state === 'refused' && !isTakenBack(entry))
  const refused = new Map(waiting.map((entry) => [entry.id, entry]))
  const chosen = new Set<string>()
  const choose = (id: string): void => {
    const entry = refused.get(id)
    if (!entry || chosen.has(id)) return
    chosen.add(id)
    entry.dependsOn.forEach(choose)
    for (const other of refused.values()) {
      if (other.error?.code === DEPENDS_ON_REFUSED.code && other.dependsOn.includes(id)) choose(other.id)
    }
  }
  choose(entryId)
  const known = new Set(entries.map(({ id }) => id))
  const newIds = new Map([...chosen].map((id) => [id, make.newId()]))
  const changes: EntryChanges = new Map()
  for (const entry of entries.toSorted((a, b) => a.place - b.place)) {
    const id = newIds.get(entry.id)
    if (id === undefined) continue
    const { error, ...rest } = entry
    const dependsOn = entry.dependsOn.filter((each) => known.has(each)).map((each) => newIds.get(each) ?? each)
    const fellWithQuote = error?.code === DEPENDS_ON_REFUSED.code && dependsOn.length < entry.dependsOn.length
    const isAlone = fellWithQuote || error?.code === 'message-not-found'
    const operation = isAlone ? withoutQuote(entry.operation) : entry.operation
    changes.set(entry.id, { ...rest, id, dependsOn, operation, n: null, place: make.nextPlace(), state: 'pending' })
  }
  return changes
}

/** The same message as no answer to another one. */
export function withoutQuote<O extends Operation>(operation: O): O {
  if (operation.type !== 'message.send') return operation
  const { replyTo: _, ...rest } = operation
  return rest as O
}
