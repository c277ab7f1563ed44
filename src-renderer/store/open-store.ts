// Opens the device's store of one person on one relay, and is the only door to it. Importing it starts nothing.
import { Subject } from 'rxjs'
import { createArriving } from './arriving.ts'
import { createChatCommands } from './chat-commands.ts'
import { createChatQueries } from './chat-queries.ts'
import type { ChatStore } from './chat-store.ts'
import { closable } from './closing.ts'
import { loadBase } from './held-records.ts'
import { storageState } from './storage-state.ts'
import { shownEntries } from './outbox-rules.ts'
import { finishRemovals, forgetSaidDrafts, startTidying } from './tidying.ts'
import type { Base } from './outbox-standing.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { NewsStore } from './news.ts'
import { createPictureStore } from './pictures.ts'
import type { PictureStore } from './pictures.ts'
import { exportAll } from './export-all.ts'
import { databaseNames } from './database-names.ts'
import { allOf, openOwn, openRecords, removeGenerations, startRemovingOld } from './databases.ts'
import { indexedDbStorage } from './device-storage.ts'
import type { DeviceStorage } from './device-storage.ts'
import { Outbox } from './outbox.ts'
import { ReadsWriter } from './reads-writer.ts'
import { createRxdbSyncStore } from './rxdb-sync-store.ts'
import { everyRow, read } from './queries.ts'
import { reserveFile, spaceReserve, withReserve } from './space-reserve.ts'
import type { ReservePlace } from './space-reserve.ts'
import { isQuota } from './storage-full.ts'
import { ownCollectionNames } from './schemas.ts'
import type { Collection, DraftRow, MessageRow } from './schemas.ts'
import type { SyncStore } from './sync-store.ts'

export interface StoreOptions {
  relayId: string
  userId: string
  /**
   * The stored records could not be read and were replaced by an empty store, which the relay will fill again. Outbox and drafts
   * are untouched. The person should hear of it.
   */
  onRecordsRebuilt: (cause: unknown) => void
  /** Told of writes that failed, are tried again and that nobody waits for. */
  onProblem?: (problem: unknown) => void
  /** IndexedDB unless said otherwise. */
  storage?: DeviceStorage
  /** Device time in ms since 1970; for labels and for the order of entries written on this device [S5]. */
  now?: () => number
  /** The shortest time between two emissions of a query that no own command asks for. */
  paceMs?: number
  /** The browser's own file system unless said otherwise. */
  reservePlace?: ReservePlace
  /** See `TidyingOptions`. */
  removalPatienceMs?: number
  /** How long after opening it is looked for records that are not in use any more. */
  removeOldAfterMs?: number
}

export interface Store {
  chat: ChatStore
  sync: SyncStore
  pictures: PictureStore
  /** For notifications, of which a start knows nothing: to be asked for once. */
  openNews(): Promise<NewsStore>
  /** For who wants to keep what is here, as a JSON file (UTF-8): unsent words first, then rooms with what was said. */
  exportAll(): Promise<Blob>
  /**
   * Resolves once this window is the one that may sync: one window of this person's at a time, until it closes or dies. Never resolves
   * after `close`. Without Web Locks (plain http) two windows may for a moment both believe it; the store stays right then.
   */
  lead(): Promise<void>
  /** Ends all observables. Nothing is lost: commands that have begun become durable, later ones reject with `StoreClosedError`. */
  close(): Promise<void>
  /** What `wipe` would lose: operations that the relay has not accepted, refused ones included, and unfinished texts. For saying so before. */
  unsent(): Promise<{ operations: number; drafts: number }>
  /**
   * Closes and deletes everything of this person on this device, unsent words included. Rejects if something is left: all that could be deleted is gone
   * then, and it may be opened and wiped again.
   */
  wipe(): Promise<void>
}

const PACE_MS = 50

/**
 * Opens (or makes) the store. Throws `OwnDataUnreadableError` if outbox and drafts cannot be read; it deletes nothing then. Broken records
 * are replaced, see `onRecordsRebuilt`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { relayId, userId, onRecordsRebuilt, onProblem = () => {}, now = Date.now, paceMs = PACE_MS } = options
  const storage = options.storage ?? indexedDbStorage()
  const names = databaseNames(relayId, userId)
  const reserve = spaceReserve('maru-reserve', options.reservePlace ?? reserveFile(onProblem))
  const own = await openOwn(withReserve(storage, reserve), names.own).catch((error: unknown) => {
    reserve.end()
    throw error
  })
  const { device, drafts, outbox: outboxRows } = own.collections
  const records = await openRecords(storage, names, device, onRecordsRebuilt, onProblem).catch(
    async (error: unknown) => {
      reserve.end()
      await own.database.close()
      throw error
    }
  )

  const outbox = new Outbox(outboxRows, now)
  await outbox.latest()
  await finishWhatWasBegun(outbox, drafts, records.collections.messages).catch((error: unknown) => {
    // A full device can be read, and what is half done waits for the next start.
    if (!isQuota(error)) throw error
    onProblem(error)
  })

  const reads = new ReadsWriter(records.collections.streams, onProblem)
  const space = storageState(`maru-space:${names.own}`, records.collections, reserve)
  const urgent = new Subject<void>()
  const arriving = createArriving()
  const queries = createChatQueries({
    userId,
    records: records.collections,
    own: own.collections,
    outbox,
    arriving,
    storageState: space.state,
    urgent,
    paceMs
  })
  const base = (operation: Operation): Promise<Base> => loadBase(records.collections, userId, operation)
  const commands = createChatCommands({ userId, outbox, drafts, base, now, urgent })
  const closing = closable(commands)
  const stopTidying = startTidying(outbox, { onProblem, removalPatienceMs: options.removalPatienceMs })

  const openName = records.database.name
  const stopRemovingOld = startRemovingOld(storage, names, device, {
    openName,
    onProblem,
    afterMs: options.removeOldAfterMs
  })

  const end = async (finishReads: () => Promise<void> | void): Promise<void> => {
    await closing.end()
    await Promise.all([stopTidying(), stopRemovingOld()])
    try {
      await finishReads()
    } finally {
      space.end()
      reserve.end()
      arriving.end()
      await Promise.all([records.database.close(), own.database.close()])
    }
  }
  return {
    chat: { queries, commands: closing.commands },
    sync: space.watched(createRxdbSyncStore(records.collections, reads, outbox, arriving)),
    pictures: createPictureStore(records.database, outbox),
    openNews: async () => {
      const { createNews } = await import('./news.ts')
      return createNews({ userId, records: records.collections, database: own.database, outbox })
    },
    exportAll: () => exportAll({ userId, records: records.collections, drafts, outbox }),
    lead: async () => {
      await own.database.waitForLeadership()
    },
    close: () => end(() => reads.close()),
    async unsent() {
      const [{ entries }, rows] = await Promise.all([outbox.load(), read(drafts, everyRow<DraftRow>())])
      return {
        operations: shownEntries(entries).filter(({ state }) => state !== 'accepted').length,
        drafts: rows.filter(({ text }) => text !== '').length
      }
    },
    async wipe() {
      // What waits goes with the rest, and whatever fails in closing, the browser closes what it deletes.
      await end(() => reads.drop()).catch(onProblem)
      const records = removeGenerations(storage, names, openName)
      await allOf([records, storage.remove(names.own, ownCollectionNames)])
    }
  }
}

/** What windows that died have left, and what nobody needs any more. */
async function finishWhatWasBegun(
  outbox: Outbox,
  drafts: Collection<DraftRow>,
  messages: Collection<MessageRow>
): Promise<void> {
  await outbox.settleAndRevise(() => undefined)
  await finishRemovals(outbox)
  await forgetSaidDrafts(outbox, drafts, messages)
  await outbox.cleanUp()
}
