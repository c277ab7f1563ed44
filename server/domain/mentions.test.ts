import { describe, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'

describe('mentions [SPEC §3]', () => {
  it('are of joined members, each once; an edit says them anew, deleting takes them away', async () => {
    const relay = await TestRelay.start()
    const [kim, lee, park] = await relay.signUpAll(['kim', 'lee', 'park'])
    const kims = await relay.connect(kim)
    const roomId = await kims.createRoom(lee)
    const [messageId, sentAt] = [newId(), '2026-01-01T00:00:00.000Z']
    const mentions = [park.user.id, lee.user.id, lee.user.id, newId()]
    await kims.accepted({ type: 'message.send', roomId, messageId, body: '@lee @park', sentAt, mentions })
    const message = () => relay.relay.storage.message(roomId, messageId)
    expect(await message()).toMatchObject({ mentions: [lee.user.id] })
    const edit = { type: 'message.edit', roomId, messageId, body: '@lee @park' } as const
    const { rev } = await kims.accepted({ ...edit, mentions })
    expect(await message()).toMatchObject({ rev })
    expect(await message()).not.toHaveProperty('editedAt')
    await kims.accepted({ ...edit, mentions: [kim.user.id] })
    expect(await message()).toMatchObject({ mentions: [kim.user.id], editedAt: expect.any(String) })
    await kims.accepted({ ...edit, body: 'nobody' })
    expect(await message()).not.toHaveProperty('mentions')
    await kims.accepted({ ...edit, mentions: [lee.user.id] })
    await kims.accepted({ type: 'message.delete', roomId, messageId })
    expect(await message()).not.toHaveProperty('mentions')
    await relay.stop()
  })
})
