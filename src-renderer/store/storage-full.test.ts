// No space left: it is told, sending is tried all the same, and nothing that was stored is lost.
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { roomStream } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { indexedDbStorage } from './device-storage.ts'
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
  const open = async () => {
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
    return { control, store: await device.open({ storage }) }
  }
  const stream = roomStream(room)

  it('for records is told as a state until something can be stored again; own words are still taken', async () => {
    const { control, store } = await open()
    const { commands, queries } = store.chat
    const seen: string[] = []
    queries.watchStorage().subscribe((state) => seen.push(state))
    await store.sync.applyRecords(stream, 1, [messageOf(room, 1)])
    control.full = 'records'
    const failed = store.sync.applyRecords(stream, 1, [messageOf(room, 2)])
    await expect(failed).rejects.toMatchObject({ name: 'StorageFullError' })
    await commands.sendMessage(room, 'small')
    expect(await store.sync.numberPending(1)).toHaveLength(1)
    const { items } = await firstValueFrom(queries.watchTimeline(room, 1))
    expect(items.map(({ body }) => body)).toEqual(['message 1', 'small'])
    control.full = ''
    await store.sync.applyRecords(stream, 1, [messageOf(room, 2)])
    expect(seen).toEqual(['ok', 'full', 'ok'])
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
