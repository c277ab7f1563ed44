// Where a room opens: at what was not read, where somebody was reading, or at the end.
import { newId } from '../protocol/values.ts'
import { askAs } from './acts.ts'
import type { Client } from './client.ts'
import { expect, KEPT, test } from './fixtures.ts'
import { en } from '../src-renderer/texts/en.ts'

const ROOM = 'Garden'
const SCREEN = { width: 1100, height: 640 }

const line = ({ page }: Client, text: string) => page.getByRole('log').getByText(text, { exact: true })
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`)

/** How far the top of a message is below the top of the log, in px. */
async function placeOf(client: Client, text: string): Promise<number> {
  const log = await client.page.getByRole('log').boundingBox()
  const at = await line(client, text).boundingBox()
  if (!log || !at) throw new Error(`${text} is not drawn`)
  return Math.round(at.y - log.y)
}

test(
  'a room opens at what was not read, then where one was reading, over a kill too, and at the end',
  { tag: KEPT },
  async ({ world }) => {
    test.setTimeout(120_000)
    const ben = await world.arrive('shell', 'Ben')
    const ann = await world.arrive('shell', 'Ann')
    await ann.client.createRoom('Hall', ['Ben'])
    await ann.client.createRoom(ROOM, ['Ben'])
    await ann.client.send(...numbered(1, 30))
    await ben.client.page.setViewportSize(SCREEN)
    const unread = () => ben.client.page.getByRole('link', { name: ROOM })
    await expect(unread()).toContainText(en.rooms.unread('30'))
    await ben.client.openRoom(ROOM)
    await expect(line(ben.client, 'line 1')).toBeInViewport()
    await ben.client.page.getByRole('log').focus()
    await ben.client.page.keyboard.press('End')
    await expect(line(ben.client, 'line 30')).toBeInViewport()
    await expect(unread()).not.toContainText('unread')
    await ben.client.openRoom('Hall')
    await ann.client.send(...numbered(31, 70))
    await expect(unread()).toContainText(en.rooms.unread('40'))

    await ben.client.openRoom(ROOM)
    await expect(line(ben.client, 'line 31')).toBeInViewport()
    await expect(ben.client.page.getByText(en.timeline.unreadLine)).toBeInViewport()
    await expect(line(ben.client, 'line 70')).not.toBeInViewport()

    // What was on the screen is read, what is below it is not.
    await expect(unread()).toContainText(/3\d unread messages/)
    await ben.client.page.getByRole('log').hover()
    await ben.client.page.mouse.wheel(0, 200)
    await expect(line(ben.client, 'line 37')).toBeInViewport()
    const settled = async () => placeOf(ben.client, 'line 37')
    await expect.poll(async () => (await settled()) === (await settled())).toBe(true)
    // The divider stands elsewhere now, so the line may be a little higher or lower; from then on nothing changes.
    const first = await settled()
    await ben.client.openRoom('Hall')
    await ben.client.openRoom(ROOM)
    await expect.poll(async () => Math.abs((await settled()) - first)).toBeLessThan(60)
    await expect.poll(async () => (await settled()) === (await settled())).toBe(true)
    const place = await settled()
    await ben.client.kill()
    await ben.client.start()
    await ben.client.page.setViewportSize(SCREEN)
    await ben.client.openRoom(ROOM)
    await expect.poll(async () => Math.abs((await settled()) - place)).toBeLessThan(3)

    // Own words bring to the end, also while the list is still being put where one was reading.
    await ben.client.openRoom('Hall')
    await ben.client.openRoom(ROOM)
    await ben.client.send('line 71')
    await expect(line(ben.client, 'line 71')).toBeInViewport()
    await ben.client.page.getByRole('log').hover()
    await ben.client.page.mouse.wheel(0, -1_000)
    await expect(line(ben.client, 'line 71')).not.toBeInViewport()

    await ben.client.page.getByRole('button', { name: en.timeline.toEnd }).click()
    await expect(line(ben.client, 'line 70')).toBeInViewport()
    await expect(unread()).not.toContainText('unread')
    await ben.client.openRoom('Hall')
    await ben.client.openRoom(ROOM)
    await expect(line(ben.client, 'line 70')).toBeInViewport()
  }
)

test('a room opens at what was not read of others, however much one has said oneself elsewhere', async ({ world }) => {
  const ben = await world.arrive('shell', 'Ben')
  const ann = await world.arrive('shell', 'Ann')
  await ann.client.createRoom(ROOM, ['Ben'])
  await ben.client.openRoom(ROOM)
  const roomId = new URL(ann.client.page.url()).hash.split('/').at(-1) ?? ''
  await ann.client.createRoom('Hall', ['Ben'])
  await ann.client.page.setViewportSize(SCREEN)
  const ask = await askAs(ann.client.page, world.relay.url)
  for (const body of numbered(1, 40)) await ask(`/rooms/${roomId}/messages`, { id: newId(), body })
  await ben.client.send('an answer', 'and another')
  const garden = ann.client.page.getByRole('link', { name: ROOM })
  await expect(garden).toContainText(en.rooms.unread('2'))
  await ann.client.openRoom(ROOM)
  await expect(line(ann.client, 'an answer')).toBeInViewport()
  await expect(ann.client.page.getByText(en.timeline.unreadLine)).toBeInViewport()
})
