// The rows of one room as they lie on the disk, before RxDB is loaded: collections that can be read and never change. Writes nothing, makes
// nothing, and must not import RxDB, nor rxjs but for its types: the page's first script waits for nothing.
import { databaseNames, generationIn } from './database-names.ts'
import { membersOf, messagesFrom, rangeOf, reactionsFrom } from './queries.ts'
import type { RangeReader } from './queries.ts'
import { nameInIndexedDb, openExisting, readRange, ROWS, withKeys } from './rxdb-layout.ts'
import type { RowRange } from './rxdb-layout.ts'
import { rowsOfRange, wholeRows } from './rows-read-early.ts'
import type { EarlyRows, RangeRead } from './rows-read-early.ts'
import type {
  Collection,
  DeviceRow,
  DraftRow,
  Keyed,
  MemberRow,
  MessageRow,
  OutboxRow,
  OwnCollections,
  OwnRow,
  ReactionRow,
  RecordCollections,
  RoomRow,
  Stored,
  StreamRow,
  UserRow
} from './schemas.ts'

export interface FirstRows {
  records: RecordCollections
  own: OwnCollections
  /** Lets go of the databases; what is asked afterwards is never answered. */
  close(): void
}

/** So many messages of the end of the room are read before anybody asks for them. */
const NEWEST = 50

/**
 * What belongs to one room and its asides: other rooms are not in it, so that putting them together costs nothing. Resolves when everything that is
 * read early is there; null when this device holds no such room. Rejects where something cannot be read, or is deleted meanwhile.
 */
export async function readFirstRows(
  { relayId, userId, roomId }: { relayId: string; userId: string; roomId: string },
  indexedDB: IDBFactory = globalThis.indexedDB
): Promise<FirstRows | null> {
  const names = databaseNames(relayId, userId)
  const opened: IDBDatabase[] = []
  let [closed, reading] = [false, true]
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
    if (closed && reading) throw new Error('another window deletes what is being read')
    // Of a store that is closed nobody waits for anything.
    if (closed) return new Promise(() => {})
    return found.transaction(ROWS).objectStore(ROWS)
  }
  const collection = <Row extends Keyed>(database: Promise<IDBDatabase>, early: EarlyRows<Row>): Collection<Row> => {
    const reader: RangeReader<Row> = {
      readRange: async (range) => (await early.inRange(range)) ?? readRange<Stored<Row>>(await begin(database), range)
    }
    const findDocumentsById = async (keys: string[], withDeleted: boolean): Promise<Stored<Row>[]> => {
      const { found, missing } = await early.withKeys(keys)
      const others = missing.length === 0 ? [] : await withKeys<Stored<Row>>(await begin(database), missing)
      return [...found, ...others].filter((row) => withDeleted || !row._deleted)
    }
    const storageInstance = { originalStorageInstance: reader, findDocumentsById }
    return { eventBulks$: NOTHING_HAPPENS, storageInstance } as unknown as Collection<Row>
  }
  const whole = async <Row extends Keyed>(database: Promise<IDBDatabase>): Promise<Stored<Row>[]> =>
    readRange<Stored<Row>>(await begin(database), EVERYTHING)

  try {
    const [outbox, drafts, device] = [open(names.own, 'outbox'), open(names.own, 'drafts'), open(names.own, 'device')]
    const [entries, texts] = [whole<OutboxRow>(outbox), whole<DraftRow>(drafts)]
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
    const everybody = whole<UserRow>(users)
    const named = whole<RoomRow>(rooms)
    const mine = whole<OwnRow>(memberships).then((rows) =>
      rows.filter((row) => row.type !== 'membership' || row.roomId === roomId || row.parentId === roomId)
    )
    const states = Promise.all([mine, whole<StreamRow>(streams)]).then(([own, all]) => {
      const ids = new Set([roomId, ...own.flatMap((row) => (row.type === 'membership' ? [row.roomId] : []))])
      return all.filter(({ key }) => ids.has(key.slice(key.indexOf(':') + 1)))
    })
    const from = states.then((rows) => {
      const heads = rows.flatMap(({ key, state }) => (state && key.endsWith(roomId) ? [state.headSeq] : []))
      return Math.max(1, ...heads.map((seq) => seq - NEWEST + 1))
    })
    const part = async <Row extends Keyed>(
      database: Promise<IDBDatabase>,
      coming: RowRange | Promise<RowRange>
    ): Promise<RangeRead<Row>> => {
      // Both at once: a database that is not there is an error that somebody waits for.
      const [range] = await Promise.all([coming, database])
      return { range, rows: await readRange<Stored<Row>>(await begin(database), range) }
    }
    const page = part<MessageRow>(
      messages,
      from.then((seq) => rangeOf(messagesFrom(roomId, seq)))
    )
    const hanging = part<ReactionRow>(
      reactions,
      from.then((seq) => rangeOf(reactionsFrom(roomId, seq)))
    )
    const present = part<MemberRow>(members, rangeOf(membersOf(roomId)))
    const [held] = await Promise.all([states, everybody, named, page, hanging, present])
    reading = false
    if (held.length === 0) {
      close()
      return null
    }
    const isOfRoom = (key: string): boolean => key.startsWith(`${roomId}|`)
    return {
      records: {
        users: collection(users, wholeRows(everybody)),
        memberships: collection(memberships, wholeRows(mine)),
        rooms: collection(rooms, wholeRows(named)),
        members: collection(members, rowsOfRange(present, isOfRoom)),
        messages: collection(messages, rowsOfRange(page)),
        reactions: collection(reactions, rowsOfRange(hanging)),
        streams: collection(streams, wholeRows(states))
      },
      own: {
        outbox: collection(outbox, wholeRows(entries)),
        drafts: collection(drafts, wholeRows(texts)),
        device: collection(device, wholeRows(devices))
      },
      close
    }
  } catch (error) {
    close()
    throw error
  }
}

/** Rows here never change. */
const NOTHING_HAPPENS = { subscribe: () => ({ unsubscribe() {} }) }
const EVERYTHING: RowRange = { fields: [], lower: [], upper: [] }
