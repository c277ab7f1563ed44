// Lines of the timeline that tell what happened to the room; they are messages [S4].
import type { MessageRecord, SystemEvent } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import type { ApplyContext } from './applied.ts'

/** Appends the line; its author is the actor. */
export function appendSystemLine(
  { draft, actorId, now }: ApplyContext,
  roomId: string,
  event: SystemEvent
): Promise<MessageRecord> {
  const line = { id: newId(), roomId, authorId: actorId, body: '', sentAt: now, acceptedAt: now, event }
  return draft.append({ type: 'message', kind: 'system', ...line })
}
