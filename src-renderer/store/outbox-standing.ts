// What stands, by the records and the outbox together, for a rule or a view to begin from. Plain functions of rows and entries.
import type { Operation, OperationOf } from '../../protocol/operations.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { MemberRow, MembershipRow, MessageRow, ReactionRow, RoomRow, UserRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

export type EntryOf<T extends Operation['type']> = OutboxEntry & { operation: OperationOf<T> }

/** The records that an operation is about, as far as the device holds them. */
export interface Base {
  /** Whose device this is. */
  userId: string
  message?: MessageRow | undefined
  /** The person's own, with the operation's emoji. */
  reaction?: ReactionRow | undefined
  room?: RoomRow | undefined
  membership?: MembershipRow | undefined
  user?: UserRow | undefined
  /** Of those that the operation names, by user. */
  members?: ReadonlyMap<string, MemberRow>
}

/** Whether it was never transmitted and still will be: only such a one may be changed in place. */
export function isUnsent({ state, n }: OutboxEntry): boolean {
  return state === 'pending' && n === null
}

/** Whether the relay has not got it, and no answer is on its way: it may go without a trace. */
export function isRemovable(entry: OutboxEntry): boolean {
  return entry.state === 'refused' || isUnsent(entry)
}

/** Whether a record shows what an accepted operation did: it is at that version or newer. */
export function isCovered(
  { accepted }: OutboxEntry,
  row: { epoch: number; rev: number } | undefined,
  stream: StreamId
): boolean {
  if (!accepted || !row || accepted.stream !== stream) return false
  return row.epoch > accepted.epoch || (row.epoch === accepted.epoch && row.rev >= accepted.rev)
}

export function isOf<T extends Operation['type']>(entry: OutboxEntry, ...types: readonly T[]): entry is EntryOf<T> {
  return types.some((type) => type === entry.operation.type)
}

/** Sends, edits, deletions and reactions of one message. */
export function isAbout(entry: OutboxEntry, roomId: string, messageId: string): boolean {
  const { operation } = entry
  return 'messageId' in operation && operation.messageId === messageId && operation.roomId === roomId
}

/** The entries that the records do not show yet and that were not refused, in the order in which they take effect. */
export function effective(
  entries: readonly OutboxEntry[],
  row: { epoch: number; rev: number } | undefined,
  stream: StreamId
): readonly OutboxEntry[] {
  return entries.filter((entry) => entry.state !== 'refused' && !isCovered(entry, row, stream))
}

/** What is the person's alone in a room. */
export interface Settings {
  readSeq: number
  unreadFrom: number | null
  mutedUntil: string | null
  pinned: boolean
}

export function settingsOf(membership: MembershipRow | undefined): Settings {
  return {
    readSeq: membership?.readSeq ?? 0,
    unreadFrom: membership?.unreadFrom ?? null,
    mutedUntil: membership?.mutedUntil ?? null,
    pinned: membership?.pinned ?? false
  }
}

/** [S12] The settings with the own operations of `entries`, which are all of this room, that the membership does not show. */
export function standingSettings(
  membership: MembershipRow | undefined,
  entries: readonly OutboxEntry[],
  userId: string
): Settings {
  const settings = settingsOf(membership)
  for (const { operation } of effective(entries, membership, userStream(userId))) {
    if (operation.type === 'read.mark') {
      settings.readSeq = Math.max(settings.readSeq, operation.seq)
      settings.unreadFrom = null
    } else if (operation.type === 'room.settings') {
      const { mutedUntil, pinned, unreadFrom } = operation
      if (mutedUntil !== undefined) settings.mutedUntil = mutedUntil
      if (pinned !== undefined) settings.pinned = pinned
      if (unreadFrom !== undefined) settings.unreadFrom = unreadFrom
    }
  }
  return settings
}

/** Whether `userId` is in the room after what `entries`, all of it, do; `joined`: by the records. */
export function standingMember(
  userId: string,
  joined: boolean,
  entries: readonly OutboxEntry[],
  ownUserId: string
): boolean {
  let standing = joined
  for (const { operation, state } of entries) {
    if (state === 'refused') continue
    if (operation.type === 'room.create') standing ||= userId === ownUserId || operation.memberIds.includes(userId)
    else if (operation.type === 'room.join') standing ||= userId === ownUserId
    else if (operation.type === 'member.add') standing ||= operation.userIds.includes(userId)
    else if (operation.type === 'member.remove') standing &&= operation.userId !== userId
  }
  return standing
}

/** The room's name with own renames, and whether the relay has still to hear of it; undefined if neither records nor outbox know it. */
export function standingName(
  room: RoomRow | undefined,
  entries: readonly OutboxEntry[]
): { name: string; renaming: boolean } | undefined {
  const creation = entries.find((entry) => isOf(entry, 'room.create'))
  const rename = entries
    .filter((entry) => isOf(entry, 'room.rename'))
    .findLast((entry) => entry.state !== 'refused' && !isCovered(entry, room, roomStream(entry.operation.roomId)))
  const name = rename?.operation.name ?? room?.name ?? creation?.operation.name
  return name === undefined ? undefined : { name, renaming: rename?.state === 'pending' }
}

/** The person's profile with own changes. */
export function standingUser(user: UserRow, entries: readonly OutboxEntry[]): UserRow {
  let standing = user
  for (const { operation } of effective(entries, user, 'users')) {
    if (operation.type !== 'profile.change') continue
    const { displayName = standing.displayName, color = standing.color } = operation
    standing = { ...standing, displayName, ...(color === undefined ? {} : { color }) }
  }
  return standing
}
