// People who come together in a room, and what they do there beside writing: for specs of rooms and people.
import type { Locator, Page } from '@playwright/test'
import type { Texts } from '../src-renderer/texts/texts.ts'
import type { Client } from './client.ts'
import { expect } from './fixtures.ts'
import type { Person, World } from './fixtures.ts'

/**
 * As many people as names, each with a client. The last one makes the room with all others, and everybody looks at it.
 * @param watch called with each page before anything comes from the relay
 */
export async function meet<const Names extends readonly string[]>(
  world: World,
  names: Names,
  room: string,
  options: { texts?: Texts; watch?: (page: Page, name: string) => void } = {}
): Promise<{ [Name in keyof Names]: Person }> {
  const people = await arrive(world, names, options)
  const [maker, ...others] = people.toReversed()
  await maker?.client.createRoom(room, names.slice(0, -1))
  for (const { client } of others) await client.openRoom(room)
  return people
}

/** People with accounts and no rooms. */
export async function arrive<const Names extends readonly string[]>(
  world: World,
  names: Names,
  { texts, watch }: { texts?: Texts; watch?: (page: Page, name: string) => void } = {}
): Promise<{ [Name in keyof Names]: Person }> {
  const people: Person[] = []
  for (const name of names) {
    if (watch === undefined) people.push(await world.arrive('relay', name, texts))
    else {
      const person = await world.open('relay', texts)
      watch(person.client.page, name)
      await person.client.signUp(name)
      people.push(person)
    }
  }
  return people as { [Name in keyof Names]: Person }
}

/** The rooms that somebody has in the list. */
export function listed({ page, texts }: Client): Locator {
  return page.getByRole('navigation', { name: texts.rooms.title }).getByRole('link')
}

/** One of them, by what it is called. */
export function room({ page, texts }: Client, name: string): Locator {
  return page.getByRole('navigation', { name: texts.rooms.title }).getByRole('link', { name, exact: true })
}

export function button({ page }: Client, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}

export function dialog({ page }: Client, name: string): Locator {
  return page.getByRole('dialog', { name, exact: true })
}

/** Closes whatever dialogs are open, one after the other. */
export async function closeDialogs({ page }: Client): Promise<void> {
  const open = page.getByRole('dialog')
  await expect(async () => {
    await page.keyboard.press('Escape')
    await expect(open).toHaveCount(0, { timeout: 300 })
  }).toPass()
}

/** The open room's details. */
export async function openDetails(client: Client, members: number): Promise<Locator> {
  await button(client, client.texts.members.count(members)).click()
  const details = dialog(client, client.texts.details.title)
  await expect(details).toBeVisible()
  return details
}

/** Something in the menu of a member, with the details open. */
export async function actOn(client: Client, name: string, act: string): Promise<void> {
  await button(client, client.texts.details.actionsOf(name)).click()
  await client.page.getByRole('menuitem', { name: act, exact: true }).click()
}

/** Something in the menu of a room in the list. */
export async function actInList(client: Client, name: string, act: string): Promise<void> {
  await room(client, name).click({ button: 'right' })
  await client.page.getByRole('menuitem', { name: act, exact: true }).click()
}

/** Begins a direct room. */
export async function talkTo(client: Client, name: string): Promise<void> {
  await button(client, client.texts.rooms.newRoom).click()
  const opened = dialog(client, client.texts.newRoom.title)
  await opened.getByRole('radio', { name: client.texts.newKind.direct, exact: true }).click()
  await opened.getByRole('list', { name: client.texts.directory.people }).getByRole('button', { name }).click()
  await expect(client.page.getByRole('heading', { name, level: 2 })).toBeVisible()
}
