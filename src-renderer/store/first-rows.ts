// The rows of one room as they lie on the disk, before RxDB is loaded: collections that can be read and never change. Writes nothing, makes
// nothing, and must not import RxDB: the first page is on the screen before it.
import { NEVER } from 'rxjs'
import { databaseNames, generationIn } from './database-names.ts'
import { messagesFrom, rangeOf } from './queries.ts'
import type { RangeReader } from './queries.ts'
import { nameInIndexedDb, openExisting, readRange, ROWS, withKeys } from './rxdb-layout.ts'
import type { RowRange } from './rxdb-layout.ts'
import type { Collection, DeviceRow, Keyed, OwnCollections, RecordCollections, Stored, StreamRow } from './schemas.ts'
import type { OwnRow } from './schemas.ts'

export interface FirstRows {
  records: RecordCollections
  own: OwnCollections
  /** Lets go of the databases; what is asked afterwards is never answered. */
  close(): void
}

/** So many messages of the end of the room are read before anybody asks for them. */
const NEWEST = 50

/**
 * What belongs to one room and its asides: other rooms are not in it, so that putting them together costs nothing. Resolves when everything that
 * is read whole is there; null when this device holds no such room. Rejects where something cannot be read.
 */
export async function readFirstRows(
  { relayId, userId, roomId }: { relayId: string; userId: string; roomId: string },
  indexedDB: IDBFactory = globalThis.indexedDB
): Promise<FirstRows | null> {
  const names = databaseNames(relayId, userId)
  const opened: IDBDatabase[] = []
  let closed = false
  const close = (): void => {
    closed = true
    for (const database of opened) database.close()
  }
  const open = async (database: string, collection: string): Promise<IDBDatabase> => {
    const found = await openExisting(indexedDB, nameInIndexedDb(database, collection))
    opened.push(found)
    // Another window deletes it.
    found.addEventListener('versionchange', close)
    if (closed) found.close()
    return found
  }
  const begin = async (database: Promise<IDBDatabase>): Promise<IDBObjectStore> => {
    const found = await database
    // Of a store that is closed nobody waits for anything.
    if (closed) return new Promise(() => {})
    return found.transaction(ROWS).objectStore(ROWS)
  }
  /** @param all what is read whole, or a part of it that stands for the whole */
  const collection = <Row extends Keyed>(
    database: Promise<IDBDatabase>,
    all?: Promise<Stored<Row>[]>,
    early: ReadonlyMap<string, Promise<Stored<Row>[]>> = new Map()
  ): Collection<Row> => {
    const reader: RangeReader<Row> = {
      async readRange(range) {
        if (all && range.fields.length === 0) return (await all).slice(0, range.limit)
        return (await early.get(keyOf(range))) ?? readRange<Stored<Row>>(await begin(database), range)
      }
    }
    const findDocumentsById = async (keys: string[], withDeleted: boolean): Promise<Stored<Row>[]> =>
      (await withKeys<Stored<Row>>(await begin(database), keys)).filter((row) => withDeleted || !row._deleted)
    const storageInstance = { originalStorageInstance: reader, findDocumentsById }
    return { eventBulks$: NEVER, storageInstance } as unknown as Collection<Row>
  }
  const whole = async <Row extends Keyed>(database: Promise<IDBDatabase>): Promise<Stored<Row>[]> =>
    readRange<Stored<Row>>(await begin(database), EVERYTHING)

  try {
    const [outbox, drafts, device] = [open(names.own, 'outbox'), open(names.own, 'drafts'), open(names.own, 'device')]
    const [entries, texts] = [whole(outbox), whole(drafts)]
    const devices = whole<DeviceRow>(device)
    await Promise.allSettled([entries, texts])
    const generation = names.records(generationIn(await devices))
    const [users, memberships, rooms, members, messages, reactions, streams] = [
      open(generation, 'users'),
      open(generation, 'memberships'),
      open(generation, 'rooms'),
      open(generation, 'members'),
      open(generation, 'messages'),
      open(generation, 'reactions'),
      open(generation, 'streams')
    ]
    const everybody = whole(users)
    const named = whole(rooms)
    const mine = whole<OwnRow>(memberships).then((rows) =>
      rows.filter((row) => row.type !== 'membership' || row.roomId === roomId || row.parentId === roomId)
    )
    const states = Promise.all([mine, whole<StreamRow>(streams)]).then(([own, all]) => {
      const ids = new Set([roomId, ...own.flatMap((row) => (row.type === 'membership' ? [row.roomId] : []))])
      return all.filter(({ key }) => ids.has(key.slice(key.indexOf(':') + 1)))
    })
    const head = states.then(async (rows) => {
      const seqs = rows.flatMap(({ key, state }) => (state && key.endsWith(roomId) ? [state.headSeq] : []))
      const range = rangeOf(messagesFrom(roomId, Math.max(1, ...seqs.map((seq) => seq - NEWEST + 1))))
      return [keyOf(range), readRange<Stored<Keyed>>(await begin(messages), range)] as const
    })
    const [, , rowsOfStreams, [newest, page]] = await Promise.all([
      everybody,
      mine,
      states,
      head,
      named,
      members,
      reactions
    ])
    await page
    if (rowsOfStreams.length === 0) {
      close()
      return null
    }
    return {
      records: {
        users: collection(users, everybody as never),
        memberships: collection(memberships, mine as never),
        rooms: collection(rooms, named as never),
        members: collection(members),
        messages: collection(messages, undefined, new Map([[newest, page as never]])),
        reactions: collection(reactions),
        streams: collection(streams, states)
      },
      own: {
        outbox: collection(outbox, entries as never),
        drafts: collection(drafts, texts as never),
        device: collection(device, devices)
      },
      close
    }
  } catch (error) {
    close()
    throw error
  }
}

const EVERYTHING: RowRange = { fields: [], lower: [], upper: [] }

function keyOf(range: RowRange): string {
  return JSON.stringify(range)
}
