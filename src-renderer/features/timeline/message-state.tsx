// What has become of an own message, and what can be done about a refused one.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import type { MessageState as State } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './message.module.css'

export function MessageState({ state }: { state: State }) {
  const { timeline } = useTexts()
  switch (state.name) {
    case 'waiting':
      return <Icon name="clock" size={14} label={timeline.waiting} />
    case 'accepted':
      return <Icon name="check" size={14} label={timeline.accepted} />
    case 'refused':
      return (
        <span className={styles.refusedSign}>
          <Icon name="warning" size={18} label={timeline.refused} />
        </span>
      )
  }
}

interface RefusedActionsProps {
  /** What was refused. */
  what: string
  /** Words that would be lost otherwise. */
  text?: string | undefined
  state: Extract<State, { name: 'refused' }>
}

/** The reason, and the two ways out. */
export function RefusedActions({ what, text, state }: RefusedActionsProps) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [problem, setProblem] = useState<unknown>()
  return (
    <div className={styles.refused}>
      <p role={problem === undefined ? undefined : 'alert'}>
        {what} · {errorSentence(texts, problem ?? state.error)}
      </p>
      {text !== undefined && <p className={styles.refusedText}>{text}</p>}
      <div className={styles.refusedActions}>
        <Button
          small
          icon="retry"
          onClick={() => {
            commands.retry(state.entryId).catch(setProblem)
          }}
        >
          {texts.retry}
        </Button>
        <Button
          small
          look="danger"
          icon="trash"
          onClick={() => {
            commands.discard(state.entryId).catch(setProblem)
          }}
        >
          {texts.discard}
        </Button>
      </div>
    </div>
  )
}
