// What the composer writes to besides a new message: an answer to one, or the new text of an own one. Types and pure rules only.
import type { TimelineItem } from '../../store/chat-store.ts'

export interface ComposerTarget {
  kind: 'reply' | 'edit'
  item: TimelineItem
}

/** Whether a key asks to edit the last own message: Up in an empty field, and nothing else held. */
export function asksToEditLast(event: KeyboardEvent, text: string): boolean {
  return (
    event.key === 'ArrowUp' &&
    text === '' &&
    !event.isComposing &&
    !(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey)
  )
}
