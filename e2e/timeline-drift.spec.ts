// Where the reader looks nothing moves: measured in px while history is put above, messages above are edited, new ones come, fonts load late and
// the window changes its size. MARU_LONG makes it thousands of inserts.
import type { Page } from '@playwright/test'
import { askAs } from './acts.ts'
import type { Ask } from './acts.ts'
import { expect, test } from './fixtures.ts'
import { en } from '../src-renderer/texts/en.ts'

const ROOM = 'Garden'
const LONG = process.env['MARU_LONG'] === 'true'
const MESSAGES = LONG ? 3_000 : 400
const EDITS = LONG ? 200 : 20
const ARRIVALS = LONG ? 500 : 40

/** Like people's: one line, several, a long one now and then, some with marks. */
function words(at: number): string {
  if (at % 17 === 0)
    return `line ${at}\n${'with a good deal of text that goes on and on over several lines '.repeat(4)}`
  if (at % 11 === 0) return `line ${at}\n- one\n- **two**\n- three`
  if (at % 7 === 0) return `line ${at} ${'short '.repeat(at % 23)}`
  return `line ${at}`
}

interface Probe {
  /** The largest step that the anchor has made from one frame to the next without the reader, in px. */
  worst: () => number
  stop: () => void
}

declare global {
  interface Window {
    driftProbe?: Probe
  }
}

/**
 * Watches in every frame where each message that can be seen stands; what the reader's own scrolling moves is taken off by saying so.
 * A movement is one of the message that stood highest in the view.
 */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.driftProbe?.stop()
    const log = document.querySelector<HTMLElement>('[role="log"]')
    if (!log) throw new Error('no log')
    let anchor: { id: string; top: number } | null = null
    let worst = 0
    let frame = 0
    const look = (): void => {
      const frameTop = log.getBoundingClientRect().top
      const placeOf = (element: Element): number => element.getBoundingClientRect().top - frameTop
      const known = anchor && log.querySelector(`[data-message="${anchor.id}"]`)
      if (anchor && !known) worst = Math.max(worst, Infinity)
      if (anchor && known) worst = Math.max(worst, Math.abs(placeOf(known) - anchor.top))
      const first = [...log.querySelectorAll('[data-message]')].find((element) => placeOf(element) >= 0)
      const id = first?.getAttribute('data-message')
      anchor =
        known && anchor ? { id: anchor.id, top: placeOf(known) } : first && id ? { id, top: placeOf(first) } : null
      frame = requestAnimationFrame(look)
    }
    look()
    window.driftProbe = { worst: () => worst, stop: () => cancelAnimationFrame(frame) }
  })
}

async function drift(page: Page): Promise<number> {
  await page.evaluate(async () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  return page.evaluate(() => window.driftProbe?.worst() ?? NaN)
}

const AT_ONCE = 25

/** The ids, by their numbers. */
async function fill(ask: Ask, roomId: string, from: number, to: number): Promise<Map<number, string>> {
  const ids = new Map<number, string>()
  for (let at = from; at < to; at += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, to - at) }, (_, index) => at + index)
    await Promise.all(
      numbers.map(async (number) => {
        const id = crypto.randomUUID()
        ids.set(number, id)
        await ask(`/rooms/${roomId}/messages`, { id, body: words(number) })
      })
    )
  }
  return ids
}

/** Scrolls as a person does, and watches from the next frame on. */
async function scrollTo(page: Page, top: number): Promise<void> {
  await page.evaluate(async (top) => {
    window.driftProbe?.stop()
    const log = document.querySelector('[role="log"]')
    if (log) log.scrollTop = top
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  }, top)
  await watch(page)
}

async function firstDrawn(page: Page): Promise<string> {
  const first = page.locator('[data-testid="timeline-row"] [data-message]').first()
  return (await first.getAttribute('data-message')) ?? ''
}

async function heightOf(page: Page): Promise<number> {
  return page.getByRole('log').evaluate((log) => log.scrollHeight)
}

/** The ids of the messages that are drawn above the view, nearest first. */
async function drawnAbove(page: Page): Promise<string[]> {
  return page.getByRole('log').evaluate((log) => {
    const top = log.getBoundingClientRect().top
    const above = [...log.querySelectorAll('[data-message]')].filter(
      (each) => each.getBoundingClientRect().bottom < top
    )
    return above.map((each) => each.getAttribute('data-message') ?? '').toReversed()
  })
}

test('the message that is read stands still, whatever happens around it', async ({ world }) => {
  test.setTimeout(LONG ? 1_800_000 : 180_000)
  const { client, link } = await world.arrive('relay', 'Minji')
  const { page } = client
  await page.setViewportSize({ width: 1000, height: 700 })
  await client.createRoom(ROOM, [])
  const relayUrl = `http://127.0.0.1:${link.port}`
  const ask = await askAs(page, relayUrl)
  let roomId = ''
  await expect
    .poll(async () => {
      const { rooms } = await ask<{ rooms: { id: string; name: string }[] }>('/rooms')
      roomId = rooms.find(({ name }) => name === ROOM)?.id ?? ''
      return roomId
    })
    .not.toBe('')
  await fill(ask, roomId, 0, MESSAGES)
  await ask(`/rooms/${roomId}/messages`, { id: crypto.randomUUID(), body: 'the newest' })
  // Anew: only the newest page is drawn.
  await page.reload()
  await expect(page.getByRole('log').getByText('the newest', { exact: true })).toBeVisible()

  await test.step('history is put above', async () => {
    let pages = 0
    while ((await page.getByText(en.timeline.beginning).count()) === 0) {
      await scrollTo(page, 600)
      const first = await firstDrawn(page)
      await scrollTo(page, 580)
      // Another page above what was first, or the beginning.
      await page.waitForFunction(
        ([first, beginning]) =>
          document.querySelector(`[data-index="0"] [data-message="${first}"]`) === null ||
          document.body.textContent.includes(beginning),
        [first, en.timeline.beginning] as const
      )
      expect(await drift(page), `page ${pages}`).toBe(0)
      pages += 1
    }
    expect(pages).toBeGreaterThanOrEqual(Math.floor(MESSAGES / 130))
  })

  await test.step('messages above are edited', async () => {
    await scrollTo(page, Math.round((await heightOf(page)) / 2))
    for (let edit = 0; edit < EDITS; edit++) {
      const above = await drawnAbove(page)
      const id = above[edit % above.length] ?? ''
      const body = `edited ${edit} ${'more words than there were before '.repeat((edit * 7) % 12)}`.trim()
      await ask(`/rooms/${roomId}/messages/${id}`, { body }, 'PATCH')
      await expect(page.locator(`[data-message="${id}"]`).getByTestId('message-body')).toHaveText(body)
      expect(await drift(page), `edit ${edit}`).toBe(0)
    }
  })

  await test.step('new messages come', async () => {
    await fill(ask, roomId, MESSAGES, MESSAGES + ARRIVALS)
    await ask(`/rooms/${roomId}/messages`, { id: crypto.randomUUID(), body: 'newer than all' })
    await expect(page.getByRole('navigation').getByText('newer than all')).toBeVisible()
    expect(await drift(page)).toBe(0)
  })

  await test.step('a font comes late', async () => {
    for (const font of ['monospace', 'serif', 'sans-serif']) {
      await page.evaluate((font) => document.documentElement.style.setProperty('--font', font), font)
      expect(await drift(page), font).toBeLessThanOrEqual(1)
    }
  })

  await test.step('the window changes its size', async () => {
    for (const size of [
      { width: 1000, height: 500 },
      { width: 820, height: 700 },
      { width: 380, height: 800 },
      { width: 1000, height: 700 }
    ]) {
      await page.setViewportSize(size)
      expect(await drift(page), `${size.width} × ${size.height}`).toBeLessThanOrEqual(1)
    }
  })

  await test.step('and one scrolls back through all of it', async () => {
    for (let left = 60; left > 0; left--) {
      await scrollTo(page, Math.max(0, (await page.getByRole('log').evaluate((log) => log.scrollTop)) - 450))
      expect(await drift(page), `${left} to go`).toBeLessThanOrEqual(1)
    }
  })
})
