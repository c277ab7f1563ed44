// Checks the relay's data in a database, as of one moment, also while the relay runs: hands the records to the verification, one room and
// one page at a time, and checks that what stands beside a record is what is in it. Changes nothing.
import { Client } from 'pg'
import type { QueryResultRow } from 'pg'
import type {
  BlockRecord,
  MemberRecord,
  MembershipRecord,
  MessageRecord,
  PreferencesRecord
} from '../../../protocol/records.ts'
import type { ReactionRecord, ReadRecord, RoomRecord, UserRecord } from '../../../protocol/records.ts'
import type { FormerText } from '../../../protocol/rest.ts'
import { grouped } from '../../grouped.ts'
import { inviteOf } from '../older-invites.ts'
import type { WrittenInvite } from '../older-invites.ts'
import type { Account, Device } from '../port.ts'
import type { Counts, Finding, Report } from '../verified-facts.ts'
import { Verification } from '../verification.ts'
import { clientConfig } from './connection.ts'
import { UnfitDatabaseError } from './errors.ts'

export interface VerifyDatabaseOptions {
  url: string
  report: Report
  progress?: (so: { rooms: number; ofRooms: number }) => void
}

const PAGE = 500

/** Columns that repeat what is in the record, and where they do not. */
const MIRRORS: readonly (readonly [table: string, wrong: string])[] = [
  [
    'records',
    `(record->>'rev')::bigint <> rev OR record->>'type' <> type OR octet_length(record::text) <> size
     OR key <> CASE type WHEN 'preferences' THEN type ELSE type || ':' || coalesce(CASE type WHEN 'membership' THEN record->>'roomId'
       WHEN 'member' THEN record->>'userId' WHEN 'read' THEN record->>'userId' WHEN 'block' THEN record->>'userId'
       ELSE record->>'id' END, '') END`
  ],
  [
    'messages',
    `(record->>'rev')::bigint <> rev OR (record->>'seq')::bigint <> seq OR (record->>'id')::uuid <> id
     OR (record->>'roomId')::uuid <> room_id OR octet_length(record::text) <> size`
  ],
  [
    'reactions',
    `(record->>'rev')::bigint <> rev OR (record->>'seq')::bigint <> seq OR (record->>'messageId')::uuid <> message_id
     OR (record->>'userId')::uuid <> user_id OR record->>'emoji' <> emoji OR (record->>'set')::boolean <> is_set
     OR octet_length(record::text) <> size`
  ],
  ['accounts', `account->>'username' <> username OR (account->>'userId')::uuid <> user_id`],
  [
    'devices',
    `(device->>'id')::uuid <> id OR (device->>'userId')::uuid <> user_id OR device->>'tokenHash' IS DISTINCT FROM token_hash`
  ],
  ['invites', `invite->>'codeHash' <> code_hash`]
]

/** @returns the counts, and how many findings. @throws UnfitDatabaseError if there is no relay's data */
export async function verifyDatabase(options: VerifyDatabaseOptions): Promise<{ counts: Counts; findings: number }> {
  let findings = 0
  const report = (finding: Finding) => {
    findings += 1
    options.report(finding)
  }
  // A whole table is read here, in its own time.
  const client = new Client({ ...clientConfig(options.url), query_timeout: 0 })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query('SET LOCAL enable_seqscan = on')
    const reading = new Reading(client)
    const [found] = await reading.rows<{ there: boolean }>(`SELECT to_regclass('relay') IS NOT NULL AS there`)
    if (!found?.there) throw new UnfitDatabaseError('there is no data of a relay in it')
    await checkColumns(reading, report)
    await checkOrder(reading, report)
    await checkEpochs(reading, report)
    const verification = new Verification(report)
    await handUsers(reading, verification)
    await handRooms(reading, verification, options.progress ?? (() => undefined))
    await handAvatars(reading, verification)
    verification.end()
    return { counts: verification.counts, findings }
  } finally {
    await client.end()
  }
}

class Reading {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  async rows<R extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<R[]> {
    return (await this.#client.query<R>(sql, values)).rows
  }

  /** The records of a stream that are in the table of that name. */
  async records<R>(stream: string, type: string): Promise<R[]> {
    const sql = 'SELECT record FROM records WHERE stream = $1 AND type = $2 ORDER BY key'
    return (await this.rows<{ record: R }>(sql, [stream, type])).map(({ record }) => record)
  }

  async head(stream: string): Promise<{ head: number; headSeq: number }> {
    const [row] = await this.rows<{ head: number; head_seq: number }>(
      'SELECT head, head_seq FROM streams WHERE stream = $1',
      [stream]
    )
    return { head: row?.head ?? 0, headSeq: row?.head_seq ?? 0 }
  }
}

async function checkColumns(reading: Reading, report: Report): Promise<void> {
  for (const [table, wrong] of MIRRORS) {
    const [row] = await reading.rows<{ count: number }>(`SELECT count(*) AS count FROM ${table} WHERE ${wrong}`)
    const count = row?.count ?? 0
    if (count > 0)
      report({ where: table, what: 'rows whose columns are not as their record', expected: '0', found: `${count}` })
  }
}

/** [S7] What is read as unchanged since it was sent has its revs in the order of its seqs. */
async function checkOrder(reading: Reading, report: Report): Promise<void> {
  const wrong = await reading.rows<{ room_id: string; seq: number }>(
    `SELECT room_id, seq FROM (
       SELECT room_id, seq, rev, lag(rev) OVER (PARTITION BY room_id ORDER BY seq) AS before FROM messages WHERE NOT moved
     ) AS x
     WHERE before >= rev LIMIT 100`
  )
  for (const { room_id: room, seq } of wrong) {
    report({
      where: `messages of ${room}`,
      what: `seq ${seq} is marked as unchanged, and has a rev below one before it`
    })
  }
}

/** [S10.1] */
async function checkEpochs(reading: Reading, report: Report): Promise<void> {
  const [relay] = await reading.rows<{ epoch: number; latest: number }>(
    'SELECT epoch, (SELECT coalesce(max(epoch), 0) FROM epochs) AS latest FROM relay'
  )
  if (!relay) return report({ where: 'relay', what: 'has no row' })
  if (relay.epoch !== relay.latest) {
    report({ where: 'relay', what: '[S10.1] epoch', expected: `${relay.latest}`, found: `${relay.epoch}` })
  }
  const wrong = await reading.rows<{ stream: string; epoch: number; head: number }>(
    `SELECT stream, epoch, head FROM (
       SELECT b.stream, b.epoch, b.head, s.head AS last, lag(b.head) OVER (PARTITION BY b.stream ORDER BY b.epoch) AS before
       FROM begins AS b LEFT JOIN streams AS s ON s.stream = b.stream
     ) AS x
     WHERE before > head OR head > coalesce(last, 0) OR NOT EXISTS (SELECT FROM epochs AS e WHERE e.epoch = x.epoch)`
  )
  for (const { stream, epoch, head } of wrong) {
    const found = `epoch ${epoch} at ${head}`
    report({
      where: `begins of ${stream}`,
      what: '[S10.1] where an epoch began',
      expected: 'a known one at a head that does not fall',
      found
    })
  }
}

async function handUsers(reading: Reading, verification: Verification): Promise<void> {
  const ids = await reading.rows<{ id: string }>(
    `SELECT substr(key, 6) AS id FROM records WHERE stream = 'users' UNION SELECT user_id::text FROM accounts
     UNION SELECT user_id::text FROM devices UNION SELECT substr(stream, 6) FROM streams WHERE stream LIKE 'user:%' ORDER BY 1`
  )
  for (const { id } of ids) {
    const users = await reading.rows<{ record: UserRecord }>(
      `SELECT record FROM records WHERE stream = 'users' AND key = 'user:' || $1`,
      [id]
    )
    const accounts = await reading.rows<{ account: Account }>('SELECT account FROM accounts WHERE user_id = $1', [id])
    const devices = await reading.rows<{ device: Device }>(
      'SELECT device FROM devices WHERE user_id = $1 ORDER BY id',
      [id]
    )
    verification.user(`user ${id}`, {
      id,
      user: users[0]?.record ?? null,
      account: accounts[0]?.account ?? null,
      head: (await reading.head(`user:${id}`)).head,
      devices: devices.map(({ device }) => device),
      memberships: await reading.records<MembershipRecord>(`user:${id}`, 'membership'),
      blocks: await reading.records<BlockRecord>(`user:${id}`, 'block'),
      preferences: (await reading.records<PreferencesRecord>(`user:${id}`, 'preferences'))[0]
    })
  }
  const invites = await reading.rows<{ invite: WrittenInvite }>('SELECT invite FROM invites')
  verification.invites(
    'invites',
    invites.map(({ invite }) => inviteOf(invite))
  )
}

async function handRooms(
  reading: Reading,
  verification: Verification,
  progress: (so: { rooms: number; ofRooms: number }) => void
): Promise<void> {
  const rooms = await reading.rows<{ id: string }>(
    `SELECT substr(stream, 6) AS id FROM streams WHERE stream LIKE 'room:%'
     UNION SELECT room_id::text FROM messages UNION SELECT substr(stream, 6) FROM records WHERE stream LIKE 'room:%' ORDER BY 1`
  )
  // Tables that no relay of this version has opened yet have none.
  const [found] = await reading.rows<{ there: boolean }>(`SELECT to_regclass('edits') IS NOT NULL AS there`)
  const hasEdits = found?.there === true
  for (const [index, { id }] of rooms.entries()) {
    progress({ rooms: index, ofRooms: rooms.length })
    const room = (await reading.records<RoomRecord>(`room:${id}`, 'room'))[0] ?? null
    const members = await reading.records<MemberRecord>(`room:${id}`, 'member')
    const reads = await reading.records<ReadRecord>(`reads:${id}`, 'read')
    const readsHead = (await reading.head(`reads:${id}`)).head
    const heads = await reading.head(`room:${id}`)
    const where = `room ${id}`
    const inRoom = verification.room(where, { id, room, ...heads, members, readsHead, reads }, `reads of ${where}`)
    for (let after = 0; ;) {
      const rows = await reading.rows<{ seq: number; record: MessageRecord }>(
        'SELECT seq, record FROM messages WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
        [id, after, PAGE]
      )
      const last = rows.at(-1)?.seq ?? Number.MAX_SAFE_INTEGER
      const reactions = await reading.rows<{ record: ReactionRecord }>(
        'SELECT record FROM reactions WHERE room_id = $1 AND seq > $2 AND seq <= $3',
        [id, after, last]
      )
      inRoom.messages(
        where,
        rows.map(({ record }) => record),
        reactions.map(({ record }) => record)
      )
      const messages = rows.map(({ record }) => record)
      if (hasEdits) inRoom.edits(where, messages, await editsOf(reading, id, messages))
      if (rows.length === 0) break
      after = last
    }
    inRoom.end()
  }
}

/** [S13.1] The former texts of these messages. */
async function editsOf(
  reading: Reading,
  roomId: string,
  messages: readonly MessageRecord[]
): Promise<{ messageId: string; texts: FormerText[] }[]> {
  const rows = await reading.rows<{ id: string; body: string; writtenAt: string }>(
    `SELECT message_id::text AS id, body, written_at AS "writtenAt" FROM edits
     WHERE room_id = $1 AND message_id = ANY ($2::uuid[]) ORDER BY number`,
    [roomId, messages.map(({ id }) => id)]
  )
  return [...grouped(rows, ({ id }) => id)].map(([messageId, texts]) => ({ messageId, texts }))
}

/** One at a time: a relay may have thousands. */
async function handAvatars(reading: Reading, verification: Verification): Promise<void> {
  // Tables that no relay of this version has opened yet have none.
  const [found] = await reading.rows<{ there: boolean }>(`SELECT to_regclass('avatars') IS NOT NULL AS there`)
  if (!found?.there) return
  const owners = await reading.rows<{ id: string }>('SELECT owner_id::text AS id FROM avatars ORDER BY 1')
  for (const { id } of owners) {
    const [avatar] = await reading.rows<{ hash: string; png: Buffer }>(
      'SELECT hash, png FROM avatars WHERE owner_id = $1',
      [id]
    )
    verification.avatar('avatars', id, avatar)
  }
}
