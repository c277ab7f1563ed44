// What a message answers, above its text: whose words and how they begin.
import type { UserRecord } from '../../../protocol/records.ts'
import { useServices } from '../../services-context.tsx'
import type { Quoted, QuotedMessage } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import styles from './message.module.css'
import { plainText } from './rich-text/body.ts'
import { useBlocks } from './rich-text/use-blocks.ts'
import { useRowActions } from './row-actions.ts'

export function Quote({ quoted, users }: { quoted: Quoted; users: ReadonlyMap<string, UserRecord> }) {
  const texts = useTexts()
  const { me } = useServices()
  const { show } = useRowActions()
  const { message } = quoted
  if (!message) return <Missing quoted={quoted} />
  const author = message.authorId === me.userId ? texts.you : nameOf(texts, users, message.authorId)
  return (
    <button
      type="button"
      className={styles.quote}
      aria-label={texts.timeline.showQuoted(author)}
      onClick={() => show({ id: quoted.id, seq: message.seq })}
    >
      <span className={styles.quoteName}>{author}</span>
      <span className={styles.quoteText} dir="auto">
        {message.deleted ? texts.timeline.deleted : <Words message={message} />}
      </span>
    </button>
  )
}

/** The device does not hold it; where its place is known, the relay is asked for what is there. */
function Missing({ quoted: { id, seq } }: { quoted: Quoted }) {
  const texts = useTexts()
  const { show } = useRowActions()
  if (seq === null) return <p className={styles.quote}>{texts.timeline.quoteMissing}</p>
  return (
    <button type="button" className={styles.quote} onClick={() => show({ id, seq })}>
      <span className={styles.quoteText}>{texts.timeline.quoteElsewhere}</span>
    </button>
  )
}

/** Without the marks: a quote is two lines of plain words. */
function Words({ message }: { message: QuotedMessage }) {
  const blocks = useBlocks(message, message.excerpt)
  return blocks === null ? message.excerpt : plainText(blocks)
}
