// What a device holds, as a file for its person: all of it, unsent words first, whatever the length of a room.
import { afterEach, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { testDevice } from './testing/device.ts'
import { holdRoom, messageOf, userOf } from './testing/records.ts'

const me = newId()
let device = testDevice(me)
afterEach(async () => {
  await device.close()
  device = testDevice(me)
})

it('holds unsent words, drafts, people, and each room with its members and all of its messages in order', async () => {
  const store = await device.open()
  const [long, short] = [newId(), newId()]
  const messages = Array.from({ length: 1_205 }, (_, index) => messageOf(long, index + 1))
  await store.sync.applyRecords('users', 1, [userOf(me)])
  await holdRoom(store, me, long, messages)
  await holdRoom(store, me, short)
  await store.chat.commands.sendMessage(short, 'not sent "yet"')
  await store.chat.commands.saveDraft(long, 'half a sen')

  const file = await store.exportAll()
  expect(file.type).toBe('application/json')
  const saved = JSON.parse(await new Response(file).text()) as {
    unsent: { body: string }[]
    drafts: unknown[]
    users: { id: string }[]
    rooms: { room: { id: string }; members: unknown[]; messages: { seq: number }[] }[]
  }
  expect(saved.unsent.map(({ body }) => body)).toEqual(['not sent "yet"'])
  expect(saved.drafts).toEqual([{ roomId: long, text: 'half a sen' }])
  expect(saved.users.map(({ id }) => id)).toEqual([me])
  const byId = new Map(saved.rooms.map(({ room, ...rest }) => [room.id, rest]))
  expect(byId.get(long)?.messages.map(({ seq }) => seq)).toEqual(messages.map(({ seq }) => seq))
  expect(byId.get(short)).toMatchObject({ members: [{ userId: me }], messages: [] })
})
