// One's own account on the relay: devices, password, and its end. Needs the relay.
import { useState } from 'react'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './account.module.css'
import { DeleteAccount } from './delete-account.tsx'
import { Devices } from './devices.tsx'
import { PasswordForm } from './password-form.tsx'

export function AccountDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const { account } = texts
  const [deleting, setDeleting] = useState(false)
  if (deleting) return <DeleteAccount onClose={() => setDeleting(false)} />
  return (
    <Dialog title={account.title} closeLabel={texts.close} onClose={onClose}>
      <div className={styles.sections}>
        <p className={styles.quiet}>{account.needsRelay}</p>
        <Devices />
        <PasswordForm />
        <section className={styles.section}>
          <h3 className={styles.heading}>{account.delete}</h3>
          <Button look="danger" onClick={() => setDeleting(true)}>
            {account.delete}
          </Button>
        </section>
      </div>
    </Dialog>
  )
}
