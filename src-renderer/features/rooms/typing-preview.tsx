// In the list, instead of what was last said: that somebody types there now.
import type { TypingNow } from '../../live/typing-in.ts'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary } from '../../store/chat-store.ts'
import { typingWords } from '../../texts/live-words.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './room-list.module.css'

/** In a room for two it goes without a name. */
export function TypingPreview({ room, typing }: { room: Pick<RoomSummary, 'kind'>; typing: TypingNow }) {
  const texts = useTexts()
  const { queries } = useServices().store
  const users = useObservable(() => queries.watchUsers(), [queries])
  const words = room.kind === 'direct' ? texts.live.typingShort : users && typingWords(texts, users, typing)
  return <span className={styles.typing}>{words}</span>
}
