// Who types in the open room [S14.1], on a line that is always there, so that nothing moves. No live region: what is typed comes and goes many times a
// minute, and would be spoken over the messages, which are read aloud when they come. Who reads the screen finds the line before the field.
import { useServices } from '../../services-context.tsx'
import type { RoomDetails } from '../../store/chat-store.ts'
import { typingWords } from '../../texts/live-words.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { TypingDots } from '../../ui/typing-dots.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './typing-line.module.css'

export function TypingLine({ room }: { room: Pick<RoomDetails, 'id' | 'blocked'> }) {
  const texts = useTexts()
  const { live, store } = useServices()
  const { queries } = store
  const typing = useObservable(() => live.watchTyping(room.id), [live, room.id])
  const users = useObservable(() => queries.watchUsers(), [queries])
  return (
    <p className={styles.line} data-testid="typing" data-aside={typing?.aside}>
      {typing && users && !room.blocked && (
        <>
          <TypingDots />
          <span className={styles.words}>{typingWords(texts, users, typing)}</span>
        </>
      )}
    </p>
  )
}
