// What passes between the client and a desktop shell around it, with a stand-in for the shell in a browser: notifications and what comes back from them,
// the badge, not to be disturbed, and the moment before the app ends.
import type { Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import type { Notice, NoticePlace } from '../src-renderer/platform/bridge.ts'
import { expect, test } from './fixtures.ts'
import { meet } from './people.ts'

const ROOM = 'Hall'

/** What the stand-in was told, and what it says when a test wants it to. */
interface StandIn {
  notices: Notice[]
  badge: number
  dnd: boolean | null
  open(place: NoticePlace | null): void
  reply(place: NoticePlace, text: string, id: string): Promise<void>
  switchDnd(on: boolean): void
  quit(): Promise<void>
}

/** Puts the page of somebody who is signed in into a shell. */
async function intoShell(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // Of the browser's own farewells none is heard: what is kept at the end, the shell has asked for.
    // oxlint-disable-next-line typescript/unbound-method -- called with its target below
    const listen = EventTarget.prototype.addEventListener
    EventTarget.prototype.addEventListener = function (type: string, ...rest: [never]) {
      if (!['pagehide', 'visibilitychange'].includes(type)) listen.call(this, type, ...rest)
    }
    const quits = new Set<() => Promise<void>>()
    const standIn: StandIn = {
      notices: [],
      badge: 0,
      dnd: null,
      open: () => {},
      reply: async () => {},
      switchDnd: () => {},
      quit: async () => {
        if (quits.size === 0) throw new Error('nobody waits for the end')
        await Promise.all([...quits].map(async (quit) => quit()))
      }
    }
    const bridge = {
      facts: async () => ({ platform: 'linux', version: '0.0.0' }),
      secret: {
        load: async () => localStorage.getItem('stand-in-secret') ?? localStorage.getItem('maru.session'),
        save: async (text: string) => {
          localStorage.setItem('stand-in-secret', text)
          return 'this-run-only'
        },
        forget: async () => localStorage.removeItem('stand-in-secret'),
        kept: async () => 'this-run-only'
      },
      whyUnreachable: async () => 'unknown',
      onResume: () => () => {},
      takeLink: async () => null,
      onLink: () => () => {},
      notifications: {
        show: async (notice: Notice) => {
          standIn.notices = [...standIn.notices.filter(({ tag }) => tag !== notice.tag), notice]
        },
        withdraw: async (tag: string) => {
          standIn.notices = standIn.notices.filter((each) => each.tag !== tag)
        },
        shown: async () => standIn.notices,
        badge: async (count: number) => {
          standIn.badge = count
        },
        onOpen: (open: StandIn['open']) => {
          standIn.open = open
          return () => {}
        },
        onReply: (reply: StandIn['reply']) => {
          standIn.reply = reply
          return () => {}
        }
      },
      tray: {
        showDnd: async (on: boolean | null) => {
          standIn.dnd = on
        },
        onDnd: (change: StandIn['switchDnd']) => {
          standIn.switchDnd = change
          return () => {}
        }
      },
      onQuit: (flush: () => Promise<void>) => {
        quits.add(flush)
        return () => quits.delete(flush)
      }
    }
    Object.assign(window, { maruDesktop: bridge, standIn })
  })
  await page.reload()
}

/** What the stand-in knows. */
const told = (page: Page) => async () =>
  page.evaluate(() => {
    const { notices, badge, dnd } = (window as unknown as { standIn: StandIn }).standIn
    return { notices: notices.map(({ title, body, mayReply }) => ({ title, body, mayReply })), badge, dnd }
  })

test('a shell shows what is notified, an answer there is said, a click leads to it, and what is written when it ends is kept', async ({
  world
}) => {
  const [ben, ann] = await meet(world, ['Ben', 'Ann'], ROOM)
  const { page } = ann.client
  await page.evaluate(() => (window.location.hash = '#/'))
  await intoShell(page)
  await ann.client.badge(en.connection.connected)
  await expect.poll(told(page)).toEqual({ notices: [], badge: 0, dnd: false })

  await ben.client.send('Are you coming?')
  const notice = { title: ROOM, body: 'Ben: Are you coming?', mayReply: true }
  await expect.poll(told(page)).toEqual({ notices: [notice], badge: 1, dnd: false })

  await page.evaluate(async () => {
    const { standIn } = window as unknown as { standIn: StandIn }
    const place = standIn.notices[0]?.place
    const id = '01930000-0000-7000-8000-00000000000a'
    // Again, as after a page that has died before it could say that it has it.
    for (let time = 0; time < 2; time++) if (place) await standIn.reply(place, 'On my way', id)
  })
  await expect(ben.client.timeline(ROOM).getByText('On my way')).toBeVisible()
  await page.evaluate(async () => {
    const { standIn } = window as unknown as { standIn: StandIn }
    const place = standIn.notices[0]?.place
    // By now it has come.
    if (place) await standIn.reply(place, 'On my way', '01930000-0000-7000-8000-00000000000a')
    if (place) await standIn.reply(place, 'See you there', '01930000-0000-7000-8000-00000000000b')
  })
  await expect(ben.client.timeline(ROOM).getByText('See you there')).toBeVisible()
  await expect(ben.client.timeline(ROOM).getByText('On my way')).toHaveCount(1)

  await page.evaluate(() => {
    const { standIn } = window as unknown as { standIn: StandIn }
    standIn.open(standIn.notices[0]?.place ?? null)
  })
  await expect(ann.client.timeline(ROOM).getByText('Are you coming?')).toBeVisible()
  await expect(ann.client.timeline(ROOM).getByText('On my way')).toBeVisible()
  await expect.poll(told(page)).toEqual({ notices: [], badge: 0, dnd: false })

  await page.evaluate(() => (window as unknown as { standIn: StandIn }).standIn.switchDnd(true))
  await expect.poll(async () => (await told(page)()).dnd).toBe(true)

  await ann.client.composer.fill('half a thought')
  await page.evaluate(async () => (window as unknown as { standIn: StandIn }).standIn.quit())
  await page.reload()
  await expect(ann.client.composer).toHaveValue('half a thought')
  await expect.poll(async () => (await told(page)()).dnd).toBe(true)
})
