// That a message was edited; where the relay can tell it, the way to what it said before.
import { useMessageActs } from '../../platform/message-acts.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import styles from './message.module.css'
import { hasEdits } from './row-actions.ts'

export function EditedMark({ item }: { item: TimelineItem }) {
  const { timeline } = useTexts()
  const acts = useMessageActs()
  const words = `(${timeline.edited})`
  if (!acts || !hasEdits(item)) return <span className={styles.edited}>{words}</span>
  return (
    <button
      type="button"
      className={styles.edited}
      aria-haspopup="dialog"
      aria-label={`${words} ${timeline.editHistory}`}
      title={timeline.editHistory}
      onClick={() => acts.showEdits(item)}
    >
      {words}
    </button>
  )
}
