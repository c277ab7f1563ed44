// A device of the benchmark: a profile that is signed in to the relay behind the gate and holds every message of its rooms.
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { hashOfRoom } from '../../src-renderer/platform/hash-route.ts'
import { roomStream } from '../../protocol/streams.ts'
import type { Seat } from '../plan.ts'
import { wait } from '../row.ts'
import { startBrowser } from './browser.ts'
import { fillDevice, readRows } from './fill.ts'
import { markOf } from './seed-rooms.ts'
import type { SeededRoom, SeededRooms } from './seed-rooms.ts'

export interface Address {
  /** Of the gate, with a slash at the end. */
  url: string
  /** Of the relay itself. */
  relayUrl: string
}

const LISTED_TIMEOUT_MS = 300_000

/** A file of the client's origin that runs nothing of the client. */
const bystander = (url: string): string => `${url}notice.png`

export function roomUrl({ url }: Address, room: SeededRoom): string {
  return `${url}${hashOfRoom(room.id)}`
}

/** Calls the relay as this person; throws on anything but a success. */
export async function askRelay<T>({ relayUrl }: Address, { token }: Seat, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${relayUrl}api/v1${path}`, {
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Signs in on a new profile, lets the client fetch what it shows first, and leaves it there with old messages paused. Returns the profile. */
export async function newDevice(root: string, address: Address, seat: Seat, seeded: SeededRooms): Promise<string> {
  const profile = await mkdtemp(join(root, 'profile-'))
  const { relay } = await askRelay<{ relay: { id: string } }>(address, seat, '/relay')
  const { users } = await askRelay<{ users: { id: string }[] }>(address, seat, '/users')
  const session = {
    relayUrl: address.url,
    relayId: relay.id,
    deviceId: seat.deviceId,
    token: seat.token,
    user: users.find(({ id }) => id === seat.userId)
  }
  const browser = await startBrowser(profile)
  try {
    const { page } = browser
    await page.goto(bystander(address.url))
    await keep(page, 'maru.session', JSON.stringify(session))
    await keep(page, 'maru.history-paused', 'true')
    await page.goto(address.url)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await untilListed(page, seeded)
  } finally {
    await browser.close()
  }
  return profile
}

async function keep(page: Page, key: string, text: string | null): Promise<void> {
  await page.evaluate(
    ([key, text]) => (text === null ? localStorage.removeItem(key) : localStorage.setItem(key, text)),
    [key, text] as const
  )
}

/** Until something of each room is stored. */
async function untilListed(page: Page, { rooms }: SeededRooms): Promise<void> {
  const wanted = new Set<string>(rooms.map(({ id }) => roomStream(id)))
  for (const until = performance.now() + LISTED_TIMEOUT_MS; performance.now() < until;) {
    const states = await readRows(page, 'streams').catch(() => [])
    const listed = states.filter(({ key, state }) => {
      return wanted.has(key) && (state as { ranges?: unknown[] } | undefined)?.ranges?.length
    })
    if (listed.length === wanted.size) return
    await wait(500)
  }
  throw new Error('the client has not listed its rooms')
}

/** Gives the device every message and lets it load old ones from now on; then looks whether the client finds nothing missing. */
export async function fillProfile(
  profile: string,
  address: Address,
  seeded: SeededRooms,
  perRoom: number
): Promise<void> {
  const [room] = seeded.rooms
  if (!room) throw new Error('there are rooms')
  const filling = await startBrowser(profile)
  try {
    await filling.page.goto(bystander(address.url))
    await fillDevice(filling.page, seeded, perRoom)
    await keep(filling.page, 'maru.history-paused', null)
  } finally {
    await filling.close()
  }
  const looking = await startBrowser(profile, markOf(room.name, perRoom))
  try {
    await looking.page.goto(roomUrl(address, room))
    await looking.page.evaluate(() => window.benchWatch.prepared)
    const count = await looking.page.evaluate(() => window.benchRows.count('messages'))
    if (count !== seeded.rooms.length * perRoom) throw new Error(`the device holds ${count} messages`)
  } finally {
    await looking.close()
  }
}
