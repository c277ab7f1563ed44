// Getting about by keyboard: to a room by its name, to the next one, to the next unread one, to the end.
import type { Page } from '@playwright/test'
import { newId } from '../protocol/values.ts'
import { en } from '../src-renderer/texts/en.ts'
import { askAs } from './acts.ts'
import { expect, test } from './fixtures.ts'

const field = (page: Page) => page.getByLabel(en.composer.label, { exact: true })

test('to a room by a few letters or initial consonants, and back to where one was', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  for (const name of ['Kitchen', '마루 개발', '가족']) await client.createRoom(name, [])
  const { page } = client
  const dialog = page.getByRole('dialog', { name: en.switcher.title })
  const choices = dialog.getByRole('option')

  const openDialog = async () => {
    await page.keyboard.press('Control+k')
    await expect(dialog.getByRole('combobox')).toBeFocused()
  }

  await field(page).focus()
  await openDialog()
  // The room before this one comes first: the same keys go to and fro.
  await expect(choices.first()).toContainText('마루 개발')
  await page.keyboard.press('Enter')
  await expect(client.timeline('마루 개발')).toBeVisible()
  await expect(dialog).toHaveCount(0)

  await openDialog()
  await page.keyboard.insertText('ㄱㅈ')
  await expect(choices).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(client.timeline('가족')).toBeVisible()

  await openDialog()
  await page.keyboard.insertText('ktn')
  await choices.getByText('Kitchen').click()
  await expect(client.timeline('Kitchen')).toBeVisible()

  await openDialog()
  await page.keyboard.insertText('nowhere')
  await expect(dialog.getByText(en.switcher.nothingFound('nowhere'))).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(dialog).toHaveCount(0)

  await page.keyboard.press('Control+/')
  const sheet = page.getByRole('dialog', { name: en.shortcuts.title })
  await expect(sheet.getByText(en.shortcuts.of.nextUnread)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)

  await field(page).focus()
  const before = await page.getByRole('log').getAttribute('aria-label')
  await page.keyboard.press('Alt+ArrowDown')
  await expect(page.getByRole('log')).not.toHaveAttribute('aria-label', before ?? '')
  await page.keyboard.press('Alt+ArrowUp')
  await expect(page.getByRole('log')).toHaveAttribute('aria-label', before ?? '')
})

test('what is typed after a room was chosen is never said in the one before', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  for (const name of ['Kitchen', 'Garden']) await client.createRoom(name, [])
  const { page } = client
  await client.openRoom('Kitchen')
  const hash = await page.evaluate(() => window.location.hash)
  await client.openRoom('Garden')
  // A key before the device has told what there is to draw of the chosen room: the one before is gone when the key arrives.
  const rooms = await page.evaluate(async (chosen) => {
    const shown = () => document.querySelector('[role="log"]')?.getAttribute('aria-label')
    const changed = new Promise((resolve) => {
      window.addEventListener('hashchange', resolve, { once: true })
    })
    window.location.hash = chosen
    await changed
    const before = shown()
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'h' }))
    return { before, after: shown() ?? null }
  }, hash)
  expect(rooms).toEqual({ before: en.timeline.label('Garden'), after: null })
  await expect(client.timeline('Kitchen')).toBeVisible()
  await expect(field(page)).toBeFocused()

  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: en.switcher.title }).getByRole('combobox')).toBeFocused()
  await page.keyboard.insertText('garden')
  await page.keyboard.press('Enter')
  await expect(client.timeline('Garden')).toBeVisible()
  await page.keyboard.type('to the garden')
  await page.keyboard.press('Enter')
  await expect(client.timeline('Garden').getByText('to the garden')).toBeVisible()

  // A press tells which room will be chosen, and need not be followed by a click.
  const link = page.getByRole('navigation', { name: en.rooms.title }).getByRole('link', { name: 'Kitchen' })
  await link.hover()
  await page.mouse.down()
  await page.mouse.move(600, 300)
  await page.mouse.up()
  await expect(client.timeline('Garden')).toBeVisible()
  await link.click({ delay: 100 })
  await expect(client.timeline('Kitchen')).toBeVisible()
  await expect(field(page)).toBeFocused()
  await client.send('to the kitchen')
  await expect(client.timeline('Kitchen').getByText('to the kitchen')).toBeVisible()
})

test('to somebody with whom there is no room yet', async ({ world }) => {
  await world.arrive('relay', 'Joon')
  const { client } = await world.arrive('relay', 'Minji')
  const { page } = client
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: en.switcher.title }).getByRole('option')).toContainText(['Joon'])
  await page.keyboard.insertText('jo')
  await page.keyboard.press('Enter')
  await expect(client.timeline('Joon')).toBeVisible()
})

test('to the next unread room; Esc reads and goes to the end, Shift+Esc reads everything', async ({ world }) => {
  const joon = await world.arrive('relay', 'Joon')
  const { client } = await world.arrive('relay', 'Minji')
  const { page } = client
  for (const name of ['One', 'Two', 'Three']) await client.createRoom(name, ['Joon'])
  const ask = await askAs(joon.client.page, world.relay.url)
  const listed = async () => (await ask<{ rooms: { id: string; name: string }[] }>('/rooms')).rooms
  await expect.poll(listed).toHaveLength(3)
  const rooms = await listed()
  const idOf = (name: string) => rooms.find((room) => room.name === name)?.id ?? ''
  const say = async (name: string, body: string) => ask(`/rooms/${idOf(name)}/messages`, { id: newId(), body })
  await say('One', 'anybody here?')
  const list = page.getByRole('navigation', { name: en.rooms.title })
  await expect(list.getByRole('link', { name: 'One' })).toContainText(en.rooms.unread('1'))

  await field(page).press('Alt+Shift+ArrowDown')
  await expect(client.timeline('One')).toBeVisible()
  await expect(list.getByRole('link', { name: 'One' })).not.toContainText(en.rooms.unread('1'))

  for (let each = 1; each <= 60; each++) await say('One', `line ${each}`)
  await expect(client.timeline('One').getByText('line 60', { exact: true })).toBeVisible()
  const toEnd = page.getByRole('button', { name: en.timeline.toEnd })
  await client.timeline('One').hover()
  await page.mouse.wheel(0, -3_000)
  await expect(toEnd).toBeVisible()
  await field(page).press('Escape')
  await expect(toEnd).toHaveCount(0)

  await say('Two', 'here')
  await say('Three', 'and here')
  for (const name of ['Two', 'Three'])
    await expect(list.getByRole('link', { name })).toContainText(en.rooms.unread('1'))
  await field(page).press('Shift+Escape')
  for (const name of ['Two', 'Three'])
    await expect(list.getByRole('link', { name })).not.toContainText(en.rooms.unread('1'))
})

test('a picture that is not among the quick ones as a reaction', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  await client.createRoom('Hall', [])
  await client.send('look at this')
  const { page } = client
  await page.getByTestId('message-body').getByText('look at this').click({ button: 'right' })
  await page.getByRole('menuitem', { name: en.emoji.open }).click()
  const picker = page.getByRole('dialog', { name: en.emoji.title })
  await picker.getByRole('combobox', { name: en.emoji.search }).fill('rocket')
  await page.keyboard.press('Enter')
  await expect(picker).toHaveCount(0)
  await expect(page.getByRole('article').getByRole('button', { pressed: true })).toContainText('🚀')
})
