// Starts from nothing: a new browser each time, raw Dexie, the client with its relay and the client before a black hole in turns.
import type { Bench, Row } from '../row.ts'
import { grouped, rounded } from '../row.ts'
import { startBareBrowser } from './bare-browser.ts'
import type { BareBrowser } from './bare-browser.ts'
import { startBrowser } from './browser.ts'
import { serveRawPage } from './built.ts'
import { roomUrl } from './device.ts'
import { fillRaw, readRows } from './fill.ts'
import { markOf } from './seed-rooms.ts'
import { median, most, spread } from './statistics.ts'
import type { World } from './world.ts'

const PAGE_MESSAGES = 50
/** How much a start before a black hole may differ. */
const MAX_DIFFERENCE = 0.15
/** Until the first screen is there, from a warm cache. */
const SCREEN_GOAL_MS = 1_000

interface Starts {
  rawMs: number[]
  /** Of `rawMs`: opening Dexie and reading, without the page around it. */
  rawReadMs: number[]
  relayMs: number[]
  /** Of `relayMs`: until the browser had anything of the page on the screen. */
  contentMs: number[]
  blackHoleMs: number[]
}

/** @param goal how many times longer than raw Dexie a start may take */
export async function startRows(bench: Bench, world: World, starts: number, goal: number): Promise<Row[]> {
  const { room, perRoom, stored } = world
  const raw = await serveRawPage()
  const from = Math.max(1, perRoom - PAGE_MESSAGES + 1)
  const rawUrl = `${raw.url}?room=${room.id}&from=${from}&to=${perRoom}`
  await fillRawBeside(world, raw.url)
  const start = markOf(room.name, perRoom)
  const taken: Starts = { rawMs: [], rawReadMs: [], relayMs: [], contentMs: [], blackHoleMs: [] }

  const one = async (url: string, more?: (browser: BareBrowser) => Promise<void>): Promise<number> => {
    const browser = await startBareBrowser(world.profile, start)
    try {
      const ms = await browser.openTimed(url)
      await more?.(browser)
      return ms
    } finally {
      await browser.close()
    }
  }
  const kinds: (() => Promise<void>)[] = [
    async () =>
      void taken.rawMs.push(
        await one(rawUrl, async (browser) => {
          taken.rawReadMs.push((await browser.evaluate(() => window.rawPage.readMs)) ?? NaN)
        })
      ),
    async () =>
      void taken.relayMs.push(
        await one(roomUrl(world.address, room), async (browser) => {
          taken.contentMs.push(await browser.evaluate(firstContentMs))
        })
      ),
    async () => {
      world.gate.set('silent')
      taken.blackHoleMs.push(await one(roomUrl(world.address, room)))
      world.gate.set('open')
    }
  ]
  // One round that does not count; then each kind is as often first as last.
  for (let round = -1; round < starts; round++) {
    if (round === 0) for (const list of Object.values(taken) as number[][]) list.splice(0)
    for (let nth = 0; nth < kinds.length; nth++) await kinds[(nth + Math.max(0, round)) % kinds.length]?.()
  }
  raw.close()
  bench.say(`${starts} starts of each, stored ${grouped(stored)}`)
  return rowsOf(taken, stored, goal)
}

/** In the page: when the browser painted the first text or picture. It tells that a moment after the frame, which may be the one of the words. */
function firstContentMs(): Promise<number> {
  return new Promise((resolve) => {
    const paints = new PerformanceObserver((list) => {
      const [content] = list.getEntriesByName('first-contentful-paint')
      if (!content) return
      paints.disconnect()
      resolve(content.startTime)
    })
    paints.observe({ type: 'paint', buffered: true })
  })
}

async function fillRawBeside({ profile, address, seeded, perRoom }: World, rawUrl: string): Promise<void> {
  const browser = await startBrowser(profile)
  try {
    await browser.page.goto(`${address.url}notice.png`)
    const [like] = await readRows(browser.page, 'messages')
    if (!like) throw new Error('the client has stored nothing to go by')
    await browser.page.goto(rawUrl)
    await fillRaw(browser.page, like, seeded, perRoom)
  } finally {
    await browser.close()
  }
}

function rowsOf({ rawMs, rawReadMs, relayMs, contentMs, blackHoleMs }: Starts, stored: number, goal: number): Row[] {
  const [raw, read, relay, hole] = [median(rawMs), median(rawReadMs), median(relayMs), median(blackHoleMs)]
  const ratio = relay / raw
  const difference = Math.abs(hole - relay) / relay
  return [
    {
      name: `client start, ${grouped(stored)} stored`,
      figure: `${rounded(ratio)} times raw Dexie: ${spread(relayMs)} to ${spread(rawMs)} (${rounded(relay / read)} times opening and reading alone, ${rounded(read, 0)} ms)`,
      goal: `≤ ${goal} times`,
      met: ratio <= goal,
      values: { stored, ratio, ratioToReadAlone: relay / read, relayMs, rawMs, rawReadMs }
    },
    {
      name: `client first screen, ${grouped(stored)} stored`,
      figure: `the last room after ${spread(relayMs)}, anything at all after ${spread(contentMs)}`,
      goal: `≤ ${grouped(SCREEN_GOAL_MS)} ms`,
      met: relay <= SCREEN_GOAL_MS,
      values: { stored, relayMs, contentMs }
    },
    {
      name: `client start before a black hole, ${grouped(stored)} stored`,
      figure: `${spread(blackHoleMs)}, with the relay ${spread(relayMs)}: ${rounded(difference * 100, 1)} % apart; longest ${rounded(most(blackHoleMs), 0)} and ${rounded(most(relayMs), 0)} ms`,
      goal: `≤ ${MAX_DIFFERENCE * 100} %`,
      met: difference <= MAX_DIFFERENCE,
      values: { stored, difference, blackHoleMs, relayMs }
    }
  ]
}
