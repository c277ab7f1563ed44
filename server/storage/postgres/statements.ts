// Every statement that reads, each by an index and bounded by its answer [S16]. Knows the tables; runs nothing.
import type { Statement } from './connection.ts'

const select = (name: string, text: string): Statement => ({ name, text })

export const streamState = select(
  'stream_state',
  `SELECT head, head_seq,
     (SELECT json_agg(json_build_object('epoch', b.epoch, 'head', b.head) ORDER BY b.epoch)
      FROM begins AS b WHERE b.stream = s.stream) AS begins
   FROM streams AS s WHERE stream = $1`
)
export const record = select('record', 'SELECT record FROM records WHERE stream = $1 AND key = $2')
export const recordsOfType = select(
  'records_of_type',
  'SELECT record FROM records WHERE stream = $1 AND type = $2 ORDER BY key'
)
export const joinedCount = select(
  'joined_count',
  `SELECT count(*) AS joined FROM records WHERE stream = $1 AND type = 'member' AND record->>'state' = 'joined'`
)
export const accountByName = select('account_by_name', 'SELECT account FROM accounts WHERE username = $1')
export const accountOf = select('account_of', 'SELECT account FROM accounts WHERE user_id = $1')
export const device = select('device', 'SELECT device FROM devices WHERE id = $1')
export const deviceByToken = select('device_by_token', 'SELECT device FROM devices WHERE token_hash = $1')
export const devicesOf = select('devices_of', 'SELECT device FROM devices WHERE user_id = $1 ORDER BY id')
export const invite = select('invite', 'SELECT invite FROM invites WHERE code_hash = $1')
export const invites = select('invites', 'SELECT invite FROM invites')
export const avatar = select('avatar', 'SELECT hash, png FROM avatars WHERE owner_id = $1')
/** $1 stream. */
export const blockCount = select(
  'block_count',
  `SELECT count(*) AS blocks FROM records
   WHERE stream = $1 AND key >= 'block:' AND key < 'block;' AND record->>'set' = 'true'`
)
/** Each kind by itself, so that each is read in the order of its index. $1 kinds, each once; $2 above this stream; $3 limit. */
export const rooms = select(
  'rooms',
  `SELECT found.record FROM unnest($1::text[]) AS k (kind), LATERAL (
     SELECT stream, record FROM records
     WHERE type = 'room' AND record->>'kind' = k.kind AND stream > $2 ORDER BY stream LIMIT $3::bigint
   ) AS found ORDER BY found.stream LIMIT $3::bigint`
)
export const usage = select(
  'usage',
  `SELECT pg_database_size(current_database()) AS bytes, (SELECT count(*) FROM accounts) AS users,
     (SELECT count(*) FROM records WHERE type = 'room' AND record->>'kind' IN ('group', 'open')) AS rooms`
)
export const message = select('message', 'SELECT record FROM messages WHERE room_id = $1 AND id = $2')
/** $1, $2: rooms and ids, side by side. */
export const messages = select(
  'messages',
  `SELECT m.record FROM unnest($1::uuid[], $2::uuid[]) AS x (room_id, id)
   JOIN messages AS m ON m.room_id = x.room_id AND m.id = x.id`
)
export const reactionsBy = select(
  'reactions_by',
  'SELECT record FROM reactions WHERE room_id = $1 AND message_id = $2 AND user_id = $3'
)
export const edits = select(
  'edits',
  'SELECT body, written_at FROM edits WHERE room_id = $1 AND message_id = $2 ORDER BY number'
)

/**
 * One snapshot: first the stream's row (kind 0: `place` is its head, `seq` its head_seq), then messages ascending (kind 1), then reactions that are set on
 * them (kind 2). $1 room, $2 its stream, $3 before, $4 after, $5 limit, $6 bytes.
 */
export const page = select(
  'page',
  `WITH chosen AS MATERIALIZED (
     SELECT seq, record FROM (
       SELECT seq, record, sum(size) OVER newest_first AS total, row_number() OVER newest_first AS place
       FROM (
         SELECT seq, size, record FROM messages
         WHERE room_id = $1 AND seq < $3 AND seq > $4 ORDER BY seq DESC LIMIT $5
       ) AS newest
       WINDOW newest_first AS (ORDER BY seq DESC)
     ) AS sized
     WHERE total <= $6 OR place = 1
   )
   SELECT 0 AS kind, head AS place, head_seq AS seq, NULL::json AS record FROM streams WHERE stream = $2
   UNION ALL
   SELECT 1, seq, seq, record FROM chosen
   UNION ALL
   SELECT 2, rev, seq, record FROM reactions
   WHERE room_id = $1 AND is_set AND seq >= (SELECT min(seq) FROM chosen) AND seq <= (SELECT max(seq) FROM chosen)
   ORDER BY 1, 2`
)

/** Cuts `candidates` (rev, size, record) down to an answer; every row also has the head and how many candidates there were. */
const cut = (candidates: string, { limit, bytes }: { limit: string; bytes: string }): string => `
  WITH first AS (SELECT rev, size, record FROM (${candidates}) AS candidates ORDER BY rev LIMIT ${limit}::bigint + 1),
  sized AS (
    SELECT rev, record, count(*) OVER () AS found,
      sum(size) OVER (ORDER BY rev) AS total, row_number() OVER (ORDER BY rev) AS place
    FROM first
  )
  SELECT (SELECT head FROM streams WHERE stream = $1) AS head, found, record
  FROM (SELECT 1) AS one LEFT JOIN sized ON place <= ${limit}::bigint AND (total <= ${bytes}::bigint OR place = 1)
  ORDER BY place`

/** [S7] $1 stream, $2 since, $3 types or null, $4 limit, $5 bytes. */
export const changes = select(
  'changes',
  cut(
    `SELECT rev, size, record FROM records
     WHERE stream = $1 AND rev > $2 AND ($3::text[] IS NULL OR type = ANY ($3)) ORDER BY rev LIMIT $4::bigint + 1`,
    { limit: '$4', bytes: '$5' }
  )
)

/**
 * [S7] For a room: $6 its id, $7 the lowest seq that is left out below, $8 the highest seq that is not left out. Messages that did not change since they were
 * sent are in the same order by rev and by seq, so that bounds of seq become bounds of rev, and nothing is read to be left out.
 */
export const roomChanges = select(
  'room_changes',
  cut(
    `(SELECT rev, size, record FROM records
      WHERE stream = $1 AND rev > $2 AND ($3::text[] IS NULL OR type = ANY ($3)) ORDER BY rev LIMIT $4::bigint + 1)
     UNION ALL
     (SELECT rev, size, record FROM messages
      WHERE room_id = $6 AND NOT moved AND ($3::text[] IS NULL OR 'message' = ANY ($3))
        AND rev > greatest($2::bigint, (
          SELECT rev FROM messages WHERE room_id = $6 AND NOT moved AND seq <= $7 ORDER BY seq DESC LIMIT 1))
        AND rev <= (SELECT rev FROM messages WHERE room_id = $6 AND NOT moved AND seq <= $8 ORDER BY seq DESC LIMIT 1)
      ORDER BY rev LIMIT $4::bigint + 1)
     UNION ALL
     (SELECT rev, size, record FROM messages
      WHERE room_id = $6 AND moved AND rev > $2 AND seq > $7 AND seq <= $8
        AND ($3::text[] IS NULL OR 'message' = ANY ($3))
      ORDER BY rev LIMIT $4::bigint + 1)
     UNION ALL
     (SELECT rev, size, record FROM reactions
      WHERE room_id = $6 AND rev > $2 AND seq > $7 AND seq <= $8
        AND ($3::text[] IS NULL OR 'reaction' = ANY ($3))
      ORDER BY rev LIMIT $4::bigint + 1)`,
    { limit: '$4', bytes: '$5' }
  )
)
