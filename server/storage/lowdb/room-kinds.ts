// Rooms by kind, in order of id: an index in memory, made of what a start reads of each room anyway. Knows no file.
import type { RoomKind, RoomRecord } from '../../../protocol/records.ts'
import { byCodeUnits } from '../draft.ts'

export class RoomKinds {
  readonly #ids = new Map<RoomKind, string[]>()

  constructor(rooms: Iterable<RoomRecord> = []) {
    for (const { id, kind } of rooms) this.#of(kind).push(id)
    for (const ids of this.#ids.values()) ids.sort(byCodeUnits)
  }

  /** Takes a room in place of its former version. */
  put({ id, kind }: RoomRecord, former: RoomRecord | undefined): void {
    if (former?.kind === kind) return
    if (former) {
      const ids = this.#of(former.kind)
      const at = firstFrom(ids, id)
      if (ids[at] === id) ids.splice(at, 1)
    }
    const ids = this.#of(kind)
    ids.splice(firstFrom(ids, id), 0, id)
  }

  /** At most `limit` ids above `after` of rooms of these kinds, ascending. */
  above(kinds: Iterable<RoomKind>, after: string, limit: number): string[] {
    const found = [...new Set(kinds)].flatMap((kind) => {
      const ids = this.#of(kind)
      const start = firstFrom(ids, after)
      const first = ids[start] === after ? start + 1 : start
      return ids.slice(first, first + limit)
    })
    return found.toSorted(byCodeUnits).slice(0, limit)
  }

  /** How many rooms of these kinds there are. */
  count(kinds: readonly RoomKind[]): number {
    return kinds.reduce((sum, kind) => sum + this.#of(kind).length, 0)
  }

  #of(kind: RoomKind): string[] {
    const known = this.#ids.get(kind)
    if (known) return known
    const made: string[] = []
    this.#ids.set(kind, made)
    return made
  }
}

/** The place of the first id that is not below `id`. */
function firstFrom(ids: readonly string[], id: string): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? '') < id) low = middle + 1
    else high = middle
  }
  return low
}
