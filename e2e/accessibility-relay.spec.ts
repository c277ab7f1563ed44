// WCAG 2.2 AA as far as a machine can tell: invites, one's account, and the page of the relay's owner.
import { findings, SPEECHES } from './axe.ts'
import type { Finding } from './axe.ts'
import { expect, test } from './fixtures.ts'

// Each language has a relay and a browser of its own.
test.describe.configure({ mode: 'parallel' })

for (const { texts, looks } of SPEECHES) {
  test(`what concerns the relay in ${texts.locale}`, async ({ world }) => {
    test.setTimeout(240_000)
    const { client } = await world.open('relay', texts)
    const guest = await world.open('relay', texts)
    const { page } = client
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const found: Record<string, Finding[]> = {}
    const look = async (screen: string, where = page) => {
      found[screen] = await findings(where, looks)
    }
    await client.signUp('Minji')
    await guest.client.signUp('Joon')
    await client.createRoom('Hall', ['Joon'])
    await page.goto(new URL('/', page.url()).href)
    await client.seesRooms()

    await page.keyboard.press('Control+,')
    await button(texts.account.open).click()
    await expect(page.getByText(texts.account.thisDevice, { exact: false })).toBeVisible()
    await button(texts.account.changePassword).click()
    await look('the account, with problems')
    await button(texts.account.delete).click()
    await look('deleting it')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name: texts.account.title })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)

    await page.keyboard.press('Control+,')
    await button(texts.admin.open).click()
    await expect(page.getByText(texts.admin.registrationWords.open)).toBeVisible()
    await look('the relay')
    const tab = async (section: keyof typeof texts.admin.sections) =>
      page.getByRole('tab', { name: texts.admin.sections[section] }).click()
    await tab('people')
    await button(texts.admin.actions('Joon')).click()
    await look('what can be done about a person')
    await page.getByRole('menuitem', { name: texts.admin.reset }).click()
    const link = await page.getByLabel(texts.admin.resetLink, { exact: true }).inputValue()
    await look('a reset link')
    await page.keyboard.press('Escape')
    await tab('rooms')
    await button(texts.admin.closeTitle('Hall')).click()
    await look('closing a room')
    await page.keyboard.press('Escape')
    await tab('invites')
    await button(texts.invite.make).click()
    const words = await page.getByLabel(texts.invite.code, { exact: true }).inputValue()
    await expect(page.getByText(texts.invite.left(20, 20))).toBeVisible()
    await look('invites')
    await tab('audit')
    await expect(page.getByText(texts.admin.acts['invite.made'] ?? '', { exact: false })).toBeVisible()
    await look('the log')

    await page.goto(new URL(`/#/join/${words}`, page.url()).href)
    await expect(page.getByRole('dialog', { name: texts.joining.title })).toBeVisible()
    await look('an invite for who is in')
    const stranger = await world.open('relay', texts)
    const door = stranger.client.page
    await door.goto(new URL(`/join/${words}`, door.url()).href)
    await expect(door.getByText(texts.joining.brought)).toBeVisible()
    await look('an invite for a stranger', door)
    await door.goto(new URL(`/${new URL(link).hash}`, door.url()).href)
    await door.getByRole('button', { name: texts.resetting.submit }).click()
    await look('a new password', door)

    expect(Object.entries(found).filter(([, { length }]) => length > 0)).toEqual([])
  })
}
