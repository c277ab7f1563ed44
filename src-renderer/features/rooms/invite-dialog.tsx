// Making an invite code, for the relay's owner. Needs the relay.
import { useState } from 'react'
import { copyText } from '../../platform/copy-text.ts'
import { inviteLink } from '../../platform/invite-link.ts'
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
    services.invites.make({ uses: 20, expiresInHours: 7 * 24, roomIds: [] }).then(
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
              trailing={<CopyButton text={state.code} onCopied={setCopied} />}
            />
            {isForOthers(services.relayUrl) && (
              <TextField
                label={texts.invite.link}
                hint={texts.invite.linkHint}
                value={inviteLink(services.relayUrl, state.code)}
                readOnly
                onValue={() => undefined}
                onFocus={(event) => event.target.select()}
                trailing={<CopyButton text={inviteLink(services.relayUrl, state.code)} onCopied={setCopied} />}
              />
            )}
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

/** Tells whether it worked: where the browser withholds the clipboard it does not. */
function CopyButton({ text, onCopied }: { text: string; onCopied: (copied: boolean) => void }) {
  const { invite } = useTexts()
  return (
    <Button
      small
      look="quiet"
      icon="copy"
      onClick={() => {
        void copyText(text).then(onCopied)
      }}
    >
      {invite.copy}
    </Button>
  )
}

/** An address that means this computer leads nobody else here. */
function isForOthers(relayUrl: string): boolean {
  return !/^(localhost|127\.|\[::1\])/.test(new URL(relayUrl).host)
}
