// Asks before the session ends here, and says what becomes of what was not sent.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './dialogs.module.css'

export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const services = useServices()
  const { store } = services
  const outbox = useObservable(() => store.queries.watchOutbox(), [store])
  const [problem, setProblem] = useState<string>()
  const waiting = outbox?.filter(({ state }) => state === 'waiting' || state === 'sent').length ?? 0
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
            onClick={() => {
              services.signOut().catch((error: unknown) => setProblem(errorSentence(texts, error)))
            }}
          >
            {texts.rooms.signOut}
          </Button>
        </>
      }
    >
      <p>{texts.rooms.signOutText(waiting)}</p>
      <div role="alert">{problem !== undefined && <p className={styles.problem}>{problem}</p>}</div>
    </Dialog>
  )
}
