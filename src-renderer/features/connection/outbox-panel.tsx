// What waits to be sent and what was refused, each to be taken back or tried again.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import type { OutboxItem } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { describeEntry } from './describe-entry.ts'
import styles from './outbox-panel.module.css'

/** In a long outbox nobody reads them all; of the rest so many more whenever they are asked for. */
const AT_ONCE = 200

export function OutboxPanel({ items, onClose }: { items: readonly OutboxItem[]; onClose: () => void }) {
  const texts = useTexts()
  const { me, store } = useServices()
  const users = useObservable(() => store.queries.watchUsers(), [store]) ?? new Map()
  const names = { me: me.userId, person: (userId: string) => nameOf(texts, users, userId) }
  const refused = items.filter(({ state }) => state === 'refused')
  const waiting = items.filter(({ state }) => state === 'waiting' || state === 'sent')
  const [most, setMost] = useState(AT_ONCE)
  const shown = [...refused, ...waiting].slice(0, most)
  const hidden = refused.length + waiting.length - shown.length
  return (
    <Dialog title={texts.outbox.title} closeLabel={texts.close} onClose={onClose}>
      <p className={styles.explain}>{shown.length === 0 ? texts.outbox.empty : texts.outbox.explain}</p>
      <ul className={styles.list}>
        {shown.map((item) => (
          <li key={item.id}>
            <Entry item={item} {...describeEntry(texts, item, names)} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button small onClick={() => setMost(most + AT_ONCE)}>
          {texts.outbox.more(hidden)}
        </Button>
      )}
    </Dialog>
  )
}

function Entry({ item, what, text }: { item: OutboxItem; what: string; text?: string }) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [problem, setProblem] = useState<string>()
  const refused = item.state === 'refused'
  const failed = (error: unknown) => setProblem(errorSentence(texts, error))
  const label = text ?? what

  const cancel = () => {
    commands.cancel(item.id).then((outcome) => {
      if (outcome === 'too-late') setProblem(texts.outbox.tooLate)
    }, failed)
  }
  const discard = (withDependants: boolean) => {
    commands.discard(item.id, { withDependants }).then((gone) => {
      if (!gone) setProblem(texts.outbox.tooLate)
    }, failed)
  }

  return (
    <div className={styles.entry}>
      <span className={refused ? styles.refused : styles.waiting}>
        <Icon name={refused ? 'warning' : 'clock'} size={18} label={stateWords(texts.outbox, item)} />
      </span>
      <div className={styles.words}>
        <p className={styles.what}>{what}</p>
        {text !== undefined && <p className={styles.text}>{text}</p>}
        {refused && item.error && <p className={styles.reason}>{errorSentence(texts, item.error)}</p>}
        {item.state === 'sent' && <p className={styles.note}>{texts.outbox.sent}</p>}
        {item.dependants.length > 0 && <p className={styles.note}>{texts.outbox.dependants(item.dependants.length)}</p>}
        <p className={styles.reason} role="alert">
          {problem}
        </p>
        <div className={styles.actions}>
          {item.retry && (
            <Button
              small
              icon="retry"
              aria-label={texts.outbox.retryLabel(label)}
              onClick={() => {
                commands.retry(item.id).catch(failed)
              }}
            >
              {texts.retry}
            </Button>
          )}
          {refused ? (
            <>
              <Button small look="danger" aria-label={texts.outbox.discardLabel(label)} onClick={() => discard(false)}>
                {texts.discard}
              </Button>
              {item.dependants.length > 0 && (
                <Button small look="danger" onClick={() => discard(true)}>
                  {texts.outbox.discardAll(item.dependants.length + 1)}
                </Button>
              )}
            </>
          ) : (
            item.cancel !== null && (
              <Button small look="danger" aria-label={texts.outbox.cancelLabel(label)} onClick={cancel}>
                {item.cancel === 'undo' ? texts.outbox.undo : texts.outbox.cancel}
              </Button>
            )
          )}
        </div>
      </div>
    </div>
  )
}

function stateWords(outbox: { waiting: string; sent: string; refused: string }, { state }: OutboxItem): string {
  if (state === 'refused') return outbox.refused
  return state === 'sent' ? outbox.sent : outbox.waiting
}
