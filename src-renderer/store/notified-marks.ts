// Up to where of each room this device has looked for what to notify of: rows of the own database, which outlive a kill, and the records' being
// rebuilt. Knows no messages.
import type { RxDatabase } from 'rxdb'
import { openCollection } from './open-collection.ts'
import { everyRow, read } from './queries.ts'
import { reviseRows } from './rows.ts'
import { lazyOwnSchemas } from './schemas.ts'
import type { Collection, NotifiedRow, OwnCollections } from './schemas.ts'

/** What was looked at of a room. With `from` above `to` a relay went back [S10.2], and takes the mark with it. */
export interface Move {
  from: number
  to: number
}

export interface NotifiedMarks {
  hasBegun(): Promise<boolean>
  /** Moves the marks, and then notes that this device has begun: a beginning that was cut short begins again. */
  begin(moves: ReadonlyMap<string, Move>): Promise<void>
  /** By room, as far as this window knows. */
  load(): Promise<ReadonlyMap<string, number>>
  /** Durably. Resolves with the rooms whose mark this call has moved, and from where: other windows may have moved some of it, or all. */
  move(moves: ReadonlyMap<string, Move>): Promise<ReadonlyMap<string, number>>
}

/** Rooms' ids are UUIDs. */
const BEGUN = 'begun'

/** Opens its collection when it is first asked: a start waits for no notifications. */
export function notifiedMarks(database: RxDatabase<OwnCollections>): NotifiedMarks {
  let opened: Promise<Collection<NotifiedRow>> | undefined
  let marks: Map<string, number> | undefined

  function rows(): Promise<Collection<NotifiedRow>> {
    opened ??= openCollection(database, 'notified', lazyOwnSchemas.notified).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  async function load(): Promise<Map<string, number>> {
    if (marks) return marks
    const found = await read(await rows(), everyRow<NotifiedRow>())
    marks ??= new Map(found.map(({ key, seq }) => [key, seq]))
    return marks
  }

  async function move(moves: ReadonlyMap<string, Move>): Promise<ReadonlyMap<string, number>> {
    const held = await load()
    const moved = new Map<string, number>()
    await reviseRows(await rows(), [...moves.keys()], (key, row) => {
      moved.delete(key)
      const { from, to } = moves.get(key) ?? { from: 0, to: 0 }
      const isDue = row === undefined || (from <= to ? row.seq < to : row.seq > to)
      held.set(key, isDue ? to : row.seq)
      if (!isDue) return undefined
      moved.set(key, Math.max(from, Math.min(row?.seq ?? from, to)))
      return { key, seq: to }
    })
    return moved
  }

  return {
    load,
    move,
    hasBegun: async () => (await load()).has(BEGUN),
    async begin(moves) {
      await move(moves)
      await move(new Map([[BEGUN, { from: 0, to: 1 }]]))
    }
  }
}
