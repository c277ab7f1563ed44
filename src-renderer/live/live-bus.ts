// What the windows of one profile say to each other of the live lane, and the door at which it is parsed: another window may run another version.
import { z } from 'zod'
import { openWindowChannel } from '../connection/window-channel.ts'
import type { WindowChannel } from '../connection/window-channel.ts'
import { personPresenceSchema, typingSchema, typingToldSchema } from '../../protocol/live.ts'

const messageSchema = z.discriminatedUnion('type', [
  // From the window that has the connection.
  z.object({ type: z.literal('typing-told'), told: typingToldSchema }),
  /** `all`: everybody of whom anything is known. */
  z.object({ type: z.literal('people-told'), people: z.array(personPresenceSchema), all: z.boolean() }),
  /** Who is there, and what do they want? Who stays silent is gone. */
  z.object({ type: z.literal('ask-wants') }),
  // To that window.
  z.object({
    type: z.literal('wants'),
    window: z.string(),
    active: z.boolean(),
    watch: z.array(z.string()),
    /** It wants to be told what is known, whether or not anything has to be asked for it. */
    asks: z.boolean()
  }),
  z.object({ type: z.literal('gone'), window: z.string() }),
  z.object({ type: z.literal('typing'), typing: typingSchema })
])
export type LiveMessage = z.infer<typeof messageSchema>

export type LiveBus = WindowChannel<LiveMessage>

/** The bus of all windows that have the database `name` open; apart from that of sync, which nothing live may delay. */
export function openLiveBus(name: string): LiveBus {
  return openWindowChannel(`maru-live:${name}`, messageSchema)
}
