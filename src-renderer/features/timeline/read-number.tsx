// Beside an own message: the clock while it waits, the check when the relay has it, then how many have not read it [S12.7], until nobody is left.
import type { TimelineItem } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { MessageState } from './message-state.tsx'
import styles from './message.module.css'
import { useReadNumber } from './read-number-source.tsx'
import { useRowActions } from './row-actions.ts'

/** @param reachable Tab leads to one message, and from there to its number; to those of the others, their menus do */
export function ReadNumber({ item, reachable }: { item: TimelineItem; reachable: boolean }) {
  const { readers } = useTexts()
  const { showReaders } = useRowActions()
  const unread = useReadNumber(item)
  if (item.state === undefined) return null
  // Not known yet is a moment: nothing that would be gone again.
  if (item.state.name !== 'accepted' || unread === null) return <MessageState state={item.state} />
  if (unread === undefined) return null
  if (unread === 0) return <VisuallyHidden>{readers.read}</VisuallyHidden>
  return (
    <button
      type="button"
      tabIndex={reachable ? 0 : -1}
      className={styles.readNumber}
      aria-haspopup="dialog"
      aria-label={readers.unread(unread)}
      title={readers.show}
      onClick={() => showReaders(item)}
    >
      {unread}
    </button>
  )
}
