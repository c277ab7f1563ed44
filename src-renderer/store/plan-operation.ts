// Which rule decides what a wish does to the outbox. Plain; the rules are in the files named *-plans.ts.
import type { Operation } from '../../protocol/operations.ts'
import { newId } from '../../protocol/values.ts'
import { planDelete, planEdit, planPin, planReaction } from './message-plans.ts'
import type { Plan } from './message-plans.ts'
import { dependenciesOf, DEPENDS_ON_REFUSED } from './outbox-rules.ts'
import type { OutboxChange } from './outbox.ts'
import type { Base } from './outbox-standing.ts'
import { planAdd, planBan, planRemove, planRole } from './member-plans.ts'
import { planBlock, planPreferences, planProfile } from './own-plans.ts'
import { planChange, planClose, planCreate, planJoin, planRead, planRename, planSettings } from './room-plans.ts'
import type { OutboxEntry } from './sync-store.ts'

/** What a new entry gets: the same at each decision about one wish. */
export interface NewEntry {
  id: string
  place: number
  /** ISO 8601, by the device's clock. */
  createdAt: string
}

/**
 * The change of the outbox that a wish comes to; nothing to do for one that is in it already, under the id of `made`.
 * @param before the entries as they were before `base` was read: those that have left since may be in neither of the two
 * @throws ProtocolError `message-deleted`
 */
export function planOperation(
  operation: Operation,
  entries: readonly OutboxEntry[],
  base: Base,
  made: NewEntry,
  before: readonly OutboxEntry[] = []
): OutboxChange {
  const isThere = entries.some(({ id }) => id === made.id)
  // Of several people some may still be to be added: the removal of another one was transmitted meanwhile.
  if (isThere && operation.type !== 'member.add') return {}
  const ids = new Set(entries.map(({ id }) => id))
  const left = before.filter(({ id, n, state }) => n !== null && state !== 'refused' && !ids.has(id))
  const { put = [], remove = [], add } = planOf(operation, [...left, ...entries], base, made.place)
  const fresh = isThere ? { ...made, id: newId() } : made
  return {
    put: new Map(put.map((entry) => [entry.id, entry])),
    remove,
    add: add ? [entryFor(add === true ? operation : add, entries, fresh)] : []
  }
}

function planOf(operation: Operation, entries: readonly OutboxEntry[], base: Base, place: number): Plan {
  switch (operation.type) {
    case 'message.send':
      return { add: true }
    case 'room.create':
      return planCreate(operation, entries, base)
    case 'message.edit':
      return planEdit(operation, entries, base)
    case 'message.delete':
      return planDelete(operation, entries, base)
    case 'reaction.set':
      return planReaction(operation, entries, base)
    case 'message.pin':
      return planPin(operation, entries, base)
    case 'room.rename':
      return planRename(operation, entries, base)
    case 'room.change':
      return planChange(operation, entries, base, place)
    case 'room.close':
      return planClose(operation, entries, base)
    case 'room.join':
      return planJoin(operation, entries, base)
    case 'room.settings':
      return planSettings(operation, entries, base, place)
    case 'member.add':
      return planAdd(operation, entries, base)
    case 'member.remove':
      return planRemove(operation, entries, base)
    case 'member.ban':
      return planBan(operation, entries, base)
    case 'member.role':
      return planRole(operation, entries, base)
    case 'read.mark':
      return planRead(operation, entries, base, place)
    case 'profile.change':
      return planProfile(operation, entries, base, place)
    case 'preferences.change':
      return planPreferences(operation, entries, base)
    case 'block.set':
      return planBlock(operation, entries, base)
  }
}

/** At the end; refused at once if what it depends on was. */
export function entryFor(operation: Operation, entries: readonly OutboxEntry[], made: NewEntry): OutboxEntry {
  const dependsOn = dependenciesOf(operation, entries)
  const hopeless = entries.some(({ id, state }) => state === 'refused' && dependsOn.includes(id))
  return {
    ...made,
    n: null,
    dependsOn,
    operation,
    ...(hopeless ? { state: 'refused', error: DEPENDS_ON_REFUSED } : { state: 'pending' })
  }
}
