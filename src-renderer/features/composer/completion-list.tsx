// The people or emoji that may be meant, above the field. The focus stays in the field.
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Listbox, Option } from '../../ui/listbox.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import type { Choice } from './completion.ts'
import styles from './completion-list.module.css'
import type { OpenChoices } from './use-completion.ts'

interface CompletionListProps {
  id: string
  open: OpenChoices | null
  onActive: (active: number) => void
  onTake: (choice: Choice) => void
}

export function CompletionList({ id, open, onActive, onTake }: CompletionListProps) {
  const { composer } = useTexts()
  return (
    <>
      <VisuallyHidden>
        <span aria-live="polite">{open && composer.choices(open.choices.length)}</span>
      </VisuallyHidden>
      {open && (
        <Listbox
          id={id}
          label={open.named.kind === 'mention' ? composer.people : composer.emoji}
          className={styles.list}
        >
          {open.choices.map((choice, index) => (
            <Option
              key={choice.id}
              id={`${id}-${index}`}
              className={styles.choice}
              selected={index === open.active}
              onPointerMove={() => {
                if (index !== open.active) onActive(index)
              }}
              onClick={() => onTake(choice)}
            >
              {choice.kind === 'mention' ? (
                <>
                  <Avatar
                    id={choice.person.id}
                    name={choice.person.name}
                    color={choice.person.color}
                    picture={choice.person.avatar}
                    size={26}
                  />
                  <span className={styles.name}>{choice.person.name}</span>
                  <span className={styles.quiet}>{choice.person.username}</span>
                </>
              ) : (
                <>
                  <span className={styles.emoji} aria-hidden>
                    {choice.emoji}
                  </span>
                  <span className={styles.name}>{choice.name}</span>
                  <span className={styles.quiet}>{`:${choice.shortcode}:`}</span>
                </>
              )}
            </Option>
          ))}
        </Listbox>
      )}
    </>
  )
}
