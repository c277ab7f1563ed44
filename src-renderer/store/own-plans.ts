// What a wish about one's own profile, preferences or whom one blocks does to the outbox [S2]. As message-plans.ts: plain functions that come to the same when
// half of it is done.
import type { OperationOf } from '../../protocol/operations.ts'
import { userStream } from '../../protocol/streams.ts'
import type { Plan } from './message-plans.ts'
import { effective, isOf, isUnsent } from './outbox-standing.ts'
import type { Base } from './outbox-standing.ts'
import type { OutboxEntry } from './sync-store.ts'
import { planValues } from './value-plans.ts'

type Entries = readonly OutboxEntry[]

export function planProfile(
  operation: OperationOf<'profile.change'>,
  entries: Entries,
  { user }: Base,
  place: number
): Plan {
  const changes = entries.filter((entry) => isOf(entry, 'profile.change'))
  const { type: _, ...values } = operation
  const held = user && { ...user, receipts: user.receipts ?? true }
  const isSame =
    held !== undefined &&
    Object.entries(values).every(([name, value]) => value === (held[name as keyof typeof values] ?? null))
  return planValues(operation, effective(changes, user, 'users'), isSame, place)
}

/** [S14.3] */
export function planPreferences(operation: OperationOf<'preferences.change'>, entries: Entries, base: Base): Plan {
  const changes = entries.filter((entry) => isOf(entry, 'preferences.change'))
  const standing = effective(changes, base.preferences, userStream(base.userId))
  const unsent = changes.findLast(isUnsent)
  const { availability } = { ...unsent?.operation, ...operation }
  const isSame = availability === undefined || availability === (base.preferences?.availability ?? 'auto')
  if (isSame && standing.every((entry) => entry === unsent)) return unsent ? { remove: [unsent.id] } : {}
  return unsent ? { put: [{ ...unsent, operation: { ...unsent.operation, ...operation } }] } : { add: true }
}

/** [S11.8] */
export function planBlock(operation: OperationOf<'block.set'>, entries: Entries, base: Base): Plan {
  const blocks = entries.filter((entry) => isOf(entry, 'block.set'))
  const about = blocks.filter((entry) => entry.operation.userId === operation.userId)
  const standing = effective(about, base.block, userStream(base.userId))
  const isBlocked = base.block?.set ?? false
  const last = standing.at(-1)
  if (!last) return isBlocked === operation.set ? {} : { add: true }
  if (isOf(last, 'block.set') && last.operation.set === operation.set) return {}
  if (!isUnsent(last)) return { add: true }
  return standing.length === 1 && isBlocked === operation.set
    ? { remove: [last.id] }
    : { put: [{ ...last, operation }] }
}
