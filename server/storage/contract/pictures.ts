// Pictures for tests: bytes that storage may not look into. Knows no driver.
import { createHash } from 'node:crypto'
import type { Avatar } from '../port.ts'

/** The n-th picture; the same at each run, and every byte value is in it when it is long enough. */
export function picture(n: number, bytes = 600): Omit<Avatar, 'ownerId'> {
  const png = Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 7 + n * 13 + (at >> 8)) % 256))
  return { hash: hashOf(png), png }
}

/** As `avatarHashSchema` has it. */
export function hashOf(png: Uint8Array): string {
  return createHash('sha256').update(png).digest('hex').slice(0, 32)
}
