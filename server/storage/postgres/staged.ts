// A commit as the arguments of `commit_changes`: one statement, one round trip, one flush [S15]. Runs nothing.
import { MAX_KEPT_EDITS } from '../../../protocol/limits.ts'
import { recordKey } from '../../../protocol/records.ts'
import type { MessageRecord, ReactionRecord, StreamRecord } from '../../../protocol/records.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import type { Staged } from '../draft.ts'
import { byCodeUnits } from '../draft.ts'
import type { Statement } from './connection.ts'

const PARAMETERS = 48

/** In autocommit: it is a transaction by itself. */
export const commitChanges: Statement = {
  name: 'commit_changes',
  text: `SELECT commit_changes(${Array.from({ length: PARAMETERS }, (_, at) => `$${at + 1}`).join(', ')})`
}

/** @param headSeqOf the highest seq of a stream before this commit */
export function commitValues(
  staged: Staged,
  { epoch, number, headSeqOf }: { epoch: number; number: number; headSeqOf: (stream: StreamId) => number }
): unknown[] {
  const changes = staged.changes.toSorted((a, b) => byCodeUnits(a.stream, b.stream))
  const records: { stream: StreamId; record: StreamRecord }[] = []
  const messages: { record: MessageRecord; moved: boolean }[] = []
  const reactions: ReactionRecord[] = []
  const headSeqs: number[] = []
  for (const { stream, records: changed } of changes) {
    const headSeq = headSeqOf(stream)
    const own: MessageRecord[] = []
    for (const record of changed) {
      if (record.type === 'message') own.push(record)
      else if (record.type === 'reaction') reactions.push(record)
      else records.push({ stream, record })
    }
    messages.push(...withMoved(own, headSeq))
    headSeqs.push(own.reduce((highest, { seq }) => Math.max(highest, seq), headSeq))
  }
  const { accounts, devices, invites, removed } = staged
  const avatars = staged.avatars.flatMap(({ avatar }) => avatar ?? [])
  const dropped = staged.edits.filter((one) => one.dropped)
  const kept = staged.edits.flatMap(({ roomId, messageId, kept: texts }) =>
    texts.map((text) => ({ roomId, messageId, ...text }))
  )
  const withoutAvatar = staged.avatars.filter(({ avatar }) => !avatar)
  return [
    epoch,
    number,
    changes.map(({ stream }) => stream),
    changes.map(({ from }) => from),
    changes.map(({ through }) => through),
    headSeqs,
    records.map(({ stream }) => stream),
    records.map(({ record }) => recordKey(record)),
    records.map(({ record }) => record.type),
    records.map(({ record }) => record.rev),
    records.map(({ record }) => JSON.stringify(record)),
    messages.map(({ record }) => record.roomId),
    messages.map(({ record }) => record.seq),
    messages.map(({ record }) => record.id),
    messages.map(({ record }) => record.rev),
    messages.map(({ moved }) => moved),
    messages.map(({ record }) => JSON.stringify(record)),
    reactions.map(({ roomId }) => roomId),
    reactions.map(({ messageId }) => messageId),
    reactions.map(({ userId }) => userId),
    reactions.map(({ emoji }) => emoji),
    reactions.map(({ seq }) => seq),
    reactions.map(({ rev }) => rev),
    reactions.map(({ set }) => set),
    reactions.map((reaction) => JSON.stringify(reaction)),
    accounts.map(({ userId }) => userId),
    accounts.map(({ username }) => username),
    accounts.map((account) => JSON.stringify(account)),
    devices.map(({ id }) => id),
    devices.map(({ userId }) => userId),
    devices.map(({ tokenHash }) => tokenHash),
    devices.map((device) => JSON.stringify(device)),
    invites.map(({ codeHash }) => codeHash),
    invites.map((invite) => JSON.stringify(invite)),
    avatars.map(({ ownerId }) => ownerId),
    avatars.map(({ hash }) => hash),
    avatars.map(({ png }) => png),
    // Those that are put too, to be written anew: names may pass from one to another in a commit.
    [...removed.accounts, ...accounts.map(({ userId }) => userId)],
    removed.devices,
    removed.invites,
    withoutAvatar.map(({ ownerId }) => ownerId),
    dropped.map(({ roomId }) => roomId),
    dropped.map(({ messageId }) => messageId),
    kept.map(({ roomId }) => roomId),
    kept.map(({ messageId }) => messageId),
    kept.map(({ body }) => body),
    kept.map(({ writtenAt }) => writtenAt),
    MAX_KEPT_EDITS
  ]
}

/** A message has moved if its rev is not where its seq would have it: it is older than this commit, or changed again in it. */
function withMoved(records: MessageRecord[], headSeq: number): { record: MessageRecord; moved: boolean }[] {
  let lowest = Infinity
  return records
    .toSorted((a, b) => b.seq - a.seq)
    .map((record) => {
      const moved = record.seq <= headSeq || record.rev > lowest
      if (!moved) lowest = record.rev
      return { record, moved }
    })
}
