// Asks before the session ends here, and says what becomes of what is on the device and of what was not sent.
import { useId, useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './dialogs.module.css'

export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const services = useServices()
  const { store } = services
  const outbox = useObservable(() => store.queries.watchOutbox(), [store])
  const rooms = useObservable(() => store.queries.watchRooms(), [store])
  /** Words are kept until somebody says otherwise: where any wait, deleting is not the default. */
  const [wipe, setWipe] = useState<boolean>()
  const wipeId = useId()
  const [problem, setProblem] = useState<string>()
  const unsent = outbox?.filter(({ state, operation }) => state !== 'accepted' && operation.type !== 'read.mark').length
  const drafts = rooms?.filter(({ draft }) => draft !== '').length
  const wiping = wipe ?? (unsent === 0 && drafts === 0)
  return (
    <Dialog
      title={texts.rooms.signOutTitle}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button
            look="primary"
            disabled={unsent === undefined || drafts === undefined}
            onClick={() => {
              services.signOut({ wipe: wiping }).catch((error: unknown) => setProblem(errorSentence(texts, error)))
            }}
          >
            {wiping ? texts.rooms.signOutAndDelete : texts.rooms.signOut}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <div className={styles.choice}>
          <Checkbox id={wipeId} label={texts.rooms.signOutWipe} checked={wiping} onChecked={setWipe} />
          <label htmlFor={wipeId}>{texts.rooms.signOutWipe}</label>
        </div>
        <p className={wiping && unsent ? styles.problem : undefined}>
          {wiping ? texts.rooms.signOutLoses(unsent ?? 0) : texts.rooms.signOutText(unsent ?? 0)}
        </p>
        {drafts !== undefined && drafts > 0 && (
          <p className={wiping ? styles.problem : undefined}>{texts.rooms.signOutDrafts(drafts, wiping)}</p>
        )}
        <div role="alert">{problem !== undefined && <p className={styles.problem}>{problem}</p>}</div>
      </div>
    </Dialog>
  )
}
