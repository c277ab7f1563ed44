// The one session that writes: it holds the lock that says whose the database is, and is made again when it is lost. Knows no table and no commit.
import { Client } from 'pg'
import type { ClientConfig } from 'pg'
import type { Log } from '../../log.ts'
import type { Statement } from './connection.ts'
import { DatabaseInUseError, isPassing, SupersededError, unavailable, UnfitDatabaseError } from './errors.ts'

const RETRY_MS = { first: 50, most: 5_000 }
const LOCK_POLL_MS = 50
/** 'Maru'; the other half of the lock's key is the schema. */
const LOCK_KEY = 0x4d617275

const tryLock: Statement = {
  name: 'try_lock',
  text: `SELECT pg_try_advisory_lock(${LOCK_KEY}, hashtext(current_schema())) AS locked, pg_backend_pid() AS pid,
           (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS began`
}
/** A session of ours that we gave up may live on at the server: it is ended, and what it began with it. */
const endFormer: Statement = {
  name: 'end_former',
  text: 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2'
}

export interface SessionOptions {
  config: ClientConfig
  log: Log
  /** How long to wait, at the first time, for another relay to let go of the database. */
  lockPatienceMs: number
  /** How long a commit waits for a session that was just lost, before it is said that the storage is away. */
  lossPatienceMs: number
  /** 0 … 1, for the jitter of retries. */
  random?: () => number
  /**
   * Called with each new session that has the lock, before anybody else may use it.
   * @throws SupersededError if the database is another's now: then no more is tried
   */
  onLocked: (client: Client) => Promise<void>
}

type Former = { pid: number; began: string }

export class WriterSession {
  readonly #options: SessionOptions
  /** Pending while there is none. */
  #current: Promise<Client>
  #client: Client | undefined
  #former: Former | undefined
  #lostAtMs = 0
  /** Set once it was tried in vain to make another: most are made at once, and nobody has to hear of that. */
  #isAway = false
  #superseded: SupersededError | undefined
  readonly #ended = new AbortController()
  readonly #watchers = new Set<() => void>()

  private constructor(options: SessionOptions) {
    this.#options = options
    this.#current = Promise.resolve(this.#connect(options.lockPatienceMs))
  }

  /** @throws DatabaseInUseError, or what keeps it from connecting */
  static async open(options: SessionOptions): Promise<WriterSession> {
    const session = new WriterSession(options)
    await session.#current
    return session
  }

  /** Why nothing can be stored now. */
  get trouble(): string | undefined {
    if (this.#superseded) return this.#superseded.message
    return this.#isAway ? 'the database cannot be reached' : undefined
  }

  /** Calls `listener` whenever `trouble` changed. @returns ends that */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  /**
   * Waits a little for a session that was lost a moment ago, and not at all for one that has been away for longer.
   * @throws ProtocolError `storage-unavailable`
   */
  async client(): Promise<Client> {
    if (this.#client) return this.#client
    if (this.#superseded) throw unavailable(this.#superseded)
    return this.#soon(this.#current)
  }

  /** To be called by who sees that the session is not good any more; a new one is made. */
  lost(client: Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#lostAtMs = performance.now()
    destroy(client)
    if (this.#ended.signal.aborted) return
    this.#options.log.warn('the connection to the database was lost; making a new one')
    this.#current = this.#reconnect()
    this.#current.catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#ended.abort()
    const client = this.#client
    this.#client = undefined
    await client?.end().catch((error: unknown) => this.#options.log.debug('a session ended by itself', { error }))
  }

  /** As `promise`, but not later than what is left of the patience since the loss. */
  async #soon(promise: Promise<Client>): Promise<Client> {
    const leftMs = this.#lostAtMs + this.#options.lossPatienceMs - performance.now()
    if (leftMs <= 0) throw unavailable(new Error('the database has been away for longer'))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailable(new Error('the database does not come back soon'))), leftMs)
    })
    try {
      return await Promise.race([promise, late])
    } finally {
      clearTimeout(timer)
    }
  }

  async #reconnect(): Promise<Client> {
    const { log, random = Math.random } = this.#options
    for (let attempt = 0; ; attempt++) {
      try {
        const client = await this.#connect(RETRY_MS.most)
        log.info('the database is back', { awayMs: Math.round(performance.now() - this.#lostAtMs) })
        if (this.#isAway) {
          this.#isAway = false
          this.#tell()
        }
        return client
      } catch (error) {
        if (this.#ended.signal.aborted) throw unavailable(error)
        if (this.#superseded) {
          log.error('this relay stores nothing any more: another one has its database. Stop one of them', { error })
          this.#tell()
          throw unavailable(error)
        }
        if (!this.#isAway || !isPassing(error)) log.error('the database cannot be reached', { error })
        if (!this.#isAway) {
          this.#isAway = true
          this.#tell()
        }
      }
      const mostMs = Math.min(RETRY_MS.first * 2 ** attempt, RETRY_MS.most)
      await this.#pause(mostMs * (0.5 + random() / 2))
    }
  }

  async #connect(lockPatienceMs: number): Promise<Client> {
    const { config, onLocked } = this.#options
    const client = new Client(config)
    client.on('error', () => this.lost(client))
    client.on('end', () => this.lost(client))
    try {
      await client.connect()
      const former = this.#former
      const own = await this.#lock(client, former, lockPatienceMs)
      await onLocked(client)
      if (this.#ended.signal.aborted) throw new Error('the storage is closed')
      this.#former = own
      this.#client = client
      return client
    } catch (error) {
      destroy(client)
      if (error instanceof SupersededError) this.#superseded = error
      throw error
    }
  }

  async #lock(client: Client, former: Former | undefined, patienceMs: number): Promise<Former> {
    const giveUpAtMs = performance.now() + patienceMs
    for (;;) {
      const { rows } = await client.query<{ locked: boolean | null } & Former>(tryLock)
      const { locked, pid, began } = rows[0] ?? { locked: null, pid: 0, began: '' }
      if (locked === null) throw new UnfitDatabaseError('the schema that the tables belong into does not exist')
      if (locked) return { pid, began }
      if (former) await client.query({ ...endFormer, values: [former.pid, former.began] })
      if (performance.now() >= giveUpAtMs) throw new DatabaseInUseError('another relay runs on this database')
      await this.#pause(LOCK_POLL_MS)
    }
  }

  /** @throws if the session is closed meanwhile */
  #pause(ms: number): Promise<void> {
    const { signal } = this.#ended
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer)
        reject(unavailable(new Error('the storage is closed')))
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', end)
        resolve()
      }, ms)
      if (signal.aborted) end()
      else signal.addEventListener('abort', end, { once: true })
    })
  }

  #tell(): void {
    for (const listener of this.#watchers) listener()
  }
}

/** At once, whatever it is waiting for. */
function destroy(client: Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}
