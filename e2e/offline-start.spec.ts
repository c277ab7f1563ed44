// The web client as the relay serves it: it starts while the relay is dead, takes a new version at the next start, and says what a
// browser on plain http does not do.
import { cp, readdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { FIRST_FACES } from '../scripts/preload-client.mjs'
import { en } from '../src-renderer/texts/en.ts'
import { Client } from './client.ts'
import { expect, KEPT, test } from './fixtures.ts'
import { lan, loopback } from './places.ts'
import { RelayProcess } from './relay-process.ts'

const root = resolve(import.meta.dirname, '..')
const ROOM = 'Hall'

/** Resolves when the next start needs no relay. */
async function keptForNextStart(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
}

/** Every address that the browser keeps an answer for. */
async function keptAddresses(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => url.slice(location.origin.length))
  })
}

test(
  'with the relay dead and the cable cut, a new start shows history and what waits; later it is sent once',
  { tag: KEPT },
  async ({ world }) => {
    const joon = await world.open('relay')
    await joon.client.signUp('Joon')
    const minji = await world.open('relay')
    await minji.client.signUp('Minji')
    await minji.client.createRoom(ROOM, ['Joon'])
    await minji.client.send('before')
    await joon.client.openRoom(ROOM)
    await expect.poll(async () => joon.client.messages(ROOM)).toEqual(['before'])
    await keptForNextStart(minji.client.page)

    await world.relay.kill()
    await minji.link.cut()
    await minji.client.badge(en.connection.waiting.unreachable)
    await minji.client.send('one', 'two')
    await expect(minji.client.waiting(ROOM)).toHaveCount(2)
    await minji.client.restart()
    await minji.client.seesRooms()
    await minji.client.openRoom(ROOM)
    await expect.poll(async () => minji.client.messages(ROOM)).toEqual(['before', 'one', 'two'])
    await minji.client.send('three')
    await expect(minji.client.waiting(ROOM)).toHaveCount(3)

    await world.relay.start()
    await minji.link.heal()
    const all = ['before', 'one', 'two', 'three']
    await expect.poll(async () => joon.client.messages(ROOM), { timeout: 40_000 }).toEqual(all)
    await expect(minji.client.waiting(ROOM)).toHaveCount(0, { timeout: 20_000 })
    expect(await minji.client.messages(ROOM)).toEqual(all)
  }
)

test(
  'the browser keeps exactly what was built, most of the typeface once it is used, and nothing of the API; it is asked once to keep storage',
  { tag: KEPT },
  async ({ world }) => {
    const { client } = await world.open('relay')
    await client.page.evaluate(() => {
      const { storage } = navigator
      const persist = storage.persist.bind(storage)
      storage.persist = async () => {
        document.documentElement.dataset['asked'] = `${document.documentElement.dataset['asked'] ?? ''}asked`
        return persist()
      }
    })
    await client.signUp('Minji')
    await expect(client.page.locator('html')).toHaveAttribute('data-asked', 'asked')
    await keptForNextStart(client.page)
    const built = await readdir(resolve(root, 'dist-web'), { recursive: true, withFileTypes: true })
    const paths = built
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map') && entry.name !== 'sw.js')
      .map(({ parentPath, name }) => resolve(parentPath, name).slice(resolve(root, 'dist-web').length))
      .map((path) => (path === '/index.html' ? '/' : path))
    const isLaterFace = (path: string): boolean => path.endsWith('.woff2') && !FIRST_FACES.test(path)
    const needed = paths.filter((path) => !isLaterFace(path)).toSorted()
    expect(needed.filter((path) => FIRST_FACES.test(path))).toHaveLength(2)
    expect((await keptAddresses(client.page)).toSorted()).toEqual(needed)
    await client.createRoom('뷁', [])
    await client.restart()
    await client.seesRooms()
    await client.badge(en.connection.connected)
    // Without starting the worker: the page, and what is kept from the first.
    const sources = await client.page.evaluate(() =>
      performance
        .getEntries()
        .filter(({ name, entryType }) => entryType === 'navigation' || name.includes('/assets/'))
        .map(
          (entry) => [entry.name, 'workerFinalSourceType' in entry ? entry.workerFinalSourceType : 'untold'] as const
        )
    )
    const kept = sources.filter(([name]) => !isLaterFace(name))
    expect(kept.length).toBeGreaterThan(10)
    expect(kept.filter(([name]) => FIRST_FACES.test(name))).toHaveLength(2)
    expect(kept.filter(([, source]) => source !== 'cache')).toEqual([])
    // Of the other pieces of the typeface, those that were used since: they are drawn without the network too.
    const pieces = async () => (await keptAddresses(client.page)).filter(isLaterFace)
    await expect.poll(pieces).not.toEqual([])
    expect((await pieces()).length).toBeLessThan(10)
    expect(paths).toEqual(expect.arrayContaining(await pieces()))
    expect((await keptAddresses(client.page)).filter((path) => !isLaterFace(path)).toSorted()).toEqual(needed)
  }
)

test(
  'a new version is fetched in the background and shows at the next start, not under a running page',
  { tag: KEPT },
  async ({ launchOptions }, testInfo) => {
    test.setTimeout(150_000)
    const program = testInfo.outputPath('copy', 'dist-server', 'main.js')
    const webRoot = testInfo.outputPath('copy', 'dist-web')
    await cp(resolve(root, 'package.json'), testInfo.outputPath('copy', 'package.json'))
    await cp(resolve(root, 'dist-server'), dirname(program), { recursive: true })
    await cp(resolve(root, 'dist-web'), webRoot, { recursive: true })
    const relay = await RelayProcess.start({ program })
    const client = await Client.open({ place: loopback, pageUrl: relay.url, launch: launchOptions })
    const shownBuild = async (page = client.page) => page.evaluate(() => document.documentElement.dataset['build'])
    const hasWaiting = async () =>
      client.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null)
    try {
      await client.signUp('Minji')
      await keptForNextStart(client.page)
      await buildNextVersion(webRoot)

      await client.restart()
      await client.seesRooms()
      await expect.poll(hasWaiting, { timeout: 20_000 }).toBe(true)
      expect(await shownBuild()).toBeUndefined()

      // A second window is no new start: the first one goes on with the old version.
      const second = await client.page.context().newPage()
      await second.goto(relay.url)
      await expect(second.getByRole('heading', { name: en.rooms.title })).toBeVisible()
      expect(await shownBuild(second)).toBeUndefined()
      expect(await hasWaiting()).toBe(true)
      await second.close()

      // A browser that is too busy to change workers within the client's patience starts the old version once more.
      await expect(async () => {
        await client.page.reload()
        await expect.poll(async () => shownBuild().catch(() => 'loading'), { timeout: 8_000 }).toBe('next')
      }).toPass({ timeout: 40_000 })
      await client.seesRooms()
      expect(await hasWaiting()).toBe(false)
      // The old version is gone, the new one starts without the relay.
      expect((await keptAddresses(client.page)).filter((path) => path === '/')).toHaveLength(1)
      await relay.kill()
      await client.restart()
      await client.seesRooms()
      expect(await shownBuild()).toBe('next')
      expect(client.complaints).toEqual([])
    } finally {
      await client.dispose()
      await relay.dispose()
    }
  }
)

/** Builds the client as it is, but for a mark in its script (and so another page). */
async function buildNextVersion(outDir: string): Promise<void> {
  await build({
    configFile: resolve(root, 'vite.web.config.ts'),
    logLevel: 'warn',
    build: { outDir },
    plugins: [
      {
        name: 'next-version',
        transform: (code, id) =>
          id.endsWith('/src-renderer/main.tsx')
            ? { code: `${code}\ndocument.documentElement.dataset['build'] = 'next'`, map: null }
            : undefined
      }
    ]
  })
}

test.describe(lan.name, () => {
  test.use({ place: lan })

  test(
    'no service worker, nothing breaks, and a sentence says what that means, once',
    { tag: KEPT },
    async ({ world }) => {
      const { client } = await world.open('relay')
      await client.signUp('Minji')
      expect(await client.page.evaluate(() => 'serviceWorker' in navigator)).toBe(false)
      const note = () => client.page.getByRole('note').filter({ hasText: en.offline.needsRelay })
      await expect(note()).toBeVisible()
      await note().getByRole('button', { name: en.offline.understood }).click()
      await expect(note()).toHaveCount(0)
      await client.restart()
      await client.seesRooms()
      await client.badge(en.connection.connected)
      await expect(note()).toHaveCount(0)
      // Without the relay there is a way out, and the way in: its files were fetched while there was one.
      await client.page.waitForLoadState('networkidle')
      await world.relay.kill()
      await client.badge(en.connection.waiting.unreachable)
      await client.page.getByRole('button', { name: en.rooms.signOut }).click()
      const dialog = client.page.getByRole('dialog', { name: en.rooms.signOutTitle })
      await dialog.getByRole('button', { name: en.rooms.signOutAndDelete }).click()
      await expect(client.page.getByLabel(en.signIn.relay)).toBeVisible()
    }
  )
})

test('where the browser keeps the client there is no such sentence', { tag: KEPT }, async ({ world }) => {
  const { client } = await world.open('relay')
  await client.signUp('Minji')
  await client.badge(en.connection.connected)
  await expect(client.page.getByRole('note')).toHaveCount(0)
})
