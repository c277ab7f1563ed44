// The port through which sync sees the device's store. Small, so that the simulation can put a deterministic one in its place.
import type { Observable } from 'rxjs'
import type { Operation } from '../../protocol/operations.ts'
import type { MessageRecord, RoomRecord, StreamRecord } from '../../protocol/records.ts'
import type { Answer, Page } from '../../protocol/socket.ts'
import type { StreamId } from '../../protocol/streams.ts'
import type { WireError } from '../../protocol/wire-error.ts'

/** Inclusive, 1 ≤ from ≤ to. */
export type SeqRange = readonly [from: number, to: number]

/** How far the device has one stream [S9, S10]. */
export interface StreamState {
  stream: StreamId
  /** The epoch in which the checkpoint was learnt; 0 with checkpoint 0. */
  epoch: number
  /** C: every record with rev ≤ this is stored (of messages: those within `ranges`). */
  checkpoint: number
  /** J and T while a jump is being caught up [S9.2], else absent. */
  jump?: { position: number; target: number }
  /** The seqs that are held, ascending, disjoint, never adjacent. Empty for streams that are no rooms. */
  ranges: readonly SeqRange[]
  /** The room's highest seq that is known of; 0 for none. */
  headSeq: number
  /** [S11.5] Of an aside's streams: the room that it belongs to, with which it ends. */
  parentId?: string
  /** [S11.4] Seqs up to this one are not for this person: nothing is missing below it. Absent: 0. */
  floor?: number
  /**
   * A page was as new as this rev, which hints or changes have not reached yet: so much of the relay is known too, should it have gone
   * back meanwhile [S10.2].
   */
  seen?: number
  /** When the newest message that is known of was accepted, by the relay's clock: for the order in which rooms are loaded. */
  activeAt?: string
  /**
   * [S10.5] The relay went back after having served this epoch, and not everything was read again since: what is held of this epoch or an
   * earlier one may be lost there.
   */
  lostUpTo?: number
  /** With `lostUpTo`, of a room: the seqs that were held before; what is lost of them only a page tells. Absent: unknown, any of them. */
  heldBefore?: readonly SeqRange[]
  /** [S13] Ids of messages that the relay had not got when this person deleted them: deleted again should a device bring them back [S10.5]. */
  unmetDeletions?: readonly string[]
}

/** [S10.5] What a relay that went back does not have any more of what is held here. */
export interface Lost {
  /** Held messages that it lacks, ascending by seq. */
  messages: readonly MessageRecord[]
  /** Held versions that are higher than what it serves, and tombstones of what has its text there, beside that; null where it serves nothing. */
  versions: readonly { held: StreamRecord; served: StreamRecord | null }[]
}

/** An operation in the outbox. */
export interface OutboxEntry {
  /** The operation's id. */
  id: string
  /** Order among entries without n. */
  place: number
  /** [S2] Null until it is about to be transmitted. */
  n: number | null
  createdAt: string
  dependsOn: string[]
  operation: Operation
  /** pending → accepted (until its record is here) or refused (until the person decides). */
  state: 'pending' | 'accepted' | 'refused'
  /** When accepted. */
  accepted?: { stream: StreamId; rev: number; epoch: number; seq?: number }
  /** When refused. */
  error?: WireError
}

export interface LostInPage {
  upTo: number
  /** Ids of messages that are in the outbox again, or that this person has deleted. */
  givenUp: ReadonlySet<string>
}

export interface SyncStore {
  /** All stream states, read once at the start. */
  loadStreams(): Promise<StreamState[]>
  /**
   * Only after the records that it covers [S10]. Resolves when it is durable; of a `reads:` stream whose marks are still to be written,
   * at once, and it is stored with them.
   */
  saveStreams(states: readonly StreamState[]): Promise<void>
  /**
   * [S8] Stores each record unless the device holds one of the same key at (epoch, rev) or newer. Idempotent; resolves when durable.
   * Read marks may be gathered for a moment: they resolve before that, and no state of their stream is stored ahead of them [S10].
   * `stream` tells to which room a member record and to which user a membership belongs.
   */
  applyRecords(stream: StreamId, epoch: number, records: readonly StreamRecord[]): Promise<void>
  /**
   * [S8.1] Stores a page as `applyRecords` does and takes it for the whole truth about its seqs as of (epoch, its head): a held reaction to
   * one of them that it lacks, of a lower version, is gone. With `lost` also [S10.5] each held message of epoch `lost.upTo` or
   * an earlier one that it lacks in its seqs, or that lies above its headSeq: those named in `lost.givenUp`, system lines and tombstones
   * are gone, the others are marked as being only here, and stay at their seq beside what has it now. Idempotent; resolves when durable.
   */
  applyPage(stream: StreamId, epoch: number, page: Page, lost?: LostInPage): Promise<void>
  /**
   * [S10.5] What records or a page that a relay serves in `epoch` show to be lost of what is held of epoch `upTo` or an earlier one. Asked
   * before they are applied; changes nothing.
   */
  findLost(
    stream: StreamId,
    epoch: number,
    upTo: number,
    served: { records: readonly StreamRecord[]; page?: Page }
  ): Promise<Lost>
  /**
   * [S13] Makes a held message that was served before `epoch` a tombstone, at the version that is held; one that is only here goes. Resolves, when that
   * is durable, with whether it is held with its text as it was served in `epoch`: then it stays.
   * @param deletedAt ISO 8601; undefined where the relay may have the message: then it stays, unless it is only here
   */
  eraseMessage(roomId: string, messageId: string, epoch: number, deletedAt: string | undefined): Promise<boolean>
  /** What is held of a room and who is joined in it, to make it again [S10.5]; undefined if its record is not held. */
  heldRoom(roomId: string): Promise<{ room: RoomRecord; memberIds: string[] } | undefined>
  /** A message as it is held; undefined if it is not. */
  heldMessage(roomId: string, messageId: string): Promise<MessageRecord | undefined>

  /** Emits at once and after every change of the outbox, by whatever window. */
  watchOutbox(): Observable<readonly OutboxEntry[]>
  /** Numbered ones ascending by n, then the others by place. */
  loadOutbox(): Promise<OutboxEntry[]>
  /** The highest n whose answer is stored here, contiguously: what the next push settles [S2.2]. */
  loadAnswered(): Promise<number>
  /**
   * [S2] Gives the next numbers to the first pending entries without one, at most `limit`, in one transaction, and resolves with
   * all numbered pending entries, ascending. Entries that were cancelled meanwhile leave no gap.
   */
  numberPending(limit: number): Promise<OutboxEntry[]>
  /**
   * [S2] What this window appends, while nothing is pending, gets its number with its first write if `isDue` says that it would be pushed at once:
   * one write instead of two. `numberPending` decides all the same what may be transmitted. Until what is returned is called.
   */
  numberNew(isDue: (entry: OutboxEntry) => boolean): () => void
  /** Stores answers with their entries, then advances `answered`; resolves when durable. Repeats are harmless. */
  storeAnswers(epoch: number, answers: readonly Answer[]): Promise<void>
  /** Removes accepted entries whose record has arrived. */
  removeEntries(ids: readonly string[]): Promise<void>
  /**
   * [S10.5] Puts operations into the outbox, in this order, before what was not transmitted yet, each depending on the entries that it needs.
   * Leaves out what is in the outbox already with the same effect, in whatever state. Resolves when they are durable.
   */
  repeatOperations(operations: readonly Operation[]): Promise<void>
  /**
   * [S2.4, S10.3] Goes on counting from `answered`: pending entries lose their numbers and are numbered anew, in their order. Messages
   * and rooms accepted under a number above `answered` become pending again: the relay no longer knows of them, or, under a
   * new device's counter, takes the repetition of their ids for what it is. With `wentBack` everything accepted above it does.
   */
  restartCounter(answered: number, wentBack?: boolean): Promise<void>
}
