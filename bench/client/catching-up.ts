// Coming back: thousands of messages that were missed, and a long room that one has just been added to.
import type { Page } from '@playwright/test'
import { newId } from '../../protocol/values.ts'
import type { Bench, Row } from '../row.ts'
import { grouped, rounded, wait } from '../row.ts'
import { painted, startBrowser, watchFor } from './browser.ts'
import { askRelay, roomUrl } from './device.ts'
import type { Frame } from './page-watch.ts'
import { SETTLE_MS } from './screen.ts'
import { markOf } from './seed-rooms.ts'
import { most } from './statistics.ts'
import type { World } from './world.ts'

/** What the client says while old messages are missing. */
const LOADING = /^(Loading older messages|Older messages paused)/
const MAX_TASK_MS = 50
const HISTORY_GOAL_S = 25
const HISTORY_GOAL_MESSAGES = 50_000
/** The half of what is missed is said in the open room, the rest in so many others. */
const OTHER_ROOMS = 20
const SENDERS = 24
const CAUGHT_UP_TIMEOUT_MS = 600_000

export async function catchingUpRows(bench: Bench, world: World, missed: number): Promise<Row[]> {
  const { room, perRoom, profile, address, gate } = world
  const browser = await startBrowser(profile, markOf(room.name, perRoom))
  try {
    const { page } = browser
    await page.goto(roomUrl(address, room))
    await painted(page)
    await wait(SETTLE_MS)
    gate.set('shut')
    const newest = await sayWhileAway(world, missed)
    bench.say(`${grouped(missed)} messages were missed`)
    await watchFor(page, newest)
    const began = await page.evaluate(() => {
      window.benchWatch.frames = []
      window.benchWatch.recording = true
      return performance.now()
    })
    gate.set('open')
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    const paintedAt = await painted(page)
    const frames = await page.evaluate(() => {
      window.benchWatch.recording = false
      return window.benchWatch.frames
    })
    await untilWhole(page)
    const longTasks = await longTasksSince(page, began)
    const trips = roundTrips(frames, newest)
    const welcomed = frames.find(({ text }) => text.includes('"relay:welcome"'))?.at ?? NaN
    const longest = most(longTasks)
    return [
      {
        name: 'client newest page after an absence',
        figure: `in the answer to round trip ${trips}, painted ${rounded(paintedAt - welcomed, 0)} ms after the welcome (${grouped(missed)} missed, half of them in the open room)`,
        goal: 'round trip 1',
        met: trips === 1,
        values: { missed, trips, welcomeToPaintedMs: paintedAt - welcomed }
      },
      {
        name: 'client longest task while catching up',
        figure:
          longTasks.length === 0
            ? `none above ${MAX_TASK_MS} ms`
            : `${rounded(longest, 0)} ms; ${longTasks.length} above ${MAX_TASK_MS} ms`,
        goal: `none above ${MAX_TASK_MS} ms`,
        met: longest <= MAX_TASK_MS,
        values: { missed, longTasks }
      }
    ]
  } finally {
    await browser.close()
  }
}

/** Returns how the newest message of the open room begins. */
async function sayWhileAway({ address, seeded, room }: World, missed: number): Promise<string> {
  const [, other] = seeded.seats
  const others = seeded.rooms.slice(1, 1 + OTHER_ROOMS)
  const say = (roomId: string, body: string): Promise<unknown> =>
    askRelay(address, other, `/rooms/${roomId}/messages`, { id: newId(), body })
  const newest = 'The last one. '
  let next = 1
  const sender = async (): Promise<void> => {
    for (let nth = next++; nth < missed; nth = next++) {
      const into = nth % 2 === 0 ? room : others[nth % others.length]
      await say(into?.id ?? room.id, `Missed ${nth}. while you were away`)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  await say(room.id, `${newest}come back`)
  return newest
}

/** How many questions had to be answered one after the other until these words came: 1, if those of the first moment were enough. */
function roundTrips(frames: readonly Frame[], words: string): number {
  const depthOf = new Map<string, number>()
  let answered = 0
  for (const { sent, text } of frames) {
    const asked = /^42(\d+)\["sync:pull"/.exec(text)?.[1]
    if (sent && asked !== undefined) depthOf.set(asked, answered + 1)
    const answer = /^43(\d+)\[/.exec(text)?.[1]
    const depth = answer === undefined ? undefined : depthOf.get(answer)
    if (sent || depth === undefined) continue
    if (text.includes(words)) return depth
    answered = Math.max(answered, depth)
  }
  return NaN
}

/** Until the client says nothing of old messages that are missing, for a second. */
async function untilWhole(page: Page): Promise<void> {
  const line = page.getByText(LOADING).first()
  await line.waitFor({ state: 'visible', timeout: 10_000 }).catch(() => undefined) // it may have been too short to see
  await line.waitFor({ state: 'detached', timeout: CAUGHT_UP_TIMEOUT_MS })
  await wait(1_000)
}

async function longTasksSince(page: Page, began: number): Promise<number[]> {
  const tasks = await page.evaluate(() => window.benchWatch.longTasks)
  return tasks.filter(({ at }) => at >= began).map(({ ms }) => ms)
}

export async function historyRows(bench: Bench, world: World, archived: number): Promise<Row[]> {
  const { room, profile, address } = world
  const { archive, seats } = world.seeded
  const [me, other] = seats
  const browser = await startBrowser(profile)
  try {
    const { page } = browser
    await page.goto(roomUrl(address, room))
    await page.getByTestId('message-body').first().waitFor()
    await wait(SETTLE_MS)
    const before = await page.evaluate(() => window.benchRows.count('messages'))
    const began = await page.evaluate(() => performance.now())
    bench.say(`${grouped(archived)} messages of history, with ${grouped(before)} stored`)
    await askRelay(address, other, `/rooms/${archive.id}/members`, { userIds: [me.userId] })
    const line = page.getByText(LOADING).first()
    await line.waitFor({ state: 'visible' })
    await line.waitFor({ state: 'detached', timeout: CAUGHT_UP_TIMEOUT_MS })
    const seconds = ((await page.evaluate(() => performance.now())) - began) / 1_000
    await wait(1_000)
    const came = (await page.evaluate(() => window.benchRows.count('messages'))) - before
    if (came < archived) throw new Error(`${came} of ${archived} messages came`)
    const longTasks = await longTasksSince(page, began)
    const goalS = (HISTORY_GOAL_S * archived) / HISTORY_GOAL_MESSAGES
    return [
      {
        name: 'client history',
        figure: `${grouped(archived)} messages in ${rounded(seconds, 1)} s, with ${grouped(before)} stored; longest task ${rounded(most(longTasks), 0)} ms`,
        goal: `≤ ${goalS} s`,
        met: seconds <= goalS,
        values: { stored: before, archived, seconds, longTasks }
      }
    ]
  } finally {
    await browser.close()
  }
}
