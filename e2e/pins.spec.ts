// What is pinned stands above the messages and leads back to them; what was said before an edit can be read again.
import { en } from '../src-renderer/texts/en.ts'
import { expect, test } from './fixtures.ts'

test('a pinned message is shown to all above the messages and leads to it; an edited one tells what it said', async ({
  world
}) => {
  const ann = await world.arrive('relay', 'Ann')
  const ben = await world.arrive('relay', 'Ben')
  await ann.client.createRoom('Hall', ['Ben'])
  await ann.client.send('we meet at six')
  await ben.client.openRoom('Hall')
  const choose = async (client: typeof ann.client, body: string, what: string) => {
    await client.timeline('Hall').getByTestId('message-body').getByText(body).click({ button: 'right' })
    await client.page.getByRole('menuitem', { name: what, exact: true }).click()
  }
  await choose(ann.client, 'we meet at six', en.timeline.pin)
  const bar = ben.client.page.getByRole('region', { name: en.pins.title })
  await expect(bar.getByRole('button', { name: en.pins.says('Ann', 'we meet at six') })).toBeVisible()

  await choose(ann.client, 'we meet at six', en.timeline.edit)
  await ann.client.composer.fill('we meet at seven')
  await ann.client.composer.press('Enter')
  const newest = bar.getByRole('button', { name: en.pins.says('Ann', 'we meet at seven') })
  await expect(newest).toBeVisible()
  await newest.click()
  await expect(ben.client.timeline('Hall').getByText('we meet at seven')).toBeInViewport()
  const mark = ben.client.timeline('Hall').getByRole('button', { name: en.timeline.editHistory })
  const size = await mark.boundingBox()
  expect(Math.min(size?.width ?? 0, size?.height ?? 0)).toBeGreaterThanOrEqual(24)
  await mark.click()
  await expect(ben.client.page.getByRole('dialog').getByText('we meet at six')).toBeVisible()
  await ben.client.page.keyboard.press('Escape')
  await expect(mark).toBeFocused()
  await choose(ben.client, 'we meet at seven', en.timeline.editHistory)
  await expect(ben.client.page.getByRole('dialog').getByText('we meet at six')).toBeVisible()
  await ben.client.page.keyboard.press('Escape')

  await bar.getByRole('button', { name: en.pins.all(1) }).click()
  const list = ben.client.page.getByRole('dialog', { name: en.pins.title })
  await list.getByRole('button', { name: en.timeline.unpin }).click()
  await expect(ann.client.page.getByRole('region', { name: en.pins.title })).toHaveCount(0)
})
