// One person at three devices, two of them offline for a while: in the end all three show the same.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { edit, message, react, remove, shown } from './acts.ts'
import { expect, test } from './fixtures.ts'

// Browsers of several people on one machine: a loaded one takes its time.
test.describe.configure({ timeout: 150_000 })

async function chooseInRoom(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: en.room.menu }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

test('three devices of one account converge: words, edits of two, reactions, settings, what was read', async ({
  world
}) => {
  const { client: ben } = await world.arrive('shell', 'Ben')
  const laptop = await world.arrive('shell', 'Ann')
  for (const room of ['Garden', 'Hall']) await laptop.client.createRoom(room, ['Ben'])
  await laptop.client.send('mine', 'to be deleted')
  await ben.openRoom('Hall')
  await expect(message(ben.page, 'to be deleted')).toBeVisible()
  await ben.send('one', 'two')
  const [phone, tablet] = [await world.open('shell'), await world.open('shell')]
  const devices = [laptop, phone, tablet].map(({ client }) => client)
  for (const { client } of [phone, tablet]) {
    await client.signIn('Ann')
    await client.openRoom('Hall')
  }
  for (const { page } of devices) await expect(message(page, 'two')).toBeVisible()

  for (const { client, link } of [phone, tablet]) {
    await link.cut()
    await client.badge(en.connection.waiting.unreachable)
  }
  await edit(phone.client.page, 'mine', 'mine, by phone')
  await react(phone.client.page, 'one', '👍')
  await phone.client.send('from the phone')
  await chooseInRoom(phone.client.page, en.room.pin)
  await edit(tablet.client.page, 'mine', 'mine, by tablet')
  await react(tablet.client.page, 'one', '👍')
  await react(tablet.client.page, 'two', '🙏')
  await tablet.client.send('from the tablet')
  await chooseInRoom(tablet.client.page, en.room.mute)
  await tablet.client.page.getByRole('menuitem', { name: en.muting.forGood }).click()
  await remove(laptop.client.page, 'to be deleted')
  await laptop.client.send('from the laptop')
  await ben.openRoom('Garden')
  await ben.send('dig', 'sow')
  const garden = (page: Page) => page.getByRole('link', { name: 'Garden' })
  await expect(garden(laptop.client.page)).toContainText(en.rooms.unread('2'))
  await laptop.client.openRoom('Garden')
  await expect(garden(laptop.client.page)).not.toContainText('unread')
  await laptop.client.openRoom('Hall')

  const nothingWaits = async (page: Page) =>
    expect(page.getByRole('button', { name: /waiting to send/ })).toHaveCount(0, { timeout: 20_000 })
  // One after the other: whose edit comes last is known then.
  for (const { client, link } of [phone, tablet]) {
    await link.heal()
    await client.badge(en.connection.connected)
    await nothingWaits(client.page)
  }
  const all = [
    { text: 'mine, by tablet', reactions: [] },
    { text: null, reactions: [] },
    { text: 'one', reactions: ['👍1'] },
    { text: 'two', reactions: ['🙏1'] },
    { text: 'from the laptop', reactions: [] },
    { text: 'from the phone', reactions: [] },
    { text: 'from the tablet', reactions: [] }
  ]
  await ben.openRoom('Hall')
  for (const { page } of [...devices, ben]) await expect.poll(async () => shown(page)).toEqual(all)
  for (const { page } of devices) {
    const hall = page.getByRole('link', { name: 'Hall' })
    await expect(hall.getByLabel(en.rooms.pinned)).toBeVisible()
    await expect(hall.getByLabel(en.rooms.muted)).toBeVisible()
    await expect(page.getByText(/unread message/)).toHaveCount(0)
    await nothingWaits(page)
  }
})
