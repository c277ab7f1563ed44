// The text of a message: line breaks and links, never markup.
import { useTexts } from '../../texts/texts-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { isOnlyEmoji, messageParts } from './message-parts.ts'
import styles from './message.module.css'

export function MessageText({ body }: { body: string }) {
  const texts = useTexts()
  return (
    <p className={classNames(styles.text, isOnlyEmoji(body) && styles.large)} dir="auto" data-testid="message-body">
      {messageParts(body).map((part, index) =>
        'href' in part ? (
          <a
            key={index}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer"
            title={texts.timeline.opensInNewTab}
          >
            {part.text}
          </a>
        ) : (
          part.text
        )
      )}
    </p>
  )
}
