// What the composer writes to besides a new message: an answer to one, or the new text of an own one. Types and pure rules only.
import type { TimelineItem } from '../../store/chat-store.ts'

/** What is answered or edited: a message of the timeline, or what is known of it without one. */
export type TargetItem = Pick<TimelineItem, 'id' | 'own' | 'authorId' | 'body' | 'deletedAt'> &
  // Of what was said aside; an edit that comes back does not know it yet.
  Partial<Pick<TimelineItem, 'roomId' | 'aside'>>

export interface ComposerTarget {
  kind: 'reply' | 'edit'
  item: TargetItem
}

/** Of keys that an input method took: in Safari the one that ends a composition says so by this alone. */
const TAKEN_BY_IME = 229

/** Whether the key is the input method's and not ours. */
export function isComposing(event: KeyboardEvent): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else tells it
  return event.isComposing || event.keyCode === TAKEN_BY_IME
}

/** Whether a key asks to edit the last own message: Up in an empty field, and nothing else held. */
export function asksToEditLast(event: KeyboardEvent, text: string): boolean {
  return (
    event.key === 'ArrowUp' &&
    text === '' &&
    !isComposing(event) &&
    !(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey)
  )
}
