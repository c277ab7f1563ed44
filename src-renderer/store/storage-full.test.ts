// No space left: it is told, sending is tried all the same, and nothing that was stored is lost.
import { filter, firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { roomStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { databaseNames } from './database-names.ts'
import { indexedDbStorage } from './device-storage.ts'
import type { ReservePlace } from './space-reserve.ts'
import { testDevice, wrappedStorage } from './testing/device.ts'
import { messageOf } from './testing/records.ts'

const room = newId()

describe('a full disk', () => {
  let device = testDevice()
  afterEach(async () => {
    await device.close()
    device = testDevice()
  })

  /** A device on which the databases that `full` names find no space; the error as Dexie wraps it. */
  const open = async (reservePlace?: ReservePlace) => {
    const control = { full: '' }
    const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName }, openOne) => {
      const instance = await openOne()
      const bulkWrite = instance.bulkWrite.bind(instance)
      instance.bulkWrite = (rows, context) => {
        if (control.full === '' || !databaseName.includes(control.full)) return bulkWrite(rows, context)
        const inner = new DOMException('the quota has been exceeded', 'QuotaExceededError')
        return Promise.reject(Object.assign(new Error('aborted', { cause: undefined }), { name: 'AbortError', inner }))
      }
      return instance
    })
    return { control, store: await device.open({ storage, ...(reservePlace ? { reservePlace } : {}) }) }
  }
  const stream = roomStream(room)

  it('for records is told as a state until something can be stored again; own words are still taken', async () => {
    const { control, store } = await open()
    const { commands, queries } = store.chat
    const seen: string[] = []
    queries.watchStorage().subscribe((state) => seen.push(state))
    const first = messageOf(room, 1)
    await store.sync.applyRecords(stream, 1, [first])
    control.full = 'records'
    const failed = store.sync.applyRecords(stream, 1, [messageOf(room, 2)])
    await expect(failed).rejects.toMatchObject({ name: 'StorageFullError' })
    await commands.sendMessage(room, 'small')
    expect(await store.sync.numberPending(1)).toHaveLength(1)
    const { items } = await firstValueFrom(queries.watchTimeline(room, 1))
    expect(items.map(({ body }) => body)).toEqual(['message 1', 'small'])
    control.full = ''
    await store.sync.applyRecords(stream, 1, [])
    await store.sync.applyRecords(stream, 1, [first])
    expect(seen).toEqual(['ok', 'full'])
    await store.sync.applyRecords(stream, 1, [messageOf(room, 2)])
    expect(seen).toEqual(['ok', 'full', 'ok'])
  })

  it('own words take the space that is kept for them, once; records wait until it can be kept again', async () => {
    const space = { kept: true, free: false }
    const full = (): string => (space.kept ? 'maru' : space.free ? '' : 'records')
    const { control, store } = await open({
      fill: async () => (space.kept ||= space.free),
      async empty() {
        const had = space.kept
        space.kept = false
        control.full = full()
        return had
      }
    })
    const { commands, queries } = store.chat
    const seen: string[] = []
    queries.watchStorage().subscribe((state) => seen.push(state))
    control.full = full()
    await commands.sendMessage(room, 'I have no space left')
    const [numbered] = await store.sync.numberPending(1)
    expect(numbered?.operation).toMatchObject({ body: 'I have no space left' })
    control.full = ''
    await expect(store.sync.applyRecords(stream, 1, [messageOf(room, 1)])).rejects.toThrow('kept for own words')
    expect(seen).toEqual(['ok', 'full'])
    control.full = 'maru'
    await expect(commands.sendMessage(room, 'none at all')).rejects.toMatchObject({ name: 'StorageFullError' })
    space.free = true
    control.full = ''
    await store.sync.applyRecords(stream, 1, [messageOf(room, 1)])
    expect([space.kept, seen.at(-1)]).toEqual([true, 'ok'])
  })

  it('stays full while only less finds space than what did not', async () => {
    const { control, store } = await open()
    const seen: string[] = []
    store.chat.queries.watchStorage().subscribe((state) => seen.push(state))
    const batch = (from: number, count: number) => Array.from({ length: count }, (_, at) => messageOf(room, from + at))
    control.full = 'records'
    await expect(store.sync.applyRecords(stream, 1, batch(1, 10))).rejects.toMatchObject({ name: 'StorageFullError' })
    control.full = ''
    await store.sync.applyRecords(stream, 1, batch(1, 4))
    expect(seen).toEqual(['ok', 'full'])
    await store.sync.applyRecords(stream, 1, batch(5, 6))
    expect(seen).toEqual(['ok', 'full', 'ok'])
  })

  it('counts what there was no space for, not what is held already', async () => {
    const { control, store } = await open()
    const seen: string[] = []
    store.chat.queries.watchStorage().subscribe((state) => seen.push(state))
    const held = [messageOf(room, 1), messageOf(room, 2)]
    await store.sync.applyRecords(stream, 1, held)
    const fresh = messageOf(room, 3)
    control.full = 'records'
    const failed = store.sync.applyRecords(stream, 1, [...held, fresh])
    await expect(failed).rejects.toMatchObject({ name: 'StorageFullError', rows: 1 })
    control.full = ''
    await store.sync.applyRecords(stream, 1, [fresh])
    expect(seen).toEqual(['ok', 'full', 'ok'])
  })

  it('is told in the other windows too', async () => {
    const { control, store } = await open()
    const name = `maru-space:${databaseNames(device.relayId, device.userId).own}`
    const heard = new Promise((resolve) => {
      const window = new BroadcastChannel(name)
      window.addEventListener('message', ({ data }) => {
        window.close()
        resolve(data)
      })
    })
    control.full = 'records'
    const failed = store.sync.applyRecords(stream, 1, [messageOf(room, 1), messageOf(room, 2)])
    await expect(failed).rejects.toMatchObject({ name: 'StorageFullError' })
    expect(await heard).toBe(2)
    const other = new BroadcastChannel(name)
    control.full = ''
    await store.sync.applyRecords(stream, 1, [messageOf(room, 3), messageOf(room, 4)])
    expect(await firstValueFrom(store.chat.queries.watchStorage())).toBe('ok')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
    other.postMessage(5)
    expect(await firstValueFrom(store.chat.queries.watchStorage().pipe(filter((state) => state === 'full')))).toBe(
      'full'
    )
    other.close()
  })

  it('for own words too makes the command fail aloud, and what was there stays', async () => {
    const { control, store } = await open()
    const id = await store.chat.commands.sendMessage(room, 'before')
    control.full = 'own'
    const full = { name: 'StorageFullError' }
    await expect(store.chat.commands.sendMessage(room, 'more')).rejects.toMatchObject(full)
    await expect(store.chat.commands.editMessage(room, id, 'after')).rejects.toMatchObject(full)
    control.full = ''
    expect((await store.sync.loadOutbox()).map(({ operation }) => operation)).toMatchObject([{ body: 'before' }])
  })
})
