// What features see of the device's store: observables to read, commands to write. Knows neither network nor screen.
import type { Observable } from 'rxjs'
import type { WireError } from '../../protocol/errors.ts'
import type { MemberRecord, MessageRecord, RoomRecord, SystemEvent, UserRecord } from '../../protocol/records.ts'
import type { OutboxEntry, SeqRange } from './sync-store.ts'

/** Beside an own message; `refused` carries the reason. */
export type MessageState =
  { name: 'waiting' } | { name: 'accepted' } | { name: 'refused'; error: WireError; entryId: string }

/** A line of the timeline: a record, or an own message that is still in the outbox. */
export interface TimelineItem {
  /** The message's id: the same while pending and after, so that nothing flickers. */
  id: string
  roomId: string
  /** Null while it has no place yet; such items stand at the end, in order of writing. */
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
  /** Absent on other people's messages. */
  state?: MessageState
  /** The outbox entry behind it while it waits or was refused. */
  entryId?: string
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
  name: string
  /** Null while only the outbox knows the room. */
  room: RoomRecord | null
  joined: boolean
  last?: TimelineItem
  /** For the order of the list: when something was last said, by the relay's clock or, while it waits, by the device's. */
  activityAt: string
  /** Own operations of this room that wait, and that were refused. */
  waiting: number
  refused: number
  draft: string
}

/** Reads. Every observable emits what the device knows at once, without the network, and again on change. */
export interface ChatQueries {
  watchRooms(): Observable<readonly RoomSummary[]>
  /** Messages with seq ≥ fromSeq that are held, then the pending ones. */
  watchTimeline(roomId: string, fromSeq: number): Observable<Timeline>
  /** The held seqs and the known head, to choose what to show and what to ask for. */
  watchHeld(roomId: string): Observable<{ ranges: readonly SeqRange[]; headSeq: number }>
  /** Those who are joined, by when they came. */
  watchMembers(roomId: string): Observable<readonly MemberRecord[]>
  watchUsers(): Observable<ReadonlyMap<string, UserRecord>>
  watchOutbox(): Observable<readonly OutboxEntry[]>
  /** Once: the draft of a room, '' for none. */
  loadDraft(roomId: string): Promise<string>
}

/** Writes: into the outbox and the drafts, nothing else. Each resolves when it is durable, never waiting for the network. */
export interface ChatCommands {
  /** Resolves with the new room's id. */
  createRoom(name: string, memberIds: readonly string[]): Promise<string>
  addMembers(roomId: string, userIds: readonly string[]): Promise<void>
  leaveRoom(roomId: string): Promise<void>
  /** Resolves with the message's id. Throws `ProtocolError('invalid')` when blank or longer than MAX_BODY_CHARS. */
  sendMessage(roomId: string, body: string): Promise<string>
  /** A refused operation again: new operation id, same record id, at the end. */
  retry(entryId: string): Promise<void>
  /** Removes a refused entry, or one that was not transmitted yet; false if it is too late for that. */
  discard(entryId: string): Promise<boolean>
  saveDraft(roomId: string, text: string): Promise<void>
}

export interface ChatStore {
  queries: ChatQueries
  commands: ChatCommands
}
