// What goes into the next push: as many operations as one packet may carry, in order, numbered on the disk first [S2].
import { MAX_PUSH_BYTES, MAX_PUSH_OPERATIONS } from '../../protocol/limits.ts'
import type { Push } from '../../protocol/socket.ts'
import { bytesOf } from '../connection/json-bytes.ts'
import type { OutboxEntry, SyncStore } from '../store/sync-store.ts'

/** The room an operation takes in the packet beside its own JSON: id, n, names of the fields. */
const ENVELOPE_BYTES = 120

/**
 * Numbers what will be sent, and not more: what has no number can still be cancelled. Null if there is nothing to push.
 * @param pending what the outbox was seen to hold last; only a guess at how much fits
 * @param settled the highest n whose answer is on the disk [S2.2]
 * @param maxBytes less than a packet may carry, on a slow line; a single operation goes whatever its size
 */
export async function nextPush(
  store: Pick<SyncStore, 'numberPending'>,
  pending: readonly OutboxEntry[],
  settled: number,
  maxBytes = MAX_PUSH_BYTES
): Promise<Push | null> {
  if (pending.length === 0) return null
  const unnumbered = thatFit(pending, maxBytes).filter((entry) => entry.n === null).length
  const operations = thatFit(await store.numberPending(unnumbered), maxBytes).flatMap(
    ({ id, n, dependsOn, operation }) =>
      n === null ? [] : [{ id, n, ...(dependsOn.length === 0 ? {} : { dependsOn }), operation }]
  )
  return operations.length === 0 ? null : { settled, operations }
}

/** The first entries, at least one, that stay within one push. */
export function thatFit(entries: readonly OutboxEntry[], maxBytes: number): readonly OutboxEntry[] {
  let bytes = 0
  const first = entries.slice(0, MAX_PUSH_OPERATIONS)
  const tooMuch = first.findIndex(({ operation, dependsOn }, index) => {
    bytes += bytesOf({ operation, dependsOn }) + ENVELOPE_BYTES
    return index > 0 && bytes > maxBytes
  })
  return tooMuch === -1 ? first : first.slice(0, tooMuch)
}
