// Who types and who is there [S14], as two people with several devices and windows see it of each other.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { message } from './acts.ts'
import { expect, KEPT, test } from './fixtures.ts'
import { arrive, meet, talkTo } from './people.ts'

// Browsers of several people on one machine: a loaded one takes its time.
test.describe.configure({ timeout: 150_000 })

const line = (page: Page) => page.getByTestId('typing')
const row = (page: Page, name: string) =>
  page.getByRole('navigation', { name: en.rooms.title }).getByRole('link', { name, exact: true })
const field = (page: Page) => page.getByRole('textbox', { name: en.composer.label })
const header = (page: Page, name: string) => page.getByRole('region', { name, exact: true }).locator('header')

test('S14.1 S14.2 what one types and whether one is there is seen by the other in every window, and by no device of oneself', async ({
  world
}) => {
  const [ann, ben] = await meet(world, ['Ann', 'Ben'], 'Hall')
  const phone = await world.open('relay')
  await phone.client.signIn('Ann')
  await phone.client.openRoom('Hall')
  // The first window has the connection; this one is told by it.
  const second = await ben.client.page.context().newPage()
  await second.goto(ben.client.page.url())
  await expect(second.getByRole('log')).toBeVisible()

  await field(ann.client.page).pressSequentially('how are y', { delay: 40 })
  const types = en.live.typing(['Ann'], 1)
  for (const page of [ben.client.page, second]) {
    await expect(line(page)).toHaveText(types)
    await expect(row(page, 'Hall')).toContainText(types)
  }
  for (const { client } of [ann, phone]) await expect(line(client.page)).toHaveText('')
  await field(ann.client.page).press('Enter')
  for (const page of [ben.client.page, second]) {
    await expect(message(page, 'how are y')).toBeVisible()
    await expect(line(page)).toHaveText('')
    await expect(row(page, 'Hall')).toContainText('how are y')
  }

  await field(second).pressSequentially('fine', { delay: 40 })
  for (const { client } of [ann, phone]) await expect(line(client.page)).toHaveText(en.live.typing(['Ben'], 1))
  await expect(line(ben.client.page)).toHaveText('')
  await field(second).fill('')
  for (const { client } of [ann, phone]) await expect(line(client.page)).toHaveText('')

  await talkTo(ben.client, 'Ann')
  const anns = header(ben.client.page, 'Ann')
  await expect(anns).toContainText(en.live.states.online)
  await ann.link.cut()
  await expect(ann.client.page.getByText(en.connection.waiting.unreachable).first()).toBeVisible({ timeout: 20_000 })
  await expect(anns).toContainText(en.live.states.online)
  await phone.link.cut()
  await expect(anns).toContainText(en.live.seenNow)
  await ben.link.cut()
  await expect(anns).not.toContainText(en.live.seenNow)
  await ann.link.heal()
  await ben.link.heal()
  await expect(anns).toContainText(en.live.states.online, { timeout: 30_000 })
})

test(
  'S14.2 somebody whose browser was killed is gone, and there again with the next start',
  { tag: KEPT },
  async ({ world }) => {
    const [ann, ben] = await arrive(world, ['Ann', 'Ben'])
    await talkTo(ben.client, 'Ann')
    const anns = header(ben.client.page, 'Ann')
    await expect(anns).toContainText(en.live.states.online)
    await ann.client.kill()
    await expect(anns).toContainText(en.live.seenNow, { timeout: 45_000 })
    await ann.client.start()
    await expect(anns).toContainText(en.live.states.online, { timeout: 45_000 })
  }
)
