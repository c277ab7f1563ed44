// Opens and removes the two databases of one person on one relay: their own (outbox, drafts), which is never deleted here, and the records,
// which the relay can always fill again.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { addRxPlugin, createRxDatabase } from 'rxdb'
import type { HashFunction, RxDatabase, RxJsonSchema } from 'rxdb'
import { RxDBLeaderElectionPlugin } from 'rxdb/plugins/leader-election'
import { roomOfStream, userOfStream, USERS_STREAM } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { GENERATION_KEY, generationIn, sha256Hex } from './database-names.ts'
import type { DatabaseNames } from './database-names.ts'
import type { DeviceStorage } from './device-storage.ts'
import { OwnDataUnreadableError } from './own-data-unreadable.ts'
import { openCollection } from './open-collection.ts'
import { anyRow, everyRow, read } from './queries.ts'
import type { RangeReader } from './queries.ts'
import { reviseRows } from './rows.ts'
import type { RowRange } from './rxdb-layout.ts'
import { ownSchemas, recordCollectionNames, recordSchemas } from './schemas.ts'
import type { Collection, DeviceRow, Keyed, OwnCollections, RecordCollections, StreamRow } from './schemas.ts'
import { isQuota, StorageFullError } from './storage-full.ts'

export interface Opened<Collections> {
  database: RxDatabase<Collections>
  collections: Collections
}

/** As RxDB's own, but without crypto.subtle, which a page served by plain http on a LAN does not have. */
export const hashFunction: HashFunction = async (input) => {
  if (typeof input === 'string') return sha256Hex(input)
  return bytesToHex(sha256(new Uint8Array(input instanceof Blob ? await input.arrayBuffer() : input)))
}

/** Opens the own database. Throws `OwnDataUnreadableError` and changes nothing if that is impossible, `StorageFullError` for want of space. */
export async function openOwn(storage: DeviceStorage, name: string): Promise<Opened<OwnCollections>> {
  try {
    const opened = await open<OwnCollections>(storage, name, ownSchemas)
    return await proven(opened, async ({ outbox, drafts, device }) => {
      await Promise.all([read(outbox, everyRow()), read(drafts, everyRow()), read(device, everyRow())])
    })
  } catch (cause) {
    if (isQuota(cause)) throw new StorageFullError(`no space left to open ${name}`, { cause })
    throw new OwnDataUnreadableError(name, cause)
  }
}

/**
 * Opens the records. If they cannot be opened or read, or rows are gone, a new, empty generation takes their place (stream states go with them, so that
 * the relay fills it again), `onRebuilt` hears why, and the broken one is deleted. What cannot be read only later is noted, and read again at the next start.
 * @param onProblem told of what failed and is done again at the next start
 */
export async function openRecords(
  storage: DeviceStorage,
  names: DatabaseNames,
  device: OwnCollections['device'],
  onRebuilt: (cause: unknown) => void,
  onProblem: (problem: unknown) => void = () => {}
): Promise<Opened<RecordCollections>> {
  const rows = await read(device, everyRow<DeviceRow>())
  const generation = generationIn(rows)
  const noted = rows.find(({ key, generation: of }) => key === UNREAD_KEY && of === generation) as UnreadRow | undefined

  const openGeneration = async (number: number, unread?: UnreadRow): Promise<Opened<RecordCollections>> => {
    let isNoted = true
    const onUnread = (collection: string, range: RowRange): void => {
      if (isNoted) return
      isNoted = true
      const row: UnreadRow = { key: UNREAD_KEY, generation: number, collection, range }
      reviseRows(device as unknown as Collection<UnreadRow>, [UNREAD_KEY], () => row).catch(onProblem)
    }
    const opened = await proven(
      await open<RecordCollections>(storage, names.records(number), recordSchemas, onUnread),
      async (collections) => {
        await Promise.all([requireFilled(collections), unread && readAgain(collections, unread)])
      }
    )
    isNoted = false
    return opened
  }
  const openOrRebuild = async (unread?: UnreadRow): Promise<Opened<RecordCollections>> => {
    try {
      return await openGeneration(generation, unread)
    } catch (cause) {
      if (isOwnMistake(cause)) throw cause
      // Opened before anything is given up: if an empty one cannot be opened either, the fault lies elsewhere, and all stays as it is.
      const next = generation + 1
      const rebuilt = await openGeneration(next, unread).catch(() => null)
      if (!rebuilt && unread) return openOrRebuild()
      if (!rebuilt) throw cause
      await reviseRows(device, [GENERATION_KEY], (key) => ({ key, generation: next })).catch(async (error: unknown) => {
        await rebuilt.database.close()
        throw error
      })
      await storage.remove(names.records(generation), recordCollectionNames).catch(onProblem)
      onRebuilt(cause)
      return rebuilt
    }
  }
  const opened = await openOrRebuild(noted)
  if (noted) reviseRows(device, [UNREAD_KEY], () => null).catch(onProblem)
  return opened
}

/** The row of the own database's `device` that tells what of the records could not be read. */
const UNREAD_KEY = 'unread'
type UnreadRow = DeviceRow & { collection: string; range: RowRange }

/** Throws if it still cannot be read. */
async function readAgain(collections: RecordCollections, { collection, range }: UnreadRow): Promise<void> {
  const rows = (collections as unknown as Record<string, Collection<Keyed> | undefined>)[collection]
  const reader = rows?.storageInstance as unknown as { originalStorageInstance: RangeReader<Keyed> } | undefined
  await reader?.originalStorageInstance.readRange(range)
}

/** Throws if rows are gone that the stream states say are held: nothing would ever ask for them again. Asks for the states and one row of each at once. */
async function requireFilled(collections: RecordCollections): Promise<void> {
  const { users, memberships, rooms, members, messages, streams } = collections
  const isEmpty = async <Row extends Keyed>(rows: Collection<Row>): Promise<boolean> =>
    (await read(rows, anyRow<Row>())).length === 0
  const [streamRows, noUsers, noMemberships, noRooms, noMembers, noMessages] = await Promise.all([
    read(streams, everyRow<StreamRow>()),
    isEmpty(users),
    isEmpty(memberships),
    isEmpty(rooms),
    isEmpty(members),
    isEmpty(messages)
  ])
  const states = streamRows.flatMap(({ state }) => (state ? [state] : []))
  const has = (part: (stream: StreamId) => unknown): boolean =>
    states.some(({ stream, checkpoint, jump }) => checkpoint > 0 && !jump && part(stream) !== undefined)
  const lacking = {
    users: noUsers && has((stream) => (stream === USERS_STREAM ? stream : undefined)),
    memberships: noMemberships && has(userOfStream),
    rooms: noRooms && !noUsers && !noMemberships && has(roomOfStream),
    members: noMembers && !noUsers && !noMemberships && has(roomOfStream),
    messages: noMessages && states.some(({ ranges }) => ranges.length > 0)
  }
  const gone = Object.entries(lacking).flatMap(([name, isGone]) => (isGone ? [name] : []))
  if (gone.length > 0) throw new Error(`the ${gone.join(', ')} are gone that the stream states say are held`)
}

/** So long after it was opened a store has better things to do. */
const REMOVE_OLD_AFTER_MS = 10_000

/**
 * Deletes, once the start is over, what is there of other generations than the one that is open and the one that the own rows name: a window that died, or a
 * disk that failed, has left them. Returns its stop, which resolves when nothing is under way.
 */
export function startRemovingOld(
  storage: DeviceStorage,
  names: DatabaseNames,
  device: OwnCollections['device'],
  {
    openName,
    onProblem,
    afterMs = REMOVE_OLD_AFTER_MS
  }: {
    openName: string
    onProblem: (problem: unknown) => void
    afterMs?: number | undefined
  }
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const remove = async (): Promise<void> => {
    const generation = generationIn(await read(device, everyRow<DeviceRow>()))
    await removeGenerations(storage, names, openName, [openName, names.records(generation)])
  }
  const timer = setTimeout(() => {
    running = remove().catch(onProblem)
  }, afterMs)
  return async () => {
    clearTimeout(timer)
    await running
  }
}

/**
 * Deletes every generation of the records that there is, as much of it as can be; rejects if something was left.
 * @param known the highest one that is known of: where the browser does not tell what there is, it and those before
 */
export async function removeGenerations(
  storage: DeviceStorage,
  names: DatabaseNames,
  known: string,
  keep: readonly string[] = []
): Promise<void> {
  const count = Number(known.slice(names.allRecords.length)) + 1
  const listed = await storage.list(names.allRecords)
  const there = listed ?? Array.from({ length: count }, (_, generation) => names.records(generation))
  const going = there.filter((name) => !keep.includes(name))
  await allOf(going.map((name) => storage.remove(name, recordCollectionNames)))
}

/** Waits for all of them, also where one fails, and then rejects as the first that did. */
export async function allOf(doing: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(doing)).find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}

/** The same database open twice in this window: says nothing about the state of the records. */
function isOwnMistake(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'DB8'
}

async function open<Collections>(
  storage: DeviceStorage,
  name: string,
  schemas: Record<string, object>,
  onUnread?: (collection: string, range: RowRange) => void
): Promise<Opened<Collections>> {
  addRxPlugin(RxDBLeaderElectionPlugin)
  const database = await createRxDatabase<Collections>({
    name,
    storage: storage.rx,
    multiInstance: true,
    eventReduce: false,
    hashFunction
  })
  // Each on its own: if one fails, the others can only be closed once they have finished opening.
  const opening = Object.entries(schemas).map(async ([key, schema]) => {
    const tell = onUnread && ((range: RowRange): void => onUnread(key, range))
    return [key, await openCollection(database, key, schema as RxJsonSchema<Keyed>, tell)] as const
  })
  const settled = await Promise.allSettled(opening)
  const failed = settled.find(({ status }) => status === 'rejected')
  if (failed) {
    await database.close()
    throw (failed as PromiseRejectedResult).reason
  }
  const collections = Object.fromEntries(settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
  return { database, collections: collections as Collections }
}

/** Closes again what cannot be read. */
async function proven<C>(opened: Opened<C>, probe: (collections: C) => Promise<void>): Promise<Opened<C>> {
  try {
    await probe(opened.collections)
    return opened
  } catch (error) {
    await opened.database.close()
    throw error
  }
}
