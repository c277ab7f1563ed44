// From one person's Enter to the other's screen: two browsers, one relay, one machine.
import type { Page } from '@playwright/test'
import type { Bench, Row } from '../row.ts'
import { rounded, wait } from '../row.ts'
import { painted, startBrowser, watchFor } from './browser.ts'
import { newDevice, roomUrl } from './device.ts'
import { withRawPages } from './raw-talk.ts'
import { LAST_KEY_MS, PRESS_MS, SETTLE_MS } from './screen.ts'
import { markOf } from './seed-rooms.ts'
import { median, percentile } from './statistics.ts'
import type { World } from './world.ts'

const GOAL_MS = 15
const PAUSE_MS = 250

/** When what happened to one message, in ms of the machine's clock. */
interface Way {
  entered: number
  sent: number
  arrived: number
  painted: number
}

export async function togetherRows(bench: Bench, world: World, sends: number): Promise<Row[]> {
  const { root, address, seeded, perRoom, profile } = world
  // One that nothing else of the benchmark looks at.
  const room = seeded.rooms.at(-1) ?? world.room
  const other = await newDevice(root, address, seeded.seats[1], seeded)
  const writing = await startBrowser(profile, markOf(room.name, perRoom))
  const reading = await startBrowser(other, markOf(room.name, perRoom))
  const ways: Way[] = []
  try {
    for (const { page } of [writing, reading]) {
      await page.goto(roomUrl(address, room))
      await painted(page)
    }
    await wait(SETTLE_MS)
    bench.say(`${sends} messages from browser to browser`)
    ways.push(...(await take(writing.page, reading.page, sends)))
  } finally {
    await Promise.all([writing.close(), reading.close()])
  }
  const bare = await withRawPages(root, async ([one, two]) => take(one.page, two.page, sends))
  const bareMs = bare.map(({ entered, painted }) => painted - entered)
  const of = (from: keyof Way, to: keyof Way): number[] => ways.map((way) => way[to] - way[from])
  const [whole, before, between, after] = [
    of('entered', 'painted'),
    of('entered', 'sent'),
    of('sent', 'arrived'),
    of('arrived', 'painted')
  ]
  return [
    {
      name: 'client device to device',
      figure: `median ${rounded(median(whole), 1)} ms, p95 ${rounded(percentile(whole, 0.95), 1)}: from Enter to the socket ${rounded(median(before), 1)}, through the relay ${rounded(median(between), 1)}, from the socket to the screen ${rounded(median(after), 1)}; between pages that keep nothing, by \`ws\` alone: ${rounded(median(bareMs), 1)}`,
      goal: `median ≤ ${GOAL_MS} ms`,
      met: median(whole) <= GOAL_MS,
      values: { bareMs, wholeMs: whole, enterToSocketMs: before, socketToSocketMs: between, socketToScreenMs: after }
    }
  ]
}

async function take(writing: Page, reading: Page, sends: number): Promise<Way[]> {
  const ways: Way[] = []
  for (let nth = 0; nth < sends; nth++) {
    ways.push(await way(writing, reading, `to you ${nth}. are you there?`))
    await wait(PAUSE_MS)
  }
  return ways
}

async function way(writing: Page, reading: Page, words: string): Promise<Way> {
  for (const page of [writing, reading]) {
    await page.evaluate(() => {
      window.benchWatch.frames = []
      window.benchWatch.recording = true
    })
  }
  await watchFor(reading, words)
  const composer = writing.locator('main textarea')
  await composer.fill(words)
  await wait(LAST_KEY_MS)
  await composer.press('Enter', { delay: PRESS_MS })
  const paintedAt = (await painted(reading)) + (await origin(reading))
  const entered = (await writing.evaluate(() => window.benchWatch.enterAt)) + (await origin(writing))
  return {
    entered,
    sent: await frameAt(writing, true, words),
    arrived: await frameAt(reading, false, words),
    painted: paintedAt
  }
}

async function origin(page: Page): Promise<number> {
  return page.evaluate(() => performance.timeOrigin)
}

async function frameAt(page: Page, sent: boolean, words: string): Promise<number> {
  return page.evaluate(
    ([sent, words]) => {
      const frame = window.benchWatch.frames.find((each) => each.sent === sent && each.text.includes(words))
      return performance.timeOrigin + (frame?.at ?? NaN)
    },
    [sent, words] as const
  )
}
