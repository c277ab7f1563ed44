// When a relay shows another certificate than the one that is pinned: what that may mean, and the one way past it, which nobody goes by accident.
import { useState } from 'react'
import { useTexts } from '../texts/texts-context.tsx'
import { useHostingTexts } from '../texts/use-hosting-texts.ts'
import { Button } from '../ui/button.tsx'
import { CheckLine } from '../ui/check-line.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Fingerprint } from '../ui/fingerprint.tsx'
import { useAsking } from '../ui/use-asking.ts'
import styles from './certificate-dialog.module.css'

interface CertificateDialogProps {
  relayUrl: string
  /** What is pinned; null: it could not be found out. */
  pinned: string | null
  /** What the invite names, if it names one. */
  offered: string | null
  /** Forgets what is pinned. The app starts anew after it. */
  forget: () => Promise<void>
  onClose: () => void
}

export function CertificateDialog({ relayUrl, pinned, offered, forget, onClose }: CertificateDialogProps) {
  const texts = useTexts()
  const { certificates: words } = useHostingTexts()
  const [asked, setAsked] = useState(false)
  const forgetting = useAsking()
  return (
    <Dialog
      title={words.title}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button
            look="danger"
            disabled={!asked}
            aria-disabled={forgetting.busy}
            onClick={() => forgetting.ask(async () => forget())}
          >
            {words.forget}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <p>{words.text(new URL(relayUrl).host)}</p>
        <dl className={styles.prints}>
          <dt>{words.before}</dt>
          <dd>{pinned === null ? '–' : <Fingerprint value={pinned} />}</dd>
          <dt>{words.now}</dt>
          <dd>{offered === null ? words.notTold : <Fingerprint value={offered} />}</dd>
        </dl>
        <CheckLine label={words.asked} checked={asked} onChecked={setAsked} />
        <p className={styles.quiet}>{words.restarts}</p>
        <div role="alert">{forgetting.error !== undefined && <p className={styles.problem}>{words.failed}</p>}</div>
      </div>
    </Dialog>
  )
}
