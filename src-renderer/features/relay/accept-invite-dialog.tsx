// For somebody who has an account and was sent an invite: its rooms. Needs the relay.
import { useState } from 'react'
import { goToRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import styles from './relay.module.css'

export function AcceptInviteDialog({ code }: { code: string }) {
  const texts = useTexts()
  const { invites } = useServices()
  const joining = useAsking()
  const [nothingNew, setNothingNew] = useState(false)
  const close = () => goToRoom(null)
  return (
    <Dialog
      title={texts.joining.title}
      closeLabel={texts.close}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{nothingNew ? texts.close : texts.cancel}</Button>
          {!nothingNew && (
            <Button
              look="primary"
              aria-disabled={joining.busy}
              onClick={() =>
                joining.ask(
                  async () => invites.accept(code),
                  ([first]) => {
                    if (first) goToRoom(first.id)
                    else setNothingNew(true)
                  }
                )
              }
            >
              {joining.busy ? texts.joining.joining : texts.joining.join}
            </Button>
          )}
        </>
      }
    >
      <p>{nothingNew ? texts.joining.nothingNew : texts.joining.text}</p>
      <div role="alert">
        {joining.error !== undefined && <p className={styles.problem}>{errorSentence(texts, joining.error)}</p>}
      </div>
    </Dialog>
  )
}
