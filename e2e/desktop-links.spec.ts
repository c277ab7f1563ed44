// Links by which other programs open the desktop app: at its start, while it runs (a second process hands it over), and ones that lead nowhere. Asks a
// real Electron.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ElectronApplication } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { roomOfHash } from '../src-renderer/platform/room-hash.ts'
import type { Client } from './client.ts'
import { expect, KEPT, test } from './fixtures.ts'
import { meet } from './people.ts'

const ROOM = 'Hall'

/** The link to the room that is open. */
async function linkToOpenRoom({ page }: Client, relayUrl: string, seq?: number): Promise<string> {
  const roomId = roomOfHash(new URL(page.url()).hash) ?? ''
  const parts = { relay: relayUrl, room: roomId, ...(seq === undefined ? {} : { seq: String(seq) }) }
  return `maru://room?${new URLSearchParams(parts).toString()}`
}

/** What the system does with a link while the app runs: it starts the app once more, which ends by itself. */
async function startOnceMore(app: ElectronApplication, link: string): Promise<void> {
  const { spawnfile, spawnargs } = app.process()
  // Without what Playwright drives the first one by.
  const loader = spawnargs.indexOf('-r')
  const own = spawnargs
    .slice(1)
    .filter((each, n) => n + 1 !== loader && n + 1 !== loader + 1 && !/^--(inspect|remote-debugging)/.test(each))
  const [code] = (await once(spawn(spawnfile, [...own, link], { stdio: 'ignore' }), 'exit')) as [number]
  expect(code).toBe(0)
}

test.describe('a link that another program opens', { tag: '@desktop' }, () => {
  test('starts the app where it leads', { tag: KEPT }, async ({ world }) => {
    const [ann] = await meet(world, ['Ann', 'Ben'], ROOM)
    const { client, link } = ann
    const toRoom = await linkToOpenRoom(client, `http://127.0.0.1:${link.port}`)
    await client.page.evaluate(() => (window.location.hash = '#/'))
    await client.restartBy(toRoom)
    await expect(client.timeline(ROOM)).toBeVisible()
    await client.badge(en.connection.connected)
    // Once: a start without one begins at the list.
    await client.restart()
    await client.seesRooms()
    await expect(client.timeline(ROOM)).toBeHidden()
  })

  test('leads the app that runs to its message, and the second one ends', { tag: KEPT }, async ({ world }) => {
    const [ann, ben] = await meet(world, ['Ann', 'Ben'], ROOM)
    await ben.client.send('Here it is')
    await expect(ann.client.timeline(ROOM).getByText('Here it is')).toBeVisible()
    const toRoom = await linkToOpenRoom(ann.client, `http://127.0.0.1:${ann.link.port}`, 1)
    await ann.client.page.evaluate(() => (window.location.hash = '#/'))
    await expect(ann.client.timeline(ROOM)).toBeHidden()
    await startOnceMore(ann.client.desktop, toRoom)
    await expect(ann.client.timeline(ROOM).getByText('Here it is')).toBeVisible()
    expect(await ann.client.desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  test('and that leads nowhere here is told in a sentence', { tag: KEPT }, async ({ world }) => {
    const [ann] = await meet(world, ['Ann', 'Ben'], ROOM)
    const { client } = ann
    const told = client.page.getByRole('dialog', { name: en.openedLink.title })
    const links = [
      ['maru://somewhere', en.openedLink.notUnderstood],
      [await linkToOpenRoom(client, 'https://other.example'), en.openedLink.to.elsewhere('https://other.example')]
    ] as const
    for (const [link, words] of links) {
      await startOnceMore(client.desktop, link)
      await expect(told).toContainText(words)
      await told.getByRole('button', { name: en.close }).click()
      await expect(told).toBeHidden()
    }
    await expect(client.timeline(ROOM)).toBeVisible()
  })
})
