// An own database that cannot be read: a file with what is left of it, then a new beginning, and the records stay.
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { databaseNames } from './database-names.ts'
import { OwnDataUnreadableError } from './own-data-unreadable.ts'
import { indexedDbStorage } from './device-storage.ts'
import { testDevice, wrappedStorage } from './testing/device.ts'
import { holdRoom, messageOf } from './testing/records.ts'
import { exportUnreadable, setAside } from './unreadable.ts'

const room = newId()

describe('an unreadable own database', () => {
  let device = testDevice()
  afterEach(async () => {
    await device.close()
    device = testDevice()
  })

  /** A device with unsent words whose outbox opens no more. */
  const broken = async () => {
    const store = await device.open()
    await holdRoom(store, device.userId, room, [messageOf(room, 1)])
    await store.chat.commands.sendMessage(room, '보내지 못한 말')
    await store.chat.commands.saveDraft(room, 'half a sente')
    await device.close()
    const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
      if (databaseName.includes('own') && collectionName === 'outbox') throw new DOMException('corrupt', 'UnknownError')
      return open()
    })
    const error = await device.open({ storage }).catch((cause: unknown) => cause)
    if (!(error instanceof OwnDataUnreadableError)) throw error
    return error
  }

  it('[D4] gives a file with every word that can be read, and changes nothing by that', async () => {
    const error = await broken()
    const { file } = await exportUnreadable(error, indexedDbStorage(device.disk))
    expect(file.type).toBe('application/json')
    const { texts, salvaged } = JSON.parse(await file.text())
    expect(texts).toEqual(expect.arrayContaining(['보내지 못한 말', 'half a sente']))
    expect(salvaged.map(({ collection }: { collection: string }) => collection)).toEqual(['outbox', 'drafts', 'device'])
    expect(await (await device.open()).sync.loadOutbox()).toHaveLength(1)
  })

  it('[D4] names words once that were sent and, by a kill, not forgotten as a draft', async () => {
    const store = await device.open()
    const messageId = newId()
    await store.chat.commands.saveDraft(room, 'sent in that moment', messageId)
    await store.chat.commands.saveEdit(room, { messageId: newId(), base: 'old', text: 'half an edit' })
    await store.chat.commands.sendMessage(room, 'sent in that moment', { messageId })
    await device.close()
    const error = new OwnDataUnreadableError(databaseNames(device.relayId, device.userId).own, new Error('corrupt'))
    const { file, texts } = await exportUnreadable(error, indexedDbStorage(device.disk))
    expect(texts).toBe(2)
    expect(JSON.parse(await file.text()).texts).toEqual(['sent in that moment', 'half an edit'])
  })

  it('says what is missing where nothing can be read, and makes no database by asking', async () => {
    const error = new OwnDataUnreadableError('maru-own-nobody', new Error('corrupt'))
    const { file } = await exportUnreadable(error, indexedDbStorage(device.disk))
    const { texts, salvaged } = JSON.parse(await file.text())
    expect(texts).toEqual([])
    expect(salvaged).toHaveLength(3)
    expect(salvaged.every(({ problems }: { problems: string[] }) => problems.length === 1)).toBe(true)
    expect(await device.disk.databases()).toEqual([])
  })

  it('set aside, the store opens with an empty outbox, and with the records that it had', async () => {
    await setAside(await broken(), indexedDbStorage(device.disk))
    const { chat, sync } = await device.open()
    expect(await sync.loadOutbox()).toEqual([])
    expect(await chat.queries.loadDraft(room)).toBe('')
    const { items } = await firstValueFrom(chat.queries.watchTimeline(room, 1))
    expect(items.map(({ body }) => body)).toEqual(['message 1'])
    await chat.commands.sendMessage(room, 'anew')
    expect(await sync.numberPending(1)).toMatchObject([{ n: 1 }])
  })

  it('before everything is wiped, what would be lost is counted', async () => {
    const store = await device.open()
    expect(await store.unsent()).toEqual({ operations: 0, drafts: 0 })
    await store.chat.commands.sendMessage(room, 'a')
    await store.chat.commands.sendMessage(newId(), 'b')
    await store.chat.commands.saveDraft(room, 'c')
    await store.chat.commands.saveScroll(newId(), { seq: 1, offset: 0 })
    expect(await store.unsent()).toEqual({ operations: 2, drafts: 1 })
    await store.wipe()
    expect(await device.disk.databases()).toEqual([])
  })
})
