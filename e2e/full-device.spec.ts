// A device on which everything else has taken all space: what people say is still sent.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { expect, KEPT, test } from './fixtures.ts'

const ROOM = 'Hall'

async function reserveBytes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const file = await root.getFileHandle('maru-reserve').catch(() => null)
    return file ? (await file.getFile()).size : 0
  })
}

test(
  'on a full device words are still sent, from what was kept for them; the rest waits for space',
  { tag: KEPT },
  async ({ world }) => {
    test.setTimeout(150_000)
    const ben = await world.arrive('shell', 'Ben')
    const ann = await world.arrive('shell', 'Ann')
    await ann.client.createRoom(ROOM, ['Ben'])
    await ann.client.send('first')
    await ben.client.openRoom(ROOM)
    await expect(ann.client.waiting(ROOM)).toHaveCount(0)
    await expect.poll(async () => reserveBytes(ann.client.page)).toBeGreaterThan(1_000_000)

    let giveSpace = async (): Promise<void> => {}
    // From the start: a browser that is running goes by what it last knew of the disk.
    await ann.client.restart(async (page) => {
      const { origin } = new URL(page.url())
      const devtools = await page.context().newCDPSession(page)
      const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin })
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage })
      giveSpace = async () => {
        await devtools.send('Storage.overrideQuotaForOrigin', { origin })
      }
    })
    const { page } = ann.client
    await ann.client.openRoom(ROOM)
    await ann.client.send('no space, but I can talk')
    await expect.poll(async () => ben.client.messages(ROOM)).toEqual(['first', 'no space, but I can talk'])
    await ben.client.send('I hear you')
    const full = page.getByRole('alert').filter({ hasText: en.connection.storageFull })
    await expect(full).toBeVisible({ timeout: 20_000 })
    expect(await reserveBytes(page)).toBe(0)
    await ann.client.send('still here')
    await expect.poll(async () => ben.client.messages(ROOM)).toContain('still here')

    await giveSpace()
    await expect(full).toHaveCount(0, { timeout: 90_000 })
    const all = ['first', 'no space, but I can talk', 'I hear you', 'still here']
    await expect.poll(async () => ann.client.messages(ROOM)).toEqual(all)
    await expect(ann.client.waiting(ROOM)).toHaveCount(0)
    await expect.poll(async () => reserveBytes(page)).toBeGreaterThan(1_000_000)
  }
)
