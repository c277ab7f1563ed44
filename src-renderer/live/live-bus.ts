// What the windows of one profile say to each other of the live lane, and the door at which it is parsed: another window may run another version.
import { z } from 'zod'
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

/** The part of a BroadcastChannel that is used: it exists without a secure context, and never hears itself. */
export interface LiveBus {
  send(message: LiveMessage): void
  /** What cannot be parsed is somebody else's, and not heard. Returns the end of listening. */
  listen(hear: (message: LiveMessage) => void): () => void
  close(): void
}

/** The bus of all windows that have the database `name` open; apart from that of sync, which nothing live may delay. */
export function openLiveBus(name: string): LiveBus {
  const channel = new BroadcastChannel(`maru-live:${name}`)
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
    send: (message) => channel.postMessage(message),
    listen: (hear) => {
      const onMessage = (event: MessageEvent<unknown>): void => {
        const message = messageSchema.safeParse(event.data)
        if (message.success) hear(message.data)
      }
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close: () => channel.close()
  }
}
