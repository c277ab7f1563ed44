// The reactions under a message: each with its number and its people, to join or to take back.
import type { UserRecord } from '../../../protocol/records.ts'
import { useServices } from '../../services-context.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import styles from './message.module.css'
import { useRowActions } from './row-actions.ts'

/** Without asking for a picker. */
export const QUICK_REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const

/** More names than this are a number. */
const MOST_NAMES = 20

export function Reactions({ item, users }: { item: TimelineItem; users: ReadonlyMap<string, UserRecord> }) {
  const texts = useTexts()
  const { me } = useServices()
  const { joined, react } = useRowActions()
  if (!item.reactions) return null
  const namesOf = (userIds: readonly string[]) =>
    userIds.slice(0, MOST_NAMES).map((id) => (id === me.userId ? texts.you : nameOf(texts, users, id)))
  return (
    <ul className={styles.reactions} aria-label={texts.timeline.reactions}>
      {item.reactions.map(({ emoji, userIds, own, waiting }) => {
        const people = texts.timeline.reactedBy(namesOf(userIds), Math.max(0, userIds.length - MOST_NAMES))
        return (
          <li key={emoji}>
            <button
              type="button"
              className={styles.reaction}
              data-waiting={waiting}
              aria-pressed={own}
              aria-label={texts.timeline.reaction(emoji, people)}
              title={people}
              disabled={!joined}
              onClick={({ currentTarget }) => {
                // With the last of its people the button goes, and the focus must not go with it.
                if (own && userIds.length === 1) currentTarget.closest<HTMLElement>('[data-message]')?.focus()
                react(item, emoji, !own)
              }}
            >
              <span aria-hidden>{emoji}</span>
              <span className={styles.reactionCount}>{userIds.length}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
