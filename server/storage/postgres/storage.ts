// Opens a database: a session that has it alone, its tables, a new epoch [S10.1]. Says what it cannot work with, and changes nothing then.
import { randomInt, randomUUID } from 'node:crypto'
import type { Client } from 'pg'
import { silentLog } from '../../log.ts'
import { epochAt, EPOCHS_PER_MS } from '../epochs.ts'
import type { Log } from '../../log.ts'
import { clientConfig, Readers } from './connection.ts'
import { UnfitDatabaseError } from './errors.ts'
import { migrate } from './migrations.ts'
import { PostgresStorage } from './postgres-storage.ts'
import { Refusals } from './refusals.ts'
import { WriterSession } from './session.ts'

export interface PostgresOptions {
  /** `postgres://…`, as `readConfig` has checked it. */
  url: string
  /** Milliseconds since 1970. */
  now?: () => number
  log?: Log
  /** How long to wait for another relay to let go of the database: one that was killed holds it for another moment. */
  lockPatienceMs?: number
  /** How long a commit waits for a connection that was lost to be made again. */
  lossPatienceMs?: number
  /** How many records and streams stay in memory. */
  kept?: number
}

const LOCK_PATIENCE_MS = 5_000
const LOSS_PATIENCE_MS = 4_000
const KEPT = 20_000
const OLDEST_VERSION = 130_000

interface Start {
  relayId: string
  epoch: number
  epochs: ReadonlySet<number>
  commits: number
}

/**
 * Opens the relay's data in a database; the tables are made if need be.
 * @throws DatabaseInUseError if another relay has it, UnfitDatabaseError if it is not one for this relay, and what the driver throws
 * if it cannot be reached
 */
export async function openPostgresStorage(options: PostgresOptions): Promise<PostgresStorage> {
  const { url, now = Date.now, log = silentLog, lockPatienceMs = LOCK_PATIENCE_MS } = options
  const { lossPatienceMs = LOSS_PATIENCE_MS, kept = KEPT } = options
  const config = clientConfig(url)
  let start: Start | undefined
  let storage: PostgresStorage | undefined
  const session = await WriterSession.open({
    config,
    log,
    lockPatienceMs,
    lossPatienceMs,
    onLocked: async (client) => {
      if (storage) return storage.resume(client)
      start = await begin(client, now())
    }
  })
  if (!start) throw new Error('a session without a start')
  storage = new PostgresStorage({
    ...start,
    session,
    readers: new Readers(config, log),
    refusals: new Refusals(),
    kept,
    log
  })
  return storage
}

async function begin(client: Client, now: number): Promise<Start> {
  await checkServer(client)
  await migrate(client)
  await client.query('INSERT INTO relay (id, epoch, commits) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING', [randomUUID()])
  // A higher number than all before, whatever the clock says. In one statement: on the disk as a whole before anything is served.
  await client.query(
    `WITH latest AS (SELECT coalesce(max(epoch), 0) AS epoch FROM epochs),
     next AS (INSERT INTO epochs (epoch) SELECT greatest(epoch, $1::bigint) + $2::bigint FROM latest RETURNING epoch)
     UPDATE relay SET epoch = next.epoch FROM next`,
    [epochAt(now), 1 + randomInt(EPOCHS_PER_MS)]
  )
  const relay = await client.query<{ id: string; epoch: number; commits: number }>(
    'SELECT id, epoch, commits FROM relay'
  )
  const epochs = await client.query<{ epoch: number }>('SELECT epoch FROM epochs')
  const [row] = relay.rows
  if (!row) throw new Error('the table relay has one row')
  const { id: relayId, epoch, commits } = row
  return { relayId, epoch, commits, epochs: new Set(epochs.rows.map((each) => each.epoch)) }
}

async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding`
  )
  const { version = 0, encoding = '' } = rows[0] ?? {}
  if (version < OLDEST_VERSION)
    throw new UnfitDatabaseError(`the server is PostgreSQL ${Math.floor(version / 10_000)}; 13 or newer is needed`)
  if (encoding !== 'UTF8')
    throw new UnfitDatabaseError(`the database has the encoding ${encoding}; make it with ENCODING 'UTF8'`)
}
