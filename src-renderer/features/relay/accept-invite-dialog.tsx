// For somebody who has an account and was sent an invite: its rooms. Needs the relay.
import { useState } from 'react'
import { CertificateDialog } from '../../hosting/certificate-dialog.tsx'
import { desktopBridge } from '../../platform/bridge.ts'
import { goToRoom } from '../../platform/hash-route.ts'
import { inviteAppLink } from '../../platform/invite-link.ts'
import { trustOnly } from '../../platform/pinning.ts'
import { useServices } from '../../services-context.tsx'
import { codeOf, errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useHostingTexts } from '../../texts/use-hosting-texts.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import styles from './relay.module.css'

interface AcceptInviteDialogProps {
  code: string
  /** Of the certificate of this relay, where the invite names it: pinned before the relay is asked. */
  fingerprint?: string | undefined
  onClose: () => void
}

export function AcceptInviteDialog({ code, fingerprint, onClose }: AcceptInviteDialogProps) {
  const texts = useTexts()
  const { certificates } = useHostingTexts()
  const services = useServices()
  const { invites, relayUrl } = services
  const joining = useAsking()
  const [nothingNew, setNothingNew] = useState(false)
  const [pinned, setPinned] = useState<string | null>(null)
  const [deciding, setDeciding] = useState(false)
  const shell = desktopBridge()
  const changed = codeOf(joining.error) === 'certificate-changed' && shell?.unpin !== undefined
  const accept = async () => {
    if (fingerprint !== undefined) {
      setPinned((await shell?.pinned?.(relayUrl)) ?? null)
      await trustOnly(shell, relayUrl, fingerprint)
      services.connectNow()
    }
    return invites.accept(code)
  }
  return (
    <Dialog
      title={texts.joining.title}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{nothingNew ? texts.close : texts.cancel}</Button>
          {!nothingNew && (
            <Button
              look="primary"
              aria-disabled={joining.busy}
              onClick={() =>
                joining.ask(accept, ([first]) => {
                  if (first) goToRoom(first.id)
                  else setNothingNew(true)
                })
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
      {changed && (
        <Button look="quiet" small onClick={() => setDeciding(true)}>
          {certificates.isNew}
        </Button>
      )}
      {deciding && (
        <CertificateDialog
          relayUrl={relayUrl}
          pinned={pinned}
          offered={fingerprint ?? null}
          forget={async () => shell?.unpin?.(relayUrl, inviteAppLink(relayUrl, code, fingerprint))}
          onClose={() => setDeciding(false)}
        />
      )}
    </Dialog>
  )
}
