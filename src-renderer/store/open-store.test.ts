// @vitest-environment happy-dom
// Opening, closing, breaking and wiping the device's store, and which window leads.
import { createRxDatabase } from 'rxdb'
import { filter, firstValueFrom, lastValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readsStream, roomStream, userStream, USERS_STREAM } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { databaseNames } from './database-names.ts'
import { OwnDataUnreadableError } from './own-data-unreadable.ts'
import { indexedDbStorage } from './device-storage.ts'
import type { DeviceStorage } from './device-storage.ts'
import type { Store } from './open-store.ts'
import { everyRow, read } from './queries.ts'
import type { RangeReader } from './queries.ts'
import { reviseRows } from './rows.ts'
import type { Keyed } from './schemas.ts'
import type { StreamState } from './sync-store.ts'
import { messageRecord, roomId } from './sync-store.contract.ts'
import { testDevice, watchedStorage, wrappedStorage } from './testing/device.ts'
import { memberOf, membershipOf, roomOf, userOf } from './testing/records.ts'

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

  const databasesLeft = async (): Promise<(string | undefined)[]> =>
    (await device.disk.databases()).map(({ name }) => name)

  it('is wiped on a full device too: what waits to be written is not waited for', async () => {
    let full = false
    const storage = watchedStorage(device.disk, ['messages', 'streams'], async () => {
      if (full) throw new DOMException('full', 'QuotaExceededError')
    })
    const store = await device.open({ storage, onProblem: () => {} })
    await fill(store)
    full = true
    const mark = { type: 'read', rev: 1, roomId, userId: newId(), seq: 2 } as const
    await expect(store.sync.applyRecords(readsStream(roomId), 1, [mark])).rejects.toThrow('no space left')
    await store.wipe()
    expect(await databasesLeft()).toEqual([])
  })

  it('is wiped although it cannot be closed, which is told', async () => {
    const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ collectionName }, open) => {
      const instance = await open()
      const close = instance.close.bind(instance)
      if (collectionName === 'users')
        instance.close = async () => close().then(() => Promise.reject(new Error('stuck')))
      return instance
    })
    const problems: unknown[] = []
    const store = await device.open({ storage, onProblem: (problem) => problems.push(problem) })
    await fill(store)
    await store.wipe()
    expect(problems).toMatchObject([{ message: 'stuck' }])
    expect(await databasesLeft()).toEqual([])
    device = testDevice()
  })

  it('of which something cannot be deleted is deleted but for that, says so, and can be wiped again', async () => {
    const storage = indexedDbStorage(device.disk)
    const remove = async (name: string, collections: readonly string[]): Promise<void> => {
      if (name.includes('records')) throw new Error('could not delete')
      await storage.remove(name, collections)
    }
    const store = await device.open({ storage: { ...storage, remove } })
    await fill(store)
    await expect(store.wipe()).rejects.toThrow('could not delete')
    expect((await databasesLeft()).filter((name) => name?.includes('-own-'))).toEqual([])
    await device.close()
    await (await device.open()).wipe()
    expect(await databasesLeft()).toEqual([])
  })

  describe('of which a window that was killed has left a generation of records', () => {
    /** What a rebuild has written when the window is killed before it deletes the former generation. */
    const leaveOld = async (): Promise<string> => {
      await fill(await device.open())
      await device.close()
      const { own } = await device.openOwnWindow()
      await reviseRows(own.device, ['records'], (key) => ({ key, generation: 1 }))
      await device.close()
      return databaseNames(device.relayId, device.userId).records(0)
    }
    const isLeft = async (old: string): Promise<boolean> =>
      (await databasesLeft()).some((name) => name?.includes(`${old}--`))

    it.each([
      ['tells', indexedDbStorage],
      ['does not tell', (disk: IDBFactory) => ({ ...indexedDbStorage(disk), list: async () => null })]
    ])('is wiped with it, where the browser %s which databases there are', async (_, storageOn) => {
      const old = await leaveOld()
      const store = await device.open({ storage: storageOn(device.disk) })
      expect(await isLeft(old)).toBe(true)
      await store.wipe()
      expect(await databasesLeft()).toEqual([])
    })

    it('deletes it some time after the next start, and nothing else', async () => {
      const neighbour = newId()
      await fill(await device.open({ userId: neighbour }))
      await device.close()
      const old = await leaveOld()
      const store = await device.open({ removeOldAfterMs: 0 })
      await store.sync.applyRecords(stream, 1, [messageRecord(1)])
      await expect.poll(() => isLeft(old)).toBe(false)
      expect(await bodies(store)).toEqual(['message 1', 'unsent'])
      await device.close()
      expect(await bodies(await device.open())).toEqual(['message 1', 'unsent'])
      await device.close()
      expect(await bodies(await device.open({ userId: neighbour }))).toHaveLength(3)
    })
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

    /** A person in one room, as sync has it when nothing is missing. */
    const fillAll = async (states: readonly StreamState[] = []): Promise<void> => {
      const { sync } = await device.open()
      const me = device.userId
      const own = userStream(me)
      await sync.applyRecords(USERS_STREAM, 1, [userOf(me)])
      await sync.applyRecords(own, 1, [membershipOf(roomId)])
      await sync.applyRecords(stream, 1, [roomOf(roomId), memberOf(roomId, me), messageRecord(1)])
      const state = { epoch: 1, checkpoint: 9, ranges: [], headSeq: 0 }
      await sync.saveStreams([
        { ...state, stream: USERS_STREAM },
        { ...state, stream: own },
        { ...state, stream, ranges: [[1, 1]], headSeq: 1 },
        ...states
      ])
      await device.close()
    }
    const lose = async (collection: string): Promise<void> => {
      const name = databaseNames(device.relayId, device.userId).records(0)
      const gone = (await databasesLeft()).filter((each) => each === `rxdb-dexie-${name}--0--${collection}`)
      expect(gone).toHaveLength(1)
      for (const each of gone) {
        await new Promise((resolve) => device.disk.deleteDatabase(each ?? '').addEventListener('success', resolve))
      }
    }

    it.each(['users', 'memberships', 'rooms', 'members', 'messages'])(
      'whose %s are gone are replaced too, or the list of rooms would be wrong for ever',
      async (collection) => {
        await fillAll()
        await (await device.open()).close()
        await lose(collection)
        const { store, causes } = await rebuiltBy((onRecordsRebuilt) => device.open({ onRecordsRebuilt }))
        expect(causes).toMatchObject([{ message: expect.stringContaining(collection) as string }])
        expect(await store.sync.loadStreams()).toEqual([])
      }
    )

    it('are not those of a room of which the changes are still being caught up', async () => {
      await fillAll([
        { stream, epoch: 1, checkpoint: 2, ranges: [[1, 1]], headSeq: 1, jump: { position: 9, target: 9 } }
      ])
      await lose('members')
      await lose('rooms')
      const { causes } = await rebuiltBy((onRecordsRebuilt) => device.open({ onRecordsRebuilt }))
      expect(causes).toEqual([])
    })

    it('are looked for by one row of each collection at most, beside the states, and all at once', async () => {
      const { sync } = await device.open()
      await sync.applyRecords(
        USERS_STREAM,
        1,
        Array.from({ length: 30 }, () => userOf(newId()))
      )
      await sync.applyRecords(stream, 1, [messageRecord(1), messageRecord(2), memberOf(roomId, newId())])
      await device.close()
      await fillAll()
      const { begun, asked } = { begun: [] as string[], asked: new Map<string, number[]>() }
      let answers = 0
      const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
        const instance = (await open()) as Awaited<ReturnType<typeof open>> & RangeReader<Keyed>
        if (!databaseName.includes('records') || instance.readRange === undefined) return instance
        const readRange = instance.readRange.bind(instance)
        instance.readRange = async (range) => {
          if (answers === 0) begun.push(collectionName)
          const rows = await readRange(range)
          answers++
          asked.set(collectionName, [...(asked.get(collectionName) ?? []), rows.length])
          return rows
        }
        return instance
      })
      await device.open({ storage })
      const each = { users: [1], memberships: [1], rooms: [1], members: [1], messages: [1], streams: [3] }
      expect(Object.fromEntries(asked)).toEqual(each)
      expect(begun.toSorted()).toEqual(Object.keys(each).toSorted())
    })

    it('are replaced although they cannot be deleted: that is told, and done after the next start', async () => {
      await fill(await device.open())
      await device.close()
      const old = databaseNames(device.relayId, device.userId).records(0)
      const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
        if (databaseName === old && collectionName === 'users') throw new DOMException('corrupt', 'UnknownError')
        return open()
      })
      const remove = async (): Promise<never> => Promise.reject(new Error('could not delete'))
      const problems: unknown[] = []
      const { store, causes } = await rebuiltBy((onRecordsRebuilt) =>
        device.open({ onRecordsRebuilt, storage: { ...storage, remove }, onProblem: (each) => problems.push(each) })
      )
      expect(causes).toMatchObject([{ name: 'UnknownError' }])
      expect(problems).toMatchObject([{ message: 'could not delete' }])
      await expectRefillable(store)
      await device.close()
      const next = await device.open({ removeOldAfterMs: 0 })
      await expect.poll(async () => (await databasesLeft()).some((name) => name?.includes(old))).toBe(false)
      expect(await bodies(next)).toEqual(['message 1', 'unsent'])
    })

    describe('of which something cannot be read after the start', () => {
      /** Ranges without a limit are those that are asked for after the start. */
      const failing = (where: { generations: RegExp; while: () => boolean }) =>
        wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
          const instance = (await open()) as Awaited<ReturnType<typeof open>> & RangeReader<Keyed>
          if (collectionName !== 'messages' || !where.generations.test(databaseName)) return instance
          const readRange = instance.readRange.bind(instance)
          instance.readRange = async (range) => {
            if (range.limit === undefined && where.while()) throw new DOMException('a lost file', 'DataError')
            return readRange(range)
          }
          return instance
        })
      const failOnce = async (storage: DeviceStorage): Promise<void> => {
        await fill(await device.open())
        await device.close()
        const store = await device.open({ storage })
        await expect(bodies(store)).rejects.toThrow('a lost file')
        const { own } = await device.openOwnWindow()
        await expect.poll(async () => read(own.device, everyRow())).toHaveLength(1)
        await device.close()
      }

      it('are replaced at the next start', async () => {
        const storage = failing({ generations: /-records-.*-0$/, while: () => true })
        await failOnce(storage)
        const { store, causes } = await rebuiltBy((onRecordsRebuilt) => device.open({ onRecordsRebuilt, storage }))
        expect(causes).toMatchObject([{ name: 'DataError' }])
        await expectRefillable(store)
        await device.close()
        await device.open({ storage })
      })

      it('stay if it can be read at the next start, and that is the end of it', async () => {
        let broken = true
        const storage = failing({ generations: /-records-/, while: () => broken })
        await failOnce(storage)
        broken = false
        const store = await device.open({ storage })
        expect(await bodies(store)).toEqual(['message 1', 'message 2', 'unsent'])
        const { own } = await device.openOwnWindow()
        await expect.poll(async () => read(own.device, everyRow())).toEqual([])
      })

      it('stay if nothing at all could be read in this way: the fault is not theirs', async () => {
        const storage = failing({ generations: /-records-/, while: () => true })
        await failOnce(storage)
        const store = await device.open({ storage })
        expect(await store.sync.loadStreams()).toHaveLength(1)
      })
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
