// Hands down what can be done with a message by other features than the timeline that shows it.
import { createContext, use } from 'react'

/** Of a message all that these need. */
interface About {
  id: string
  roomId: string
}

export interface MessageActs {
  /** Ids of the pinned messages of the room. */
  pins: readonly string[]
  /** Null where the person may not pin. */
  setPin: ((item: About, set: boolean) => void) | null
  /** Shows what a message said before it was edited. */
  showEdits: (item: About) => void
}

const MessageActsContext = createContext<MessageActs | null>(null)

export const MessageActsProvider = MessageActsContext.Provider

/** Null outside of a room. */
export function useMessageActs(): MessageActs | null {
  return use(MessageActsContext)
}
