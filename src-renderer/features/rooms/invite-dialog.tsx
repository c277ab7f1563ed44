// Making an invite code, for the relay's owner. Needs the relay.
import { useState } from 'react'
import { copyText } from '../../platform/copy-text.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './dialogs.module.css'

type State =
  | { name: 'idle' }
  | { name: 'making' }
  | { name: 'failed'; sentence: string }
  | { name: 'made'; code: string; expiresAt: string }

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const services = useServices()
  const [state, setState] = useState<State>({ name: 'idle' })
  const [copied, setCopied] = useState<boolean>()

  const make = () => {
    if (state.name === 'making') return
    setState({ name: 'making' })
    services.createInvite().then(
      ({ code, expiresAt }) => setState({ name: 'made', code, expiresAt }),
      (error: unknown) => setState({ name: 'failed', sentence: errorSentence(texts, error) })
    )
  }

  return (
    <Dialog title={texts.invite.title} closeLabel={texts.close} onClose={onClose}>
      <div className={styles.form}>
        <p>{texts.invite.text}</p>
        {state.name === 'made' ? (
          <>
            <TextField
              label={texts.invite.code}
              hint={texts.invite.expires(texts.dates.day(state.expiresAt))}
              value={state.code}
              readOnly
              onValue={() => undefined}
              onFocus={(event) => event.target.select()}
              trailing={
                <Button
                  small
                  look="quiet"
                  icon="copy"
                  onClick={() => {
                    void copyText(state.code).then(setCopied)
                  }}
                >
                  {texts.invite.copy}
                </Button>
              }
            />
            <output className={styles.quiet}>
              {copied === undefined ? '' : copied ? texts.invite.copied : texts.invite.copyByHand}
            </output>
          </>
        ) : (
          <>
            <div role="alert">{state.name === 'failed' && <p className={styles.problem}>{state.sentence}</p>}</div>
            <Button look="primary" wide aria-disabled={state.name === 'making'} onClick={make}>
              {state.name === 'making' ? texts.invite.making : texts.invite.make}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  )
}
