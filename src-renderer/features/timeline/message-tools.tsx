// The small bar at a message under the pointer or in focus: react, answer, more.
import { useTexts } from '../../texts/texts-context.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
import styles from './message.module.css'
import { useRowActions } from './row-actions.ts'

export function MessageTools({ item }: { item: TimelineItem }) {
  const { timeline } = useTexts()
  const { joined, openMenu, reply } = useRowActions()
  return (
    <div className={styles.tools} role="toolbar" aria-label={timeline.tools}>
      {joined && (
        <>
          <Tool icon="smile" label={timeline.react} onClick={(button) => openMenu(item, button, 'reactions')} />
          <Tool icon="reply" label={timeline.reply} onClick={() => reply(item)} />
        </>
      )}
      <Tool icon="more" label={timeline.more} onClick={(button) => openMenu(item, button, 'all')} />
    </div>
  )
}

function Tool({ icon, label, onClick }: { icon: IconName; label: string; onClick: (button: Element) => void }) {
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={label}
      title={label}
      onClick={({ currentTarget }) => onClick(currentTarget)}
    >
      <Icon name={icon} size={18} />
    </button>
  )
}
