// Between the windows of one profile: a BroadcastChannel with a door. Knows nothing of what is said there.
import type { z } from 'zod'

/** The part of a BroadcastChannel that is used: it exists without a secure context, and never hears itself. */
export interface WindowChannel<Message> {
  send(message: Message): void
  /** What cannot be parsed is somebody else's (another window may run another version), and not heard. Returns the end of listening. */
  listen(hear: (message: Message) => void): () => void
  close(): void
}

/** @param name of all windows that are to hear each other */
export function openWindowChannel<Message>(name: string, schema: z.ZodType<Message>): WindowChannel<Message> {
  const channel = new BroadcastChannel(name)
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
    send: (message) => channel.postMessage(message),
    listen: (hear) => {
      const onMessage = (event: MessageEvent<unknown>): void => {
        const message = schema.safeParse(event.data)
        if (message.success) hear(message.data)
      }
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close: () => channel.close()
  }
}
