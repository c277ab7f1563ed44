// Reading far back, and writing in a room that holds everything: what each frame takes while 10,000 messages go by, and what a key takes to be painted.
import type { CDPSession, Page } from '@playwright/test'
import type { Bench, Row } from '../row.ts'
import { grouped, rounded, wait } from '../row.ts'
import { painted, startBrowser, watchFor } from './browser.ts'
import { roomUrl } from './device.ts'
import { SETTLE_MS } from './screen.ts'
import { markOf } from './seed-rooms.ts'
import { median, most, percentile } from './statistics.ts'
import type { World } from './world.ts'

const FRAME_GOAL_MS = 20
const KEY_GOAL_MS = 16
/** As fast as a wheel that is turned without a pause. */
const PX_PER_FRAME = 100
const TIMEOUT_MS = 900_000
/** Between two keys of somebody who types quickly. */
const BETWEEN_KEYS_MS = 70

/** @param messages how many of the room's messages go by */
export async function scrollRows(bench: Bench, world: World, messages: number): Promise<Row[]> {
  const { room, perRoom, profile, address } = world
  const until = Math.max(1, perRoom - messages)
  const browser = await startBrowser(profile, markOf(room.name, perRoom))
  try {
    const { page } = browser
    await page.goto(roomUrl(address, room))
    await painted(page)
    await wait(SETTLE_MS)
    bench.say(`${grouped(messages)} messages go by`)
    const cdp = await browser.cdp()
    await cdp.send('Performance.enable')
    const busyBefore = await busySeconds(cdp)
    const frameMs = await scrollUp(page, until)
    const busyMs = ((await busySeconds(cdp)) - busyBefore) * 1_000
    return [
      {
        name: 'client frame while scrolling',
        figure: `p95 ${rounded(percentile(frameMs, 0.95), 1)} ms, median ${rounded(median(frameMs), 1)}, p99 ${rounded(percentile(frameMs, 0.99), 1)}, longest ${rounded(most(frameMs), 0)} (${grouped(messages)} messages, ${frameMs.length} frames, busy for ${rounded(busyMs / frameMs.length, 1)} ms of each)`,
        goal: `p95 ≤ ${FRAME_GOAL_MS} ms`,
        met: percentile(frameMs, 0.95) <= FRAME_GOAL_MS,
        values: { messages, perRoom, busyMs, frames: frameMs.length, p95: percentile(frameMs, 0.95), frameMs }
      }
    ]
  } finally {
    await browser.close()
  }
}

/** How long the page's main thread has worked so far. */
async function busySeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN
}

/** From one frame to the next, until a message with at most this seq is in the view. */
async function scrollUp(page: Page, until: number): Promise<number[]> {
  return page.evaluate(
    async ([until, step, timeout]) => {
      const log = document.querySelector('[role="log"]')
      if (!log) throw new Error('there is no timeline')
      const frames: number[] = []
      const end = performance.now() + timeout
      const topSeq = (): number => {
        const frame = log.getBoundingClientRect()
        const bodies = [...log.querySelectorAll('[data-testid="message-body"]')]
        const first = bodies.find((body) => body.getBoundingClientRect().bottom > frame.top)
        return Number(/· (\d+)\./.exec(first?.textContent ?? '')?.[1] ?? Infinity)
      }
      return new Promise<number[]>((resolve, reject) => {
        let before = 0
        const each = (now: number): void => {
          if (before > 0) frames.push(now - before)
          before = now
          if (frames.length % 30 === 29 && topSeq() <= until) return resolve(frames)
          if (now > end) return reject(new Error(`after ${frames.length} frames only ${topSeq()} is reached`))
          log.scrollTop -= step
          requestAnimationFrame(each)
        }
        requestAnimationFrame(each)
      })
    },
    [until, PX_PER_FRAME, TIMEOUT_MS] as const
  )
}

/** In the room with all its messages on the device, at its end. */
export async function typingRows(bench: Bench, world: World, keys: number): Promise<Row[]> {
  const { room, perRoom, profile, address } = world
  const browser = await startBrowser(profile)
  try {
    const { page } = browser
    await page.goto(roomUrl(address, room))
    await page.locator('[data-testid="message-body"]').first().waitFor()
    await watchFor(page, markOf(room.name, perRoom))
    // It may open where it was scrolled to.
    await page.locator('[role="log"]').press('End')
    await painted(page)
    await wait(SETTLE_MS)
    bench.say(`${keys} keys in a room of ${grouped(perRoom)} messages`)
    const keyMs = await typeKeys(page, 'main textarea', keys)
    return [
      {
        name: 'client key to paint',
        figure: `p95 ${rounded(percentile(keyMs, 0.95), 1)} ms, median ${rounded(median(keyMs), 1)}, longest ${rounded(most(keyMs), 0)} (${grouped(perRoom)} messages in the room, ${keys} keys)`,
        goal: `p95 ≤ ${KEY_GOAL_MS} ms`,
        met: percentile(keyMs, 0.95) <= KEY_GOAL_MS,
        values: { perRoom, keyMs }
      }
    ]
  } finally {
    await browser.close()
  }
}

/**
 * From the browser's note of each key until its frame was handed over for painting: what the client does about it, and how long the frame then
 * takes. The wait for the next frame to begin is the screen's, at most one frame, and is taken off.
 */
export async function typeKeys(page: Page, selector: string, keys: number): Promise<number[]> {
  await page.evaluate((selector) => {
    const field = document.querySelector(selector)
    const times: number[] = []
    Object.assign(window, { benchKeys: times })
    field?.addEventListener(
      'keydown',
      (event) => {
        const began = event.timeStamp
        // After the handlers of this key and what React does at once about the input that follows.
        const { port1, port2 } = new MessageChannel()
        let handled = 0
        const afterInput = (): void => {
          queueMicrotask(() => {
            handled = performance.now()
          })
        }
        field.addEventListener('input', afterInput, { once: true })
        requestAnimationFrame((frame) => {
          const waited = Math.max(0, frame - Math.max(handled, began))
          port1.addEventListener('message', () => times.push(performance.now() - began - waited))
          port1.start()
          port2.postMessage(null)
        })
      },
      { capture: true }
    )
  }, selector)
  await page.locator(selector).focus()
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press(key % 8 === 7 ? 'Space' : String.fromCharCode(97 + (key % 26)))
    await wait(BETWEEN_KEYS_MS)
  }
  const times = await page.evaluate(() => (window as unknown as { benchKeys: number[] }).benchKeys)
  await page.locator(selector).fill('')
  return times
}
