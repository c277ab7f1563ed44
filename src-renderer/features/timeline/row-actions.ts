// What a message's row can ask of the list around it. One value for all rows, so that they redraw only when their message changes.
import { createContext, useContext } from 'react'
import type { TimelineItem } from '../../store/chat-store.ts'
import type { MenuAnchor } from '../../ui/menu-place.ts'

export interface RowActions {
  /** Whether one is in the room: who is not can copy, and do nothing else. */
  joined: boolean
  /** What can be done with the message, or its reactions alone. */
  openMenu: (item: TimelineItem, anchor: MenuAnchor, part: 'all' | 'reactions') => void
  reply: (item: TimelineItem) => void
  react: (item: TimelineItem, emoji: string, set: boolean) => void
  /** Scrolls to a message and points it out; loads up to it first where that is needed. */
  show: (place: { id: string; seq: number | null }) => void
  /** The names of who has read it, and who has not. */
  showReaders: (item: TimelineItem) => void
  focused: (item: TimelineItem) => void
  /** Asks which day to go to, beginning with the one of an ISO time. */
  goToDay: (at: string) => void
  /** Ids of the long messages that the person wants to see whole; kept while the room is open. */
  unfolded: Set<string>
  /** To be called before a message grows because the person wants it: it grows downwards, and nothing above it moves. */
  willGrow: (item: TimelineItem) => void
}

const RowActionsContext = createContext<RowActions | null>(null)

export const RowActionsProvider = RowActionsContext.Provider

export function useRowActions(): RowActions {
  const actions = useContext(RowActionsContext)
  if (!actions) throw new Error('a message stands in a timeline')
  return actions
}

/** Whether anything can be done with it: it is on the relay, or on its way. */
export function canAct(item: TimelineItem): boolean {
  return item.kind === 'text' && item.deletedAt === undefined && item.state?.name !== 'refused'
}

/** Whether the relay can tell what it said before [S13.1]: it was edited, and the relay has it. */
export function hasEdits({ editedAt, deletedAt, seq, aside }: TimelineItem): boolean {
  return editedAt !== undefined && deletedAt === undefined && (aside ? aside.seq : seq) !== null
}
