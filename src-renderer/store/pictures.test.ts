// Pictures on the device: one of each person or room, kept over restarts, gone with a wipe.
import { afterEach, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { firstValueFrom } from 'rxjs'
import { testDevice } from './testing/device.ts'
import { userOf } from './testing/records.ts'

const me = newId()
let device = testDevice(me)
afterEach(async () => {
  await device.close()
  device = testDevice(me)
})

const [first, second] = ['a'.repeat(32), 'b'.repeat(32)]
const mina = { of: 'user', id: newId() } as const

it('is there after a restart, and gives way to the next one of the same person', async () => {
  const { pictures } = await device.open()
  expect(await pictures.load(mina, first)).toBeUndefined()
  await pictures.save(mina, first, 'one')
  await device.close()
  const later = (await device.open()).pictures
  expect(await later.load(mina, first)).toBe('one')
  await later.save(mina, second, 'two')
  expect(await later.load(mina, second)).toBe('two')
  expect(await later.load(mina, first)).toBeUndefined()
  expect(await later.load({ ...mina, of: 'room' }, second)).toBeUndefined()
})

it('of an own change that waits it is what the outbox holds', async () => {
  const { chat, sync, pictures } = await device.open({ paceMs: 0 })
  await sync.applyRecords('users', 1, [userOf(me)])
  await chat.commands.changeProfile({ avatar: 'iVBORw0K', status: 'away' })
  const user = (await firstValueFrom(chat.queries.watchUsers())).get(me)
  expect(user?.status).toBe('away')
  expect(await pictures.load({ of: 'user', id: me }, user?.avatar ?? '')).toBe('iVBORw0K')
})

it('goes with everything else when a device is wiped', async () => {
  const store = await device.open()
  await store.pictures.save(mina, first, 'one')
  await store.wipe()
  expect(await (await device.open()).pictures.load(mina, first)).toBeUndefined()
})
