// What is this device's alone: where the person was reading, and what they were writing.
import { afterEach, describe, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { writeLocal } from './local-rows.ts'
import { testDevice } from './testing/device.ts'

let device = testDevice()
afterEach(async () => {
  await device.close()
  device = testDevice()
})

describe('words that were sent in the moment of a kill', () => {
  it('are the message and no draft, from the start on; what was written elsewhere, or since, stays', async () => {
    const [room, other, third, messageId] = [newId(), newId(), newId(), newId()]
    const store = await device.open()
    await store.chat.commands.saveDraft(room, 'hello', messageId)
    await store.chat.commands.saveScroll(room, { seq: 4, offset: 0 })
    await store.chat.commands.saveDraft(other, 'hello', newId())
    await store.chat.commands.saveDraft(third, 'hello')
    await store.chat.commands.sendMessage(room, 'hello', { messageId })
    expect(await store.chat.queries.loadDraft(room)).toBe('')
    await device.close()
    const again = await device.open()
    expect(await again.unsent()).toEqual({ operations: 1, drafts: 2 })
    const { queries } = again.chat
    expect(await Promise.all([room, other, third].map((each) => queries.loadDraft(each)))).toEqual([
      '',
      'hello',
      'hello'
    ])
    expect(await queries.loadScroll(room)).toEqual({ seq: 4, offset: 0 })
  })
})

describe('a draft that is forgotten', () => {
  it('is the one of that name alone: what another window has written meanwhile stays', async () => {
    const [room, said, next] = [newId(), newId(), newId()]
    const { own } = await device.openOwnWindow()
    const local = writeLocal(own.drafts)
    const text = async () => (await own.drafts.storageInstance.findDocumentsById([room], false))[0]?.text
    await local.saveDraft(room, 'next', next)
    await local.forgetDraft({ key: room, messageId: said })
    expect(await text()).toBe('next')
    await local.forgetDraft({ key: room, messageId: next })
    expect(await text()).toBeUndefined()
  })
})

describe('the place where one was reading', () => {
  const room = newId()

  it('survives a restart, room by room, and is not the draft’s business', async () => {
    const { chat } = await device.open()
    const other = newId()
    await Promise.all([
      chat.commands.saveDraft(room, 'half a sente'),
      chat.commands.saveScroll(room, { seq: 40, offset: 12.5 }),
      chat.commands.saveScroll(other, { seq: 7, offset: 0 })
    ])
    await device.close()
    const { queries, commands } = (await device.open()).chat
    expect(await queries.loadScroll(room)).toEqual({ seq: 40, offset: 12.5 })
    expect(await queries.loadScroll(newId())).toBeNull()
    expect(await queries.loadDraft(room)).toBe('half a sente')
    await commands.saveDraft(room, '')
    expect(await queries.loadScroll(room)).toEqual({ seq: 40, offset: 12.5 })
    expect(await queries.loadDraft(room)).toBe('')
    await commands.saveScroll(room, null)
    expect(await queries.loadScroll(room)).toBeNull()
    expect(await queries.loadScroll(other)).toEqual({ seq: 7, offset: 0 })
  })

  it('an unfinished edit is kept beside both, and forgotten when it is done', async () => {
    const { chat } = await device.open()
    const edit = { messageId: newId(), base: 'see you at sx', text: 'see you at s' }
    await Promise.all([
      chat.commands.saveDraft(room, 'half a sente'),
      chat.commands.saveScroll(room, { seq: 40, offset: 0 }),
      chat.commands.saveEdit(room, edit)
    ])
    await device.close()
    const { queries, commands } = (await device.open()).chat
    expect(await queries.loadEdit(room)).toEqual(edit)
    await commands.saveDraft(room, '')
    await commands.saveScroll(room, null)
    expect(await queries.loadEdit(room)).toEqual(edit)
    await commands.saveEdit(room, null)
    expect(await queries.loadEdit(room)).toBeNull()
    expect(await queries.loadDraft(room)).toBe('')
  })

  it('the last of many saved in one moment stays', async () => {
    const { chat } = await device.open()
    const places = [10, 20, 30].map((seq) => ({ seq, offset: seq }))
    await Promise.all(places.map((place) => chat.commands.saveScroll(room, place)))
    expect(await chat.queries.loadScroll(room)).toEqual(places[2])
  })
})
