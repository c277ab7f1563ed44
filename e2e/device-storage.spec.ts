// What a browser does to stored data: it loses it, cannot read it, or has no space for it. Words that were written are never lost in silence.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import type { Client } from './client.ts'
import { expect, KEPT, test } from './fixtures.ts'
import type { World } from './fixtures.ts'

const ROOM = 'Hall'

// Browsers of several people on one machine: a loaded one takes its time.
test.describe.configure({ timeout: 150_000 })

async function twoPeople(world: World) {
  const ben = await world.open('shell')
  await ben.client.signUp('Ben')
  const ann = await world.open('shell')
  await ann.client.signUp('Ann')
  await ann.client.createRoom(ROOM, ['Ben'])
  await ann.client.send('first', 'second')
  await ben.client.openRoom(ROOM)
  await expect.poll(async () => ben.client.messages(ROOM)).toEqual(['first', 'second'])
  await expect(ann.client.waiting(ROOM)).toHaveCount(0)
  return { ann, ben }
}

/** Deletes the databases whose name has this in it. */
const deleteDatabases = (part: string) => async (page: Page) =>
  page.evaluate(async (wanted) => {
    for (const { name = '' } of await indexedDB.databases()) {
      if (!name.includes(wanted)) continue
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name)
        request.addEventListener('success', () => resolve())
        request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')))
      })
    }
  }, part)

/** Makes a collection one of another schema, as far as the client can tell: it does not open any more. */
const makeUnreadable = (database: string, collection: string) => async (page: Page) =>
  page.evaluate(
    async ([wanted = '', key = '']) => {
      const settled = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.addEventListener('success', () => resolve(request.result))
          request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')))
        })
      for (const { name = '' } of await indexedDB.databases()) {
        if (!name.includes(wanted) || !name.endsWith('_rxdb_internal')) continue
        const found = await settled(indexedDB.open(name))
        const rows = found.transaction('docs', 'readwrite').objectStore('docs')
        const row = (await settled(rows.get(key))) as { data: object }
        Object.assign(row.data, { schemaHash: 'another', schema: {} })
        await settled(rows.put(row))
        found.close()
      }
    },
    [database, `collection|${collection}-0`]
  )

async function writeUnsent({ client, link }: { client: Client; link: { cut(): Promise<void> } }): Promise<void> {
  await link.cut()
  await client.badge(en.connection.waiting.unreachable)
  await client.send('not sent yet')
  await expect(client.waiting(ROOM)).toHaveCount(1)
}

const HARMS = [
  ['deleted as a whole', deleteDatabases('-records-')],
  ['without the list of rooms', deleteDatabases('--memberships')],
  ['unreadable', makeUnreadable('-records-', 'messages')]
] as const
/** In the large form. */
const MORE_HARMS = [
  ['deleted in part', deleteDatabases('--messages')],
  ['without the rooms themselves', deleteDatabases('--rooms')]
] as const

for (const [what, harm] of process.env['MARU_LONG'] === 'true' ? [...HARMS, ...MORE_HARMS] : HARMS) {
  test(
    `records that are ${what} come from the relay again, and what waits is still there`,
    { tag: KEPT },
    async ({ world }) => {
      const { ann, ben } = await twoPeople(world)
      await writeUnsent(ann)
      await ann.client.restart(harm)
      await ann.client.seesRooms()
      if (what !== 'deleted as a whole')
        await expect(ann.client.page.getByRole('note').filter({ hasText: en.connection.rebuilt })).toBeVisible()
      await expect(
        ann.client.page.getByRole('button', { name: en.outbox.open(1) }).first(),
        'while the relay cannot be reached'
      ).toBeVisible()
      await ann.link.heal()
      await ann.client.openRoom(ROOM)
      const all = ['first', 'second', 'not sent yet']
      await expect.poll(async () => ann.client.messages(ROOM), { timeout: 20_000 }).toEqual(all)
      await expect(ann.client.waiting(ROOM)).toHaveCount(0)
      await expect.poll(async () => ben.client.messages(ROOM)).toEqual(all)
    }
  )
}

test(
  'while the browser gives nothing of what it keeps, that is said, and after a reload all is there',
  { tag: KEPT },
  async ({ world }) => {
    const { client } = await world.open('shell')
    await client.signUp('Ann')
    await client.createRoom(ROOM, [])
    await client.send('first')
    await expect(client.waiting(ROOM)).toHaveCount(0)
    await client.restart(async (page) => {
      await page.addInitScript(() => {
        if (sessionStorage.getItem('loaded')) return
        sessionStorage.setItem('loaded', 'once')
        const open = indexedDB.open.bind(indexedDB)
        indexedDB.open = (name, ...version) =>
          name.includes('-own-') ? (new EventTarget() as IDBOpenDBRequest) : open(name, ...version)
      })
    })
    await expect(client.page.getByRole('alert')).toHaveText(new RegExp(en.slowStart), { timeout: 20_000 })
    await client.page.getByRole('button', { name: en.reload }).click()
    await client.openRoom(ROOM)
    await expect.poll(async () => client.messages(ROOM)).toEqual(['first'])
  }
)

test('an unreadable outbox is told, saved as a file, and only then set aside', { tag: KEPT }, async ({ world }) => {
  const { ann, ben } = await twoPeople(world)
  await writeUnsent(ann)
  await ann.client.restart(makeUnreadable('-own-', 'drafts'))
  const { page } = ann.client
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  await expect(page.getByRole('heading', { name: en.unreadable.title })).toBeVisible()
  await expect(button(en.unreadable.startAnew)).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('heading', { name: en.unreadable.title })).toBeVisible()

  const downloading = page.waitForEvent('download')
  await button(en.unreadable.save).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe(en.unreadable.fileName)
  const { texts } = JSON.parse(await readFile(await download.path(), 'utf8')) as { texts: string[] }
  expect(texts).toEqual(['not sent yet'])
  await expect(page.getByText(en.unreadable.saved(1))).toBeVisible()

  await button(en.unreadable.startAnew).click()
  await ann.client.seesRooms()
  await ann.client.openRoom(ROOM)
  await expect.poll(async () => ann.client.messages(ROOM)).toEqual(['first', 'second'])
  await ann.link.heal()
  // The counter is gone with the outbox: the relay takes what is written as a new device's.
  await ann.client.send('written anew')
  await expect(ann.client.waiting(ROOM)).toHaveCount(0, { timeout: 20_000 })
  await expect.poll(async () => ben.client.messages(ROOM)).toEqual(['first', 'second', 'written anew'])
})

test(
  'a full device shows what it has and says so, keeps the words in the field, and goes on when there is space',
  { tag: KEPT },
  async ({ world }) => {
    const { ann, ben } = await twoPeople(world)
    // From the start: a browser that is running goes by what it last knew of the disk.
    let giveSpace = async (): Promise<void> => {}
    await ann.client.restart(async (page) => {
      const { origin } = new URL(page.url())
      const devtools = await page.context().newCDPSession(page)
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
      giveSpace = async () => {
        await devtools.send('Storage.overrideQuotaForOrigin', { origin })
      }
    })
    const { page } = ann.client
    await ann.client.seesRooms()
    await ann.client.openRoom(ROOM)
    await expect.poll(async () => ann.client.messages(ROOM)).toEqual(['first', 'second'])
    await ben.client.send('to a full device')
    const full = page.getByRole('alert').filter({ hasText: en.connection.storageFull })
    await expect(full).toBeVisible({ timeout: 20_000 })
    await ann.client.send('no space for this')
    await expect(page.getByText(en.composer.failed)).toBeVisible()
    await expect(ann.client.composer).toHaveValue('no space for this')
    await expect.poll(async () => ann.client.messages(ROOM)).toEqual(['first', 'second'])

    await giveSpace()
    await expect(full).toHaveCount(0, { timeout: 90_000 })
    await expect.poll(async () => ann.client.messages(ROOM)).toEqual(['first', 'second', 'to a full device'])
    await ann.client.composer.press('Enter')
    await expect(ann.client.composer).toHaveValue('')
    const all = ['first', 'second', 'to a full device', 'no space for this']
    await expect.poll(async () => ann.client.messages(ROOM)).toEqual(all)
    await expect.poll(async () => ben.client.messages(ROOM)).toEqual(all)
  }
)
