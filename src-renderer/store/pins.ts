// What is pinned in a room, as it is shown above it. Pure.
import type { PinnedMessage } from './chat-store.ts'
import type { OutboxEntry } from './sync-store.ts'
import type { MessageRow } from './schemas.ts'
import { quotedRow } from './timeline.ts'

/** @param ids the newest last; @param rowOf what the device holds of a message */
export function buildPins(
  ids: readonly string[],
  rowOf: (id: string) => MessageRow | undefined,
  entries: readonly OutboxEntry[],
  userId: string
): PinnedMessage[] {
  return ids
    .map((id) => {
      const row = rowOf(id)
      const own = entries.filter(({ operation }) => 'messageId' in operation && operation.messageId === id)
      return { id, message: row ? quotedRow(row, own, userId) : null }
    })
    .filter(({ message }) => !message?.deleted)
    .toReversed()
}
