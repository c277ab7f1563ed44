// What only the desktop app promises beside its window: it stays in the tray, its notifications lead to their message, its icon counts, and what was
// written when it ends is kept. Asks a real Electron.
import type { ElectronApplication } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { expect, KEPT, test } from './fixtures.ts'
import { meet } from './people.ts'

const ROOM = 'Hall'

/** Whether its one window is to be seen. */
const isVisible = (app: ElectronApplication) => async () =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()))

/** Writes down what the app shows of the room and counts, instead of the system. */
async function listen(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ app: shell, Notification }, room) => {
    const heard = { shown: [] as unknown[], counts: [] as number[] }
    Object.assign(globalThis, { heard })
    Notification.prototype.show = function () {
      // Besides, it says once that it is still running.
      if (this.title === room) heard.shown.push(this)
    }
    shell.setBadgeCount = (count = 0) => {
      heard.counts.push(count)
      return true
    }
  }, ROOM)
}

interface Heard {
  heard: { shown: Electron.Notification[]; counts: number[] }
}

test.describe('the desktop app', { tag: '@desktop' }, () => {
  test('goes on without its window, which comes back when somebody starts it once more', async ({ world }) => {
    const { client } = await world.open('shell')
    const app = client.desktop
    await expect.poll(isVisible(app)).toEqual([true])
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await expect.poll(isVisible(app)).toEqual([false])
    await app.evaluate(({ app: shell }) => shell.emit('second-instance', {}, [], '', null))
    await expect.poll(isVisible(app)).toEqual([true])
    await expect(client.page.getByRole('heading').first()).toBeVisible()
  })

  test('a notification leads to its message, from the tray too, and the icon counts', async ({ world }) => {
    const [ben, ann] = await meet(world, ['Ben', 'Ann'], ROOM)
    const app = ann.client.desktop
    await listen(app)
    await ann.client.page.evaluate(() => (window.location.hash = '#/'))
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await expect.poll(isVisible(app)).toEqual([false])
    await ben.client.send('Are you coming?')
    const shown = async () =>
      app.evaluate(() => (globalThis as unknown as Heard).heard.shown.map(({ title, body }) => ({ title, body })))
    await expect.poll(shown).toEqual([{ title: ROOM, body: 'Ben: Are you coming?' }])
    const counted = async () => app.evaluate(() => (globalThis as unknown as Heard).heard.counts.at(-1))
    if (process.platform !== 'win32') await expect.poll(counted).toBe(1)
    await app.evaluate(() => (globalThis as unknown as Heard).heard.shown[0]?.emit('click'))
    await expect.poll(isVisible(app)).toEqual([true])
    await expect(ann.client.timeline(ROOM).getByText('Are you coming?')).toBeVisible()
    if (process.platform !== 'win32') await expect.poll(counted).toBe(0)
  })

  test('an answer into a notification is said, though the window stays where it is', async ({ world }) => {
    const [ben, ann] = await meet(world, ['Ben', 'Ann'], ROOM)
    const app = ann.client.desktop
    await listen(app)
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await expect.poll(isVisible(app)).toEqual([false])
    await ben.client.send('Are you coming?')
    await expect
      .poll(async () =>
        app.evaluate(() => (globalThis as unknown as Heard).heard.shown.map(({ hasReply }) => hasReply))
      )
      .toEqual([true])
    await app.evaluate(() => {
      const details = { reply: 'On my way' }
      ;(globalThis as unknown as Heard).heard.shown[0]?.emit('reply', details, details.reply)
    })
    await expect(ben.client.timeline(ROOM).getByText('On my way')).toBeVisible()
    expect(await isVisible(app)()).toEqual([false])
  })

  test('keeps what was being written when it is quit', { tag: KEPT }, async ({ world }) => {
    const { client } = await world.open('relay')
    await client.signUp('Minji')
    await client.createRoom(ROOM, [])
    await client.composer.fill('half a thought')
    await client.restart()
    await client.seesRooms()
    await expect(client.composer).toHaveValue('half a thought')
    await client.badge(en.connection.connected)
  })
})
