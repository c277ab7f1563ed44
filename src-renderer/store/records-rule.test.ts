// Records are written by sync alone: by what the client's files name, and by what all commands together do.
import { afterEach, describe, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { indexedDbStorage } from './device-storage.ts'
import { testDevice, wrappedStorage } from './testing/device.ts'
import { holdRoom, messageOf, userOf } from './testing/records.ts'

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
const files = Object.entries(sources).filter(([path]) => !/\.(test|contract)\.tsx?$|\/testing\//.test(path))
const naming = (pattern: RegExp): string[] =>
  files
    .flatMap(([path, text]) => (pattern.test(text.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '')) ? [path] : []))
    .toSorted()

describe('records', () => {
  let device = testDevice()
  afterEach(async () => {
    await device.close()
    device = testDevice()
  })

  it('are put into their collections by the store’s half for sync, and nowhere else', () => {
    expect(naming(/\b(reviseRows|writeRows)\b/)).toEqual([
      './databases.ts', // which generation of the records is in use
      './local-rows.ts', // drafts
      './notified-marks.ts', // how far notifications have looked
      './outbox.ts',
      './pictures.ts', // what the relay made of people's pictures, asked for when it is shown
      './reads-writer.ts',
      './record-rows.ts',
      './rows.ts',
      './rxdb-sync-store.ts'
    ])
    expect(
      naming(/\.(insert|bulkInsert|upsert|bulkUpsert|incrementalUpsert|patch|incrementalPatch|bulkRemove)\(/)
    ).toEqual([])
    // direct-storage.ts and, for own words, space-reserve.ts are what it goes through; open-collection.ts writes RxDB's note that there is a collection.
    expect(naming(/\bbulkWrite\b/)).toEqual([
      './direct-storage.ts',
      './open-collection.ts',
      './rows.ts',
      './space-reserve.ts'
    ])
  })

  it('are handed to that half by sync alone', () => {
    const outside = naming(/\.(applyRecords|applyPage|saveStreams)\(/).filter((path) => !path.startsWith('./'))
    expect(outside.length).toBeGreaterThan(0)
    expect(outside.filter((path) => !path.startsWith('../sync/'))).toEqual([])
    expect(naming(/store\.sync\b/)).toEqual(['../profile.ts'])
  })

  it('are not touched by any command', async () => {
    const written: string[] = []
    let watching = false
    const storage = wrappedStorage(indexedDbStorage(device.disk), async ({ databaseName, collectionName }, open) => {
      const instance = await open()
      const bulkWrite = instance.bulkWrite.bind(instance)
      instance.bulkWrite = (rows, context) => {
        if (watching && databaseName.includes('records')) written.push(collectionName)
        return bulkWrite(rows, context)
      }
      return instance
    })
    const store = await device.open({ storage })
    const room = newId()
    const mine = messageOf(room, 1, { authorId: device.userId })
    await holdRoom(store, device.userId, room, [mine, messageOf(room, 2)])
    await store.sync.applyRecords('users', 1, [userOf(device.userId)])
    watching = true
    const { commands } = store.chat
    const done = new Set<string>()
    const act = async (name: keyof typeof commands, ...args: unknown[]): Promise<unknown> => {
      done.add(name)
      return (commands[name] as (...all: unknown[]) => Promise<unknown>)(...args)
    }
    await act('createRoom', 'yard', [newId()])
    await act('renameRoom', room, 'porch')
    await act('addMembers', room, [newId()])
    await act('removeMember', room, newId())
    const sent = await act('sendMessage', room, 'words')
    await act('editMessage', room, mine.id, 'other')
    await act('setReaction', room, mine.id, '👍', true)
    await act('setMessagePin', room, mine.id, true)
    await act('deleteMessage', room, sent)
    await act('markRead', room, 2)
    await act('markUnread', room, 1)
    await act('setMuted', room, null)
    await act('setPinned', room, true)
    await act('changeProfile', { displayName: 'J' })
    await act('openDirect', newId())
    await act('openNotes')
    await act('changeRoom', room, { topic: 'what is new' })
    await act('setRole', room, newId(), 'admin')
    await act('setBan', room, newId(), true)
    await act('sendMessages', room, [{ body: 'between us' }], { to: [newId()] })
    await act('setBlock', newId(), true)
    await act('setReceipts', false)
    await act('setAvailability', 'dnd')
    await act('closeRoom', room)
    await act('leaveRoom', room)
    await act('joinRoom', room)
    await act('saveDraft', room, 'a')
    await act('saveScroll', room, { seq: 1, offset: 0 })
    await act('saveEdit', room, { messageId: mine.id, base: 'other', text: 'othe' })
    for (const { id } of await store.sync.loadOutbox()) {
      await act('retry', id)
      await act('cancel', id)
      await act('discard', id)
    }
    expect([...done].toSorted()).toEqual(Object.keys(commands).toSorted())
    expect(written).toEqual([])
  })
})
