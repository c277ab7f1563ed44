// The rows of one room as they lie on the disk, before RxDB is loaded: collections that can be read and never change. Writes nothing, makes
// nothing, and must not import RxDB, nor rxjs but for its types: the page's first script waits for nothing.
import { readsStream, roomStream } from '../../protocol/streams.ts'
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
 * What belongs to one room and its asides: other rooms are not in it, so that putting them together costs nothing, however many there are. Resolves when
 * everything that is read early is there; null when this device holds no such room. Rejects where something cannot be read, or is deleted meanwhile.
 */
export async function readFirstRows(
  { relayId, userId, roomId }: { relayId: string; userId: string; roomId: string },
  indexedDB: IDBFactory = globalThis.indexedDB
): Promise<FirstRows | null> {
  const names = databaseNames(relayId, userId)
  const parts: Part[] = []
  /** All of it, also where another window deletes but one of them. */
  const close = (): void => parts.forEach((part) => part.close())
  const open = (name: string): Part => {
    const part = openPart(name, indexedDB, close)
    parts.push(part)
    return part
  }
  const own = open(names.own)
  // Nearly every device is in its first generation: that is read before the own rows have told.
  const first = open(names.records(0))
  const guessed = readRecords(first, roomId)
  guessed.catch(() => undefined)
  try {
    const [outbox, drafts, device] = [own.open('outbox'), own.open('drafts'), own.open('device')]
    const [entries, texts, devices] = [
      own.whole<OutboxRow>(outbox),
      own.whole<DraftRow>(drafts),
      own.whole<DeviceRow>(device)
    ]
    const [deviceRows] = await Promise.all([devices, entries, texts])
    const generation = generationIn(deviceRows)
    if (generation !== 0) first.close()
    const records = await (generation === 0 ? guessed : readRecords(open(names.records(generation)), roomId))
    for (const part of parts) part.hasRead()
    if (records === null) {
      close()
      return null
    }
    return {
      records,
      own: {
        outbox: own.collection(outbox, wholeRows(entries)),
        drafts: own.collection(drafts, wholeRows(texts)),
        device: own.collection(device, wholeRows(devices))
      },
      close
    }
  } catch (error) {
    close()
    throw error
  }
}

/** The databases of one name, by collection, and what is read of them. */
interface Part {
  open: (collection: string) => Promise<IDBDatabase>
  whole: <Row extends Keyed>(database: Promise<IDBDatabase>) => Promise<Stored<Row>[]>
  /** As they are listed, as far as they are there. */
  keyed: <Row extends Keyed>(
    database: Promise<IDBDatabase>,
    coming: readonly string[] | Promise<readonly string[]>
  ) => Promise<Stored<Row>[]>
  range: <Row extends Keyed>(
    database: Promise<IDBDatabase>,
    coming: RowRange | Promise<RowRange>
  ) => Promise<RangeRead<Row>>
  /** What was read early, and everything else from the disk. */
  collection: <Row extends Keyed>(database: Promise<IDBDatabase>, early: EarlyRows<Row>) => Collection<Row>
  /** From now on nobody waits for what is not answered. */
  hasRead: () => void
  close: () => void
}

/** @param onDeleted told when another window is about to delete one of them */
function openPart(name: string, indexedDB: IDBFactory, onDeleted: () => void): Part {
  const opened: IDBDatabase[] = []
  let [closed, reading] = [false, true]
  const begin = async (database: Promise<IDBDatabase>): Promise<IDBObjectStore> => {
    const found = await database
    if (closed && reading) throw new Error('another window deletes what is being read')
    // Of a store that is closed nobody waits for anything.
    if (closed) return new Promise(() => {})
    return found.transaction(ROWS).objectStore(ROWS)
  }
  return {
    async open(collection) {
      const found = await openExisting(indexedDB, nameInIndexedDb(name, collection))
      opened.push(found)
      // Another window deletes it.
      found.addEventListener('versionchange', onDeleted)
      if (closed) found.close()
      return found
    },
    whole: async <Row extends Keyed>(database: Promise<IDBDatabase>) =>
      readRange<Stored<Row>>(await begin(database), EVERYTHING),
    async keyed<Row extends Keyed>(
      database: Promise<IDBDatabase>,
      coming: readonly string[] | Promise<readonly string[]>
    ) {
      // Both at once: a database that is not there is an error that somebody waits for.
      const [keys] = await Promise.all([coming, database])
      const rows = keys.length === 0 ? [] : await withKeys<Stored<Row>>(await begin(database), keys)
      return rows.filter((row) => !row._deleted)
    },
    async range<Row extends Keyed>(database: Promise<IDBDatabase>, coming: RowRange | Promise<RowRange>) {
      const [range] = await Promise.all([coming, database])
      return { range, rows: await readRange<Stored<Row>>(await begin(database), range) }
    },
    collection<Row extends Keyed>(database: Promise<IDBDatabase>, early: EarlyRows<Row>) {
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
    },
    hasRead() {
      reading = false
    },
    close() {
      closed = true
      for (const database of opened) database.close()
    }
  }
}

/** Null when there is no such room. */
async function readRecords(part: Part, roomId: string): Promise<RecordCollections | null> {
  const { open, whole, keyed, range, collection } = part
  const [users, memberships, rooms, members, messages, reactions, streams] = [
    open('users'),
    open('memberships'),
    open('rooms'),
    open('members'),
    open('messages'),
    open('reactions'),
    open('streams')
  ]
  const everybody = whole<UserRow>(users)
  const mine = whole<OwnRow>(memberships).then((rows) =>
    rows.filter((row) => row.type !== 'membership' || row.roomId === roomId || row.parentId === roomId)
  )
  const asides = mine.then((own) =>
    own.flatMap((row) => (row.type === 'membership' && row.roomId !== roomId ? [row.roomId] : []))
  )
  const state = keyed<StreamRow>(streams, streamsOf([roomId]))
  const states = Promise.all([state, keyed<StreamRow>(streams, asides.then(streamsOf))])
  const named = keyed<RoomRow>(
    rooms,
    asides.then((ids) => [roomId, ...ids])
  )
  const from = state.then((rows) => {
    const heads = rows.flatMap(({ key, state }) => (state && key === roomStream(roomId) ? [state.headSeq] : []))
    return Math.max(1, ...heads.map((seq) => seq - NEWEST + 1))
  })
  const page = range<MessageRow>(
    messages,
    from.then((seq) => rangeOf(messagesFrom(roomId, seq)))
  )
  const hanging = range<ReactionRow>(
    reactions,
    from.then((seq) => rangeOf(reactionsFrom(roomId, seq)))
  )
  const present = range<MemberRow>(members, rangeOf(membersOf(roomId)))
  const [held] = await Promise.all([states, everybody, named, page, hanging, present])
  if (held.every((each) => each.length === 0)) return null
  const isOfRoom = (key: string): boolean => key.startsWith(`${roomId}|`)
  return {
    users: collection(users, wholeRows(everybody)),
    memberships: collection(memberships, wholeRows(mine)),
    rooms: collection(rooms, wholeRows(named)),
    members: collection(members, rowsOfRange(present, isOfRoom)),
    messages: collection(messages, rowsOfRange(page)),
    reactions: collection(reactions, rowsOfRange(hanging)),
    streams: collection(streams, wholeRows(states.then((each) => each.flat())))
  }
}

function streamsOf(roomIds: readonly string[]): string[] {
  return roomIds.flatMap((roomId) => [roomStream(roomId), readsStream(roomId)])
}

/** Rows here never change. */
const NOTHING_HAPPENS = { subscribe: () => ({ unsubscribe() {} }) }
const EVERYTHING: RowRange = { fields: [], lower: [], upper: [] }
