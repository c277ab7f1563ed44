// One's account and devices, and what the owner of the relay can do about others': in the browser, with real sessions.
import { en } from '../src-renderer/texts/en.ts'
import { PASSWORD } from './client.ts'
import type { Client } from './client.ts'
import { expect, test } from './fixtures.ts'

const NEW_PASSWORD = 'another horse battery'

async function openAccount({ page, texts }: Client) {
  await page.getByRole('button', { name: texts.settings.open }).click()
  await page.getByRole('button', { name: texts.account.open }).click()
  const dialog = page.getByRole('dialog', { name: texts.account.title })
  await expect(dialog).toBeVisible()
  return dialog
}

async function openOwnerPage({ page, texts }: Client, section: keyof typeof en.admin.sections) {
  await page.getByRole('button', { name: texts.settings.open }).click()
  await page.getByRole('button', { name: texts.admin.open }).click()
  await page.getByRole('tab', { name: texts.admin.sections[section] }).click()
  return page.getByRole('region', { name: texts.admin.title })
}

test('a device that is signed out from another ends at once, and keeps what it has', async ({ world }) => {
  const home = await world.open('relay')
  await home.client.signUp('Minji')
  await home.client.createRoom('Hall', [])
  const away = await world.open('relay')
  await away.client.signIn('Minji')
  await away.client.openRoom('Hall')

  const dialog = await openAccount(home.client)
  await expect(dialog.getByText(en.account.onlineNow, { exact: false })).toHaveCount(2)
  await dialog.getByRole('button', { name: en.account.signOutOthers }).click()
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
  await away.client.badge(en.connection.endedWhy.revoked)
  await expect(away.client.timeline('Hall')).toBeVisible()
  await away.client.send('written after the end')
  await expect(away.client.waiting('Hall')).toHaveCount(1)
})

test('a new password signs the other devices out; the old one opens nothing any more', async ({ world }) => {
  const home = await world.open('relay')
  await home.client.signUp('Minji')
  const away = await world.open('relay')
  await away.client.signIn('Minji')
  await away.client.seesRooms()

  const dialog = await openAccount(home.client)
  const fill = async (current: string) => {
    await dialog.getByLabel(en.account.currentPassword).fill(current)
    await dialog.getByLabel(en.account.newPassword).fill(NEW_PASSWORD)
    await dialog.getByRole('button', { name: en.account.changePassword }).click()
  }
  await fill('not the one')
  await expect(dialog.getByText(en.errors['wrong-password'])).toBeVisible()
  await fill(PASSWORD)
  await expect(dialog.getByText(en.account.changed)).toBeVisible()
  await away.client.badge(en.connection.endedWhy.revoked)
  const third = await world.open('relay')
  await third.client.signIn('Minji')
  await expect(third.client.page.getByText(en.errors['wrong-credentials'])).toBeVisible()
  await third.client.signIn('Minji', NEW_PASSWORD)
  await third.client.seesRooms()
})

test('who deletes the account is gone for others, whose room keeps the words', async ({ world }) => {
  const owner = await world.open('relay')
  await owner.client.signUp('Minji')
  const guest = await world.open('relay')
  await guest.client.signUp('Joon')
  await owner.client.createRoom('Hall', ['Joon'])
  await guest.client.openRoom('Hall')
  await guest.client.send('I was here')
  await expect.poll(async () => owner.client.messages('Hall')).toEqual(['I was here'])

  const { page } = guest.client
  await (await openAccount(guest.client)).getByRole('button', { name: en.account.delete }).click()
  const dialog = page.getByRole('dialog', { name: en.account.deleteTitle })
  await dialog.getByLabel(en.account.deleteAsk).fill(PASSWORD)
  await dialog.getByRole('button', { name: en.account.deleteNow }).click()
  await expect(page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  await expect
    .poll(async () =>
      page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name !== 'maru-kept').length)
    )
    .toBe(0)
  await guest.client.signIn('Joon')
  await expect(page.getByText(en.errors['wrong-credentials'])).toBeVisible()

  await expect(owner.client.timeline('Hall').getByText(en.unknownPerson).first()).toBeVisible()
  await expect.poll(async () => owner.client.messages('Hall')).toEqual(['I was here'])
})

test('the owner disables an account, lets it in again, and gives a new password by a link', async ({ world }) => {
  const owner = await world.open('relay')
  await owner.client.signUp('Minji')
  const guest = await world.open('relay')
  await guest.client.signUp('Joon')
  const ownerPage = await openOwnerPage(owner.client, 'people')
  const { page } = owner.client
  const choose = async (what: string) => {
    await ownerPage.getByRole('button', { name: en.admin.actions('Joon') }).click()
    await page.getByRole('menuitem', { name: what }).click()
  }
  await choose(en.admin.disable)
  await page.getByRole('dialog').getByRole('button', { name: en.admin.disable }).click()
  await expect(ownerPage.getByText(en.admin.disabled)).toBeVisible()
  await guest.client.badge(en.connection.endedWhy['account-disabled'])
  const again = await world.open('relay')
  await again.client.signIn('Joon')
  await expect(again.client.page.getByText(en.errors['account-disabled'])).toBeVisible()

  await choose(en.admin.enable)
  await expect(ownerPage.getByText(en.admin.disabled)).toHaveCount(0)
  await choose(en.admin.reset)
  const link = new URL(await page.getByLabel(en.admin.resetLink, { exact: true }).inputValue())
  await again.client.page.goto(`http://127.0.0.1:${again.link.port}/${link.hash}`)
  await again.client.page.getByLabel(en.resetting.newPassword).fill(NEW_PASSWORD)
  await again.client.page.getByRole('button', { name: en.resetting.submit }).click()
  await again.client.seesRooms()

  await page.getByRole('dialog').getByRole('button', { name: en.close }).click()
  await page.getByRole('tab', { name: en.admin.sections.audit }).click()
  for (const act of ['user.disabled', 'user.enabled', 'password-reset.made', 'password-reset.used']) {
    await expect(ownerPage.getByText(en.admin.acts[act] ?? '', { exact: false }).first()).toBeVisible()
  }
  await page.getByRole('tab', { name: en.admin.sections.overview }).click()
  await expect(ownerPage.getByText(en.admin.registrationWords.open)).toBeVisible()
})
