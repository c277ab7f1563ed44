// Hands down what can be done with a message by other features than the timeline that shows it.
import { createContext, use } from 'react'

/** Of a message all that these need. */
interface About {
  id: string
  roomId: string
}

/** A message whose words may go elsewhere. */
export interface Said extends About {
  authorId: string
  body: string
  /** Null while it has no place in the room itself. */
  seq: number | null
  /** Of what only some have [S11.5]. */
  aside?: { userIds: readonly string[]; anchorSeq: number | null }
}

export interface MessageActs {
  /** Ids of the pinned messages of the room. */
  pins: readonly string[]
  /** Null where the person may not pin. */
  setPin: ((item: About, set: boolean) => void) | null
  /** Shows what a message said before it was edited. */
  showEdits: (item: About) => void
  /** Asks where its words are to go. */
  forward: (item: Said) => void
}

const MessageActsContext = createContext<MessageActs | null>(null)

export const MessageActsProvider = MessageActsContext.Provider

/** Null outside of a room. */
export function useMessageActs(): MessageActs | null {
  return use(MessageActsContext)
}
