// The links by which other programs open the installed app at a room or a message: `maru://room?relay=…&room=…`, with `&seq=…` at that message. Reads
// them; follows none. What people copy is the link of the web (hash-route.ts), which opens everywhere.
import { z } from 'zod'

export interface RoomLink {
  /** An origin. */
  relayUrl: string
  roomId: string
  /** Null: to the room as it is. */
  seq: number | null
}

const linkSchema = z
  .object({
    relay: z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin),
    // Any UUID, in the one spelling that ids have.
    room: z.guid().transform((id) => id.toLowerCase()),
    seq: z
      .string()
      .regex(/^[1-9]\d{0,14}$/)
      .transform(Number)
      .optional()
  })
  .transform(({ relay, room, seq }) => ({ relayUrl: relay, roomId: room, seq: seq ?? null }))

/** What the link says, or null for any other text. */
export function readRoomLink(text: string): RoomLink | null {
  const trimmed = text.trim()
  if (!URL.canParse(trimmed)) return null
  const { protocol, host, pathname, searchParams } = new URL(trimmed)
  // Engines disagree about the host of an address with a scheme that they do not know.
  const isRoom = protocol === 'maru:' && /^(\/\/)?room\/?$/.test(`${host}${pathname}`)
  if (!isRoom) return null
  return linkSchema.safeParse(Object.fromEntries(searchParams)).data ?? null
}
