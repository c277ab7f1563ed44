// Who has read what, as two people see it: the number beside one's own message, and that only looking makes it fall.
import type { Page } from '@playwright/test'
import { ko } from '../src-renderer/texts/ko.ts'
import { message } from './acts.ts'
import { expect, test } from './fixtures.ts'
import { languages } from './languages.ts'
import { button, closeDialogs, dialog, meet, room } from './people.ts'

test.describe.configure({ timeout: 120_000 })

/** Another window is before this one, or no longer: browsers that are driven always say that they have the focus. */
async function setInFront(page: Page, inFront: boolean): Promise<void> {
  await page.evaluate((is) => {
    document.hasFocus = () => is
    window.dispatchEvent(new Event(is ? 'focus' : 'blur'))
  }, inFront)
}

for (const texts of languages(ko)) {
  test(`[S12] the number falls when somebody looks, not before; names, and receipts off (${texts.locale})`, async ({
    world
  }) => {
    const [ann, ben] = await meet(world, ['Ann', 'Ben'], 'Hall', { texts })
    const { readers, privacy } = texts
    const [page, bens] = [ann.client.page, ben.client.page]
    const number = (text: string) => message(page, text).getByRole('button', { name: readers.unread(1) })

    await setInFront(bens, false)
    await ann.client.send('one', 'two')
    await expect(message(bens, 'two')).toBeVisible()
    await expect(room(ben.client, 'Hall')).toContainText(texts.rooms.unread('2'))
    for (const text of ['one', 'two']) await expect(number(text)).toHaveText('1')
    await setInFront(bens, true)
    for (const text of ['one', 'two']) {
      await expect(number(text)).toHaveCount(0)
      await expect(message(page, text).getByText(readers.read, { exact: true })).toBeAttached()
    }
    await expect(room(ben.client, 'Hall')).not.toContainText(texts.rooms.unread('2'))

    await setInFront(bens, false)
    await ann.client.send('three')
    await number('three').click()
    const names = dialog(ann.client, readers.title)
    await expect(names.getByRole('radio', { name: readers.unreadBy(1) })).toBeChecked()
    await expect(names.getByRole('list').getByRole('button', { name: 'Ben' })).toBeVisible()
    await setInFront(bens, true)
    await names.getByRole('radio', { name: readers.readBy(1) }).click()
    await expect(names.getByRole('list').getByRole('button', { name: 'Ben' })).toBeVisible()
    await closeDialogs(ann.client)

    await button(ben.client, texts.settings.open).click()
    const receipts = dialog(ben.client, texts.settings.title).getByRole('checkbox', { name: privacy.receipts })
    await receipts.click()
    await expect(receipts).not.toBeChecked()
    await closeDialogs(ben.client)
    await ben.client.send('nobody is to know')
    await expect(message(page, 'nobody is to know')).toBeVisible()
    await expect(message(bens, 'nobody is to know').getByLabel(texts.timeline.accepted, { exact: true })).toBeVisible()
    await ann.client.send('four')
    await expect(message(bens, 'four')).toBeVisible()
    await expect(message(page, 'four').getByLabel(texts.timeline.accepted, { exact: true })).toBeVisible()
  })
}
