// What features see of the device's store: observables to read, commands to write. Knows neither network nor screen.
import type { Observable } from 'rxjs'
import type { Availability } from '../../protocol/live.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { RoomRights } from '../../protocol/permissions.ts'
import type {
  MemberRole,
  MemberRecord,
  MessageRecord,
  RoomRecord,
  SystemEvent,
  UserRecord
} from '../../protocol/records.ts'
import type { AvatarColor } from '../../protocol/values.ts'
import type { WireError } from '../../protocol/wire-error.ts'
import type { ReadNumbers } from './read-numbers.ts'
import type { SeqRange } from './sync-store.ts'

/** Beside an own message; `refused` carries the reason. */
export type MessageState =
  { name: 'waiting' } | { name: 'accepted' } | { name: 'refused'; error: WireError; entryId: string }

/**
 * The newest own edit or deletion of a message that the records do not show yet. While it waits or is accepted the item shows its effect (new
 * body, or deletedAt); once refused the item is as it was, and this tells of it.
 */
export interface PendingChange {
  kind: 'edit' | 'delete'
  state: MessageState
  /** For cancel, retry and discard. */
  entryId: string
  /** The new text of an edit, kept also when it was refused. */
  body?: string
}

/** All who have set one emoji on a message, own pending changes included. */
export interface ReactionGroup {
  emoji: string
  /** At least one; in the order in which they were set. */
  userIds: readonly string[]
  /** Whether the person is among them. */
  own: boolean
  /** Whether an own change of this one is still on its way. */
  waiting: boolean
}

/** What a message answers. Only the id is stored: an edit or deletion of the quoted message shows here too. */
export interface Quoted {
  id: string
  /** Its place in the room, where the relay has said it: what the device does not hold is found by it. */
  seq: number | null
  /** Null while the device does not hold it. */
  message: QuotedMessage | null
}

export interface QuotedMessage {
  /** Null while it waits in the outbox. */
  seq: number | null
  authorId: string
  /** The beginning of its text, at most QUOTE_CHARS code units; '' when deleted. */
  excerpt: string
  deleted: boolean
}

/** A message that is pinned in its room. */
export interface PinnedMessage {
  id: string
  /** Null when the device does not hold it. */
  message: QuotedMessage | null
}

/** A line of the timeline: a record, or an own message that is still in the outbox. */
export interface TimelineItem {
  /** The message's id: the same while pending and after, so that nothing flickers. */
  id: string
  /** Of what was said aside: the aside's, which replies, reactions, edits, deletions and `markRead` name. */
  roomId: string
  /** Null while it has no place yet; such items stand at the end, in order of writing. Null also of what was said aside: see `aside`. */
  seq: number | null
  kind: MessageRecord['kind']
  authorId: string
  own: boolean
  body: string
  sentAt: string
  acceptedAt?: string
  editedAt?: string
  deletedAt?: string
  event?: SystemEvent
  /** Absent on other people's messages. `waiting` also while an own edit or deletion of it waits. */
  state?: MessageState
  /** The outbox entry behind it while it waits or was refused: for cancel, retry and discard. */
  entryId?: string
  change?: PendingChange
  replyTo?: Quoted
  /** Absent when there are none; none on deleted messages. In the order in which the first of each was set. */
  reactions?: readonly ReactionGroup[]
  /** [S10.5] The relay has lost it; it is readable here until its author's device brings it back. */
  onlyHere?: true
  /** Ids of users whose `@name` stands in the body. */
  mentions?: readonly string[]
  /** [S11.5] Only its author and a few others have it. */
  aside?: AsideMark
}

/** [S11.5] Of a message that was said aside: it stands in the room's timeline, marked, behind the message of seq `anchorSeq`. */
export interface AsideMark {
  /** Everybody who has it, its author among them, in a stable order. */
  userIds: readonly string[]
  /** Null while it waits: it stands at the end. */
  anchorSeq: number | null
  /** Its seq in the aside, for `markRead(item.roomId, …)`; null while it waits. */
  seq: number | null
  /** [S12] Whether it is behind the person's mark in the aside; own ones are never. */
  unread: boolean
}

export interface Timeline {
  items: readonly TimelineItem[]
  /** Lowest seq shown; 1 means that the beginning of the room is here. 0 while no record is: with headSeq 0 the room is empty. */
  fromSeq: number
  /** The room's highest known seq. */
  headSeq: number
  /** Whether everything from fromSeq to headSeq is on the device. */
  complete: boolean
}

export interface RoomSummary {
  id: string
  /**
   * With own renames that are on their way. Of a direct room the other person's; '' where there is none: notes to self, and somebody whose account
   * was deleted, or who is not known yet.
   */
  name: string
  /** Whether `name` is one that the relay has not accepted yet. */
  renaming: boolean
  kind: RoomRecord['kind']
  /** Of a direct room: the other person. */
  withUserId?: string
  /** With own changes that are on their way, as all that follows. */
  topic?: string
  /** For `Services.watchAvatar`. */
  avatar?: string
  /** Who alone may write; absent: everybody. */
  writers?: 'admins'
  /** [S11.6] Read-only since then (ISO 8601); null: open. */
  closedAt: string | null
  /** The person's; null: not joined. */
  role: MemberRole | null
  /** What the person may do here, by what the device knows (SPEC §3.1). All of it may still be refused. */
  may: RoomRights
  /** Null while only the outbox knows the room. */
  room: RoomRecord | null
  /** With own joining and leaving that are on their way. */
  joined: boolean
  last?: TimelineItem
  /** For the order of the list: when something was last said, by the relay's clock or, while it waits, by the device's. */
  activityAt: string
  /** Own operations of this room that wait, and that were refused. */
  waiting: number
  refused: number
  draft: string
  /**
   * [S12.5] Other people's messages that were not read, at most UNREAD_CAP, which means that many or more. What is missing on the device between
   * is counted as if each seq were such a message. 0 until it was counted, and in rooms that one is no longer in.
   */
  unread: number
  /** Unread messages that mention the person, asides among them, by people who are not blocked; at most UNREAD_CAP. */
  mentions: number
  /** [S12] Everything up to this seq was read; with own marks that are on their way. 0: nothing, or since joining. */
  readSeq: number
  /** [S12.4] Marked as unread from this seq on, whatever was read. */
  unreadFrom: number | null
  pinned: boolean
  /** No notifications until then (ISO 8601); null for none. See `isMuted`. MUTED_FOR_GOOD is far away. */
  mutedUntil: string | null
}

/** As far as `RoomSummary.unread` counts. */
export const UNREAD_CAP = 100
/** The longest `excerpt`. */
export const QUOTE_CHARS = 200
export const MUTED_FOR_GOOD = '9999-12-31T00:00:00.000Z'

/** By the clock of the device, in ms since 1970: for a label, and no more than that [S5]. */
export function isMuted({ mutedUntil }: Pick<RoomSummary, 'mutedUntil'>, now: number): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > now
}

/** A room by itself, also one that is in no list: an empty direct room that somebody else made, or one with somebody who is blocked. */
export interface RoomDetails extends RoomSummary {
  /** Whether `watchRooms` leaves it out. */
  hidden: boolean
  /** [S11.8] Of a direct room: the other person is blocked. */
  blocked: boolean
  history?: RoomRecord['history']
  /** Ids of the pinned messages, the one pinned last at the end; with own changes that are on their way. */
  pins: readonly string[]
  createdBy: string | null
  createdAt: string | null
  members: readonly RoomMember[]
  /** [S11.7] Who is kept out, own bans included. */
  bannedIds: readonly string[]
}

/** Somebody of the relay. */
export interface Person {
  user: UserRecord
  /** It is the one whose device this is. */
  self: boolean
  /** [S11.8] With own changes that are on their way. */
  blocked: boolean
  /** The direct room with this person, if the device knows one; of oneself the notes. */
  roomId: string | null
}

/** What the person wants everywhere. */
export interface Preferences {
  availability: Availability
}

/** Who is joined in a room, own additions and removals included. */
export interface RoomMember {
  userId: string
  /** With own changes that are on their way. */
  role: MemberRecord['role']
  /** Null while the adding waits. */
  joinedAt: string | null
  /** Absent when the records say so. A member whose removal waits is still listed. */
  pending?: 'adding' | 'removing'
}

/** An operation in the outbox, with what a person needs to recognise it. */
export interface OutboxItem {
  /** The entry's id, for cancel, retry and discard; another one after each retry. */
  id: string
  operation: Operation
  createdAt: string
  /** `sent`: on its way, or without an answer. `accepted`: the relay has it, its record is not here yet. `refused`: waits for the person. */
  state: 'waiting' | 'sent' | 'accepted' | 'refused'
  /** When refused. */
  error?: WireError
  /** Null for what is about the person alone. */
  roomId: string | null
  /** As the list of rooms shows it; null when the device does not know it. */
  roomName: string | null
  /** Of an edit, deletion or reaction: the message; of a reply: the one it answers. Null when the device does not hold it. */
  about?: QuotedMessage | null
  /** What `cancel` would do: take it back before it is sent, or undo it by another operation; null: it is too late. */
  cancel: 'remove' | 'undo' | null
  /** Whether `retry` would do anything: it was refused. */
  retry: boolean
  /** Whether `discard` would: it was refused, or was not sent yet. */
  discard: boolean
  /** Ids of the entries that depend on it, directly or not: refused with it, retried with it, offered to be discarded with it. */
  dependants: readonly string[]
}

/** Where the person was reading: the message at the top of the view and how far it is scrolled out of it, in CSS px. */
export interface ScrollPlace {
  seq: number
  offset: number
}

/** An own message that is being changed, and was not saved. */
export interface EditDraft {
  messageId: string
  /** [S11.5] Where it was said aside; absent: in the room itself. */
  asideId?: string
  /** The text as it was when the edit began. */
  base: string
  text: string
}

/** What is looked at by somebody already can be drawn without waiting for a subscription. */
export interface Known<T> extends Observable<T> {
  /** What was told last. Undefined: nobody looks at it, or nothing was told yet. */
  latest?: () => { value: T } | undefined
}

/** Reads. Every observable emits what the device knows at once, without the network, and again on change. */
export interface ChatQueries {
  /**
   * Pinned ones first, then by activity. Without asides, direct rooms in which nothing was said unless the person made them, and direct rooms with
   * whom the person blocks.
   */
  watchRooms(): Observable<readonly RoomSummary[]>
  /** One room, listed or not; null if the device does not know it, and for asides. */
  watchRoomDetails(roomId: string): Known<RoomDetails | null>
  /** What is pinned in a room, the newest first, with own changes that are on their way; without what was deleted. */
  watchPins(roomId: string): Observable<readonly PinnedMessage[]>
  /** The directory: everybody of the relay whose account is there, in no order. */
  watchPeople(): Observable<readonly Person[]>
  /** [S11.8] Ids of the users whom the person blocks. */
  watchBlocked(): Observable<ReadonlySet<string>>
  /** [S14.3] What is the same on all of the person's devices, with own changes that are on their way. */
  watchPreferences(): Observable<Preferences>
  /**
   * Messages with seq ≥ fromSeq that are held, what was said aside between them (`AsideMark`), then the pending ones, own words also while they
   * are on their way to the disk. With `toSeq` nothing above it, and nothing that is pending: a window further up.
   */
  watchTimeline(roomId: string, fromSeq: number, toSeq?: number | null): Known<Timeline>
  /** The held seqs and the known head, to choose what to show and what to ask for. Seqs that are not for this person count as held [S11.4]. */
  watchHeld(roomId: string): Known<{ ranges: readonly SeqRange[]; headSeq: number }>
  /** [S11.5] The asides that the person is in: the room of each, by the aside's id. */
  watchAsideRooms(): Observable<ReadonlyMap<string, string>>
  /** Those who are joined, by when they came; those who are being added last. */
  watchMembers(roomId: string): Known<readonly RoomMember[]>
  /** With own changes of the profile that are on their way. */
  watchUsers(): Known<ReadonlyMap<string, UserRecord>>
  /** [S12] How far each member of a room has read, by user; the own mark with what is on its way. Who is missing has read nothing. */
  watchReads(roomId: string): Observable<ReadonlyMap<string, number>>
  /**
   * [S12.7] Who has read which message of a room or an aside; what was told by the relay alone. Null where that is not shown: the person has
   * switched receipts off [S12.6], nobody else is there, or the device has not heard of it yet.
   */
  watchReadNumbers(roomId: string): Observable<ReadNumbers | null>
  /** What is to be sent in the order of sending, preceded by what was answered. */
  watchOutbox(): Observable<readonly OutboxItem[]>
  /**
   * Whether the browser refuses to store what comes from the relay, for want of space. Unsent words are small and are tried all the same:
   * a command that fails rejects with `StorageFullError`. `ok` again once something could be stored.
   */
  watchStorage(): Observable<'ok' | 'full'>
  /** Once: the draft of a room, '' for none. */
  loadDraft(roomId: string): Promise<string>
  /** Once: null for none. */
  loadScroll(roomId: string): Promise<ScrollPlace | null>
  /** Once: null for none. */
  loadEdit(roomId: string): Promise<EditDraft | null>
}

/** `removed`: it was never sent. `undone`: an operation that undoes it is in the outbox. `too-late`: nothing was done. */
export type CancelOutcome = 'removed' | 'undone' | 'too-late'

/** Of one message. */
export interface Words {
  body: string
  /** Ids of users, at most MAX_MENTIONS. */
  mentions?: readonly string[]
}

export interface SendOptions {
  replyTo?: string
  /** [S11.5] To the person and these alone, who are joined in the room. A reply to what was said aside goes into the aside (`item.roomId`) instead. */
  to?: readonly string[]
  /** Of what may be said twice by mistake, and is to be there once; the further ones are named after it. Else new ids. */
  messageId?: string
}

/**
 * Writes: into the outbox and what is this device's alone, nothing else. Each resolves when it is durable, never waiting for the network.
 * What the relay would not even parse (blank names, too long texts …) throws `ProtocolError('invalid')` with its field; nothing is written then.
 * An operation that would change nothing, by what the device knows, writes nothing. What was not sent yet is rewritten in place: the edit of a
 * waiting message is that message with other words.
 */
export interface ChatCommands {
  /** Resolves with the new room's id. A group that shows its whole history to those who join later, unless said otherwise. */
  createRoom(
    name: string,
    memberIds: readonly string[],
    options?: { kind?: 'group' | 'open'; history?: RoomRecord['history']; topic?: string; writers?: 'admins' }
  ): Promise<string>
  /** The direct room with somebody else, made if there is none yet; resolves with its id. */
  openDirect(userId: string): Promise<string>
  /** The person's notes to self, made if there are none yet. */
  openNotes(): Promise<string>
  renameRoom(roomId: string, name: string): Promise<void>
  /** What is absent stays, null takes away. `avatar`: a PNG in base64, at most MAX_AVATAR_BYTES and MAX_AVATAR_SIDE. */
  changeRoom(
    roomId: string,
    change: { topic?: string | null; avatar?: string | null; writers?: 'admins' | null }
  ): Promise<void>
  /** [S11.6] For good. */
  closeRoom(roomId: string): Promise<void>
  addMembers(roomId: string, userIds: readonly string[]): Promise<void>
  /** Somebody else. */
  removeMember(roomId: string, userId: string): Promise<void>
  /** [S11.7] Removes somebody and keeps them out, or lets them in again. */
  setBan(roomId: string, userId: string, set: boolean): Promise<void>
  /** `owner` hands the room over: the person is an admin then. */
  setRole(roomId: string, userId: string, role: MemberRole): Promise<void>
  /** An open room. */
  joinRoom(roomId: string): Promise<void>
  /** `quietly`: without a line about it in the room. */
  leaveRoom(roomId: string, options?: { quietly?: boolean }): Promise<void>

  /** Words of one or several messages, in order: all of them wait to be sent, or none. The first is the reply. Resolves with its id. */
  sendMessages(roomId: string, words: readonly Words[], options?: SendOptions): Promise<string>
  /** One of them. */
  sendMessage(roomId: string, body: string, options?: SendOptions & Omit<Words, 'body'>): Promise<string>
  /** Of an own message, refused ones too. Throws `ProtocolError('message-deleted')`. */
  editMessage(
    roomId: string,
    messageId: string,
    body: string,
    options?: { mentions?: readonly string[] }
  ): Promise<void>
  /** Of an own message. One that was never sent, or refused, goes with its edits and reactions; answers to it lose their quote, not their words. */
  deleteMessage(roomId: string, messageId: string): Promise<void>
  /** Set or taken away, never toggled. Throws `ProtocolError('message-deleted')`. */
  setReaction(roomId: string, messageId: string, emoji: string, set: boolean): Promise<void>
  /** For everybody in the room. Throws `ProtocolError('message-deleted')`. */
  setMessagePin(roomId: string, messageId: string, set: boolean): Promise<void>

  /** [S12] Everything up to `seq` was seen. Lower than what was read: nothing, but an end to `markUnread`. */
  markRead(roomId: string, seq: number): Promise<void>
  /** [S12.4] From `fromSeq` on, until the next `markRead`. */
  markUnread(roomId: string, fromSeq: number): Promise<void>
  /** @param until ISO 8601, MUTED_FOR_GOOD, or null to be notified again */
  setMuted(roomId: string, until: string | null): Promise<void>
  setPinned(roomId: string, pinned: boolean): Promise<void>
  /** What is absent stays, null takes away. `avatar` as of `changeRoom`. */
  changeProfile(change: {
    displayName?: string
    color?: AvatarColor
    avatar?: string | null
    status?: string | null
  }): Promise<void>
  /** [S12.6] Off: nobody is told how far the person has read, and the person is shown nobody's. See `UserRecord.receipts`. */
  setReceipts(on: boolean): Promise<void>
  /** [S14.3] On all of the person's devices. */
  setAvailability(availability: Availability): Promise<void>
  /** [S11.8] Nobody is told. */
  setBlock(userId: string, set: boolean): Promise<void>

  /** A refused operation again, with what it depends on and what fell with it: new operation ids, same record ids, at the end, in order. */
  retry(entryId: string): Promise<void>
  /**
   * Takes an operation back. Not sent yet, or refused: it goes, as by `discard`. Otherwise it is undone by another one behind it: a message by its
   * deletion, a reaction, an edit, a new name, a setting, the profile by what was before, joining by leaving. Too late for making a room,
   * adding and removing members, leaving, deletions and read marks, for what a later operation has replaced, and for what is gone from here.
   */
  cancel(entryId: string): Promise<CancelOutcome>
  /**
   * Removes a refused entry, or one that was not sent yet; false if it is too late for that. What depends on it is refused and keeps its words,
   * reactions and the like go with it; all of it goes with `withDependants`.
   */
  discard(entryId: string, options?: { withDependants?: boolean }): Promise<boolean>

  /**
   * '' for none. `messageId`: what `sendMessages` will be told when these words are sent, and only then: a window that dies in between leaves the message,
   * and no draft of what is said.
   */
  saveDraft(roomId: string, text: string, messageId?: string): Promise<void>
  /** Null to forget it: the person reads at the end. */
  saveScroll(roomId: string, place: ScrollPlace | null): Promise<void>
  /** Null to forget it: it was saved, or given up. */
  saveEdit(roomId: string, edit: EditDraft | null): Promise<void>
}

export interface ChatStore {
  queries: ChatQueries
  commands: ChatCommands
}
