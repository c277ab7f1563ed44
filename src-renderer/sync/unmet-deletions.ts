// [S13] Own deletions of messages that the relay has not got: it went back behind them, and other devices may still bring them back [S10.5]. Here
// they are deleted for good before the answer is stored. Knows no connection.
import type { Operation } from '../../protocol/operations.ts'
import type { StreamRecord } from '../../protocol/records.ts'
import type { Answer } from '../../protocol/socket.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { isUnmet } from '../store/outbox-rules.ts'
import type { SyncStore } from '../store/sync-store.ts'

/** Of one room; more are forgotten again, the oldest first. */
const MAX_UNMET = 200

/**
 * To be called before these answers are stored: after a kill in between the relay is asked again, and answers the same [S2.1].
 * @param epoch in which they were given, or a later one
 * @param remember resolves when the id is among the `unmetDeletions` of the stream's state, and it and all that came of the stream before are durable
 */
export async function meetDeletions(
  store: Pick<SyncStore, 'loadOutbox' | 'heldRoom' | 'eraseMessage' | 'repeatOperations'>,
  epoch: number,
  answers: readonly Answer[],
  remember: (stream: StreamId, messageId: string) => Promise<void>
): Promise<void> {
  const refusals = new Map(answers.flatMap((each) => (each.status === 'refused' ? [[each.id, each.error]] : [])))
  if (refusals.size === 0) return
  for (const { id, operation, createdAt } of await store.loadOutbox()) {
    const error = refusals.get(id)
    if (operation.type !== 'message.delete' || !error || !isUnmet({ operation, error })) continue
    const { roomId, messageId } = operation
    await remember(roomStream(roomId), messageId)
    const held = await store.heldRoom(roomId)
    // [S11.4] It may be there, and not for this person any more; once a page shows that it is lost, it goes.
    const mayBeThere = error.code === 'message-not-found' && held?.room.history === 'from-joining'
    const isThere = await store.eraseMessage(roomId, messageId, epoch, mayBeThere ? undefined : createdAt)
    // It came back after the relay had answered.
    if (isThere && !mayBeThere) await store.repeatOperations([operation])
  }
}

/** The ids with one more. */
export function withUnmet(ids: readonly string[] = [], messageId: string): readonly string[] {
  return ids.includes(messageId) ? ids : [...ids, messageId].slice(-MAX_UNMET)
}

/** What deletes again those of the served messages that another device has brought back. */
export function deletionsAgain(served: readonly StreamRecord[], unmet: readonly string[], userId: string): Operation[] {
  return served.flatMap((record): Operation[] => {
    if (record.type !== 'message' || record.authorId !== userId || record.deletedAt !== undefined) return []
    return unmet.includes(record.id) ? [{ type: 'message.delete', roomId: record.roomId, messageId: record.id }] : []
  })
}
