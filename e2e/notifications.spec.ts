// What a person is notified of by a real browser: each message once, nothing that was read, little of a muted room.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { expect, KEPT, test } from './fixtures.ts'
import { actInList, meet, room } from './people.ts'

const ROOM = 'Hall'
const { productName } = en

// Browsers of several people on one machine: a loaded one takes its time.
test.describe.configure({ timeout: 150_000 })
// A shell shows them by its own means.
test.skip(({ shell }) => shell === 'electron', 'only browsers have notifications of their service worker')

/** Lets the browser show notifications, and writes down each that it is asked for, over reloads too. */
async function allow(page: Page): Promise<void> {
  await page.context().grantPermissions(['notifications'])
  await page.addInitScript(() => {
    const { prototype } = ServiceWorkerRegistration
    // oxlint-disable-next-line typescript/unbound-method -- called with its registration below
    const show = prototype.showNotification
    prototype.showNotification = async function (title, options) {
      const before: unknown[] = JSON.parse(sessionStorage.getItem('asked') ?? '[]')
      sessionStorage.setItem('asked', JSON.stringify([...before, `${title} | ${options?.body ?? ''}`]))
      return show.call(this, title, options)
    }
  })
  await page.reload()
}

const asked = (page: Page) => async () =>
  page.evaluate((): string[] => JSON.parse(sessionStorage.getItem('asked') ?? '[]'))

/** What is on the screen, as the browser itself says. */
const shown = (page: Page) => async () =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    return (await registration?.getNotifications())?.map(({ title }) => title)
  })

test(
  'each message once, over a reload too; none of what was read elsewhere; of a muted room mentions alone',
  { tag: KEPT },
  async ({ world }) => {
    const [ben, ann] = await meet(world, ['Ben', 'Ann'], ROOM)
    const { page } = ann.client
    await allow(page)
    // In the list, where no room is on the screen.
    await page.evaluate(() => (window.location.hash = '#/'))
    await ann.client.badge(en.connection.connected)
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated')

    await ben.client.send('hello')
    await expect.poll(asked(page)).toEqual([`${ROOM} | Ben: hello`])
    await expect.poll(shown(page)).toEqual([ROOM])
    await expect(page).toHaveTitle(en.notices.title(1, productName))

    await page.reload()
    await ann.client.badge(en.connection.connected)
    await ben.client.send('anybody there?')
    await expect
      .poll(asked(page))
      .toEqual([`${ROOM} | Ben: hello`, `${ROOM} | ${en.notices.newMessages(2)}\nBen: anybody there?`])
    expect(await shown(page)()).toEqual([ROOM])

    // Another device of hers is told nothing old, and what is read there is gone here.
    const phone = await world.open('relay')
    await phone.client.signIn('Ann')
    await phone.client.seesRooms()
    await allow(phone.client.page)
    await phone.client.openRoom(ROOM)
    await phone.client.page.mouse.move(200, 200)
    await expect.poll(shown(page)).toEqual([])
    await expect(page).toHaveTitle(productName)
    expect(await asked(phone.client.page)()).toEqual([])
    await phone.client.page.evaluate(() => (window.location.hash = '#/'))

    await actInList(ann.client, ROOM, en.room.mute)
    await page.getByRole('menuitem', { name: en.muting.hour }).click()
    await expect(room(ann.client, ROOM).getByLabel(en.rooms.muted)).toBeVisible()
    await ben.client.send('not for you')
    await ben.client.composer.pressSequentially('@Ann')
    await ben.client.page.getByRole('option', { name: 'Ann' }).click()
    await ben.client.composer.pressSequentially('this is')
    await ben.client.composer.press('Enter')
    await expect.poll(async () => (await asked(page)()).slice(2)).toEqual([`${ROOM} | Ben: @Ann this is`])
    await expect(page).toHaveTitle(en.notices.title(1, productName))

    // The sound can be had, by the page's policy and from what the service worker keeps.
    const seconds = await page.evaluate(async () => {
      const sound = new Audio('./notice.wav')
      await new Promise((resolve, reject) => {
        sound.addEventListener('canplaythrough', resolve)
        sound.addEventListener('error', reject)
      })
      return sound.duration
    })
    expect(seconds).toBeCloseTo(0.55)
  }
)
