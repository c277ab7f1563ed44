// Parts of the screen that are fetched when they are first opened, and cannot be had: a click is never without an answer, and what was asked for opens when
// it comes. Without a service worker, as over plain http, where nothing else keeps them.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { findings, SPEECHES } from './axe.ts'
import type { Client } from './client.ts'
import { expect, test } from './fixtures.ts'
import { languages } from './languages.ts'
import { button, dialog, openDetails } from './people.ts'

/** Starts anew, and gets none of these files: `failing`, or without any answer. Returns what lets them through again. */
async function startWithout(client: Client, files: RegExp, how: 'failing' | 'hanging'): Promise<() => Promise<void>> {
  const { page } = client
  await page.route(files, async (route) => {
    if (how === 'failing') await route.abort('connectionrefused')
  })
  await page.reload()
  await client.seesRooms()
  await client.badge(client.texts.connection.connected)
  return async () => page.unroute(files)
}

test('what comes later has what the first file has, as it is by now', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  await button(client, en.rooms.newRoom).click()
  await expect(dialog(client, en.newRoom.title)).toBeVisible()
  const { handed, other } = await client.page.evaluate<{ handed: number; other: number[] }>(`(async () => {
    const file = [...document.querySelectorAll('link[rel=modulepreload]')].find(({ href }) => href.includes('/shared-'))
    const [handed, now] = [Object.values(await import(file.href)), window.maruClient()]
    const other = [...now.keys()].filter((place) => handed[place] !== now[place])
    return { handed: handed.length, other }
  })()`)
  expect(handed).toBeGreaterThan(100)
  expect(other).toEqual([])
})

/** With what all dialogs share. */
const DIALOGS = /\/assets\/(new-room-)?dialog-[^/]*\.(js|css)$/
const NEW_ROOM = /\/assets\/new-room-dialog-[^/]*\.js$/
const PERSON_CARD = /\/assets\/person-card-[^/]*\.js$/

/** The one that stands there while another one is fetched has no name of a room, a person or a thing. */
const box = ({ page, texts }: Client) =>
  page.getByRole('dialog', { name: new RegExp(`${texts.coming.loading}|${texts.coming.missing}`) })

/** Whose style is there. */
async function isDrawnAsDialog(page: Page, name: string): Promise<boolean> {
  return page.getByRole('dialog', { name }).evaluate((element) => getComputedStyle(element).position === 'fixed')
}

for (const texts of languages(en)) {
  test(`in ${texts.locale}: what cannot be had is said, can be tried again, and opens as always`, async ({ world }) => {
    const { client } = await world.arrive('relay', 'Minji', texts)
    const { page } = client
    const allow = await startWithout(client, DIALOGS, 'failing')
    await button(client, texts.rooms.newRoom).click()
    await expect(page.getByRole('alert').filter({ hasText: texts.coming.missingText })).toBeVisible()
    const looks = SPEECHES.find((speech) => speech.texts === texts)?.looks ?? []
    expect(await findings(page, looks)).toEqual([])

    // All by keyboard.
    await page.keyboard.press('Tab')
    await expect(button(client, texts.close)).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(button(client, texts.coming.again)).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert').filter({ hasText: texts.coming.stillMissing })).toBeVisible()
    await expect(button(client, texts.reload)).toBeVisible()
    await expect(button(client, texts.coming.again)).toBeFocused()

    await allow()
    await page.keyboard.press('Enter')
    await expect(dialog(client, texts.newRoom.title)).toBeVisible()
    await expect(box(client)).toHaveCount(0)
    expect(await isDrawnAsDialog(page, texts.newRoom.title)).toBe(true)
    await expect(dialog(client, texts.newRoom.title).locator(':focus')).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(button(client, texts.rooms.newRoom)).toBeFocused()
  })
}

test('what does not come is said to be on its way; whoever does not want to wait goes on with something else', async ({
  world
}) => {
  const { client } = await world.arrive('relay', 'Minji')
  const { page } = client
  await startWithout(client, NEW_ROOM, 'hanging')
  await button(client, en.rooms.newRoom).click()
  await expect(page.getByRole('dialog', { name: en.coming.loading })).toBeFocused()
  await expect(page.getByText(en.coming.fromRelay)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(box(client)).toHaveCount(0)
  await expect(button(client, en.rooms.newRoom)).toBeFocused()
  await button(client, en.settings.open).click()
  await expect(dialog(client, en.settings.title)).toBeVisible()
})

test('over another dialog it keeps the focus, closes alone, and gives the focus back', async ({ world }) => {
  const { client } = await world.arrive('relay', 'Minji')
  const { page } = client
  await client.createRoom('Hall', [])
  const allow = await startWithout(client, PERSON_CARD, 'failing')
  await client.openRoom('Hall')
  const details = await openDetails(client, 1)
  const person = details.getByRole('button', { name: 'Minji' }).first()
  for (const giveUp of [
    async () => page.keyboard.press('Escape'),
    async () => box(client).getByRole('button', { name: en.close }).click()
  ]) {
    await person.click()
    await expect(box(client)).toBeFocused()
    await giveUp()
    await expect(box(client)).toHaveCount(0)
    await expect(details).toBeVisible()
    await expect(person).toBeFocused()
  }
  await allow()
  await person.click()
  await expect(dialog(client, 'Minji')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog(client, 'Minji')).toHaveCount(0)
  await expect(details).toBeVisible()
  await expect(person).toBeFocused()
})

test('when the cable is in again, what was asked for opens by itself', async ({ world }) => {
  const { client, link } = await world.arrive('relay', 'Minji')
  const { page } = client
  const allow = await startWithout(client, NEW_ROOM, 'failing')
  await link.cut()
  await (await page.context().newCDPSession(page)).send('Network.clearBrowserCache')
  await allow()
  await button(client, en.rooms.newRoom).click()
  await expect(page.getByRole('dialog', { name: en.coming.missing })).toBeVisible()
  await link.heal()
  await expect(dialog(client, en.newRoom.title)).toBeVisible()
  await expect(box(client)).toHaveCount(0)
})
