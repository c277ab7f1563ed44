// Somebody with a thousand rooms on a relay with a thousand people: going from room to room, writing, and finding a room or a person by a few letters.
import type { Page } from '@playwright/test'
import type { Bench, Row } from '../row.ts'
import { grouped, rounded, wait } from '../row.ts'
import { painted, startBrowser } from './browser.ts'
import { roomUrl } from './device.ts'
import { send, SETTLE_MS, switchRooms } from './screen.ts'
import { typeKeys } from './scrolling.ts'
import { markOf } from './seed-rooms.ts'
import { median, most, percentile } from './statistics.ts'
import type { World } from './world.ts'

const SWITCH_GOAL_MS = 50
const BUBBLE_GOAL_MS = 30
const OPEN_GOAL_MS = 100
const KEY_GOAL_MS = 16
const PAUSE_MS = 250
const SWITCHER = '[role="dialog"] [role="combobox"]'

export async function manyRoomsRows(
  bench: Bench,
  world: World,
  { opened, sends, keys }: { opened: number; sends: number; keys: number }
): Promise<Row[]> {
  const { room, perRoom, profile, address, seeded } = world
  const browser = await startBrowser(profile, markOf(room.name, perRoom))
  try {
    const { page } = browser
    await page.goto(roomUrl(address, room))
    await painted(page)
    await wait(SETTLE_MS)
    bench.say(`${opened} rooms opened, ${sends} messages sent, ${keys} keys in the switcher`)
    const switchMs = await switchRooms(page, world, opened)
    const bubbleMs = await send(page, sends)
    const openMs = await openSwitcher(page, sends)
    await page.keyboard.press('Control+k')
    await page.locator(SWITCHER).waitFor()
    const keyMs = await typeKeys(page, SWITCHER, keys)
    const size = `${grouped(seeded.rooms.length)} rooms`
    const row = (name: string, times: readonly number[], goal: number): Row => ({
      name: `client ${name}, ${size}`,
      figure: `p95 ${rounded(percentile(times, 0.95), 1)} ms, median ${rounded(median(times), 1)}, longest ${rounded(most(times), 0)}`,
      goal: `p95 ≤ ${goal} ms`,
      met: percentile(times, 0.95) <= goal,
      values: { rooms: seeded.rooms.length, ms: [...times] }
    })
    return [
      row('room switch', switchMs, SWITCH_GOAL_MS),
      row('Enter to own bubble', bubbleMs, BUBBLE_GOAL_MS),
      row('switcher opens', openMs, OPEN_GOAL_MS),
      row('switcher key to paint', keyMs, KEY_GOAL_MS)
    ]
  } finally {
    await browser.close()
  }
}

/** From Ctrl+K until the first choices were handed over for painting, the first time left out: its code is loaded then. */
async function openSwitcher(page: Page, times: number): Promise<number[]> {
  const taken: number[] = []
  for (let nth = -1; nth < times; nth++) {
    await page.evaluate(() => {
      const opened = new Promise<number>((resolve) => {
        let pressed = 0
        window.addEventListener('keydown', ({ key, timeStamp }) => key === 'k' && (pressed = timeStamp), true)
        const { port1, port2 } = new MessageChannel()
        port1.addEventListener('message', () => resolve(performance.now() - pressed))
        port1.start()
        const look = (): void => {
          if (document.querySelector('[role="dialog"] [role="option"]')) port2.postMessage(null)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      })
      Object.assign(window, { benchOpened: opened })
    })
    await page.keyboard.press('Control+k')
    const ms = await page.evaluate(() => (window as unknown as { benchOpened: Promise<number> }).benchOpened)
    if (nth >= 0) taken.push(ms)
    await page.keyboard.press('Escape')
    await page.locator(SWITCHER).waitFor({ state: 'detached' })
    await wait(PAUSE_MS)
  }
  return taken
}
