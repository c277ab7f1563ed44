// One's account and devices, and what the owner of the relay can do about others': in the browser, with real sessions.
import { en } from '../src-renderer/texts/en.ts'
import { ko } from '../src-renderer/texts/ko.ts'
import { PASSWORD } from './client.ts'
import type { Client } from './client.ts'
import { expect, test } from './fixtures.ts'
import { languages } from './languages.ts'

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

for (const texts of languages(ko)) {
  test(`a device that is signed out from another ends at once, and keeps what it has (${texts.locale})`, async ({
    world
  }) => {
    const home = await world.open('relay', texts)
    await home.client.signUp('Minji')
    await home.client.createRoom('Hall', [])
    const away = await world.open('relay', texts)
    await away.client.signIn('Minji')
    await away.client.openRoom('Hall')

    const dialog = await openAccount(home.client)
    await expect(dialog.getByText(texts.account.onlineNow, { exact: false })).toHaveCount(2)
    await dialog.getByRole('button', { name: texts.account.signOutOthers }).click()
    await expect(dialog.getByRole('listitem')).toHaveCount(1)
    await away.client.badge(texts.connection.endedWhy.revoked)
    await expect(away.client.timeline('Hall')).toBeVisible()
    await away.client.send('written after the end')
    await expect(away.client.waiting('Hall')).toHaveCount(1)
  })

  test(`a new password signs the other devices out; the old one opens nothing any more (${texts.locale})`, async ({
    world
  }) => {
    const home = await world.open('relay', texts)
    await home.client.signUp('Minji')
    const away = await world.open('relay', texts)
    await away.client.signIn('Minji')
    await away.client.seesRooms()

    const dialog = await openAccount(home.client)
    const fill = async (current: string) => {
      await dialog.getByLabel(texts.account.currentPassword).fill(current)
      await dialog.getByLabel(texts.account.newPassword).fill(NEW_PASSWORD)
      await dialog.getByRole('button', { name: texts.account.changePassword }).click()
    }
    await fill('not the one')
    await expect(dialog.getByText(texts.errors['wrong-password'])).toBeVisible()
    await fill(PASSWORD)
    await expect(dialog.getByText(texts.account.changed)).toBeVisible()
    await away.client.badge(texts.connection.endedWhy.revoked)
    const third = await world.open('relay', texts)
    await third.client.signIn('Minji')
    await expect(third.client.page.getByText(texts.errors['wrong-credentials'])).toBeVisible()
    await third.client.signIn('Minji', NEW_PASSWORD)
    await third.client.seesRooms()
  })

  test(`who deletes the account is gone for others, whose room keeps the words (${texts.locale})`, async ({
    world
  }) => {
    const owner = await world.open('relay', texts)
    await owner.client.signUp('Minji')
    const guest = await world.open('relay', texts)
    await guest.client.signUp('Joon')
    await owner.client.createRoom('Hall', ['Joon'])
    await guest.client.openRoom('Hall')
    await guest.client.send('I was here')
    await expect.poll(async () => owner.client.messages('Hall')).toEqual(['I was here'])

    const { page } = guest.client
    await (await openAccount(guest.client)).getByRole('button', { name: texts.account.delete }).click()
    const dialog = page.getByRole('dialog', { name: texts.account.deleteTitle })
    await dialog.getByLabel(texts.account.deleteAsk).fill(PASSWORD)
    await dialog.getByRole('button', { name: texts.account.deleteNow }).click()
    await expect(page.getByRole('heading', { name: texts.signIn.title })).toBeVisible()
    await expect
      .poll(async () =>
        page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name !== 'maru-kept').length)
      )
      .toBe(0)
    await guest.client.signIn('Joon')
    await expect(page.getByText(texts.errors['wrong-credentials'])).toBeVisible()

    await expect(owner.client.timeline('Hall').getByText(texts.unknownPerson).first()).toBeVisible()
    await expect.poll(async () => owner.client.messages('Hall')).toEqual(['I was here'])
  })

  test(`the owner disables an account, lets it in again, and gives a new password by a link (${texts.locale})`, async ({
    world
  }) => {
    const owner = await world.open('relay', texts)
    await owner.client.signUp('Minji')
    const guest = await world.open('relay', texts)
    await guest.client.signUp('Joon')
    const ownerPage = await openOwnerPage(owner.client, 'people')
    const { page } = owner.client
    const choose = async (what: string) => {
      await ownerPage.getByRole('button', { name: texts.admin.actions('Joon') }).click()
      await page.getByRole('menuitem', { name: what }).click()
    }
    await choose(texts.admin.disable)
    await page.getByRole('dialog').getByRole('button', { name: texts.admin.disable }).click()
    await expect(ownerPage.getByText(texts.admin.disabled)).toBeVisible()
    await guest.client.badge(texts.connection.endedWhy['account-disabled'])
    const again = await world.open('relay', texts)
    await again.client.signIn('Joon')
    await expect(again.client.page.getByText(texts.errors['account-disabled'])).toBeVisible()

    await choose(texts.admin.enable)
    await expect(ownerPage.getByText(texts.admin.disabled)).toHaveCount(0)
    await choose(texts.admin.reset)
    const link = new URL(await page.getByLabel(texts.admin.resetLink, { exact: true }).inputValue())
    await again.client.page.goto(`http://127.0.0.1:${again.link.port}/${link.hash}`)
    await again.client.page.getByLabel(texts.resetting.newPassword).fill(NEW_PASSWORD)
    await again.client.page.getByRole('button', { name: texts.resetting.submit }).click()
    await again.client.seesRooms()

    await page.getByRole('dialog').getByRole('button', { name: texts.close }).click()
    await page.getByRole('tab', { name: texts.admin.sections.audit }).click()
    for (const act of ['user.disabled', 'user.enabled', 'password-reset.made', 'password-reset.used']) {
      await expect(ownerPage.getByText(texts.admin.acts[act] ?? '', { exact: false }).first()).toBeVisible()
    }
    await page.getByRole('tab', { name: texts.admin.sections.overview }).click()
    await expect(ownerPage.getByText(texts.admin.registrationWords.open)).toBeVisible()
  })
}
