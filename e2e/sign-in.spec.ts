// The door: what a person is told when something is wrong, and the first account of a relay.
import { en } from '../src-renderer/texts/en.ts'
import { expect, test } from './fixtures.ts'

test('a wrong password is told, and the right one works', async ({ world }) => {
  const { client } = await world.open('relay')
  await client.signUp('Minji')
  const other = await world.open('relay')
  await other.client.signIn('Minji', 'wrong password')
  await expect(other.client.page.getByText(en.errors['wrong-credentials'])).toBeVisible()
  await other.client.signIn('Minji')
  await other.client.seesRooms()
})

test('a relay that cannot be reached is told, and the form keeps what was typed', async ({ world }) => {
  const { client, link } = await world.open('shell')
  await link.cut()
  await client.signIn('Minji')
  await expect(client.page.getByText(en.errors['relay-unreachable'])).toBeVisible()
  await expect(client.page.getByLabel(en.signIn.username, { exact: true })).toHaveValue('minji')
})

test('a browser that may keep nothing is told so, instead of losing what is written', async ({ world }) => {
  const { client } = await world.open('relay')
  await client.page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('withheld', 'SecurityError')
      }
    })
  })
  await client.page.reload()
  await expect(client.page.getByRole('alert')).toHaveText(en.storageBlocked)
})

test.describe('on a relay that invites', () => {
  test.use({ registration: 'invite' })

  test('the owner code makes the first account, an invite the second', async ({ world }) => {
    const owner = await world.open('relay')
    await expect(owner.client.page.getByRole('heading', { name: en.firstRun.whoTitle })).toBeVisible()
    expect(world.relay.ownerCode).toMatch(/^[A-Z0-9-]+$/)
    await owner.client.signUp('Minji', world.relay.ownerCode)

    await owner.client.page.getByRole('button', { name: en.rooms.invite }).click()
    const dialog = owner.client.page.getByRole('dialog', { name: en.invite.title })
    await dialog.getByRole('button', { name: en.invite.make, exact: true }).click()
    const code = await dialog.getByLabel(en.invite.code, { exact: true }).inputValue()

    const guest = await world.open('relay')
    await guest.client.signUp('Joon', code)
    await expect(guest.client.page.getByText(en.rooms.none)).toBeVisible()
    await expect(guest.client.page.getByRole('button', { name: en.rooms.invite })).toHaveCount(0)
  })

  test('somebody without the code stays outside', async ({ world }) => {
    const { client } = await world.open('relay')
    await client.askForAccount('Mallory', 'AAAA-AAAA-AAAA-AAAA')
    await expect(client.page.getByText(en.signIn.wrongOwnerCode)).toBeVisible()
  })
})

test('signing out deletes what is on the device, and keeps it where words wait and nobody says otherwise', async ({
  world
}) => {
  const ann = await world.open('shell')
  const { client } = ann
  await client.signUp('Ann')
  await client.createRoom('Hall', [])
  await client.send('hello')
  await expect(client.waiting('Hall')).toHaveCount(0)
  const databases = async () =>
    client.page.evaluate(async () =>
      (await indexedDB.databases()).map(({ name }) => name).filter((name) => name !== 'maru-kept')
    )
  expect(await databases()).not.toEqual([])

  const leave = client.page.getByRole('button', { name: en.rooms.signOut })
  const dialog = client.page.getByRole('dialog', { name: en.rooms.signOutTitle })
  await leave.click()
  await dialog.getByRole('button', { name: en.rooms.signOutAndDelete }).click()
  await expect(client.page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  await expect.poll(databases).toEqual([])

  await client.signIn('Ann')
  await client.openRoom('Hall')
  await expect.poll(async () => client.messages('Hall')).toEqual(['hello'])
  await ann.link.cut()
  await client.badge(en.connection.waiting.unreachable)
  await client.send('kept')
  await leave.click()
  await dialog.getByRole('button', { name: en.rooms.signOut, exact: true }).click()
  await ann.link.heal()
  await client.signIn('Ann')
  await client.openRoom('Hall')
  await expect.poll(async () => client.messages('Hall')).toEqual(['hello', 'kept'])
  await expect(client.waiting('Hall')).toHaveCount(0)
})
