// The second shape of the tables: pictures, rooms by kind, what a commit takes away, and invites with all that is known of them. Never changed once
// released: a later migration changes what this one made.

/** Pictures, an index of rooms by kind, and `commit_changes` with what a commit takes away. */
export const people = `
CREATE TABLE avatars (
  owner_id uuid PRIMARY KEY,
  hash text NOT NULL,
  png bytea NOT NULL
);
COMMENT ON TABLE avatars IS 'pictures of users and rooms, as the relay encoded them';

CREATE INDEX rooms_by_kind ON records ((record->>'kind'), stream) WHERE type = 'room';

-- Their ids are made of the hash; nobody knows how many uses they had at first.
UPDATE invites SET invite = (
  jsonb_build_object(
    'id', substr(code_hash, 1, 8) || '-' || substr(code_hash, 9, 4) || '-8' || substr(code_hash, 14, 3) || '-8' ||
          substr(code_hash, 18, 3) || '-' || substr(code_hash, 21, 12),
    'uses', invite->'usesLeft', 'roomIds', '[]'::jsonb
  ) || invite::jsonb
)::json;

DROP FUNCTION commit_changes;
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
  invite_codes text[], invites_ json[],
  avatar_owners uuid[], avatar_hashes text[], avatar_pngs bytea[],
  removed_accounts uuid[], removed_devices uuid[], removed_invites text[], removed_avatars uuid[]
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

  -- What is taken away comes first: a name that is freed may be taken in the same commit.
  IF cardinality(removed_accounts) > 0 THEN
    DELETE FROM accounts WHERE user_id = ANY (removed_accounts);
  END IF;
  IF cardinality(accounts_) > 0 THEN
    INSERT INTO accounts SELECT * FROM unnest(account_users, account_names, accounts_)
    ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, account = excluded.account;
  END IF;
  IF cardinality(removed_devices) > 0 THEN
    DELETE FROM devices WHERE id = ANY (removed_devices);
  END IF;
  IF cardinality(devices_) > 0 THEN
    -- Locked in order, so that pushes of one device are one after the other wherever they come from [S2.6].
    PERFORM 1 FROM devices WHERE id = ANY (device_ids) ORDER BY id FOR UPDATE;
    INSERT INTO devices SELECT * FROM unnest(device_ids, device_users, device_tokens, devices_)
    ON CONFLICT (id) DO UPDATE
      SET user_id = excluded.user_id, token_hash = excluded.token_hash, device = excluded.device;
  END IF;
  IF cardinality(removed_invites) > 0 THEN
    DELETE FROM invites WHERE code_hash = ANY (removed_invites);
  END IF;
  IF cardinality(invites_) > 0 THEN
    INSERT INTO invites SELECT * FROM unnest(invite_codes, invites_)
    ON CONFLICT (code_hash) DO UPDATE SET invite = excluded.invite;
  END IF;
  IF cardinality(removed_avatars) > 0 THEN
    DELETE FROM avatars WHERE owner_id = ANY (removed_avatars);
  END IF;
  IF cardinality(avatar_pngs) > 0 THEN
    INSERT INTO avatars SELECT * FROM unnest(avatar_owners, avatar_hashes, avatar_pngs)
    ON CONFLICT (owner_id) DO UPDATE SET hash = excluded.hash, png = excluded.png;
  END IF;
END
$$;
`
