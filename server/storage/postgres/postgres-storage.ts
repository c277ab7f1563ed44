// The PostgreSQL storage driver: one session that writes, others that read, hot rows in memory. The reasons: docs/decisions/0008-postgresql.md. Knows no
// rule about who may do what.
import type { Client } from 'pg'
import { ProtocolError } from '../../../protocol/errors.ts'
import type { MessageRecord } from '../../../protocol/records.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import type { Log } from '../../log.ts'
import { isEmpty, openDraft } from '../draft.ts'
import type { Staged } from '../draft.ts'
import type { Draft, Foreseen, Reader, Storage, StreamChange } from '../port.ts'
import type { Readers } from './connection.ts'
import { endsSession, isPassing, sqlState, SUPERSEDED, SupersededError, unavailable } from './errors.ts'
import { Memory } from './memory.ts'
import { DatabaseReader, messageKey } from './reader.ts'
import type { Refusals } from './refusals.ts'
import type { WriterSession } from './session.ts'
import { commitChanges, commitValues } from './staged.ts'

/** A commit whose answer was lost: the next session finds out what became of it. */
interface Doubt {
  number: number
  staged: Staged
  /** Set when its caller was told that the storage is away, and did not wait any longer. */
  late: boolean
  outcome?: 'stored' | 'not stored'
}

export interface StorageParts {
  relayId: string
  epoch: number
  epochs: ReadonlySet<number>
  /** How many commits the database has. */
  commits: number
  session: WriterSession
  readers: Readers
  refusals: Refusals
  /** See `Memory`. */
  kept: number
  log: Log
}

export class PostgresStorage extends DatabaseReader implements Storage {
  readonly relayId: string
  readonly epoch: number
  readonly #parts: StorageParts
  readonly #memory: Memory
  #commits: number
  #doubt: Doubt | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined
  #tellLate: (changes: StreamChange[]) => void = () => undefined

  constructor(parts: StorageParts) {
    const memory = new Memory(parts.kept)
    super(parts.readers, memory)
    this.#parts = parts
    this.#memory = memory
    this.#commits = parts.commits
    this.relayId = parts.relayId
    this.epoch = parts.epoch
  }

  // ── commits ──

  async commit<T>(
    streams: Iterable<StreamId>,
    work: (draft: Draft) => Promise<T>,
    foreseen?: Foreseen
  ): Promise<{ value: T; changes: StreamChange[] }> {
    const named = [...streams]
    if (this.#closing) throw new ProtocolError('relay-stopping', 'the relay is stopping')
    return this.#takeTurn(async () => {
      // What became of the commit before is known once there is a session: only then does memory say what is true.
      await this.#parts.session.client()
      const open = openDraft(await this.#readerOf(foreseen), named)
      const value = await work(open.draft).finally(() => open.finish())
      const staged = open.finish()
      if (!isEmpty(staged)) await this.#store(staged)
      return { value, changes: staged.changes }
    })
  }

  whenFoundStored(listener: (changes: StreamChange[]) => void): void {
    this.#tellLate = listener
  }

  get trouble(): string | undefined {
    return this.#parts.session.trouble ?? this.#parts.refusals.reason
  }

  watchTrouble(listener: () => void): () => void {
    const ends = [this.#parts.session.watch(listener), this.#parts.refusals.watch(listener)]
    return () => ends.forEach((end) => end())
  }

  #takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** This storage, with the messages that are going to be asked for read all at once. */
  async #readerOf(foreseen?: Foreseen): Promise<Reader> {
    const wanted = foreseen?.messages ?? []
    if (wanted.length === 0) return this
    const known = new Map<string, MessageRecord | undefined>()
    for (const { roomId, messageId } of wanted) known.set(messageKey(roomId, messageId), undefined)
    for (const message of await this.messages(wanted)) known.set(messageKey(message.roomId, message.id), message)
    return new DatabaseReader(this.#parts.readers, this.#memory, known)
  }

  /** [S1] The database first; memory, in one go, only when it has answered that it is stored. */
  async #store(staged: Staged): Promise<void> {
    const headSeqs = new Map<StreamId, number>()
    for (const { stream, from } of staged.changes)
      headSeqs.set(stream, from === 0 ? 0 : ((await this.stream(stream))?.headSeq ?? 0))
    const number = this.#commits + 1
    const headSeqOf = (stream: StreamId) => headSeqs.get(stream) ?? 0
    const values = commitValues(staged, { epoch: this.epoch, number, headSeqOf })
    for (;;) {
      const client = await this.#parts.session.client()
      if (await this.#tryStore(client, values, { number, staged, late: false })) return
    }
  }

  /** @returns false if nothing was stored because the session was lost, and there is a new one */
  async #tryStore(client: Client, values: unknown[], doubt: Doubt): Promise<boolean> {
    const { session, log } = this.#parts
    try {
      await client.query({ ...commitChanges, values })
    } catch (error) {
      if (!endsSession(error)) throw this.#refused(error, client)
      this.#doubt = doubt
      session.lost(client)
      try {
        await session.client()
      } catch (stillAway) {
        doubt.late = true
        log.warn('what became of a commit is not known until the database is back', { number: doubt.number })
        throw stillAway
      }
      return doubt.outcome === 'stored'
    }
    this.#parts.refusals.worked()
    this.#taken(doubt)
    return true
  }

  /** The server has rolled it back. */
  #refused(error: unknown, client: Client): unknown {
    const { session, refusals, log } = this.#parts
    if (sqlState(error) === SUPERSEDED) session.lost(client)
    else if (!isPassing(error)) return error
    else refusals.refused(error)
    log.error('a commit could not be stored', { error })
    return unavailable(error)
  }

  #taken({ number, staged }: Doubt): void {
    this.#commits = number
    this.#memory.take(staged, this.epoch)
  }

  /**
   * Called with a session that has the lock: nothing of a former one goes on at the server, so what it left is final.
   * @throws SupersededError if somebody else has written
   */
  async resume(client: Client): Promise<void> {
    const { rows } = await client.query<{ id: string; epoch: number; commits: number }>(
      'SELECT id, epoch, commits FROM relay'
    )
    const [found] = rows
    const doubt = this.#doubt
    const isOurs = found?.id === this.relayId && found.epoch === this.epoch
    if (isOurs && doubt && found.commits === doubt.number) {
      doubt.outcome = 'stored'
      this.#taken(doubt)
    } else if (isOurs && found.commits === this.#commits) {
      if (doubt) doubt.outcome = 'not stored'
    } else {
      throw new SupersededError('somebody else has written to the database, or it was replaced')
    }
    this.#doubt = undefined
    if (doubt?.outcome === 'stored' && doubt.late) {
      this.#parts.log.info('a commit of unknown outcome was stored', { number: doubt.number })
      if (doubt.staged.changes.length > 0) this.#tellLate(doubt.staged.changes)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#takeTurn(async () => {
      this.#parts.refusals.close()
      await this.#parts.session.close()
      await this.#parts.readers.close()
    })
    return this.#closing
  }

  /** [S10.2] */
  async wentBack(stream: StreamId, { epoch, rev }: { epoch: number; rev: number }): Promise<boolean> {
    if (epoch === 0 && rev === 0) return false
    if (!this.#parts.epochs.has(epoch)) return true
    const { head = 0, begins = [] } = (await this.stream(stream)) ?? {}
    const next = begins.find((begin) => begin.epoch > epoch)
    return rev > (next?.head ?? head)
  }
}
