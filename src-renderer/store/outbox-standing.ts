// What stands, by the records and the outbox together, for a rule or a view to begin from. Plain functions of rows and entries.
import type { Operation, OperationOf } from '../../protocol/operations.ts'
import type { MemberRole } from '../../protocol/records.ts'
import { roomStream, userStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { Availability } from '../../protocol/live.ts'
import type {
  BlockRow,
  MemberRow,
  MembershipRow,
  MessageRow,
  PreferencesRow,
  ReactionRow,
  RoomRow,
  UserRow
} from './schemas.ts'
import type { EditDraft } from './chat-store.ts'
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
  /** [S11.8] Of the user whom a `block.set` is about. */
  block?: BlockRow | undefined
  preferences?: PreferencesRow | undefined
  /** [S12.6] Of a `read.mark`: how far the others were told that the person has read; undefined where they are not to be told, or that is not known. */
  told?: number | undefined
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

/** Sends, edits, deletions and reactions of one message. What goes into an aside names the room that the aside belongs to [S11.5]. */
export function isAbout({ operation }: OutboxEntry, roomId: string, messageId: string): boolean {
  if (!('messageId' in operation) || operation.messageId !== messageId) return false
  return operation.roomId === roomId || (operation.type === 'message.send' && operation.to !== undefined)
}

/** Whether the words of a draft are among what was sent. */
export function isSaid({ messageId }: { messageId?: string }, entries: readonly OutboxEntry[]): boolean {
  return (
    messageId !== undefined &&
    entries.some((each) => isOf(each, 'message.send') && each.operation.messageId === messageId)
  )
}

/** Whether an edit that was begun in a room is done: its text is in the outbox, or what the message says. */
export function isSaved(
  { messageId, asideId, text }: EditDraft,
  roomId: string,
  message: Pick<MessageRow, 'body'> | undefined,
  entries: readonly OutboxEntry[]
): boolean {
  const about = entries.filter((entry) => isAbout(entry, asideId ?? roomId, messageId))
  const isWaiting = about.some((entry) => isOf(entry, 'message.edit', 'message.send') && entry.operation.body === text)
  return isWaiting || message?.body === text
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
    else if (operation.type === 'member.ban') standing &&= !operation.set || operation.userId !== userId
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
  // Direct rooms and notes have none.
  const name = rename?.operation.name ?? room?.name ?? (creation && (creation.operation.name ?? ''))
  return name === undefined ? undefined : { name, renaming: rename?.state === 'pending' }
}

/** What `room.change` and `room.close` are about. */
export interface StandingRoom {
  topic?: string
  /** A hash, or `pendingPicture`. */
  avatar?: string
  writers?: 'admins'
  closedAt: string | null
}

/** The room as own changes of `entries`, all of it, make it. */
export function standingRoom(room: RoomRow | undefined, entries: readonly OutboxEntry[]): StandingRoom {
  const creation = room ? undefined : entries.find((entry) => isOf(entry, 'room.create'))?.operation
  let { topic, avatar, writers } = room ?? { topic: creation?.topic, avatar: undefined, writers: creation?.writers }
  let closedAt = room?.closedAt ?? null
  for (const entry of entries) {
    const { operation, state, createdAt } = entry
    if (operation.type !== 'room.change' && operation.type !== 'room.close') continue
    if (state === 'refused' || isCovered(entry, room, roomStream(operation.roomId))) continue
    if (operation.type === 'room.close') closedAt ??= createdAt
    else {
      if (operation.topic !== undefined) topic = operation.topic ?? undefined
      if (operation.avatar !== undefined) avatar = operation.avatar === null ? undefined : pendingPicture(entry.id)
      if (operation.writers !== undefined) writers = operation.writers ?? undefined
    }
  }
  return {
    ...(topic === undefined ? {} : { topic }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(writers ? { writers } : {}),
    closedAt
  }
}

/** Ids of the pinned messages, the one pinned last at the end, with own changes of `entries`, all of the room. */
export function standingPins(room: RoomRow | undefined, entries: readonly OutboxEntry[]): readonly string[] {
  let pins: readonly string[] = room?.pins ?? []
  for (const entry of entries) {
    if (entry.state === 'refused' || !isOf(entry, 'message.pin', 'message.delete')) continue
    const { operation } = entry
    if (isCovered(entry, room, roomStream(operation.roomId))) continue
    const isPinned = pins.includes(operation.messageId)
    if (operation.type === 'message.pin' && operation.set) pins = isPinned ? pins : [...pins, operation.messageId]
    else if (isPinned) pins = pins.filter((id) => id !== operation.messageId)
  }
  return pins
}

const PENDING_PICTURE = 'outbox:'

/** Stands for the hash of a picture that is in the outbox. */
export function pendingPicture(entryId: string): string {
  return `${PENDING_PICTURE}${entryId}`
}

/** The entry that holds the picture of this hash; undefined if it is a relay's. */
export function pictureEntry(hash: string): string | undefined {
  return hash.startsWith(PENDING_PICTURE) ? hash.slice(PENDING_PICTURE.length) : undefined
}

/** The person's profile with own changes. */
export function standingUser(user: UserRow, entries: readonly OutboxEntry[]): UserRow {
  let standing = user
  for (const { id, operation } of effective(entries, user, 'users')) {
    if (operation.type !== 'profile.change') continue
    const { avatar: heldAvatar, status: heldStatus, receipts: heldReceipts, ...rest } = standing
    const { displayName = rest.displayName, color = rest.color } = operation
    const avatar =
      operation.avatar === undefined ? heldAvatar : operation.avatar === null ? undefined : pendingPicture(id)
    const status = operation.status === undefined ? heldStatus : (operation.status ?? undefined)
    const receipts = operation.receipts ?? heldReceipts ?? true
    standing = {
      ...rest,
      displayName,
      ...(color === undefined ? {} : { color }),
      ...(avatar === undefined ? {} : { avatar }),
      ...(status === undefined ? {} : { status }),
      ...(receipts ? {} : { receipts })
    }
  }
  return standing
}

/** [S11.8] Ids of the blocked users, with what is on its way. */
export function standingBlocks(
  blocks: ReadonlyMap<string, BlockRow>,
  entries: readonly OutboxEntry[],
  userId: string
): ReadonlySet<string> {
  const blocked = new Set([...blocks.values()].flatMap((row) => (row.set ? [row.userId] : [])))
  for (const entry of entries) {
    if (!isOf(entry, 'block.set') || entry.state === 'refused') continue
    const { userId: other, set } = entry.operation
    if (isCovered(entry, blocks.get(other), userStream(userId))) continue
    if (set) blocked.add(other)
    else blocked.delete(other)
  }
  return blocked
}

/** [S14.3] With what is on its way. */
export function standingAvailability(
  preferences: PreferencesRow | undefined,
  entries: readonly OutboxEntry[],
  userId: string
): Availability {
  const changes = effective(entries, preferences, userStream(userId)).filter((entry) =>
    isOf(entry, 'preferences.change')
  )
  const last = changes.findLast((entry) => entry.operation.availability !== undefined)
  return last?.operation.availability ?? preferences?.availability ?? 'auto'
}

/** The role of somebody who is joined, with own operations of `entries`, all of the room. */
export function standingRole(
  userId: string,
  row: MemberRow | undefined,
  entries: readonly OutboxEntry[],
  ownUserId: string
): MemberRole {
  const creation = entries.find((entry) => isOf(entry, 'room.create'))?.operation
  const makes = userId === ownUserId && creation !== undefined && creation.kind !== 'direct'
  let role: MemberRole = row?.role ?? (makes ? 'owner' : 'member')
  for (const entry of entries) {
    if (!isOf(entry, 'member.role') || entry.state === 'refused') continue
    if (isCovered(entry, row, roomStream(entry.operation.roomId))) continue
    if (entry.operation.userId === userId) role = entry.operation.role
    else if (entry.operation.role === 'owner' && userId === ownUserId) role = 'admin'
  }
  return role
}
