// @vitest-environment happy-dom
// Opening, closing, breaking and wiping the device's store, and which window leads.
import { createRxDatabase } from 'rxdb'
import { filter, firstValueFrom, lastValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { roomStream, USERS_STREAM } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { databaseNames } from './database-names.ts'
import { OwnDataUnreadableError } from './own-data-unreadable.ts'
import { indexedDbStorage } from './device-storage.ts'
import type { Store } from './open-store.ts'
import { messageRecord, roomId } from './sync-store.contract.ts'
import { testDevice, watchedStorage, wrappedStorage } from './testing/device.ts'

const stream = roomStream(roomId)

/** As on a page from plain http. (The simulated browser has `locks: null`, which no browser has.) */
function withoutWebLocks(): void {
  vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as never)
}

describe('the store', () => {
  let device = testDevice()
  afterEach(async () => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    await device.close()
    device = testDevice()
  })

  const fill = async ({ chat, sync }: Store): Promise<void> => {
    await sync.applyRecords(stream, 1, [messageRecord(1), messageRecord(2)])
    await sync.saveStreams([{ stream, epoch: 1, checkpoint: 2, ranges: [[1, 2]], headSeq: 2 }])
    await chat.commands.sendMessage(roomId, 'unsent')
    await chat.commands.saveDraft(roomId, 'unfinished')
    await sync.numberPending(1)
  }
  const bodies = async ({ chat }: Store): Promise<string[]> => {
    const { items } = await firstValueFrom(chat.queries.watchTimeline(roomId, 1))
    return items.map(({ body }) => body)
  }

  it('[S10] is as it was after a restart: records, stream states, outbox with its numbers, drafts', async () => {
    const before = await device.open()
    await fill(before)
    const [outbox, streams] = [await before.sync.loadOutbox(), await before.sync.loadStreams()]
    await device.close()
    const after = await device.open()
    expect(await after.sync.loadOutbox()).toEqual(outbox)
    expect(await after.sync.loadStreams()).toEqual(streams)
    expect(await bodies(after)).toEqual(['message 1', 'message 2', 'unsent'])
    expect(await after.chat.queries.loadDraft(roomId)).toBe('unfinished')
  })

  it('[S10.4] another relay or another user sees nothing of it', async () => {
    await fill(await device.open())
    await device.close()
    const other = await device.open({ userId: newId() })
    expect(await bodies(other)).toEqual([])
    await device.close()
    expect(await bodies(await device.open({ relayId: newId() }))).toEqual([])
  })

  it('opens where there is no secure context: no crypto.subtle, no randomUUID, no Web Locks', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    expect(globalThis.crypto.subtle).toBeUndefined()
    withoutWebLocks()
    const store = await device.open()
    await fill(store)
    await store.lead()
    expect(await bodies(store)).toHaveLength(3)
  })

  it('ends its observables when it is closed', async () => {
    const { chat } = await device.open()
    const { queries } = chat
    const all: Observable<unknown>[] = [
      queries.watchRooms(),
      queries.watchTimeline(roomId, 1),
      queries.watchOutbox(),
      queries.watchHeld(roomId),
      queries.watchMembers(roomId),
      queries.watchUsers()
    ]
    const ended = Promise.all(all.map((each) => lastValueFrom(each, { defaultValue: 'nothing' })))
    await firstValueFrom(chat.queries.watchRooms())
    await device.close()
    expect(await ended).toHaveLength(6)
  })

  it('wipes everything of this person and nothing of others', async () => {
    const neighbour = newId()
    await fill(await device.open({ userId: neighbour }))
    await device.close()
    const store = await device.open()
    await fill(store)
    await store.wipe()
    await device.close()
    const again = await device.open()
    expect([await again.sync.loadOutbox(), await bodies(again)]).toEqual([[], []])
    await device.close()
    expect(await bodies(await device.open({ userId: neighbour }))).toHaveLength(3)
  })

  it('opens on a full device, with what is there; what an earlier window left half done waits', async () => {
    let space = Infinity
    const storage = watchedStorage(device.disk, ['outbox'], async () => {
      if (space-- <= 0) throw new DOMException('full', 'QuotaExceededError')
    })
    const before = await device.open({ storage })
    await fill(before)
    const [sent] = await before.sync.loadOutbox()
    space = 1
    const answer = { id: sent?.id ?? '', n: 1, status: 'accepted', stream, rev: 3, seq: 3 } as const
    await expect(before.sync.storeAnswers(1, [answer])).rejects.toMatchObject({ name: 'StorageFullError' })
    await device.close()

    const problems: unknown[] = []
    const store = await device.open({ storage, onProblem: (problem) => problems.push(problem) })
    expect(problems).toMatchObject([{ name: 'StorageFullError' }])
    expect(await bodies(store)).toEqual(['message 1', 'message 2', 'unsent'])
    await expect(store.chat.commands.sendMessage(roomId, 'more')).rejects.toMatchObject({ name: 'StorageFullError' })
    space = Infinity
    await store.chat.commands.sendMessage(roomId, 'more')
  })

  describe('broken records', () => {
    const rebuiltBy = async (open: (onRecordsRebuilt: (cause: unknown) => void) => Promise<Store>) => {
      const causes: unknown[] = []
      const store = await open((cause) => causes.push(cause))
      return { store, causes }
    }
    const expectRefillable = async (store: Store): Promise<void> => {
      expect(await store.sync.loadStreams()).toEqual([])
      expect(await bodies(store)).toEqual(['unsent'])
      expect(await store.chat.queries.loadDraft(roomId)).toBe('unfinished')
      expect((await store.sync.numberPending(10)).map(({ n }) => n)).toEqual([1])
      await store.sync.applyRecords(stream, 1, [messageRecord(1)])
      expect(await bodies(store)).toEqual(['message 1', 'unsent'])
    }

    it('of another schema are replaced by an empty store, the own words stay, and it is told', async () => {
      await fill(await device.open())
      await device.close()
      const name = databaseNames(device.relayId, device.userId).records(0)
      const storage = indexedDbStorage(device.disk)
      await storage.remove(name, ['messages'])
      const newer = await createRxDatabase({
        name,
        storage: storage.rx,
        hashFunction: async () => 'another'
      })
      const messages = {
        version: 0,
        primaryKey: 'key',
        type: 'object',
        properties: { key: { type: 'string', maxLength: 9 } }
      } as const
      await newer.addCollections({ messages: { schema: messages } })
      await newer.close()

      const { store, causes } = await rebuiltBy((onRecordsRebuilt) => device.open({ onRecordsRebuilt }))
      expect(causes).toMatchObject([{ code: 'DB6' }])
      await expectRefillable(store)
      await device.close()
      const kept = await device.open()
      expect(await bodies(kept)).toEqual(['message 1', 'unsent'])
      expect((await device.disk.databases()).map((each) => each.name)).not.toContain(`rxdb-dexie-${name}--0--users`)
    })

    it.each(['_rxdb_internal', 'users', 'messages', 'streams'])('in %s are replaced too', async (broken) => {
      await fill(await device.open())
      await device.close()
      const old = databaseNames(device.relayId, device.userId).records(0)
      const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
        if (databaseName === old && collectionName === broken) throw new DOMException('corrupt', 'UnknownError')
        return open()
      })
      const { store, causes } = await rebuiltBy((onRecordsRebuilt) => device.open({ onRecordsRebuilt, storage }))
      expect(causes).toMatchObject([{ name: 'UnknownError' }])
      await expectRefillable(store)
    })

    it('whose messages are gone are replaced too, or nothing would ask for them again', async () => {
      const first = await device.open()
      await fill(first)
      const held = { stream, epoch: 1, checkpoint: 1, ranges: [[1, 1]], headSeq: 1 } as const
      await first.sync.saveStreams([held])
      await device.close()
      expect(await (await device.open()).sync.loadStreams()).toEqual([held])
      await device.close()
      await indexedDbStorage(device.disk).remove(databaseNames(device.relayId, device.userId).records(0), ['messages'])
      const { store, causes } = await rebuiltBy((onRecordsRebuilt) => device.open({ onRecordsRebuilt }))
      expect(causes).toHaveLength(1)
      await expectRefillable(store)
    })

    it('that open but cannot be read are replaced too', async () => {
      await fill(await device.open())
      await device.close()
      const old = databaseNames(device.relayId, device.userId).records(0)
      const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
        const instance = await open()
        if (databaseName === old && collectionName === 'messages') {
          const readRange = (): Promise<never> => Promise.reject(new DOMException('corrupt', 'DataError'))
          Object.assign(instance, { readRange })
        }
        return instance
      })
      const { store, causes } = await rebuiltBy((onRecordsRebuilt) => device.open({ onRecordsRebuilt, storage }))
      expect(causes).toMatchObject([{ name: 'DataError' }])
      await expectRefillable(store)
    })

    it('are left alone when the app itself has opened too much', async () => {
      await fill(await device.open())
      await device.close()
      const old = databaseNames(device.relayId, device.userId).records(0)
      const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
        if (databaseName === old && collectionName === 'streams')
          throw Object.assign(new Error('open'), { code: 'DB8' })
        return open()
      })
      await expect(device.open({ storage })).rejects.toMatchObject({ code: 'DB8' })
      expect(await bodies(await device.open())).toEqual(['message 1', 'message 2', 'unsent'])
    })

    it('are left alone when nothing can be opened at all: the fault is not theirs', async () => {
      await fill(await device.open())
      await device.close()
      const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
        if (databaseName.includes('records') && collectionName === 'streams')
          throw new DOMException('full', 'QuotaExceededError')
        return open()
      })
      await expect(device.open({ storage })).rejects.toMatchObject({ name: 'QuotaExceededError' })
      expect(await bodies(await device.open())).toEqual(['message 1', 'message 2', 'unsent'])
    })
  })

  it('[D4] an own database that cannot be read is an error that says so, and nothing is deleted', async () => {
    await fill(await device.open())
    await device.close()
    const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
      if (databaseName.includes('own') && collectionName === 'outbox') throw new DOMException('corrupt', 'UnknownError')
      return open()
    })
    const error = await device.open({ storage }).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(OwnDataUnreadableError)
    expect((error as Error).message).toContain('not deleted')
    expect(await bodies(await device.open())).toEqual(['message 1', 'message 2', 'unsent'])
  })

  it('one window leads; when it closes, the next one does', async () => {
    withoutWebLocks()
    const first = await device.open()
    await first.lead()
    const second = await device.openOwnWindow()
    let leads = false
    const followed = second.own.outbox.database.waitForLeadership().then(() => (leads = true))
    await first.chat.commands.sendMessage(roomId, 'while the first one leads')
    await firstValueFrom(second.outbox.snapshots.pipe(filter(({ entries }) => entries.length === 1)))
    expect(leads).toBe(false)
    await first.close()
    expect(await followed).toBe(true)
  })

  it('asks IndexedDB for strict durability', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const { chat, sync } = await device.open()
    transaction.mockClear()
    await chat.commands.sendMessage(roomId, 'a')
    await sync.applyRecords(USERS_STREAM, 1, [])
    await sync.applyRecords(stream, 1, [messageRecord(1)])
    const writes = transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')
    expect(writes.length).toBeGreaterThanOrEqual(2)
    expect(writes.every(([, , options]) => options?.durability === 'strict')).toBe(true)
  })
})
