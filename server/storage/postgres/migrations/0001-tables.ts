// The first shape of the tables. A record is kept as the JSON that it travels as, word for word; what is looked up by stands beside it.
// Never changed once released: a later migration changes what this one made.

/** Tables, and `commit_changes`, which stores a whole group commit in one statement. */
export const tables = `
CREATE TABLE relay (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id text NOT NULL,
  epoch bigint NOT NULL,
  commits bigint NOT NULL
) WITH (fillfactor = 10);
COMMENT ON TABLE relay IS 'the identity of the relay; its last start; how many commits there were';

CREATE TABLE epochs (epoch bigint PRIMARY KEY, began_at timestamptz NOT NULL DEFAULT now());
COMMENT ON TABLE epochs IS 'every start of the relay [S10.1]';

CREATE TABLE streams (
  stream text COLLATE "C" PRIMARY KEY,
  head bigint NOT NULL,
  head_seq bigint NOT NULL,
  epoch bigint NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE streams IS 'the highest rev and seq of each stream, and the start in which it changed last';

CREATE TABLE begins (
  stream text COLLATE "C" NOT NULL,
  epoch bigint NOT NULL,
  head bigint NOT NULL,
  PRIMARY KEY (stream, epoch)
);
COMMENT ON TABLE begins IS 'the head at which an epoch began, of streams that changed in it [S10.1]';

CREATE TABLE records (
  stream text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  type text NOT NULL,
  rev bigint NOT NULL,
  size integer NOT NULL,
  record json NOT NULL,
  PRIMARY KEY (stream, key)
);
CREATE UNIQUE INDEX records_by_rev ON records (stream, rev);
COMMENT ON TABLE records IS 'users, memberships, rooms, members, reads: the latest version of each';

CREATE TABLE messages (
  room_id uuid NOT NULL,
  seq bigint NOT NULL,
  id uuid NOT NULL,
  rev bigint NOT NULL,
  moved boolean NOT NULL,
  size integer NOT NULL,
  record json NOT NULL,
  PRIMARY KEY (room_id, seq)
);
CREATE UNIQUE INDEX messages_by_id ON messages (room_id, id);
CREATE UNIQUE INDEX messages_in_order ON messages (room_id, rev) WHERE NOT moved;
CREATE UNIQUE INDEX messages_moved ON messages (room_id, rev) WHERE moved;
COMMENT ON COLUMN messages.moved IS 'changed since it was sent; among the others the order of rev is that of seq';

CREATE TABLE reactions (
  room_id uuid NOT NULL,
  message_id uuid NOT NULL,
  user_id uuid NOT NULL,
  emoji text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  rev bigint NOT NULL,
  is_set boolean NOT NULL,
  size integer NOT NULL,
  record json NOT NULL,
  PRIMARY KEY (room_id, message_id, user_id, emoji)
);
CREATE UNIQUE INDEX reactions_by_rev ON reactions (room_id, rev) INCLUDE (seq);
CREATE INDEX reactions_set ON reactions (room_id, seq) WHERE is_set;

CREATE TABLE accounts (
  user_id uuid PRIMARY KEY,
  username text COLLATE "C" NOT NULL UNIQUE,
  account json NOT NULL
);
CREATE TABLE devices (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL,
  token_hash text UNIQUE,
  device json NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX devices_by_user ON devices (user_id);
COMMENT ON COLUMN devices.device IS 'with the answers that it has not settled [S2.2]';
CREATE TABLE invites (code_hash text PRIMARY KEY, invite json NOT NULL);

CREATE FUNCTION commit_changes(
  in_epoch bigint, in_number bigint,
  streams_ text[], froms bigint[], throughs bigint[], head_seqs bigint[],
  record_streams text[], record_keys text[], record_types text[], record_revs bigint[], records_ json[],
  message_rooms uuid[], message_seqs bigint[], message_ids uuid[], message_revs bigint[], message_moved boolean[],
  messages_ json[],
  reaction_rooms uuid[], reaction_messages uuid[], reaction_users uuid[], reaction_emojis text[],
  reaction_seqs bigint[], reaction_revs bigint[], reaction_set boolean[], reactions_ json[],
  account_users uuid[], account_names text[], accounts_ json[],
  device_ids uuid[], device_users uuid[], device_tokens text[], devices_ json[],
  invite_codes text[], invites_ json[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE relay SET commits = in_number WHERE epoch = in_epoch AND commits = in_number - 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this relay is not the last one that wrote to the database' USING ERRCODE = 'MA001';
  END IF;

  -- The streams' rows, in the order in which everybody locks them. No rev and no seq is given twice or left out [S3, S4].
  PERFORM 1 FROM streams WHERE stream = ANY (streams_) ORDER BY stream FOR UPDATE;
  IF EXISTS (
    SELECT FROM unnest(streams_, froms) AS x (stream, head) LEFT JOIN streams AS s ON s.stream = x.stream
    WHERE coalesce(s.head, 0) <> x.head
  ) THEN
    RAISE EXCEPTION 'a stream has another head than this relay knows' USING ERRCODE = 'MA001';
  END IF;
  INSERT INTO begins
    SELECT x.stream, in_epoch, x.head
    FROM unnest(streams_, froms) AS x (stream, head) LEFT JOIN streams AS s ON s.stream = x.stream
    WHERE s.epoch IS DISTINCT FROM in_epoch;
  INSERT INTO streams
    SELECT stream, head, head_seq, in_epoch
    FROM unnest(streams_, throughs, head_seqs) AS x (stream, head, head_seq)
  ON CONFLICT (stream) DO UPDATE
    SET head = excluded.head, head_seq = excluded.head_seq, epoch = excluded.epoch;

  IF cardinality(records_) > 0 THEN
    INSERT INTO records
      SELECT stream, key, type, rev, octet_length(record::text), record
      FROM unnest(record_streams, record_keys, record_types, record_revs, records_) AS x (stream, key, type, rev, record)
    ON CONFLICT (stream, key) DO UPDATE
      SET type = excluded.type, rev = excluded.rev, size = excluded.size, record = excluded.record;
  END IF;
  IF cardinality(messages_) > 0 THEN
    INSERT INTO messages
      SELECT room_id, seq, id, rev, moved, octet_length(record::text), record
      FROM unnest(message_rooms, message_seqs, message_ids, message_revs, message_moved, messages_)
        AS x (room_id, seq, id, rev, moved, record)
    ON CONFLICT (room_id, seq) DO UPDATE
      SET rev = excluded.rev, moved = excluded.moved, size = excluded.size, record = excluded.record;
  END IF;
  IF cardinality(reactions_) > 0 THEN
    INSERT INTO reactions
      SELECT room_id, message_id, user_id, emoji, seq, rev, is_set, octet_length(record::text), record
      FROM unnest(reaction_rooms, reaction_messages, reaction_users, reaction_emojis,
                  reaction_seqs, reaction_revs, reaction_set, reactions_)
        AS x (room_id, message_id, user_id, emoji, seq, rev, is_set, record)
    ON CONFLICT (room_id, message_id, user_id, emoji) DO UPDATE
      SET seq = excluded.seq, rev = excluded.rev, is_set = excluded.is_set, size = excluded.size, record = excluded.record;
  END IF;
  IF cardinality(accounts_) > 0 THEN
    INSERT INTO accounts SELECT * FROM unnest(account_users, account_names, accounts_)
    ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, account = excluded.account;
  END IF;
  IF cardinality(devices_) > 0 THEN
    -- Locked in order, so that pushes of one device are one after the other wherever they come from [S2.6].
    PERFORM 1 FROM devices WHERE id = ANY (device_ids) ORDER BY id FOR UPDATE;
    INSERT INTO devices SELECT * FROM unnest(device_ids, device_users, device_tokens, devices_)
    ON CONFLICT (id) DO UPDATE
      SET user_id = excluded.user_id, token_hash = excluded.token_hash, device = excluded.device;
  END IF;
  IF cardinality(invites_) > 0 THEN
    INSERT INTO invites SELECT * FROM unnest(invite_codes, invites_)
    ON CONFLICT (code_hash) DO UPDATE SET invite = excluded.invite;
  END IF;
END
$$;
`
