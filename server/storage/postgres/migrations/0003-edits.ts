// The third shape of the tables: what messages said before they were edited [S13.1]. Never changed once released: a later migration changes
// what this one made.

/** Former texts, and `commit_changes` with them. */
export const edits = `
CREATE TABLE edits (
  room_id uuid NOT NULL,
  message_id uuid NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  body text NOT NULL,
  written_at text NOT NULL,
  PRIMARY KEY (room_id, message_id, number)
);
COMMENT ON TABLE edits IS 'former texts of messages, in the order of their numbers';

ALTER FUNCTION commit_changes RENAME TO commit_records;
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
  removed_accounts uuid[], removed_devices uuid[], removed_invites text[], removed_avatars uuid[],
  dropped_rooms uuid[], dropped_messages uuid[],
  edit_rooms uuid[], edit_messages uuid[], edit_bodies text[], edit_times text[], most_edits bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM commit_records(
    in_epoch, in_number, streams_, froms, throughs, head_seqs,
    record_streams, record_keys, record_types, record_revs, records_,
    message_rooms, message_seqs, message_ids, message_revs, message_moved, messages_,
    reaction_rooms, reaction_messages, reaction_users, reaction_emojis,
    reaction_seqs, reaction_revs, reaction_set, reactions_,
    account_users, account_names, accounts_,
    device_ids, device_users, device_tokens, devices_,
    invite_codes, invites_, avatar_owners, avatar_hashes, avatar_pngs,
    removed_accounts, removed_devices, removed_invites, removed_avatars
  );
  IF cardinality(dropped_messages) > 0 THEN
    DELETE FROM edits AS e USING unnest(dropped_rooms, dropped_messages) AS x (room_id, message_id)
    WHERE e.room_id = x.room_id AND e.message_id = x.message_id;
  END IF;
  IF cardinality(edit_messages) > 0 THEN
    INSERT INTO edits (room_id, message_id, body, written_at)
      SELECT room_id, message_id, body, written_at
      FROM unnest(edit_rooms, edit_messages, edit_bodies, edit_times) WITH ORDINALITY
        AS x (room_id, message_id, body, written_at, place)
      ORDER BY place;
    DELETE FROM edits AS e
      USING (SELECT DISTINCT room_id, message_id FROM unnest(edit_rooms, edit_messages) AS u (room_id, message_id)) AS x
      WHERE e.room_id = x.room_id AND e.message_id = x.message_id AND e.number <= (
        SELECT number FROM edits AS kept WHERE kept.room_id = x.room_id AND kept.message_id = x.message_id
        ORDER BY number DESC OFFSET most_edits LIMIT 1
      );
  END IF;
END
$$;
`
