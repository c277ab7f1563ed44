// Two windows of one person: both show everything, one of them talks to the relay, and the other takes over when that one is gone.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { message } from './acts.ts'
import { expect, test } from './fixtures.ts'
import type { World } from './fixtures.ts'

const ROOM = 'Hall'

// Browsers of several people on one machine: a loaded one takes its time.
test.describe.configure({ timeout: 150_000 })

async function annTwice(world: World) {
  const ben = await world.arrive('shell', 'Ben')
  const ann = await world.arrive('shell', 'Ann')
  await ann.client.createRoom(ROOM, ['Ben'])
  await ben.client.openRoom(ROOM)
  // The first window leads: it was there alone.
  await ann.client.badge(en.connection.connected)
  const first = ann.client.page
  const second = await first.context().newPage()
  await second.goto(first.url())
  await expect(second.getByRole('log')).toBeVisible()
  await badge(second, en.connection.connected)
  return { ann, ben, first, second }
}

const badge = async (page: Page, words: string): Promise<void> =>
  expect(page.getByRole('status').filter({ hasText: words }).first()).toBeVisible({ timeout: 20_000 })

const composer = (page: Page) => page.getByRole('textbox', { name: en.composer.label })

async function send(page: Page, ...bodies: string[]): Promise<void> {
  for (const body of bodies) {
    await composer(page).fill(body)
    await composer(page).press('Enter')
  }
}

const bodies = (page: Page) => async () => page.getByRole('log').getByTestId('message-body').allTextContents()

test('both windows show everything in one order, whoever types, and nothing is doubled', async ({ world }) => {
  const { ben, first, second } = await annTwice(world)
  const [left, right] = [1, 2, 3, 4, 5].reduce<[string[], string[]]>(
    ([ls, rs], at) => [
      [...ls, `left ${at}`],
      [...rs, `right ${at}`]
    ],
    [[], []]
  )
  await Promise.all([send(first, ...left), send(second, ...right), ben.client.send('from Ben')])
  const all = [...left, ...right, 'from Ben'].toSorted()
  for (const page of [first, second, ben.client.page]) {
    await expect.poll(async () => (await bodies(page)()).toSorted()).toEqual(all)
    await expect(page.getByRole('log').getByLabel(en.timeline.waiting)).toHaveCount(0)
  }
  const order = await bodies(ben.client.page)()
  expect(order.filter((text) => text.startsWith('left'))).toEqual(left)
  expect(order.filter((text) => text.startsWith('right'))).toEqual(right)
  for (const page of [first, second]) await expect.poll(bodies(page)).toEqual(order)

  // What is being written belongs to the window in which it is written.
  await composer(first).fill('half a sentence')
  await composer(second).fill('half another')
  await send(second, 'done')
  await expect(message(first, 'done')).toBeVisible()
  await expect(composer(first)).toHaveValue('half a sentence')
  await expect(composer(second)).toHaveValue('')
})

const ends: Record<string, (page: Page) => Promise<void>> = {
  closed: async (page) => page.close(),
  crashed: async (page) => {
    const crashed = page.waitForEvent('crash')
    const devtools = await page.context().newCDPSession(page)
    // The page that would answer is gone.
    void devtools.send('Page.crash').catch(() => undefined)
    await crashed
  }
}

for (const [how, end] of Object.entries(ends)) {
  test(`the window that talks to the relay is ${how}: the other sends what waits, once, and hears what comes`, async ({
    world
  }) => {
    const { ann, ben, first, second } = await annTwice(world)
    await ann.link.cut()
    for (const page of [first, second]) await badge(page, en.connection.waiting.unreachable)
    await send(first, 'waits 1')
    await expect(message(second, 'waits 1')).toBeVisible()
    await send(second, 'waits 2')
    await expect(message(first, 'waits 2')).toBeVisible()
    await end(first)
    await send(second, 'waits 3')
    await ann.link.heal()
    await badge(second, en.connection.connected)
    await ben.client.send('welcome back')
    const all = ['waits 1', 'waits 2', 'waits 3']
    for (const page of [second, ben.client.page]) {
      await expect.poll(async () => (await bodies(page)()).filter((text) => text !== 'welcome back')).toEqual(all)
      await expect(message(page, 'welcome back')).toHaveCount(1)
      await expect(page.getByRole('log').getByLabel(en.timeline.waiting)).toHaveCount(0)
    }
    expect(await bodies(second)()).toEqual(await bodies(ben.client.page)())
  })
}
