// Opens and removes the two databases of one person on one relay: their own (outbox, drafts), which is never deleted here, and the records,
// which the relay can always fill again.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { addRxPlugin, createRxDatabase } from 'rxdb'
import type { HashFunction, RxDatabase, RxJsonSchema } from 'rxdb'
import { RxDBLeaderElectionPlugin } from 'rxdb/plugins/leader-election'
import { GENERATION_KEY, generationIn, sha256Hex } from './database-names.ts'
import type { DatabaseNames } from './database-names.ts'
import type { DeviceStorage } from './device-storage.ts'
import { OwnDataUnreadableError } from './own-data-unreadable.ts'
import { openCollection } from './open-collection.ts'
import { anyMessage, everyRow, read } from './queries.ts'
import { reviseRows } from './rows.ts'
import { ownSchemas, recordCollectionNames, recordSchemas } from './schemas.ts'
import type { DeviceRow, Keyed, OwnCollections, RecordCollections, StreamRow } from './schemas.ts'
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
 * Opens the records. If they cannot be opened or read, a new, empty generation takes their place (stream states go with them, so that
 * the relay fills it again), `onRebuilt` hears why, and the broken one is deleted.
 */
export async function openRecords(
  storage: DeviceStorage,
  names: DatabaseNames,
  device: OwnCollections['device'],
  onRebuilt: (cause: unknown) => void
): Promise<Opened<RecordCollections>> {
  const generation = generationIn(await read(device, everyRow<DeviceRow>()))
  const openGeneration = async (number: number): Promise<Opened<RecordCollections>> =>
    proven(await open<RecordCollections>(storage, names.records(number), recordSchemas), async (collections) => {
      const streams = await read(collections.streams, everyRow<StreamRow>())
      const [message] = await read(collections.messages, anyMessage())
      // Nothing would ever ask for them again.
      if (!message && streams.some(({ state }) => state && state.ranges.length > 0))
        throw new Error('the messages are gone that the stream states say are held')
    })
  try {
    return await openGeneration(generation)
  } catch (cause) {
    if (isOwnMistake(cause)) throw cause
    // Opened before anything is given up: if an empty one cannot be opened either, the fault lies elsewhere, and all stays as it is.
    const next = generation + 1
    const rebuilt = await openGeneration(next).catch(() => {
      throw cause
    })
    await reviseRows(device, [GENERATION_KEY], (key) => ({ key, generation: next }))
    await storage.remove(names.records(generation), recordCollectionNames)
    onRebuilt(cause)
    return rebuilt
  }
}

/** The same database open twice in this window: says nothing about the state of the records. */
function isOwnMistake(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'DB8'
}

async function open<Collections>(
  storage: DeviceStorage,
  name: string,
  schemas: Record<string, object>
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
  const opening = Object.entries(schemas).map(
    async ([key, schema]) => [key, await openCollection(database, key, schema as RxJsonSchema<Keyed>)] as const
  )
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
