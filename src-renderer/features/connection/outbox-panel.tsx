// What waits to be sent and what was refused, each to be taken back or tried again.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { describeEntry } from './describe-entry.ts'
import type { OutboxEntry } from './describe-entry.ts'
import styles from './outbox-panel.module.css'

export function OutboxPanel({ entries, onClose }: { entries: readonly OutboxEntry[]; onClose: () => void }) {
  const texts = useTexts()
  const { me, store } = useServices()
  const rooms = useObservable(() => store.queries.watchRooms(), [store]) ?? []
  const users = useObservable(() => store.queries.watchUsers(), [store]) ?? new Map()
  const shown = entries.filter(({ state }) => state !== 'accepted')
  const names = {
    room: (roomId: string) => rooms.find(({ id }) => id === roomId)?.name ?? texts.rooms.title,
    person: (userId: string) => nameOf(texts, users, userId)
  }
  const describe = (entry: OutboxEntry) => {
    const { operation } = entry
    const leaving = operation.type === 'member.remove' && operation.userId === me.userId
    return leaving ? { what: texts.outbox.leaveRoom(names.room(operation.roomId)) } : describeEntry(texts, entry, names)
  }
  return (
    <Dialog title={texts.outbox.title} closeLabel={texts.close} onClose={onClose}>
      <p className={styles.explain}>{shown.length === 0 ? texts.outbox.empty : texts.outbox.explain}</p>
      <ul className={styles.list}>
        {shown.map((entry) => (
          <li key={entry.id}>
            <Entry entry={entry} {...describe(entry)} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function Entry({ entry, what, text }: { entry: OutboxEntry; what: string; text?: string }) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [problem, setProblem] = useState<string>()
  const refused = entry.state === 'refused'
  const failed = (error: unknown) => setProblem(errorSentence(texts, error))

  const discard = () => {
    commands.discard(entry.id).then((gone) => {
      if (!gone) setProblem(texts.outbox.tooLate)
    }, failed)
  }

  return (
    <div className={styles.entry}>
      <span className={refused ? styles.refused : styles.waiting}>
        <Icon
          name={refused ? 'warning' : 'clock'}
          size={18}
          label={refused ? texts.outbox.refused : texts.outbox.waiting}
        />
      </span>
      <div className={styles.words}>
        <p className={styles.what}>{what}</p>
        {text !== undefined && <p className={styles.text}>{text}</p>}
        {refused && entry.error && <p className={styles.reason}>{errorSentence(texts, entry.error)}</p>}
        <p className={styles.reason} role="alert">
          {problem}
        </p>
        <div className={styles.actions}>
          {refused && (
            <Button
              small
              icon="retry"
              aria-label={texts.outbox.retryLabel(text ?? what)}
              onClick={() => {
                commands.retry(entry.id).catch(failed)
              }}
            >
              {texts.retry}
            </Button>
          )}
          <Button small look="danger" aria-label={texts.outbox.discardLabel(text ?? what)} onClick={discard}>
            {texts.discard}
          </Button>
        </div>
      </div>
    </div>
  )
}
