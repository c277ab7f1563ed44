// Puts messages into a device's store past the client, because its own way takes minutes: the rows that it would have written, made after
// one that it has written, and the state of each room's stream. Raw Dexie gets the same rows.
import type { Page } from '@playwright/test'
import { messageKey } from '../../src-renderer/store/schemas.ts'
import { roomStream } from '../../protocol/streams.ts'
import { authorOf, bodyOf, messageIdOf, timeOf } from './seed-rooms.ts'
import type { Row } from './page-rows.ts'
import type { SeededRoom, SeededRooms } from './seed-rooms.ts'

const ROWS_AT_ONCE = 4_000

/** All messages of these rooms as rows of the client's store. */
function* rowsLike(like: Row, { seats, rooms }: SeededRooms, perRoom: number): Generator<Row> {
  for (const room of rooms) {
    for (let seq = 1; seq <= perRoom; seq++) yield rowLike(like, room, seats, seq)
  }
}

function rowLike(
  like: Row,
  { id: roomId, name, revBefore }: SeededRoom,
  seats: SeededRooms['seats'],
  seq: number
): Row {
  const id = messageIdOf(name, seq)
  const at = timeOf(seq)
  const message = { id, roomId, seq, rev: revBefore + seq, authorId: authorOf(seats, seq), body: bodyOf(name, seq) }
  return { ...like, ...message, key: messageKey(roomId, id), sentAt: at, acceptedAt: at }
}

export async function readRows(page: Page, collection: string): Promise<Row[]> {
  return page.evaluate((name) => window.benchRows.read(name), collection)
}

async function putRows(page: Page, collection: string, rows: readonly Row[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = [collection, rows.slice(at, at + ROWS_AT_ONCE)] as const
    await page.evaluate(([name, rows]) => window.benchRows.put(name, rows), some)
  }
}

/**
 * Adds every message that is missing, and says in the streams' states that nothing is. To be called in a page that does not run the
 * client, once the client has stored something of each room. Throws if a row is not what the client itself has stored.
 */
export async function fillDevice(page: Page, seeded: SeededRooms, perRoom: number): Promise<void> {
  const stored = new Map((await readRows(page, 'messages')).map((row) => [row.key, row]))
  const [like] = stored.values()
  if (!like) throw new Error('the client has stored nothing to go by')
  const missing: Row[] = []
  for (const row of rowsLike(like, seeded, perRoom)) {
    const held = stored.get(row.key)
    if (!held) missing.push(row)
    else if (comparable(held) !== comparable(row)) {
      throw new Error(`the client stores ${comparable(held)}, the benchmark ${comparable(row)}`)
    }
  }
  await putRows(page, 'messages', missing)

  const rooms = new Set<string>(seeded.rooms.map(({ id }) => roomStream(id)))
  const streams = (await readRows(page, 'streams')).filter(({ key }) => rooms.has(key))
  if (streams.length !== rooms.size) throw new Error(`the client knows ${streams.length} of ${rooms.size} rooms`)
  const whole = streams.map((row) => ({ ...row, state: { ...(row['state'] as object), ranges: [[1, perRoom]] } }))
  await putRows(page, 'streams', whole)
}

/** Without what RxDB notes of each write. */
function comparable(row: Row): string {
  return JSON.stringify({ ...row, _meta: null, _rev: null }, Object.keys(row).toSorted())
}

/** @param page the page of raw Dexie */
export async function fillRaw(page: Page, like: Row, seeded: SeededRooms, perRoom: number): Promise<void> {
  let rows: Row[] = []
  const add = async (): Promise<void> => {
    await page.evaluate((some) => window.rawPage.add(some), rows)
    rows = []
  }
  for (const row of rowsLike(like, seeded, perRoom)) {
    rows.push(row)
    if (rows.length >= ROWS_AT_ONCE) await add()
  }
  await add()
}
