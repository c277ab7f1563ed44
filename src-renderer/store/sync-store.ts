// The port through which sync sees the device's store. Small, so that the simulation can put a deterministic one in its place.
import type { Observable } from 'rxjs'
import type { WireError } from '../../protocol/errors.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { StreamRecord } from '../../protocol/records.ts'
import type { Answer } from '../../protocol/socket.ts'
import type { StreamId } from '../../protocol/streams.ts'

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
}

/** An operation in the outbox. */
export interface OutboxEntry {
  /** The operation's id. */
  id: string
  /** Order among entries without n. */
  place: number
  /** [S2] Null until first transmission. */
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

export interface SyncStore {
  /** All stream states, read once at the start. */
  loadStreams(): Promise<StreamState[]>
  /** Resolves when it is durable. Only after the records that it covers are [S10]. */
  saveStreams(states: readonly StreamState[]): Promise<void>
  /**
   * [S8] Stores each record unless the device holds one of the same key at (epoch, rev) or newer. Idempotent; resolves when durable.
   * `stream` tells to which room a member record and to which user a membership belongs.
   */
  applyRecords(stream: StreamId, epoch: number, records: readonly StreamRecord[]): Promise<void>

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
  /** Stores answers with their entries, then advances `answered`; resolves when durable. Repeats are harmless. */
  storeAnswers(epoch: number, answers: readonly Answer[]): Promise<void>
  /** Removes accepted entries whose record has arrived. */
  removeEntries(ids: readonly string[]): Promise<void>
  /**
   * [S2.4, S10.3] Goes on counting from `answered`: pending entries lose their numbers and are numbered anew, in their order. Messages
   * and rooms accepted under a number above `answered` become pending again: the relay no longer knows of them, or, under a
   * new device's counter, takes the repetition of their ids for what it is.
   */
  restartCounter(answered: number): Promise<void>
}
