// What a person feels in one window: from a click to another room, from Enter to the own bubble, and what 50 rooms leave in memory.
import type { Page } from '@playwright/test'
import { hashOfRoom } from '../../src-renderer/platform/hash-route.ts'
import type { Bench, Row } from '../row.ts'
import { grouped, rounded, wait } from '../row.ts'
import { painted, startBrowser, watchFor } from './browser.ts'
import { roomUrl } from './device.ts'
import { withRawPages } from './raw-talk.ts'
import { markOf } from './seed-rooms.ts'
import { median, most, percentile } from './statistics.ts'
import type { World } from './world.ts'

const SWITCH_GOAL_MS = 50
const BUBBLE_GOAL_MS = 30
const HEAP_GOAL_MB = 150
/** People pause between two things; without it each would pay for the one before. */
const PAUSE_MS = 250

/** From the last key to Enter: nobody is quicker, and what the key has changed is drawn by then. */
export const LAST_KEY_MS = 60

/** From the pointer's or the focus's coming to the press: nobody is quicker. */
const BEFORE_MS = 100
/** So long a button or a key is down. A key that is up again at once would be one more input, behind whose frame the browser handles what else has come. */
export const PRESS_MS = 60

/** The rest of a start: what the client does once the first page is there. */
export const SETTLE_MS = 3_000

export async function screenRows(bench: Bench, world: World, rooms: number, sends: number): Promise<Row[]> {
  const { room, perRoom, profile, address, stored } = world
  const browser = await startBrowser(profile, markOf(room.name, perRoom))
  try {
    const { page } = browser
    await page.goto(roomUrl(address, room))
    await painted(page)
    await wait(SETTLE_MS)
    const switchMs = await switchRooms(page, world, rooms)
    const heapMb = await heapOf(browser)
    const againMs = await switchRooms(page, world, rooms, true)
    bench.say(`${rooms} rooms opened, each twice; ${sends} messages sent`)
    const bubbleMs = await send(page, sends)
    await browser.close()
    const bareMs = await withRawPages(world.root, async ([one]) => send(one.page, sends))
    return [
      {
        name: 'client room switch',
        figure: `p95 ${rounded(percentile(switchMs, 0.95), 0)} ms, median ${rounded(median(switchMs), 0)}, longest ${rounded(most(switchMs), 0)}; by keyboard, to a room seen before, p95 ${rounded(percentile(againMs, 0.95), 0)} (${rooms} rooms of ${grouped(perRoom)}, ${grouped(stored)} stored)`,
        goal: `p95 ≤ ${SWITCH_GOAL_MS} ms`,
        met: percentile(switchMs, 0.95) <= SWITCH_GOAL_MS,
        values: { stored, perRoom, switchMs, againMs }
      },
      {
        name: 'client Enter to own bubble',
        figure: `p95 ${rounded(percentile(bubbleMs, 0.95), 0)} ms, median ${rounded(median(bubbleMs), 0)}, longest ${rounded(most(bubbleMs), 0)}; on a page that keeps nothing median ${rounded(median(bareMs), 0)}, p95 ${rounded(percentile(bareMs, 0.95), 0)}`,
        goal: `p95 ≤ ${BUBBLE_GOAL_MS} ms`,
        met: percentile(bubbleMs, 0.95) <= BUBBLE_GOAL_MS,
        values: { stored, bubbleMs, bareMs }
      },
      {
        name: 'client heap',
        figure: `${rounded(heapMb, 1)} MB after opening ${rooms} rooms, collected`,
        goal: `≤ ${HEAP_GOAL_MB} MB`,
        met: heapMb <= HEAP_GOAL_MB,
        values: { stored, rooms, heapMb }
      }
    ]
  } finally {
    await browser.close()
  }
}

/**
 * From each click until the newest message of the room was painted; down the list by a pointer, or up `again` by the Enter key, because only what is near
 * is in the list.
 */
export async function switchRooms(
  page: Page,
  { seeded, perRoom }: World,
  count: number,
  again = false
): Promise<number[]> {
  const times: number[] = []
  const rooms = seeded.rooms.slice(1, 1 + count)
  // The last one is open already.
  for (const { id, name } of again ? rooms.toReversed().slice(1) : rooms) {
    await watchFor(page, markOf(name, perRoom))
    const link = page.locator(`nav a[href="${hashOfRoom(id)}"]`)
    // As a hand does it: it is there first, and a press takes its time. What that changes on the screen is drawn before the click.
    if (again) await link.focus()
    else await link.hover()
    await wait(BEFORE_MS)
    if (again) await link.press('Enter', { delay: PRESS_MS })
    else await link.click({ delay: PRESS_MS })
    times.push(await page.evaluate(async () => ((await window.benchWatch.prepared) ?? NaN) - window.benchWatch.clickAt))
    await wait(PAUSE_MS)
  }
  return times
}

/** From each Enter until the own message was painted. */
export async function send(page: Page, count: number): Promise<number[]> {
  const times: number[] = []
  const composer = page.locator('main textarea')
  for (let nth = 0; nth < count; nth++) {
    const words = `own ${nth}. written for the benchmark`
    await composer.fill(words)
    await watchFor(page, words)
    await wait(LAST_KEY_MS)
    await composer.press('Enter', { delay: PRESS_MS })
    times.push(await page.evaluate(async () => ((await window.benchWatch.prepared) ?? NaN) - window.benchWatch.enterAt))
    await wait(PAUSE_MS)
  }
  return times
}

/** What JavaScript holds, and what the page holds for it. */
async function heapOf(browser: Awaited<ReturnType<typeof startBrowser>>): Promise<number> {
  const cdp = await browser.cdp()
  for (let times = 0; times < 3; times++) await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await cdp.send('Runtime.getHeapUsage')
  await cdp.detach()
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 2 ** 20
}
