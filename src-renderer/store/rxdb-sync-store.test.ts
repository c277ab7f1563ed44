// The device's store keeps the contract, on Dexie over an IndexedDB in memory.
import type { ReadRecord } from '../../protocol/records.ts'
import { roomOfReads } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { databaseNames } from './database-names.ts'
import { openOwn, openRecords } from './databases.ts'
import { indexedDbStorage } from './device-storage.ts'
import { Outbox } from './outbox.ts'
import { createChatCommands } from './chat-commands.ts'
import { everyRow, read } from './queries.ts'
import { ReadsWriter } from './reads-writer.ts'
import { createRxdbSyncStore } from './rxdb-sync-store.ts'
import { recordOf } from './schemas.ts'
import type { Collection, RecordRow } from './schemas.ts'
import { syncStoreContract } from './sync-store.contract.ts'
import type { Device } from './sync-store.contract.ts'
import { testDevice } from './testing/device.ts'
import type { TestDevice } from './testing/device.ts'
import { Subject } from 'rxjs'

async function open(device: TestDevice): Promise<Device> {
  const names = databaseNames(device.relayId, device.userId)
  const storage = indexedDbStorage(device.disk)
  const own = await openOwn(storage, names.own)
  const records = await openRecords(storage, names, own.collections.device, (cause) => {
    throw cause
  })
  const { outbox: rows, drafts } = own.collections
  const reads = new ReadsWriter(records.collections.streams, (error) => {
    throw error
  })
  const outbox = new Outbox(rows, Date.now)
  const commands = createChatCommands({
    userId: device.userId,
    outbox,
    drafts,
    base: async () => ({ userId: device.userId }),
    now: Date.now,
    urgent: new Subject()
  })
  const close = async (): Promise<void> => {
    await reads.close()
    await Promise.all([own.database.close(), records.database.close()])
  }
  const rowsOf = async (stream: string): Promise<RecordRow[]> => {
    const { users, memberships, rooms, members, messages, reactions } = records.collections
    const inRoom = [rooms, members, messages, reactions]
    const collections = stream === 'users' ? [users] : stream.startsWith('user:') ? [memberships] : inRoom
    const found = await Promise.all(
      collections.map((each) => read(each as unknown as Collection<RecordRow>, everyRow<RecordRow>()))
    )
    return found.flat()
  }
  /** As sync brought them. */
  const readsOf = async (stream: StreamId) => {
    const [row] = await records.collections.streams.storageInstance.findDocumentsById([stream], false)
    return Object.entries(row?.marks ?? {}).map(([user, [seq, epoch, rev]]) => {
      const record: ReadRecord = { type: 'read', rev, roomId: roomOfReads(stream) ?? '', userId: user, seq }
      return { epoch, record }
    })
  }
  return {
    store: createRxdbSyncStore(records.collections, reads, outbox),
    async append(operation, dependsOn = []) {
      const id = newId()
      const createdAt = '2026-01-01T00:00:00.000Z'
      await outbox.append({ id, place: outbox.nextPlace(), n: null, createdAt, dependsOn, operation, state: 'pending' })
      return id
    },
    cancel: (id) => commands.discard(id),
    records: async (stream) =>
      roomOfReads(stream) === undefined
        ? (await rowsOf(stream)).map((row) => ({ epoch: row.epoch, record: recordOf(row) }))
        : readsOf(stream),
    async restart() {
      await close()
      return open(device)
    },
    close
  }
}

syncStoreContract('RxDB', () => open(testDevice()))
