// What a wish for values (a room's terms, settings in it, a profile) does to others that wait [S2]. Each wish is an entry of its own, to be seen and
// taken back for itself, unless a later one replaces all of it. Plain functions.
import type { Operation, OperationOf } from '../../protocol/operations.ts'
import type { Plan } from './message-plans.ts'
import { isOf, isUnsent } from './outbox-standing.ts'
import type { EntryOf } from './outbox-standing.ts'
import type { OutboxEntry } from './sync-store.ts'

type ValueType = 'room.change' | 'room.settings' | 'profile.change'

/**
 * @param standing what the records do not show yet of all that changes such values, in order
 * @param isRecorded whether the records say what is wished
 * @param place of the wish at the end of the outbox
 */
export function planValues(
  operation: OperationOf<ValueType>,
  standing: readonly OutboxEntry[],
  isRecorded: boolean,
  place: number
): Plan {
  const wished = namesOf(operation)
  const touching = standing.filter((entry) => namesOf(entry.operation).some((name) => wished.includes(name)))
  const replaced = touching.filter((entry) => {
    return (
      isOf(entry, operation.type) && isUnsent(entry) && namesOf(entry.operation).every((name) => wished.includes(name))
    )
  })
  const last = replaced.at(-1)
  const older = replaced.filter((entry) => entry !== last).map(({ id }) => id)
  if (isRecorded && touching.length === replaced.length) return { remove: last ? [...older, last.id] : [] }
  if (!last) return { add: true }
  const put = [{ ...last, operation, place: touching.at(-1) === last ? last.place : place }]
  return { put, remove: older }
}

/** The entry without what is wished anew; undefined if nothing is left of it. */
export function withoutWished<T extends ValueType>(entry: EntryOf<T>, wish: OperationOf<T>): OutboxEntry | undefined {
  const wished = namesOf(wish)
  if (namesOf(entry.operation).every((name) => wished.includes(name))) return undefined
  const left = Object.entries(entry.operation).filter(([name]) => !wished.includes(name))
  return { ...entry, operation: Object.fromEntries(left) as OperationOf<T> }
}

/** Of the values that an operation changes. */
function namesOf(operation: Operation): readonly string[] {
  // [S12.4] What is read is no longer marked as unread.
  if (operation.type === 'read.mark') return ['unreadFrom']
  return Object.entries(operation).flatMap(([name, value]) => {
    return name === 'type' || name === 'roomId' || value === undefined ? [] : [name]
  })
}
