// What is pinned in a room: records and own changes as one, the newest first.
import { afterEach, expect, it } from 'vitest'
import { filter, firstValueFrom } from 'rxjs'
import { newId } from '../../protocol/values.ts'
import type { PinnedMessage } from './chat-store.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, messageOf, userOf } from './testing/records.ts'

const me = newId()
const room = newId()
let device = testDevice(me)
afterEach(async () => {
  await device.close()
  device = testDevice(me)
})

it('shows what is pinned and held, with own pins, edits and deletions that are on their way; what is not held by its id alone', async () => {
  const store = await device.open({ paceMs: 0 })
  const [first, second] = [
    messageOf(room, 1, { authorId: me, body: 'one' }),
    messageOf(room, 2, { authorId: me, body: 'two' })
  ]
  await holdRoom(store, me, room, [first, second])
  await store.sync.applyRecords('users', 1, [userOf(me)])
  const { commands, queries } = store.chat
  const shown = async (fits: (pins: readonly PinnedMessage[]) => boolean) =>
    (await firstValueFrom(queries.watchPins(room).pipe(filter(fits)))).map(({ id, message }) => [id, message?.excerpt])

  expect(await shown(() => true)).toEqual([])
  await commands.setMessagePin(room, first.id, true)
  await commands.setMessagePin(room, second.id, true)
  expect(await shown(({ length }) => length === 2)).toEqual([
    [second.id, 'two'],
    [first.id, 'one']
  ])
  await commands.editMessage(room, first.id, 'one, better')
  expect(await shown((pins) => pins.some(({ message }) => message?.excerpt === 'one, better'))).toContainEqual([
    first.id,
    'one, better'
  ])
  await commands.deleteMessage(room, second.id)
  expect(await shown(({ length }) => length === 1)).toEqual([[first.id, 'one, better']])
  await commands.setMessagePin(room, first.id, false)
  expect(await shown(({ length }) => length === 0)).toEqual([])
})
