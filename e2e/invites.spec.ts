// From an invite to the first message, in both languages; and what becomes of an invite that is revoked.
import { ko } from '../src-renderer/texts/ko.ts'
import type { Client } from './client.ts'
import { expect, test } from './fixtures.ts'
import { languages } from './languages.ts'

test.use({ registration: 'invite' })

/** The words of a new invite, for one person, with the rooms that are named. */
async function invite({ page, texts }: Client, ...rooms: string[]): Promise<string> {
  await page.getByRole('button', { name: texts.rooms.invite }).click()
  const dialog = page.getByRole('dialog', { name: texts.invite.title })
  for (const room of rooms) await dialog.getByRole('checkbox', { name: room }).check()
  await dialog.getByRole('button', { name: texts.invite.make, exact: true }).click()
  const words = await dialog.getByLabel(texts.invite.code, { exact: true }).inputValue()
  await dialog.getByRole('button', { name: texts.close }).click()
  return words
}

const hall: Record<string, string> = { en: 'Hall', ko: '마루방' }

for (const texts of languages(ko)) {
  test(`a link leads a newcomer into the room, and to the first message, within a minute (${texts.locale})`, async ({
    world
  }) => {
    const room = hall[texts.locale] ?? ''
    const owner = await world.open('relay', texts)
    await owner.client.signUp('Minji', world.relay.ownerCode)
    await owner.client.createRoom(room, [])
    const words = await invite(owner.client, room)
    expect(words).toMatch(/^[a-z]+(-[a-z]+){5}$/)

    const began = Date.now()
    const guest = await world.open('relay', texts)
    const { client } = guest
    await client.page.goto(`http://127.0.0.1:${guest.link.port}/join/${words}`)
    await expect(client.page.getByText(texts.joining.brought)).toBeVisible()
    await client.signUp('Joon', undefined, { led: true })
    await client.openRoom(room)
    await client.send('hello')
    await expect.poll(async () => owner.client.messages(room)).toEqual(['hello'])
    // What a person does takes most of the minute; this is what Maru adds to it.
    expect(Date.now() - began).toBeLessThan(60_000)
    expect(new URL(client.page.url()).pathname).toBe('/')
    expect(client.page.url()).not.toContain(words)
  })

  test(`who has an account joins the rooms of an invite; once revoked, it lets nobody in (${texts.locale})`, async ({
    world
  }) => {
    const owner = await world.open('relay', texts)
    const { page } = owner.client
    await owner.client.signUp('Minji', world.relay.ownerCode)
    await owner.client.createRoom('Hall', [])
    await owner.client.createRoom('Garden', [])
    const plain = await invite(owner.client)
    const words = await invite(owner.client, 'Hall', 'Garden')

    const guest = await world.open('relay', texts)
    await guest.client.signUp('Joon', plain.replaceAll('-', ' ').toUpperCase())
    const link = `http://127.0.0.1:${guest.link.port}/join/${words}`
    await guest.client.page.goto(link)
    await guest.client.page.getByRole('button', { name: texts.joining.join }).click()
    await expect(guest.client.timeline('Hall').or(guest.client.timeline('Garden'))).toBeVisible()
    const list = guest.client.page.getByRole('navigation', { name: texts.rooms.title })
    await expect(list.getByRole('link', { name: /Hall|Garden/ })).toHaveCount(2)
    // Once more it leads there; one without rooms leads nowhere.
    await guest.client.page.goto(link)
    await guest.client.page.getByRole('button', { name: texts.joining.join }).click()
    await expect(guest.client.timeline('Hall').or(guest.client.timeline('Garden'))).toBeVisible()
    await guest.client.page.goto(`http://127.0.0.1:${guest.link.port}/join/${plain}`)
    await guest.client.page.getByRole('button', { name: texts.joining.join }).click()
    await expect(guest.client.page.getByText(texts.joining.nothingNew)).toBeVisible()

    await page.getByRole('button', { name: texts.rooms.invite }).click()
    const dialog = page.getByRole('dialog', { name: texts.invite.title })
    const revoke = dialog.getByRole('button', { name: texts.invite.revoke })
    await expect(revoke).toHaveCount(2)
    await revoke.first().click()
    await expect(revoke).toHaveCount(1)
    await revoke.first().click()
    await expect(dialog.getByText(texts.invite.none)).toBeVisible()

    const late = await world.open('relay', texts)
    await late.client.page.goto(`http://127.0.0.1:${late.link.port}/join/${words}`)
    await late.client.askForAccount('Mallory')
    await expect(late.client.page.getByText(texts.errors['wrong-invite'])).toBeVisible()
  })
}
